"""Taking cases over that a department kept in a ledger: handled from now on, or history that starts nothing."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from yinuo.cases import access, models
from yinuo.cases.actions import numbering, opening, own_fields
from yinuo.cases.queries import conventions as convention_queries
from yinuo.kit import plugs, refusals, rows
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.records import actions as records
from yinuo.search import actions as search


class AlreadyThere(refusals.Refusal):
    """The entry of the ledger has been taken over before."""


@dataclass(frozen=True)
class Kept:
    """What stays of the ledger with a case: its number there, by what it is known again, and what else was said."""

    number: str = ""
    mark: str = ""
    rest: list[list[str]] = field(default_factory=list)


@transaction.atomic
def take_in(*, kept: Kept, by: org.Person, now: datetime, **said: Any) -> models.Case:
    """Register an entry that is still to be handled, as any request (`opening.open_case`): its procedure starts."""
    case = opening.open_case(by=by, now=now, **said)
    _keep(case, kept, is_history=False, by=by, now=now)
    return case


@transaction.atomic
def take_history(
    *, kept: Kept, ended_at: datetime, end_reason: str, by: org.Person, now: datetime, **said: Any
) -> models.Case:
    """Register an entry that was over before: archived at once, found and counted as any case; no procedure runs, no
    clock, and nobody is told. It counts as registered when it was received."""
    items, products = said["items"], said["products"]
    about = (said["customer"], said["title"], said["channel"], said["notified_at"])
    case = opening.drafted(*about, cast(opening.Said, said), by=by, now=now)
    if not access.may_open(by, case.scope_id, case.site_id):
        raise refusals.NotAllowed()
    opening.check_case(case, now)
    opening.check_items(case, items, products)
    if said.get("more") is not None:
        own_fields.check("case", said["more"])
    convention, calendar = convention_queries.convention(), org_queries.calendar(case.site_id)
    case.kind = items[0].kind
    opening.rank(case, [item.kind for item in items], convention, calendar)
    if said.get("priority") and not case.is_safety:
        case.priority, why = said["priority"]
        case.priority_zh, case.priority_en = why.zh, why.en
    case.due_at, case.is_provisional = None, False
    case.registered_at, case.ended_at, case.archived_at = case.notified_at, ended_at, now
    case.state = models.State.TERMINATED if end_reason else models.State.ARCHIVED
    case.stage, case.end_reason = "done", end_reason
    case.number = numbering.draw(convention, calendar.day_of(now))
    case.save(force_insert=True)
    if products:
        case.products.add(*products)
    opening.add_items(case, items, products, by=by, now=now)
    _keep(case, kept, is_history=True, by=by, now=now)
    plugs.announce("cases.taken_over", case=case)
    return case


def _keep(case: models.Case, kept: Kept, *, is_history: bool, by: org.Person, now: datetime) -> None:
    """Keep with the case what it was in the ledger, and tell the trail; an entry is taken over once."""
    try:
        with transaction.atomic():
            row = models.TakenOver.objects.create(
                case=case, number=kept.number[:80], mark=kept.mark, rest=kept.rest, is_history=is_history, at=now
            )
    except IntegrityError:
        raise AlreadyThere(_("This entry was taken over meanwhile. Please check the workbook again.")) from None
    changes = rows.created(row, "number", "is_history")
    if is_history:
        changes = [*rows.created(case, "title", "customer", "owner", "priority", "notified_at", "ended_at"), *changes]
    records.write(by=by, now=now, word="cases.case.taken_over", subject=case, changes=changes)
    search.refresh(case.subject_type, [case.pk])
