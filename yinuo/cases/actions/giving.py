"""Giving an action of the plan to somebody else, for whoever cannot do it any more."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.cases import access, models
from yinuo.kit import refusals, rows
from yinuo.org import models as org
from yinuo.records import actions as records
from yinuo.search import actions as search


class CannotGive(refusals.Refusal):
    """The action of the plan cannot be given to somebody else."""


@transaction.atomic
def give_measure(
    *, measure: models.Measure, to: org.Person, reason: str, by: org.Person, now: datetime, expected: int
) -> models.Measure:
    """Let somebody else carry out an action of the plan that is still to be done; its words and its day stay."""
    access.require_handler(by, measure.case)
    if not reason.strip():
        raise CannotGive(_("Please give a reason."), field="reason")
    if measure.state != models.Measure.State.OPEN:
        raise CannotGive(_("This action of the plan is no longer open."))
    access.require_can_see(to, measure.case, "person")
    changes = rows.change(measure, expected=expected, person=to)
    if changes:
        records.write(
            by=by, now=now, word="cases.measure.changed", subject=measure.case, changes=changes, reason=reason.strip(),
            note={"measure": measure.what[:80]},
        )  # fmt: skip
        search.refresh(measure.case.subject_type, [measure.case_id])
    return measure
