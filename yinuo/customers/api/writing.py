"""Adding and changing customers, their people, products and projects. Each change from the version that was seen."""

from datetime import date
from typing import Any

from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.utils import timezone
from ninja import Status
from pydantic import Field

from yinuo.customers import access, lists, models, queries
from yinuo.customers.actions import companies, contacts, products, projects
from yinuo.customers.api import reading
from yinuo.customers.forms import companies as company_forms
from yinuo.customers.forms import contacts as contact_forms
from yinuo.customers.forms import products as product_forms
from yinuo.customers.forms import projects as project_forms
from yinuo.kit import api, refusals
from yinuo.org.definition import Permission

router = reading.router
SEE, EDIT = Permission.CUSTOMERS_SEE, Permission.CUSTOMERS_EDIT


class WrittenCustomer(api.Asked):
    """What is said of a customer. In a change, what is left out stays and null empties. `although_similar`: it is
    another company than those of similar names."""

    name_zh: str | None = Field(None, max_length=100)
    name_en: str | None = Field(None, max_length=100)
    code: str | None = Field(None, max_length=30)
    registered_name: str | None = Field(None, max_length=200)
    aliases: list[str] | None = Field(None, max_length=50)
    level: str | None = Field(None, max_length=20)
    parent: int | None = None
    kind: str | None = Field(None, max_length=20)
    is_customer: bool | None = None
    is_final_oem: bool | None = None
    window: int | None = None
    window_deputy: int | None = None
    language: str | None = Field(None, max_length=12)
    sites: list[int] | None = Field(None, max_length=50)
    scope: int | None = None
    note: str | None = Field(None, max_length=4000)
    is_active: bool | None = None
    although_similar: bool = False
    reason: str | None = Field(None, max_length=500)


class WrittenContact(api.Asked):
    """What is said of somebody at a customer. In a change, what is left out stays and null empties."""

    name: str | None = Field(None, max_length=100)
    department: str | None = Field(None, max_length=100)
    role: str | None = Field(None, max_length=100)
    authority: list[str] | None = Field(None, max_length=10)
    phone: str | None = Field(None, max_length=60)
    email: str | None = Field(None, max_length=254)
    wechat: str | None = Field(None, max_length=60)
    language: str | None = Field(None, max_length=12)
    from_on: date | None = None
    to_on: date | None = None
    note: str | None = Field(None, max_length=300)


class OneContact(reading.Contact):
    """Somebody at a customer, with all that is said of them."""

    customer: api.Named
    authority: list[str]
    wechat: str
    language: str
    from_on: date | None
    to_on: date | None
    note: str
    version: int


class WrittenProduct(api.Asked):
    """What is said of a product. In a change, what is left out stays and null empties."""

    number: str | None = Field(None, max_length=60)
    name_zh: str | None = Field(None, max_length=200)
    name_en: str | None = Field(None, max_length=200)
    family: str | None = Field(None, max_length=100)
    customer: int | None = None
    final_oem: int | None = None
    vehicle: str | None = Field(None, max_length=200)
    starts_on: date | None = None
    ends_on: date | None = None
    service_until_on: date | None = None
    sites: list[int] | None = Field(None, max_length=50)
    scope: int | None = None
    note: str | None = Field(None, max_length=4000)
    is_active: bool | None = None
    reason: str | None = Field(None, max_length=500)


class WrittenProject(api.Asked):
    """What is said of a project. In a change, what is left out stays and null empties."""

    number: str | None = Field(None, max_length=60)
    name_zh: str | None = Field(None, max_length=200)
    name_en: str | None = Field(None, max_length=200)
    customer: int | None = None
    products: list[int] | None = Field(None, max_length=500)
    vehicle: str | None = Field(None, max_length=200)
    phase: str | None = Field(None, max_length=20)
    department: int | None = None
    site: int | None = None
    starts_on: date | None = None
    sop_on: date | None = None
    scope: int | None = None
    note: str | None = Field(None, max_length=4000)


USUAL: dict[str, Any] = {"is_active": True, "language": "zh"}


