"""The clock, proved: what the product counts equals what somebody else counts by hand over the official notices."""

import random
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import cast
from tests.changes import official, story
from tests.customers import people
from yinuo.changes import models, queries, rules
from yinuo.changes.actions import setting
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org import readers
from yinuo.org import rules as org_rules

FIRST, DAYS = date(2025, 1, 1), 730
DAY = timedelta(days=1)


def calendar(zone: str = "Asia/Shanghai", years: tuple[int, ...] = (2025, 2026)) -> org_rules.Calendar:
    days = {each.day: each.is_working for year in years for each in readers.state_year(year).days}
    return org_rules.calendar_of(
        zone, company_week={}, site_week={}, company_days=days, site_days={}, known_years=frozenset(years)
    )


CALENDAR = calendar()
IN_TWO_YEARS = st.integers(0, DAYS - 40).map(lambda n: FIRST + n * DAY)


@pytest.mark.django_db
def test_two_hundred_receipts_over_two_years_equal_a_count_by_hand(company: cast.Company) -> None:
    """Recorded through the act itself, for customers with the company's ten days and with shorter terms, by every rule
    of the start; the expected day comes from the notices typed into `official`, one day at a time."""
    story.know_years()
    tree = people.volkswagen(company)
    shorter = {"svw": (5, "received"), "faw": (7, "notified"), "plant": (3, "earliest")}
    for name, (days, start) in shorter.items():
        setting.set_term(
            customer=tree[name], start=start, days=days, by=people.fresh(company.zhou), now=cast.NOW, expected=0
        )
    dice, wrong, shifted = random.Random(20252026), [], 0
    for n in range(200):
        received = FIRST + dice.randrange(DAYS - 25) * DAY
        notified = received + dice.randint(-4, 0) * DAY if dice.random() < 0.6 else None
        name = dice.choice([*shorter, "group"])
        days, start = shorter.get(name, (10, "earliest"))
        row = story.change(
            company, tree[name], received_on=received, notified_on=notified, now=story.at(received), reason="补登",
            title=f"变更 {n}",
        )  # fmt: skip
        began = min(notified or received, received) if start == "earliest" else received
        if start == "notified" and notified is not None:
            began = notified
        expected = official.nth_working_day(began, days)
        plain = began + timedelta(days=days + 2 * ((days + began.weekday()) // 5))
        shifted += expected != plain
        if (row.started_on, row.due_on, row.days) != (began, expected, days):
            wrong.append((row.number, began, row.due_on, expected))
    assert wrong == []
    assert shifted > 40, "the holidays must matter, or nothing was proved"
    assert models.Change.objects.filter(is_provisional=True).count() == 0


@pytest.mark.django_db
def test_the_day_by_day_count_says_of_each_day_what_the_notices_say(company: cast.Company) -> None:
    story.know_years()
    customer = people.customer(company, "VW", "大众集团（示例）")
    received = date(2025, 9, 24)  # the longest stretch: National Day with the Mid-Autumn Festival
    row = story.change(company, customer, received_on=received, now=story.at(received))
    shown = queries.clock(row, received, queries.Calendars()).days
    assert [day.on for day in shown] == [received + n * DAY for n in range((row.due_on - received).days + 1)]
    assert [day.is_working for day in shown] == [not official.is_off(day.on) for day in shown]
    numbers = [day.number for day in shown if day.number]
    assert numbers == list(range(1, 11))
    assert (row.due_on, shown[-1].number) == (date(2025, 10, 14), 10)
    named = {day.on: (day.kind, day.name) for day in shown}
    assert named[date(2025, 9, 28)][0] is rules.Kind.MAKE_UP
    assert named[date(2025, 10, 1)][0] is rules.Kind.HOLIDAY
    assert "国庆" in named[date(2025, 10, 1)][1]
    assert named[date(2025, 9, 27)][0] is rules.Kind.WEEKEND


@settings(deadline=None)
@given(IN_TWO_YEARS, st.integers(1, 10), st.integers(0, 30))
def test_later_starts_and_longer_terms_are_never_due_earlier(start: date, days: int, more: int) -> None:
    due = rules.due(CALENDAR, start, days).on
    assert rules.due(CALENDAR, start + more * DAY, days).on >= due
    assert rules.due(CALENDAR, start, days + 1).on > due
    assert due > start
    assert not official.is_off(due)


@settings(deadline=None)
@given(IN_TWO_YEARS.filter(official.is_off), st.integers(1, 10))
def test_a_start_on_a_day_off_counts_like_one_on_the_last_working_day_before(start: date, days: int) -> None:
    before = start
    while official.is_off(before):
        before -= DAY
    if before >= FIRST:
        assert rules.due(CALENDAR, start, days).on == rules.due(CALENDAR, before, days).on


@settings(deadline=None)
@given(IN_TWO_YEARS, st.integers(1, 10), st.sampled_from(["Europe/Berlin", "America/New_York", "Pacific/Auckland"]))
def test_clocks_that_change_to_summer_time_change_no_day(start: date, days: int, zone: str) -> None:
    assert ZoneInfo(zone)
    assert rules.due(calendar(zone), start, days) == rules.due(CALENDAR, start, days)


@settings(deadline=None)
@given(IN_TWO_YEARS, st.integers(1, 10), st.integers(0, 25))
def test_standing_agrees_with_the_count(start: date, days: int, after: int) -> None:
    """Day by day: what is left and what is overdue is what a walk over the days finds."""
    due, today = rules.due(CALENDAR, start, days).on, start + after * DAY
    stands = rules.standing(CALENDAR, started=start, due_on=due, reviewed_on=None, today=today)
    first, last = sorted((today, due))
    between = sum(not official.is_off(first + n * DAY) for n in range(1, (last - first).days + 1))
    assert stands.days == between
    assert (stands.state is rules.State.LATE) == (today > due)
    assert (stands.state is rules.State.TODAY) == (today == due)
    met = rules.standing(CALENDAR, started=start, due_on=due, reviewed_on=today, today=due)
    assert (met.state is rules.State.MET) == (today <= due)


@settings(deadline=None)
@given(IN_TWO_YEARS, st.integers(1, 10))
def test_each_occasion_is_told_once_in_order_and_within_the_term(start: date, days: int) -> None:
    due = rules.due(CALENDAR, start, days).on
    told: list[str] = []
    for n in range((due - start).days + 14):
        today = start + n * DAY
        occasion = rules.to_tell(CALENDAR, start, due, today, told)
        if occasion is not None:
            told.append(occasion)
            assert not official.is_off(today) or occasion in rules.Occasion
    wanted = [key for key, left in (("t5", 5), ("t2", 2), ("t0", 0), ("late", -1)) if left < days]
    assert told == wanted


def test_of_several_occasions_that_have_passed_only_the_last_is_told() -> None:
    start = date(2025, 3, 3)
    due = rules.due(CALENDAR, start, 10).on
    assert rules.to_tell(CALENDAR, start, due, due, ()) == rules.Occasion.TODAY
    assert rules.to_tell(CALENDAR, start, due, due, ("t0",)) is None


def test_a_day_that_the_rule_asks_for_and_nobody_knows_is_replaced_by_the_receipt() -> None:
    received, notified, published = date(2026, 3, 5), date(2026, 3, 9), date(2026, 2, 1)
    days = {"published": published, "notified": notified, "received": received}
    starts = {start: rules.started_on(start, **days) for start in rules.Start}
    assert starts == {"earliest": received, "notified": notified, "received": received, "published": published}
    assert rules.started_on("published", published=None, notified=notified, received=received) == received
    assert rules.started_on("notified", published=published, notified=None, received=received) == received


def test_a_year_without_data_warns_and_is_never_guessed() -> None:
    """From December on the count reaches 2027, whose notice is not published: it says so on each of its days."""
    due = rules.due(CALENDAR, date(2026, 12, 24), 10)
    assert due.is_provisional
    assert not rules.due(CALENDAR, date(2026, 12, 1), 10).is_provisional
    shown = rules.counted(CALENDAR, {}, date(2026, 12, 24), due.on)
    assert {day.is_known for day in shown if day.on.year == 2026} == {True}
    assert {day.is_known for day in shown if day.on.year == 2027} == {False}


@pytest.mark.django_db
def test_a_provisional_clock_is_reckoned_anew_once_the_year_is_known(company: cast.Company) -> None:
    from yinuo.changes.actions import clock
    from yinuo.kit import actors

    story.know_years()
    customer = people.customer(company, "VW", "大众集团（示例）")
    received = date(2026, 12, 24)
    row = story.change(company, customer, received_on=received, now=story.at(received))
    assert row.is_provisional
    assert queries.clock(row, received, queries.Calendars()).unknown == [2027]
    org.CalendarYear.objects.create(year=2027, source="国务院", loaded_at=cast.NOW)
    org.CalendarDay.objects.create(day=date(2027, 1, 1), is_working=False, name_zh="元旦")
    org.CalendarStamp.objects.update_or_create(pk=1, defaults={"token": "another"})
    was = row.due_on
    assert clock.set_anew(by=actors.PROGRAM, now=cast.NOW) == 1
    row.refresh_from_db()
    assert (row.is_provisional, row.due_on) == (False, was + DAY if was.weekday() < 4 else was + 3 * DAY)
    assert org_queries.calendar(None).is_known(received, row.due_on)
