"""The clock of a change, as pure arithmetic over days: its start, when it is due, each day counted, how it stands.

The day on which it starts is not counted; day 1 is the first working day after it. In a year whose holidays nobody
has entered yet the count is provisional: it says so, and does not guess.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from yinuo.org import rules as org_rules

MOST_DAYS = 10  # IATF 16949, 7.5.3.2.2: no company gives itself more
ONE_DAY = timedelta(days=1)
LONGEST = 120  # days that a count shows: what is overdue for months needs no longer list


class Start(StrEnum):
    """From which day the clock is counted."""

    EARLIEST = "earliest"
    NOTIFIED = "notified"
    RECEIVED = "received"
    PUBLISHED = "published"


def started_on(start: str, *, published: date | None, notified: date | None, received: date) -> date:
    """The day on which the clock starts. A day that the rule asks for and nobody knows is replaced by the receipt."""
    if start == Start.EARLIEST:
        return min(notified or received, received)
    named = {Start.NOTIFIED: notified, Start.PUBLISHED: published}.get(Start(start))
    return named or received


@dataclass(frozen=True)
class Due:
    """The last day on which it is in time. `is_provisional`: it reaches a year whose holidays are not known."""

    on: date
    is_provisional: bool


def due(calendar: org_rules.Calendar, started: date, days: int) -> Due:
    """The n-th working day after the day on which the clock started."""
    on = calendar.working_day(started, days)
    return Due(on, not calendar.is_known(started, on))


# Day by day -----------------------------------------------------------------------------------------------------------


class Kind(StrEnum):
    """What a day is."""

    WORKING = "working"
    MAKE_UP = "make_up"  # worked although the week says no (调休)
    WEEKEND = "weekend"
    HOLIDAY = "holiday"  # off although the week says yes, or a named day off


@dataclass(frozen=True)
class Day:
    """One day of a count. `number` runs over working days from 1; 0: not counted. `is_known`: its year is."""

    on: date
    kind: Kind
    number: int
    name: str = ""
    is_known: bool = True
    is_start: bool = False

    @property
    def is_working(self) -> bool:
        return self.kind in (Kind.WORKING, Kind.MAKE_UP)


def kind_of(calendar: org_rules.Calendar, on: date) -> Kind:
    """What a day is: by the week, or by what differs from it."""
    is_usual = bool(calendar.week.get(on.weekday()))
    if calendar.is_working_day(on):
        return Kind.WORKING if is_usual else Kind.MAKE_UP
    return Kind.HOLIDAY if is_usual or on in calendar.exceptions else Kind.WEEKEND


def counted(calendar: org_rules.Calendar, names: Mapping[date, str], started: date, until: date) -> list[Day]:
    """Each day from the start until a day, in order; no more than `LONGEST`."""
    days: list[Day] = []
    number, on = 0, started
    while on <= until and len(days) < LONGEST:
        kind = kind_of(calendar, on)
        is_counted = on > started and kind in (Kind.WORKING, Kind.MAKE_UP)
        number += is_counted
        name = names.get(on, "") if kind in (Kind.HOLIDAY, Kind.MAKE_UP) else ""
        is_known = on.year in calendar.known_years
        days.append(Day(on, kind, number if is_counted else 0, name, is_known, on == started))
        on += ONE_DAY
    return days


def weeks_of(days: list[Day]) -> list[list[Day | None]]:
    """Days in weeks of seven from Monday; None where none of them stands."""
    weeks: list[list[Day | None]] = []
    for day in days:
        if not weeks or day.on.weekday() == 0:
            weeks.append([None] * 7)
        weeks[-1][day.on.weekday()] = day
    return weeks


# How it stands --------------------------------------------------------------------------------------------------------


class State(StrEnum):
    """How a clock stands."""

    RUNNING = "running"
    SOON = "soon"  # five working days or fewer are left
    NEAR = "near"  # two or fewer
    TODAY = "today"
    LATE = "late"
    MET = "met"
    MET_LATE = "met_late"
    STOPPED = "stopped"  # the change was dropped


FIRST, SECOND = 5, 2  # working days before the due day on which people are reminded


@dataclass(frozen=True)
class Standing:
    """How a clock stands, and by how many working days: left, overdue, or used when it was met."""

    state: State
    days: int


def standing(
    calendar: org_rules.Calendar, *, started: date, due_on: date, reviewed_on: date | None, today: date,
    is_dropped: bool = False,
) -> Standing:  # fmt: skip
    """How the clock stands on a day."""
    if reviewed_on is not None:
        used = max(calendar.working_days_between(started, reviewed_on), 0)
        return Standing(State.MET if reviewed_on <= due_on else State.MET_LATE, used)
    if is_dropped:
        return Standing(State.STOPPED, 0)
    if today > due_on:
        # Overdue from the day after the due day; a weekend right behind it counts no working day yet.
        return Standing(State.LATE, calendar.working_days_between(due_on, today))
    if today == due_on:
        return Standing(State.TODAY, 0)
    left = calendar.working_days_between(today, due_on)
    if left <= SECOND:
        return Standing(State.NEAR, left)
    return Standing(State.SOON if left <= FIRST else State.RUNNING, left)


# Reminders ------------------------------------------------------------------------------------------------------------


class Occasion(StrEnum):
    """On what people are told of a due day, each once."""

    FIRST = "t5"
    SECOND = "t2"
    TODAY = "t0"
    LATE = "late"


def occasions(calendar: org_rules.Calendar, started: date, due_on: date) -> dict[Occasion, date]:
    """On which day each occasion is. A term too short for one of them goes without it."""
    found = {
        Occasion.FIRST: calendar.working_day(due_on, -FIRST),
        Occasion.SECOND: calendar.working_day(due_on, -SECOND),
        Occasion.TODAY: due_on,
        Occasion.LATE: calendar.working_day(due_on, 1),
    }
    return {key: on for key, on in found.items() if on > started}


def to_tell(
    calendar: org_rules.Calendar, started: date, due_on: date, today: date, told: Collection[str]
) -> Occasion | None:
    """The occasion of which people are to be told today, if they were not told of it or of a later one.

    Of several that have passed only the last is told: nobody gets two messages about one change at once.
    """
    passed = [key for key, on in occasions(calendar, started, due_on).items() if on <= today]
    last = passed[-1] if passed else None
    return last if last is not None and last not in told else None


# Implemented and verified ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Applied:
    """How far a change is at one product and site."""

    state: str
    implemented_on: date | None = None
    verified_on: date | None = None


def reached_on(applied: Collection[Applied], *, verified: bool) -> date | None:
    """The day on which a change was implemented (verified) everywhere; None as long as it is not, or nowhere named.

    Where it does not apply nothing is to be done: the day on which that was said counts for both.
    """
    days = [each.verified_on if verified else each.implemented_on for each in applied]
    return None if not days or None in days else max(day for day in days if day is not None)
