"""The documents that clauses name: all of them, one with its clauses, linked or put aside by people."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.kit import editing, pages
from yinuo.kit import lists as kit_lists
from yinuo.org.definition import Permission
from yinuo.sources import access, forms, lists, models, queries
from yinuo.sources.actions import citing as actions
from yinuo.sources.pages import documents
from yinuo.sources.queries import citing as reading

KINDS = {"standard": models.DocumentKind.STANDARD, "law": models.DocumentKind.LAW}
SHOWN = 300  # places of one document on its page


@pages.page(Permission.SOURCES_SEE)
def references(request: pages.Request) -> HttpResponse:
    """All documents that clauses in force name. Annexes of the very documents only when they are asked for."""
    rows = lists.reference_rows(reading.references(request.user))
    if request.GET.get("kind") != models.CitedKind.ANNEX:
        rows = rows.exclude(kind=models.CitedKind.ANNEX)
    page = kit_lists.page_of(lists.CITED, rows, request.GET, person=request.user)
    context = {"page": page, "views": documents.views(), "counts": reading.counts(request.user)}
    return render(request, "sources/references.html", context)


@pages.page(Permission.SOURCES_SEE)
def reference(request: pages.Request, pk: int) -> HttpResponse:
    """One cited document: whether we hold it, and every clause that names it."""
    row = _reference(request, pk)
    places = list(reading.places(request.user, row)[: SHOWN + 1])
    seen = queries.documents(request.user).filter(pk=row.document_id).first() if row.document_id else None
    context = {
        "reference": row,
        "edition": lists.edition_words(row.edition),
        "state": lists.cited_badge(row),
        "document": seen,
        "places": reading.around(places[:SHOWN]),
        "is_cut": len(places) > SHOWN,
        "may_edit": access.may_edit(request.user, row),
        "others": reading.other_editions(request.user, row),
        "add_url": f"{reverse('sources:document_add')}?{urlencode(_prefilled(row))}",
    }
    return render(request, "sources/reference.html", context)


def _prefilled(row: models.Reference) -> dict[str, str]:
    """What is known already of a document that is to be recorded."""
    said = {"number": row.designation[:80], "title": row.designation, "label": lists.edition_words(row.edition)}
    if row.kind in KINDS:
        said["kind"] = KINDS[row.kind]
    return {key: value for key, value in said.items() if value}


@pages.page(Permission.SOURCES_EDIT, methods=editing.READ_WRITE)
def reference_link(request: pages.Request, pk: int) -> HttpResponse:
    """Say which document on record is meant."""
    row = _reference(request, pk)
    if not access.may_edit(request.user, row):
        return pages.forbidden(request)
    rows = reading.linkable(request.user, row)
    form = forms.LinkReference(
        *editing.sent(request), rows=rows, initial={"version": row.version, "document": row.document_id}
    )

    def link() -> str:
        said = form.cleaned_data
        actions.link(
            reference=row, document=said["document"], by=request.user, now=timezone.now(), expected=said["version"]
        )
        return row.get_absolute_url()

    return editing.answer(
        request, form, act=link, said=_("The cited document is linked."),
        title=_("Link %(designation)s to a document") % {"designation": row.subject_label}, verb=_("Link"),
        back=row.get_absolute_url(),
    )  # fmt: skip


@pages.page(Permission.SOURCES_EDIT, methods=editing.READ_WRITE)
def reference_put_aside(request: pages.Request, pk: int) -> HttpResponse:
    """Say why this document is not needed."""
    row = _reference(request, pk)
    if not access.may_edit(request.user, row):
        return pages.forbidden(request)
    form = forms.PutAside(*editing.sent(request), initial={"version": row.version, "reason": row.reason})

    def put_aside() -> str:
        said = form.cleaned_data
        actions.put_aside(
            reference=row, reason=said["reason"], by=request.user, now=timezone.now(), expected=said["version"]
        )
        return row.get_absolute_url()

    return editing.answer(
        request, form, act=put_aside, said=_("The cited document is marked as not needed."),
        title=_("%(designation)s is not needed") % {"designation": row.subject_label}, verb=_("Save"),
        back=row.get_absolute_url(),
    )  # fmt: skip


@pages.page(Permission.SOURCES_EDIT, methods=("POST",))
def reference_follow(request: pages.Request, pk: int) -> HttpResponse:
    """Take back what was said by hand."""
    row = _reference(request, pk)
    expected = int(request.POST["version"]) if request.POST.get("version", "").isdecimal() else row.version
    actions.follow_again(reference=row, by=request.user, now=timezone.now(), expected=expected)
    pages.done(request, _("It follows what is on record again."))
    return redirect(row.get_absolute_url())


@pages.page(Permission.SOURCES_SEE)
def cited_in(request: pages.Request, pk: int) -> HttpResponse:
    """A panel on the page of a document: what its clauses name, and what of it is no longer so."""
    row = get_object_or_404(queries.documents(request.user), pk=pk)
    said = reading.summary(request.user, row)
    said["missing"] = [(each, lists.edition_words(each.edition), lists.cited_badge(each)) for each in said["missing"]]
    url = f"{reverse('sources:references')}?{urlencode({'document': row.pk})}"
    return render(request, "sources/cited_in.html", {"document": row, "url": url, **said})


def of_clause(text: models.ClauseText) -> dict[str, Any]:
    """What a clause in force cites and what of it is no longer so, for its page. An earlier wording says nothing."""
    if text.edition.standing == models.Standing.SUPERSEDED:
        return {"cited": [], "obsolete": []}
    named = [each.reference for each in reading.cited_in([text.pk])[text.pk]]
    old = reading.obsolete_in([text.pk])[text.pk]
    return {
        "cited": [(each, lists.edition_words(each.edition), lists.cited_badge(each)) for each in named],
        "obsolete": [(each, lists.obsolete_badge(each)) for each in old],
    }


def _reference(request: pages.Request, pk: int) -> models.Reference:
    """A cited document that the person may see; else 404."""
    rows = reading.references(request.user).select_related("document", "held", "by", "scope")
    return get_object_or_404(rows, pk=pk)
