"""What pages reckon out: lines of time, stretches of special days, the months of a year."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from yinuo.org import rules

TODAY = date(2026, 3, 2)
days = st.dates(date(2000, 1, 1), TODAY)
stretches = st.lists(
    st.tuples(days, st.none() | days).filter(lambda each: each[1] is None or each[0] <= each[1]), min_size=1, max_size=8
)


@given(stretches)
def test_lines_of_time_stay_on_the_line_and_in_order(held: list[tuple[date, date | None]]) -> None:
    found = rules.bars(held, TODAY)
    assert all(0 <= bar.start <= 1000 and bar.width >= 8 for bar in found)
    assert all(bar.start + bar.width <= 1000 + 8 for bar in found)
    by_start = sorted(range(len(held)), key=lambda n: held[n][0])
    assert [found[n].start for n in by_start] == sorted(bar.start for bar in found)
    assert [bar.is_open for bar in found] == [to_on is None for _from, to_on in held]


def test_no_time_no_line() -> None:
    assert rules.bars([], TODAY) == []
    whole = rules.bars([(date(2026, 1, 1), None)], TODAY)
    assert (whole[0].start, whole[0].width) == (0, 1000)


def test_days_lie_where_they_are_on_a_line() -> None:
    first, last = TODAY, TODAY + timedelta(days=9)
    assert rules.bar_within(first, first, first, last) == rules.Bar(0, 100, False)
    assert rules.bar_within(first + timedelta(days=5), last, first, last) == rules.Bar(500, 500, False)


def test_neighbouring_days_of_one_kind_are_told_as_a_stretch() -> None:
    told = rules.specials(
        [
            (date(2026, 2, 14), True, "state", "调休上班"),
            (date(2026, 2, 15), False, "state", "节日连休"),
            (date(2026, 2, 16), False, "state", "农历除夕"),
            (date(2026, 2, 17), False, "state", "春节"),
            (date(2026, 2, 18), False, "state", "春节（补假）"),
            (date(2026, 2, 19), False, "company", "停线"),
            (date(2026, 4, 5), False, "state", "清明节"),
        ]
    )
    assert [(each.first.day, each.last.day, each.names) for each in told] == [
        (14, 14, ("调休上班",)),
        (15, 18, ("节日连休", "农历除夕", "春节")),
        (19, 19, ("停线",)),
        (5, 5, ("清明节",)),
    ]


@given(st.integers(2001, 2099))
def test_a_year_has_each_of_its_days_once(year: int) -> None:
    calendar = rules.Calendar(ZoneInfo("Asia/Shanghai"), rules.USUAL_WEEK, {date(year, 5, 1): False}, frozenset())
    shown = [day.day for month in rules.months_of(calendar, year) for day in month.days]
    assert shown == [date(year, 1, 1) + timedelta(days=n) for n in range(len(shown))]
    assert shown[-1] == date(year, 12, 31)
    assert all(len(week) == 7 for month in rules.months_of(calendar, year) for week in month.weeks)
