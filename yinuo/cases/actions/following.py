"""The case keeps what the list shows of its procedure: state, step, holder, due; moved by the program alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from yinuo.cases import access, models, rules
from yinuo.kit import actors, in_hand, plugs, refusals
from yinuo.notify import actions as notify
from yinuo.org import queries as org_queries
from yinuo.org import rules as org_rules
from yinuo.procedures import models as procedures
from yinuo.procedures.actions import running
from yinuo.procedures.queries import runs as run_queries


class NoSuchStep(refusals.Refusal):
    """The case's procedure does not say where it goes back to."""


NAMES_SHOWN = 3
KEPT = (
    "held_at", "held_seconds", "held_working_seconds", "end_reason", "state", "ended_at", "due_at", "is_provisional",
    "wanted_on", "notified_at", "site_id", "merged_into_id",
)  # fmt: skip
FOLLOWED = [
    "run_id", "run_moves", "state", "state_zh", "state_en", "stage", "step_zh", "step_en", "holder_zh", "holder_en",
    "step_due_at", "due_at", "is_provisional", "held_at", "held_seconds", "held_working_seconds", "hold_reason",
    "ended_at", "end_reason", "archived_at",
]  # fmt: skip


def follow(
    run: procedures.Run, *, tasks: Sequence[procedures.Task] | None = None, by: actors.Actor, now: datetime
) -> None:
    """Bring the columns of the run's case up to where it stands. No change of a person, so its version stays.

    An act inside another reports first what the outer one reports later: moves that were followed are not unfollowed.
    `tasks`: the open ones, where the act has them in hand.
    """
    held = in_hand.held(models.Case, run.subject_id)
    case = held or models.Case.objects.only(*KEPT).get(pk=run.subject_id)
    if case.is_merged and run.ended_at is None:
        raise access.CaseClosed(_("This case was merged into another. Take it back out of that one first."))
    was = (case.ended_at, bool(case.end_reason))
    values: dict[str, Any] = {
        "run_id": run.pk,
        "run_moves": run.moves,
        "state": models.State.MERGED if case.is_merged else run.status_key or case.state,
        "state_zh": run.status_zh,
        "state_en": run.status_en,
        "stage": run.stage,
        **_step([] if run.ended_at else _open_tasks(run, tasks)),
        **_held(case, run, now),
        **_due_after_hold(case, run, now),
        "ended_at": run.ended_at,
        "end_reason": (run.reason or case.end_reason) if run.ending == procedures.Run.Ending.TERMINATED else "",
    }
    if run.ended_at is None:
        values["archived_at"] = None
    is_later = Q(run_id__lte=run.pk, run_moves__lte=run.moves) | Q(run_id__lt=run.pk) | Q(run_id=None)
    moved = models.Case.objects.filter(is_later, pk=case.pk).update(**values)
    if held is not None:
        _keep_in_step(held, values)
    then = (run.ended_at, bool(values["end_reason"]))
    if moved and then[0] != was[0]:
        plugs.announce("cases.ended_or_reopened", case_id=case.pk, was=was, then=then)
    if run.ended_at is not None and was[0] is None:
        items = [item.ref for item in models.Item.objects.select_related("case").filter(case=case)]
        for subject in (run.subject, *items):
            plugs.announce("kit.ended", subject=subject, by=by, now=now)


def _keep_in_step(case: models.Case, values: Mapping[str, Any]) -> None:
    """The case in hand says what its row says now."""
    for name, value in values.items():
        setattr(case, name, value)


def _open_tasks(run: procedures.Run, in_the_act: Sequence[procedures.Task] | None = None) -> list[procedures.Task]:
    """The run's open tasks by due moment, with no more than the case keeps of them."""
    if in_the_act is not None:
        return sorted(in_the_act, key=lambda task: (task.due_at is None, task.due_at or task.opened_at, task.pk))
    tasks = procedures.Task.objects.filter(run=run, state__in=procedures.Task.LIVE).select_related("holder", "post")
    kept = (
        "step",
        "title_zh",
        "title_en",
        "party_zh",
        "party_en",
        "due_at",
        "holder__name",
        "post__name_zh",
        "post__name_en",
    )
    return list(tasks.only(*kept).order_by(F("due_at").asc(nulls_last=True), "pk"))


