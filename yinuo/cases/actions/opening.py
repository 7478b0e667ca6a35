"""Registering what a customer asks: the case with its number, items, run, first task, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.cases import access, definition, models, queries, rules
from yinuo.cases.actions import following, numbering
from yinuo.customers import models as customers
from yinuo.customers import queries as customers_queries
from yinuo.kit import refusals, rows
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org import rules as org_rules
from yinuo.procedures.actions import running
from yinuo.procedures.definition.texts import Text
from yinuo.records import actions as records
from yinuo.search import actions as search


class CannotOpen(refusals.Refusal):
    """What was said about the request does not fit together."""


@dataclass(frozen=True, kw_only=True)
class NewItem:
    """One requirement as it was asked. `applies` says how far it reaches; `product` and `site` narrow it."""

    text: str
    kind: str
    applies: str = models.Applies.CUSTOMER
    product: customers.Product | None = None
    site: org.Site | None = None
    owner: org.Person | None = None
    due_on: date | None = None


TOLD = (
    "title", "customer", "channel", "kind", "said_by", "contact", "project", "site", "scope", "owner", "is_safety",
    "stops_line", "said_at", "notified_at", "wanted_on", "promised_on", "due_at", "oral", "oral_due_on", "priority",
)  # fmt: skip


class Said(TypedDict, total=False):
    """What else is known of a request. `is_oral`: not in writing yet. `files`: (name, content), kept as originals."""

    text: str
    contact: customers.CustomerContact | None
    said_by: str
    said_at: datetime | None
    wanted_on: date | None
    promised_on: date | None
    products: Sequence[customers.Product]
    project: customers.Project | None
    site: org.Site | None
    owner: org.Person | None
    is_safety: bool
    stops_line: bool
    is_oral: bool
    files: Sequence[tuple[str, bytes | File]]


@transaction.atomic
def open_case(
    *,
    by: org.Person,
    now: datetime,
    customer: customers.Customer,
    title: str,
    channel: str,
    items: Sequence[NewItem],
    notified_at: datetime,
    **said: Unpack[Said],
) -> models.Case:
    """Register a request (S5 1, S1 2.1) and start its procedure.

    The case is as confidential as its project, else its customer, else a product. Priority comes from the company's
    table, the due moment from the priority in working days since notice and not later than what the customer asks.
    Refused: `CannotOpen` with the field concerned, `NotAllowed`.
    """
    case = _drafted(customer, title, channel, notified_at, said, by=by, now=now)
    if not access.may_open(by, case.scope_id, case.site_id):
        raise refusals.NotAllowed()
    _check(case, items, now)
    convention, calendar = queries.convention(), org_queries.calendar(case.site_id)
    case.kind = items[0].kind
    rank(case, [item.kind for item in items], convention, calendar)
    if said.get("is_oral"):
        case.oral = models.Confirmation.WAITING
        case.oral_due_on = calendar.working_day(notified_at, convention.oral_days)
    # Nothing above wrote a row. From here on the counter is locked until the commit.
    case.number = numbering.draw(convention, calendar.day_of(now))
    case.save(force_insert=True)
    case.products.add(*said.get("products", ()))
    _add_items(case, items, by=by, now=now)
    changes = rows.created(case, *TOLD)
    records.write(by=by, now=now, word="cases.case.opened", subject=case, changes=changes, note={"items": len(items)})
    for name, content in said.get("files", ()):
        records.attach(subject=case, content=content, name=name, by=by, now=now, kind="original")
    running.start(procedure_key=convention.procedure_key, subject=case, by=by, now=now)
    case.refresh_from_db(fields=following.FOLLOWED)
    search.refresh(case.subject_type, [case.pk])
    return case


def _drafted(
    customer: customers.Customer, title: str, channel: str, notified_at: datetime, said: Said, *, by: org.Person,
    now: datetime,
) -> models.Case:  # fmt: skip
    """The case as it was said, neither numbered nor saved. Its owner is who was named, else the window, else `by`."""
    contact, project, site = said.get("contact"), said.get("project"), said.get("site")
    return models.Case(
        title=title.strip(),
        text=said.get("text", ""),
        customer=customer,
        contact=contact,
        said_by=said.get("said_by") or (contact.name if contact else ""),
        project=project,
        site_id=site.pk if site else customer.site_id,
        scope_id=scope_of(customer, project, said.get("products", ())),
        channel=channel,
        is_safety=said.get("is_safety", False),
        stops_line=said.get("stops_line", False),
        said_at=said.get("said_at"),
        notified_at=notified_at,
        registered_at=now,
        registered_by=by,
        wanted_on=said.get("wanted_on"),
        promised_on=said.get("promised_on"),
        owner=said.get("owner") or next(iter(customers_queries.window(customer).people), by),
    )


def scope_of(
    customer: customers.Customer, project: customers.Project | None, products: Sequence[customers.Product]
) -> int | None:
    """The circle that may see it: the project's, else the customer's, else that of the first confidential product."""
    if project is not None and project.scope_id:
        return project.scope_id
    return customer.scope_id or next((product.scope_id for product in products if product.scope_id), None)


def _check(case: models.Case, items: Sequence[NewItem], now: datetime) -> None:
    """What must be said, and must fit together, before a request is registered."""
    if not case.title:
        raise CannotOpen(_("Please give the request a title."), field="title")
    if case.channel not in models.Channel.values:
        raise CannotOpen(_("Please choose how it reached us."), field="channel")
    if not items or not all(item.text.strip() for item in items):
        raise CannotOpen(_("Please write down at least one requirement, and no empty ones."), field="items")
    if not all(item.kind in models.Kind.values and item.applies in models.Applies.values for item in items):
        raise CannotOpen(_("Please choose the nature of each requirement."), field="items")
    if not case.said_by.strip():
        raise CannotOpen(_("Please say who at the customer asked for it."), field="said_by")
    if case.notified_at > now:
        raise CannotOpen(_("We cannot have been notified in the future."), field="notified_at")
    if case.said_at and case.said_at > case.notified_at:
        raise CannotOpen(_("It cannot have reached us before it was said."), field="said_at")
    if case.project and not _same_tree(case.project.customer, case.customer):
        raise CannotOpen(_("This project belongs to another customer."), field="project")
    if case.contact and not _same_tree(case.contact.customer, case.customer):
        raise CannotOpen(_("This contact belongs to another customer."), field="contact")


def _same_tree(one: customers.Customer, other: customers.Customer) -> bool:
    return one.path.startswith(other.path) or other.path.startswith(one.path)


def rank(case: models.Case, kinds: Sequence[str], convention: models.Convention, calendar: org_rules.Calendar) -> None:
    """Fill in priority, why, and the due moment by the company's table (nothing is saved)."""
    table, _faults = rules.table_of(convention.priorities)
    urgency = rules.priority_of(table, facts_of(case, kinds, calendar))
    put_priority(case, urgency.priority, urgency.why, convention, calendar)


