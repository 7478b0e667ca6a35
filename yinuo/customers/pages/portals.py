"""The list of supplier portals (门户网站清单), one portal with what looking at it brought."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yinuo.customers import access, lists, models, queries, rules
from yinuo.customers.actions import portals as actions
from yinuo.customers.forms import portals as forms
from yinuo.customers.pages import customers
from yinuo.kit import editing, pages, plugs, subjects
from yinuo.kit import lists as kit_lists
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.records import actions as records

FRESH = timedelta(days=14)


@pages.page(Permission.CUSTOMERS_SEE)
def portals(request: pages.Request) -> HttpResponse:
    """All portals, those to be looked at first."""
    rows = queries.portals(request.user).select_related("customer", "keeper", "last_check_by")
    context = {
        "page": kit_lists.page_of(lists.PORTALS, rows, request.GET, person=request.user),
        "views": customers.views_of(request.user),
        "sentence": sentence_of(request.user),
    }
    return render(request, "customers/portals.html", context)


def sentence_of(person: org.Person) -> str:
    """「1 个门户逾期未检查，其中 1 个由您保管」 — what the list answers first."""
    today = timezone.localdate()
    late = queries.portals(person).filter(is_active=True, next_check_on__lt=today).count()
    mine = queries.portals_waiting_for(person, today).count()
    if late:
        words = ngettext("The check of %(n)s portal is overdue.", "The checks of %(n)s portals are overdue.", late) % {
            "n": late
        }
    else:
        words = _("No check is overdue.")
    if mine:
        words += ngettext(" %(n)s waits for you.", " %(n)s wait for you.", mine) % {"n": mine}
    return words


@pages.page(Permission.CUSTOMERS_SEE)
def portal_checks(request: pages.Request) -> HttpResponse:
    """Every check of every portal, made and missed, and how many of those due in some days were made on time."""
    rows = queries.all_checks(request.user)
    page = kit_lists.page_of(lists.PORTAL_CHECKS, lists.check_rows(rows), request.GET, person=request.user)
    year = {"from": (timezone.localdate() - timedelta(weeks=rules.WEEKS)).isoformat()}
    asked = {key: page.chosen[key] for key in ("from", "to", "keeper", "customer")}
    for each in lists.PORTAL_CHECKS.filters:
        value = (asked if asked["from"] or asked["to"] else asked | year).get(each.key)
        rows = each.apply(rows, value) if value else rows
    context = {"page": page, "made": queries.made(rows), "is_year": not (asked["from"] or asked["to"])}
    return render(request, "customers/portal_checks.html", context)


@pages.page(Permission.CUSTOMERS_SEE)
def portal(request: pages.Request, pk: int) -> HttpResponse:
    """One portal: address, keepers, and every look at it."""
    rows = queries.portals(request.user).select_related("customer", "keeper", "deputy", "last_check_by")
    row = get_object_or_404(rows, pk=pk)
    checks = list(queries.checks(row)[:100])
    proofs = queries.proofs(checks)
    for check in checks:
        check.portal = row
    found = [(check, _ways_on(check, request.user)) for check in checks]
    today = timezone.localdate()
    context = {
        "portal": row,
        "state": lists.check_state(row),
        "checks": [(check, ways, lists.check_badge(check), proofs.get(check.pk, ())) for check, ways in found],
        "fresh": next((each for each in found if each[1] and _is_fresh(each[0], today)), None),
        "year": queries.weeks([row], today)[row.pk],
        "may_edit": access.may_edit(request.user, row),
        "may_check": row.is_active and access.may_check(request.user, row),
        "result_groups": lists.RESULT_GROUPS,
    }
    records.note_reading(subject=row, way="read", by=request.user, now=timezone.now())
    return render(request, "customers/portal.html", context)


def _is_fresh(check: models.PortalCheck, today: date) -> bool:
    """Whether what the check brought may still have to be taken up."""
    return check.checked_at is not None and today - timezone.localdate(check.checked_at) <= FRESH


def _ways_on(check: models.PortalCheck, person: org.Person) -> list[tuple[plugs.Plug[Any], str]]:
    """What rooms above offer to do with what a check brought, plugged in as `customers.portal_check/<room>`."""
    if check.result != models.Result.SOMETHING_NEW:
        return []
    ref = subjects.Ref("customers.portal_check", check.pk, check.note[:300], "", check.scope_id, check.site_id)
    ways = [plug for plug in plugs.panels if plug.name.partition("/")[0] == ref.type]
    return [(way, url) for way in ways if (url := way.function(ref, person))]


@pages.page(Permission.CUSTOMERS_EDIT, methods=editing.READ_WRITE)
def portal_add(request: pages.Request, pk: int | None = None) -> HttpResponse:
    """Put a portal on the list: of one customer, or of the one chosen in the form."""
    now = timezone.now()
    customer = get_object_or_404(queries.customers(request.user), pk=pk) if pk is not None else None
    if customer is not None and not access.may_edit(request.user, customer):
        return pages.forbidden(request)
    form = forms.NewPortal(
        *editing.sent(request), person=request.user, customer=customer, initial={"keeper": request.user.pk}
    )

    def add() -> str:
        facts = form.facts()
        whose = customer or facts["customer"]
        facts.pop("customer", None)
        return actions.add(customer=whose, by=request.user, now=now, **facts).get_absolute_url()

    return editing.answer(
        request,
        form,
        act=lambda: editing.create_once(request, form, now, add),
        said=_("Portal added."),
        title=_("Add a portal of %(customer)s") % {"customer": customer.name} if customer else _("Add a portal"),
        verb=_("Add"),
        back=customer.get_absolute_url() if customer else reverse("customers:portals"),
    )


@pages.page(Permission.CUSTOMERS_EDIT, methods=editing.READ_WRITE)
def portal_change(request: pages.Request, pk: int) -> HttpResponse:
    """Change a portal's entry."""
    row = get_object_or_404(queries.portals(request.user).select_related("customer", "keeper", "deputy"), pk=pk)
    if not access.may_edit(request.user, row):
        return pages.forbidden(request)
    initial = {**{key: getattr(row, key) for key in actions.FIELDS}, "version": row.version}
    form = forms.ChangedPortal(*editing.sent(request), row=row, initial=initial)

    def change() -> str:
        expected = form.cleaned_data["version"]
        actions.change(portal=row, by=request.user, now=timezone.now(), expected=expected, **form.facts())
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


