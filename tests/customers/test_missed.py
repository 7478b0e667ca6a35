"""A check that was not made by its day stays as missed, is told to those above, and counts."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import cast
from tests.customers import people
from yinuo.customers import models, queries, rules
from yinuo.customers.actions import missing, portals
from yinuo.customers.jobs import portals_due
from yinuo.kit import actors
from yinuo.notify import models as notify
from yinuo.org import models as org

pytestmark = pytest.mark.django_db
MONDAY = timezone.localdate(cast.NOW)
WEEK = timedelta(weeks=1)


@pytest.fixture
def portal(company: cast.Company) -> models.Portal:
    """Looked at every Monday by 王强, 孙丽 stands in; the first check is due today."""
    said = {"keeper": company.wang, "deputy": company.sun, "frequency": "weekly"}
    customer = people.volkswagen(company)["group"]
    by = people.fresh(company.lina)
    return portals.add(customer=customer, name="供应商平台", url="https://p.example/", by=by, now=cast.NOW, **said)


def check(portal: models.Portal, by: org.Person, now: datetime, result: str = "nothing_new") -> models.PortalCheck:
    row = people.fresh(portal)
    return portals.record_check(portal=row, result=result, note="有", by=by, now=now, expected=row.version)


def history(portal: models.Portal) -> list[tuple[date, int | None]]:
    return list(portal.checks.order_by("was_due_on", "pk").values_list("was_due_on", "days_late"))


def test_a_day_without_its_check_stays_as_missed_and_says_whose_it_was(
    portal: models.Portal, company: cast.Company
) -> None:
    for _twice in range(2):
        missing.note_missed(by=actors.PROGRAM, now=cast.NOW + timedelta(days=15))
    assert history(portal) == [(MONDAY, None), (MONDAY + WEEK, None), (MONDAY + 2 * WEEK, None)]
    assert {row.keeper for row in portal.checks.all()} == {company.wang}
    assert {row.by for row in portal.checks.all()} == {None}


def test_a_late_check_stands_for_the_last_day_missed_those_before_stay(
    portal: models.Portal, company: cast.Company
) -> None:
    made = check(portal, company.sun, cast.NOW + WEEK + timedelta(days=3))
    assert history(portal) == [(MONDAY, None), (MONDAY + WEEK, 3)]
    assert (made.keeper, made.by) == (company.wang, company.sun)
    check(portal, company.wang, cast.NOW + 2 * WEEK)
    assert history(portal)[2:] == [(MONDAY + WEEK + WEEK + timedelta(days=3), 0)]
    missing.note_missed(by=actors.PROGRAM, now=cast.NOW + 2 * WEEK)
    assert len(history(portal)) == 3


def test_on_its_day_a_check_is_on_time_whatever_was_missed_before(portal: models.Portal, company: cast.Company) -> None:
    check(portal, company.wang, cast.NOW + WEEK)
    assert history(portal) == [(MONDAY, None), (MONDAY + WEEK, 0)]


def test_naming_another_day_does_not_wipe_out_what_was_missed(portal: models.Portal, company: cast.Company) -> None:
    now, row = cast.NOW + timedelta(days=2), people.fresh(portal)
    day = MONDAY + timedelta(days=4)
    portals.change(portal=row, by=people.fresh(company.lina), now=now, expected=row.version, next_check_on=day)
    assert history(portal) == [(MONDAY, None)]


def test_a_portal_no_longer_in_use_misses_nothing(portal: models.Portal, company: cast.Company) -> None:
    row = people.fresh(portal)
    portals.change(portal=row, by=people.fresh(company.lina), now=cast.NOW, expected=row.version, is_active=False)
    missing.note_missed(by=actors.PROGRAM, now=cast.NOW + WEEK)
    assert history(portal) == []


def test_deputy_and_superior_hear_once_after_so_many_working_days(portal: models.Portal, company: cast.Company) -> None:
    told = notify.Message.objects.filter(kind="portal_escalated").order_by("person__name")
    for days, expected in ((1, set()), (2, {company.sun, company.chen}), (3, {company.sun, company.chen})):
        with time_machine.travel(cast.NOW + timedelta(days=days), tick=False):
            portals_due()
        assert {message.person for message in told.all()} == expected, days
    assert told.count() == 2
    models.Portal.objects.update(escalate_after=0, next_check_on=MONDAY + WEEK, escalated_for_on=None)
    missing.escalate(by=actors.PROGRAM, now=cast.NOW + 4 * WEEK)
    assert told.count() == 2


def test_whoever_may_not_see_the_portal_is_not_told(company: cast.Company) -> None:
    scope = people.scope_of(company.lina, company.sun)
    customer = people.customer(company, "XEV", "保密车企", scope=scope)
    portals.add(
        customer=customer, name="门户", url="https://x.example/", keeper=people.fresh(company.lina),
        deputy=people.fresh(company.sun), by=people.fresh(company.lina), now=cast.NOW,
    )  # fmt: skip
    missing.escalate(by=actors.PROGRAM, now=cast.NOW + WEEK)
    assert [message.person for message in notify.Message.objects.filter(kind="portal_escalated")] == [company.sun]


def test_the_figure_counts_what_was_due_in_the_days_asked_for(
    portal: models.Portal, company: cast.Company, signed_in: Callable[[str], Client]
) -> None:
    check(portal, company.wang, cast.NOW)  # on time
    check(portal, company.wang, cast.NOW + WEEK + timedelta(days=1), "no_access")  # a day late
    with time_machine.travel(cast.NOW + 4 * WEEK, tick=False):
        portals_due()  # two more have passed
        page = signed_in("auditor").get("/customers/portals/checks/")
        assert page.context["made"] == queries.Made(on_time=1, late=1, missed=2, no_access=1)
        assert page.context["made"].rate == 25.0
        first = signed_in("auditor").get("/customers/portals/checks/", {"from": MONDAY, "to": MONDAY})
        assert first.context["made"] == queries.Made(on_time=1, late=0, missed=0, no_access=0)
        only = signed_in("auditor").get("/customers/portals/checks/", {"made": "missed"})
        assert [row.checked_at for row, _cells in only.context["page"].rows] == [None, None]
        assert only.context["made"].total == 4  # a filter by outcome narrows the list, never the figure
        strip = queries.weeks([portal], timezone.localdate())[portal.pk]
    assert len(strip) == rules.WEEKS
    assert [week.state for week in strip[-5:]] == ["on_time", "no_access", "missed", "missed", ""]


@pytest.mark.parametrize(("value", "found"), [("missed", 1), ("late", 0), ("open", 1), ("nonsense", 1)])
def test_portals_are_filtered_by_what_was_missed(
    portal: models.Portal, signed_in: Callable[[str], Client], value: str, found: int
) -> None:
    with time_machine.travel(cast.NOW + timedelta(days=1), tick=False):
        portals_due()
        page = signed_in("lina").get("/customers/portals/", {"missed": value}).context["page"]
    assert page.total == found


def test_the_page_of_a_portal_costs_the_same_whatever_its_history(
    portal: models.Portal, company: cast.Company, signed_in: Callable[[str], Client]
) -> None:
    client = signed_in("lina")

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(portal.get_absolute_url()).status_code == 200
        return len(seen)

    check(portal, company.wang, cast.NOW)
    cost()
    one = cost()
    for n in range(1, 15):
        check(portal, company.wang, cast.NOW + n * WEEK)
    assert cost() == one


def test_weeks_show_the_worst_of_them() -> None:
    seen: list[tuple[date, str]] = [
        (MONDAY, "on_time"),
        (MONDAY + timedelta(days=1), "missed"),
        (MONDAY - WEEK, "late"),
    ]
    year = rules.year_of(seen, MONDAY + timedelta(days=6))
    assert [(week.state, week.count) for week in year[-2:]] == [("late", 1), ("missed", 2)]
    assert year[-1].monday == MONDAY


def test_days_of_checks_follow_the_frequency_and_end() -> None:
    def days(frequency: str, until: date, **more: Any) -> list[date]:
        return rules.check_days(MONDAY, frequency, until, **more)

    assert days("weekly", MONDAY - timedelta(days=1)) == []
    assert days("fortnightly", MONDAY + 2 * WEEK) == [MONDAY, MONDAY + 2 * WEEK]
    assert len(days("daily", MONDAY + timedelta(days=5000))) == rules.MOST_DAYS
