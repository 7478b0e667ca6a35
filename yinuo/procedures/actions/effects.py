"""Carrying a run on: the engine's move, its rows, and the effects that the procedure asks for, until all is quiet.

An effect is plugged in by a room above as f(*, subject, run_id, task_id, parameters, data, by, now). It may act on the
same run again (tell that something happened): that is why all rows are written before any effect runs. An effect that
needs longer enqueues a job and answers `LATER`; the job reports with `running.effect_done` or `effect_failed`.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from yinuo.kit import actors, in_hand, plugs, refusals, rows
from yinuo.org import models as org
from yinuo.procedures import models
from yinuo.procedures.actions import course as courses
from yinuo.procedures.engine import moves
from yinuo.procedures.engine.state import place_of

log = logging.getLogger(__name__)
LATER: Final = "later"  # what an effect answers that reports its end itself


def make(
    course: courses.Course,
    move: moves.Move,
    *,
    acting: str = "",
    on_behalf_of: org.Person | None = None,
    doer: org.Person | None = None,
) -> models.Run:
    """Make a move on a locked run and all that follows from it; returns the run as it stands then.

    `acting`: the item that a person finishes with it; `doer` whose act it is when `by` only enters it.
    """
    course.acting, course.on_behalf_of, course.doer = acting, on_behalf_of, doer
    if not course.move(move) and isinstance(move, moves.FactsChanged | moves.EventArrived):
        return course.run  # nothing waited for it: no row changes, the log need not tell
    return finish(course)


def finish(course: courses.Course) -> models.Run:
    """Write what a course changed, run the effects it asks for, tell people, announce that the run has moved."""
    run_id = _write(course)
    waiting = [(pending, course) for pending in course.pending]
    last = course
    while waiting:
        pending, of = waiting.pop(0)
        move = _execute(pending, of)
        if move is not None:
            following = courses.locked(run_id, by=course.by, now=course.now)
            following.move(move)
            _write(following)
            waiting = [(more, following) for more in following.pending] + waiting
            last = following
    courses.announce(last)
    return last.run


def _write(course: courses.Course) -> int:
    course.save()
    course.tell()
    return course.run.pk


def _execute(pending: courses.Pending, course: courses.Course) -> moves.Move | None:
    """Run one effect. For an effect step: the move that reports its end, or None when it will come later.

    A refusal of an effect that nobody waits for refuses the whole act; of an effect step it is its failure.
    """
    if not pending.item:
        _call(pending, course)
        return None
    try:
        with transaction.atomic():
            answer = _call(pending, course)
    except refusals.Refusal as refusal:
        return moves.EffectFailed(item=pending.item, reason=str(refusal))
    except Exception as error:
        log.exception("effect %s of %s failed", pending.call.name, course.run)
        return moves.EffectFailed(item=pending.item, reason=f"{type(error).__name__}: {error}"[:500])
    if answer == LATER:
        return None
    return moves.EffectDone(item=pending.item, data=rows.plain(answer) if isinstance(answer, Mapping) else {})


def _call(pending: courses.Pending, course: courses.Course) -> Any:
    in_hand.let_go()
    place = place_of(pending.step, pending.path)
    node = course.state.nodes.get(place)
    task = course.tasks.get(pending.item) or _task_at(course, pending)
    return plugs.effects.get(pending.call.name).function(
        subject=course.run.subject,
        run_id=course.run.pk,
        task_id=task.pk if task is not None else None,
        parameters=dict(pending.call.params),
        data=dict(node.data) if node is not None else {},
        by=course.by,
        now=course.now,
    )


def _task_at(course: courses.Course, pending: courses.Pending) -> models.Task | None:
    """The task at whose step an effect runs: the one acted on, else the latest there."""
    here = [task for task in course.tasks.values() if task.step == pending.step and tuple(task.path) == pending.path]
    acted = [task for task in here if task.item == course.acting]
    return next(reversed(acted or here), None)


def happened_to(runs: list[int], move: moves.Move, *, by: actors.Actor, now: datetime) -> None:
    """Give an event or changed facts to several runs, one after the other."""
    for run_id in runs:
        make(courses.locked(run_id, by=by, now=now), move)
