"""A standard gets a new edition: every customer's clause follows by itself or is decided, and nothing is lost."""

import random
from datetime import timedelta
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.customers import people
from yinuo.kit import refusals
from yinuo.org.actions import signing
from yinuo.records import models as records
from yinuo.sources import jobs, models
from yinuo.sources.actions import baselines, correcting, documents, standards
from yinuo.sources.queries import baselines as queries
from yinuo.sources.queries import standards as standard_queries
from yinuo.sources.rules import standards as rules
from yinuo.sources.rules.comparing import Kind

pytestmark = pytest.mark.django_db
WHY = {"": "unreadable"}

# A made-up next edition: 1 same, 2 renumbered, 3 split, 4 and 5 merged, 6 gone, 7 reworded, 9 new.
OLD = {"1": "总则", "2": "记录", "3": "控制计划", "4": "返工", "5": "返修", "6": "通知", "7": "培训"}
NEW = {"1": "总则", "2.1": "记录", "3.1": "控制计划：量产", "3.2": "控制计划：试生产", "4": "返工和返修",
       "7": "能力", "9": "软件更新"}  # fmt: skip
WALK = [
    {"old": "2", "new": "2.1", "kind": "renumbered"}, {"old": "3", "new": "3.1, 3.2"}, {"old": "4, 5", "new": "4"},
    {"old": "6", "kind": "gone"},
]  # fmt: skip
BECAME = {"1": "follows", "2": "follows", "3": "waits", "4": "waits", "5": "waits", "6": "waits", "7": "waits"}


@pytest.fixture
def by(company: cast.Company) -> dict[str, Any]:
    return {"by": people.fresh(company.zhou), "now": cast.NOW}


def load(
    clauses: dict[str, str], label: str, by: dict[str, Any], walk: list[dict[str, str]] | None = None
) -> models.Edition:
    said = {"number": "QS 1", "edition": label, "title": {"zh": "某标准"},
            "clauses": [{"number": number, "zh": title} for number, title in clauses.items()]}  # fmt: skip
    if walk:
        said["crosswalk"] = {"from": "2016", "rows": walk}
    content = yaml.safe_dump(said, allow_unicode=True).encode()
    row = standards.receive(content=content, name="list.yaml", said={}, why=WHY, **by)
    return standards.confirm(loading=row, expected=row.version, **by)


@pytest.fixture
def old(by: dict[str, Any]) -> models.Edition:
    return load(OLD, "2016", by)


@pytest.fixture
def said(company: cast.Company, by: dict[str, Any]) -> models.Edition:
    """A customer's document with a clause for each clause of the standard."""
    row = documents.add(title="质量手册", kind="manual", customer=people.volkswagen(company)["svw"], **by)
    text = "\n".join(f"{number} 顾客对{title}的要求\n顾客的话。" for number, title in OLD.items())
    made = documents.add_edition(
        document=row, files=[SimpleUploadedFile("a.txt", text.encode())], label="1", received_on=cast.NOW.date(), **by
    )
    jobs.read(made.pk)
    made.refresh_from_db()
    correcting.accept(edition=made, expected=made.draft.version, **by)
    return made


def mapped(said: models.Edition, old: models.Edition) -> dict[str, models.Mapping]:
    """Each clause of the customer belongs to the clause of the standard with its number."""
    models.Mapping.objects.all().delete()
    made = {}
    for text in old.texts.all():
        mine = said.texts.get(number=text.number)
        made[text.number] = models.Mapping.objects.create(
            clause=mine.clause, target=text.clause, target_text=text, state="accepted", because=["x"], score=0.5
        )
    return made


@pytest.fixture
def rows(said: models.Edition, old: models.Edition) -> dict[str, models.Mapping]:
    return mapped(said, old)


@pytest.fixture
def baseline(rows: dict[str, models.Mapping], by: dict[str, Any]) -> models.Baseline:
    return models.Baseline.objects.get(after=load(NEW, "2027 draft", by, WALK))


def text(edition: models.Edition, number: str) -> int:
    return edition.texts.get(number=number).pk


def proof(by: dict[str, Any]) -> signing.Proof:
    return signing.Proof(person_id=by["by"].pk, way="password", at=by["now"])