def facts_of(case: models.Case, kinds: Sequence[str], calendar: org_rules.Calendar) -> dict[str, Any]:
    """What the priority table may ask."""
    left = calendar.working_days_between(case.notified_at, case.wanted_on) if case.wanted_on else None
    return {
        "cases.is_safety": case.is_safety,
        "cases.stops_line": case.stops_line,
        "cases.channel": case.channel,
        "cases.kinds": list(kinds),
        "cases.days_left": left,
    }


def put_priority(
    case: models.Case, priority: int, why: Text, convention: models.Convention, calendar: org_rules.Calendar
) -> None:
    """Set the priority with its reason, and the due moment that follows from it (nothing is saved)."""
    days = rules.due_days(convention.due_days, definition.Priority(priority))
    due = calendar.add_working_days(case.notified_at, days)
    if case.wanted_on:
        # An asked day that is no working day is kept by the working day before it.
        wanted = case.wanted_on if calendar.is_working_day(case.wanted_on) else calendar.working_day(case.wanted_on, -1)
        if wanted > calendar.day_of(case.notified_at):
            due = min(due, org_rules.Due(calendar.closing(wanted), due.provisional), key=lambda each: each.at)
    case.priority, case.priority_zh, case.priority_en = priority, why.zh[:300], why.en[:300]
    case.due_at, case.is_provisional = due.at, due.provisional


def _add_items(case: models.Case, items: Sequence[NewItem], *, by: org.Person, now: datetime) -> None:
    made = models.Item.objects.bulk_create(
        models.Item(
            case=case,
            position=position,
            text=item.text.strip(),
            kind=item.kind,
            applies=item.applies,
            product=item.product,
            site=item.site,
            owner=item.owner,
            due_on=item.due_on,
        )
        for position, item in enumerate(items, 1)
    )
    models.Wording.objects.bulk_create(first_wording(item, by=by, now=now) for item in made)


def first_wording(item: models.Item, *, by: org.Person, now: datetime) -> models.Wording:
    """The wording as it was asked, of a new item."""
    case = item.case
    is_oral = case.oral == models.Confirmation.WAITING
    return models.Wording(
        item=item,
        number=1,
        text=item.text,
        channel=case.channel,
        said_by=case.said_by,
        said_at=case.said_at or case.notified_at,
        by=by,
        at=now,
        confirmation=models.Confirmation.WAITING if is_oral else models.Confirmation.NOT_NEEDED,
        confirm_due_on=case.oral_due_on if is_oral else None,
    )
