"""The trail: what an entry holds, how entries are sealed, and that every kind of tampering is named."""

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import TestCase
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import cast
from tests.records.conftest import CASE
from yinuo.kit import actors, plugs, refusals, rows
from yinuo.records import actions, jobs, models, queries, rules
from yinuo.records.engine import chain

LATER = cast.NOW + timedelta(hours=1)


def seal() -> None:
    """Seal, and let what waits for the commit happen, as outside a test's transaction."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        jobs.seal()


def entry(note: object = None, **more: object) -> models.Entry:
    values: dict[str, object] = {
        "by": actors.PROGRAM,
        "now": cast.NOW,
        "word": "cases.case.opened",
        "subject": CASE,
        "note": {"what": note},
        **more,
    }
    return actions.write(**values)  # type: ignore[arg-type]


def verified() -> chain.Walk:
    walk = chain.Walk()
    while queries.walk_on(walk, size=3) or queries.files_on(walk):
        pass
    queries.end_walk(walk, LATER)
    return walk


def found() -> set[str]:
    return {code for code, _number, _entry in verified().findings}


@pytest.fixture
def ten(db: None) -> list[models.Entry]:
    """Ten sealed entries."""
    written = [entry(number) for number in range(10)]
    seal()
    return written


# Writing -------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_secrets_are_told_of_never_told() -> None:
    made = entry(changes=[rows.Change("password", "old", "new"), rows.Change("title", "a", "b")])
    made.refresh_from_db()
    assert made.changes[0] == {"field": "password", "old": "•••", "new": "•••"}
    assert made.changes[1] == {"field": "title", "old": "a", "new": "b"}


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("pin", True),
        ("api_token", True),
        ("smtp-password", True),
        ("clientSecret", True),
        ("spinning", False),
        ("tokens_used", False),
    ],
)
def test_secrets_are_known_by_how_their_name_ends(name: str, secret: bool) -> None:
    assert rules.is_secret(name) is secret


@pytest.mark.django_db
def test_secrets_are_masked_at_any_depth() -> None:
    made = entry(
        {"server": [{"smtp_password": "hush", "port": 25}]}, changes=[rows.Change("login", None, {"pin": "1"})]
    )
    made.refresh_from_db()
    assert made.note == {"what": {"server": [{"smtp_password": "•••", "port": 25}]}}
    assert made.changes[0]["new"] == {"pin": "•••"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=json_values, reason=st.text(max_size=40))
def test_a_digest_fits_whatever_the_database_gives_back(db: None, value: object, reason: str) -> None:
    """PostgreSQL's jsonb writes numbers its own way; the digest must not care."""
    made = entry(value, reason=reason)
    stored = models.Entry.objects.get(pk=made.pk)
    assert rules.digest(stored.payload, key=queries.seal_key()) == stored.digest


def test_long_labels_are_cut(db: None) -> None:
    made = entry(subject=type(CASE)("cases.case", 7, "长" * 900, "/x"), by=actors.Outsider("名" * 900))
    made.refresh_from_db()
    assert len(made.subject_label) == 300
    assert len(made.actor_name) == 200


# Sealing -------------------------------------------------------------------------------------------------------------


def test_entries_are_sealed_in_order_and_verified(ten: list[models.Entry]) -> None:
    seals = list(models.Seal.objects.order_by("number"))
    assert [seal.entry_id for seal in seals] == [each.pk for each in ten]
    assert [seal.number for seal in seals] == list(range(1, 11))
    walk = verified()
    assert (walk.checked, walk.found, walk.waiting) == (10, 0, 0)


def test_sealing_again_changes_nothing(ten: list[models.Entry]) -> None:
    seal()
    seal()
    assert models.Seal.objects.count() == 10


def test_what_comes_later_is_chained_on(ten: list[models.Entry]) -> None:
    entry("eleven")
    assert verified().found == 0
    seal()
    assert verified().checked == 11


def test_an_id_that_appears_late_is_sealed_all_the_same(ten: list[models.Entry]) -> None:
    """On PostgreSQL a transaction may commit a smaller id after a larger one was sealed."""
    hidden = models.Entry.objects.get(pk=ten[4].pk)
    models.Seal.objects.all().delete()
    models.Head.objects.all().delete()
    models.Entry.objects.filter(pk=hidden.pk).delete()
    seal()
    hidden.save(force_insert=True)
    jobs.look_back()
    seal()
    last = queries.last_seal()
    assert last is not None
    assert last.entry_id == hidden.pk
    assert last.number == 10


