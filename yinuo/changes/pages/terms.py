"""The terms for reviewing changes: the company's, and shorter ones of customers."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.changes import access, models, queries
from yinuo.changes.actions import setting as actions
from yinuo.changes.forms import recording as forms
from yinuo.changes.pages import changes
from yinuo.customers import queries as customers_queries
from yinuo.kit import editing, pages
from yinuo.org import models as org
from yinuo.org.definition import Permission

SAID = ("start", "days", "note")


def _terms(person: org.Person) -> Any:
    """The terms of customers that the person may see."""
    return queries.terms().filter(customer__in=customers_queries.customers(person)).order_by("customer__path")


@pages.page(Permission.CHANGES_SEE)
def terms(request: pages.Request) -> HttpResponse:
    """From when and within how many working days changes are reviewed."""
    whole = queries.company_term()
    context = {
        "whole": whole,
        "terms": [(each, min(each.days, whole.days)) for each in _terms(request.user)],
        "may_steer": access.may_steer(request.user),
        "views": changes.views_of(),
    }
    return render(request, "changes/terms.html", context)


@pages.page(Permission.CHANGES_STEER, methods=editing.READ_WRITE)
def company_term(request: pages.Request) -> HttpResponse:
    """Set the company's term."""
    row = queries.company_term()
    initial = {key: getattr(row, key) for key in SAID} | {"version": row.version}
    form = forms.CompanyTerm(*editing.sent(request), initial=initial)
    return _answer(request, form, None, _("Term of the company"))


@pages.page(Permission.CHANGES_STEER, methods=editing.READ_WRITE)
def term_add(request: pages.Request) -> HttpResponse:
    """Set a shorter term of a customer."""
    now = timezone.now()
    form = forms.NewTerm(*editing.sent(request), person=request.user)

    def add() -> str:
        said = {key: form.cleaned_data[key] for key in ("customer", *SAID)}
        actions.set_term(by=request.user, now=now, expected=0, **said)
        return reverse("changes:terms")

    return editing.answer(
        request, form, act=lambda: editing.create_once(request, form, now, add), said=_("Saved."),
        title=_("Shorter term of a customer"), verb=_("Add"), back=reverse("changes:terms"),
    )  # fmt: skip


@pages.page(Permission.CHANGES_STEER, methods=editing.READ_WRITE)
def term_change(request: pages.Request, pk: int) -> HttpResponse:
    """Change a customer's term."""
    row = get_object_or_404(_terms(request.user), pk=pk)
    initial = {key: getattr(row, key) for key in SAID} | {"version": row.version}
    form = forms.ChangedTerm(*editing.sent(request), initial=initial)
    return _answer(request, form, row, _("Term of %(customer)s") % {"customer": row.customer.name})


def _answer(request: pages.Request, form: Any, row: models.Term | None, title: str) -> HttpResponse:
    def act() -> None:
        said = {key: form.cleaned_data[key] for key in SAID}
        customer = row.customer if row else None
        actions.set_term(
            customer=customer, by=request.user, now=timezone.now(), expected=form.cleaned_data["version"], **said
        )

    return editing.answer(
        request, form, act=act, said=_("Saved."), title=title, verb=_("Save"), back=reverse("changes:terms"),
        sentence=_("It holds for changes recorded from now on; clocks that run keep theirs."),
    )  # fmt: skip


@pages.page(Permission.CHANGES_STEER, methods=("POST",))
def term_end(request: pages.Request, pk: int) -> HttpResponse:
    """The customer has no term of its own any more."""
    row = get_object_or_404(_terms(request.user), pk=pk)
    actions.end_term(term=row, by=request.user, now=timezone.now(), expected=row.version)
    pages.done(request, _("The company's term holds for this customer again."))
    return redirect("changes:terms")