def acts(baseline: models.Baseline) -> dict[str, str]:
    found = queries.mappings(baseline).select_related("target_text")
    return {each.target_text.number: each.act for each in found}  # type: ignore[attr-defined]


def decide(baseline: models.Baseline, by: dict[str, Any], mapping: models.Mapping, act: str, **more: Any) -> int:
    row = baseline.rows.filter(mapping=mapping).first()
    seen = {mapping.pk: row.version if row else 0}
    return baselines.decide(baseline=baseline, seen=seen, act=act, **more, **by)


def decide_all(baseline: models.Baseline, rows: dict[str, models.Mapping], by: dict[str, Any]) -> None:
    new = baseline.after
    decide(baseline, by, rows["3"], "chosen", targets=[text(new, "3.1"), text(new, "3.2")])
    decide(baseline, by, rows["4"], "chosen", targets=[text(new, "4")])
    decide(baseline, by, rows["5"], "chosen", targets=[text(new, "4")])
    decide(baseline, by, rows["6"], "dropped", reason="标准不再要求")
    decide(baseline, by, rows["7"], "kept", reason="只是措辞")


def test_a_new_edition_waits_until_it_is_signed(baseline: models.Baseline, rows: dict[str, models.Mapping]) -> None:
    document = baseline.after.document
    assert (document.current, baseline.after.standing) == (baseline.before, "draft")
    assert acts(baseline) == BECAME
    progress = queries.progress(baseline)
    assert (progress.all, progress.waits, progress.done, progress.percent) == (7, 5, 2, 28)
    kinds = {each.new or each.old: each.kind for each in models.Lineage.objects.filter(edition=baseline.after)}
    assert len(kinds) == len(OLD) - 1 + 2  # every old clause and every new one; 4 and 5 have one new text
    again = models.Clause.objects.filter(texts__edition=baseline.before).filter(texts__edition=baseline.after)
    assert {each.texts.get(edition=baseline.before).number for each in again} == {"1", "2", "7"}


def test_both_views_of_every_row(baseline: models.Baseline, by: dict[str, Any]) -> None:
    groups, after = queries.groups(baseline, by["by"])
    assert after is None
    shown = {group.old.number: ([each.number for each in group.new], group.kind, len(group.rows)) for group in groups}
    assert shown == {
        "1": (["1"], "same", 1), "2": (["2.1"], "renumbered", 1), "3": (["3.1", "3.2"], "split", 1),
        "4": (["4"], "merged", 1), "5": (["4"], "merged", 1), "6": ([], "gone", 1), "7": (["7"], "reworded", 1),
    }  # fmt: skip
    assert [each.number for each in groups[1].rows[0].targets] == ["2.1"]
    waiting, _after = queries.groups(baseline, by["by"], acts=["waits"], most=2)
    assert ([group.old.number for group in waiting], _after) == (["3", "4"], waiting[-1].old.place)
    rest, _none = queries.groups(baseline, by["by"], acts=["waits"], after=waiting[-1].old.place)
    assert [group.old.number for group in rest] == ["5", "6", "7"]


def test_it_is_not_signed_while_a_row_waits(
    baseline: models.Baseline, rows: dict[str, models.Mapping], by: dict[str, Any]
) -> None:
    decide(baseline, by, rows["6"], "dropped", reason="不再要求")
    with pytest.raises(baselines.CannotSign, match="4 行"):
        baselines.sign(baseline=baseline, proof=proof(by), expected=baseline.version, **by)
    baseline.after.refresh_from_db()
    assert baseline.after.standing == "draft"


