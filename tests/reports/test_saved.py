"""Saved reports: kept under a name, shared, sent in a rhythm; everybody gets what they may see, once."""

import io
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
import time_machine
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from tests import cast
from tests.cases import story as stories
from tests.cases.story import Story
from tests.notify.conftest import Postman, postman
from tests.reports.conftest import registered
from yinuo.cases.actions import steering
from yinuo.customers import models as customers
from yinuo.kit import actors, plugs, refusals
from yinuo.notify import jobs as notify_jobs
from yinuo.notify import models as notify
from yinuo.org import models as org
from yinuo.org.rules import Calendar
from yinuo.records import models as records
from yinuo.reports import access, models
from yinuo.reports.actions import accounting, saving, sending
from yinuo.reports.engine import rhythms
from yinuo.reports.queries import saved

__all__ = ["postman"]
SignedIn = Callable[[str], Client]
QUERY = "span=last_month&cut=department&after=7"
TUESDAY = 2


def counted(now: datetime) -> None:
    while accounting.count_changed(by=actors.PROGRAM, now=now):
        pass


@pytest.fixture
def lived(working: cast.Company, svw: customers.Customer) -> Story:
    """A request that everybody sees, and one for a closed circle to which 周华 belongs."""
    scope = org.Scope.objects.create(name_zh="玄鸟圈")
    for name in ("lina", "zhao", "zhou", "wang", "sun", "gao", "wu"):
        scope.grants.create(person=working.people[name], granted_at=cast.NOW)
    secret = stories.customer(working, "XN", "玄鸟汽车", scope=scope)
    registered(working, secret, stories.NOW)
    story = Story(working, registered(working, svw, stories.NOW))
    counted(story.now)
    return story


def report_of(company: cast.Company, **more: Any) -> models.SavedReport:
    said = {"name": "月报", "page": "statistics", "query": "span=month"}
    return saving.save_report(**{**said, **more}, by=stories.fresh(company.zhou), now=cast.NOW)


def weekly(company: cast.Company, report: models.SavedReport, *names: str, **more: Any) -> models.SavedReport:
    said: dict[str, Any] = {
        "rhythm": "weekly", "on_day": TUESDAY, "at_hour": 9, "people": [company.people[name] for name in names],
        "by": stories.fresh(company.zhou), "now": cast.NOW, "expected": report.version,
    }  # fmt: skip
    return sending.set_sending(report=report, **{**said, **more})


def post_at(moment: datetime) -> None:
    with time_machine.travel(moment, tick=False):
        sending.send_due(by=actors.PROGRAM, now=moment)
        notify_jobs.post()
    with time_machine.travel(moment + timedelta(seconds=15), tick=False):
        notify_jobs.post()


DUE = datetime.fromisoformat("2026-03-03T01:00:00+00:00")  # Tuesday 09:00 in Shanghai


# Keeping --------------------------------------------------------------------------------------------------------------


def test_what_is_kept_is_what_the_page_shows_and_its_span_goes_on(company: cast.Company, signed_in: SignedIn) -> None:
    report = report_of(company, query=QUERY)
    assert report.query == "span=last_month&cut=department"
    page = signed_in("zhou").get(report.page_url())
    assert page.status_code == 200
    assert "月报" in page.content.decode()
    with time_machine.travel(datetime(2026, 7, 9, 2)):
        assert "2026-06" in signed_in("zhou").get(report.page_url()).content.decode()


def test_saved_by_the_form_once(company: cast.Company, signed_in: SignedIn) -> None:
    browser = signed_in("zhou")
    url = f"{reverse('reports:saved_new')}?page=statistics&query=span%3Dyear"
    form = browser.get(url).context["form"]
    sent = {"name": "年报", "once": form["once"].value(), "departments": [company.department["quality"].pk]}
    first, second = browser.post(url, sent), browser.post(url, sent)
    assert first.status_code == second.status_code == 302
    report = models.SavedReport.objects.get()
    assert (report.query, [each.code for each in report.departments.all()]) == ("span=year", ["quality"])
    again = browser.post(url, {**sent, "once": "another-key-00000000"})
    assert again.status_code == 422
    assert "同名" in again.content.decode()


