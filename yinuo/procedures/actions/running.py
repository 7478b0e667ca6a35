"""A run as a whole: start, events, hold, end, reopen, newer edition."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yinuo.kit import actors, refusals, rows, subjects
from yinuo.org import models as org
from yinuo.procedures import access, models
from yinuo.procedures.actions import course as courses
from yinuo.procedures.actions import effects, working
from yinuo.procedures.engine import asking, migrating, moves, running
from yinuo.procedures.queries import answers, definitions
from yinuo.records import actions as records


class CannotStart(refusals.Refusal):
    """The procedure cannot be started for this subject."""


class CannotMigrate(refusals.Refusal):
    """The run cannot be moved to this edition."""


class ReasonMissing(refusals.Refusal):
    """What was asked needs a reason."""


@transaction.atomic
def start(
    *,
    procedure_key: str,
    subject: subjects.Subject | subjects.Ref,
    by: actors.Actor,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
) -> models.Run:
    """Start a run of the procedure's current edition for a subject and open its first tasks.

    `facts` stand beside those that rooms plug in, and before them. One open run of a procedure per subject.
    """
    it = subjects.ref(subject)
    under_way = models.Run.objects.filter(subject_type=it.type, subject_id=it.id, ended_at=None)
    if access.may_start(by, it.scope_id, it.site_id) and under_way.filter(procedure__key=procedure_key).exists():
        raise CannotStart(_("This procedure is already under way here."))
    return begin(procedure_key=procedure_key, subject=it, by=by, now=now, facts=facts)


def begin(
    *,
    procedure_key: str,
    subject: subjects.Subject | subjects.Ref,
    by: actors.Actor,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
) -> models.Run:
    """The same for a subject that was made in this very transaction: nothing can be under way there."""
    it = subjects.ref(subject)
    if not access.may_start(by, it.scope_id, it.site_id):
        raise refusals.NotAllowed()
    procedure = next((each for each in definitions.in_force() if each.key == procedure_key), None)
    if procedure is None or procedure.current is None:
        raise CannotStart(_("There is no published procedure “%(key)s”.") % {"key": procedure_key})
    definition = definitions.definition_of(procedure.current)
    run = models.Run(
        **subjects.columns(it),
        procedure=procedure,
        edition=procedure.current,
        facts=rows.plain(dict(facts or {})),
        started_at=now,
        started_by=by if isinstance(by, org.Person) else None,
    )
    course = courses.Course(run=run, definition=definition, state=running.new(definition), by=by, now=now)
    run = effects.make(course, moves.Start())
    records.write(
        by=by,
        now=now,
        word="procedures.run.started",
        subject=it,
        note={"procedure": procedure.subject_label, "edition": procedure.current.label},
    )
    return run


@transaction.atomic
def happened(
    *,
    subject: subjects.Subject | subjects.Ref,
    by: actors.Actor,
    now: datetime,
    event: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Tell the open runs of a subject that an event came, or (without one) that facts may have changed.

    Called by other rooms' actions, which have asked whether the person may. Writes the trail when an event came.
    """
    it = subjects.ref(subject)
    move: moves.Move = (
        moves.EventArrived(name=event, data=rows.plain(dict(data or {}))) if event else moves.FactsChanged()
    )
    runs = models.Run.objects.filter(subject_type=it.type, subject_id=it.id, ended_at=None)
    found = list(runs.order_by("pk").values_list("pk", flat=True))
    effects.happened_to(found, move, by=by, now=now)
    if event and found:
        records.write(by=by, now=now, word="procedures.run.event", subject=it, note={"event": event, **(data or {})})


@transaction.atomic
def go_back(*, run: models.Run, to: str, reason: str, by: actors.Actor, now: datetime) -> bool:
    """Send a run back to the step `to` because what it rests on has changed; a run that has ended opens there again.

    Called by other rooms' actions, which have asked whether the person may. False when the run is not past that step.
    """
    course = courses.locked(run.pk, by=by, now=now)
    said = _reason(reason)
    move: moves.Move | None = None
    if course.run.ended_at is not None:
        if to in asking.reopenings_of(course.definition, course.state):
            move = moves.Reopen(to=to, reason=said)
    else:
        items = (item.id for item in course.state.open_items())
        item = next((each for each in items if to in asking.returns_of(course.definition, course.state, each)), "")
        move = moves.Return(item=item, to=to, reason=said) if item else None
    if move is None:
        return False
    effects.make(course, move)
    records.write(by=by, now=now, word="procedures.run.sent_back", subject=run.subject, reason=said, note={"to": to})
    return True


@transaction.atomic
def hold(*, run: models.Run, reason: str, by: org.Person, now: datetime, expected: int) -> None:
    """Put a run on hold: people and clocks wait."""
    _steer(run, moves.Hold(reason=_reason(reason)), "held", reason, by=by, now=now, expected=expected)


@transaction.atomic
def resume(*, run: models.Run, by: org.Person, now: datetime, expected: int) -> None:
    """Go on after a hold: what was left until each due moment is left again."""
    _steer(run, moves.Resume(), "resumed", "", by=by, now=now, expected=expected)


