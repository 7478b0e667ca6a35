"""Keeping products, the customers' numbers for them, and their drawings' editions."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from yinuo.customers import access, models, queries, rules
from yinuo.customers.actions import scoping
from yinuo.kit import plugs, refusals, rows
from yinuo.org import models as org
from yinuo.records import actions as records


class NumberTaken(refusals.Refusal):
    """The number is already used."""


class CannotKeep(refusals.Refusal):
    """What was said about the product does not fit together."""


class Facts(TypedDict, total=False):
    """What people say about a product."""

    number: str
    name_zh: str
    name_en: str
    customer: models.Customer | None
    final_oem: models.Customer | None
    family: str
    vehicle: str
    sites: Sequence[org.Site]
    starts_on: date | None
    ends_on: date | None
    service_until_on: date | None
    scope: org.Scope | None
    note: str
    is_active: bool


class DrawingFacts(TypedDict, total=False):
    """What people say about a drawing's edition."""

    number: str
    edition: str
    dated_on: date
    note: str


DRAWING_COLUMNS = tuple(DrawingFacts.__annotations__)
COLUMNS = (
    "number", "name_zh", "name_en", "customer", "final_oem", "family", "vehicle", "starts_on", "ends_on",
    "service_until_on", "note", "is_active",
)  # fmt: skip


@transaction.atomic
def add(*, by: org.Person, now: datetime, **facts: Unpack[Facts]) -> models.Product:
    """Add a product. It is at least as confidential as the customer it is made for."""
    if not access.may_edit(by):
        raise refusals.NotAllowed()
    row = models.Product(**{key: facts[key] for key in COLUMNS if key in facts})  # type: ignore[literal-required]
    sites = list(facts.get("sites") or ())
    row.own_scope = facts.get("scope")
    _check(by, row)
    row.scope = _scope_of(row)
    row.added_at = now
    row.site_id = rules.only(site.pk for site in sites)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise _taken(row.number) from None
    if sites:
        row.sites.set(sites)
    changes = rows.created(row, *COLUMNS, "own_scope")
    if sites:
        changes.append(rows.Change("sites", [], rows.plain(sites)))
    records.write(by=by, now=now, word="customers.product.added", subject=row, changes=changes)
    scoping.index(products=[row.pk])
    return row


@transaction.atomic
def change(
    *, product: models.Product, by: org.Person, now: datetime, expected: int, reason: str = "", **facts: Unpack[Facts]
) -> models.Product:
    """Change what `facts` name."""
    if not access.may_edit(by, product):
        raise refusals.NotAllowed()
    values: dict[str, Any] = {key: facts[key] for key in COLUMNS if key in facts}  # type: ignore[literal-required]
    if "scope" in facts:
        values["own_scope"] = facts["scope"]
    old_sites = list(product.sites.order_by("pk"))
    sites = sorted(facts.get("sites", old_sites), key=lambda site: site.pk)
    wanted = models.Product(**{key: values.get(key, getattr(product, key)) for key in (*COLUMNS, "own_scope")})
    _check(by, wanted, was=product)
    old_scope = product.scope_id
    values |= {"scope": _scope_of(wanted), "site": sites[0] if len(sites) == 1 else None}
    try:
        with transaction.atomic():
            changes = rows.change(product, expected=expected, **values)
    except IntegrityError:
        raise _taken(wanted.number) from None
    if sites != old_sites:
        product.sites.set(sites)
        if not changes:
            rows.touch(product, expected=expected)
        changes.append(rows.Change("sites", rows.plain(old_sites), rows.plain(sites)))
    if changes:
        records.write(by=by, now=now, word="customers.product.changed", subject=product, changes=changes, reason=reason)
        if product.scope_id != old_scope:
            plugs.announce("kit.rescoped", type=product.subject_type, id=product.pk, scope_id=product.scope_id)
        scoping.index(products=[product.pk])
    return product


