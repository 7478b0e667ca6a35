"""Dialogs of what follows a change: our own documents and our suppliers."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.changes import access, models, queries
from yinuo.changes.actions import beside as actions
from yinuo.changes.forms import acts as forms
from yinuo.changes.pages import changes
from yinuo.kit import editing, pages
from yinuo.org.definition import Permission


def _document(request: pages.Request, pk: int) -> models.OwnDocument:
    rows = models.OwnDocument.objects.filter(change__in=queries.changes(request.user))
    return get_object_or_404(rows.select_related("change", "responsible"), pk=pk)


@pages.page(Permission.CHANGES_EDIT, methods=editing.READ_WRITE)
def document_add(request: pages.Request, number: str) -> HttpResponse:
    """Name an own document that is to be changed."""
    row, now = changes.found(request, number), timezone.now()
    if not access.may_edit(request.user, row):
        return pages.forbidden(request)
    form = forms.NewOwnDocument(*editing.sent(request), initial={"responsible": row.responsible_id})

    def add() -> str:
        said: dict[str, Any] = {key: form.cleaned_data[key] for key in actions.DOCUMENT}
        actions.add_document(change=row, by=request.user, now=now, **said)
        return f"{row.get_absolute_url()}#documents"

    return editing.answer(
        request, form, act=lambda: editing.create_once(request, form, now, add), said=_("Saved."),
        title=_("Own document to be changed"), verb=_("Add"), back=row.get_absolute_url(),
        sentence=_("Whoever is to change it is told."),
    )  # fmt: skip


@pages.page(Permission.CHANGES_EDIT, methods=editing.READ_WRITE)
def document_change(request: pages.Request, pk: int) -> HttpResponse:
    """Set right which own document it is, who changes it and until when."""
    row = _document(request, pk)
    if not access.may_edit(request.user, row.change):
        return pages.forbidden(request)
    initial = {key: getattr(row, key) for key in actions.DOCUMENT} | {"version": row.version}
    form = forms.ChangedOwnDocument(*editing.sent(request), keep=row.responsible_id, initial=initial)

    def act() -> str:
        said: dict[str, Any] = {key: form.cleaned_data[key] for key in actions.DOCUMENT}
        expected = form.cleaned_data["version"]
        actions.change_document(document=row, by=request.user, now=timezone.now(), expected=expected, **said)
        return f"{row.change.get_absolute_url()}#documents"

    return editing.answer(
        request, form, act=act, said=_("Saved."), title=_("Own document to be changed"), verb=_("Save"),
        back=row.change.get_absolute_url(),
    )  # fmt: skip


@pages.page(Permission.CHANGES_SEE, methods=editing.READ_WRITE)
def document_done(request: pages.Request, pk: int) -> HttpResponse:
    """Record that an own document was changed; whoever was to do it may say so too."""
    row = _document(request, pk)
    if not access.may_edit(request.user, row.change) and row.responsible_id != request.user.pk:
        return pages.forbidden(request)
    form = forms.Done(*editing.sent(request), initial={"version": row.version})

    def act() -> str:
        said = form.cleaned_data
        actions.finish_document(
            document=row, on=said["on"], new_edition=said["new_edition"], by=request.user, now=timezone.now(),
            expected=said["version"],
        )  # fmt: skip
        return f"{row.change.get_absolute_url()}#documents"

    return editing.answer(
        request, form, act=act, said=_("Saved."), title=_("Document changed"), sentence=str(row), verb=_("Save"),
        back=row.change.get_absolute_url(),
    )  # fmt: skip


@pages.page(Permission.CHANGES_SEE, methods=("POST",))
def document_reopen(request: pages.Request, pk: int) -> HttpResponse:
    """It was not done after all."""
    row = _document(request, pk)
    actions.reopen_document(document=row, by=request.user, now=timezone.now(), expected=row.version)
    pages.done(request, _("The document is to be changed again."))
    return redirect(f"{row.change.get_absolute_url()}#documents")


@pages.page(Permission.CHANGES_EDIT, methods=editing.READ_WRITE)
def supplier_add(request: pages.Request, number: str) -> HttpResponse:
    """Name a supplier whom the change concerns."""
    row, now = changes.found(request, number), timezone.now()
    if not access.may_edit(request.user, row):
        return pages.forbidden(request)
    form = forms.NewSupplier(*editing.sent(request))

    def add() -> str:
        said: dict[str, Any] = {key: form.cleaned_data[key] for key in actions.SUPPLIER}
        actions.add_supplier(change=row, by=request.user, now=now, **said)
        return f"{row.get_absolute_url()}#suppliers"

    return editing.answer(
        request, form, act=lambda: editing.create_once(request, form, now, add), said=_("Saved."),
        title=_("Supplier concerned"), verb=_("Add"), back=row.get_absolute_url(),
    )  # fmt: skip


@pages.page(Permission.CHANGES_EDIT, methods=editing.READ_WRITE)
def supplier_change(request: pages.Request, pk: int) -> HttpResponse:
    """When a supplier was told, and when it acknowledged."""
    rows = models.Supplier.objects.filter(change__in=queries.changes(request.user)).select_related("change")
    row = get_object_or_404(rows, pk=pk)
    if not access.may_edit(request.user, row.change):
        return pages.forbidden(request)
    initial = {key: getattr(row, key) for key in actions.SUPPLIER} | {"version": row.version}
    form = forms.ChangedSupplier(*editing.sent(request), initial=initial)

    def act() -> str:
        said: dict[str, Any] = {key: form.cleaned_data[key] for key in actions.SUPPLIER}
        expected = form.cleaned_data["version"]
        actions.change_supplier(supplier=row, by=request.user, now=timezone.now(), expected=expected, **said)
        return f"{row.change.get_absolute_url()}#suppliers"

    return editing.answer(
        request, form, act=act, said=_("Saved."), title=_("Supplier concerned"), verb=_("Save"),
        back=row.change.get_absolute_url(),
    )  # fmt: skip
