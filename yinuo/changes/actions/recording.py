"""Recording changes: by hand, or with an edition of a customer's document; setting them right, and dropping them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.changes import access, models, queries
from yinuo.changes.actions import clock
from yinuo.customers import models as customers
from yinuo.customers import queries as customers_queries
from yinuo.customers.actions import scoping
from yinuo.kit import actors, plugs, refusals, rows
from yinuo.org import models as org
from yinuo.records import actions as records
from yinuo.search import actions as search
from yinuo.sources import models as sources
from yinuo.sources import queries as sources_queries


class CannotKeep(refusals.Refusal):
    """What was said about the change does not fit together."""


class Facts(TypedDict, total=False):
    """What people say about a change."""

    title: str
    customer: customers.Customer
    edition: sources.Edition | None
    reference: str
    what: str
    responsible: org.Person
    department: org.Department | None
    sites: Sequence[org.Site]
    scope: org.Scope | None
    published_on: date | None
    notified_on: date | None
    received_on: date


COLUMNS = (
    "title", "customer", "edition", "reference", "what", "responsible", "department", "published_on", "notified_on",
    "received_on",
)  # fmt: skip
CLOCK = ("started_on", "days", "due_on")
DAYS = ("published_on", "notified_on", "received_on")


@transaction.atomic
def add(*, by: org.Person, now: datetime, reason: str = "", **facts: Unpack[Facts]) -> models.Change:
    """Record a change; its clock runs from now on. A clock that started before today needs the reason."""
    if not access.may_edit(by):
        raise refusals.NotAllowed()
    row = models.Change(**{key: facts[key] for key in COLUMNS if key in facts})  # type: ignore[literal-required]
    row.own_scope = facts.get("scope")
    _check(row, by, now)
    made = _record(row, list(facts.get("sites") or ()), by, now, reason)
    if row.started_on < timezone.localdate(now) and not reason.strip():
        raise CannotKeep(_("The clock starts before today. Please give the reason."), field="reason")
    return made


@transaction.atomic
def open_for_edition(*, edition: sources.Edition, by: org.Person, now: datetime) -> models.Change | None:
    """Open the change that comes with an edition, if it replaces one that held and has none yet; once for each.

    Whoever recorded the edition answers for it until it is given to somebody else.
    """
    document = edition.document
    if document.customer is None or edition.follows_id is None or edition.standing not in queries.COUNTED:
        return None
    if models.Change.objects.filter(edition=edition).exists():
        return None
    row = models.Change(
        title=f"{document.title} {edition.label}"[:300], customer=document.customer, edition=edition,
        responsible=edition.brought_by, published_on=edition.published_on, notified_on=edition.notified_on,
        received_on=edition.received_on,
    )  # fmt: skip
    return _record(row, list(document.sites.all()), by, now, "", note={"edition": edition.label})


def _record(
    row: models.Change, sites: list[org.Site], by: org.Person, now: datetime, reason: str,
    note: dict[str, Any] | None = None,
) -> models.Change:  # fmt: skip
    row.added_at, row.added_by, row.start_reason = now, by, reason.strip()[:500]
    row.scope, row.site = scope_of(row), sites[0] if len(sites) == 1 else None
    row.start, row.days = queries.term_of(row.customer)
    for key, value in clock.reckon(row, queries.Calendars()).items():
        setattr(row, key, value)
    row.number = _draw(timezone.localdate(now).year)
    row.save(force_insert=True)
    row.sites.set(sites)
    told = clock.told(rows.created(row, "number", *COLUMNS, "start", *CLOCK))
    records.write(by=by, now=now, word="changes.change.opened", subject=row, changes=told, reason=reason, note=note)
    search.refresh("changes.change", [row.pk])
    return row


def _draw(year: int) -> str:
    """The next number of a year; the counter stays locked until the caller's transaction ends."""
    models.Counter.objects.bulk_create([models.Counter(year=year)], ignore_conflicts=True)
    counter = models.Counter.objects.select_for_update().get(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"EC-{year}-{counter.last:04}"


def scope_of(row: models.Change) -> org.Scope | None:
    """Who may know of it: its own circle within that of the document, or of the customer."""
    outer = row.edition.document.scope if row.edition else row.customer.scope
    return scoping.narrowed(row.own_scope, outer)


@transaction.atomic
def change(
    *, change: models.Change, by: org.Person, now: datetime, expected: int, reason: str = "", **facts: Unpack[Facts]
) -> models.Change:
    """Set right what was said of a change. A start of the clock that moves needs the reason."""
    if not access.may_edit(by, change):
        raise refusals.NotAllowed()
    values: dict[str, Any] = {key: facts[key] for key in COLUMNS if key in facts}  # type: ignore[literal-required]
    sites = list(facts.get("sites", change.sites.all()))
    wanted = models.Change(**{key: values.get(key, getattr(change, key)) for key in COLUMNS})
    wanted.pk, wanted.start, wanted.days = change.pk, change.start, change.days
    wanted.own_scope = values["own_scope"] = facts.get("scope", change.own_scope)
    _check(wanted, by, now, was=change)
    values["site"] = wanted.site = sites[0] if len(sites) == 1 else None
    values["scope"] = scope_of(wanted)
    values |= clock.reckon(wanted, queries.Calendars()) if _may_move(change, wanted) else {}
    if values.get("started_on", change.started_on) != change.started_on:
        if not reason.strip():
            raise CannotKeep(_("The clock is counted from this day. Please give the reason."), field="reason")
        values["start_reason"] = reason.strip()[:500]
    was = change.scope_id
    changes = rows.change(change, expected=expected, **values)
    changes += _moved_sites(change, sites)
    if changes:
        told = clock.told(changes)
        records.write(by=by, now=now, word="changes.change.changed", subject=change, changes=told, reason=reason)
        search.refresh("changes.change", [change.pk])
    if was != change.scope_id:
        announce_scope(change)
    return change


def _may_move(change: models.Change, wanted: models.Change) -> bool:
    """A clock that was met stays as it was proved, unless its days or its sites are set right."""
    return change.reviewed_on is None or any(getattr(change, key) != getattr(wanted, key) for key in DAYS)


def _moved_sites(change: models.Change, sites: list[org.Site]) -> list[rows.Change]:
    old = list(change.sites.all())
    if {each.pk for each in old} == {each.pk for each in sites}:
        return []
    change.sites.set(sites)
    return [rows.Change("sites", rows.plain(old), rows.plain(sites))]


def announce_scope(change: models.Change) -> None:
    """Files, messages, trail and index follow who may know."""
    plugs.announce("kit.rescoped", type=change.subject_type, id=change.pk, scope_id=change.scope_id)


@transaction.atomic
def follow_edition(*, edition: sources.Edition, by: org.Person, now: datetime, reason: str = "") -> None:
    """The days of an edition were set right: the change that came with it follows; one that was missing is opened."""
    row = models.Change.objects.filter(edition=edition).select_related("customer", "edition__document").first()
    if row is None:
        open_for_edition(edition=edition, by=by, now=now)
        return
    days = {key: getattr(edition, key) for key in DAYS}
    if all(getattr(row, key) == value for key, value in days.items()):
        return
    wanted = models.Change(start=row.start, days=row.days, site=row.site, **days)
    values = days | clock.reckon(wanted, queries.Calendars())
    if values["started_on"] != row.started_on:
        values["start_reason"] = reason.strip()[:500]
    changes = rows.change(row, expected=row.version, **values)
    told = clock.told(changes)
    records.write(by=by, now=now, word="changes.change.changed", subject=row, changes=told, reason=reason)


@transaction.atomic
def count_clauses(*, edition: sources.Edition, by: org.Person, now: datetime) -> None:
    """The clauses of an edition were accepted: how many changed stands on its change, which is opened if it is
    missing and something changed."""
    number = queries.clauses_changed(edition)
    if not models.Change.objects.filter(edition=edition).exists() and number:
        open_for_edition(edition=edition, by=by, now=now)
    row = models.Change.objects.filter(edition=edition).first()
    if row is None:
        return
    changes = rows.change(row, expected=row.version, clauses_changed=number)
    if changes:
        records.write(by=by, now=now, word="changes.change.counted", subject=row, changes=changes)


@transaction.atomic
def drop(*, change: models.Change, reason: str, by: org.Person, now: datetime, expected: int) -> models.Change:
    """It was no change, or the customer took it back: nothing is deleted, the clock stops."""
    if not access.may_edit(by, change):
        raise refusals.NotAllowed()
    if not reason.strip():
        raise CannotKeep(_("Please say why."), field="reason")
    if change.dropped_at is not None or change.reviewed_on is not None:
        raise CannotKeep(_("Only a change that is not reviewed yet can be dropped."))
    changes = rows.change(change, expected=expected, dropped_at=now, dropped_why=reason.strip()[:500])
    records.write(by=by, now=now, word="changes.change.dropped", subject=change, changes=changes, reason=reason)
    return change


@transaction.atomic
def take_up(*, change: models.Change, by: org.Person, now: datetime, expected: int) -> models.Change:
    """It is a change after all: the clock runs on from its old start."""
    if not access.may_edit(by, change):
        raise refusals.NotAllowed()
    if change.dropped_at is None:
        raise CannotKeep(_("This change was not dropped."))
    again = {"dropped_at": None, "dropped_why": ""} | clock.reckon(change, queries.Calendars())
    changes = rows.change(change, expected=expected, **again)
    records.write(by=by, now=now, word="changes.change.taken_up", subject=change, changes=changes)
    return change


@transaction.atomic
def rescope(*, rows_of: Any, by: actors.Actor, now: datetime) -> None:
    """Who may know of a customer or document has changed: its changes follow."""
    for row in rows_of.select_related("own_scope", "customer__scope", "edition__document__scope"):
        scope = scope_of(row)
        if scope != row.scope:
            was = rows.plain(row.scope)
            models.Change.objects.filter(pk=row.pk).update(scope=scope)
            row.scope = scope
            told = [rows.Change("scope", was, rows.plain(scope))]
            records.write(by=by, now=now, word="changes.change.rescoped", subject=row, changes=told)
            announce_scope(row)


def _check(row: models.Change, by: org.Person, now: datetime, was: models.Change | None = None) -> None:
    """What is said fits together, and the person may see what it points at."""
    if not row.title.strip():
        raise CannotKeep(_("Please give the title."), field="title")
    if row.customer_id != getattr(was, "customer_id", None) and not by.may(
        customers_queries.SEE, row.customer.scope_id, row.customer.site_id
    ):
        raise refusals.NotAllowed()
    if row.edition_id != getattr(was, "edition_id", None):
        _check_edition(row, by)
    if row.own_scope != getattr(was, "own_scope", None):
        inside = row.own_scope is None or row.own_scope.grants.filter(person=by, ended_at=None).exists()
        if not inside:
            words = _("You can only close it to a circle of people that you belong to yourself.")
            raise CannotKeep(words, field="scope")
    for key in DAYS:
        day = getattr(row, key)
        if day is not None and day > timezone.localdate(now):
            raise CannotKeep(_("This day is still to come."), field=key)
    row.scope = scope_of(row)
    is_new = any(getattr(row, key) != getattr(was, key, None) for key in ("responsible_id", "scope_id"))
    if is_new and not row.responsible.may(queries.SEE, row.scope_id, None):
        words = _("%(person)s may not see this change. Please choose somebody who may.")
        raise CannotKeep(words % {"person": row.responsible.name}, field="responsible")


def _check_edition(row: models.Change, by: org.Person) -> None:
    edition = row.edition
    if edition is None:
        return
    if not sources_queries.editions(by).filter(pk=edition.pk).exists():
        raise refusals.NotAllowed()
    if edition.document.customer_id is not None and edition.document.customer_id != row.customer_id:
        raise CannotKeep(_("This edition belongs to a document of another customer."), field="edition")
    twin = models.Change.objects.filter(edition=edition).exclude(pk=row.pk).first()
    if twin is not None:
        words = _("This edition has its change already: %(number)s.")
        raise CannotKeep(words % {"number": twin.number}, field="edition")