def test_shared_with_a_department_its_sections_and_posts_only(company: cast.Company, signed_in: SignedIn) -> None:
    report = report_of(company, departments=[company.department["engineering"]])
    url = reverse("reports:saved_report", args=[report.pk])
    assert signed_in("chen").get(url).status_code == 200
    assert signed_in("wu").get(url).status_code == 404
    changed = saving.change_report(
        report=report, name="月报", posts=[company.post["production_manager"]], departments=[],
        by=stories.fresh(company.zhou), now=cast.NOW, expected=report.version,
    )  # fmt: skip
    assert signed_in("chen").get(url).status_code == 404
    assert signed_in("wu").get(url).status_code == 200
    with pytest.raises(refusals.NotAllowed):
        saving.delete_report(report=changed, by=stories.fresh(company.wu), now=cast.NOW, expected=changed.version)


def test_deleted_and_brought_back_with_its_sending(company: cast.Company, signed_in: SignedIn) -> None:
    report = weekly(company, report_of(company), "zhao")
    browser = signed_in("zhou")
    answer = browser.post(reverse("reports:saved_delete", args=[report.pk]), {"version": report.version})
    report.refresh_from_db()
    assert report.voided_at
    assert report.next_at is None
    undo = [each.extra_tags for each in get_messages(answer.wsgi_request)][-1].removeprefix("undo:")
    assert signed_in("chen").post(undo).status_code == 403
    browser.post(undo)
    report.refresh_from_db()
    assert report.voided_at is None
    assert report.next_at == DUE


def test_whoever_may_not_see_figures_sees_no_saved_report(company: cast.Company, signed_in: SignedIn) -> None:
    report = report_of(company, departments=[company.department["quality"]])
    assert not access.may_open(stories.fresh(company.outsider), report.pk)
    assert signed_in("outsider").get(reverse("reports:saved")).status_code == 403


def test_the_list_costs_the_same_with_many(company: cast.Company, signed_in: SignedIn) -> None:
    browser, url, costs = signed_in("zhou"), reverse("reports:saved"), []
    for upto in (1, 12):
        for at in range(models.SavedReport.objects.count(), upto):
            weekly(company, report_of(company, name=f"月报 {at}"), "zhao", "chen")
        browser.get(url)
        with CaptureQueriesContext(connection) as asked:
            browser.get(url)
        costs.append(len(asked))
    assert costs[0] == costs[1]


# When -----------------------------------------------------------------------------------------------------------------


@given(
    st.sampled_from(["weekly", "monthly"]), st.integers(1, 7), st.integers(0, 23),
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 1)), st.sets(st.integers(0, 60), max_size=12),
)  # fmt: skip
def test_the_next_moment_is_later_on_a_working_day_and_the_first_such(
    rhythm: str, on_day: int, at_hour: int, after: datetime, off: set[int]
) -> None:
    calendar = _calendar({after.date() + timedelta(days=each): False for each in off})
    after = after.replace(tzinfo=calendar.zone)
    at = rhythms.next_at(rhythm, on_day, at_hour, after, calendar)
    assert at > after
    assert calendar.is_working_day(at.date())
    assert at.hour == at_hour
    then = rhythms.next_at(rhythm, on_day, at_hour, at, calendar)
    assert then > at
    assert rhythms.next_at(rhythm, on_day, at_hour, at - timedelta(seconds=1), calendar) == at


def _calendar(exceptions: dict[date, bool]) -> Calendar:
    week = dict.fromkeys(range(5), ((time(8), time(17)),))
    return Calendar(week=week, exceptions=exceptions, zone=ZoneInfo("Asia/Shanghai"), known_years=frozenset())


def test_a_holiday_moves_it_to_the_next_working_day(company: cast.Company) -> None:
    calendar = _calendar({date(2026, 10, day): False for day in range(1, 9)})
    before = datetime(2026, 9, 30, 12, tzinfo=calendar.zone)
    assert rhythms.next_at("weekly", 5, 8, before, calendar).date() == date(2026, 10, 9)
    assert rhythms.next_at("monthly", 1, 8, before, calendar).date() == date(2026, 10, 9)
    assert rhythms.next_at("monthly", 31, 8, before.replace(month=2, day=3), calendar).date() == date(2026, 3, 2)


# Sending --------------------------------------------------------------------------------------------------------------


def workbook(letter: EmailMessage) -> list[list[Any]]:
    (file,) = [part for part in letter.iter_attachments() if part.get_filename()]
    return CalamineWorkbook.from_filelike(io.BytesIO(file.get_content())).get_sheet_by_index(0).to_python()