def test_an_entry_slipped_in_beside_the_program_is_not_sealed_but_reported(
    ten: list[models.Entry], company: cast.Company
) -> None:
    heard: list[list[int]] = []
    plugs.events.plug("records.trail_suspect/test", lambda entry_ids, now: heard.append(entry_ids))
    try:
        forged = models.Entry.objects.get(pk=ten[0].pk)
        forged.pk, forged.actor_name = None, "somebody else"
        forged.save()
        good = entry("after")
        seal()
        seal()
    finally:
        del plugs.events._plugs["records.trail_suspect/test"]
    assert heard == [[forged.pk]]
    assert models.Seal.objects.filter(entry_id=good.pk).exists()
    assert not models.Seal.objects.filter(entry_id=forged.pk).exists()
    assert ("entry_inserted", 0, forged.pk) in verified().findings


# Tampering: each kind is named ---------------------------------------------------------------------------------------


def change_an_entry(ten: list[models.Entry]) -> None:
    models.Entry.objects.filter(pk=ten[3].pk).update(note={"what": "nothing"})


def change_who(ten: list[models.Entry]) -> None:
    models.Entry.objects.filter(pk=ten[3].pk).update(actor_name="nobody")


def change_when(ten: list[models.Entry]) -> None:
    models.Entry.objects.filter(pk=ten[3].pk).update(at=LATER)


def change_entry_and_digest(ten: list[models.Entry]) -> None:
    """With a digest that fits, as only the key's owner can make one: the seal still says what it was."""
    row = models.Entry.objects.get(pk=ten[3].pk)
    row.note = {"what": "nothing"}
    row.digest = rules.digest(row.payload, key=queries.seal_key())
    row.save()


def remove_an_entry(ten: list[models.Entry]) -> None:
    models.Entry.objects.filter(pk=ten[3].pk).delete()


def remove_the_first(ten: list[models.Entry]) -> None:
    models.Entry.objects.filter(pk=ten[0].pk).delete()
    models.Seal.objects.filter(number=1).delete()


def remove_entry_and_seal(ten: list[models.Entry]) -> None:
    models.Entry.objects.filter(pk=ten[3].pk).delete()
    models.Seal.objects.filter(entry_id=ten[3].pk).delete()


def remove_and_close_the_gap(ten: list[models.Entry]) -> None:
    models.Entry.objects.filter(pk=ten[3].pk).delete()
    models.Seal.objects.filter(number=4).delete()
    for number in range(5, 11):
        models.Seal.objects.filter(number=number).update(number=number - 1)


def remove_the_end(ten: list[models.Entry]) -> None:
    models.Entry.objects.filter(pk__gte=ten[7].pk).delete()
    models.Seal.objects.filter(number__gte=8).delete()


def remove_everything(ten: list[models.Entry]) -> None:
    models.Entry.objects.all().delete()
    models.Seal.objects.all().delete()


def change_a_seal(ten: list[models.Entry]) -> None:
    models.Seal.objects.filter(number=4).update(chain="f" * 64)


def swap_two_entries(ten: list[models.Entry]) -> None:
    first, second = models.Seal.objects.get(number=4), models.Seal.objects.get(number=5)
    models.Seal.objects.filter(number=4).update(entry_id=-1)
    models.Seal.objects.filter(number=5).update(entry_id=first.entry_id, digest=first.digest)
    models.Seal.objects.filter(number=4).update(entry_id=second.entry_id, digest=second.digest)


def chain_anew_with_the_key(ten: list[models.Entry]) -> None:
    """Even whoever has the key cannot rewrite what an anchor outside the database has seen."""
    models.Entry.objects.filter(pk=ten[9].pk).delete()
    models.Seal.objects.all().delete()
    models.Head.objects.all().delete()
    folder = queries.anchor_folder()
    kept = {path: path.read_text() for path in folder.iterdir()}
    entry("instead")
    seal()
    for path, text in kept.items():
        path.write_text(text)


def copy_an_entry(ten: list[models.Entry]) -> None:
    row = models.Entry.objects.get(pk=ten[3].pk)
    row.pk = None
    row.save()
    seal()


def empty_an_entry(ten: list[models.Entry]) -> None:
    models.Entry.objects.filter(pk=ten[3].pk).update(is_redacted=True, changes=[], note={}, reason="", subject_label="")


