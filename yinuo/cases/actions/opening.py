"""Registering what a customer asks: the case with its number, items, run, first task, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.cases import access, definition, models, rules
from yinuo.cases.actions import assigning, following, numbering, own_fields, samples
from yinuo.cases.queries import assigning as assigning_queries
from yinuo.cases.queries import circles as circle_queries
from yinuo.cases.queries import conventions as convention_queries
from yinuo.cases.queries import documents
from yinuo.cases.queries import procedures as procedure_queries
from yinuo.customers import models as customers
from yinuo.customers import queries as customers_queries
from yinuo.kit import in_hand, plugs, refusals, rows
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
    """One requirement as it was asked. `applies` says how far it reaches; `product` and `site` narrow it.

    `channel`, `said_by`, `said_at`, `is_oral` say how it came when it comes later than the request itself; `came_from`,
    which item of another case it was.
    """

    text: str
    kind: str
    applies: str = models.Applies.CUSTOMER
    product: customers.Product | None = None
    site: org.Site | None = None
    owner: org.Person | None = None
    due_on: date | None = None
    channel: str = ""
    said_by: str = ""
    said_at: datetime | None = None
    is_oral: bool = False
    more: Mapping[str, Any] | None = None
    came_from: models.Item | None = None


@dataclass(frozen=True, kw_only=True)
class NewObject:
    """An object that came with the request: the original itself (C48)."""

    kind: str
    number: str
    place: str
    keeper: org.Person


TOLD = (
    "title", "customer", "channel", "kind", "said_by", "contact", "project", "site", "scope", "owner", "is_safety",
    "stops_line", "said_at", "notified_at", "wanted_on", "promised_on", "due_at", "oral", "oral_due_on", "priority",
)  # fmt: skip


class Said(TypedDict, total=False):
    """What else is known of a request. `is_oral`: not in writing yet. `procedure`: another than the company's table
    says, by its key. `more`: the company's own fields; None while nobody was asked. `files`: (name, content), kept as
    originals. `priority`: (how soon, why) where it was said before, not by the company's table."""

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
    procedure: str
    more: Mapping[str, Any] | None
    files: Sequence[tuple[str, bytes | File]]
    original: NewObject | None
    priority: tuple[int, Text] | None


