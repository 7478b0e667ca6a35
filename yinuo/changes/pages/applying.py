"""Dialogs of a change at products and sites."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yinuo.changes import access, models, queries
from yinuo.changes.actions import applying as actions
from yinuo.changes.forms import acts as forms
from yinuo.changes.forms import recording
from yinuo.changes.pages import changes, deciding
from yinuo.kit import editing, pages, undoing
from yinuo.org.definition import Permission


def _found(request: pages.Request, pk: int) -> models.Application:
    """One product at one site of a change that the person may see; else 404."""
    rows = models.Application.objects.filter(change__in=queries.changes(request.user))
    return get_object_or_404(rows.select_related("change", "product", "site", "implemented_by"), pk=pk)


def _offer(request: pages.Request, row: models.Application) -> str:
    return undoing.offer(request.user, "changes.applied", application=row.pk, version=row.version)


@pages.page(Permission.CHANGES_EDIT, methods=editing.READ_WRITE)
def application_add(request: pages.Request, number: str) -> HttpResponse:
    """Name the products and sites at which the change is to be implemented."""
    row = changes.found(request, number)
    if not access.may_edit(request.user, row):
        return pages.forbidden(request)
    form = forms.Named(*editing.sent(request), person=request.user, row=row, initial={"version": row.version})

    def act() -> str:
        said = form.cleaned_data
        actions.name(
            change=row, products=said["products"], sites=said["sites"], by=request.user, now=timezone.now(),
            expected=said["version"],
        )  # fmt: skip
        return f"{row.get_absolute_url()}#applications"

    return editing.answer(
        request, form, act=act, said=_("Saved."), title=_("Products and sites"), verb=_("Add"),
        sentence=_("Each product at each of the sites becomes a line that is implemented and verified by itself."),
        back=row.get_absolute_url(),
    )  # fmt: skip


@pages.page(Permission.CHANGES_EDIT, methods=editing.READ_WRITE)
def implement(request: pages.Request, pk: int) -> HttpResponse:
    """Record that the change is implemented at a product and site."""
    row = _found(request, pk)
    if not access.may_edit(request.user, row.change):
        return pages.forbidden(request)
    initial = {"version": row.version}
    if row.implemented_on and row.state != models.Application.State.UNAFFECTED:
        keys = ("break_kind", "break_on", "break_mark", "stock", "stock_note", "transit", "transit_note")
        initial |= {"on": row.implemented_on} | {key: getattr(row, key) for key in keys}
    form = forms.Implemented(*editing.sent(request), initial=initial)

    @transaction.atomic
    def act() -> str:
        said: dict[str, Any] = dict(form.cleaned_data)
        proofs, expected = said.pop("proof"), said.pop("version")
        actions.implement(application=row, by=request.user, now=timezone.now(), expected=expected, **said)
        deciding.keep_proofs(row.change, proofs, request.user)
        return f"{row.change.get_absolute_url()}#applications"

    return editing.answer(
        request, form, act=act, said=_("Implemented, from the break point on."), title=_("Record implementation"),
        sentence=str(row), verb=_("Save"), back=row.change.get_absolute_url(), undo=lambda: _offer(request, row),
    )  # fmt: skip


@pages.page(Permission.CHANGES_EDIT, methods=editing.READ_WRITE)
def verify(request: pages.Request, pk: int) -> HttpResponse:
    """Record that somebody else has verified it."""
    row = _found(request, pk)
    if not access.may_edit(request.user, row.change):
        return pages.forbidden(request)
    form = forms.Verified(*editing.sent(request), initial={"version": row.version})
    sentence = str(row)
    if row.implemented_by is not None:
        said_of = _("Implemented by %(name)s; somebody else verifies it.") % {"name": row.implemented_by.name}
        sentence = f"{sentence} · {said_of}"

    @transaction.atomic
    def act() -> str:
        said: dict[str, Any] = dict(form.cleaned_data)
        proofs, expected = said.pop("proof"), said.pop("version")
        actions.verify(application=row, by=request.user, now=timezone.now(), expected=expected, **said)
        deciding.keep_proofs(row.change, proofs, request.user)
        return f"{row.change.get_absolute_url()}#applications"

    return editing.answer(
        request, form, act=act, said=_("Verified."), title=_("Record verification"), sentence=sentence,
        verb=_("Save"), back=row.change.get_absolute_url(), undo=lambda: _offer(request, row),
    )  # fmt: skip


@pages.page(Permission.CHANGES_EDIT, methods=editing.READ_WRITE)
def leave_out(request: pages.Request, pk: int) -> HttpResponse:
    """Say that a product at a site is not affected, and why."""
    row = _found(request, pk)
    if not access.may_edit(request.user, row.change):
        return pages.forbidden(request)
    form = recording.Reason(*editing.sent(request), initial={"version": row.version})

    def act() -> str:
        said = form.cleaned_data
        actions.leave_out(
            application=row, reason=said["reason"], by=request.user, now=timezone.now(), expected=said["version"]
        )
        return f"{row.change.get_absolute_url()}#applications"

    return editing.answer(
        request, form, act=act, said=_("Saved."), title=_("Not affected"), sentence=str(row), verb=_("Save"),
        back=row.change.get_absolute_url(), undo=lambda: _offer(request, row),
    )  # fmt: skip


@pages.page(Permission.CHANGES_EDIT, methods=editing.READ_WRITE)
def take_back(request: pages.Request, pk: int) -> HttpResponse:
    """Go one step back, with the reason."""
    row = _found(request, pk)
    if not access.may_edit(request.user, row.change):
        return pages.forbidden(request)
    form = recording.Reason(*editing.sent(request), initial={"version": row.version})

    def act() -> str:
        said = form.cleaned_data
        actions.take_back(
            application=row, by=request.user, now=timezone.now(), expected=said["version"], reason=said["reason"]
        )
        return f"{row.change.get_absolute_url()}#applications"

    return editing.answer(
        request, form, act=act, said=_("Saved."), title=_("Take one step back"), sentence=str(row),
        verb=pgettext("act", "Take back"), back=row.change.get_absolute_url(),
    )  # fmt: skip