@transaction.atomic
def add_part_number(
    *, product: models.Product, customer: models.Customer, number: str, name: str = "", by: org.Person, now: datetime
) -> models.PartNumber:
    """Say under which number (and name) a customer buys the product."""
    if not access.may_edit(by, product) or not by.may(queries.SEE, customer.scope_id, customer.site_id):
        raise refusals.NotAllowed()
    row = models.PartNumber(
        product=product,
        customer=customer,
        number=number,
        name=name,
        scope_id=customer.scope_id,
        site_id=customer.site_id,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise _taken(number) from None
    # Told on the customer, whose circle may be narrower than the product's.
    records.write(
        by=by,
        now=now,
        word="customers.part_number.added",
        subject=customer,
        changes=rows.created(row, "number", "name"),
        note={"product": product.subject_label},
    )
    scoping.index(products=[product.pk])
    return row


@transaction.atomic
def remove_part_number(*, part_number: models.PartNumber, by: org.Person, now: datetime) -> None:
    """Take back a customer's number that was entered by mistake; the trail keeps it."""
    if not access.may_edit(by, part_number.product) or not access.may_edit(by, part_number):
        raise refusals.NotAllowed()
    product, customer = part_number.product, part_number.customer
    records.write(
        by=by,
        now=now,
        word="customers.part_number.removed",
        subject=customer,
        changes=[rows.Change("number", part_number.number, None)],
        note={"product": product.subject_label},
    )
    part_number.delete()
    scoping.index(products=[product.pk])


@transaction.atomic
def add_drawing(
    *, product: models.Product, by: org.Person, now: datetime, **facts: Unpack[DrawingFacts]
) -> models.Drawing:
    """Record a drawing's edition. Earlier editions stay; the latest by date is the current one."""
    if not access.may_edit(by, product):
        raise refusals.NotAllowed()
    row = models.Drawing(product=product, **facts)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise _taken(str(row)) from None
    records.write(
        by=by,
        now=now,
        word="customers.drawing.added",
        subject=product,
        changes=rows.created(row, "number", "edition", "dated_on", "note"),
    )
    scoping.index(products=[product.pk])
    return row


@transaction.atomic
def correct_drawing(
    *, drawing: models.Drawing, by: org.Person, now: datetime, expected: int, **facts: Unpack[DrawingFacts]
) -> models.Drawing:
    """Set right what was recorded of a drawing's edition."""
    _require_standing(by, drawing)
    try:
        with transaction.atomic():
            changes = rows.change(drawing, expected=expected, **facts)
    except IntegrityError:
        raise _taken(str(models.Drawing(**facts))) from None
    if changes:
        records.write(by=by, now=now, word="customers.drawing.corrected", subject=drawing.product, changes=changes)
        scoping.index(products=[drawing.product_id])
    return drawing


@transaction.atomic
def void_drawing(
    *, drawing: models.Drawing, reason: str, by: org.Person, now: datetime, expected: int
) -> models.Drawing:
    """A drawing's edition that was recorded by mistake is void; it stays readable with the reason."""
    _require_standing(by, drawing)
    if not reason.strip():
        raise CannotKeep(_("Please give the reason."), field="reason")
    changes = rows.change(drawing, expected=expected, voided_at=now, void_reason=reason.strip()[:300])
    records.write(
        by=by,
        now=now,
        word="customers.drawing.voided",
        subject=drawing.product,
        changes=changes[:1],
        reason=reason,
        note={"drawing": str(drawing)},
    )
    scoping.index(products=[drawing.product_id])
    return drawing


def _require_standing(by: org.Person, drawing: models.Drawing) -> None:
    if not access.may_edit(by, drawing.product):
        raise refusals.NotAllowed()
    if drawing.voided_at is not None:
        raise CannotKeep(_("This drawing edition is void."))


def _scope_of(product: models.Product) -> org.Scope | None:
    """The scope that holds: its own, else that of the customer the product is made for."""
    return scoping.narrowed(product.own_scope, product.customer.scope if product.customer else None)


def _taken(number: str) -> NumberTaken:
    return NumberTaken(_("The number “%(number)s” is already used.") % {"number": number}, field="number")


def _check(by: org.Person, row: models.Product, was: models.Product | None = None) -> None:
    """Customers the person sees; a scope the person is in; days in order."""
    for key in ("customer", "final_oem"):
        customer = getattr(row, key)
        is_new = customer is not None and customer != getattr(was, key, None)
        if is_new and not by.may(queries.SEE, customer.scope_id, customer.site_id):
            raise refusals.NotAllowed()
    if row.own_scope != getattr(was, "own_scope", None) and not access.may_make_confidential(by, row.own_scope):
        raise CannotKeep(_("You can only close it to a circle of people that you belong to yourself."), field="scope")
    if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
        raise CannotKeep(_("The end of production is before its start."), field="ends_on")
    if row.ends_on and row.service_until_on and row.service_until_on < row.ends_on:
        raise CannotKeep(_("Service parts end before production does."), field="service_until_on")