def show_it_to_others(ten: list[models.Entry]) -> None:
    models.Entry.objects.filter(pk=ten[3].pk).update(scope_id=77)


def change_where_it_leads(ten: list[models.Entry]) -> None:
    models.Entry.objects.filter(pk=ten[3].pk).update(subject_url="/elsewhere/")


def change_the_site(ten: list[models.Entry]) -> None:
    models.Entry.objects.filter(pk=ten[3].pk).update(site_id=77)


@pytest.mark.parametrize(
    ("tamper", "code"),
    [
        (show_it_to_others, "entry_moved"),
        (change_where_it_leads, "entry_changed"),
        (change_the_site, "entry_changed"),
        (change_an_entry, "entry_changed"),
        (change_who, "entry_changed"),
        (change_when, "entry_changed"),
        (change_entry_and_digest, "entry_changed"),
        (remove_an_entry, "entry_removed"),
        (remove_the_first, "seals_removed"),
        (remove_entry_and_seal, "seals_removed"),
        (remove_and_close_the_gap, "seal_changed"),
        (remove_the_end, "seals_removed"),
        (remove_everything, "seals_removed"),
        (change_a_seal, "seal_changed"),
        (swap_two_entries, "seal_changed"),
        (chain_anew_with_the_key, "anchor_differs"),
        (copy_an_entry, "entry_copied"),
        (empty_an_entry, "redaction_unproved"),
    ],
)
def test_tampering_is_named(tamper: Callable[[list[models.Entry]], None], code: str, ten: list[models.Entry]) -> None:
    assert found() == set()
    tamper(ten)
    assert code in found()