def test_each_gets_what_they_may_see_with_picture_and_workbook(lived: Story, postman: Postman) -> None:
    report = weekly(lived.company, report_of(lived.company, query="span=months12"), "zhou", "chen")
    post_at(DUE)
    letters = {letter["To"]: letter for letter in postman.taken}
    assert set(letters) == {"zhou@qinghe.example", "chen@qinghe.example"}
    sees, blind = letters["zhou@qinghe.example"], letters["chen@qinghe.example"]
    assert "玄鸟汽车" in str(workbook(sees))
    assert "玄鸟" not in str(workbook(blind))
    text = blind.get_body(("plain",)).get_content()
    assert "登记 1 项" in text
    assert "登记 2 项" in sees.get_body(("plain",)).get_content()
    assert report.get_absolute_url() in text
    html = blind.get_body(("html",))
    assert 'src="cid:figures"' in html.get_content()
    pictures = [part for part in blind.walk() if part.get_content_type() == "image/png"]
    assert [part["Content-ID"] for part in pictures] == ["<figures>"]
    assert pictures[0].get_content().startswith(b"\x89PNG")
    assert "玄鸟" not in blind.as_string()


def test_nobody_gets_it_twice_and_the_next_time_is_set(lived: Story, postman: Postman) -> None:
    report = weekly(lived.company, report_of(lived.company), "zhao")
    for _again in range(3):
        post_at(DUE)
    assert len(postman.taken) == 1
    report.refresh_from_db()
    assert report.next_at == DUE + timedelta(days=7)
    assert models.Sending.objects.count() == 1


