"""What the room plugs into the rooms below: finders, field kinds, search, files, the menu."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.customers import access, lists, models, queries, rules
from yinuo.customers.actions import companies, giving, nesting, portals
from yinuo.customers.forms import choosing
from yinuo.customers.intake import alike
from yinuo.customers.intake import changing as changing_in
from yinuo.customers.intake import companies as companies_in
from yinuo.customers.intake import naming as naming_in
from yinuo.customers.intake import things as things_in
from yinuo.kit import in_hand, plugs, subjects
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.org.forms import fields as org_fields
from yinuo.search.rules import Document

# Whose customer, whose project ----------------------------------------------------------------------------------------


def _related(kind: str, subject: subjects.Ref) -> int | None:
    """The id of the customer or project a subject belongs to, as the subject's room says; None when it says nothing."""
    name = f"subject.{kind}_id/{subject.type}"
    return plugs.facts.get(name).function(subject) if name in plugs.facts else None


def customer_of(subject: subjects.Ref) -> models.Customer | None:
    key = _related("customer", subject) or 0
    rows = models.Customer.objects.select_related("window", "window_deputy")
    return in_hand.held(models.Customer, key) or rows.filter(pk=key).first()


def project_of(subject: subjects.Ref) -> models.Project | None:
    return models.Project.objects.filter(pk=_related("project", subject) or 0).first()


for _type, _model in (("product", models.Product), ("project", models.Project), ("portal", models.Portal)):
    plugs.facts.plug(
        f"subject.customer_id/customers.{_type}",
        lambda subject, _model=_model: _model.objects.filter(pk=subject.id).values_list("customer", flat=True).first(),
        zh="所属顾客",
        en="customer",
    )
plugs.facts.plug("subject.customer_id/customers.customer", lambda subject: subject.id, zh="所属顾客", en="customer")
plugs.facts.plug("subject.project_id/customers.project", lambda subject: subject.id, zh="所属项目", en="project")

# Finders of people ----------------------------------------------------------------------------------------------------


def window(subject: subjects.Ref, argument: str = "") -> list[int]:
    """The window to the subject's customer, the deputy behind."""
    customer = customer_of(subject)
    return [person.pk for person in queries.window(customer).people] if customer else []


def window_deputy(subject: subjects.Ref, argument: str = "") -> list[int]:
    customer = customer_of(subject)
    deputy = queries.window(customer).deputy if customer else None
    return [deputy.pk] if deputy is not None and deputy.is_active else []


def portal_keeper(subject: subjects.Ref, argument: str = "") -> list[int]:
    """The keepers of the portals of the subject's customer (or, for a portal, its own), their deputies behind."""
    customer = customer_of(subject)
    if subject.type == models.Portal.subject_type:
        portals = models.Portal.objects.filter(pk=subject.id).select_related("keeper", "deputy")
    elif customer is not None:
        portals = queries.portals_of(customer)
    else:
        return []
    people = [each.keeper for each in portals] + [each.deputy for each in portals if each.deputy is not None]
    return list(dict.fromkeys(person.pk for person in people if person.is_active))


def responsible_department(subject: subjects.Ref, argument: str = "") -> str:
    """The department responsible for the subject's project (项目责任部门), as a party word; empty: none."""
    project = project_of(subject)
    return f"department:{project.department.code}" if project and project.department else ""


def team_role(subject: subjects.Ref, argument: str) -> list[int]:
    """Who has the role `argument` in the team of the subject's project today."""
    project = project_of(subject)
    if project is None:
        return []
    return [person.pk for person in queries.people_in_role(project, argument, timezone.localdate())]


plugs.finders.plug("customers.window", window, zh="对外联络窗口", en="window to the customer")
plugs.finders.plug("customers.window_deputy", window_deputy, zh="对外联络窗口代理人", en="deputy of the window")
plugs.finders.plug("customers.portal_keeper", portal_keeper, zh="门户网站账号保管人", en="portal keeper")
plugs.finders.plug(
    "projects.responsible_department", responsible_department, zh="项目责任部门", en="project's responsible department"
)
plugs.finders.plug(
    "projects.role", team_role, zh="项目组成员", en="member of the project team", team="project",
    roles=models.TeamRole.choices,
)  # fmt: skip

# Circles inside one another -------------------------------------------------------------------------------------------

