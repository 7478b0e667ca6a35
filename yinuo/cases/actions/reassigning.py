"""Giving a case to somebody else than the rules did, with the reason."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.cases import access, models
from yinuo.cases.actions import assigning, steering
from yinuo.cases.queries import assigning as assigning_queries
from yinuo.kit import refusals
from yinuo.org import models as org


class CannotReassign(refusals.Refusal):
    """The case cannot be given like this."""


@transaction.atomic
def reassign(
    *, case: models.Case, owner: org.Person, reason: str, by: org.Person, now: datetime, expected: int,
    quietly: bool = False,
) -> models.Case:  # fmt: skip
    """Give the case to another owner, with the reason; what the rules would say now is kept beside it.

    Of two people doing so at once one wins, the other sees what happened.
    """
    access.require_steerer(by, case)
    if not reason.strip():
        raise CannotReassign(_("Please give the reason for the other owner."), field="reason")
    if owner == case.owner:
        raise CannotReassign(_("%(name)s owns the case already.") % {"name": owner.name}, field="owner")
    proposal = assigning_queries.proposal(case, list(case.products.all()), now)
    steering.change_owner(
        case=case, owner=owner, by=by, now=now, expected=expected, reason=reason.strip(), quietly=quietly
    )
    assigning.keep(case=case, proposal=proposal, chosen=owner, now=now, by=by, reason=reason.strip()[:500])
    return case