def _filled(said: api.Asked, form: Form, **more: Any) -> Any:
    """What the form of the screen would be sent: what stands there, and over it what was said."""
    as_is = {name: _plain(form.get_initial_for_field(each, name)) for name, each in form.fields.items()}
    given = said.dict(exclude_unset=True)
    if given.get("aliases") is not None:
        given["aliases"] = "\n".join(given["aliases"])
    return api.as_form({**as_is, **given, **more})


def _plain(value: Any) -> Any:
    """What a form begins with, as it comes back from a browser."""
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, QuerySet | list | tuple):
        return [each.pk if isinstance(each, Model) else each for each in value]
    return value


def _demand_editor(request: api.Request, row: models.Guarded) -> None:
    if not access.may_edit(request.user, row):
        raise refusals.NotAllowed()


# Customers ------------------------------------------------------------------------------------------------------------


@api.call(router, "POST", "/customers", EDIT, reading.OneCustomer, status=201, creates=True)
def customer_add(request: api.Request, response: HttpResponse, said: WrittenCustomer) -> Any:
    """Add a customer, with a new card in the address book."""

    def create(key: str) -> str:
        blank = company_forms.NewCustomer(person=request.user, initial=USUAL)
        form = company_forms.NewCustomer(_filled(said, blank, once=key), person=request.user)
        api.checked(form)
        made = companies.add(
            by=request.user, now=timezone.now(), although_similar=said.although_similar, organisation=None,
            **form.facts(),
        )  # fmt: skip
        return str(made.pk)

    row = reading.customer(request, response, int(api.create_once(request, create)))
    response["Location"] = f"/api/v1/customers/{row.pk}"
    return Status(201, row)


@api.call(router, "PATCH", "/customers/{int:id}", EDIT, reading.OneCustomer, changes=True)
def customer_change(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: WrittenCustomer,
) -> Any:
    """Change a customer."""
    version = api.expected(request)
    row = api.found(queries.customers(request.user).select_related("organisation", "parent"), pk=id)
    _demand_editor(request, row)
    initial = {
        **{key: getattr(row, key) for key in companies.COLUMNS},
        "registered_name": row.organisation.name_zh,
        "aliases": "\n".join(row.names.filter(is_alias=True).order_by("pk").values_list("text", flat=True)),
        "sites": row.sites.all(),
        "scope": row.own_scope_id,
    }
    facts: dict[str, Any] = {"person": request.user, "row": row}
    as_is = company_forms.ChangedCustomer(initial=initial, **facts)
    form = company_forms.ChangedCustomer(_filled(said, as_is, version=version), **facts)
    cleaned = api.checked(form)
    companies.change(
        customer=row, by=request.user, now=timezone.now(), expected=version, reason=cleaned["reason"],
        although_similar=said.although_similar, **form.facts(),
    )  # fmt: skip
    return reading.customer(request, response, id)


# Their people ---------------------------------------------------------------------------------------------------------


def _contact(request: api.Request, response: HttpResponse, key: int, *, is_new: bool = False) -> Any:
    row = api.found(queries.contacts(request.user).select_related("customer"), pk=key)
    api.tagged(response, row.version, f"/api/v1/contacts/{row.pk}" if is_new else "")
    return row


@api.call(router, "GET", "/contacts", SEE, api.Listed[OneContact], sheet=lists.CONTACTS)
def contact_list(request: api.Request) -> dict[str, Any]:
    """The contacts at all customers."""
    return api.listed(request, lists.CONTACTS, queries.contacts(request.user).order_by())


