"""Opinions given in a meeting or by phone, entered by a recorder, counting once their owner confirms them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.kit import refusals, rows
from yinuo.org import models as org
from yinuo.org.actions import signing as org_signing
from yinuo.procedures import access, models, rules
from yinuo.procedures.actions import telling, working
from yinuo.procedures.queries import answers
from yinuo.records import actions as records


class CannotEnter(refusals.Refusal):
    """This opinion cannot be entered."""


class CannotConfirm(refusals.Refusal):
    """This opinion cannot be confirmed."""


@transaction.atomic
def enter_opinion(
    *,
    task: models.Task,
    said_by: org.Person,
    said_at: datetime,
    way: str,
    by: org.Person,
    now: datetime,
    expected: int,
    verdict: str = "",
    condition: str = "",
    outcome: str = "",
    data: Mapping[str, Any] | None = None,
    files: Mapping[str, Sequence[File]] | None = None,
) -> models.Opinion:
    """Enter what somebody said, with `files` per form field. The task stays theirs: silence is never consent, only
    their confirmation counts."""
    course, current = working.opened(task, by=by, now=now, expected=expected)
    if not by.may(access.P.PROCEDURES_WORK, current.scope_id, current.site_id):
        raise refusals.NotAllowed()
    if not access.in_whose_name(said_by, current, now)[0]:
        raise CannotEnter(_("This task is not %(who)s's.") % {"who": said_by.name}, field="said_by")
    if said_by.pk == by.pk:
        raise CannotEnter(_("Give your own opinion by submitting the task."), field="said_by")
    if way not in models.Opinion.Way.values:
        raise CannotEnter(_("Please say how the opinion was given."), field="way")
    if said_at > now:
        raise CannotEnter(_("This moment is still to come."), field="said_at")
    chosen = answers.outcomes_of(course.step(current), current).get(verdict or outcome)
    if chosen is None:
        raise CannotEnter(_("Please choose the opinion."), field="verdict")
    if current.opinions.filter(models.Opinion.WAITING).exists():
        raise CannotEnter(_("An opinion entered before still waits for its confirmation."))
    if verdict in rules.NEEDS_WORDS and not condition.strip():
        raise CannotEnter(_("Please say on which condition, or why not."), field="condition")
    values = dict(data or {})
    values |= working.attached(current, values, files or {}, by=by, now=now)
    working.check(course, current, values, outcome=outcome, remark=condition)
    opinion = models.Opinion.objects.create(
        task=current,
        said_by=said_by,
        said_at=said_at,
        way=way,
        entered_by=by,
        entered_at=now,
        verdict=verdict,
        outcome=outcome,
        condition=condition.strip(),
        data=rows.plain(values),
    )
    telling.tell("opinion_entered", [said_by], current, now=now, by=by)
    records.write(
        by=by,
        now=now,
        word="procedures.opinion.entered",
        subject=task.subject,
        reason=condition.strip(),
        note={
            **working.note_of(current),
            "said_by": said_by.name,
            "way": way,
            "verdict": answers.both(chosen),
        },
    )
    return opinion


def _waiting(opinion: models.Opinion, by: org.Person) -> models.Opinion:
    """The opinion as it is now, still waiting for the answer of the person who gave it."""
    current = models.Opinion.objects.select_related("task", "entered_by").get(pk=opinion.pk)
    if current.said_by_id != by.pk:
        raise refusals.NotAllowed(_("Only the person who gave the opinion can answer this."))
    return _unanswered(current)


def _unanswered(opinion: models.Opinion) -> models.Opinion:
    if opinion.confirmed_at or opinion.rejected_at:
        raise CannotConfirm(_("This has already been answered."))
    if opinion.withdrawn_at:
        raise CannotConfirm(_("What was entered has been withdrawn."))
    return opinion


@transaction.atomic
def confirm_opinion(
    *,
    opinion: models.Opinion,
    by: org.Person,
    now: datetime,
    expected: int,
    proof: org_signing.Proof | None = None,
) -> models.Run:
    """The owner confirms what was entered: the task is finished with it. `expected` is the task's version."""
    current = _waiting(opinion, by)
    course, task = working.opened(current.task, by=by, now=now, expected=expected)
    on_behalf_of = working.own(task, by=by, now=now)
    models.Opinion.objects.filter(pk=current.pk).update(confirmed_at=now)
    return working.finish(
        course, task, data=dict(current.data), files={}, outcome=current.outcome, verdict=current.verdict,
        condition=current.condition, proof=proof, paper=None, on_behalf_of=on_behalf_of, by=by,
    )  # fmt: skip


@transaction.atomic
def reject_opinion(*, opinion: models.Opinion, reason: str, by: org.Person, now: datetime, expected: int) -> None:
    """The owner says that this is not what they said; the task stays open."""
    if not reason.strip():
        raise CannotConfirm(_("Please say what is wrong."), field="reason")
    current = _waiting(opinion, by)
    _course, task = working.opened(current.task, by=by, now=now, expected=expected)
    models.Opinion.objects.filter(pk=current.pk).update(rejected_at=now, reason=reason.strip())
    telling.tell("opinion_rejected", [current.entered_by], task, now=now, by=by)
    records.write(
        by=by,
        now=now,
        word="procedures.opinion.rejected",
        subject=task.subject,
        reason=reason.strip(),
        note={**working.note_of(task), "entered_by": current.entered_by.name},
    )


@transaction.atomic
def withdraw_opinion(*, opinion: models.Opinion, by: org.Person, now: datetime, expected: int) -> None:
    """The recorder takes back what they entered wrongly, as long as it has not been answered."""
    current = models.Opinion.objects.select_related("task", "said_by").get(pk=opinion.pk)
    if current.entered_by_id != by.pk:
        raise refusals.NotAllowed(_("Only whoever entered this can withdraw it."))
    _unanswered(current)
    _course, task = working.opened(current.task, by=by, now=now, expected=expected)
    models.Opinion.objects.filter(pk=current.pk).update(withdrawn_at=now)
    telling.tell("opinion_withdrawn", [current.said_by], task, now=now, by=by)
    records.write(
        by=by,
        now=now,
        word="procedures.opinion.withdrawn",
        subject=task.subject,
        note={**working.note_of(task), "said_by": current.said_by.name},
    )
