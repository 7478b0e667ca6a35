"""The lists of the room: customers as a tree, products, projects, and the list of portals (门户网站清单)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from yinuo.customers import models, queries, rules
from yinuo.kit.lists import Column, Filter, Sheet, Words
from yinuo.org import models as org

INDENT = "　"
ABOVE = 4  # levels whose windows a list reads along with a row


# Customers -----------------------------------------------------------------------------------------------------------


def customer_rows(rows: QuerySet[models.Customer]) -> QuerySet[models.Customer]:
    """The rows with everything the list shows, windows of those above included."""
    steps = ["__".join(["parent"] * n) for n in range(1, ABOVE + 1)]
    windows = [f"{step}__window" for step in steps]
    return rows.select_related("window", "scope", *steps, *windows)


def window_name(row: models.Customer) -> str:
    """Who is the window; taken over from above when none is named on the row."""
    at: models.Customer | None = row
    while at is not None:
        if at.window is not None:
            return at.window.name
        at = at.parent
    return ""


def _with_window(rows: QuerySet[models.Customer], value: str) -> QuerySet[models.Customer]:
    """Customers whose window somebody is, by name on the row or taken over from above."""
    if not value.isdigit():
        return rows
    is_window, none_named = Q(), Q()
    for step in range(ABOVE + 1):
        prefix = "parent__" * step
        is_window |= none_named & Q(**{f"{prefix}window": value})
        none_named &= Q(**{f"{prefix}window": None})
    return rows.filter(is_window | Q(window_deputy=value))


def _windows(person: org.Person) -> Sequence[tuple[str, Words]]:
    named = queries.customers(person).exclude(window=None).order_by("window__name")
    return [(str(pk), name) for pk, name in named.values_list("window", "window__name").distinct()]


def _active(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(is_active=value == "yes") if value in ("yes", "no") else rows


ACTIVE = Filter("active", _("In use"), _active, lambda person: [("yes", _("in use")), ("no", _("no longer in use"))])
OUT_OF_USE = ("quiet", _("no longer in use"))
CONFIDENTIAL = ("suspect", _("confidential"))


def _mark(row: Any) -> tuple[str, Words] | None:
    """Out of use, confidential, or nothing worth saying."""
    if not getattr(row, "is_active", True):
        return OUT_OF_USE
    return CONFIDENTIAL if row.scope_id else None


CUSTOMERS = Sheet(
    name="customers",
    title=_("List of customers"),
    columns=(
        Column("name", _("Customer"), lambda row: INDENT * row.depth + row.name, "link", sort="path"),
        Column("code", _("Code"), lambda row: row.code),
        Column("level", _("Level"), lambda row: row.get_level_display()),
        Column("kind", _("Kind"), lambda row: row.get_kind_display()),
        Column("parent", _("Belongs to"), lambda row: row.parent.name if row.parent else "", narrow=False),
        Column("window", _("Window"), window_name, "person"),
        Column("mark", _("Remark"), _mark, "badge"),
    ),
    filters=(
        Filter("text", _("Name, code or alias"), queries.matching_names, kind="text"),
        Filter("level", _("Level"), lambda rows, value: rows.filter(level=value), lambda person: models.Level.choices),
        Filter("kind", _("Kind"), lambda rows, value: rows.filter(kind=value), lambda person: models.Kind.choices),
        Filter("window", _("Window"), _with_window, _windows),
        ACTIVE,
    ),
    sorts={"tree": (_("By group"), "path", False), "newest": (_("Newest first"), "added_at", True)},
    empty=_("There is no customer yet. Add the first one."),
    further=(
        Column("name_en", _("English name"), lambda row: row.name_en),
        Column("registered_name", _("Registered name"), lambda row: row.organisation.name_zh),
        Column("aliases", _("Other names"), lambda row: "、".join(n.text for n in row.names.all() if n.is_alias)),
        Column("deputy", _("Deputy of the window"), lambda row: row.window_deputy.name if row.window_deputy else ""),
        Column("note", _("Notes on the customer"), lambda row: row.note, "long"),
    ),
    whole=lambda rows: rows.select_related("organisation", "window_deputy").prefetch_related("names"),
)


# Products and projects -----------------------------------------------------------------------------------------------


def _customers(person: org.Person) -> Sequence[tuple[str, Words]]:
    rows = queries.customers(person).filter(is_active=True).order_by("path")
    return [(str(row.pk), INDENT * row.depth + row.name) for row in rows[:500]]


def _of_customer(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """Rows of a customer and of all below it."""
    customer = models.Customer.objects.filter(pk=value).first() if value.isdigit() and len(value) < 19 else None
    return rows.filter(customer__path__startswith=customer.path) if customer else rows.none()


OF_CUSTOMER = Filter("customer", _("Customer"), _of_customer, _customers)

PRODUCTS = Sheet(
    name="products",
    title=_("List of products"),
    columns=(
        Column("number", _("Our part number"), lambda row: row.number, "link", sort="number"),
        Column("name", _("Name"), lambda row: row.name),
        Column("customer", _("Made for"), lambda row: row.customer.name if row.customer else ""),
        Column("family", _("Product family"), lambda row: row.family, narrow=False),
        Column("vehicle", _("Vehicle"), lambda row: row.vehicle, narrow=False),
        Column("starts_on", _("Start of production"), lambda row: row.starts_on, "day", sort="starts_on", narrow=False),
        Column("mark", _("Remark"), _mark, "badge"),
    ),
    filters=(
        Filter(
            "text", _("Part number (ours or the customer's), name or vehicle"), queries.matching_products, kind="text"
        ),
        OF_CUSTOMER,
        ACTIVE,
    ),
    sorts={
        "number": (_("By number"), "number", False),
        "newest": (_("Newest first"), "added_at", True),
        "start": (_("By start of production"), "starts_on", True),
    },
    empty=_("There is no product yet. Add the first one."),
    further=(
        Column("name_en", _("English name"), lambda row: row.name_en),
        Column("note", _("Notes on the product"), lambda row: row.note, "long"),
    ),
)

_PHASE_GROUPS = {models.Phase.SERIES: "done", models.Phase.CLOSED: "quiet", models.Phase.QUOTATION: "pending"}

PROJECTS = Sheet(
    name="projects",
    title=_("List of projects"),
    columns=(
        Column("number", _("Project number"), lambda row: row.number, "link", sort="number"),
        Column("name", _("Name"), lambda row: row.name),
        Column("customer", _("Customer"), lambda row: row.customer.name),
        Column(
            "phase",
            _("Phase"),
            lambda row: (_PHASE_GROUPS.get(row.phase, "active"), row.get_phase_display()),
            "badge",
        ),
        Column("department", _("Responsible department"), lambda row: row.department.name if row.department else ""),
        Column("sop_on", _("Start of production"), lambda row: row.sop_on, "day", sort="sop_on", narrow=False),
        Column("mark", _("Remark"), _mark, "badge"),
    ),
    filters=(
        Filter("text", _("Project number or name"), queries.matching_projects, kind="text"),
        OF_CUSTOMER,
        Filter("phase", _("Phase"), lambda rows, value: rows.filter(phase=value), lambda person: models.Phase.choices),
    ),
    sorts={
        "number": (_("By number"), "number", False),
        "newest": (_("Newest first"), "added_at", True),
        "sop": (_("By start of production"), "sop_on", False),
    },
    empty=_("There is no project yet. Add the first one."),
    further=(
        Column("name_en", _("English name"), lambda row: row.name_en),
        Column("vehicle", _("Vehicle"), lambda row: row.vehicle),
        Column("starts_on", _("Start"), lambda row: row.starts_on, "day"),
        Column("note", _("Notes on the project"), lambda row: row.note, "long"),
    ),
)


# Contacts ------------------------------------------------------------------------------------------------------------


def _text(rows: QuerySet[models.CustomerContact], value: str) -> QuerySet[models.CustomerContact]:
    """Contacts by a part of their name, department or mail address."""
    return rows.filter(Q(name__icontains=value) | Q(department__icontains=value) | Q(email__icontains=value))


def _there(rows: QuerySet[models.CustomerContact], value: str) -> QuerySet[models.CustomerContact]:
    there = queries.not_left(timezone.localdate())
    return rows.filter(there) if value == "yes" else rows.exclude(there) if value == "no" else rows


def _contact_mark(row: models.CustomerContact) -> tuple[str, Words] | None:
    if row.to_on is not None and row.to_on < timezone.localdate():
        return "quiet", _("has left")
    return CONFIDENTIAL if row.scope_id else None


CONTACTS = Sheet(
    name="contacts",
    title=_("List of contacts"),
    columns=(
        Column("name", pgettext_lazy("person", "Name"), lambda row: row.name, "link"),
        Column("customer", _("Customer"), lambda row: row.customer.name),
        Column("department", _("Department"), lambda row: row.department, narrow=False),
        Column("role", _("Position"), lambda row: row.role, narrow=False),
        Column("phone", _("Phone"), lambda row: row.phone),
        Column("email", _("E-mail"), lambda row: row.email),
        Column("authority", _("May state or approve"), lambda row: "、".join(row.authority_words), narrow=False),
        Column("mark", _("Remark"), _contact_mark, "badge"),
    ),
    filters=(
        Filter("text", _("Name, department or mail"), _text, kind="text"),
        OF_CUSTOMER,
        Filter("there", _("Still there"), _there, lambda person: [("yes", _("still there")), ("no", _("has left"))]),
    ),
    sorts={"name": (_("By name"), "name", False), "newest": (_("Newest first"), "pk", True)},
    empty=_("No contact is on record yet. Add them on a customer's page, or take them over from Excel."),
    further=(
        Column("wechat", _("WeChat"), lambda row: row.wechat),
        Column("from_on", _("Contact since"), lambda row: row.from_on, "day"),
        Column("to_on", _("Left on"), lambda row: row.to_on, "day"),
        Column("note", _("Note"), lambda row: row.note),
    ),
)


# Portals -------------------------------------------------------------------------------------------------------------

RESULT_GROUPS = {
    models.Result.NOTHING_NEW: "quiet",
    models.Result.SOMETHING_NEW: "active",
    models.Result.NO_ACCESS: "suspect",
}


def check_state(row: models.Portal) -> tuple[str, Words] | None:
    """Whether looking at the portal is overdue or due today; nothing when there is time."""
    if not row.is_active:
        return OUT_OF_USE
    today = timezone.localdate()
    if row.next_check_on is None or row.next_check_on > today:
        return None
    return ("late", _("overdue")) if row.next_check_on < today else ("pending", _("due today"))


def _last_result(row: models.Portal) -> tuple[str, Words] | None:
    return (RESULT_GROUPS[models.Result(row.last_result)], row.get_last_result_display()) if row.last_result else None


def check_badge(row: models.PortalCheck) -> tuple[str, Words]:
    """Whether a check was made on time, late by how many working days, or not at all."""
    if row.checked_at is None:
        return "late", _("missed")
    if not row.days_late:
        return "done", _("on time")
    words = ngettext_lazy("%(n)s working day late", "%(n)s working days late", row.days_late)
    return "suspect", words % {"n": row.days_late}


def result_badge(row: models.PortalCheck) -> tuple[str, Words] | None:
    return (RESULT_GROUPS[models.Result(row.result)], row.get_result_display()) if row.result else None


MISSED = [
    ("open", _("not made yet")), ("missed", _("missed in the last 52 weeks")), ("late", _("late in the last 52 weeks"))
]  # fmt: skip


def _missed(rows: QuerySet[models.Portal], value: str) -> QuerySet[models.Portal]:
    """Portals of which checks were missed or late, as far as one year back."""
    since = timezone.localdate() - timedelta(weeks=rules.WEEKS)
    checks = models.PortalCheck.objects.filter(portal=OuterRef("pk"), was_due_on__gte=since)
    if value == "late":
        return rows.filter(Exists(checks.filter(days_late__gt=0)))
    if value == "open":
        return rows.filter(is_active=True, next_check_on__lt=timezone.localdate())
    return rows.filter(Exists(checks.filter(checked_at=None))) if value == "missed" else rows


def _due(rows: QuerySet[models.Portal], value: str) -> QuerySet[models.Portal]:
    today = timezone.localdate()
    if value == "overdue":
        return rows.filter(is_active=True, next_check_on__lt=today)
    return rows.filter(is_active=True, next_check_on__lte=today) if value == "due" else rows


def _keepers(person: org.Person) -> Sequence[tuple[str, Words]]:
    rows = queries.portals(person).order_by("keeper__name").values_list("keeper", "keeper__name").distinct()
    return [(str(pk), name) for pk, name in rows]


def _kept_by(rows: QuerySet[models.Portal], value: str) -> QuerySet[models.Portal]:
    return rows.filter(Q(keeper=value) | Q(deputy=value)) if value.isdigit() and len(value) < 19 else rows


PORTALS = Sheet(
    name="portals",
    title=_("List of customer portals"),
    columns=(
        Column("name", _("Portal"), lambda row: row.name, "link"),
        Column("customer", _("Customer"), lambda row: row.customer.name),
        Column("keeper", _("Account keeper"), lambda row: row.keeper.name, "person"),
        Column("frequency", _("How often"), lambda row: row.get_frequency_display(), narrow=False),
        Column("next", _("Next check"), lambda row: row.next_check_on, "day", sort="next_check_on"),
        Column("due", _("Due"), check_state, "badge"),
        Column("last", _("Last check"), lambda row: row.last_check_on, "day", sort="last_check_on", narrow=False),
        Column(
            "last_by", _("Checked by"), lambda row: row.last_check_by.name if row.last_check_by else "", narrow=False
        ),
        Column("result", _("Result"), _last_result, "badge"),
    ),
    filters=(
        Filter("text", _("Portal or address"), queries.matching_portals, kind="text"),
        OF_CUSTOMER,
        Filter("keeper", _("Account keeper"), _kept_by, _keepers),
        Filter("due", _("Due"), _due, lambda person: [("due", _("due today or overdue")), ("overdue", _("overdue"))]),
        Filter("missed", _("Missed"), _missed, lambda person: MISSED),
        ACTIVE,
    ),
    sorts={
        "next": (_("Next check first"), "next_check_on", False),
        "last": (_("Latest check first"), "last_check_on", True),
    },
    empty=_("There is no portal on the list yet. Add the first one."),
    further=(
        Column("url", _("Address of the portal"), lambda row: row.url),
        Column("account", _("Account"), lambda row: row.account),
        Column("deputy", _("Deputy"), lambda row: row.deputy.name if row.deputy else ""),
        Column("note", _("Notes on the portal"), lambda row: row.note, "long"),
    ),
    whole=lambda rows: rows.select_related("deputy"),
)


# Checks of portals ---------------------------------------------------------------------------------------------------


def check_rows(rows: QuerySet[models.PortalCheck]) -> QuerySet[models.PortalCheck]:
    """The rows with what the list shows."""
    return rows.select_related("portal__customer", "keeper", "by")


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _due_from(rows: QuerySet[models.PortalCheck], value: str) -> QuerySet[models.PortalCheck]:
    return rows.filter(was_due_on__gte=day) if (day := _day(value)) else rows


def _due_to(rows: QuerySet[models.PortalCheck], value: str) -> QuerySet[models.PortalCheck]:
    return rows.filter(was_due_on__lte=day) if (day := _day(value)) else rows


MADE = {
    "on_time": (_("on time"), Q(days_late=0)),
    "late": (_("late"), Q(days_late__gt=0)),
    "missed": (_("missed"), Q(checked_at=None)),
}


def _how(rows: QuerySet[models.PortalCheck], value: str) -> QuerySet[models.PortalCheck]:
    return rows.filter(MADE[value][1]) if value in MADE else rows


def _checks_of_customer(rows: QuerySet[models.PortalCheck], value: str) -> QuerySet[models.PortalCheck]:
    return rows.filter(portal__in=OF_CUSTOMER.apply(models.Portal.objects.all(), value))


PORTAL_CHECKS = Sheet(
    name="portal_checks",
    title=_("Checks of customer portals"),
    columns=(
        Column("portal", _("Portal"), lambda row: row.portal.name, "link"),
        Column("customer", _("Customer"), lambda row: row.portal.customer.name),
        Column("due", _("Was due"), lambda row: row.was_due_on, "day", sort="was_due_on"),
        Column("made", _("Made"), check_badge, "badge"),
        Column("keeper", _("Account keeper"), lambda row: row.keeper.name if row.keeper else "", "person"),
        Column("at", _("Checked at"), lambda row: row.checked_at, "moment", narrow=False),
        Column("by", _("Checked by"), lambda row: row.by.name if row.by else "", narrow=False),
        Column("result", _("Result"), result_badge, "badge"),
        Column("note", _("What was found"), lambda row: row.note[:200], export=False, narrow=False),
    ),
    filters=(
        Filter("from", _("Due from"), _due_from, kind="day"),
        Filter("to", _("Due to"), _due_to, kind="day"),
        Filter("made", _("Made"), _how, lambda person: [(key, words) for key, (words, _q) in MADE.items()]),
        Filter(
            "result", _("Result"), lambda rows, value: rows.filter(result=value), lambda person: models.Result.choices
        ),
        Filter(
            "keeper", _("Account keeper"),
            lambda rows, value: rows.filter(keeper=value) if value.isdigit() and len(value) < 19 else rows, _keepers,
        ),
        Filter("customer", _("Customer"), _checks_of_customer, _customers),
    ),
    sorts={
        "due": (_("By the day it was due"), "was_due_on", True),
        "newest": (_("Newest first"), "pk", True),
    },
    empty=_("No portal has been checked yet. Checks are recorded on the portal’s page."),
    further=(
        Column("days_late", _("Working days late"), lambda row: row.days_late, "number"),
        Column("found", _("What was found"), lambda row: row.note, "long"),
    ),
)  # fmt: skip
