"""What the clock does: reminders, overdue notices, escalations, timers and waits; due moments after a changed calendar;
tasks whose people have left."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from yinuo.kit import actors, jobs, rows
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures import models
from yinuo.procedures.actions import assigning, effects, telling, timing, working
from yinuo.procedures.actions import course as courses
from yinuo.procedures.definition import shapes
from yinuo.procedures.engine import moves
from yinuo.procedures.queries import due, people
from yinuo.records import actions as records

log = logging.getLogger(__name__)
AT_ONCE = 500
MENDED = ["holder", "post", "delegate", "party", "party_zh", "party_en", "warning_zh", "warning_en", "version"]
WORDS = {due.AHEAD: "task_ahead", due.OVERDUE: "task_overdue", due.ESCALATED: "task_escalated"}


@transaction.atomic
def strike(*, by: actors.Actor, now: datetime) -> int:
    """Ask for a visit to every task whose moment has come; returns how many. Tasks of runs on hold are left alone.

    Each visit is a job of its own, so one that fails hinders no other, and its key (task and moment) makes it one
    visit however often the clock strikes or a worker dies.
    """
    ready = models.Task.objects.filter(wake_at__lte=now, run__held_at=None).order_by("wake_at")
    found = dict(ready.values_list("pk", "wake_at")[:AT_ONCE])
    for task_id, wake_at in found.items():
        jobs.enqueue("procedures.wake", key=f"{task_id}:{wake_at:%Y%m%dT%H%M%S%z}", now=now, task=task_id)
    return len(found)


@transaction.atomic
def wake(*, task_id: int, by: actors.Actor, now: datetime) -> None:
    """Do what is due for one task: remind, say that it is overdue, tell the superior, tell the engine.

    Several reminders missed while nobody looked (server off) are one: only the last of a kind is sent.
    """
    models.Run.objects.select_for_update().filter(tasks=task_id).values_list("pk").first()
    task = models.Task.objects.select_related("run__procedure__owner_post", "run__started_by").get(pk=task_id)
    if not task.is_live or task.run.held_at is not None:
        return
    planned = [due.nudge_from(each) for each in task.nudges]
    ready = [nudge for nudge in planned if nudge.at <= now]
    rest = [nudge for nudge in planned if nudge.at > now]
    models.Task.objects.filter(pk=task.pk).update(
        nudges=[nudge.as_json() for nudge in rest], wake_at=rest[0].at if rest else None
    )
    last = {nudge.kind: nudge for nudge in ready}
    for nudge in last.values():
        if nudge.kind != due.TIME:
            _nudge(task, nudge, now)
    if due.TIME in last:
        effects.make(courses.locked(task.run_id, by=by, now=now), moves.TimeReached(item=task.item))
        records.write(
            by=by, now=now, word="procedures.task.time_reached", subject=task.subject, note=working.note_of(task)
        )


def _nudge(task: models.Task, nudge: due.Nudge, now: datetime) -> None:
    """Tell whom it concerns, once per planned moment."""
    told = _superiors(task, nudge, now) if nudge.kind == due.ESCALATED else telling.workers(task, now)
    _row, is_new = models.Reminder.objects.get_or_create(
        task=task,
        kind=nudge.kind,
        planned_at=nudge.at,
        defaults={"sent_at": now, "told": [person.name for person in told]},
    )
    if is_new:
        telling.tell(WORDS[nudge.kind], told, task, now=now, who=task.responsible)


def _superiors(task: models.Task, nudge: due.Nudge, now: datetime) -> list[org.Person]:
    """Whom the escalation names: a post or other party, or the superiors of those responsible; else the owner."""
    course = courses.locked(task.run_id, by=actors.PROGRAM, now=now)
    to = course.step(task).escalate[nudge.index].to
    found = _superiors_of(task, now) if to.kind == "superior" else _first_of(course.chain(task, to), task, now)
    return found or assigning.owners(task.run, now)


def _first_of(wanted: Iterable[shapes.Who], task: models.Task, now: datetime) -> list[org.Person]:
    """The people behind the first of those wanted behind whom there are any."""
    found = (people.find(who, run=task.run, now=now).people for who in wanted)
    return next(filter(None, found), [])


def _superiors_of(task: models.Task, now: datetime) -> list[org.Person]:
    on = timezone.localtime(now).date()
    responsible = [task.holder] if task.holder else telling.workers(task, now)
    superiors = [org_queries.superior_of(person, on) for person in responsible]
    return list({person.pk: person for person in superiors if person is not None}.values())


@transaction.atomic
def recompute_due(*, task_ids: Iterable[int], by: actors.Actor, now: datetime) -> None:
    """Reckon due moments anew after the calendar changed; reminders already sent are not sent again."""
    tasks = models.Task.objects.filter(pk__in=list(task_ids), state__in=models.Task.LIVE, due_from__isnull=False)
    for task in tasks.select_related("run__edition").defer("run__edition__definition", "run__edition__source"):
        course = courses.locked(task.run_id, by=by, now=now)
        current = course.task(task.item)
        was = (current.due_at, current.is_provisional)
        timing.set_clock(current, course.step(current), course.calendar, now)
        if was == (current.due_at, current.is_provisional):
            continue
        current.version += 1
        current.save(update_fields=["due_at", "is_provisional", "nudges", "wake_at", "version"])
        records.write(
            by=by,
            now=now,
            word="procedures.task.due_changed",
            subject=task.subject,
            changes=[rows.Change("due_at", rows.plain(was[0]), rows.plain(current.due_at))],
            note=working.note_of(current),
        )
        courses.announce(course)


@transaction.atomic
def mend_people(*, by: actors.Actor, now: datetime) -> int:
    """Give open tasks of people who have left or may no longer see the subject, and of posts that nobody holds any
    more, to whoever is responsible now; returns how many. Their own superior takes what was theirs alone."""
    on = timezone.localtime(now).date()
    live = models.Task.objects.filter(state__in=models.Task.LIVE, kind__in=models.Task.PEOPLE_KINDS)
    held = org_queries.holdings_on(on).values("post_id")
    named = org.ScopeGrant.objects.filter(scope_id=OuterRef("scope_id"), person_id=OuterRef("holder_id"), ended_at=None)
    left = live.filter(holder__is_active=False)
    barred = live.filter(holder__isnull=False, scope_id__isnull=False).exclude(Exists(named))
    vacant = live.filter(holder=None, post__isnull=False).exclude(post__in=held)
    found = sorted({task_id for rows_ in (left, barred, vacant) for task_id in rows_.values_list("pk", flat=True)})
    for task_id in found:
        _mend(models.Task.objects.select_related("run__procedure", "holder").get(pk=task_id), by=by, now=now)
    return len(found)


def _mend(task: models.Task, *, by: actors.Actor, now: datetime) -> None:
    course = courses.locked(task.run_id, by=by, now=now)
    current = course.task(task.item)
    gone = current.holder
    superior = org_queries.superior_of(gone, timezone.localtime(now).date()) if gone else None
    wanted = course.wanted(course.state.items[current.item])
    current.holder, current.post, current.delegate = None, None, None
    given = assigning.assign(current, wanted, run=course.run, now=now)
    if not given.people and superior is not None:
        current.holder, given.people = superior, [superior]
    current.version += 1
    current.save(update_fields=MENDED)
    current.candidacies.all().delete()
    models.Candidate.objects.bulk_create(given.candidates)
    assigning.drop_entries(current, now)
    told = [*given.people, *given.stand_ins] or assigning.owners(course.run, now)
    telling.tell("task_assigned" if given.people else "task_nobody", told, current, now=now)
    records.write(
        by=by,
        now=now,
        word="procedures.task.reassigned",
        subject=current.subject,
        changes=[rows.Change("holder", rows.plain(gone), rows.plain(current.holder))],
        note={**working.note_of(current), "to": current.responsible},
    )
    courses.announce(course)