@transaction.atomic
@records.together()
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

    The case is closed to the innermost circle of its project, products and customer. Priority comes from the company's
    table, the due moment from the priority in working days since notice and not later than what the customer asks.
    Refused: `CannotOpen` with the field concerned, `NotAllowed`.
    """
    case = drafted(customer, title, channel, notified_at, said, by=by, now=now)
    if not access.may_open(by, case.scope_id, case.site_id):
        raise refusals.NotAllowed()
    check_case(case, now)
    check_items(case, items, said.get("products", ()))
    if (more := said.get("more")) is not None:
        own_fields.check("case", more)
    convention, calendar = convention_queries.convention(), org_queries.calendar(case.site_id)
    case.kind = items[0].kind
    rank(case, [item.kind for item in items], convention, calendar)
    if (priority := said.get("priority")) is not None and not case.is_safety:
        put_priority(case, *priority, convention, calendar)
    if said.get("is_oral"):
        case.oral = models.Confirmation.WAITING
        case.oral_due_on = calendar.working_day(notified_at, convention.oral_days)
    proposal = None if said.get("owner") else assigning_queries.proposal(case, said.get("products", ()), now)
    if proposal is not None and proposal.first is not None:
        case.owner_id = proposal.first.candidate.person
    procedure = procedure_for(case, [item.kind for item in items], convention, said.get("procedure", ""))
    # Nothing above wrote a row. From here on the counter is locked until the commit.
    case.number = numbering.draw(convention, calendar.day_of(now))
    case.save(force_insert=True)
    case.products.add(*said.get("products", ()))
    made = add_items([(case, items, said.get("products", ()))], by=by, now=now)
    changes = rows.created(case, *TOLD)
    records.write(by=by, now=now, word="cases.case.opened", subject=case, changes=changes, note={"items": len(items)})
    if proposal is not None:
        assigning.record(case=case, proposal=proposal, by=by, now=now)
    for name, content in said.get("files", ()):
        records.attach(subject=case, content=content, name=name, by=by, now=now, kind="original")
    if (came := said.get("original")) is not None:
        samples.keep_sample(
            case=case, kind=came.kind, number=came.number, place=came.place, keeper=came.keeper, by=by, now=now
        )
    with in_hand.holding(case, customer, *customers_queries.window(customer).people):
        running.begin(procedure_key=procedure, subject=case, by=by, now=now)
        if in_hand.held(models.Case, case.pk) is None:
            case.refresh_from_db(fields=following.FOLLOWED)
    if said.get("files"):
        search.refresh(case.subject_type, [case.pk])
    else:
        search.enter(documents.of_new(case, made, said.get("products", ())))
    plugs.announce("cases.opened", case=case)
    return case


def drafted(
    customer: customers.Customer, title: str, channel: str, notified_at: datetime, said: Said, *, by: org.Person,
    now: datetime,
) -> models.Case:  # fmt: skip
    """The case as it was said, neither numbered nor saved. Its owner is who was named, else the window, else `by`;
    the company's rules of assignment may name another."""
    contact, project, site = said.get("contact"), said.get("project"), said.get("site")
    return models.Case(
        title=title.strip(),
        text=said.get("text", ""),
        customer=customer,
        contact=contact,
        said_by=said.get("said_by") or (contact.name if contact else ""),
        project=project,
        site_id=site.pk if site else customer.site_id,
        scope_id=circle_queries.scope_of(customer, project, said.get("products", ())),
        channel=channel,
        is_safety=said.get("is_safety", False),
        stops_line=said.get("stops_line", False),
        said_at=said.get("said_at"),
        more=dict(said.get("more") or {}),
        notified_at=notified_at,
        registered_at=now,
        registered_by=by,
        wanted_on=said.get("wanted_on"),
        promised_on=said.get("promised_on"),
        owner=said.get("owner") or _first_of(customers_queries.window(customer).people, by),
    )


def _first_of(people: Sequence[org.Person], by: org.Person) -> org.Person:
    """The first of the people, else whoever registers, whose rights have been read already."""
    return people[0] if people and people[0] != by else by


def procedure_for(case: models.Case, kinds: Sequence[str], convention: models.Convention, wanted: str = "") -> str:
    """The key of the procedure for a case: the one that was chosen, else as the company's table decides."""
    if not wanted:
        return procedure_queries.choice_for(case, kinds, convention).key
    if wanted not in {key for key, _name in procedure_queries.to_choose()}:
        raise CannotOpen(_("Please choose a procedure that is published."), field="procedure")
    return wanted


def check_case(case: models.Case, now: datetime) -> None:
    """What must be said of a request, and must fit together, whenever it is registered or corrected."""
    if not case.title.strip():
        raise CannotOpen(_("Please give the request a title."), field="title")
    if case.channel not in models.Channel.values:
        raise CannotOpen(_("Please choose how it reached us."), field="channel")
    if not case.said_by.strip():
        raise CannotOpen(_("Please say who at the customer asked for it."), field="said_by")
    if case.notified_at > now:
        raise CannotOpen(_("We cannot have been notified in the future."), field="notified_at")
    if case.said_at and case.said_at > case.notified_at:
        raise CannotOpen(_("It cannot have reached us before it was said."), field="said_at")
    if case.project and not same_tree(case.project.customer, case.customer):
        raise CannotOpen(_("This project belongs to another customer."), field="project")
    if case.contact and not same_tree(case.contact.customer, case.customer):
        raise CannotOpen(_("This contact belongs to another customer."), field="contact")
    if case.owner:
        access.require_can_see(case.owner, case, "owner")


def check_items(case: models.Case, items: Sequence[NewItem], products: Sequence[customers.Product]) -> None:
    if not items or not all(item.text.strip() for item in items):
        raise CannotOpen(_("Please write down at least one requirement, and no empty ones."), field="items")
    if not all(item.kind in models.Kind.values and item.applies in models.Applies.values for item in items):
        raise CannotOpen(_("Please choose the nature of each requirement."), field="items")
    for n, item in enumerate(items, 1):
        check_reach(item, case.project, products, n)
        if item.more is not None and item.came_from is None:
            own_fields.check("item", item.more, "items")
        access.require_can_see(item.owner, case, "items")