@pages.page(Permission.CUSTOMERS_SEE, methods=editing.READ_WRITE)
def portal_check(request: pages.Request, pk: int) -> HttpResponse:
    """Record that one looked at a portal, what it brought, and the proof."""
    now = timezone.now()
    row = get_object_or_404(queries.portals(request.user).select_related("customer", "keeper"), pk=pk)
    if not (row.is_active and access.may_check(request.user, row)):
        return pages.forbidden(request)
    form = forms.PortalCheckForm(*editing.sent(request), initial={"version": row.version})

    @transaction.atomic  # a check without its proof is none
    def check() -> str:
        said = form.cleaned_data
        made = actions.record_check(
            portal=row, result=said["result"], note=said["note"], by=request.user, now=now, expected=said["version"]
        )
        if proof := said["proof"]:
            records.attach(subject=made, content=proof, name=proof.name, by=request.user, now=now, kind="proof")
        return row.get_absolute_url()

    answered = editing.answer(
        request,
        form,
        act=lambda: editing.create_once(request, form, now, check),
        said=_("Check recorded."),
        title=_("Record a check of %(portal)s") % {"portal": row.name},
        sentence=_("Look into the portal first; then say what is new."),
        verb=_("Record"),
        back=row.get_absolute_url(),
        template="customers/edit.html",
        address=row.url,
    )
    is_new = form.data.get("result") == models.Result.SOMETHING_NEW
    return editing.led_away(request, answered) if is_new else answered
