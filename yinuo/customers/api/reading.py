"""Customers, products and projects: their lists, and each by its key."""

from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router, Schema

from yinuo.customers import lists, queries
from yinuo.kit import api
from yinuo.org.definition import Permission
from yinuo.records import actions as records

router = Router(tags=["customers"])
SEE = Permission.CUSTOMERS_SEE


class Kept(Schema):
    """What rows kept over years have in common; `url` is the page."""

    id: int
    name: str
    version: int
    is_confidential: bool
    added_at: datetime
    url: str

    @staticmethod
    def resolve_is_confidential(row: Any) -> bool:
        return row.scope_id is not None

    @staticmethod
    def resolve_url(row: Any) -> str:
        return str(row.get_absolute_url())


class Customer(Kept):
    """A customer in the tree of groups, companies and plants."""

    code: str
    level: str
    kind: str
    is_active: bool
    depth: int
    window: api.Named | None


class Contact(Schema):
    """Somebody at a customer."""

    id: int
    name: str
    department: str
    role: str
    email: str
    phone: str


class OneCustomer(Customer):
    """A customer with its people and its window, which may be named further up."""

    note: str
    is_customer: bool
    is_final_oem: bool
    contacts: list[Contact]

    @staticmethod
    def resolve_window(row: Any) -> Any:
        return queries.window(row).person

    @staticmethod
    def resolve_contacts(row: Any) -> list[Any]:
        return list(row.shown_contacts)


class Product(Kept):
    """A product under our part number."""

    number: str
    family: str
    vehicle: str
    customer: api.Named | None
    starts_on: date | None
    ends_on: date | None
    is_active: bool


class PartNumber(Schema):
    """Under which number a customer buys a product."""

    customer: api.Named
    number: str
    name: str


class OneProduct(Product):
    """A product with the numbers of its customers."""

    note: str
    part_numbers: list[PartNumber]

    @staticmethod
    def resolve_part_numbers(row: Any) -> list[Any]:
        return list(row.shown_numbers)


class Project(Kept):
    """Work for a customer under one number."""

    number: str
    customer: api.Named
    phase: str
    department: api.Named | None
    vehicle: str
    starts_on: date | None
    sop_on: date | None


class OneProject(Project):
    """A project with its products."""

    note: str
    products: list[Product]

    @staticmethod
    def resolve_products(row: Any) -> list[Any]:
        return list(row.shown_products)


def _read(request: api.Request, response: HttpResponse, row: Any) -> Any:
    """The row; whoever reads what is confidential is noted, as on its page."""
    records.note_reading(subject=row, way="read", by=request.user, now=timezone.now())
    api.tagged(response, row.version)
    return row


@api.call(router, "GET", "/customers", SEE, api.Listed[Customer], sheet=lists.CUSTOMERS)
def customers(request: api.Request) -> dict[str, Any]:
    """All customers, as a tree."""
    return api.listed(request, lists.CUSTOMERS, lists.customer_rows(queries.customers(request.user)))


@api.call(router, "GET", "/customers/{int:id}", SEE, OneCustomer)
def customer(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """One customer."""
    row: Any = api.found(queries.customers(request.user), pk=id)
    row.shown_contacts = queries.contacts(request.user, row)
    return _read(request, response, row)


@api.call(router, "GET", "/products", SEE, api.Listed[Product], sheet=lists.PRODUCTS)
def products(request: api.Request) -> dict[str, Any]:
    """All products."""
    return api.listed(request, lists.PRODUCTS, queries.products(request.user).select_related("customer"))


@api.call(router, "GET", "/products/{int:id}", SEE, OneProduct)
def product(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """One product."""
    row: Any = api.found(queries.products(request.user).select_related("customer"), pk=id)
    row.shown_numbers = queries.part_numbers(request.user, row)
    return _read(request, response, row)


@api.call(router, "GET", "/projects", SEE, api.Listed[Project], sheet=lists.PROJECTS)
def projects(request: api.Request) -> dict[str, Any]:
    """All projects."""
    rows = queries.projects(request.user).select_related("customer", "department")
    return api.listed(request, lists.PROJECTS, rows)


@api.call(router, "GET", "/projects/{int:id}", SEE, OneProject)
def project(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """One project."""
    row: Any = api.found(queries.projects(request.user).select_related("customer", "department"), pk=id)
    made = queries.products(request.user).filter(projects=row).select_related("customer")
    row.shown_products = made.order_by("number")
    return _read(request, response, row)
