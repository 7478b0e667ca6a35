"""The list of customers, one customer with everything that hangs on it, and its contacts."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yinuo.customers import access, lists, models, queries
from yinuo.customers.actions import companies
from yinuo.customers.actions import contacts as contact_acts
from yinuo.customers.forms import companies as companies_forms
from yinuo.customers.forms import contacts as contacts_forms
from yinuo.kit import editing, pages, plugs, subjects
from yinuo.kit import lists as kit_lists
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.records import actions as records


def views_of(person: org.Person) -> list[tuple[str, str, int, str]]:
    """The lists of the room, as tabs."""
    due = queries.portals_waiting_for(person, timezone.localdate()).count()
    return [
        ("customers", _("Customers"), 0, reverse("customers:customers")),
        ("contacts", _("Contacts"), 0, reverse("customers:contacts")),
        ("products", _("Products"), 0, reverse("customers:products")),
        ("projects", _("Projects"), 0, reverse("customers:projects")),
        ("portals", _("Portals"), due, reverse("customers:portals")),
    ]


@pages.page(Permission.CUSTOMERS_SEE)
def contacts(request: pages.Request) -> HttpResponse:
    """The contacts at all customers, with filters."""
    rows = queries.contacts(request.user).order_by()
    page = kit_lists.page_of(lists.CONTACTS, rows, request.GET, person=request.user)
    return render(request, "customers/contacts.html", {"page": page, "views": views_of(request.user)})


@pages.page(Permission.CUSTOMERS_SEE)
def customers(request: pages.Request) -> HttpResponse:
    """All customers as a tree, with filters."""
    rows = lists.customer_rows(queries.customers(request.user))
    page = kit_lists.page_of(lists.CUSTOMERS, rows, request.GET, person=request.user)
    return render(request, "customers/customers.html", {"page": page, "views": views_of(request.user)})


@pages.page(Permission.CUSTOMERS_SEE)
def customer(request: pages.Request, pk: int) -> HttpResponse:
    """One customer: who is the window, whom we talk to, what we make for it, where we look."""
    person = request.user
    rows = queries.customers(person).select_related("organisation", "scope", "parent")
    row = get_object_or_404(rows, pk=pk)
    groups: dict[str, Any] = {
        "contacts": queries.contacts(person, row),
        "products": queries.products_of(person, row).select_related("customer"),
        "projects": queries.projects_of(person, row),
        "portals": queries.portals(person).filter(customer__path__startswith=row.path).select_related("keeper"),
        "below": queries.below(person, row).select_related("window"),
    }
    words = {
        "contacts": _("Contacts"),
        "products": _("Products"),
        "projects": _("Projects"),
        "portals": _("Portals"),
        "below": _("Subsidiaries and plants"),
    }
    current = request.GET.get("tab", "")
    current = current if current in groups else "contacts"
    counts = {key: found.count() for key, found in groups.items()}
    window = queries.window(row)
    above = [each for each in queries.with_ancestors(row)[:0:-1] if access.may_see(person, each)]
    context = {
        "customer": row,
        "window": window,
        "above": above,
        "inherited": [(each, url) for each in reversed(above) for url in _inherited(each, person)],
        "names": row.names.filter(is_alias=True).order_by("pk"),
        "sites": row.sites.order_by("code"),
        "tabs": [(key, words[key], counts[key], f"{row.get_absolute_url()}?tab={key}") for key in groups],
        "current": current,
        "rows": groups[current][:200],
        "more": max(0, counts[current] - 200),
        "may_edit": access.may_edit(person, row),
        "today": timezone.localdate(),
        "sentence": sentence_of(row, window, counts),
    }
    records.note_reading(subject=row, way="read", by=person, now=timezone.now())
    return render(request, "customers/customer.html", context)


def _inherited(above: models.Customer, person: org.Person) -> list[str]:
    """Panels of what a customer above asks by itself, which holds here too: `customers.customer.above/<room>`."""
    plugged = [plug for plug in plugs.panels if plug.name.partition("/")[0] == "customers.customer.above"]
    return [url for plug in plugged if (url := plug.function(subjects.ref(above), person))]


def sentence_of(row: models.Customer, window: queries.Window, counts: dict[str, int]) -> str:
    """「对外联络窗口李娜；在供产品 3 个，进行中项目 1 个」 — what the page answers first."""
    if not window.people:
        who = _("Nobody is named as window to this customer, so nothing can go out.")
    elif window.named_on == row:
        who = _("Window: %(person)s.") % {"person": window.people[0].name}
    else:
        who = _("Window: %(person)s, named for %(customer)s.") % {
            "person": window.people[0].name,
            "customer": window.named_on.name if window.named_on else "",
        }
    made = ngettext("%(n)s product", "%(n)s products", counts["products"]) % {"n": counts["products"]}
    worked = ngettext("%(n)s project", "%(n)s projects", counts["projects"]) % {"n": counts["projects"]}
    return _("%(who)s %(products)s, %(projects)s.") % {"who": who, "products": made, "projects": worked}


@pages.page(Permission.CUSTOMERS_EDIT, methods=editing.READ_WRITE)
def customer_add(request: pages.Request) -> HttpResponse:
    """Add a customer; names that resemble another's are asked about, never merged."""
    now = timezone.now()
    parent = request.GET.get("parent", "")
    initial = {"parent": parent, "level": request.GET.get("level", models.Level.COMPANY)}
    form = companies_forms.NewCustomer(*editing.sent(request), person=request.user, initial=initial)

    def add() -> str:
        try:
            row = companies.add(
                by=request.user,
                now=now,
                although_similar=form.cleaned_data["although_similar"],
                organisation=form.cleaned_data["organisation"],
                **form.facts(),
            )
        except companies.SimilarNames:
            form.ask_about_similar()
            raise
        return row.get_absolute_url()

    return editing.answer(
        request,
        form,
        act=lambda: editing.create_once(request, form, now, add),
        said=_("Customer added."),
        title=_("Add a customer"),
        sentence=_("Group, company or plant; it hangs on its card in the address book."),
        verb=_("Add"),
        back=reverse("customers:customers"),
        template="customers/edit.html",
        similar_url=reverse("customers:customer_similar"),
    )


