"""What clauses and customers' names say that is no longer so: found, and settled by people."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.customers import models as customers
from yinuo.kit import actors, jobs, plugs, refusals, rows
from yinuo.letters import models as letters
from yinuo.letters.actions import threads
from yinuo.org import models as org
from yinuo.records import actions as records
from yinuo.sources import access, models
from yinuo.sources.queries import citing as reading
from yinuo.sources.rules import citing, obsolete
from yinuo.sources.rules.citing import Cited

STATE = models.Obsolete.State


class CannotSettle(refusals.Refusal):
    """This cannot be said of what is no longer so."""


def note(
    *, edition: models.Edition, texts: Sequence[models.ClauseText], found: Mapping[int, list[Cited]], now: datetime
) -> None:
    """Keep what the clauses that hold say of withdrawn things. What was settled of a clause stays with it through the
    editions; what it no longer says is gone, and open again if a later edition says it anew."""
    if reading.holding(edition.document) != edition:
        return
    finder = obsolete.Finder(reading.entries())
    known = {
        (row.entry, row.clause_id): row for row in models.Obsolete.objects.filter(clause__document=edition.document_id)
    }
    said = set()
    for text in texts:
        words = f"{text.title}\n{text.text}" if text.title else text.text
        for hit in finder.find(words, found[text.pk]):
            if (hit.entry, text.clause_id) in said:
                continue
            said.add((hit.entry, text.clause_id))
            values = {
                "text": text,
                "printed": words[hit.start : hit.end][:300],
                "scope_id": text.scope_id,
                "site_id": text.site_id,
            }
            keep(known.get((hit.entry, text.clause_id)), values, now, entry=hit.entry, clause_id=text.clause_id)
    for key, row in known.items():
        if key not in said and row.state != STATE.GONE:
            rows.change(row, expected=row.version, state=STATE.GONE)


def keep(row: models.Obsolete | None, values: dict[str, Any], now: datetime, **identity: Any) -> None:
    """Part of looking through: the row of what was found; what was gone and is said anew is open again."""
    if row is None:
        own = identity["entry"].removeprefix("own-")
        own_id = int(own) if own.isdecimal() else None
        models.Obsolete.objects.create(**identity, **values, own_id=own_id, found_at=now)
        return
    if row.state == STATE.GONE:
        values = values | {"state": STATE.OPEN, "reason": "", "by": None, "at": None, "found_at": now}
    rows.change(row, expected=row.version, **values)


def guard(*, document: models.Document) -> None:
    """Who may see a document has changed: what was found in its clauses goes with it."""
    models.Obsolete.objects.filter(clause__document=document).update(scope=document.scope, site=document.site)


def guard_customer(*, customer: customers.Customer) -> None:
    """The same for a customer whose name was found."""
    models.Obsolete.objects.filter(customer=customer, of_type="").update(scope=customer.scope, site=customer.site)


@transaction.atomic
def note_customers(*, by: actors.Actor, now: datetime) -> None:
    """Keep which customers are called by names that are no longer so."""
    finder = obsolete.Finder(reading.entries())
    found = models.Obsolete.objects.filter(customer__isnull=False, of_type="")
    known = {(row.entry, row.customer_id): row for row in found}
    said = set()
    for customer in customers.Customer.objects.filter(is_active=True).order_by("pk"):
        words = reading.names_of(customer)
        for hit in finder.find(words, citing.find(words)):
            if (hit.entry, customer.pk) in said:
                continue
            said.add((hit.entry, customer.pk))
            values = {
                "printed": words[hit.start : hit.end][:300],
                "scope_id": customer.scope_id,
                "site_id": customer.site_id,
            }
            keep(known.get((hit.entry, customer.pk)), values, now, entry=hit.entry, customer_id=customer.pk)
    for key, row in known.items():
        if key not in said and row.state != STATE.GONE:
            rows.change(row, expected=row.version, state=STATE.GONE)


@transaction.atomic
def settle(
    *, row: models.Obsolete, state: str, reason: str = "", by: org.Person, now: datetime, expected: int
) -> models.Obsolete:
    """Say what became of it: the customer was told, it is set right, it is accepted as it stands or not applicable
    (both with the reason), or it is open."""
    if not access.may_edit(by, row):
        raise refusals.NotAllowed()
    if state not in STATE.values or state == STATE.GONE:
        raise CannotSettle(_("Please choose what became of it."), field="state")
    if state == STATE.ACCEPTED and not reason.strip():
        raise CannotSettle(_("Please say why it is accepted as it stands: an auditor will ask."), field="reason")
    if state == STATE.NOT_MEANT and not reason.strip():
        raise CannotSettle(_("Please say why it is not applicable: an auditor will ask."), field="reason")
    changes = rows.change(row, expected=expected, state=state, reason=reason.strip(), by=by, at=now)
    told = [each for each in changes if each.field not in ("by", "at")]
    if told:
        records.write(by=by, now=now, word="sources.obsolete.settled", subject=row, changes=told, reason=reason.strip())
    return row


@transaction.atomic
def ask(*, row: models.Obsolete, title: str, by: org.Person, now: datetime, expected: int) -> letters.Thread:
    """Open a talk with the customer about it; the letter is written there."""
    if not access.may_edit(by, row):
        raise refusals.NotAllowed()
    if row.thread_id is not None:
        raise CannotSettle(_("A talk about this is under way already."))
    customer = row.customer or (row.text.edition.document.customer if row.text else None)
    if customer is None:
        raise CannotSettle(_("This document belongs to no customer, so nobody can be asked."))
    subject: Any = row.text.edition.document if row.text else customer
    if row.of_type:
        subject = next((each.about for each in plugs.texts.get(row.of_type).function([row.of_id])), None)
        if subject is None:
            raise CannotSettle(_("What said it is over. Say what became of it."))
    thread = threads.open_thread(
        subject=subject, customer=customer, title=title, purpose=letters.Purpose.CLARIFICATION, by=by, now=now
    )
    rows.change(row, expected=expected, thread=thread)
    records.write(by=by, now=now, word="sources.obsolete.asked", subject=row, note={"talk": thread.title})
    return thread


# The company's own entries --------------------------------------------------------------------------------------------

ENTRY = ("name", "also", "before", "what", "since", "successor", "source", "is_active")


@transaction.atomic
def add_entry(*, by: org.Person, now: datetime, **facts: Any) -> models.Withdrawn:
    """Record what is withdrawn, renamed or replaced; all clauses are looked through within a minute."""
    if not access.may_edit(by):
        raise refusals.NotAllowed()
    _check(facts)
    row = models.Withdrawn.objects.create(**{key: facts[key] for key in ENTRY if key in facts})
    records.write(by=by, now=now, word="sources.withdrawn.added", subject=row, changes=rows.created(row, *ENTRY))
    look_soon()
    return row


@transaction.atomic
def change_entry(
    *, row: models.Withdrawn, by: org.Person, now: datetime, expected: int, **facts: Any
) -> models.Withdrawn:
    """Change an entry, or put it out of use."""
    if not access.may_edit(by):
        raise refusals.NotAllowed()
    _check(facts, row)
    changes = rows.change(row, expected=expected, **{key: facts[key] for key in ENTRY if key in facts})
    if changes:
        records.write(by=by, now=now, word="sources.withdrawn.changed", subject=row, changes=changes)
        look_soon()
    return row


def look_soon() -> None:
    """Have all clauses, customers' names and words of other rooms looked through; many entries at once only once."""
    jobs.soon("sources.look_for_obsolete", within=30)


def _check(facts: dict[str, Any], row: models.Withdrawn | None = None) -> None:
    if not str(facts.get("name", row.name if row else "")).strip():
        raise CannotSettle(_("Please say what is withdrawn or renamed."), field="name")
    if not str(facts.get("source", row.source if row else "")).strip():
        raise CannotSettle(_("Please say where this is known from: an auditor will ask."), field="source")
    others = models.Withdrawn.objects.filter(name=facts.get("name", ""))
    if row is not None:
        others = others.exclude(pk=row.pk)
    if others.exists():
        raise CannotSettle(_("There is an entry of this name already. Change that one."), field="name")