def test_a_visit_that_dies_in_the_middle_tells_nobody_and_the_next_tells_all(
    lived: Story, postman: Postman, monkeypatch: pytest.MonkeyPatch
) -> None:
    weekly(lived.company, report_of(lived.company), "zhao", "chen")
    real, told = sending._tell, []

    def dies_at_the_second(*args: Any, **kwargs: Any) -> Any:
        told.append(args)
        if len(told) == 2:
            raise KeyboardInterrupt
        return real(*args, **kwargs)

    monkeypatch.setattr(sending, "_tell", dies_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        sending.send_due(by=actors.PROGRAM, now=DUE)
    assert not notify.Mail.objects.exists()
    monkeypatch.setattr(sending, "_tell", real)
    post_at(DUE)
    assert len(postman.taken) == 2


def test_whoever_left_or_lost_the_right_gets_nothing_and_the_log_says_why(lived: Story, postman: Postman) -> None:
    company = lived.company
    report = weekly(company, report_of(company), "zhao", "chen", "wu", "gao")
    org.Person.objects.filter(pk=company.chen.pk).update(is_active=False)
    org.RoleGrant.objects.filter(person=company.wu).delete()
    post_at(DUE)
    assert {letter["To"] for letter in postman.taken} == {"zhao@qinghe.example", "gao@qinghe.example"}
    states = dict(report.sendings.values_list("person__sign_in", "state"))
    assert states == {"zhao": "told", "gao": "told", "chen": "gone", "wu": "may_not"}


def test_a_right_that_is_lost_on_the_way_keeps_the_mail_back(lived: Story, postman: Postman) -> None:
    weekly(lived.company, report_of(lived.company), "zhao")
    with time_machine.travel(DUE, tick=False):
        sending.send_due(by=actors.PROGRAM, now=DUE)
    org.RoleGrant.objects.filter(person=lived.company.zhao).delete()
    with time_machine.travel(DUE + timedelta(seconds=15), tick=False):
        notify_jobs.post()
    assert postman.taken == []
    assert notify.Mail.objects.get().state == "cancelled"


def test_no_longer_wanted_and_wanted_after_all(lived: Story, signed_in: SignedIn, postman: Postman) -> None:
    company = lived.company
    report = weekly(company, report_of(company), "zhao", "chen")
    answer = signed_in("zhao").post(reverse("reports:saved_leave", args=[report.pk]))
    again = weekly(company, report, "zhao", "chen", at_hour=10)
    assert [each.person.sign_in for each in saved.receivers(again)] == ["chen"], "the owner does not add them again"
    undo = [each.extra_tags for each in get_messages(answer.wsgi_request)][-1].removeprefix("undo:")
    signed_in("zhao").post(undo)
    assert len(saved.receivers(report)) == 2
    sending.leave(report=report, by=stories.fresh(company.zhao), now=cast.NOW)
    post_at(DUE + timedelta(hours=1))
    assert [letter["To"] for letter in postman.taken] == ["chen@qinghe.example"]


def test_one_for_me_now(lived: Story, signed_in: SignedIn, postman: Postman) -> None:
    report = report_of(lived.company)
    with time_machine.travel(DUE, tick=False):
        for _twice in range(2):
            assert signed_in("zhou").post(reverse("reports:saved_send", args=[report.pk])).status_code == 302
    post_at(DUE + timedelta(seconds=20))
    assert [letter["To"] for letter in postman.taken] == ["zhou@qinghe.example"]
    shown = signed_in("zhou").get(report.get_absolute_url()).content.decode()
    assert "发送记录" in shown
    assert "周华" in shown


def test_only_people_who_may_see_figures_are_receivers(company: cast.Company) -> None:
    with pytest.raises(sending.CannotSend) as refused:
        weekly(company, report_of(company), "outsider")
    assert refused.value.field == "people"
    with pytest.raises(sending.CannotSend):
        weekly(company, report_of(company, name="b"))


def test_the_form_sets_the_rhythm(company: cast.Company, signed_in: SignedIn) -> None:
    report, browser = report_of(company), signed_in("zhou")
    url = reverse("reports:saved_sending", args=[report.pk])
    sent = {"rhythm": "monthly", "weekday": 1, "month_day": 3, "at_hour": 8, "people": [company.zhao.pk], "version": 1}
    assert browser.post(url, {**sent, "people": []}).status_code == 422
    assert browser.post(url, sent).status_code == 302
    report.refresh_from_db()
    assert (report.rhythm, report.on_day, report.at_hour) == ("monthly", 3, 8)
    assert "每月 3 日 08:00" in browser.get(report.get_absolute_url()).content.decode()
    assert records.Entry.objects.filter(word="reports.saved.sending_set").count() == 1


def test_a_fault_in_composing_keeps_no_other_mail(
    lived: Story, postman: Postman, monkeypatch: pytest.MonkeyPatch
) -> None:
    weekly(lived.company, report_of(lived.company, query="span=year"), "zhao")

    def broken(*_args: Any) -> Any:
        raise ValueError("broken")

    plug = plugs.enclosures.get("reports.sending")
    monkeypatch.setitem(plugs.enclosures._plugs, plug.name, plugs.Plug(plug.name, broken, "", "", {}))
    post_at(DUE)
    mail = notify.Mail.objects.get()
    assert mail.state == "waiting"
    assert "broken" in mail.error
    monkeypatch.undo()
    notify.Mail.objects.update(next_at=DUE)
    with time_machine.travel(DUE + timedelta(hours=1), tick=False):
        notify_jobs.post()


# On paper -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["statistics", "statistics_steps", "overview"])
def test_every_page_of_figures_is_printed_and_told(page: str, lived: Story, signed_in: SignedIn) -> None:
    browser = signed_in("chen")
    answer = browser.get(reverse("reports:paper"), {"page": page, "query": "span=year&cut=customer"})
    assert answer["Content-Type"] == "application/pdf"
    document = pypdfium2.PdfDocument(answer.content)
    text = "".join(each.get_textpage().get_text_range() for each in document)
    document.close()
    assert "陈刚" in text
    assert "玄鸟" not in text
    assert records.Entry.objects.filter(word="records.list.exported").exists()
    report = report_of(lived.company, page=page, query="", name=f"{page}")
    shown = signed_in("zhou").get(report.get_absolute_url())
    assert shown.status_code == 200
    assert signed_in("zhou").get(reverse("reports:saved_paper", args=[report.pk])).status_code == 200


def test_terminated_requests_keep_their_figures_in_the_mail(lived: Story, postman: Postman) -> None:
    steering.terminate(case=lived.refreshed(), reason="撤回", by=lived.person("zhou"), now=lived.tick(hours=1))
    counted(lived.now)
    weekly(lived.company, report_of(lived.company, query="span=months12&cut=kind"), "zhou")
    post_at(DUE)
    assert any("合计" in str(row[0]) for row in workbook(postman.taken[0]))