def test_signed_the_new_numbers_hold_and_the_old_ones_stay_on_record(
    baseline: models.Baseline, rows: dict[str, models.Mapping], by: dict[str, Any]
) -> None:
    decide_all(baseline, rows, by)
    baselines.sign(baseline=baseline, proof=proof(by), expected=baseline.version, **by)
    baseline.refresh_from_db()
    document = models.Document.objects.get(number="QS 1")
    assert document.current == baseline.after
    assert {each.label: each.standing for each in document.editions.all()} == {
        "2016": "superseded", "2027 draft": "in_force",
    }  # fmt: skip
    now = {}
    for number, row in rows.items():
        held = models.Mapping.objects.filter(clause=row.clause).exclude(state="rejected").order_by("target_text__place")
        now[number] = [(each.target_text.edition.label, each.target_text.number) for each in held]
    new = "2027 draft"
    assert now == {
        "1": [(new, "1")], "2": [(new, "2.1")], "3": [(new, "3.1"), (new, "3.2")], "4": [(new, "4")],
        "5": [(new, "4")], "6": [], "7": [("2016", "7")],
    }  # fmt: skip
    kept = {row.old.number: (row.act, [each.number for each in row.targets.all()]) for row in baseline.rows.all()}
    assert kept == {
        "1": ("follows", ["1"]), "2": ("follows", ["2.1"]), "3": ("chosen", ["3.1", "3.2"]), "4": ("chosen", ["4"]),
        "5": ("chosen", ["4"]), "6": ("dropped", []), "7": ("kept", []),
    }  # fmt: skip
    assert (baseline.signed_by, baseline.signed_way, len(baseline.digest)) == (by["by"], "password", 64)
    told = records.Entry.objects.get(word="sources.baseline.signed")
    assert (told.note["rows"], told.note["rebased_chosen"]) == (7, 3)
    groups, _after = queries.groups(baseline, by["by"])
    assert len(groups) == 7, "what was signed can still be read"
    with pytest.raises(baselines.CannotDecide, match="已签署"):
        decide(baseline, by, rows["6"], "dropped", reason="x")
    counts, _proposed = standard_queries.counts_of(baseline.after, by["by"])
    assert sum(sum(each.values()) for each in counts.values()) == 7


def test_two_clauses_that_are_one_now_are_asked_once(
    said: models.Edition, old: models.Edition, by: dict[str, Any]
) -> None:
    rows = mapped(said, old)
    both = models.Mapping.objects.create(
        clause=rows["4"].clause, target=rows["5"].target, target_text=rows["5"].target_text, state="accepted"
    )
    baseline = models.Baseline.objects.get(after=load(NEW, "2027 draft", by, WALK))
    decide_all(baseline, rows, by)
    decide(baseline, by, both, "chosen", targets=[text(baseline.after, "4")])
    baselines.sign(baseline=baseline, proof=proof(by), expected=baseline.version, **by)
    held = models.Mapping.objects.filter(clause=rows["4"].clause, state="accepted")
    assert [each.target_text.number for each in held] == ["4"]


def test_what_was_only_proposed_stays_a_proposal(said: models.Edition, old: models.Edition, by: dict[str, Any]) -> None:
    rows = mapped(said, old)
    models.Mapping.objects.update(state="proposed")
    baseline = models.Baseline.objects.get(after=load(NEW, "2027 draft", by, WALK))
    assert queries.progress(baseline).all == 0, "nobody is asked about what nobody has accepted"
    baselines.sign(baseline=baseline, proof=proof(by), expected=baseline.version, **by)
    held = {
        number: sorted(
            each.target_text.number for each in models.Mapping.objects.filter(clause=row.clause, state="proposed")
        )
        for number, row in rows.items()
    }
    assert held == {"1": ["1"], "2": ["2.1"], "3": ["3.1", "3.2"], "4": ["4"], "5": ["4"], "6": [], "7": ["7"]}


def test_a_decision_is_taken_back(
    baseline: models.Baseline, rows: dict[str, models.Mapping], by: dict[str, Any]
) -> None:
    decide(baseline, by, rows["6"], "dropped", reason="不再要求")
    version = baseline.rows.get(mapping=rows["6"]).version
    baselines.undo_decided(baseline=baseline.pk, rows_seen=[[rows["6"].pk, version]], **by)
    assert acts(baseline)["6"] == "waits"
    decide(baseline, by, rows["2"], "dropped", reason="不适用")  # what follows by itself can be decided too
    assert acts(baseline)["2"] == "dropped"
    baselines.take_back(baseline=baseline, seen={rows["2"].pk: 1}, **by)
    assert acts(baseline)["2"] == "follows"
    assert records.Entry.objects.filter(word="sources.mapping.rebasing_undone").count() == 2


