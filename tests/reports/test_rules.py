"""Quantiles from buckets, weeks, sums: laws instead of examples."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from yinuo.org.rules import USUAL_WEEK, calendar_of
from yinuo.reports import rules
from yinuo.reports.definition import Key, Measure, Stretch, Sum, TaskFacts
from yinuo.reports.engine import drawing

CALENDAR = calendar_of(
    "Asia/Shanghai", company_week=USUAL_WEEK, site_week={}, company_days={}, site_days={}, known_years=frozenset()
)
durations = some.lists(some.integers(0, rules.EDGES[-1]), min_size=1, max_size=60)
keys = some.builds(
    Key,
    measure=some.sampled_from(Measure),
    on=some.sampled_from([None, date(2026, 3, 2), date(2026, 3, 3)]),
    what=some.sampled_from(["", "s5/plan"]),
    bucket=some.integers(0, 2),
    site_id=some.none(),
    scope_id=some.sampled_from([None, 1]),
)
sums = some.dictionaries(keys, some.builds(Sum, some.integers(-5, 5).filter(bool), some.integers(0, 9)), max_size=12)


@given(durations)
def test_a_quantile_lies_in_the_bucket_of_the_true_one(found: list[int]) -> None:
    buckets: dict[int, int] = {}
    for seconds in found:
        buckets[rules.bucket_of(seconds)] = buckets.get(rules.bucket_of(seconds), 0) + 1
    true = sorted(found)[max(-(-9 * len(found) // 10) - 1, 0)]
    told = rules.quantile(buckets, 0.9)
    assert rules.bucket_of(true) - 1 <= rules.bucket_of(round(told)) <= rules.bucket_of(true)


@given(sums, sums)
def test_a_difference_added_gives_what_is_wanted(after: dict[Key, Sum], before: dict[Key, Sum]) -> None:
    assert rules.total([before, rules.difference(after, before)]) == after


def test_of_nothing_there_is_no_time() -> None:
    assert rules.quantile({}, 0.9) == 0
    assert rules.taken({}) is None
    assert rules.taken({0: Sum(0)}) is None


def test_weeks_end_today() -> None:
    assert rules.weeks(date(2026, 3, 4), 2) == [
        (date(2026, 2, 19), date(2026, 2, 25)),
        (date(2026, 2, 26), date(2026, 3, 4)),
    ]


def test_a_stock_goes_back_from_now() -> None:
    assert rules.stock(5, {date(2026, 3, 3): 2, date(2026, 3, 4): -1}, [date(2026, 3, 2), date(2026, 3, 4)]) == [4, 5]


def task(hours: float, *held: Stretch) -> TaskFacts:
    opened = datetime.fromisoformat("2026-03-02T09:00+08:00")
    return TaskFacts("s5/plan", opened, None, opened + timedelta(hours=hours), False, None, None, held)


def test_the_night_is_no_working_time_and_a_hold_is_not_ours() -> None:
    begin = datetime.fromisoformat("2026-03-02T10:00+08:00")
    for it, seconds in (
        (task(1), 3600),
        (task(24), 8 * 3600),
        (task(24, (begin, begin + timedelta(hours=1))), 7 * 3600),
        (task(2, (begin, None)), 3600),
    ):
        (found,) = rules.of_task(it, CALENDAR).values()
        assert found == Sum(1, seconds)


def test_a_task_no_longer_needed_took_no_time_but_was_overdue() -> None:
    opened = datetime.fromisoformat("2026-03-02T09:00+08:00")
    closed = opened + timedelta(days=3)
    it = TaskFacts("s5/plan", opened, opened + timedelta(days=1), closed, True, None, None)
    assert {(key.measure, key.on): each.amount for key, each in rules.of_task(it, CALENDAR).items()} == {
        (Measure.LATE, date(2026, 3, 3)): 1,
        (Measure.LATE, date(2026, 3, 5)): -1,
    }


def test_a_usual_day_has_eight_hours() -> None:
    assert rules.seconds_of_day(CALENDAR) == 8 * 3600


def test_drawings_say_in_words_what_they_show() -> None:
    spark = drawing.sparkline([0, 2, 1], id="a", title="在办 <b>", description="0, 2, 1")
    assert "在办 &lt;b&gt;" in spark
    assert 'aria-labelledby="a-title a-words"' in spark
    assert drawing.sparkline([0], id="a", title="", description="").count("circle") == 1
    assert "bar-tick" not in drawing.bar(1, 2, most=0)
    assert 'width="232.0"' in drawing.bar(0, 3, most=3)