plugs.events.plug("org.let_in/customers", nesting.require_outer)
plugs.events.plug("org.taken_out/customers", nesting.require_not_inner)

# Form fields of procedure steps ---------------------------------------------------------------------------------------


def _open_to(rows: Any, subject: subjects.Ref) -> Any:
    """Rows that everybody who sees the subject may know: without scope or of the subject's own."""
    return rows.filter(Q(scope=None) | Q(scope=subject.scope_id))


class _Chosen(forms.ModelChoiceField):
    """A chosen row as JSON: its key and how it was called then."""

    def label_from_instance(self, obj: Any) -> str:
        return getattr(obj, "subject_label", "") or str(obj)

    def clean(self, value: Any) -> Any:
        row = super().clean(value)
        return None if row is None else {"id": row.pk, "label": self.label_from_instance(row)}

    def prepare_value(self, value: Any) -> Any:
        return super().prepare_value(value.get("id") if isinstance(value, dict) else value)


def _field(rows: Any, asked: Any, url: Any) -> forms.Field:
    widget = choosing.SearchSelect(url)
    return _Chosen(rows, required=asked.required, widget=widget)


def customer_field(asked: Any, subject: subjects.Ref) -> forms.Field:
    rows = _open_to(models.Customer.objects.filter(is_active=True), subject)
    return _field(rows, asked, choosing.CUSTOMERS)


def product_field(asked: Any, subject: subjects.Ref) -> forms.Field:
    rows = _open_to(models.Product.objects.filter(is_active=True), subject)
    return _field(rows, asked, choosing.PRODUCTS)


def project_field(asked: Any, subject: subjects.Ref) -> forms.Field:
    rows = _open_to(models.Project.objects.exclude(phase=models.Phase.CLOSED), subject)
    return _field(rows, asked, choosing.PROJECTS)


def contact_field(asked: Any, subject: subjects.Ref) -> forms.Field:
    there = models.CustomerContact.objects.filter(queries.not_left(timezone.localdate())).select_related("customer")
    rows = _open_to(there, subject)
    customer = customer_of(subject)
    if customer is not None:
        above = Q(customer__code__in=rules.codes_of(customer.path))
        rows = rows.filter(above | Q(customer__path__startswith=customer.path))
    return _field(rows, asked, choosing.contacts_url(customer))


plugs.field_kinds.plug("customers.customer", customer_field, zh="顾客", en="customer")
plugs.field_kinds.plug("customers.product", product_field, zh="产品", en="product")
plugs.field_kinds.plug("customers.project", project_field, zh="项目", en="project")
plugs.field_kinds.plug("customers.contact", contact_field, zh="顾客联系人", en="contact at the customer")

# Search ---------------------------------------------------------------------------------------------------------------


def _document(row: Any, title: str, words: Iterable[Any]) -> Document:
    return Document(
        type=row.subject_type,
        id=row.pk,
        title=title,
        label=getattr(row, "code", "") or getattr(row, "number", ""),
        text="\n".join(str(each) for each in words if each),
        url=row.get_absolute_url(),
        scope_id=row.scope_id,
        site_id=row.site_id,
        at=row.added_at,
    )


def customer_documents(ids: list[int]) -> list[Document]:
    """Customers with all their names and contacts (who are as confidential as they)."""
    rows = models.Customer.objects.filter(pk__in=ids).prefetch_related("names", "contacts")
    return [
        _document(
            row,
            row.name_zh,
            [
                row.name_en,
                *[name.text for name in row.names.all()],
                *[f"{contact.name} {contact.department}" for contact in row.contacts.all()],
                row.note,
            ],
        )
        for row in rows
    ]


def product_documents(ids: list[int]) -> list[Document]:
    """Products with the customers' numbers, as far as whoever sees the product may know that customer."""
    rows = models.Product.objects.filter(pk__in=ids).select_related("customer")
    rows = rows.prefetch_related("part_numbers__customer", "drawings")
    return [
        _document(
            row,
            row.name_zh,
            [
                row.name_en,
                row.family,
                row.vehicle,
                row.customer and row.customer.name_zh,
                *[
                    f"{part.number} {part.name}"
                    for part in row.part_numbers.all()
                    if part.scope_id in (None, row.scope_id) and part.site_id in (None, row.site_id)
                ],
                *[drawing.number for drawing in row.drawings.all() if drawing.voided_at is None],
                row.note,
            ],
        )
        for row in rows
    ]


