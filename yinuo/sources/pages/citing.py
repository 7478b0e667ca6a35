"""The documents that clauses name: all of them, one with its clauses, linked or put aside by people."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from yinuo.kit import editing, pages
from yinuo.kit import lists as kit_lists
from yinuo.org.definition import Permission
from yinuo.sources import access, forms, models, queries
from yinuo.sources.actions import citing as actions
from yinuo.sources.lists import citing as lists
from yinuo.sources.pages import documents
from yinuo.sources.queries import citing as reading
from yinuo.sources.queries import naming

KINDS = {"standard": models.DocumentKind.STANDARD, "law": models.DocumentKind.LAW}
SHOWN = 300  # places of one document on its page
LINES, CLAUSES = 60, 6  # documents in the panel of an edition, clauses named beside each
WORDS = {
    naming.MISSING: pgettext_lazy("cited documents", "not on record"),
    naming.OTHER: pgettext_lazy("cited documents", "held in another edition"),
    naming.WITHDRAWN: pgettext_lazy("cited documents", "superseded"),
    naming.NAMED: pgettext_lazy("cited documents", "named, not held"),
    naming.SETTLED: pgettext_lazy("cited documents", "settled"),
    naming.HELD: pgettext_lazy("cited documents", "held"),
}


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
        "is_asked": reading.naming_customers(request.user, row).exists(),
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


@pages.page(Permission.SOURCES_EDIT, methods=editing.READ_WRITE)
def reference_know(request: pages.Request, pk: int) -> HttpResponse:
    """Say where a document is kept that is not on record here."""
    row = _reference(request, pk)
    if not access.may_edit(request.user, row):
        return pages.forbidden(request)
    form = forms.Know(*editing.sent(request), initial={"version": row.version, "reason": row.reason})

    def know() -> str:
        said = form.cleaned_data
        actions.know(reference=row, where=said["reason"], by=request.user, now=timezone.now(), expected=said["version"])
        return row.get_absolute_url()

    return editing.answer(
        request, form, act=know, said=_("The cited document is marked as known."),
        title=_("%(designation)s is known") % {"designation": row.subject_label}, verb=_("Save"),
        back=row.get_absolute_url(),
    )  # fmt: skip


@pages.page(Permission.SOURCES_EDIT, methods=editing.READ_WRITE)
def reference_ask(request: pages.Request, pk: int) -> HttpResponse:
    """Ask a customer whose clauses name it for a document."""
    row = _reference(request, pk)
    if not access.may_edit(request.user, row):
        return pages.forbidden(request)
    rows = reading.naming_customers(request.user, row)
    matter = _("Request for the document: %(designation)s") % {
        "designation": f"{row.designation} {lists.edition_words(row.edition)}".strip()
    }
    initial = {"version": row.version, "customer": rows.first(), "title": matter[:200]}
    form = forms.AskFor(*editing.sent(request), rows=rows, initial=initial)

    def ask() -> str:
        said = form.cleaned_data
        thread = actions.ask(
            reference=row, customer=said["customer"], title=said["title"], by=request.user, now=timezone.now(),
            expected=said["version"],
        )  # fmt: skip
        return str(thread.get_absolute_url())

    answered = editing.answer(
        request, form, act=ask, said=_("The talk is open. Write the letter to the customer here."),
        title=_("Ask the customer"), verb=_("Open the talk"), back=row.get_absolute_url(),
        sentence=_("A talk is opened with the customer; the letter is written and released there."),
    )  # fmt: skip
    return editing.led_away(request, answered)


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


@pages.page(Permission.SOURCES_SEE)
def edition_cited(request: pages.Request, pk: int) -> HttpResponse:
    """A panel on the page of an edition: every document it names, how it stands with us, and what can be done."""
    row = get_object_or_404(queries.editions(request.user).select_related("document__customer"), pk=pk)
    found = naming.named_in(request.user, row)
    annexes = [each for each in found if each.reference.kind == models.CitedKind.ANNEX]
    named = [each for each in found if each.reference.kind != models.CitedKind.ANNEX]
    may_edit = access.may_edit(request.user, row)
    context = {
        "edition": row,
        "is_read": row.clauses == models.Edition.Clauses.ACCEPTED,
        "counts": [(group, WORDS[group], n) for group, n in naming.counted(named)],
        "total": len(named),
        "open": [_line(each, may_edit) for each in named if each.group not in naming.CLOSED][:LINES],
        "closed": [_line(each, False) for each in named if each.group in naming.CLOSED][:LINES],
        "is_cut": len(named) > LINES,
        "annexes": [each for each in annexes if each.group == naming.MISSING],
        "url": f"{reverse('sources:references')}?{urlencode({'document': row.document_id})}",
    }
    return render(request, "sources/edition_cited.html", context)


def _line(each: naming.Named, may_edit: bool) -> dict[str, Any]:
    """A document in the panel, with what may be done about it."""
    row = each.reference
    return {
        "row": row,
        "edition": lists.edition_words(row.edition),
        "badge": lists.cited_badge(row),
        "entry": each.entry,
        "texts": each.texts[:CLAUSES],
        "more": max(len(each.texts) - CLAUSES, 0),
        "may_edit": may_edit,
        "add_url": f"{reverse('sources:document_add')}?{urlencode(_prefilled(row))}" if row.document is None else "",
    }


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
    rows = reading.references(request.user).select_related("document", "held", "by", "scope", "thread")
    return get_object_or_404(rows, pk=pk)
