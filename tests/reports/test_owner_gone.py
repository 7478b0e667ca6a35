"""What is sent in somebody's name is handed over with the rest, and stops when nobody took it."""

from datetime import datetime

import pytest

from tests import cast
from tests.cases import story as stories
from yinuo.kit import actors, duties, plugs
from yinuo.notify import models as notify
from yinuo.org import models as org
from yinuo.records import models as records
from yinuo.reports import models
from yinuo.reports.actions import giving, saving, sending

DUE = datetime.fromisoformat("2026-03-03T01:00:00+00:00")  # Tuesday 09:00 in Shanghai


def sent(company: cast.Company, owner: str = "gao", name: str = "月报") -> models.SavedReport:
    by = stories.fresh(company.people[owner])
    report = saving.save_report(name=name, page="statistics", query="span=month", by=by, now=cast.NOW)
    return sending.set_sending(
        report=report, rhythm="weekly", on_day=2, at_hour=9, people=[company.zhou], by=by, now=cast.NOW,
        expected=report.version,
    )  # fmt: skip


def gone(company: cast.Company, who: str = "gao") -> org.Person:
    org.Person.objects.filter(pk=company.people[who].pk).update(is_active=False)
    return stories.fresh(company.people[who])


def test_it_stops_when_its_owner_left_and_the_quality_manager_is_told_once(company: cast.Company) -> None:
    report = sent(company)
    owner = gone(company)
    assert sending.send_due(by=actors.PROGRAM, now=DUE) == 1
    assert not models.Sending.objects.exists()
    report.refresh_from_db()
    assert report.next_at is None
    told = notify.Message.objects.get(kind="report_stopped", person=company.zhou)
    assert "月报" in told.words_zh
    assert told.subject_url == f"/org/people/{owner.pk}/hand-over"
    assert sending.send_due(by=actors.PROGRAM, now=DUE) == 0
    assert records.Entry.objects.filter(word="reports.saved.stopped").count() == 1


def test_it_stops_with_the_last_day(company: cast.Company) -> None:
    report = sent(company)
    owner = gone(company)
    plugs.announce("org.person_left", person_id=owner.pk, on=cast.NOW.date(), by=actors.PROGRAM, now=cast.NOW)
    report.refresh_from_db()
    assert report.next_at is None
    assert notify.Message.objects.filter(kind="report_stopped", person=company.zhou).count() == 1


def test_it_stops_when_its_owner_may_see_no_figures(company: cast.Company) -> None:
    report = sent(company)
    org.RoleGrant.objects.filter(person=company.people["gao"]).delete()
    sending.send_due(by=actors.PROGRAM, now=DUE)
    report.refresh_from_db()
    assert (report.next_at, models.Sending.objects.count()) == (None, 0)


def test_a_stopped_one_goes_on_in_the_name_of_whoever_takes_it(company: cast.Company) -> None:
    report, own = sent(company), sent(company, "zhou")
    owner, zhou = gone(company), stories.fresh(company.zhou)
    sending.send_due(by=actors.PROGRAM, now=DUE)
    plug = plugs.duties.get("reports.saved")
    [duty] = plug.function(owner, zhou, DUE).duties
    assert duty.label == "月报"
    said = {"key": duty.key, "holder": owner, "last_on": DUE.date(), "reason": "离职", "by": zhou, "now": DUE}
    with pytest.raises(giving.CannotTakeOver):
        plug.about["give"](to=stories.fresh(company.wang), expected=duty.version, **said)
    plug.about["give"](to=zhou, expected=duty.version, **said)
    report.refresh_from_db()
    assert report.owner == company.zhou
    assert report.name != own.name
    assert report.next_at is not None
    assert report.next_at > DUE
    assert [each.person for each in report.receivers.all()] == [company.zhou]
    with pytest.raises(duties.NotTheirs):
        plug.about["give"](to=zhou, expected=duty.version, **said)


def test_what_somebody_keeps_for_themselves_is_not_in_hand(company: cast.Company) -> None:
    by = stories.fresh(company.people["gao"])
    saving.save_report(name="自用", page="statistics", query="", by=by, now=cast.NOW)
    assert giving.reports_in_hand(by, stories.fresh(company.zhou), DUE).duties == []
    sent(company)
    assert giving.reports_in_hand(by, stories.fresh(company.wang), DUE).hidden == 1
