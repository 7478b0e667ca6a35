"""The list of documents, one document with its editions, recording and changing both."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yinuo.customers import queries as customers_queries
from yinuo.customers import rules as customers_rules
from yinuo.kit import editing, pages
from yinuo.kit import lists as kit_lists
from yinuo.org.definition import Permission
from yinuo.records import actions as records
from yinuo.sources import access, forms, lists, models, queries
from yinuo.sources.actions import documents as actions
from yinuo.sources.actions import judging
from yinuo.sources.intake import sentences
from yinuo.sources.queries import judging as held
from yinuo.sources.queries import trees


def views() -> list[tuple[str, str, int, str]]:
    """The lists of the room, as tabs."""
    return [
        ("documents", pgettext("of customers", "Documents"), 0, reverse("sources:documents")),
        ("clauses", _("Clauses"), 0, reverse("sources:clauses")),
        ("matrix", pgettext("of requirements", "Matrix"), 0, reverse("sources:matrix")),
        ("standards", _("Standards"), 0, reverse("sources:standards")),
        ("references", _("Cited documents"), 0, reverse("sources:references")),
        ("obsolete", _("Obsolescence check"), 0, reverse("sources:obsolete")),
    ]


@pages.page(Permission.SOURCES_SEE)
def documents(request: pages.Request) -> HttpResponse:
    """All documents of customers, laws and standards."""
    rows = lists.document_rows(queries.documents(request.user))
    page = kit_lists.page_of(lists.DOCUMENTS, rows, request.GET, person=request.user)
    return render(request, "sources/documents.html", {"page": page, "views": views()})


@pages.page(Permission.SOURCES_SEE)
def clauses(request: pages.Request) -> HttpResponse:
    """All accepted clauses of editions that hold, document by document."""
    rows = lists.clause_rows(queries.listed_texts(request.user))
    page = kit_lists.page_of(lists.CLAUSES, rows, request.GET, person=request.user)
    return render(request, "sources/clauses.html", {"page": page, "views": views()})


@pages.page(Permission.SOURCES_SEE)
def of_customer(request: pages.Request, pk: int) -> HttpResponse:
    """The documents of a customer, and of those above it, which hold for it too."""
    customer = get_object_or_404(customers_queries.customers(request.user), pk=pk)
    rows = queries.documents(request.user).filter(
        customer__code__in=customers_rules.codes_of(customer.path), is_active=True
    )
    found = list(lists.document_rows(rows).order_by("-added_at")[:50])
    shown = [(row, lists.clauses_badge(row.current) if row.current else None) for row in found]
    return render(request, "sources/of_customer.html", {"customer": customer, "documents": shown})


@pages.page(Permission.SOURCES_SEE)
def document(request: pages.Request, pk: int) -> HttpResponse:
    """One document: whose, for what, and its editions."""
    rows = queries.documents(request.user).select_related("customer", "scope", "current")
    row = get_object_or_404(rows, pk=pk)
    editions = list(row.editions.select_related("brought_by").prefetch_related("files__attachment")[:200])
    editions.sort(key=lambda each: (each.received_on, each.pk), reverse=True)
    records.note_reading(subject=row, way="read", by=request.user, now=timezone.now())
    context = {
        "document": row,
        "editions": [(each, lists.standing_badge(each), lists.clauses_badge(each)) for each in editions],
        "may_edit": access.may_edit(request.user, row),
        "sites": row.sites.order_by("code"),
        "projects": row.projects.order_by("number"),
    }
    return render(request, "sources/document.html", context)


@pages.page(Permission.SOURCES_EDIT, methods=editing.READ_WRITE)
def document_add(request: pages.Request) -> HttpResponse:
    """Record a document with its first edition."""
    now = timezone.now()
    asked = ("customer", "kind", "title", "number", "label")
    initial = {key: request.GET[key][:300] for key in asked if key in request.GET}
    form = forms.NewDocument(*editing.sent(request), person=request.user, initial=initial)

    @transaction.atomic
    def add() -> str:
        row = actions.add(by=request.user, now=now, **form.document())
        files = form.cleaned_data["files"]
        edition = actions.add_edition(document=row, files=files, by=request.user, now=now, **form.edition())
        return edition.get_absolute_url()

    return editing.answer(
        request,
        form,
        act=lambda: editing.create_once(request, form, now, add),
        said=_("The document is on record. It is being read."),
        title=_("Add a document"),
        sentence=_("It is kept as it came, read, and split into its clauses within seconds."),
        verb=_("Add"),
        back=reverse("sources:documents"),
    )


@pages.page(Permission.SOURCES_EDIT, methods=editing.READ_WRITE)
def document_change(request: pages.Request, pk: int) -> HttpResponse:
    """Change what is said of a document."""
    row = get_object_or_404(queries.documents(request.user).select_related("customer", "own_scope"), pk=pk)
    if not access.may_edit(request.user, row):
        return pages.forbidden(request)
    initial = {key: getattr(row, key) for key in actions.COLUMNS} | {
        "sites": row.sites.all(),
        "projects": row.projects.all(),
        "scope": row.own_scope_id,
        "version": row.version,
    }
    form = forms.ChangedDocument(*editing.sent(request), person=request.user, row=row, initial=initial)

    def change() -> str:
        said = form.cleaned_data
        actions.change(
            document=row, by=request.user, now=timezone.now(), expected=said["version"], reason=said["reason"],
            **form.facts(),
        )  # fmt: skip
        return row.get_absolute_url()

    return editing.answer(
        request, form, act=change, said=_("Saved."), title=_("Change the document"), verb=_("Save"),
        back=row.get_absolute_url(),
    )  # fmt: skip


# Editions -------------------------------------------------------------------------------------------------------------


@pages.page(Permission.SOURCES_EDIT, methods=editing.READ_WRITE)
def edition_add(request: pages.Request, pk: int) -> HttpResponse:
    """Record a further edition of a document."""
    now = timezone.now()
    row = get_object_or_404(queries.documents(request.user).select_related("current"), pk=pk)
    if not access.may_edit(request.user, row):
        return pages.forbidden(request)
    last = row.current
    initial = {
        "standing": models.Standing.IN_FORCE,
        "way": last.way if last else models.Way.PORTAL,
        "language": last.language if last else models.Language.ZH,
        "binding_language": last.binding_language if last else "",
    }
    form = forms.NewEdition(*editing.sent(request), initial=initial)

    def add() -> str:
        files = form.cleaned_data["files"]
        made = actions.add_edition(document=row, files=files, by=request.user, now=now, **form.edition())
        return made.get_absolute_url()

    return editing.answer(
        request,
        form,
        act=lambda: editing.create_once(request, form, now, add),
        said=_("The edition is on record. It is being read."),
        title=_("Add an edition of %(document)s") % {"document": row.title},
        verb=_("Add"),
        back=row.get_absolute_url(),
    )


@pages.page(Permission.SOURCES_EDIT, methods=editing.READ_WRITE)
def edition_change(request: pages.Request, pk: int) -> HttpResponse:
    """Set right what was said of an edition."""
    row = _edition(request, pk)
    if not access.may_edit(request.user, row):
        return pages.forbidden(request)
    initial = {key: getattr(row, key) for key in actions.EDITION_COLUMNS} | {"version": row.version}
    form = forms.ChangedEdition(*editing.sent(request), initial=initial)

    def change() -> str:
        said = form.cleaned_data
        actions.change_edition(
            edition=row, by=request.user, now=timezone.now(), expected=said["version"], reason=said["reason"],
            **form.facts(),
        )  # fmt: skip
        return row.get_absolute_url()

    return editing.answer(
        request, form, act=change, said=_("Saved."), title=_("Change edition %(label)s") % {"label": row.label},
        verb=_("Save"), back=row.get_absolute_url(),
    )  # fmt: skip


@pages.page(Permission.SOURCES_SEE)
def edition(request: pages.Request, pk: int) -> HttpResponse:
    """One edition: its days, its files with what was said of them, and its clauses."""
    row = _edition(request, pk)
    files = list(row.files.select_related("attachment__blob"))
    context = {
        "edition": row,
        "document": row.document,
        "standing": lists.standing_badge(row),
        "state": lists.clauses_badge(row),
        "files": [(file, sentences.all_of(file.remarks)) for file in files],
        "is_tracked": queries.is_tracked(files),
        "may_edit": access.may_edit(request.user, row),
        "may_check": access.may_check(request.user, row),
        "is_given_up": queries.is_given_up(row),
        "is_judged": row.document.kind not in judging.UNJUDGED,
        "to_judge": held.counts(row).todo if row.clauses == models.Edition.Clauses.ACCEPTED else 0,
        **trees.shown(row),
    }
    if request.htmx and "part" in request.GET:
        return render(request, "sources/parts/clauses.html", context)
    records.note_reading(subject=row, way="read", by=request.user, now=timezone.now())
    return render(request, "sources/edition.html", context)


@pages.page(Permission.SOURCES_EDIT, methods=("POST",))
def edition_read_again(request: pages.Request, pk: int) -> HttpResponse:
    """Read the files once more."""
    row = _edition(request, pk)
    actions.read_again(edition=row, by=request.user, now=timezone.now(), expected=row.version)
    pages.done(request, _("The files are being read once more."))
    return redirect(row.get_absolute_url())


def _edition(request: pages.Request, pk: int) -> models.Edition:
    """An edition that the person may see; else 404."""
    rows = queries.editions(request.user).select_related("document__customer", "brought_by", "accepted_by", "scope")
    return get_object_or_404(rows, pk=pk)
