"""Taking cases over that a department kept in a ledger: handled from now on, or history that starts nothing."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from yinuo.cases import access, models, rules
from yinuo.cases.actions import numbering, opening, own_fields
from yinuo.cases.queries import conventions as convention_queries
from yinuo.cases.queries import documents
from yinuo.customers import models as customers
from yinuo.kit import plugs, refusals, rows
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.records import actions as records
from yinuo.search import actions as search

TRIES = 3  # to write a block of which somebody else writes a part at the same moment


class AlreadyThere(refusals.Refusal):
    """The entry of the ledger has been taken over before."""


@dataclass(frozen=True)
class Kept:
    """What stays of the ledger with a case: its number there, by what it is known again, and what else was said."""

    number: str = ""
    mark: str = ""
    rest: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True)
class Past:
    """An entry that was over before, as the ledger says it: `said` as `opening.open_case` is told of a request."""

    kept: Kept
    ended_at: datetime
    end_reason: str
    said: dict[str, Any]


@transaction.atomic
def take_in(*, kept: Kept, by: org.Person, now: datetime, **said: Any) -> models.Case:
    """Register an entry that is still to be handled, as any request (`opening.open_case`): its procedure starts."""
    case = opening.open_case(by=by, now=now, **said)
    row = _row_of(case, kept, is_history=False, now=now)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise _already_there() from None
    changes = rows.created(row, "number", "is_history")
    records.write(by=by, now=now, word="cases.case.taken_over", subject=case, changes=changes)
    search.refresh(case.subject_type, [case.pk])
    return case


@transaction.atomic
def take_history(*, entries: Sequence[Past], by: org.Person, now: datetime) -> list[models.Case | refusals.Refusal]:
    """Register entries that were over before: archived at once, found and counted as any case; no procedure runs, no
    clock, and nobody is told. They count as registered when they were received.

    Many are written in few statements; each is asked and told for itself, and one that is refused keeps no other out.
    """
    for _try in range(TRIES):
        told = _drafted(entries, by, now)
        found = [(each, entry) for each, entry in zip(told, entries, strict=True) if isinstance(each, models.Case)]
        try:
            with transaction.atomic(), records.together():
                _write(found, by, now)
        except IntegrityError:
            continue  # somebody else took one of them over meanwhile: asked again, it is there
        return told
    raise refusals.Stale()


def _drafted(entries: Sequence[Past], by: org.Person, now: datetime) -> list[models.Case | refusals.Refusal]:
    """Each entry as a case, neither numbered nor saved, or why it is none."""
    convention = convention_queries.convention()
    table, _faults = rules.table_of(convention.priorities)
    marks = models.TakenOver.objects.filter(mark__in=[entry.kept.mark for entry in entries])
    there = set(marks.values_list("mark", flat=True))
    told: list[models.Case | refusals.Refusal] = []
    for entry in entries:
        try:
            if entry.kept.mark in there:
                raise _already_there()
            told.append(_history(entry, table, by, now))
            there.add(entry.kept.mark)
        except refusals.Refusal as refusal:
            told.append(refusal)
    return told


def _history(entry: Past, table: Any, by: org.Person, now: datetime) -> models.Case:
    said, items = entry.said, entry.said["items"]
    about = (said["customer"], said["title"], said["channel"], said["notified_at"])
    case = opening.drafted(*about, cast(opening.Said, said), by=by, now=now)
    if not access.may_open(by, case.scope_id, case.site_id):
        raise refusals.NotAllowed()
    opening.check_case(case, now)
    opening.check_items(case, items, said["products"])
    if said.get("more") is not None:
        own_fields.check("case", said["more"])
    case.kind = items[0].kind
    facts = opening.facts_of(case, [item.kind for item in items], org_queries.calendar(case.site_id))
    urgency = rules.priority_of(table, facts)
    priority, why = said["priority"] if said.get("priority") and not case.is_safety else (urgency.priority, urgency.why)
    case.priority, case.priority_zh, case.priority_en = priority, why.zh[:300], why.en[:300]
    case.registered_at, case.ended_at, case.archived_at = case.notified_at, entry.ended_at, now
    case.state = models.State.TERMINATED if entry.end_reason else models.State.ARCHIVED
    case.stage, case.end_reason = "done", entry.end_reason
    return case


def _write(found: Sequence[tuple[models.Case, Past]], by: org.Person, now: datetime) -> None:
    """The cases with their numbers, products, items and what stays of the ledger, and all that is told of them."""
    _number([case for case, _entry in found], now)
    models.Case.objects.bulk_create(case for case, _entry in found)
    _tie_products([(case, product) for case, entry in found for product in entry.said["products"]])
    asked = [(case, entry.said["items"], entry.said["products"]) for case, entry in found]
    items = defaultdict(list)
    for item in opening.add_items(asked, by=by, now=now):
        items[item.case_id].append(item)
    kept = [_row_of(case, entry.kept, is_history=True, now=now) for case, entry in found]
    models.TakenOver.objects.bulk_create(kept)
    for (case, _entry), row in zip(found, kept, strict=True):
        changes = rows.created(case, "title", "customer", "owner", "priority", "notified_at", "ended_at")
        changes += rows.created(row, "number", "is_history")
        records.write(by=by, now=now, word="cases.case.taken_over", subject=case, changes=changes)
    search.enter_all(
        [
            documents.of_new(case, items[case.pk], entry.said["products"], row)
            for (case, entry), row in zip(found, kept, strict=True)
        ]
    )
    plugs.announce("cases.taken_over", taken=[case for case, _entry in found])


def _number(cases: Sequence[models.Case], now: datetime) -> None:
    """Numbers in the order of the ledger; the day is that of each case's site."""
    convention = convention_queries.convention()
    days = [org_queries.calendar(case.site_id).day_of(now) for case in cases]
    for day in dict.fromkeys(days):
        of_day = [case for case, its in zip(cases, days, strict=True) if its == day]
        for case, number in zip(of_day, numbering.draw_all(convention, day, len(of_day)), strict=True):
            case.number = number


def _tie_products(pairs: Sequence[tuple[models.Case, customers.Product]]) -> None:
    ties = models.Case.products.through
    once = dict.fromkeys((case.pk, product.pk) for case, product in pairs)
    ties.objects.bulk_create(ties(case_id=case, product_id=product) for case, product in once)


def _row_of(case: models.Case, kept: Kept, *, is_history: bool, now: datetime) -> models.TakenOver:
    """What the case was in the ledger (nothing is saved)."""
    return models.TakenOver(
        case=case, number=kept.number[:80], mark=kept.mark, rest=kept.rest, is_history=is_history, at=now
    )


def _already_there() -> AlreadyThere:
    return AlreadyThere(_("This entry was taken over meanwhile. Please check the workbook again."))
