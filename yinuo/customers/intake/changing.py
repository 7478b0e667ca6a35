"""The lists of the room that may come back changed in a workbook: which columns, and how a row takes them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from yinuo.customers import access, lists, models, queries
from yinuo.customers.actions import companies, contacts, portals, products, projects
from yinuo.customers.intake import naming
from yinuo.customers.intake.naming import Values
from yinuo.kit import refusals
from yinuo.kit.sheets.mapping import Field
from yinuo.org import models as org
from yinuo.org.definition import Permission

CUSTOMERS = ("customer", "parent")
PEOPLE = ("window", "deputy", "keeper")


class Named:
    """Whom cells name: customers by any of their names, people by name or employee number."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], person: org.Person) -> None:
        self._found = naming.Named(person, [_asked(key, text) for row in rows for key, text in row.items()])

    def of(self, key: str, text: Any) -> Any:
        return self._found.customer(text) if key in CUSTOMERS else self._found.person_of(text)

    def told(self, key: str, value: Any) -> str | None:
        """How the list tells what a cell names; None where it names nobody."""
        found = self.of(key, value) if key in (*CUSTOMERS, *PEOPLE) and value else None
        return found.name if found is not None else None

    def problems(self, values: Mapping[str, Any]) -> list[tuple[str, str]]:
        return [
            (key, sentence)
            for key, text in values.items()
            for _key, sentence in self._found.problems(_asked(key, text))
        ]

    def facts(self, values: Mapping[str, Any], renamed: Mapping[str, str]) -> Values:
        """Values as the actions take them. Refuses whom nobody knows."""
        if problems := self.problems(values):
            raise naming.NotThere(problems[0][1])
        return {
            renamed.get(key, key): (self.of(key, value) if value else None) if key in (*CUSTOMERS, *PEOPLE) else value
            for key, value in values.items()
        }


def _asked(key: str, text: Any) -> Values:
    """A cell as the room's own intake asks for it."""
    return {"customer": text} if key in CUSTOMERS else {"keeper": text} if key in PEOPLE else {}


def _require(person: org.Person, row: models.Guarded) -> None:
    if not access.may_edit(person, row):
        raise refusals.NotAllowed()


def _name() -> list[Field]:
    """The name is changed in Chinese files, which show it; files in English have it in a column of its own."""
    is_chinese = not (get_language() or "").startswith("en")
    return [Field("name", _("Name"), is_required=True, longest=200)] if is_chinese else []


# Customers -----------------------------------------------------------------------------------------------------------


def customer_fields(_person: org.Person) -> list[Field]:
    return [
        *_name(),
        Field("level", _("Level"), kind="choice", is_required=True, choices=naming.choices(models.Level.choices)),
        Field("kind", _("Kind"), kind="choice", is_required=True, choices=naming.choices(models.Kind.choices)),
        Field("parent", _("Belongs to"), longest=200),
        # Emptied it would show who is the window of those above: to take over from them is said on the page.
        Field("window", _("Window"), is_required=True),
        Field("name_en", _("English name"), longest=200),
        Field("registered_name", _("Registered name"), is_required=True, longest=200),
        Field("aliases", _("Other names"), kind="list"),
        Field("deputy", _("Deputy of the window")),
        Field("note", _("Notes on the customer"), kind="long", longest=4000),
    ]


def change_customer(
    *, row: models.Customer, values: Values, names: Named, by: org.Person, now: datetime, expected: int
) -> models.Customer:
    facts = names.facts(values, {"name": "name_zh", "deputy": "window_deputy"})
    return companies.change(customer=row, by=by, now=now, expected=expected, although_similar=True, **facts)


# Products and projects ------------------------------------------------------------------------------------------------


def product_fields(_person: org.Person) -> list[Field]:
    return [
        *_name(),
        Field("customer", _("Made for"), longest=200),
        Field("family", _("Product family"), longest=100),
        Field("vehicle", _("Vehicle"), longest=200),
        Field("starts_on", _("Start of production"), kind="day"),
        Field("name_en", _("English name"), longest=200),
        Field("note", _("Note"), kind="long", longest=4000),
    ]


def change_product(
    *, row: models.Product, values: Values, names: Named, by: org.Person, now: datetime, expected: int
) -> models.Product:
    facts = names.facts(values, {"name": "name_zh"})
    return products.change(product=row, by=by, now=now, expected=expected, **facts)


def project_fields(_person: org.Person) -> list[Field]:
    phases = naming.choices(models.Phase.choices)
    return [
        *_name(),
        Field("customer", _("Customer"), is_required=True, longest=200),
        Field("phase", _("Phase"), kind="choice", is_required=True, choices=phases),
        Field("sop_on", _("Start of production"), kind="day"),
        Field("name_en", _("English name"), longest=200),
        Field("vehicle", _("Vehicle"), longest=200),
        Field("starts_on", _("Start"), kind="day"),
        Field("note", _("Note"), kind="long", longest=4000),
    ]


