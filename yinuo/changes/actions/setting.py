"""Setting from when and within how many working days changes are reviewed: for the company, shorter for customers."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.changes import access, models, queries, rules
from yinuo.customers import models as customers
from yinuo.kit import refusals, rows
from yinuo.org import models as org
from yinuo.records import actions as records


class CannotSet(refusals.Refusal):
    """The term cannot be like this."""


@transaction.atomic
def set_term(
    *, customer: customers.Customer | None, start: str, days: int, note: str = "", reason: str = "", by: org.Person,
    now: datetime, expected: int,
) -> models.Term:  # fmt: skip
    """Set the term of the company (no customer), or a shorter one of a customer and of all below it.

    It holds for changes recorded from now on: clocks that run keep theirs. `expected` is 0 while none was set.
    """
    if not access.may_steer(by):
        raise refusals.NotAllowed()
    _check(customer, start, days)
    row = models.Term.objects.filter(customer=customer).first()
    if row is None:
        if expected:
            raise refusals.Stale()
        row = models.Term(customer=customer, start=start, days=days, note=note)
        row.save(force_insert=True)
        changes = rows.created(row, "start", "days", "note")
    else:
        is_again = row.ended_at is not None and not expected
        changes = rows.change(
            row, expected=row.version if is_again else expected, start=start, days=days, note=note, ended_at=None
        )
    if changes:
        records.write(by=by, now=now, word="changes.term.set", subject=_about(row), changes=changes, reason=reason)
    return row


@transaction.atomic
def end_term(*, term: models.Term, by: org.Person, now: datetime, expected: int) -> models.Term:
    """The customer has no term of its own any more: the company's holds."""
    if not access.may_steer(by):
        raise refusals.NotAllowed()
    if term.customer is None:
        raise CannotSet(_("The company's own term can be changed, not ended."))
    changes = rows.change(term, expected=expected, ended_at=now)
    records.write(by=by, now=now, word="changes.term.ended", subject=_about(term), changes=changes)
    return term


def _about(term: models.Term) -> models.Term | customers.Customer:
    """What the trail's entry is about: a customer's term stands with the customer, for whose eyes it is."""
    return term.customer or term


def _check(customer: customers.Customer | None, start: str, days: int) -> None:
    if start not in models.Start.values:
        raise CannotSet(_("Please say from which day the clock is counted."), field="start")
    if not 1 <= days <= rules.MOST_DAYS:
        words = _("Please give 1 to %(n)s working days: the standard allows no more.")
        raise CannotSet(words % {"n": rules.MOST_DAYS}, field="days")
    whole = queries.company_term().days
    if customer is not None and days > whole:
        words = _("The company's own term is %(n)s working days; a customer's may only be shorter.")
        raise CannotSet(words % {"n": whole}, field="days")