def same_tree(one: customers.Customer, other: customers.Customer) -> bool:
    """Whether two customers are one, or one stands above the other."""
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
    if case.held_working_seconds:
        later = calendar.add_working_hours(due.at, case.held_working_seconds / 3600)
        due = org_rules.Due(later.at, due.provisional or later.provisional)
    case.priority, case.priority_zh, case.priority_en = priority, why.zh[:300], why.en[:300]
    case.due_at, case.is_provisional = following.not_after_wanted(case, due.at, calendar), due.provisional


def reach_of(word: str) -> dict[str, Any]:
    """How far an item reaches, as a form says it, for `NewItem`."""
    applies, key = rules.reach(word)
    product = customers.Product.objects.filter(pk=key).first() if applies == models.Applies.PRODUCT and key else None
    site = org.Site.objects.filter(pk=key).first() if applies == models.Applies.SITE and key else None
    return {"applies": applies, "product": product, "site": site}


def only_product(
    applies: str, product: customers.Product | None, products: Sequence[customers.Product]
) -> customers.Product | None:
    """The product to which an item is narrowed; where the request names one only, it is that one."""
    if applies != models.Applies.PRODUCT:
        return None
    return product or (products[0] if len(products) == 1 else None)


def check_reach(
    item: NewItem, project: customers.Project | None, products: Sequence[customers.Product], n: int = 0
) -> None:
    """An item that reaches no further than a product, site or project says which one of the request's."""
    product = only_product(item.applies, item.product, products)
    faults = {
        models.Applies.PRODUCT: product not in products and _("Please choose which of the request's products."),
        models.Applies.SITE: item.site is None and _("Please choose which site."),
        models.Applies.PROJECT: project is None and _("The request names no project."),
    }
    fault = faults.get(models.Applies(item.applies))
    if fault:
        words = _("Item %(n)s: %(fault)s") % {"n": n, "fault": fault} if n else fault
        raise CannotOpen(words, field="items" if n else "applies")


def add_items(
    asked: Sequence[tuple[models.Case, Sequence[NewItem], Sequence[customers.Product]]], *, by: org.Person,
    now: datetime,
) -> list[models.Item]:  # fmt: skip
    """The items of several cases, each with the words in which it was asked."""
    made = models.Item.objects.bulk_create(
        models.Item(
            case=case,
            position=position,
            text=item.text.strip(),
            kind=item.kind,
            applies=item.applies,
            product=only_product(item.applies, item.product, products),
            site=item.site,
            owner=item.owner,
            due_on=item.due_on,
            more=dict(item.more or {}),
            came_from=item.came_from,
        )
        for case, items, products in asked
        for position, item in enumerate(items, 1)
    )
    models.Wording.objects.bulk_create(_as_asked(item, by, now) for item in made)
    return made


def _as_asked(item: models.Item, by: org.Person, now: datetime) -> models.Wording:
    """The wording of an item that came with its case (nothing is saved)."""
    case = item.case
    is_oral = case.oral == models.Confirmation.WAITING
    said_at = case.said_at or case.notified_at
    wording = first_wording(
        item, channel=case.channel, said_by=case.said_by, said_at=said_at, is_oral=is_oral, by=by, now=now
    )
    wording.confirm_due_on = case.oral_due_on if is_oral else None
    return wording


def first_wording(
    item: models.Item, *, channel: str, said_by: str, said_at: datetime | None, is_oral: bool, by: org.Person,
    now: datetime,
) -> models.Wording:  # fmt: skip
    """The wording as it was asked, of a new item (nothing is saved)."""
    return models.Wording(
        item=item,
        number=1,
        text=item.text,
        channel=channel,
        said_by=said_by,
        said_at=said_at,
        by=by,
        at=now,
        confirmation=models.Confirmation.WAITING if is_oral else models.Confirmation.NOT_NEEDED,
    )
