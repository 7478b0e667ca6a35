"""Taking back what somebody has just done to a case (撤销): its priority, its owner, a link that was revoked."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.cases import access, models
from yinuo.cases.actions import closing, opening, steering
from yinuo.cases.queries import conventions as convention_queries
from yinuo.kit import refusals, rows
from yinuo.notify import actions as notify
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures.definition.texts import Text
from yinuo.records import actions as records

RANKED = ("priority", "priority_zh", "priority_en", "due_at", "is_provisional")


@transaction.atomic
def restore_priority(
    *, case: models.Case, priority: int, why: Text, ranked_by: org.Person | None, by: org.Person, now: datetime,
    expected: int,
) -> models.Case:  # fmt: skip
    """The priority that the case had, with its reason and who had set it; the due moment follows."""
    access.require_steerer(by, case)
    access.require_open(case)
    before = {name: getattr(case, name) for name in RANKED}
    opening.put_priority(case, priority, why, convention_queries.convention(), org_queries.calendar(case.site_id))
    after = {name: getattr(case, name) for name in RANKED}
    for name, old in before.items():
        setattr(case, name, old)
    changes = rows.change(case, expected=expected, **after, priority_by=ranked_by)
    told = [change for change in changes if change.field in ("priority", "due_at")]
    records.write(by=by, now=now, word="cases.case.ranked", subject=case, changes=told, reason=str(_("Undone.")))
    return case


@transaction.atomic
def restore_owner(
    *, case: models.Case, owner: org.Person, by: org.Person, now: datetime, expected: int, since: datetime
) -> models.Case:
    """The owner whom the case had; whoever was told meanwhile that it is theirs is told so no more."""
    steering.change_owner(
        case=case, owner=owner, by=by, now=now, expected=expected, reason=str(_("Undone.")), quietly=True
    )
    notify.take_back(subject=case, kind="case_given", by=by, now=now, since=since)
    return case


@transaction.atomic
def restore_link(*, link: models.FeedbackLink, by: org.Person, now: datetime) -> None:
    """A link that was revoked by mistake opens again, for as long as it was made."""
    if not access.may_handle(by, link.case):
        raise refusals.NotAllowed()
    if (
        not models.FeedbackLink.objects.filter(pk=link.pk, answered_at=None)
        .exclude(revoked_at=None)
        .update(revoked_at=None)
    ):
        raise closing.LinkDead(closing.SENTENCES["answered"])
    records.write(by=by, now=now, word="cases.feedback.restored", subject=link.case, note={"for": link.name})