@api.call(router, "GET", "/contacts/{int:id}", SEE, OneContact)
def contact(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """Somebody at a customer."""
    return _contact(request, response, id)


@api.call(router, "POST", "/customers/{int:id}/contacts", EDIT, OneContact, status=201, creates=True)
def contact_add(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: WrittenContact,
) -> Any:
    """Add somebody at a customer."""
    row = api.found(queries.customers(request.user), pk=id)
    _demand_editor(request, row)

    def create(key: str) -> str:
        blank = contact_forms.NewContact(initial={"language": row.language})
        form = contact_forms.NewContact(_filled(said, blank, once=key))
        api.checked(form)
        return str(contacts.add(customer=row, by=request.user, now=timezone.now(), **form.facts()).pk)

    return Status(201, _contact(request, response, int(api.create_once(request, create)), is_new=True))


@api.call(router, "PATCH", "/contacts/{int:id}", EDIT, OneContact, changes=True)
def contact_change(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: WrittenContact,
) -> Any:
    """Change a contact, or say when somebody left."""
    version = api.expected(request)
    row = api.found(queries.contacts(request.user), pk=id)
    _demand_editor(request, row)
    as_is = contact_forms.ChangedContact(initial={key: getattr(row, key) for key in contacts.FIELDS})
    form = contact_forms.ChangedContact(_filled(said, as_is, version=version))
    api.checked(form)
    contacts.change(contact=row, by=request.user, now=timezone.now(), expected=version, **form.facts())
    return _contact(request, response, id)


# Products and projects ------------------------------------------------------------------------------------------------


@api.call(router, "POST", "/products", EDIT, reading.OneProduct, status=201, creates=True)
def product_add(request: api.Request, response: HttpResponse, said: WrittenProduct) -> Any:
    """Add a product."""

    def create(key: str) -> str:
        blank = product_forms.NewProduct(person=request.user, initial=USUAL)
        form = product_forms.NewProduct(_filled(said, blank, once=key), person=request.user)
        api.checked(form)
        return str(products.add(by=request.user, now=timezone.now(), **form.facts()).pk)

    row = reading.product(request, response, int(api.create_once(request, create)))
    response["Location"] = f"/api/v1/products/{row.pk}"
    return Status(201, row)


@api.call(router, "PATCH", "/products/{int:id}", EDIT, reading.OneProduct, changes=True)
def product_change(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: WrittenProduct,
) -> Any:
    """Change a product."""
    version = api.expected(request)
    row = api.found(queries.products(request.user).select_related("customer", "final_oem"), pk=id)
    _demand_editor(request, row)
    initial = {
        **{key: getattr(row, key) for key in products.COLUMNS}, "sites": row.sites.all(), "scope": row.own_scope_id,
    }  # fmt: skip
    facts: dict[str, Any] = {"person": request.user, "row": row}
    as_is = product_forms.ChangedProduct(initial=initial, **facts)
    form = product_forms.ChangedProduct(_filled(said, as_is, version=version), **facts)
    cleaned = api.checked(form)
    products.change(
        product=row, by=request.user, now=timezone.now(), expected=version, reason=cleaned["reason"], **form.facts()
    )
    return reading.product(request, response, id)


@api.call(router, "POST", "/projects", EDIT, reading.OneProject, status=201, creates=True)
def project_add(request: api.Request, response: HttpResponse, said: WrittenProject) -> Any:
    """Add a project."""

    def create(key: str) -> str:
        blank = project_forms.NewProject(person=request.user)
        form = project_forms.NewProject(_filled(said, blank, once=key), person=request.user)
        api.checked(form)
        return str(projects.add(by=request.user, now=timezone.now(), **form.facts()).pk)

    row = reading.project(request, response, int(api.create_once(request, create)))
    response["Location"] = f"/api/v1/projects/{row.pk}"
    return Status(201, row)


@api.call(router, "PATCH", "/projects/{int:id}", EDIT, reading.OneProject, changes=True)
def project_change(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: WrittenProject,
) -> Any:
    """Change a project."""
    version = api.expected(request)
    row = api.found(queries.projects(request.user).select_related("customer"), pk=id)
    _demand_editor(request, row)
    initial = {
        **{key: getattr(row, key) for key in projects.COLUMNS},
        "products": queries.products(request.user).filter(projects=row),
        "scope": row.own_scope_id,
    }
    facts: dict[str, Any] = {"person": request.user, "row": row}
    as_is = project_forms.ChangedProject(initial=initial, **facts)
    form = project_forms.ChangedProject(_filled(said, as_is, version=version), **facts)
    api.checked(form)
    projects.change(project=row, by=request.user, now=timezone.now(), expected=version, **form.facts())
    return reading.project(request, response, id)
