"""The address book of outside organisations."""

from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.kit import lists as kit_lists
from yinuo.kit import pages, refusals
from yinuo.org import access, lists, models
from yinuo.org.actions import organisations as actions
from yinuo.org.definition import Permission
from yinuo.org.forms import company as forms
from yinuo.org.pages import showing

GET_POST = ("GET", "HEAD", "POST")


@pages.page(Permission.ORG_SEE)
def address_book(request: HttpRequest) -> HttpResponse:
    """Every outside organisation one may see."""
    me = showing.person(request)
    page = kit_lists.page_of(lists.ADDRESS_BOOK, access.organisations(me), request.GET, person=me)
    return showing.shown(request, "address_book", "address_book", page=page, edits=access.may_edit_address_book(me))


@pages.page(Permission.ORG_SEE)
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """An organisation: what it is to us, its names, where it is."""
    me = showing.person(request)
    row = get_object_or_404(access.organisations(me).select_related("scope"), pk=pk)
    return showing.shown(
        request,
        "organisation",
        "address_book",
        organisation=row,
        kinds=lists.kinds_of(row),
        edits=access.may_edit_address_book(me),
    )


@pages.page(Permission.ORG_SEE, methods=GET_POST)
def organisation_new(request: HttpRequest) -> HttpResponse:
    """Enter an organisation."""
    me = _editor(request)

    def act(data: dict[str, Any]) -> str:
        return actions.add_organisation(**data, by=me, now=timezone.now()).get_absolute_url()

    form = _with_scopes(forms.NewOrganisation(request.POST or None), me)
    back = reverse("org:address_book")
    return showing.acted(request, form, act, title=_("New organisation"), verb=_("Enter it"), back=back)


@pages.page(Permission.ORG_SEE, methods=GET_POST)
def organisation_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an organisation."""
    me = _editor(request)
    row = get_object_or_404(access.organisations(me), pk=pk)

    def act(data: dict[str, Any]) -> str:
        return actions.change_organisation(organisation=row, **data, by=me, now=timezone.now()).get_absolute_url()

    initial = showing.initial_of(row, forms.ChangeOrganisation)
    form = _with_scopes(forms.ChangeOrganisation(request.POST or None, initial=initial), me)
    return showing.acted(request, form, act, title=row.name, verb=_("Save"), back=row.get_absolute_url())


def _editor(request: HttpRequest) -> models.Person:
    me = showing.person(request)
    if not access.may_edit_address_book(me):
        raise refusals.NotAllowed()
    return me


def _with_scopes(form: django_forms.Form, me: models.Person) -> django_forms.Form:
    form.fields["scope"].queryset = access.scopes(me)  # type: ignore[attr-defined]
    return form