def test_the_finding_says_which_entry(ten: list[models.Entry]) -> None:
    change_an_entry(ten)
    assert verified().findings == [("entry_changed", 4, ten[3].pk)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_removal_goes_unnoticed(ten: list[models.Entry], data: st.DataObject) -> None:
    """Whatever set of entries and seals is removed, verifying finds something."""
    numbers = st.sets(st.integers(1, models.Seal.objects.count() or 1), min_size=1)
    seals, gone = data.draw(numbers), data.draw(numbers)
    rows_then = (list(models.Entry.objects.all()), list(models.Seal.objects.all()))
    ids = [each.pk for each in ten]
    models.Seal.objects.filter(number__in=seals).delete()
    models.Entry.objects.filter(pk__in=[ids[n - 1] for n in gone]).delete()
    noticed = found()
    models.Entry.objects.all().delete()
    models.Seal.objects.all().delete()
    models.Entry.objects.bulk_create(rows_then[0])
    models.Seal.objects.bulk_create(rows_then[1])
    assert noticed


# Into another scope --------------------------------------------------------------------------------------------------


def rescope(scope_id: int | None) -> None:
    plugs.events.get("kit.rescoped/records").function(type=CASE.type, id=CASE.id, scope_id=scope_id)


def test_what_follows_its_subject_into_a_scope_is_intact(ten: list[models.Entry]) -> None:
    rescope(5)
    rescope(6)
    entry("written there", subject=dataclasses.replace(CASE, scope_id=6))
    seal()
    assert set(models.Entry.objects.filter(subject_type=CASE.type).values_list("scope_id", flat=True)) == {6}
    assert found() == set()


@pytest.mark.parametrize("scope_id", [None, 5, 99])
def test_what_was_made_confidential_does_not_come_out_unnoticed(ten: list[models.Entry], scope_id: int | None) -> None:
    rescope(5)
    rescope(6)
    seal()
    models.Entry.objects.filter(pk=ten[3].pk).update(scope_id=scope_id)
    assert verified().findings == [("entry_moved", 4, ten[3].pk)]


# Redacting -----------------------------------------------------------------------------------------------------------


def test_a_redacted_entry_is_proved(ten: list[models.Entry], company: cast.Company) -> None:
    actions.redact(entry=ten[3], reason="个人信息", by=company.zhou, now=LATER)
    seal()
    row = models.Entry.objects.get(pk=ten[3].pk)
    assert (row.is_redacted, row.note, row.subject_label) == (True, {}, "")
    walk = verified()
    assert (walk.found, walk.redacted) == (0, 1)


def test_redacting_before_sealing(db: None, company: cast.Company) -> None:
    made = entry("personal")
    actions.redact(entry=made, reason="个人信息", by=company.zhou, now=LATER)
    seal()
    assert verified().findings == []


def test_a_redacted_entry_cannot_be_filled_anew(ten: list[models.Entry], company: cast.Company) -> None:
    actions.redact(entry=ten[3], reason="个人信息", by=company.zhou, now=LATER)
    seal()
    models.Entry.objects.filter(pk=ten[3].pk).update(note={"what": "invented"})
    assert "redaction_unproved" in found()


def test_redacting_wants_a_reason_and_happens_once(ten: list[models.Entry], company: cast.Company) -> None:
    with pytest.raises(actions.CannotRedact):
        actions.redact(entry=ten[3], reason=" ", by=company.zhou, now=LATER)
    actions.redact(entry=ten[3], reason="个人信息", by=company.zhou, now=LATER)
    with pytest.raises(actions.CannotRedact):
        actions.redact(entry=ten[3], reason="个人信息", by=company.zhou, now=LATER)


@pytest.mark.parametrize("name", ["lina", "auditor", "admin", "outsider"])
def test_redacting_needs_the_right(name: str, ten: list[models.Entry], company: cast.Company) -> None:
    with pytest.raises(refusals.NotAllowed):
        actions.redact(entry=ten[3], reason="个人信息", by=company.people[name], now=LATER)
    confidential = entry(subject=dataclasses.replace(CASE, scope_id=5))
    with pytest.raises(refusals.NotAllowed):
        actions.redact(entry=confidential, reason="个人信息", by=company.zhou, now=LATER)


def test_what_proves_something_is_not_redacted(ten: list[models.Entry], company: cast.Company) -> None:
    proof = actions.redact(entry=ten[3], reason="个人信息", by=company.zhou, now=LATER)
    with pytest.raises(actions.CannotRedact):
        actions.redact(entry=proof, reason="也遮蔽", by=company.zhou, now=LATER)


# Verifying by command and by job -------------------------------------------------------------------------------------


def test_the_command_says_all_is_well(ten: list[models.Entry], capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify")
    said = capsys.readouterr().out
    assert "10" in said
    assert "完整" in said


def test_the_command_names_what_is_wrong_and_fails(ten: list[models.Entry], capsys: pytest.CaptureFixture[str]) -> None:
    remove_an_entry(ten)
    with pytest.raises(CommandError) as failure:
        call_command("verify")
    assert failure.value.returncode == 1
    said = capsys.readouterr().out
    assert str(ten[3].pk) in said
    assert "被移除" in said
    assert "removed" in said


def test_the_job_walks_in_visits(
    ten: list[models.Entry], company: cast.Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "VISIT", 0.0)
    monkeypatch.setattr(queries, "SEGMENT", 3)
    monkeypatch.setattr(queries.walk_on, "__kwdefaults__", {"size": 3})
    row = actions.start_verification(by=company.auditor, now=cast.NOW)
    assert actions.start_verification(by=company.zhou, now=cast.NOW) == row
    seal()
    visits = 0
    while models.Verification.objects.get(pk=row.pk).finished_at is None:
        jobs.verify(verification=row.pk)
        visits += 1
        assert visits < 20
    row.refresh_from_db()
    assert visits == 5  # 11 entries in threes, and the end
    assert row.progress["checked"] == 11
    assert row.progress["found"] == 0


def test_an_anchor_is_never_ahead_of_the_seals(ten: list[models.Entry], data_folder: Path) -> None:
    (path,) = (data_folder / "seals").iterdir()
    number, value, _at = path.read_text().split()
    last = queries.last_seal()
    assert last is not None
    assert (int(number), value) == (last.number, last.chain)


def test_scope_follows_the_subject(ten: list[models.Entry]) -> None:
    plugs.events.get("kit.rescoped/records").function(type=CASE.type, id=CASE.id, scope_id=5)
    assert set(models.Entry.objects.filter(subject_type=CASE.type).values_list("scope_id", flat=True)) == {5}
    assert verified().found == 0


def test_a_backlog_is_sealed_in_batches_and_visits(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "BATCH", 4)
    written = [entry(number).pk for number in range(11)]
    seal()
    assert list(models.Seal.objects.order_by("number").values_list("entry_id", flat=True)) == written
    monkeypatch.setattr(jobs, "VISIT", 0.0)
    written += [entry(number).pk for number in range(6)]
    seal()
    assert models.Seal.objects.count() == 15  # one batch a visit
    seal()
    assert list(models.Seal.objects.order_by("number").values_list("entry_id", flat=True)) == written
    assert verified().found == 0
