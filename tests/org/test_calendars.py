"""The State Council's years, the company's own days, and who hears of a change."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from tests import cast
from yinuo.kit import actors, plugs, refusals
from yinuo.org import models, queries, readers, rules
from yinuo.org.actions import calendars, places
from yinuo.records import models as records

Heard = list[dict[str, Any]]


def change(action: Callable[..., Any], *, site: models.Site | None, **values: Any) -> Any:
    """Change a calendar as it stands."""
    return action(site=site, expected=queries.calendar_row(site).version, **values)


@pytest.fixture
def heard() -> Iterator[Heard]:
    """What listeners to changes of calendars were told."""
    told: Heard = []
    plugs.events.plug("org.calendar_changed/tests", lambda **facts: told.append(facts))
    yield told
    del plugs.events._plugs["org.calendar_changed/tests"]


# The arrangement ------------------------------------------------------------------------------------------------------

# The General Office of the State Council's notice for 2026, day by day.
NOTICE_2026 = {
    "off": [
        *("2026-01-01", "2026-01-02", "2026-01-03"),
        *(f"2026-02-{day}" for day in range(15, 24)),
        *("2026-04-04", "2026-04-05", "2026-04-06"),
        *(f"2026-05-0{day}" for day in range(1, 6)),
        *("2026-06-19", "2026-06-20", "2026-06-21"),
        *("2026-09-25", "2026-09-26", "2026-09-27"),
        *(f"2026-10-0{day}" for day in range(1, 8)),
    ],
    "worked": ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"],
}


def test_2026_is_as_the_state_council_published_it() -> None:
    year = readers.state_year(2026)
    assert [each.day.isoformat() for each in year.days if not each.is_working] == sorted(NOTICE_2026["off"])
    assert [each.day.isoformat() for each in year.days if each.is_working] == NOTICE_2026["worked"]
    assert year.is_complete


def test_days_have_names_in_both_languages() -> None:
    named = {each.day: each for each in readers.state_year(2026).days}
    assert (named[date(2026, 2, 17)].name_zh, named[date(2026, 2, 28)].name_zh) == ("春节", "调休上班")
    assert all(each.name_zh and each.name_en and each.name_zh != each.name_en for each in named.values())


def test_a_year_whose_make_up_days_are_not_published_is_not_complete() -> None:
    year = readers.state_year(2028)
    assert not year.is_complete
    assert not any(each.is_working for each in year.days)


@pytest.mark.parametrize("year", range(2019, 2027))
def test_make_up_days_are_weekends_and_days_off_touch_no_free_weekend(year: int) -> None:
    days = {each.day: each.is_working for each in readers.state_year(year).days}
    for day, is_working in days.items():
        if is_working:
            assert day.weekday() >= 5
            continue
        for beside in (day - timedelta(days=1), day + timedelta(days=1)):
            assert beside.weekday() < 5 or beside in days or beside.year != year


# Loading --------------------------------------------------------------------------------------------------------------


def test_loading_twice_changes_nothing(at_work: cast.Company, heard: Heard) -> None:
    assert calendars.load_state_years(years=[2025, 2026, 2028], by=at_work.admin, now=cast.NOW) == [2025, 2026, 2028]
    assert calendars.load_state_years(years=[2025, 2026, 2028], by=at_work.admin, now=cast.NOW) == []
    assert [told["years"] for told in heard] == [[2025, 2026, 2028]]
    assert heard[0]["site_ids"] == [None, at_work.site["nb"].pk, at_work.site["cc"].pk]
    assert set(models.CalendarYear.objects.values_list("year", flat=True)) == {2025, 2026}


def test_due_dates_are_provisional_until_the_year_is_known(at_work: cast.Company) -> None:
    calendars.load_state_years(years=[2026, 2028], by=actors.PROGRAM, now=cast.NOW)
    christmas = datetime(2026, 12, 30, 1, tzinfo=UTC)
    calendar = queries.calendar(at_work.site["nb"].pk)
    assert calendar.add_working_days(christmas, 5).provisional
    calendars.declare_year_known(year=2027, reason="国办发明电〔2026〕号（示例）", by=at_work.admin, now=cast.NOW)
    assert not queries.calendar(at_work.site["nb"].pk).add_working_days(christmas, 5).provisional


def test_what_the_company_said_stays_when_the_year_is_loaded(at_work: cast.Company) -> None:
    day = date(2026, 2, 23)
    change(calendars.set_day, site=None, day=day, is_working=True, name_zh="赶工", by=at_work.admin, now=cast.NOW)
    calendars.load_state_years(years=[2026], by=at_work.admin, now=cast.NOW)
    assert queries.calendar(None).is_working_day(day)
    change(calendars.clear_day, site=None, day=day, reason="取消", by=at_work.admin, now=cast.NOW)
    assert not queries.calendar(None).is_working_day(day)
    assert models.CalendarDay.objects.get(day=day).source == "state"


# Days and weeks -------------------------------------------------------------------------------------------------------


def test_a_saturday_shift_of_one_site(at_work: cast.Company, heard: Heard) -> None:
    saturday = date(2026, 3, 7)
    cc, nb = at_work.site["cc"], at_work.site["nb"]
    change(calendars.set_day, site=cc, day=saturday, is_working=True, reason="订单高峰", by=at_work.admin, now=cast.NOW)
    assert queries.calendar(cc.pk).is_working_day(saturday)
    assert not queries.calendar(nb.pk).is_working_day(saturday)
    assert not queries.calendar(None).is_working_day(saturday)
    assert (heard[0]["site_ids"], heard[0]["years"]) == ([cc.pk], [2026])


def test_a_site_has_its_own_week_until_it_is_emptied(at_work: cast.Company) -> None:
    cc = at_work.site["cc"]
    six_days = {weekday: [(time(8), time(16))] for weekday in range(6)}
    change(calendars.set_week, site=cc, week=six_days, reason="六天制", by=at_work.admin, now=cast.NOW)
    assert queries.calendar(cc.pk).closing(date(2026, 3, 7)) == datetime(2026, 3, 7, 8, tzinfo=UTC)
    assert queries.calendar(None).week == rules.USUAL_WEEK
    change(calendars.set_week, site=cc, week={}, reason="恢复", by=at_work.admin, now=cast.NOW)
    assert not queries.calendar(cc.pk).is_working_day(date(2026, 3, 7))


@pytest.mark.parametrize(
    "week",
    [
        {},
        {0: [(time(12), time(8))]},
        {0: [(time(8), time(12)), (time(11), time(17))]},
        {0: [(time(8), time(8))]},
    ],
)
def test_hours_that_make_no_sense_are_refused(at_work: cast.Company, week: dict[int, Any]) -> None:
    with pytest.raises(calendars.CannotSetHours):
        change(calendars.set_week, site=None, week=week, reason="错", by=at_work.admin, now=cast.NOW)


def test_only_whoever_manages_the_site_sets_its_days(at_work: cast.Company) -> None:
    models.RoleGrant.objects.create(
        person=at_work.he, role="administrator", site=at_work.site["cc"], from_on=date(2020, 1, 1)
    )
    day = date(2026, 3, 7)
    change(calendars.set_day, site=at_work.site["cc"], day=day, is_working=True, by=at_work.he, now=cast.NOW)
    for site in (None, at_work.site["nb"]):
        with pytest.raises(refusals.NotAllowed):
            change(calendars.set_day, site=site, day=day, is_working=True, by=at_work.he, now=cast.NOW)
    with pytest.raises(refusals.NotAllowed):
        calendars.load_state_years(years=[2026], by=at_work.he, now=cast.NOW)


def test_a_site_lives_in_its_own_time_zone(at_work: cast.Company, heard: Heard) -> None:
    site = places.open_site(code="de", name_zh="德国办事处", time_zone="Europe/Berlin", by=at_work.admin, now=cast.NOW)
    at = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)  # half past midnight in Berlin, morning in Shanghai
    assert queries.calendar(site.pk).day_of(at) == date(2026, 3, 3)
    assert queries.calendar(site.pk).opening(date(2026, 3, 3)) == datetime(2026, 3, 3, 7, 30, tzinfo=UTC)
    assert heard[-1]["site_ids"] == [site.pk]
    with pytest.raises(places.CannotSetSite):
        places.change_site(site=site, expected=1, time_zone="Mars/Base", by=at_work.admin, now=cast.NOW)


# What reading costs ---------------------------------------------------------------------------------------------------


def test_a_calendar_is_read_once_until_it_changes(
    at_work: cast.Company, django_assert_num_queries: Callable[[int], CaptureQueriesContext]
) -> None:
    calendars.load_state_years(years=[2026], by=actors.PROGRAM, now=cast.NOW)
    queries.calendar(None)
    for site in at_work.site.values():
        with django_assert_num_queries(1):
            queries.calendar(site.pk)
    change(calendars.set_day, site=None, day=date(2026, 3, 7), is_working=True, by=actors.PROGRAM, now=cast.NOW)
    assert queries.calendar(at_work.site["nb"].pk).is_working_day(date(2026, 3, 7))


def test_the_clock_loads_what_is_known(at_work: cast.Company) -> None:
    plugs.schedules.get("org.load_state_years").function()
    assert models.CalendarYear.objects.filter(year=2026).exists()
    assert queries.calendar(None).is_working_day(date(2026, 2, 28))


# Two at once ----------------------------------------------------------------------------------------------------------


def test_of_two_who_change_a_calendar_one_is_told(at_work: cast.Company) -> None:
    cc, saturday = at_work.site["cc"], date(2026, 3, 7)
    seen = queries.calendar_row(cc).version
    who: dict[str, Any] = {"site": cc, "expected": seen, "by": at_work.admin, "now": cast.NOW}
    calendars.set_day(day=saturday, is_working=True, **who)
    with pytest.raises(refusals.Stale):
        calendars.set_day(day=saturday, is_working=False, **who)
    with pytest.raises(refusals.Stale):
        calendars.clear_day(day=saturday, **who)
    with pytest.raises(refusals.Stale):
        calendars.set_week(week={}, **who)
    assert queries.calendar(cc.pk).is_working_day(saturday)
    assert queries.calendar_row(None).version == 1  # another calendar


def test_the_trail_tells_what_a_day_is_called(at_work: cast.Company) -> None:
    day = date(2026, 3, 7)
    who: dict[str, Any] = {"site": None, "day": day, "is_working": True, "by": at_work.admin, "now": cast.NOW}
    change(calendars.set_day, name_zh="班次", **who)
    change(calendars.set_day, name_zh="赶工", name_en="Shift", **who)
    last = records.Entry.objects.filter(word="org.calendar.day_set").latest("pk")
    assert last.changes == [
        {"field": "name_zh", "old": "班次", "new": "赶工"},
        {"field": "name_en", "old": "", "new": "Shift"},
    ]
    assert last.note == {"day": "2026-03-07"}
