"""The case keeps what the list shows of its procedure: state, step, holder, due; moved by the program alone."""

from datetime import datetime
from typing import Any

from django.db.models import F, Q

from yinuo.cases import models, queries, rules
from yinuo.kit import actors, plugs
from yinuo.procedures import models as procedures
from yinuo.procedures.actions import running
from yinuo.procedures.queries import runs as run_queries

NAMES_SHOWN = 3
KEPT = ("held_at", "held_seconds", "end_reason", "state", "ended_at")
FOLLOWED = [
    "run_id", "run_moves", "state", "state_zh", "state_en", "stage", "step_zh", "step_en", "holder", "step_due_at",
    "held_at", "held_seconds", "hold_reason", "ended_at", "end_reason", "archived_at",
]  # fmt: skip


def follow(run: procedures.Run, *, by: actors.Actor, now: datetime) -> None:
    """Bring the columns of the run's case up to where it stands. No change of a person, so its version stays.

    An act inside another reports first what the outer one reports later: moves that were followed are not unfollowed.
    """
    case = models.Case.objects.only(*KEPT).get(pk=run.subject_id)
    values: dict[str, Any] = {
        "run_id": run.pk,
        "run_moves": run.moves,
        "state": run.status_key or case.state,
        "state_zh": run.status_zh,
        "state_en": run.status_en,
        "stage": run.stage,
        **_step([] if run.ended_at else _open_tasks(run)),
        **_held(case, run, now),
        "ended_at": run.ended_at,
        "end_reason": (run.reason or case.end_reason) if run.ending == procedures.Run.Ending.TERMINATED else "",
    }
    if run.ended_at is None:
        values["archived_at"] = None
    is_later = Q(run_id__lte=run.pk, run_moves__lte=run.moves) | Q(run_id__lt=run.pk) | Q(run_id=None)
    models.Case.objects.filter(is_later, pk=case.pk).update(**values)
    if run.ended_at is not None and case.ended_at is None:
        items = [item.ref for item in models.Item.objects.select_related("case").filter(case=case)]
        for subject in (run.subject, *items):
            plugs.announce("kit.ended", subject=subject, by=by, now=now)


def _open_tasks(run: procedures.Run) -> list[procedures.Task]:
    """The run's open tasks by due moment, with no more than the case keeps of them."""
    tasks = procedures.Task.objects.filter(run=run, state__in=procedures.Task.LIVE).select_related("holder", "post")
    kept = ("step", "title_zh", "title_en", "party_zh", "due_at", "holder__name", "post__name_zh")
    return list(tasks.only(*kept).order_by(F("due_at").asc(nulls_last=True), "pk"))


def _step(found: list[procedures.Task]) -> dict[str, Any]:
    """What is to be done now: the most pressing task's step, everybody who holds one of that step, its due moment."""
    if not found:
        return {"step_zh": "", "step_en": "", "holder": "", "step_due_at": None}
    first = found[0]
    same = [task for task in found if task.step == first.step]
    names = list(dict.fromkeys(filter(None, (_holder(task) for task in same))))
    shown = "、".join(names[:NAMES_SHOWN]) + ("…" if len(names) > NAMES_SHOWN else "")
    return {
        "step_zh": first.title_zh,
        "step_en": first.title_en,
        "holder": shown[:200],
        "step_due_at": first.due_at,
    }


def _holder(task: procedures.Task) -> str:
    if task.holder is not None:
        return task.holder.name
    return task.post.name_zh if task.post is not None else task.party_zh


def _held(case: models.Case, run: procedures.Run, now: datetime) -> dict[str, Any]:
    """Time on hold is counted apart from our handling time."""
    if run.held_at is not None:
        return {"held_at": run.held_at, "hold_reason": run.reason[:500]}
    return {
        "held_at": None,
        "held_seconds": rules.held_seconds(case.held_at, case.held_seconds, now),
        "hold_reason": "",
    }


def send_back(case: models.Case, *, reason: str, by: actors.Actor, now: datetime) -> None:
    """What was asked has changed: the run goes back to where requirements are analysed, if it is past that."""
    run = run_queries.run_of(case)
    if run is not None and run.ended_at is None:
        running.go_back(run=run, to=queries.convention().amended_to, reason=reason, by=by, now=now)


def reopen_for_customer(case: models.Case, *, reason: str, by: actors.Actor, now: datetime) -> None:
    """The customer is not satisfied with a case that is over: it is open again where plans are made."""
    run = run_queries.run_of(case)
    if run is not None and run.ended_at is not None:
        running.go_back(run=run, to=queries.convention().improved_at, reason=reason, by=by, now=now)
        case.refresh_from_db()
