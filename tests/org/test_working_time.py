"""Working time obeys its laws, and agrees with a plain count of days and minutes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yinuo.org import rules

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
KNOWN = frozenset({2025, 2026})
FIRST, LAST = date(2025, 6, 1), date(2026, 10, 31)

# Spring Festival 2026 as published: nine days off from Sunday 15 February, 14 and 28 February worked.
SPRING_2026 = {
    **{date(2026, 2, day): False for day in range(15, 24)},
    date(2026, 2, 14): True,
    date(2026, 2, 28): True,
}
PLAIN = rules.Calendar(SHANGHAI, rules.USUAL_WEEK, SPRING_2026, KNOWN)

stretches = st.sampled_from(
    [
        rules.USUAL_DAY,
        ((time(8), time(20)),),
        ((time(6), time(9)), (time(9, 30), time(12)), (time(18), time(23, 59))),
        ((time(1, 30), time(4)),),  # around the hour that clocks change
    ]
)


@st.composite
def calendars(draw: st.DrawFn) -> rules.Calendar:
    worked = draw(st.sets(st.integers(0, 6), min_size=1))
    exceptions = draw(st.dictionaries(st.dates(FIRST, LAST), st.booleans(), max_size=60))
    week = {weekday: draw(stretches) for weekday in worked}
    return rules.Calendar(draw(st.sampled_from([SHANGHAI, BERLIN])), week, exceptions, KNOWN)


moments = st.datetimes(datetime(2025, 7, 1), datetime(2026, 6, 30), timezones=st.just(UTC))
minutes = st.integers(0, 6000)


def in_shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def counted(calendar: rules.Calendar, start: datetime, n: int) -> date:
    """The n-th working day after a day, counted with one's fingers."""
    day = start.astimezone(calendar.zone).date()
    while n:
        day += timedelta(days=1)
        is_exception = day in calendar.exceptions
        if calendar.exceptions[day] if is_exception else bool(calendar.week.get(day.weekday())):
            n -= 1
    return day


# Laws -----------------------------------------------------------------------------------------------------------------


@given(calendars(), moments, st.integers(1, 40), st.integers(0, 40))
def test_adding_days_twice_is_adding_their_sum(calendar: rules.Calendar, start: datetime, n: int, m: int) -> None:
    once = calendar.add_working_days(calendar.add_working_days(start, n).at, m)
    assert once.at == calendar.add_working_days(start, n + m).at


@given(calendars(), moments, st.integers(0, 60))
def test_days_end_on_a_working_day_at_its_end_and_never_before_the_start(
    calendar: rules.Calendar, start: datetime, n: int
) -> None:
    due = calendar.add_working_days(start, n)
    assert due.at >= start
    assert calendar.is_working_day(due.at)
    assert due.at == calendar.closing(calendar.day_of(due.at))


@given(calendars(), moments, st.integers(1, 60))
def test_counting_inverts_adding(calendar: rules.Calendar, start: datetime, n: int) -> None:
    due = calendar.add_working_days(start, n).at
    assert calendar.working_days_between(start, due) == n
    assert calendar.working_days_between(due, start) == -n
    assert calendar.day_of(due) == counted(calendar, start, n)


@given(calendars(), st.dates(FIRST, LAST), st.integers(0, 400))
def test_days_in_between_agree_with_counting_each(calendar: rules.Calendar, first: date, n: int) -> None:
    last = first + timedelta(days=n)
    each = [calendar.is_working_day(first + timedelta(days=day)) for day in range(1, n + 1)]
    assert calendar.working_days_between(first, last) == sum(each)
    assert calendar.working_days_between(last, first) == -sum(each)


@given(calendars(), moments, st.integers(1, 40))
def test_counting_backwards_comes_back(calendar: rules.Calendar, start: datetime, n: int) -> None:
    due = calendar.add_working_days(start, n).at
    before = calendar.add_working_days(due, -n).at
    assert calendar.is_working_day(before)
    assert calendar.add_working_days(before, n).at == due


@given(calendars(), moments, minutes, minutes)
def test_adding_hours_twice_is_adding_their_sum(calendar: rules.Calendar, start: datetime, a: int, b: int) -> None:
    once = calendar.add_working_hours(calendar.add_working_hours(start, a / 60).at, b / 60)
    assert once.at == calendar.add_working_hours(start, (a + b) / 60).at


@given(calendars(), moments, minutes)
def test_the_working_time_in_between_inverts_adding_hours(calendar: rules.Calendar, start: datetime, a: int) -> None:
    due = calendar.add_working_hours(start, a / 60)
    assert due.at >= start
    assert calendar.working_time_between(start, due.at) == timedelta(minutes=a)


@given(calendars(), moments)
def test_the_next_working_moment_is_one_and_the_first(calendar: rules.Calendar, at: datetime) -> None:
    found = calendar.next_working_moment(at)
    assert found >= at
    assert calendar.is_working_moment(found)
    assert calendar.working_time_between(at, found) == timedelta(0)
    assert calendar.next_working_moment(found) == found


@settings(max_examples=25)
@given(calendars(), moments, st.integers(1, 1200))
def test_hours_agree_with_a_walk_minute_by_minute(calendar: rules.Calendar, start: datetime, wanted: int) -> None:
    start = start.replace(second=0, microsecond=0)
    at, worked = start, 0
    while worked < wanted:
        worked += calendar.is_working_moment(at)
        at += timedelta(minutes=1)
    assert calendar.add_working_hours(start, wanted / 60).at == at


