"""The obsolescence check: what clauses in force and customers' names say that is withdrawn, renamed or replaced."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.kit import editing, pages
from yinuo.kit import lists as kit_lists
from yinuo.org.definition import Permission
from yinuo.sources import access, forms, models
from yinuo.sources.actions import obsolete as actions
from yinuo.sources.lists import citing as lists
from yinuo.sources.pages import documents
from yinuo.sources.queries import citing as reading

State = models.Obsolete.State


@pages.page(Permission.SOURCES_SEE)
def obsolete(request: pages.Request) -> HttpResponse:
    """Everything found, entry by entry, with what became of it."""
    rows = lists.obsolete_list(reading.obsolete_rows(request.user))
    page = kit_lists.page_of(lists.OBSOLETE, rows, request.GET, person=request.user)
    groups = reading.groups(request.user)
    context = {
        "page": page,
        "views": documents.views(),
        "groups": groups,
        "chosen": next((each["entry"] for each in groups if each["entry"].key == page.chosen["entry"]), None),
        "open": sum(each["open"] for each in groups),
    }
    return render(request, "sources/obsolete.html", context)


@pages.page(Permission.SOURCES_SEE)
def obsolete_one(request: pages.Request, pk: int) -> HttpResponse:
    """One finding: what is said and where, what is known of it, what became of it."""
    row = _row(request, pk)
    context = {
        "row": row,
        "entry": reading.entry_of(row),
        "state": lists.obsolete_badge(row),
        "may_edit": access.may_edit(request.user, row),
        "customer": _customer(row),
    }
    return render(request, "sources/obsolete_one.html", context)


@pages.page(Permission.SOURCES_EDIT, methods=editing.READ_WRITE)
def obsolete_settle(request: pages.Request, pk: int) -> HttpResponse:
    """Say what became of it."""
    row = _row(request, pk)
    if not access.may_edit(request.user, row):
        return pages.forbidden(request)
    asked = request.GET.get("state", "")
    initial = {
        "version": row.version,
        "reason": row.reason,
        "state": asked if asked in State.values else row.state,
    }
    form = forms.SettleObsolete(*editing.sent(request), initial=initial)

    def settle() -> str:
        said = form.cleaned_data
        actions.settle(
            row=row, state=said["state"], reason=said["reason"], by=request.user, now=timezone.now(),
            expected=said["version"],
        )  # fmt: skip
        return row.get_absolute_url()

    return editing.answer(
        request, form, act=settle, said=_("Saved."), title=_("What became of “%(words)s”?") % {"words": row.printed},
        verb=_("Save"), back=row.get_absolute_url(),
    )  # fmt: skip


@pages.page(Permission.SOURCES_EDIT, methods=editing.READ_WRITE)
def obsolete_ask(request: pages.Request, pk: int) -> HttpResponse:
    """Open a talk with the customer about it."""
    row = _row(request, pk)
    if not access.may_edit(request.user, row):
        return pages.forbidden(request)
    form = forms.AskCustomer(*editing.sent(request), initial={"version": row.version, "title": _matter(row)})

    def ask() -> str:
        said = form.cleaned_data
        thread = actions.ask(
            row=row, title=said["title"], by=request.user, now=timezone.now(), expected=said["version"]
        )
        return str(thread.get_absolute_url())

    return editing.answer(
        request, form, act=ask, said=_("The talk is open. Write the letter to the customer here."),
        title=_("Ask the customer"), verb=_("Open the talk"), back=row.get_absolute_url(),
        sentence=_("A talk is opened with the customer; the letter is written and released there."),
    )  # fmt: skip


def _matter(row: models.Obsolete) -> str:
    entry = reading.entry_of(row)
    successor = entry.successor if entry else ""
    where = f"{row.text.edition.document.title} {row.text.number}".strip() if row.text else row.of_label
    words = {"printed": row.printed, "where": where, "successor": successor}
    if not where:
        return (_("Which name holds now instead of “%(printed)s”?") % words)[:200]
    if successor:
        return (_("%(where)s: does %(successor)s hold instead of “%(printed)s”?") % words)[:200]
    return (_("%(where)s: what holds instead of “%(printed)s”?") % words)[:200]


def _customer(row: models.Obsolete) -> Any:
    return row.customer or (row.text.edition.document.customer if row.text else None)


def _row(request: pages.Request, pk: int) -> models.Obsolete:
    """A finding that the person may see; else 404."""
    return get_object_or_404(
        lists.obsolete_list(reading.obsolete_rows(request.user)).select_related("thread", "scope"), pk=pk
    )


# Entries --------------------------------------------------------------------------------------------------------------


@pages.page(Permission.SOURCES_SEE)
def withdrawn(request: pages.Request) -> HttpResponse:
    """What is held to be no longer so: the company's own entries, and those that came with the program."""
    page = kit_lists.page_of(lists.WITHDRAWN, models.Withdrawn.objects.all(), request.GET, person=request.user)
    what = dict(models.Withdrawn.What.choices)
    came = [(each, what[models.Withdrawn.What(each.what)]) for each in reading.came_along()]
    return render(request, "sources/withdrawn.html", {"page": page, "views": documents.views(), "came": came})


@pages.page(Permission.SOURCES_EDIT, methods=editing.READ_WRITE)
def withdrawn_add(request: pages.Request) -> HttpResponse:
    """Record what is withdrawn, renamed or replaced."""
    now = timezone.now()
    form = forms.NewEntry(*editing.sent(request))

    def add() -> str:
        said = {key: value for key, value in form.cleaned_data.items() if key != "once"}
        actions.add_entry(by=request.user, now=now, **said)
        return reverse("sources:withdrawn")

    return editing.answer(
        request, form, act=lambda: editing.create_once(request, form, now, add),
        said=_("The entry is on record. All clauses are looked through within a minute."),
        title=_("Add an entry"), verb=_("Add"), back=reverse("sources:withdrawn"),
    )  # fmt: skip


@pages.page(Permission.SOURCES_EDIT, methods=editing.READ_WRITE)
def withdrawn_change(request: pages.Request, pk: int) -> HttpResponse:
    """Change an entry of the company's own, or put it out of use."""
    row = get_object_or_404(models.Withdrawn, pk=pk)
    initial = {key: getattr(row, key) for key in actions.ENTRY} | {"version": row.version}
    form = forms.ChangedEntry(*editing.sent(request), initial=initial)

    def change() -> None:
        said = {key: value for key, value in form.cleaned_data.items() if key != "version"}
        actions.change_entry(
            row=row, by=request.user, now=timezone.now(), expected=form.cleaned_data["version"], **said
        )

    return editing.answer(
        request, form, act=change, said=_("Saved. All clauses are looked through within a minute."),
        title=_("Change the entry"), verb=_("Save"), back=reverse("sources:withdrawn"),
    )  # fmt: skip
