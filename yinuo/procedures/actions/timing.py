"""When a task is due, and what the clock will do about it."""

from datetime import datetime

from yinuo.org import rules as org_rules
from yinuo.procedures import models, rules
from yinuo.procedures.definition import shapes
from yinuo.procedures.engine import facts as engine_facts
from yinuo.procedures.queries import due

Kind = models.Task.Kind


def begin(
    task: models.Task,
    step: shapes.Step,
    *,
    seen: engine_facts.RunFacts,
    calendar: org_rules.Calendar,
    now: datetime,
    owner: models.Task | None = None,
) -> None:
    """Set from where and how much a task counts, and its clock. An added signer has the due moment of the `owner` for
    whom they sign."""
    if owner is not None:
        task.due_from, task.due_amount, task.due_unit = owner.due_from, owner.due_amount, owner.due_unit
    elif isinstance(step.work, shapes.Timer):
        _begin_timer(task, step.work, seen, calendar)
    elif step.due is not None:
        base = rules.due_base(step.due, seen, task.opened_at.isoformat())
        task.due_from = due.moment_of(base, calendar)
        task.due_amount, task.due_unit = step.due.span.amount, step.due.span.unit
    else:
        task.due_from = None
    set_clock(task, step, calendar, now)


def _begin_timer(
    task: models.Task, timer: shapes.Timer, seen: engine_facts.RunFacts, calendar: org_rules.Calendar
) -> None:
    """Without a span the moment in a fact; when that is empty, the timer rings at once rather than never."""
    span = timer.span or shapes.Span(amount=0, unit="calendar_hours")
    base = rules.due_base(shapes.Due(span=span, after=timer.moment), seen, task.opened_at.isoformat())
    task.due_from, task.due_amount, task.due_unit = due.moment_of(base, calendar), span.amount, span.unit


def set_clock(task: models.Task, step: shapes.Step, calendar: org_rules.Calendar, now: datetime) -> None:
    """Set `due_at` from where, how much and which unit the task counts, and what the clock will do about it; what it
    has done already it does not do again.

    People responsible are reminded and escalated; for waits and timers the engine is told when the moment comes.
    """
    if task.due_from is None:
        task.due_at, task.is_provisional, task.nudges, task.wake_at = None, False, [], None
        return
    reached = due.add(calendar, task.due_from, task.due_amount or 0, task.due_unit)
    task.due_at, task.is_provisional = reached.at, reached.provisional
    nudges = due.nudges(step, reached.at, calendar, now) if task.is_for_people or step.who is not None else []
    if task.kind in (Kind.WAIT, Kind.TIMER):
        nudges.append(due.Nudge(reached.at, due.TIME))
    done = {(each.kind, each.planned_at) for each in task.reminders.all()} if task.pk is not None else set()
    nudges = sorted((nudge for nudge in nudges if (nudge.kind, nudge.at) not in done), key=lambda nudge: nudge.at)
    task.nudges = [nudge.as_json() for nudge in nudges]
    task.wake_at = nudges[0].at if nudges else None


def count_alike(one: shapes.Step, other: shapes.Step) -> bool:
    """Whether tasks of the two steps are due alike."""
    timers = [step.work for step in (one, other) if isinstance(step.work, shapes.Timer)]
    return one.due == other.due and len(set(timers)) < 2


def go_on(
    task: models.Task, step: shapes.Step, *, held_at: datetime, calendar: org_rules.Calendar, now: datetime
) -> None:
    """After a hold: what was left when the run was held is left now."""
    if task.due_at is not None and task.due_at > held_at:
        task.due_amount = due.left_of(calendar, held_at, task.due_at, task.due_unit)
        task.due_from = now
    set_clock(task, step, calendar, now)
