"""How long files are kept, what holds them, and what stays of them when they are purged."""

import dataclasses
import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client, TestCase
from django.urls import reverse

from tests import cast
from tests.records.conftest import CASE
from tests.records.test_files import attach, picture
from tests.records.test_trail import seal, verified
from yinuo.kit import actors, plugs, refusals, subjects
from yinuo.records import actions, models, queries, rules

SignedIn = Callable[[str], Client]
MUCH_LATER = cast.NOW + timedelta(days=16 * 366)
PURGED = "records.file.purged"


def purge(attachment: models.Attachment, **more: object) -> None:
    values: dict[str, object] = {"by": actors.PROGRAM, "now": MUCH_LATER, **more}
    with TestCase.captureOnCommitCallbacks(execute=True):
        actions.purge(attachment=attachment, **values)  # type: ignore[arg-type]


def aged(attachment: models.Attachment) -> models.Attachment:
    """As if its bytes had been stored long ago, which the broom respects."""
    os.utime(attachment.blob.path, (0, 0))
    return attachment


@pytest.mark.parametrize(
    ("came", "years", "until"),
    [
        (date(2026, 3, 2), 15, date(2041, 3, 2)),
        (date(2024, 2, 29), 1, date(2025, 3, 1)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2026, 3, 2), None, None),
    ],
)
def test_until_when_a_file_is_kept(came: date, years: int | None, until: date | None) -> None:
    assert rules.keep_until(came, years) == until


def test_a_purged_file_leaves_a_tombstone(company: cast.Company, signed_in: SignedIn) -> None:
    row = aged(attach(company, b"gone one day", "图纸.pdf"))
    purge(row)
    assert not row.blob.path.exists()
    row.refresh_from_db()
    assert (row.purged_at, row.name, row.blob.size) == (MUCH_LATER, "图纸.pdf", 12)
    told = queries.entries(CASE).get(word=PURGED)
    assert told.note["sha256"] == row.blob.sha256
    page = signed_in("wang").get(reverse("records:files", args=[CASE.type, CASE.id])).content.decode()
    assert "图纸.pdf" in page
    assert "已清除" in page
    assert row.get_absolute_url() not in page
    assert signed_in("wang").get(row.get_absolute_url()).status_code == 404
    with pytest.raises(actions.CannotPurge):
        purge(row)
    seal()
    assert verified().found == 0  # what was purged by the program is not missing


def test_the_pictures_drawn_of_a_file_go_with_it(company: cast.Company, signed_in: SignedIn, data_folder: Path) -> None:
    row = aged(attach(company, picture(), "照片.jpg"))
    assert signed_in("lina").get(reverse("records:preview", args=[row.token])).status_code == 200
    purge(row)
    assert [path for path in (data_folder / "files").rglob("*") if path.is_file()] == []
    assert signed_in("lina").get(reverse("records:preview", args=[row.token])).status_code == 404


@pytest.mark.parametrize("days", [0, 365 * 14])
def test_nothing_is_purged_before_its_time(days: int, company: cast.Company) -> None:
    row = aged(attach(company, b"x"))
    with pytest.raises(actions.CannotPurge):
        purge(row, now=cast.NOW + timedelta(days=days))
    assert row.blob.path.exists()


def test_a_hold_keeps_everything_until_it_is_lifted(company: cast.Company) -> None:
    row = aged(attach(company, b"x"))
    hold = actions.place_hold(subject=CASE, reason="诉讼", by=company.zhou, now=cast.NOW)
    assert list(queries.past_retention(MUCH_LATER)) == []
    with pytest.raises(actions.CannotPurge):
        purge(row)
    with pytest.raises(refusals.Stale):
        actions.lift_hold(hold=hold, expected=7, reason="结案", by=company.zhou, now=cast.NOW)
    actions.lift_hold(hold=hold, expected=1, reason="结案", by=company.zhou, now=cast.NOW)
    assert list(queries.past_retention(MUCH_LATER)) == [row]
    purge(row)
    words = list(queries.entries(CASE).values_list("word", "reason"))
    assert words[:3] == [(PURGED, ""), ("records.hold.lifted", "结案"), ("records.hold.placed", "诉讼")]


def test_a_hold_on_a_whole_keeps_its_parts(company: cast.Company) -> None:
    part = dataclasses.replace(CASE, type="cases.part", id=70)
    row = aged(attach(company, b"x", subject=part))
    plugs.parts.plug("cases.whole", lambda subject_id: [("cases.part", subject_id * 10)])
    try:
        whole = dataclasses.replace(CASE, type="cases.whole")
        actions.place_hold(subject=whole, reason="召回", by=company.zhou, now=cast.NOW)
        assert [hold.reason for hold in queries.holds(part)] == ["召回"]
        assert list(queries.past_retention(MUCH_LATER)) == []
        with pytest.raises(actions.CannotPurge):
            purge(row)
    finally:
        del plugs.parts._plugs["cases.whole"]
    purge(row)


def test_bytes_that_another_file_needs_stay(company: cast.Company) -> None:
    old = aged(attach(company, b"shared"))
    with time_machine.travel(MUCH_LATER):
        young = actions.attach(subject=CASE, content=b"shared", name="b", by=company.lina, now=MUCH_LATER)
    purge(old)
    assert young.blob.path.exists()
    assert models.Blob.objects.get(pk=young.blob_id).purged_at is None