def project_documents(ids: list[int]) -> list[Document]:
    rows = models.Project.objects.filter(pk__in=ids).select_related("customer")
    return [
        _document(row, row.name_zh, [row.name_en, row.customer.name_zh, row.customer.name_en, row.vehicle, row.note])
        for row in rows
    ]


def portal_documents(ids: list[int]) -> list[Document]:
    rows = models.Portal.objects.filter(pk__in=ids).select_related("customer")
    return [_document(row, row.name, [row.customer.name_zh, row.customer.name_en, row.url, row.note]) for row in rows]


plugs.index_sources.plug("customers.customer", customer_documents, zh="顾客", en="Customers")
plugs.index_sources.plug("customers.product", product_documents, zh="产品", en="Products")
plugs.index_sources.plug("customers.project", project_documents, zh="项目", en="Projects")
plugs.index_sources.plug("customers.portal", portal_documents, zh="门户网站", en="Portals")

# Files, menu ----------------------------------------------------------------------------------------------------------


def _attachable(model: Any) -> Any:
    def reference(subject_id: int, person: org.Person) -> subjects.Ref | None:
        row = person.visible(model.objects.filter(pk=subject_id), Permission.CUSTOMERS_EDIT).first()
        return subjects.ref(row) if row is not None and access.may_edit(person, row) else None

    return reference


plugs.attachables.plug("customers.customer", _attachable(models.Customer), zh="顾客", en="Customer")
plugs.attachables.plug("customers.product", _attachable(models.Product), zh="产品", en="Product")
plugs.attachables.plug("customers.project", _attachable(models.Project), zh="项目", en="Project")


def takes_proof(subject_id: int, person: org.Person) -> subjects.Ref | None:
    """A check takes its proof from whoever may record checks of its portal."""
    rows = person.visible(models.PortalCheck.objects.filter(pk=subject_id), Permission.CUSTOMERS_SEE)
    row = rows.select_related("portal").first()
    return subjects.ref(row) if row is not None and row.by_id and access.may_check(person, row.portal) else None


plugs.attachables.plug("customers.portal_check", takes_proof, zh="门户网站检查", en="Check of a portal")
plugs.attachables.plug("customers.portal", _attachable(models.Portal), zh="门户网站", en="Portal")


def waiting_for(person: org.Person) -> int:
    """Portals the person is to look at today."""
    return queries.portals_waiting_for(person, timezone.localdate()).count()


plugs.menu.plug(
    "customers",
    waiting_for,
    zh="顾客",
    en="Customers",
    permission=Permission.CUSTOMERS_SEE,
    icon="building-factory-2",
    url="customers:customers",
    order=30,
)

# What somebody has in hand --------------------------------------------------------------------------------------------

plugs.duties.plug(
    "customers.window", giving.windows_in_hand, zh="对外联络窗口", en="Window to customers", give=giving.give_window,
    order=50, sees=Permission.CUSTOMERS_SEE, needs=Permission.CUSTOMERS_EDIT,
    counted=("{n} 个顾客窗口", "{n} customer as window", "{n} customers as window"),
)  # fmt: skip
plugs.duties.plug(
    "customers.portal", giving.portals_in_hand, zh="门户网站", en="Portals", give=giving.give_portal, order=60,
    sees=Permission.CUSTOMERS_SEE, needs=Permission.CUSTOMERS_EDIT,
    counted=("{n} 个门户网站", "{n} portal", "{n} portals"),
)  # fmt: skip
plugs.duties.plug(
    "customers.role", giving.roles_in_hand, zh="项目角色", en="Roles in projects", give=giving.give_role, order=65,
    sees=Permission.CUSTOMERS_SEE, needs=Permission.CUSTOMERS_EDIT,
    counted=("{n} 个项目角色", "{n} role in a project", "{n} roles in projects"),
)  # fmt: skip

# Several rows at once -------------------------------------------------------------------------------------------------


def hand_window(*, row: models.Customer, by: org.Person, now: datetime, expected: int, window: org.Person) -> Any:
    """Another window to the customer; whoever was it before is kept for undoing."""
    was = row.window_id
    companies.change(customer=row, by=by, now=now, expected=expected, window=window)
    return {"was": was, "version": row.version}