@pytest.mark.parametrize(
    ("act", "more", "says"),
    [
        ("kept", {}, "理由"),
        ("dropped", {"reason": "  "}, "理由"),
        ("chosen", {}, "至少选择一个"),
        ("chosen", {"targets": [0]}, "至少选择一个"),
        ("follows", {}, "如何处理"),
        ("whatever", {}, "如何处理"),
    ],
)
def test_what_cannot_be_decided(
    act: str, more: dict[str, Any], says: str, baseline: models.Baseline, rows: dict[str, models.Mapping],
    by: dict[str, Any],
) -> None:  # fmt: skip
    with pytest.raises(baselines.CannotDecide, match=says):
        decide(baseline, by, rows["3"], act, **more)


def test_a_clause_of_the_edition_before_is_no_target(
    baseline: models.Baseline, rows: dict[str, models.Mapping], by: dict[str, Any]
) -> None:
    with pytest.raises(baselines.CannotDecide, match="至少选择一个"):
        decide(baseline, by, rows["3"], "chosen", targets=[text(baseline.before, "3")])


def test_who_was_faster_and_who_may(
    baseline: models.Baseline, rows: dict[str, models.Mapping], by: dict[str, Any], company: cast.Company
) -> None:
    decide(baseline, by, rows["6"], "dropped", reason="不再要求")
    with pytest.raises(refusals.Stale):
        baselines.decide(baseline=baseline, seen={rows["6"].pk: 0}, act="dropped", reason="x", **by)
    for who in ("auditor", "admin", "outsider"):
        other = {"by": people.fresh(company.people[who]), "now": cast.NOW}
        with pytest.raises(refusals.Refusal):
            decide(baseline, other, rows["3"], "dropped", reason="x")
    lina = {"by": people.fresh(company.lina), "now": cast.NOW}
    decide(baseline, lina, rows["3"], "dropped", reason="不适用")
    with pytest.raises(refusals.NotAllowed):
        baselines.sign(baseline=baseline, proof=proof(lina), expected=baseline.version, **lina)
    old_proof = signing.Proof(by["by"].pk, "password", by["now"] - timedelta(hours=1))
    for given in (None, proof(lina), old_proof):
        with pytest.raises(refusals.Refusal, match="签署"):
            baselines.sign(baseline=baseline, proof=given, expected=baseline.version, **by)


def test_one_new_edition_after_the_other(baseline: models.Baseline, by: dict[str, Any]) -> None:
    with pytest.raises(standards.CannotLoad, match="先完成其签署"):
        load(NEW | {"10": "又一条"}, "2028", by, None)


def test_new_clauses_with_what_customers_say_of_them(baseline: models.Baseline, by: dict[str, Any]) -> None:
    found = {each.text.number: each.candidates for each in queries.fresh(baseline, by["by"])}
    assert found == {"9": ()}
    row = documents.add(title="软件协议", kind="quality", customer=baseline_customer(), **by)
    made = documents.add_edition(
        document=row, files=[SimpleUploadedFile("b.txt", "1 远程软件更新应经顾客批准\n未经批准不得更新。".encode())],
        label="1", received_on=cast.NOW.date(), **by,
    )  # fmt: skip
    jobs.read(made.pk)
    made.refresh_from_db()
    correcting.accept(edition=made, expected=made.draft.version, **by)
    models.Mapping.objects.filter(clause__document=row).delete()
    (fresh,) = queries.fresh(baseline, by["by"])
    assert [each.edition for each in fresh.candidates] == [made]


def baseline_customer() -> Any:
    customer = models.Document.objects.exclude(customer=None).first()
    assert customer is not None
    return customer.customer