def change_project(
    *, row: models.Project, values: Values, names: Named, by: org.Person, now: datetime, expected: int
) -> models.Project:
    facts = names.facts(values, {"name": "name_zh"})
    return projects.change(project=row, by=by, now=now, expected=expected, **facts)


# Portals -------------------------------------------------------------------------------------------------------------


def portal_fields(_person: org.Person) -> list[Field]:
    frequencies = naming.choices(models.Frequency.choices)
    return [
        Field("name", _("Portal"), is_required=True, longest=200),
        Field("keeper", _("Account keeper"), is_required=True),
        Field("frequency", _("How often"), kind="choice", is_required=True, choices=frequencies),
        Field("next", _("Next check"), kind="day", is_required=True),
        Field("url", _("Address of the portal"), is_required=True, longest=500),
        Field("account", _("Account"), kind="code", longest=100),
        Field("deputy", _("Deputy")),
        Field("note", _("Note"), kind="long", longest=300),
    ]


def change_portal(
    *, row: models.Portal, values: Values, names: Named, by: org.Person, now: datetime, expected: int
) -> models.Portal:
    facts = names.facts(values, {"next": "next_check_on"})
    return portals.change(portal=row, by=by, now=now, expected=expected, **facts)


# Contacts -------------------------------------------------------------------------------------------------------------


def contact_fields(_person: org.Person) -> list[Field]:
    return [
        Field("name", pgettext("person", "Name"), is_required=True, longest=100),
        Field("department", _("Department"), longest=100),
        Field("role", _("Position"), longest=100),
        Field("phone", _("Phone"), kind="code", longest=60),
        Field("email", _("E-mail"), kind="mail", longest=254),
        Field("wechat", _("WeChat"), longest=60),
        Field("from_on", _("Contact since"), kind="day"),
        Field("to_on", _("Left on"), kind="day"),
        Field("note", _("Note"), longest=300),
    ]


def change_contact(
    *, row: models.CustomerContact, values: Values, names: Named, by: org.Person, now: datetime, expected: int
) -> models.CustomerContact:
    facts = names.facts(values, {})
    return contacts.change(contact=row, by=by, now=now, expected=expected, **facts)


# The lists -----------------------------------------------------------------------------------------------------------

_SHARED: dict[str, Any] = {
    "permission": Permission.CUSTOMERS_EDIT,
    "names": Named,
    "require": _require,
    "label": lambda row: row.subject_label,
}
_THINGS = {"name": "name_zh", **{key: key for key in ("number", "customer", "vehicle", "starts_on", "name_en", "note")}}
LISTS: dict[str, dict[str, Any]] = {
    "customers": {
        "function": change_customer,
        "zh": "顾客清单",
        "en": "List of customers",
        "sheet": lambda _now: lists.CUSTOMERS,
        "rows": lambda person: lists.customer_rows(queries.customers(person)),
        "fields": customer_fields,
        "adds": "customers.customer",
        "as_new": {
            "name": "name_zh",
            **{
                key: key
                for key in (
                    "code",
                    "level",
                    "kind",
                    "parent",
                    "window",
                    "name_en",
                    "registered_name",
                    "aliases",
                    "note",
                )
            },
        },
        "url": "customers:customers",
        **_SHARED,
    },
    "contacts": {
        "function": change_contact,
        "zh": "联系人清单",
        "en": "List of contacts",
        "sheet": lambda _now: lists.CONTACTS,
        "rows": lambda person: queries.contacts(person).order_by(),
        "fields": contact_fields,
        "adds": "customers.contact",
        "as_new": {key: key for key in ("name", "customer", "department", "role", "phone", "email", "wechat", "note")},
        "url": "customers:contacts",
        **_SHARED,
    },
    "products": {
        "function": change_product,
        "zh": "产品清单",
        "en": "List of products",
        "sheet": lambda _now: lists.PRODUCTS,
        "rows": lambda person: queries.products(person).select_related("customer"),
        "fields": product_fields,
        "adds": "customers.product",
        "as_new": {**_THINGS, "family": "family"},
        "url": "customers:products",
        **_SHARED,
    },
    "projects": {
        "function": change_project,
        "zh": "项目清单",
        "en": "List of projects",
        "sheet": lambda _now: lists.PROJECTS,
        "rows": lambda person: queries.projects(person).select_related("customer", "department"),
        "fields": project_fields,
        "adds": "customers.project",
        "as_new": {**_THINGS, "phase": "phase", "sop_on": "sop_on"},
        "url": "customers:projects",
        **_SHARED,
    },
    "portals": {
        "function": change_portal,
        "zh": "门户网站清单",
        "en": "List of customer portals",
        "sheet": lambda _now: lists.PORTALS,
        "rows": lambda person: queries.portals(person).select_related("customer", "keeper", "deputy", "last_check_by"),
        "fields": portal_fields,
        "adds": "customers.portal",
        "as_new": {
            "next": "next_check_on",
            **{key: key for key in ("name", "customer", "keeper", "frequency", "url", "account", "note")},
        },
        "url": "customers:portals",
        **_SHARED,
    },
}