@transaction.atomic
def terminate(*, run: models.Run, reason: str, by: org.Person, now: datetime, expected: int) -> None:
    """End a run before its end (终止)."""
    _steer(run, moves.Terminate(reason=_reason(reason)), "terminated", reason, by=by, now=now, expected=expected)


@transaction.atomic
def reopen(*, run: models.Run, to: str, reason: str, by: org.Person, now: datetime, expected: int) -> None:
    """Open an ended run again at the step `to` (`queries.runs.reopenings_of` lists them)."""
    move = moves.Reopen(to=to, reason=_reason(reason))
    _steer(run, move, "reopened", reason, by=by, now=now, expected=expected, note={"to": to})


def _reason(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing(_("Please give a reason."), field="reason")
    return reason.strip()


def _steer(
    run: models.Run,
    move: moves.Move,
    word: str,
    reason: str,
    *,
    by: org.Person,
    now: datetime,
    expected: int,
    note: dict[str, Any] | None = None,
) -> None:
    """One move on a run as a whole by somebody who steers, from the version they saw."""
    course = _seen(run, by=by, now=now, expected=expected)
    was = course.run.status or str(course.run.get_stage_display())
    moved = effects.make(course, move)
    run.version = moved.version
    records.write(
        by=by,
        now=now,
        word=f"procedures.run.{word}",
        subject=run.subject,
        changes=[rows.Change("status", was, moved.status or str(moved.get_stage_display()))],
        reason=reason.strip(),
        note=note,
    )


def _seen(run: models.Run, *, by: org.Person, now: datetime, expected: int) -> courses.Course:
    if not access.may_steer(by, run):
        raise refusals.NotAllowed()
    course = courses.locked(run.pk, by=by, now=now)
    if course.run.version != expected:
        raise refusals.Stale()
    return course


@transaction.atomic
def move_to_edition(
    *, run: models.Run, edition: models.Edition, reason: str, by: org.Person, now: datetime, expected: int
) -> None:
    """Move a run to a newer edition of its procedure, with a reason; what is done stays done."""
    said = _reason(reason)
    course = _seen(run, by=by, now=now, expected=expected)
    if edition.procedure_id != course.run.procedure_id or edition.number <= course.run.edition.number:
        raise CannotMigrate(_("Choose a newer edition of the same procedure."))
    if course.run.ended_at is not None:
        raise CannotMigrate(_("The run has ended."))
    wanted = definitions.definition_of(edition)
    found = migrating.migrate(course.definition, wanted, course.state, course.facts)
    if found.refusals:
        raise CannotMigrate(" ".join(text.say(get_language() or "zh") for text in found.refusals))
    was, before = course.definition, course.run.edition.label
    course.run.edition, course.definition = edition, wanted
    course.take_over({"move": "migrate", "reason": said}, found.state, found.changes)
    course.set_clocks_anew(was)
    effects.finish(course)
    run.version = course.run.version
    records.write(
        by=by,
        now=now,
        word="procedures.run.migrated",
        subject=run.subject,
        changes=[rows.Change("edition", before, edition.label)],
        reason=said,
        note={"notes": [answers.both(text) for text in found.notes]},
    )


@transaction.atomic
def effect_done(*, task: models.Task, data: Mapping[str, Any], by: actors.Actor, now: datetime) -> None:
    """Report that a slow effect (one that answered `effects.LATER`) has succeeded. Asked twice, done once."""
    course = courses.locked(task.run_id, by=by, now=now)
    item = course.state.items.get(task.item)
    if item is None or not item.is_live:
        return
    effects.make(course, moves.EffectDone(item=task.item, data=rows.plain(dict(data))))
    records.write(by=by, now=now, word="procedures.effect.done", subject=task.subject, note=working.note_of(task))


@transaction.atomic
def effect_failed(*, task: models.Task, reason: str, by: actors.Actor, now: datetime) -> None:
    """Report that a slow effect has failed: it waits for the procedure's owner."""
    course = courses.locked(task.run_id, by=by, now=now)
    item = course.state.items.get(task.item)
    if item is None or not item.is_live:
        return
    effects.make(course, moves.EffectFailed(item=task.item, reason=reason))
    records.write(
        by=by, now=now, word="procedures.effect.failed", subject=task.subject, reason=reason, note=working.note_of(task)
    )


@transaction.atomic
def retry_effect(*, task: models.Task, by: org.Person, now: datetime, expected: int) -> None:
    """Run a failed effect again: by whoever steers or owns the procedure."""
    course = courses.locked(task.run_id, by=by, now=now)
    if not access.may_steer(by, course.run):
        raise refusals.NotAllowed()
    if course.task(task.item).version != expected:
        raise refusals.Stale()
    effects.make(course, moves.Retry(item=task.item))
    records.write(by=by, now=now, word="procedures.effect.retried", subject=task.subject, note=working.note_of(task))