@pytest.mark.parametrize("seed", range(12))
def test_nothing_is_lost_whatever_the_crosswalk(
    seed: int, said: models.Edition, old: models.Edition, by: dict[str, Any]
) -> None:
    """Every mapping is in both views, follows or waits; when all is decided, each is where it was put."""
    dice = random.Random(seed)
    rows = mapped(said, old)
    new = {f"{dice.choice('ABC')}{at}": dice.choice([*OLD.values(), "别的"]) for at in range(9)}
    new |= {number: dice.choice([OLD[number], "改过的"]) for number in dice.sample(sorted(OLD), 3)}
    walk = [
        {"old": ", ".join(dice.sample(sorted(OLD), dice.randint(1, 2))), "new": ", ".join(dice.sample(sorted(new), k))}
        for k in (dice.randint(0, 2) for _ in range(5))
    ]
    baseline = models.Baseline.objects.get(after=load(new, f"seed {seed}", by, walk))
    groups, after = queries.groups(baseline, by["by"])
    shown = [row for group in groups for row in group.rows]
    assert (sorted(row.mapping.pk for row in shown), after) == (sorted(each.pk for each in rows.values()), None)
    for group in groups:
        follows = Kind(group.kind) in rules.FOLLOWING
        assert all((row.act == "follows") == follows and (row.act == "waits") != follows for row in group.rows)
        assert not follows or len(group.new) == 1
    texts = list(baseline.after.texts.all())
    put: dict[int, set[int]] = {}
    for row in shown:
        if row.act == "waits":
            targets = [each.pk for each in dice.sample(texts, dice.randint(1, 2))]
            decide(baseline, by, row.mapping, "chosen", targets=targets)
            put[row.mapping.clause_id] = set(targets)
        else:
            put[row.mapping.clause_id] = {each.pk for each in row.targets}
    baselines.sign(baseline=baseline, proof=proof(by), expected=baseline.version, **by)
    held = models.Mapping.objects.filter(state="accepted")
    assert {key: {each.target_text_id for each in held if each.clause_id == key} for key in put} == put
    assert baseline.rows.count() == len(rows)
    assert all(each.target_id == each.target_text.clause_id for each in held.select_related("target_text"))


def test_many_rows_cost_as_many_queries_as_few(
    rows: dict[str, models.Mapping], old: models.Edition, said: models.Edition, by: dict[str, Any]
) -> None:
    """The page and the signature: what follows by itself is brought over clause by clause, not row by row."""
    models.Mapping.objects.exclude(pk__in=[rows["1"].pk, rows["2"].pk]).delete()
    baseline = models.Baseline.objects.get(after=load(NEW, "2027 draft", by, WALK))
    queries.groups(baseline, by["by"])  # what is read once is read
    with CaptureQueriesContext(connection) as few:
        queries.groups(baseline, by["by"])
    target = old.texts.get(number="2")
    for _each in range(40):
        clause = models.Clause.objects.create(document=said.document, since=said)
        models.Mapping.objects.create(clause=clause, target=target.clause, target_text=target, state="accepted")
    with CaptureQueriesContext(connection) as many:
        groups, _after = queries.groups(baseline, by["by"])
    assert len(groups[1].rows) == 41
    assert len(many) == len(few)
    with CaptureQueriesContext(connection) as signing_:
        baselines.sign(baseline=baseline, proof=proof(by), expected=baseline.version, **by)
    assert models.Mapping.objects.filter(target_text__edition=baseline.after).count() == 42
    assert len(signing_) < 42


# Pages ----------------------------------------------------------------------------------------------------------------


def test_the_pages_of_a_re_baselining(
    baseline: models.Baseline, rows: dict[str, models.Mapping], company: cast.Company
) -> None:
    client = Client()
    client.force_login(company.zhou, backend="django.contrib.auth.backends.ModelBackend")
    url = baseline.get_absolute_url()
    assert client.get(f"/sources/standards/{baseline.after.document_id}/").status_code == 200
    for show in ("", "?show=waits", "?show=all", "?show=done", "?show=follows", "?show=new"):
        assert client.get(url + show).status_code == 200, show
    sent = {"rows": [f"{rows['4'].pk}.0", f"{rows['5'].pk}.0"], "act": "chosen", "targets": [text(baseline.after, "4")]}
    assert client.post(f"{url}decide/", sent).status_code == 302
    assert acts(baseline)["5"] == "chosen"
    assert client.post(f"{url}decide/", sent).status_code == 409
    refused = client.post(f"{url}sign/", {"secret": cast.PASSWORD, "version": baseline.version})
    assert refused.status_code == 422
    assert "3 " in refused.content.decode()
    for number in ("3", "6", "7"):
        client.post(f"{url}decide/", {"rows": f"{rows[number].pk}.0", "act": "dropped", "reason": "不适用"})
    assert client.post(f"{url}sign/", {"secret": "wrong", "version": baseline.version}).status_code == 422