def _step(found: list[procedures.Task]) -> dict[str, Any]:
    """What is to be done now: the most pressing task's step, everybody who holds one of that step, its due moment."""
    if not found:
        return {"step_zh": "", "step_en": "", "holder_zh": "", "holder_en": "", "step_due_at": None}
    first = found[0]
    same = [task for task in found if task.step == first.step]
    names = list(dict.fromkeys(_holder(task) for task in same))
    return {
        "step_zh": first.title_zh,
        "step_en": first.title_en,
        "holder_zh": _shown([zh for zh, _en in names], "、"),
        "holder_en": _shown([en or zh for zh, en in names], ", "),
        "step_due_at": first.due_at,
    }


def _shown(names: list[str], comma: str) -> str:
    given = [name for name in names if name]
    return (comma.join(given[:NAMES_SHOWN]) + ("…" if len(given) > NAMES_SHOWN else ""))[:200]


def _holder(task: procedures.Task) -> tuple[str, str]:
    """Who has to do it, in Chinese and English: a person, else the post or department."""
    if task.holder is not None:
        return task.holder.name, task.holder.name
    return (task.post.name_zh, task.post.name_en) if task.post is not None else (task.party_zh, task.party_en)


def _held(case: models.Case, run: procedures.Run, now: datetime) -> dict[str, Any]:
    """Time on hold is counted apart from our handling time."""
    if run.held_at is not None:
        return {"held_at": run.held_at, "hold_reason": run.reason[:500]}
    return {
        "held_at": None,
        "held_seconds": rules.held_seconds(case.held_at, case.held_seconds, now),
        "hold_reason": "",
    }


def _due_after_hold(case: models.Case, run: procedures.Run, now: datetime) -> dict[str, Any]:
    """After a hold the due moment is later by the working time that was waited, never after the day asked for."""
    if case.held_at is None or run.held_at is not None or run.ended_at is not None or case.due_at is None:
        return {}
    calendar = org_queries.calendar(case.site_id)
    waited = calendar.working_time_between(case.held_at, now)
    due = calendar.add_working_hours(case.due_at, waited.total_seconds() / 3600)
    return {
        "due_at": max(case.due_at, not_after_wanted(case, due.at, calendar)),
        "is_provisional": case.is_provisional or due.provisional,
        "held_working_seconds": case.held_working_seconds + int(waited.total_seconds()),
    }


def not_after_wanted(case: models.Case, due_at: datetime, calendar: org_rules.Calendar) -> datetime:
    """The due moment, or the end of the day that the customer asked for where that is earlier."""
    if case.wanted_on is None:
        return due_at
    # An asked day that is no working day is kept by the working day before it.
    wanted = case.wanted_on if calendar.is_working_day(case.wanted_on) else calendar.working_day(case.wanted_on, -1)
    return min(due_at, calendar.closing(wanted)) if wanted > calendar.day_of(case.notified_at) else due_at


def send_back(case: models.Case, *, reason: str, by: actors.Actor, now: datetime) -> None:
    """What was asked has changed: the run goes back to where requirements are analysed, if it is past that."""
    run = run_queries.run_of(case)
    if run is not None and run.ended_at is None:
        step = run_queries.definition_of(run).reopens.amended
        if not step:
            raise NoSuchStep(
                _("Procedure %(number)s names no step to which an amended request goes back.")
                % {"number": run.procedure.number}
            )
        running.go_back(run=run, to=step, reason=reason, by=by, now=now)


def moves_of(case: models.Case) -> int:
    """How far the case's procedure has come, so that one sees whether something moved it."""
    run = run_queries.run_of(case)
    return run.moves if run is not None else 0


def improve(case: models.Case, *, reason: str, by: actors.Actor, now: datetime) -> None:
    """The customer is not satisfied: back to where plans are made, also from the end."""
    run = run_queries.run_of(case)
    if run is None:
        return
    step = run_queries.definition_of(run).reopens.unsatisfied
    if step:
        running.go_back(run=run, to=step, reason=reason, by=by, now=now)
        case.refresh_from_db()
    elif case.owner is not None:
        # The customer's words are kept whatever our procedure looks like; the owner has to act on them.
        words = _("The customer is not satisfied, and the procedure names no step to go back to: {case}")
        said = format_lazy(words, case=case.subject_label)
        notify.tell(people=[case.owner], subject=case, kind="feedback_received", words=said, now=now)