@pages.page(Permission.CUSTOMERS_EDIT, methods=editing.READ_WRITE)
def customer_change(request: pages.Request, pk: int) -> HttpResponse:
    """Change a customer."""
    row = get_object_or_404(queries.customers(request.user).select_related("organisation", "parent"), pk=pk)
    if not access.may_edit(request.user, row):
        return pages.forbidden(request)
    initial = {
        **{key: getattr(row, key) for key in companies.COLUMNS},
        "registered_name": row.organisation.name_zh,
        "aliases": "\n".join(row.names.filter(is_alias=True).order_by("pk").values_list("text", flat=True)),
        "sites": row.sites.all(),
        "scope": row.own_scope_id,
        "version": row.version,
    }
    form = companies_forms.ChangedCustomer(*editing.sent(request), person=request.user, row=row, initial=initial)

    def change() -> str:
        try:
            companies.change(
                customer=row,
                by=request.user,
                now=timezone.now(),
                expected=form.cleaned_data["version"],
                although_similar=form.cleaned_data["although_similar"],
                reason=form.cleaned_data["reason"],
                **form.facts(),
            )
        except companies.SimilarNames:
            form.ask_about_similar()
            raise
        return row.get_absolute_url()

    return editing.answer(
        request,
        form,
        act=change,
        said=_("Saved."),
        title=_("Change %(label)s") % {"label": row.name},
        verb=_("Save"),
        back=row.get_absolute_url(),
    )


@pages.page(Permission.CUSTOMERS_EDIT)
def customer_similar(request: pages.Request) -> HttpResponse:
    """Customers with names like those being typed: a question beside the form, before anything is saved."""
    keys = ("code", "name_zh", "name_en", "registered_name")
    names = [request.GET.get(key, "")[:200] for key in keys]
    names += request.GET.get("aliases", "")[:2000].splitlines()
    return render(request, "customers/customer_similar.html", {"similar": queries.similar(request.user, names)})


@pages.page(Permission.CUSTOMERS_EDIT, methods=editing.READ_WRITE)
def contact_add(request: pages.Request, pk: int) -> HttpResponse:
    """Add somebody at a customer."""
    now = timezone.now()
    row = get_object_or_404(queries.customers(request.user), pk=pk)
    if not access.may_edit(request.user, row):
        return pages.forbidden(request)
    form = contacts_forms.NewContact(*editing.sent(request), initial={"language": row.language})

    def add() -> str:
        return contact_acts.add(customer=row, by=request.user, now=now, **form.facts()).get_absolute_url()

    return editing.answer(
        request,
        form,
        act=lambda: editing.create_once(request, form, now, add),
        said=_("Contact added."),
        title=_("Add a contact at %(customer)s") % {"customer": row.name},
        verb=_("Add"),
        back=row.get_absolute_url(),
    )


@pages.page(Permission.CUSTOMERS_EDIT, methods=editing.READ_WRITE)
def contact_change(request: pages.Request, pk: int) -> HttpResponse:
    """Change a contact, or say when somebody left."""
    row = get_object_or_404(queries.contacts(request.user), pk=pk)
    if not access.may_edit(request.user, row):
        return pages.forbidden(request)
    initial = {**{key: getattr(row, key) for key in contact_acts.FIELDS}, "version": row.version}
    form = contacts_forms.ChangedContact(*editing.sent(request), initial=initial)

    def change() -> str:
        expected = form.cleaned_data["version"]
        contact_acts.change(contact=row, by=request.user, now=timezone.now(), expected=expected, **form.facts())
        return row.get_absolute_url()

    return editing.answer(
        request,
        form,
        act=change,
        said=_("Saved."),
        title=_("Change %(label)s") % {"label": row.name},
        verb=_("Save"),
        back=row.get_absolute_url(),
    )
