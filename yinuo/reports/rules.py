"""Pure reckoning: what a case or a task counts for, quantiles from buckets, weeks and what changed between them; the
columns of the board and whose share of the work is how large."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yinuo.org.rules import Calendar
from yinuo.reports.definition import (
    BUCKET_HOURS,
    COMPLETED,
    CUTS,
    HELD,
    ITEMS,
    POINTS,
    REOPENED,
    TERMINATED,
    TOOK,
    Account,
    CaseFacts,
    Column,
    Key,
    Measure,
    Result,
    Sum,
    Sums,
    TaskFacts,
)

# What counts for what -------------------------------------------------------------------------------------------------


def of_case(case: CaseFacts, calendar: Calendar) -> Sums:
    """What a case counts for: the day it was registered, and the day it ended if it is over."""
    place = (case.site_id, case.scope_id)
    found = {Key(Measure.REGISTERED, calendar.day_of(case.registered_at), "", 0, *place): Sum(1)}
    if case.ended_at is not None:
        way = TERMINATED if case.is_terminated else COMPLETED
        found[Key(Measure.ENDED, calendar.day_of(case.ended_at), way, 0, *place)] = Sum(1)
    return found


def of_open_task(task: TaskFacts) -> Sums:
    """What a task counts for while it is open."""
    return {Key(Measure.WAITING, None, task.step, 0, task.site_id, task.scope_id): Sum(1)}


def of_task(task: TaskFacts, calendar: Calendar) -> Sums:
    """What a task counts for: waiting while it is open, then the time it took, and that it was late.

    Tasks that were no longer needed took no time, but were overdue as long as they were.
    """
    if task.closed_at is None:
        return of_open_task(task)
    place = (task.site_id, task.scope_id)
    found: Sums = {}
    closed_on = calendar.day_of(task.closed_at)
    if not task.is_cancelled:
        seconds = seconds_of(task, task.closed_at, calendar)
        add(found, Key(Measure.WORKED, monday_of(closed_on), task.step, bucket_of(seconds), *place), Sum(1, seconds))
    if task.due_at is not None and task.due_at < task.closed_at:
        add(found, Key(Measure.LATE, calendar.day_of(task.due_at), "", 0, *place), Sum(1))
        add(found, Key(Measure.LATE, closed_on, "", 0, *place), Sum(-1))
    return found


def seconds_of(task: TaskFacts, closed_at: datetime, calendar: Calendar) -> int:
    """The working time from opening to closing, without what the run was on hold."""
    time = calendar.working_time_between(task.opened_at, closed_at)
    for starts, ends in task.held:
        until = min(ends or closed_at, closed_at)
        time -= calendar.working_time_between(max(starts, task.opened_at), until)
    return max(int(time.total_seconds()), 0)


def add(sums: Sums, key: Key, more: Sum) -> None:
    """Add to a sum; what comes to nothing is left out."""
    was = sums.get(key, Sum(0))
    total = Sum(was.amount + more.amount, was.seconds + more.seconds)
    if total == Sum(0):
        sums.pop(key, None)
    else:
        sums[key] = total


def difference(after: Mapping[Key, Sum], before: Mapping[Key, Sum]) -> Sums:
    """What must be added to `before` to get `after`."""
    found: Sums = dict(after)
    for key, was in before.items():
        add(found, key, Sum(-was.amount, -was.seconds))
    return found


def total(parts: Iterable[Mapping[Key, Sum]]) -> Sums:
    """Several sums in one."""
    found: Sums = {}
    for part in parts:
        for key, each in part.items():
            add(found, key, each)
    return found


def of_account(account: Account) -> Sums:
    """What a request counts for in each cut of the statistics: in the month it came, and in the month it ended."""
    found: Sums = {}
    whose = (
        [str(account.customer_id)],
        [str(account.department_id or "")],
        [account.kind],
        account.topics.split(),
        account.products.split(),
    )
    for cut, members in zip(CUTS, whose, strict=True):
        for member in members:
            for month, figure, more, bucket in _figures_of(account):
                add(found, Key(cut, month, f"{figure}/{member}", bucket, account.site_id, account.scope_id), more)
    return found


def _figures_of(account: Account) -> Iterator[tuple[date, str, Sum, int]]:
    """Month, figure, how many with their time, and the bucket of it."""
    yield account.month, account.standing, Sum(1), 0
    yield account.month, ITEMS, Sum(account.items), 0
    if account.reopened:
        yield account.month, REOPENED, Sum(1), 0
    if account.ended_month is None:
        return
    yield account.ended_month, account.result, Sum(1), 0
    if account.result in (Result.TERMINATED, Result.MERGED):
        return
    yield account.ended_month, TOOK, Sum(1, account.seconds), bucket_of(account.seconds)
    if account.held_seconds:
        yield account.ended_month, HELD, Sum(1, account.held_seconds), 0
    if account.timely:
        yield account.ended_month, account.timely, Sum(1), 0


def points(counts: Mapping[str, int]) -> int:
    """How heavy what happened in an area weighs."""
    return sum(each * counts.get(figure, 0) for figure, each in POINTS.items())


def keys(found: Iterable[object], most: int = 12) -> str:
    """Keys between blanks, in their order, as `Account` keeps them."""
    chosen = [str(each) for each in found][:most]
    return f" {' '.join(chosen)} " if chosen else ""


def result_of(*, is_merged: bool, is_terminated: bool, items: Iterable[tuple[str, str, str]]) -> Result:
    """How a request ended, by its items as (verdict, alternative, customer's decision): the least good one tells."""
    if is_merged:
        return Result.MERGED
    if is_terminated:
        return Result.TERMINATED
    found = Result.ASKED
    for verdict, alternative, answer in items:
        if verdict == "cannot" and answer not in ("accepted", "waived"):
            return Result.REFUSED
        if answer in ("accepted", "waived") or (alternative and answer != "rejected"):
            found = Result.ALTERNATIVE
    return found


# Durations ------------------------------------------------------------------------------------------------------------

HOUR = 3600
EDGES = [int(hours * HOUR) for hours in BUCKET_HOURS]


def bucket_of(seconds: int) -> int:
    """The bucket in which a duration is counted; each reaches up to its edge inclusive."""
    return bisect_left(EDGES, seconds)


def quantile(buckets: Mapping[int, int], share: float) -> float:
    """The duration in seconds that so large a share of the counted ones did not exceed, evenly spread within a bucket.

    0 when nothing is counted. What lies beyond the last edge is told as that edge.
    """
    wanted = share * sum(buckets.values())
    if wanted <= 0:
        return 0.0
    seen = 0.0
    for bucket in sorted(buckets):
        count = buckets[bucket]
        if count > 0 and seen + count >= wanted:
            low = EDGES[bucket - 1] if bucket else 0
            high = EDGES[min(bucket, len(EDGES) - 1)]
            return low + (high - low) * (wanted - seen) / count
        seen += count
    return float(EDGES[-1])


@dataclass(frozen=True)
class Taken:
    """How long a step took: how many were finished, their mean and the 90 % quantile, in working seconds."""

    count: int
    mean: float
    ninety: float


def taken(sums: Mapping[int, Sum]) -> Taken | None:
    """From the sums by bucket; None when nothing was finished."""
    count = sum(each.amount for each in sums.values())
    if count <= 0:
        return None
    mean = sum(each.seconds for each in sums.values()) / count
    return Taken(count, mean, quantile({bucket: each.amount for bucket, each in sums.items()}, 0.9))


def seconds_of_day(calendar: Calendar) -> float:
    """The working time of a usual working day."""
    days = [stretches for stretches in calendar.week.values() if stretches]
    spent = sum((end.hour - start.hour) * 3600 + (end.minute - start.minute) * 60 for day in days for start, end in day)
    return spent / len(days)


# Weeks ----------------------------------------------------------------------------------------------------------------

WEEK = timedelta(days=7)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def weeks(today: date, count: int) -> list[tuple[date, date]]:
    """The last `count` stretches of seven days, the oldest first; the last one ends today."""
    return [(today - WEEK * back - timedelta(days=6), today - WEEK * back) for back in reversed(range(count))]


def flow(by_day: Mapping[date, int], stretches: Iterable[tuple[date, date]]) -> list[int]:
    """How many fall into each stretch of days."""
    return [sum(n for day, n in by_day.items() if first <= day <= last) for first, last in stretches]


def stock(now: int, changes: Mapping[date, int], ends: Iterable[date]) -> list[int]:
    """How many there were at the end of each day, going back from how many there are now."""
    return [max(now - sum(n for day, n in changes.items() if day > end), 0) for end in ends]


# Months ---------------------------------------------------------------------------------------------------------------


def months_back(month: date, count: int) -> date:
    """The first of the month that lies so many months before."""
    number = month.year * 12 + month.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def months_of(first: date, last: date) -> list[date]:
    """Each month from the first to the last."""
    found = [first]
    while found[-1] < last:
        found.append(months_back(found[-1], -1))
    return found


# The board ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Span:
    """A column of the board with the days it holds; what is overdue and what comes later have no such bound."""

    column: Column
    first: date | None = None
    last: date | None = None


def spans(today: date, calendar: Calendar) -> list[Span]:
    """The columns of a day: overdue, today, the next working day, the rest of this week, the next week, later.

    What falls on days off before the next working day is looked at on that day. Weeks without a day left are left out.
    """
    following = calendar.working_day(today, 1)
    sunday = monday_of(today) + timedelta(days=6)
    found = [
        Span(Column.LATE),
        Span(Column.TODAY, today, today),
        Span(Column.NEXT, today + timedelta(days=1), following),
    ]
    for column, last in ((Column.WEEK, sunday), (Column.NEXT_WEEK, sunday + WEEK)):
        if following < last:
            first = max(found[-1].last or today, following) + timedelta(days=1)
            found.append(Span(column, first, last))
    return [*found, Span(Column.LATER)]


def place_of(due_on: date | None, is_late: bool, columns: Sequence[Span]) -> int:
    """Which column something stands in; without a due day it comes later."""
    if is_late:
        return 0
    for at, span in enumerate(columns):
        if due_on is not None and span.last is not None and due_on <= span.last:
            return at
    return len(columns) - 1


def covered(from_on: date, to_on: date, columns: Sequence[Span]) -> tuple[int, int] | None:
    """From which column to before which a stretch of days reaches; None when it lies in no column with days."""
    touched = [
        at
        for at, span in enumerate(columns)
        if span.first is not None and span.last is not None and from_on <= span.last and span.first <= to_on
    ]
    if touched and columns[touched[-1] + 1].last is None and to_on > (columns[touched[-1]].last or to_on):
        touched.append(touched[-1] + 1)  # it reaches into later
    return (touched[0], touched[-1] + 1) if touched else None


def shares(capacities: Sequence[int], tasks: int) -> list[float]:
    """How many of the tasks would be each one's by their capacity (0: somebody who is away)."""
    whole = sum(capacities)
    return [tasks * capacity / whole if whole else 0.0 for capacity in capacities]