# The real calendar ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ("2026-03-02 09:30", 1, "2026-03-03 17:30"),
        ("2026-03-02 09:30", 10, "2026-03-16 17:30"),
        ("2026-03-06 18:40", 1, "2026-03-09 17:30"),  # Friday evening: Monday
        ("2026-03-07 10:00", 1, "2026-03-09 17:30"),  # a Saturday: Monday is the first working day
        ("2026-02-13 10:00", 1, "2026-02-14 17:30"),  # Saturday 14 February is made up
        ("2026-02-13 10:00", 2, "2026-02-24 17:30"),  # then nine days of Spring Festival
        ("2026-02-27 10:00", 1, "2026-02-28 17:30"),
        ("2026-03-02 09:30", 0, "2026-03-02 17:30"),
        ("2026-03-02 17:31", 0, "2026-03-03 17:30"),
        ("2026-03-07 10:00", 0, "2026-03-09 17:30"),
        ("2026-03-09 17:30", -1, "2026-03-06 17:30"),
    ],
)
def test_days_around_spring_festival(start: str, n: int, due: str) -> None:
    assert PLAIN.add_working_days(in_shanghai(start), n) == rules.Due(in_shanghai(due), False)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-03-02 09:30", 2, "2026-03-02 11:30"),
        ("2026-03-02 11:00", 2, "2026-03-02 14:00"),  # the noon break does not count
        ("2026-03-02 16:30", 2, "2026-03-03 09:30"),
        ("2026-03-06 20:00", 0.5, "2026-03-09 09:00"),
        ("2026-02-14 17:00", 1, "2026-02-24 09:00"),
        ("2026-03-02 13:00", 4.5, "2026-03-02 17:30"),
    ],
)
def test_hours_of_work(start: str, hours: float, due: str) -> None:
    assert PLAIN.add_working_hours(in_shanghai(start), hours) == rules.Due(in_shanghai(due), False)


def test_a_due_moment_in_a_year_without_data_is_provisional() -> None:
    late = in_shanghai("2026-12-28 10:00")
    assert not PLAIN.add_working_days(late, 3).provisional
    assert PLAIN.add_working_days(late, 4).provisional
    assert PLAIN.add_working_hours(late, 40).provisional
    assert PLAIN.add_working_days(in_shanghai("2024-12-31 10:00"), 5).provisional


def test_overdue_counts_whole_working_days() -> None:
    due = in_shanghai("2026-02-14 17:30")
    assert PLAIN.overdue_working_days(due, in_shanghai("2026-02-14 17:29")) == 0
    assert PLAIN.overdue_working_days(due, in_shanghai("2026-02-20 12:00")) == 0
    assert PLAIN.overdue_working_days(due, in_shanghai("2026-02-25 09:00")) == 2


def test_two_hundred_receipts_over_two_years_agree_with_counting() -> None:
    for number in range(200):
        received = in_shanghai("2025-01-02 08:00") + timedelta(hours=number * 87.6)
        assert PLAIN.day_of(PLAIN.add_working_days(received, 10).at) == counted(PLAIN, received, 10)


def test_a_site_has_its_own_week_and_its_own_days() -> None:
    saturday, monday = date(2026, 3, 7), date(2026, 3, 9)
    site = rules.calendar_of(
        "Asia/Shanghai",
        company_week=rules.USUAL_WEEK,
        site_week=dict.fromkeys(range(6), rules.USUAL_DAY),
        company_days={**SPRING_2026, monday: False},
        site_days={monday: True},
        known_years=KNOWN,
    )
    assert site.is_working_day(saturday)
    assert site.is_working_day(monday)
    assert not site.is_working_day(date(2026, 2, 21))  # a Saturday inside the festival stays free
    assert not PLAIN.is_working_day(saturday)


def test_clocks_that_change_do_not_stretch_a_day() -> None:
    night = rules.Calendar(BERLIN, dict.fromkeys(range(7), ((time(0), time(6)),)), {}, KNOWN)
    before = datetime(2026, 3, 28, 23, tzinfo=BERLIN)  # clocks go forward on 29 March at 02:00
    assert night.working_time_between(before, before + timedelta(hours=10)) == timedelta(hours=5)


def test_a_week_without_work_is_no_calendar() -> None:
    with pytest.raises(ValueError, match="at least one weekday"):
        rules.Calendar(SHANGHAI, {0: ()}, {}, KNOWN)
    with pytest.raises(ValueError, match="negative"):
        PLAIN.add_working_hours(in_shanghai("2026-03-02 09:30"), -1)


# Standing in ----------------------------------------------------------------------------------------------------------


def test_a_delegate_who_is_away_passes_it_on() -> None:
    assert rules.stand_in(1, {1: 2}) == 2
    assert rules.stand_in(1, {1: 2, 2: 3}) == 3
    assert rules.stand_in(1, {1: 2, 2: None}) is None
    assert rules.stand_in(1, {1: 2, 2: 3, 3: 1}) is None
    assert rules.stand_in(1, {2: 3}) is None
    assert rules.stand_in(1, {1: 2, 2: 3, 3: 2}) is None


@given(st.dictionaries(st.integers(0, 8), st.none() | st.integers(0, 8)), st.integers(0, 8))
def test_whoever_stands_in_is_there(delegates: dict[int, int | None], person: int) -> None:
    found = rules.stand_in(person, delegates)
    assert found is None or (found not in delegates and found != person and person in delegates)


@given(st.dictionaries(st.integers(0, 6), st.integers(0, 6)), st.integers(0, 6), st.integers(0, 6))
def test_a_circle_is_seen_before_it_is_made(above: dict[int, int], row: int, new: int) -> None:
    tree: dict[int, int] = {}
    for child, parent in above.items():
        if not rules.would_circle(tree, child, parent):
            tree[child] = parent
    if rules.would_circle(tree, row, new):
        return
    tree[row] = new
    for start in tree:
        steps, current = 0, start
        while current in tree:
            current, steps = tree[current], steps + 1
            assert steps <= len(tree)
