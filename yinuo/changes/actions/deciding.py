"""What people decide about a change: the review that stops the clock, the effect on PPAP, and the customer's answer."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.changes import access, models
from yinuo.changes.actions import clock
from yinuo.changes.queries import Calendars
from yinuo.kit import refusals, rows
from yinuo.org import models as org
from yinuo.records import actions as records
from yinuo.search import actions as search

LEVELS = range(1, 6)


class CannotDecide(refusals.Refusal):
    """This cannot be decided like this, or not now."""


@transaction.atomic
def review(
    *, change: models.Change, on: date, reviewer: org.Person, result: str, said: str, reason: str = "",
    by: org.Person, now: datetime, expected: int,
) -> models.Change:  # fmt: skip
    """Somebody has reviewed the change: the clock stops on that day. Recorded afterwards or anew it needs a reason."""
    _demand(by, change)
    if result not in models.Result.values:
        raise CannotDecide(_("Please say what the review came to."), field="result")
    if not said.strip():
        raise CannotDecide(_("Please say in a sentence what the review came to."), field="said")
    _check_day(on, now, change.started_on, _("The review cannot lie before the day on which the clock started."))
    if change.implemented_on is not None and result != models.Result.TAKE_OVER:
        raise CannotDecide(_("This change is implemented already. Take that back first."), field="result")
    is_behind = on < timezone.localdate(now) and on != change.reviewed_on
    if (is_behind or change.reviewed_on is not None) and not reason.strip():
        raise CannotDecide(_("The review is recorded afterwards or anew. Please give the reason."), field="reason")
    changes = rows.change(
        change, expected=expected, reviewed_on=on, reviewed_by=reviewer, result=result, said=said.strip()
    )
    records.write(
        by=by, now=now, word="changes.change.reviewed", subject=change, changes=clock.told(changes), reason=reason
    )
    search.refresh("changes.change", [change.pk])
    return change


@transaction.atomic
def take_review_back(*, change: models.Change, by: org.Person, now: datetime, expected: int) -> models.Change:
    """The review was recorded by mistake: the clock runs on from where it started."""
    _demand(by, change)
    if change.reviewed_on is None:
        raise CannotDecide(_("This change is not reviewed."))
    if change.applications.exclude(state=models.Application.State.OPEN).exists():
        raise CannotDecide(_("Something of this change is implemented already. Take that back first."))
    again = {"reviewed_on": None, "reviewed_by": None, "result": "", "said": ""}
    changes = rows.change(change, expected=expected, **again)
    due = clock.reckon(change, Calendars())  # the calendar may have changed meanwhile
    changes += rows.change(change, expected=change.version, **due)
    records.write(by=by, now=now, word="changes.change.review_taken_back", subject=change, changes=clock.told(changes))
    return change


@transaction.atomic
def judge_impact(
    *, change: models.Change, impact: str, level: int | None, decider: org.Person, note: str = "", by: org.Person,
    now: datetime, expected: int,
) -> models.Change:  # fmt: skip
    """What the change means for the release of our parts, decided by somebody by name."""
    _demand(by, change)
    if impact not in models.Impact.values:
        raise CannotDecide(_("Please say what the change means for PPAP."), field="impact")
    is_submission = impact == models.Impact.RESUBMIT
    if is_submission and level not in LEVELS:
        raise CannotDecide(_("Please give the level of submission, from 1 to 5."), field="level")
    values: dict[str, object] = {
        "impact": impact, "level": level if is_submission else None, "impact_by": decider,
        "impact_on": timezone.localdate(now), "impact_note": note.strip(),
    }  # fmt: skip
    if impact == models.Impact.NONE:
        values |= {"answer": "", "answered_on": None, "answer_reference": ""}
    changes = rows.change(change, expected=expected, **values)
    records.write(by=by, now=now, word="changes.change.impact_judged", subject=change, changes=clock.told(changes))
    return change


@transaction.atomic
def record_answer(
    *, change: models.Change, answer: str, on: date, reference: str = "", by: org.Person, now: datetime, expected: int
) -> models.Change:
    """What the customer said to the notice or the submission."""
    _demand(by, change)
    if change.impact not in (models.Impact.NOTIFY, models.Impact.RESUBMIT):
        raise CannotDecide(_("First decide that the customer is notified, or that PPAP is submitted again."))
    if answer not in models.Answer.values:
        raise CannotDecide(_("Please say what the customer answered."), field="answer")
    _check_day(on, now, change.started_on, _("The answer cannot lie before the day on which the clock started."))
    changes = rows.change(
        change, expected=expected, answer=answer, answered_on=on, answer_reference=reference.strip()[:200]
    )
    records.write(by=by, now=now, word="changes.change.answered", subject=change, changes=clock.told(changes))
    return change


def _demand(by: org.Person, change: models.Change) -> None:
    if not access.may_edit(by, change):
        raise refusals.NotAllowed()
    if change.dropped_at is not None:
        raise CannotDecide(_("This change was dropped. Take it up again first."))


def _check_day(on: date, now: datetime, first: date, too_early: object) -> None:
    if on > timezone.localdate(now):
        raise CannotDecide(_("This day is still to come."), field="on")
    if on < first:
        raise CannotDecide(too_early, field="on")  # type: ignore[arg-type]
