"""Which pages are watched: adding and changing them, and who may see them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.customers import models as customers
from yinuo.kit import actors, fetching, jobs, outgoing, plugs, refusals, rows
from yinuo.org import models as org
from yinuo.records import actions as records
from yinuo.search import actions as search
from yinuo.sources import models as sources
from yinuo.watches import access, models, queries, rules


class CannotWatch(refusals.Refusal):
    """What was said about the page does not fit together."""


class Facts(TypedDict, total=False):
    """What people say about a page."""

    name: str
    address: str
    customer: customers.Customer | None
    document: sources.Document | None
    keeper: org.Person
    deputy: org.Person | None
    others: Sequence[org.Person]
    every: int
    selector: str
    part_begins: str
    part_ends: str
    ignores_numbers: bool
    note: str
    is_active: bool


COLUMNS = tuple(key for key in Facts.__annotations__ if key != "others")
FIELDS = (*COLUMNS, "others")
AFRESH = ("address", "selector", "part_begins", "part_ends", "ignores_numbers")  # what makes another text of it


@transaction.atomic
def add(*, by: org.Person, now: datetime, **facts: Unpack[Facts]) -> models.Page:
    """Watch a page from now on. It is as confidential as the customer or document to which it belongs."""
    if not access.may_edit(by):
        raise refusals.NotAllowed()
    others = facts.pop("others", [])
    row = models.Page(added_at=now, since=now, **facts)
    _check(row, by, others=others)
    row.next_at = first_visit(row, now)
    row.save(force_insert=True)
    told = [*rows.created(row, *COLUMNS), *_set_others(row, others)]
    records.write(by=by, now=now, word="watches.page.added", subject=row, changes=told)
    search.refresh(row.subject_type, [row.pk])
    look_soon(row, now)
    return row


@transaction.atomic
def change(
    *, page: models.Page, by: org.Person, now: datetime, expected: int, reason: str = "", **facts: Unpack[Facts]
) -> models.Page:
    """Change what `facts` name. Another address or part begins anew: what it says then is the first text."""
    if not access.may_edit(by, page):
        raise refusals.NotAllowed()
    values: dict[str, Any] = dict(facts)
    others = values.pop("others", None)
    wanted = models.Page(**{key: values.get(key, getattr(page, key)) for key in COLUMNS})
    _check(wanted, by, was=page, others=list(page.others.all()) if others is None else others)
    values |= {"scope": wanted.scope, "site": wanted.site}
    if any(getattr(wanted, key) != getattr(page, key) for key in AFRESH):
        values |= {"state": models.State.NEW, "since": now, "base": None, "latest": None, "failures": 0}
        values |= {"etag": "", "last_modified": ""}
    if wanted.is_active and (values.get("state") or not page.is_active or wanted.every != page.every):
        values["next_at"] = first_visit(wanted, now)
    old_scope = page.scope_id
    changes = [*rows.change(page, expected=expected, **values), *_set_others(page, others)]
    if changes:
        told = [each for each in changes if each.field in (*FIELDS, "scope")]
        records.write(by=by, now=now, word="watches.page.changed", subject=page, changes=told, reason=reason)
        search.refresh(page.subject_type, [page.pk])
        look_soon(page, now)
    if page.scope_id != old_scope:
        plugs.announce("kit.rescoped", type=page.subject_type, id=page.pk, scope_id=page.scope_id)
    return page


def _set_others(page: models.Page, others: Sequence[org.Person] | None) -> list[rows.Change]:
    """Who else is told, as given."""
    there = list(page.others.order_by("pk"))
    if others is None or {each.pk for each in others} == {each.pk for each in there}:
        return []
    page.others.set(others)
    before, after = ("、".join(each.name for each in found) for found in (there, others))
    return [rows.Change("others", before, after)]


def first_visit(page: models.Page, now: datetime) -> datetime | None:
    """At once; never where the name is reserved for examples."""
    return None if fetching.is_example(page.address) else now


def look_soon(page: models.Page, now: datetime) -> None:
    """Ask for a visit when one is due."""
    if page.is_active and page.next_at is not None and page.next_at <= now:
        jobs.enqueue("watches.look", key=f"{page.pk}:{page.next_at:%Y%m%dT%H%M%S%f}", now=now, page=page.pk)


@transaction.atomic
def look_now(*, page: models.Page, by: org.Person, now: datetime) -> None:
    """Have a page looked at at once."""
    if not access.may_decide(by, page):
        raise refusals.NotAllowed()
    if not page.is_active:
        raise CannotWatch(_("This page is no longer watched. Switch it on first."))
    if fetching.is_example(page.address):
        raise CannotWatch(_("This address stands under a name for examples: there is nothing to fetch."))
    models.Page.objects.filter(pk=page.pk).update(next_at=now)
    page.next_at = now
    records.write(by=by, now=now, word="watches.page.asked", subject=page)
    look_soon(page, now)


def _check(row: models.Page, by: org.Person, was: models.Page | None = None, others: Sequence[org.Person] = ()) -> None:
    """The address leads outside, customer and document fit and may be seen, and whoever is told may see the page."""
    try:
        outgoing.check(row.address, may_be_plain=True)
    except outgoing.CannotAsk as refusal:
        raise CannotWatch(str(refusal), field="address") from refusal
    if row.document is not None:
        if row.customer is not None and row.document.customer not in (None, row.customer):
            raise CannotWatch(_("This document belongs to another customer."), field="document")
        row.customer = row.customer or row.document.customer
    for field in ("customer", "document"):
        of = getattr(row, field)
        if of is not None and of != getattr(was, field, None) and not by.may(queries.SEE, of.scope_id, of.site_id):
            raise refusals.NotAllowed()
    _guard(row)
    if row.deputy is not None and row.deputy == row.keeper:
        raise CannotWatch(_("The deputy must be somebody else."), field="deputy")
    if row.selector and rules.xpath_of(row.selector) is None:
        words = _(
            "This selector cannot be read. Write elements, #id, .class or [key=value], for example: #content .news-list"
        )
        raise CannotWatch(words, field="selector")
    if {row.keeper, row.deputy} & set(others):
        raise CannotWatch(_("Somebody is named twice among those who are told."), field="others")
    for field, person in (("keeper", row.keeper), ("deputy", row.deputy), *(("others", each) for each in others)):
        if person is not None and not person.may(queries.SEE, row.scope_id, row.site_id):
            raise CannotWatch(_("%(person)s may not see this page.") % {"person": person.name}, field=field)


def _guard(row: models.Page) -> None:
    of = row.document or row.customer
    row.scope_id, row.site_id = (of.scope_id, of.site_id) if of is not None else (None, None)


@transaction.atomic
def follow(*, page: models.Page, by: actors.Actor, now: datetime) -> None:
    """The customer or document has become confidential, or open again: so has the page."""
    was = page.scope_id
    _guard(page)
    if page.scope_id != was:
        models.Page.objects.filter(pk=page.pk).update(scope=page.scope_id, site=page.site_id)
        plugs.announce("kit.rescoped", type=page.subject_type, id=page.pk, scope_id=page.scope_id)
