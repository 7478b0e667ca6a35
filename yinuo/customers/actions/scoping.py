"""Handing a customer's place, scope and site down to everything that hangs on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from yinuo.customers import access, models, queries, rules
from yinuo.kit import plugs, refusals
from yinuo.org import models as org
from yinuo.records import models as records
from yinuo.search import actions as search


class CannotNarrow(refusals.Refusal):
    """A circle inside another has people who do not belong to the outer one."""


def narrowed(own: org.Scope | None, outer: org.Scope | None) -> org.Scope | None:
    """The scope that holds: the row's own, else that of the parent or customer. One inside another is a part of it."""
    if own is not None and outer is not None and not access.is_within(own, outer):
        sentence = _("Not everybody of “%(own)s” belongs to “%(outer)s”, to which all of this customer is closed.")
        raise CannotNarrow(sentence % {"own": own.name, "outer": outer.name}, field="scope")
    return own or outer


def require_room_inside(customer: models.Customer, outer: org.Scope) -> None:
    """Refuse to close a customer to a circle from which people of a circle below it would be missing."""
    below = queries.subtree(customer)
    rows: list[QuerySet[Any]] = [
        below.exclude(pk=customer.pk),
        models.Product.objects.filter(customer__in=below),
        models.Project.objects.filter(customer__in=below),
    ]
    inside = {pk for each in rows for pk in each.exclude(own_scope=None).values_list("own_scope", flat=True)}
    for scope in org.Scope.objects.filter(pk__in=inside):
        if not access.is_within(scope, outer):
            sentence = _("Something below this customer is closed to people who do not belong to “%(outer)s”.")
            raise CannotNarrow(sentence % {"outer": outer.name}, field="scope")


@dataclass(frozen=True)
class Was:
    """Where a customer stood and who could see it, before a change."""

    path: str
    scope_id: int | None
    site_id: int | None


def hand_down(customer: models.Customer, was: Was) -> None:
    """Bring paths and scopes of everything below up to date; rooms above hear of every row that was re-scoped."""
    if customer.path != was.path:
        _move_paths(customer, was.path)
    if (customer.scope_id, customer.site_id) != (was.scope_id, was.site_id):
        _guard_rows_of(customer)
    if customer.scope_id != was.scope_id:
        _announce("customers.customer", [customer.pk], customer.scope_id)
    _rescope_below(customer)


def _move_paths(customer: models.Customer, old_path: str) -> None:
    below = list(models.Customer.objects.filter(path__startswith=old_path).exclude(pk=customer.pk))
    depth_by = customer.depth - (len(rules.codes_of(old_path)) - 1)
    for each in below:
        each.path = customer.path + each.path.removeprefix(old_path)
        each.depth += depth_by
    models.Customer.objects.bulk_update(below, ["path", "depth"])


def _rescope_below(top: models.Customer) -> None:
    """From the top down: each customer's scope is its own, else its parent's."""
    scopes = {top.pk: top.scope_id}
    for each in queries.subtree(top).exclude(pk=top.pk).order_by("depth"):
        scope_id = each.own_scope_id or scopes[each.parent_id or top.pk]
        scopes[each.pk] = scope_id
        if scope_id != each.scope_id:
            models.Customer.objects.filter(pk=each.pk).update(scope=scope_id)
            each.scope_id = scope_id
            _guard_rows_of(each)
            _announce("customers.customer", [each.pk], scope_id)


def _guard_rows_of(customer: models.Customer) -> None:
    """Everything that hangs on one customer takes over its scope; contacts, numbers and portals also its site."""
    here = {"scope_id": customer.scope_id, "site_id": customer.site_id}
    models.CustomerContact.objects.filter(customer=customer).update(**here)
    numbers = models.PartNumber.objects.filter(customer=customer)
    numbers.update(**here)
    checks = models.PortalCheck.objects.filter(portal__customer=customer)
    _announce(
        "customers.portal_check", list(checks.filter(_has_proof()).values_list("pk", flat=True)), customer.scope_id
    )
    checks.update(**here)
    portals = models.Portal.objects.filter(customer=customer)
    _announce("customers.portal", list(portals.values_list("pk", flat=True)), customer.scope_id)
    portals.update(**here)
    products = models.Product.objects.filter(customer=customer)
    projects = models.Project.objects.filter(customer=customer)
    for rows in (products, projects):
        rows.filter(own_scope=None).update(scope=customer.scope_id)
    for subject_type, rows in (("customers.product", products), ("customers.project", projects)):
        for pk, scope_id in rows.values_list("pk", "scope_id"):
            _announce(subject_type, [pk], scope_id)
    # What is found of a product holds the numbers of those customers only whom everybody may know who sees it.
    index(products=list(numbers.values_list("product", flat=True)))


def _has_proof() -> Exists:
    """Checks on which files hang: only these are known to other rooms."""
    kind = models.PortalCheck.subject_type
    return Exists(records.Attachment.objects.filter(subject_type=kind, subject_id=OuterRef("pk")))


def _announce(subject_type: str, ids: Sequence[int], scope_id: int | None) -> None:
    for pk in ids:
        plugs.announce("kit.rescoped", type=subject_type, id=pk, scope_id=scope_id)


def index(
    *,
    customers: Sequence[int] = (),
    products: Sequence[int] = (),
    projects: Sequence[int] = (),
    portals: Sequence[int] = (),
) -> None:
    """Have the search index follow these rows."""
    for subject_type, ids in (
        ("customers.customer", customers),
        ("customers.product", products),
        ("customers.project", projects),
        ("customers.portal", portals),
    ):
        if ids:
            search.refresh(subject_type, ids)


def index_with_its_rows(customer: models.Customer) -> None:
    """Have the search index follow a customer and the rows that are found by its name."""
    index(
        customers=[customer.pk],
        products=list(customer.products.values_list("pk", flat=True)),
        projects=list(customer.projects.values_list("pk", flat=True)),
        portals=list(customer.portals.values_list("pk", flat=True)),
    )
