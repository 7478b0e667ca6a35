"""Pure decisions of the organisation: whether held roles allow something, who stands in for whom, working time."""

import calendar as calendars
import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

from yinuo.org import definition

# Rights ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RoleHeld:
    """A role somebody holds, for one site or (None) for all."""

    role: str
    site_id: int | None = None


@dataclass(frozen=True)
class Rights:
    """What somebody may do and which confidential scopes they are named in."""

    roles: tuple[RoleHeld, ...] = ()
    scope_ids: frozenset[int] = frozenset()

    def roles_with(self, permission: str) -> list[RoleHeld]:
        """The roles held that carry the permission."""
        return [
            held
            for held in self.roles
            if held.role in definition.ROLES and permission in definition.ROLES[held.role].permissions
        ]

    def sites_for(self, permission: str) -> set[int] | None:
        """The sites for which the permission is held; None when for all."""
        sites = {held.site_id for held in self.roles_with(permission)}
        return None if None in sites else {site for site in sites if site is not None}

    def allow(self, permission: str, *, scope_id: int | None = None, site_id: int | None = None) -> bool:
        """Whether the permission is held for a row of this scope and site (None: a row without one)."""
        if not self.roles_with(permission):
            return False
        if scope_id is not None and scope_id not in self.scope_ids:
            return False
        sites = self.sites_for(permission)
        return sites is None or site_id is None or site_id in sites


# Delegation -----------------------------------------------------------------------------------------------------------


def stand_in(person_id: int, delegates: Mapping[int, int | None]) -> int | None:
    """Who acts for a person, given whom everybody absent named (None: nobody).

    A delegate who is absent as well passes it on. None when the chain ends with nobody or runs in a circle, and when
    the person is not absent at all.
    """
    seen = set()
    current: int | None = person_id
    while current is not None and current in delegates:
        if current in seen:
            return None
        seen.add(current)
        current = delegates[current]
    return None if current == person_id else current


def would_circle(above: Mapping[int, int | None], row: int, new: int | None) -> bool:
    """Whether putting `row` below `new` makes a circle, given what stands above each row (departments, superiors)."""
    seen = set()
    while new is not None and new not in seen:
        if new == row:
            return True
        seen.add(new)
        new = above.get(new)
    return False


# Time bars ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bar:
    """Where a stretch of time lies on a line from the first to the last, in per mille of its length."""

    start: int
    width: int
    is_open: bool


