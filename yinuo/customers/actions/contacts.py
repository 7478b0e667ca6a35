"""Keeping the people at a customer."""

from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.customers import access, models
from yinuo.customers.actions import scoping
from yinuo.kit import refusals, rows
from yinuo.org import models as org
from yinuo.records import actions as records


class CannotLeave(refusals.Refusal):
    """The contact cannot have left then."""


class Facts(TypedDict, total=False):
    """What people say about a contact; `authority` is a list of `models.Authority` values."""

    name: str
    department: str
    role: str
    phone: str
    email: str
    wechat: str
    language: str
    authority: list[str]
    from_on: date | None
    to_on: date | None
    note: str


FIELDS = tuple(Facts.__annotations__)


@transaction.atomic
def add(*, customer: models.Customer, by: org.Person, now: datetime, **facts: Unpack[Facts]) -> models.CustomerContact:
    """Add somebody at the customer."""
    if not access.may_edit(by, customer):
        raise refusals.NotAllowed()
    row = models.CustomerContact(
        customer=customer, scope_id=customer.scope_id, site_id=customer.site_id, **_checked(dict(facts))
    )
    _check_days(row.from_on, row.to_on)
    row.save(force_insert=True)
    _tell(row, by=by, now=now, word="customers.contact.added", changes=rows.created(row, *FIELDS))
    return row


@transaction.atomic
def change(
    *, contact: models.CustomerContact, by: org.Person, now: datetime, expected: int, **facts: Unpack[Facts]
) -> models.CustomerContact:
    """Change what `facts` name. A contact who left gets `to_on` and stays on record."""
    if not access.may_edit(by, contact):
        raise refusals.NotAllowed()
    values = _checked(dict(facts))
    _check_days(values.get("from_on", contact.from_on), values.get("to_on", contact.to_on))
    changes = rows.change(contact, expected=expected, **values)
    if changes:
        _tell(contact, by=by, now=now, word="customers.contact.changed", changes=changes)
    return contact


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    """Only known authorities, each once, in the order of their declaration."""
    if "authority" in values:
        values["authority"] = [each for each in models.Authority.values if each in values["authority"]]
    return values


def _check_days(from_on: date | None, to_on: date | None) -> None:
    if from_on and to_on and to_on < from_on:
        raise CannotLeave(_("The day of leaving is before the first day."), field="to_on")


def _tell(row: models.CustomerContact, *, by: org.Person, now: datetime, word: str, changes: list[rows.Change]) -> None:
    """Contacts have no page of their own: their story stands on the customer's."""
    records.write(by=by, now=now, word=word, subject=row.customer, changes=changes, note={"contact": row.name})
    scoping.index(customers=[row.customer_id])