def give_window_back(*, row: models.Customer, kept: dict[str, Any], by: org.Person, now: datetime) -> None:
    was = org.Person.objects.filter(pk=kept["was"] or 0).first()
    companies.change(customer=row, by=by, now=now, expected=kept["version"], window=was)


def hand_keeping(*, row: models.Portal, by: org.Person, now: datetime, expected: int, keeper: org.Person) -> Any:
    """Another keeper of the portal's account."""
    was = row.keeper_id
    portals.change(portal=row, by=by, now=now, expected=expected, keeper=keeper)
    return {"was": was, "version": row.version}


def give_keeping_back(*, row: models.Portal, kept: dict[str, Any], by: org.Person, now: datetime) -> None:
    was = org.Person.objects.get(pk=kept["was"])
    portals.change(portal=row, by=by, now=now, expected=kept["version"], keeper=was)


plugs.bulk.plug(
    "customers/window", hand_window, zh="更换对外联络窗口", en="Change window", undo=give_window_back,
    icon="user-share",
    fields=lambda _person: {"window": org_fields.PersonField(label=_("Window to the customer"))},
    permission=Permission.CUSTOMERS_EDIT, sheet=lambda _person: lists.CUSTOMERS, label=lambda row: row.name,
    rows=lambda person: queries.customers(person).select_related("organisation", "parent", "scope", "own_scope"),
)  # fmt: skip
plugs.bulk.plug(
    "portals/keeper", hand_keeping, zh="更换账号管理人", en="Change account keeper", undo=give_keeping_back,
    fields=lambda _person: {"keeper": org_fields.PersonField(label=_("Account keeper"))},
    permission=Permission.CUSTOMERS_EDIT, sheet=lambda _person: lists.PORTALS, label=lambda row: row.name,
    rows=lambda person: queries.portals(person).select_related("customer", "keeper", "deputy"), icon="user-share",
)  # fmt: skip

# From workbooks -------------------------------------------------------------------------------------------------------


def whom_they_name(rows: Any, person: org.Person) -> naming_in.Named:
    return naming_in.Named(person, rows)


ASKING: dict[str, Any] = {
    "asks": alike.asks, "asked_of": alike.ASKED_OF, "means": alike.means, "means_not": alike.means_not
}  # fmt: skip

plugs.importables.plug(
    "customers.customer", companies_in.take_customer, zh="顾客", en="Customers", permission=Permission.CUSTOMERS_EDIT,
    fields=companies_in.customer_fields, look=companies_in.look_at_customers, order=companies_in.level_of,
    icon="building-factory-2", identity=lambda values: values.get("code") or "", url="customers:customers",
    names=whom_they_name, asks=alike.asks_of_names, asked_of={"name_zh": alike.CUSTOMERS, "parent": alike.CUSTOMERS},
    means=alike.means, means_not=alike.means_not,
)  # fmt: skip
plugs.importables.plug(
    "customers.contact", companies_in.take_contact, zh="顾客联系人", en="Contacts at customers",
    permission=Permission.CUSTOMERS_EDIT, fields=companies_in.contact_fields, look=companies_in.look_at_contacts,
    identity=naming_in.in_customer, icon="address-book", url="customers:contacts", names=whom_they_name,
    **ASKING,
)  # fmt: skip
plugs.importables.plug(
    "customers.product", things_in.take_product, zh="产品", en="Products", permission=Permission.CUSTOMERS_EDIT,
    fields=things_in.product_fields, look=things_in.look_at_products, icon="package", url="customers:products",
    names=whom_they_name, identity=lambda values: values.get("number") or "", **ASKING,
)  # fmt: skip
plugs.importables.plug(
    "customers.project", things_in.take_project, zh="项目", en="Projects", permission=Permission.CUSTOMERS_EDIT,
    fields=things_in.project_fields, look=things_in.look_at_projects, icon="folders", url="customers:projects",
    names=whom_they_name, identity=lambda values: values.get("number") or "", **ASKING,
)  # fmt: skip
plugs.importables.plug(
    "customers.portal", things_in.take_portal, zh="门户网站", en="Customer portals",
    permission=Permission.CUSTOMERS_EDIT, fields=things_in.portal_fields,
    look=things_in.look_at_portals, identity=naming_in.in_customer, icon="world",
    url="customers:portals", names=whom_they_name, **ASKING,
)  # fmt: skip

for _name, _list in changing_in.LISTS.items():
    plugs.changeables.plug(_name, **_list)