def bars(stretches: Sequence[tuple[date, date | None]], today: date) -> list[Bar]:
    """Each stretch of days (open ones until today) on one common line."""
    if not stretches:
        return []
    ends = [max(to_on or today, from_on) for from_on, to_on in stretches]
    first, last = min(from_on for from_on, _to_on in stretches), max(today, *ends)
    whole = (last - first).days + 1
    found = []
    for (from_on, to_on), end in zip(stretches, ends, strict=True):
        start = (from_on - first).days * 1000 // whole
        found.append(Bar(start, max(((end - first).days + 1) * 1000 // whole - start, 8), to_on is None))
    return found


def bar_within(from_on: date, to_on: date, first: date, last: date) -> Bar:
    """Where days from-to lie between the first and the last day of a line."""
    whole = (last - first).days + 1
    start = (from_on - first).days * 1000 // whole
    return Bar(start, ((to_on - first).days + 1) * 1000 // whole - start, False)


# Secrets --------------------------------------------------------------------------------------------------------------

PIN_LENGTHS = range(6, 13)


def token_digest(token: str) -> str:
    """What is stored of a link's token (it is long and random, so a plain hash suffices)."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_trivial_pin(pin: str, *, known: str = "") -> bool:
    """Whether a signing PIN could be guessed: one digit or a short group over and over, a run up or down, or part of
    a number that colleagues know (`known`: employee number, phone)."""
    repeats = any(pin == (pin[:length] * len(pin))[: len(pin)] for length in range(1, 4))
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return repeats or steps in ({1}, {9}) or pin in known


# Working time ---------------------------------------------------------------------------------------------------------

Stretch = tuple[time, time]
Week = Mapping[int, tuple[Stretch, ...]]  # weekday (0 = Monday) → stretches of working time in order

USUAL_DAY: tuple[Stretch, ...] = ((time(8, 30), time(12, 0)), (time(13, 0), time(17, 30)))
USUAL_WEEK: Week = dict.fromkeys(range(5), USUAL_DAY)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Due:
    """A moment by which something is due. `provisional` (暂定): it reaches a year whose holidays are not known yet."""

    at: datetime
    provisional: bool


@dataclass(frozen=True, eq=False)
class Calendar:
    """When a site works.

    The weekly hours say which weekdays are worked and when; `exceptions` turns single days into working days (make-up
    days 调休, Saturday shifts) or days off (holidays). Moments given must be aware; moments returned are UTC or the one
    given. Days are days of the site (`zone`).
    """

    zone: ZoneInfo
    week: Week
    exceptions: Mapping[date, bool]
    known_years: frozenset[int]

    def __post_init__(self) -> None:
        if not any(self.week.values()):
            raise ValueError("a calendar needs at least one weekday with working hours")

    # Days

    def day_of(self, at: date | datetime) -> date:
        """The site's day of a moment; a day is itself."""
        return at.astimezone(self.zone).date() if isinstance(at, datetime) else at

    def is_working_day(self, day: date | datetime) -> bool:
        """Whether the site works on that day."""
        day = self.day_of(day)
        return self.exceptions.get(day, bool(self.week.get(day.weekday())))

    def working_day(self, day: date | datetime, n: int) -> date:
        """The n-th working day after a day (before it, when n is negative); for 0 the day itself or the next one."""
        current = self.day_of(day)
        if n == 0:
            return current if self.is_working_day(current) else self.working_day(current, 1)
        step = ONE_DAY if n > 0 else -ONE_DAY
        left = abs(n)
        while left:
            current += step
            left -= self.is_working_day(current)
        return current

    def working_days_between(self, a: date | datetime, b: date | datetime) -> int:
        """How many working days lie after the day of `a` up to and including the day of `b`; negative if b is before a.

        The inverse of adding: `working_days_between(start, working_day(start, n)) == n`.
        """
        first, last = self.day_of(a), self.day_of(b)
        if last < first:
            return -self.working_days_between(last, first)
        weeks, rest = divmod((last - first).days, 7)
        begin = first.weekday()
        usual = weeks * len(self._worked) + sum((begin + n) % 7 in self._worked for n in range(1, rest + 1))
        days, sums = self._more_or_less
        return usual + sums[bisect_right(days, last)] - sums[bisect_right(days, first)]

    @cached_property
    def _worked(self) -> frozenset[int]:
        """The weekdays that are usually worked."""
        return frozenset(weekday for weekday, hours in self.week.items() if hours)

    @cached_property
    def _more_or_less(self) -> tuple[list[date], list[int]]:
        """The exceptional days in order, and by how many working days the first n of them differ from usual days."""
        days = sorted(self.exceptions)
        differences = (int(self.exceptions[day]) - (day.weekday() in self._worked) for day in days)
        return days, [0, *accumulate(differences)]

    def is_known(self, a: date | datetime, b: date | datetime) -> bool:
        """Whether the holidays and make-up days of every year from `a` to `b` are known."""
        years = sorted((self.day_of(a).year, self.day_of(b).year))
        return all(year in self.known_years for year in range(years[0], years[1] + 1))

    # Moments

    def stretches(self, day: date) -> list[tuple[datetime, datetime]]:
        """The stretches of working time of a day, in UTC and in order; none on a day off.

        A make-up day on a weekday that is usually free is worked like the week's first working day.
        """
        if not self.is_working_day(day):
            return []
        hours = self.week.get(day.weekday()) or next(self.week[w] for w in sorted(self.week) if self.week[w])
        return [
            (
                datetime.combine(day, starts, self.zone).astimezone(UTC),
                datetime.combine(day, ends, self.zone).astimezone(UTC),
            )
            for starts, ends in hours
        ]

    def opening(self, day: date) -> datetime:
        """When work begins on a working day."""
        return self.stretches(day)[0][0]

    def closing(self, day: date) -> datetime:
        """When work ends on a working day."""
        return self.stretches(day)[-1][1]

    def is_working_moment(self, at: datetime) -> bool:
        """Whether the site works at that moment."""
        return any(starts <= at < ends for starts, ends in self.stretches(self.day_of(at)))

    def next_working_moment(self, at: datetime) -> datetime:
        """The moment itself within working time, else the next beginning of work."""
        for starts, ends in self._stretches_from(at):
            if at < ends:
                return max(at, starts)
        raise AssertionError("work never begins again")  # pragma: no cover - a calendar always has a working weekday

    # Due moments

    def add_working_days(self, start: datetime, n: int) -> Due:
        """Due at the end of work on the n-th working day after the day of `start` (which is not counted itself).

        0 means the end of today's work, or of the next working day when today is over or free. A negative n counts
        backwards (for reminders before a due moment).
        """
        day = self.working_day(start, n)
        if n == 0 and start > self.closing(day):
            day = self.working_day(day, 1)
        return Due(self.closing(day), not self.is_known(start, day))

    def add_working_hours(self, start: datetime, hours: float) -> Due:
        """Due after so many hours of working time from `start` on (fractions count; not negative)."""
        left = timedelta(hours=float(hours))
        if left < timedelta(0):
            raise ValueError("working hours to add must not be negative")
        for starts, ends in self._stretches_from(start):
            begin = max(start, starts)
            if begin > ends:
                continue
            if left <= ends - begin:
                return Due(begin + left, not self.is_known(start, begin + left))
            left -= ends - begin
        raise AssertionError("work never begins again")  # pragma: no cover - as above

    def working_time_between(self, a: datetime, b: datetime) -> timedelta:
        """How much working time lies between two moments; nothing if b is not after a."""
        total = timedelta(0)
        if b <= a:
            return total
        for starts, ends in self._stretches_from(a):
            if starts >= b:
                break
            total += max(min(ends, b) - max(starts, a), timedelta(0))
        return total

    def overdue_working_days(self, due_at: datetime, now: datetime) -> int:
        """By how many working days something is overdue; 0 when it is not, or since today."""
        return max(self.working_days_between(due_at, now), 0) if now > due_at else 0

    def _stretches_from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = self.day_of(at)
        while True:
            yield from self.stretches(day)
            day += ONE_DAY


def calendar_of(
    zone: str,
    *,
    company_week: Week,
    site_week: Week,
    company_days: Mapping[date, bool],
    site_days: Mapping[date, bool],
    known_years: frozenset[int],
) -> Calendar:
    """A site's calendar: its own week, else the company's, else Monday to Friday; its own days over the company's."""
    return Calendar(
        zone=ZoneInfo(zone),
        week=site_week or company_week or USUAL_WEEK,
        exceptions={**company_days, **site_days},
        known_years=known_years,
    )


@dataclass(frozen=True)
class Special:
    """Neighbouring days that differ from the week in the same way, under the names they bear."""

    first: date
    last: date
    is_working: bool
    source: str
    names: tuple[str, ...]


def specials(days: Sequence[tuple[date, bool, str, str]]) -> list[Special]:
    """Days in order (day, worked or not, whose word it is, name) as stretches; remarks in brackets are left out."""
    found: list[Special] = []
    for day, is_working, source, name in days:
        short = (name.partition("（")[0].partition(" (")[0],)
        last = found[-1] if found else None
        if last and last.last + ONE_DAY == day and (last.is_working, last.source) == (is_working, source):
            names = tuple(dict.fromkeys(last.names + short))
            found[-1] = Special(last.first, day, is_working, source, names)
        else:
            found.append(Special(day, day, is_working, source, short))
    return found


@dataclass(frozen=True)
class DayShown:
    """A day in a month's grid."""

    day: date
    is_working: bool
    is_exception: bool


@dataclass(frozen=True)
class Month:
    """A month in weeks of seven from Monday; None where another month's days would stand."""

    first: date
    weeks: tuple[tuple[DayShown | None, ...], ...]

    @property
    def days(self) -> list[DayShown]:
        return [day for week in self.weeks for day in week if day is not None]


def months_of(calendar: Calendar, year: int) -> list[Month]:
    """The twelve months of a year as a calendar shows them."""
    grid = calendars.Calendar()
    return [
        Month(
            date(year, month, 1),
            tuple(
                tuple(
                    DayShown(day, calendar.is_working_day(day), day in calendar.exceptions)
                    if day.month == month
                    else None
                    for day in week
                )
                for week in grid.monthdatescalendar(year, month)
            ),
        )
        for month in range(1, 13)
    ]
