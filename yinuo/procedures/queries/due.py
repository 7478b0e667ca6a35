"""Due moments and the reminders around them, through the site's calendar."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from yinuo.org import rules as org_rules
from yinuo.procedures.definition import shapes

# What the clock does at a moment: remind ahead, say that it is overdue, tell the superior, tell the engine.
AHEAD, OVERDUE, ESCALATED, TIME = "ahead", "overdue", "escalated", "time"


@dataclass(frozen=True)
class Nudge:
    """Something the clock does for a task at a moment; `index` says which rule of the step asks for it."""

    at: datetime
    kind: str
    index: int = 0

    def as_json(self) -> list[object]:
        return [self.at.isoformat(), self.kind, self.index]


def nudge_from(data: list[object]) -> Nudge:
    """The nudge that `as_json` wrote."""
    at, kind, index = data
    return Nudge(datetime.fromisoformat(str(at)), str(kind), int(str(index)))


def moment_of(text: str, calendar: org_rules.Calendar) -> datetime:
    """An ISO moment, or the beginning of an ISO day at the site."""
    if len(text) == len("2026-03-01"):
        return datetime.combine(date.fromisoformat(text), time(0), calendar.zone)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=calendar.zone)


def add(calendar: org_rules.Calendar, start: datetime, amount: float, unit: str) -> org_rules.Due:
    """The moment `amount` of a unit after `start`; before it when negative."""
    if unit == "working_days":
        return calendar.add_working_days(start, round(amount))
    if unit == "calendar_hours":
        at = start + timedelta(hours=amount)
        return org_rules.Due(at, provisional=False)
    if amount < 0:
        at = _working_hours_before(calendar, start, -amount)
        return org_rules.Due(at, not calendar.is_known(at, start))
    return calendar.add_working_hours(start, amount)


def _working_hours_before(calendar: org_rules.Calendar, at: datetime, hours: float) -> datetime:
    """The latest moment from which so many hours of working time lie before `at`."""
    left, day = timedelta(hours=hours), calendar.day_of(at)
    while True:
        for starts, ends in reversed(calendar.stretches(day)):
            end = min(ends, at)
            if end <= starts:
                continue
            if end - starts >= left:
                return end - left
            left -= end - starts
        day -= org_rules.ONE_DAY


def nudges(step: shapes.Step, due_at: datetime, calendar: org_rules.Calendar, now: datetime) -> list[Nudge]:
    """What the clock will do for a task of people: reminders still to come, overdue, escalations; in order.

    A reminder counted in working days comes when that day's work begins, "0 working days" on the day itself.
    """
    found = [Nudge(due_at, OVERDUE)]
    for index, span in enumerate(step.remind):
        if span.unit == "working_days":
            at = calendar.opening(calendar.working_day(due_at, -round(abs(span.amount))))
        else:
            at = add(calendar, due_at, -abs(span.amount), span.unit).at
        if now < at < due_at:
            found.append(Nudge(at, AHEAD, index))
    for index, rule in enumerate(step.escalate):
        found.append(Nudge(add(calendar, due_at, rule.after.amount, rule.after.unit).at, ESCALATED, index))
    return sorted(found, key=lambda nudge: nudge.at)


def left_of(calendar: org_rules.Calendar, since: datetime, due_at: datetime, unit: str) -> float:
    """How much of a unit was left at a moment until the due moment (0 when it had passed)."""
    if due_at <= since:
        return 0
    if unit == "working_days":
        return calendar.working_days_between(since, due_at)
    if unit == "working_hours":
        return calendar.working_time_between(since, due_at) / timedelta(hours=1)
    return (due_at - since) / timedelta(hours=1)