def test_what_was_purged_may_come_again(company: cast.Company) -> None:
    purge(aged(attach(company, b"again")))
    again = attach(company, b"again")
    assert again.blob.path.read_bytes() == b"again"
    assert models.Blob.objects.get().purged_at is None
    assert queries.known_blobs([again.blob.sha256]) == {again.blob.sha256}


def test_classes_decide_how_long(company: cast.Company, signed_in: SignedIn) -> None:
    working, lasting = attach(company, b"a", "草稿.txt"), attach(company, b"b", "合同.pdf")
    zhou = signed_in("zhou")
    for row, retention in ((working, "working"), (lasting, "lasting")):
        url = reverse("records:file_keep", args=[row.token])
        assert zhou.post(url, {"retention": "nonsense", "reason": "x"}).status_code == 200
        assert zhou.post(url, {"retention": retention, "reason": "按规定"})["Location"] == CASE.url
    in_four_years = cast.NOW + timedelta(days=4 * 366)
    assert list(queries.past_retention(in_four_years)) == [working]
    form = {"record_years": "", "working_years": "10", "version": queries.periods().version}
    assert zhou.post(reverse("records:periods"), form).status_code == 302
    assert list(queries.past_retention(in_four_years)) == []
    assert list(queries.past_retention(MUCH_LATER)) == [working]
    page = zhou.get(reverse("records:files", args=[CASE.type, CASE.id])).content.decode()
    assert "永久保留" in page
    assert "保留至" in page


def test_files_are_held_and_released_on_their_panel(company: cast.Company, signed_in: SignedIn) -> None:
    attach(company, b"a")
    zhou, panel = signed_in("zhou"), reverse("records:files", args=[CASE.type, CASE.id])
    url = reverse("records:hold_new", args=[CASE.type, CASE.id])
    assert url in zhou.get(panel).content.decode()
    assert url not in signed_in("lina").get(panel).content.decode()
    assert zhou.post(url, {"reason": "召回"})["Location"] == CASE.url
    assert "召回" in signed_in("lina").get(panel).content.decode()
    hold = models.Hold.objects.get()
    assert "召回" in zhou.get(reverse("records:periods")).content.decode()
    assert zhou.post(reverse("records:hold_lift", args=[hold.pk]), {"reason": "结束"}).status_code == 302
    assert "召回" not in zhou.get(panel).content.decode()


@pytest.mark.parametrize("name", ["lina", "admin", "auditor", "outsider"])
def test_keeping_needs_the_right(name: str, company: cast.Company, signed_in: SignedIn) -> None:
    row, person = attach(company, b"a"), company.people[name]
    for act in (
        lambda: actions.place_hold(subject=CASE, reason="x", by=person, now=cast.NOW),
        lambda: actions.classify(attachment=row, retention="working", reason="x", by=person, now=cast.NOW),
        lambda: actions.set_periods(record_years=1, working_years=1, expected=1, by=person, now=cast.NOW),
        lambda: purge(row, by=person),
    ):
        with pytest.raises(refusals.NotAllowed):
            act()
    assert signed_in(name).get(reverse("records:hold_new", args=[CASE.type, CASE.id])).status_code == 403


def test_what_is_confidential_is_kept_by_named_people_only(company: cast.Company, signed_in: SignedIn) -> None:
    secret: subjects.Ref = dataclasses.replace(CASE, scope_id=5)
    row = attach(company, b"a", subject=secret)
    zhou = signed_in("zhou")
    for name, args in (("file_keep", [row.token]), ("hold_new", [CASE.type, CASE.id])):
        assert zhou.post(reverse(f"records:{name}", args=args), {"reason": "x"}).status_code == 404


def test_the_command_purges_only_when_told(company: cast.Company, capsys: pytest.CaptureFixture[str]) -> None:
    row = aged(attach(company, b"old", "图纸.pdf"))
    attach(company, b"kept", "合同.pdf", subject=dataclasses.replace(CASE, id=8))
    models.Attachment.objects.filter(name="合同.pdf").update(retention="lasting")
    with time_machine.travel(MUCH_LATER, tick=False):
        call_command("purge")
        assert "图纸.pdf" in capsys.readouterr().out
        assert row.blob.path.exists()
        with TestCase.captureOnCommitCallbacks(execute=True):
            call_command("purge", really=True)
        assert "合同" not in capsys.readouterr().out
    assert not row.blob.path.exists()


# Stored files are read again when the trail is verified ---------------------------------------------------------------


def test_a_stored_file_that_was_changed_or_is_gone_is_named(company: cast.Company) -> None:
    changed, gone = attach(company, b"as it was"), attach(company, b"was here")
    attach(company, b"untouched")
    seal()
    assert verified().found == 0
    changed.blob.path.write_bytes(b"otherwise")
    gone.blob.path.unlink()
    walk = verified()
    assert walk.findings == [("file_changed", 0, changed.blob_id), ("file_missing", 0, gone.blob_id)]
    assert walk.files == 3
