"""Standards: which are on record, their clauses in both languages with what belongs to each, lists taken over."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yinuo.kit import editing, pages, undoing
from yinuo.kit import rows as kit_rows
from yinuo.org.definition import Permission
from yinuo.records import actions as records
from yinuo.sources import access, forms, lists, models, queries
from yinuo.sources.actions import standards as actions
from yinuo.sources.actions import withdrawing
from yinuo.sources.intake import standards as words
from yinuo.sources.pages import comparing, documents
from yinuo.sources.queries import baselines as baseline_queries
from yinuo.sources.queries import standards as standard_queries
from yinuo.sources.queries import withdrawing as obstacles
from yinuo.sources.rules import standards as rules
from yinuo.sources.rules.comparing import Kind

STANDARDS = Permission.SOURCES_STANDARDS
SHOWN = 100  # clauses of customers on one page


@pages.page(Permission.SOURCES_SEE)
def standards(request: pages.Request) -> HttpResponse:
    """The standards on record with their editions, and the lists that come with the product."""
    found = standard_queries.overview(request.user)
    shown = [
        (row, baseline and (baseline, baseline_queries.progress(baseline)), lists.standing_badge(row.document.current))
        for row, baseline in found
        if row.document.current
    ]
    context = {
        "standards": shown,
        "supplied": standard_queries.supplied(),
        "may_load": access.may_load_standards(request.user),
        "views": documents.views(),
    }
    return render(request, "sources/standards.html", context)


@pages.page(STANDARDS, methods=("POST",))
def standard_supplied(request: pages.Request, name: str) -> HttpResponse:
    """Take over a list that comes with the product."""
    edition = actions.load_supplied(name=name, by=request.user, now=timezone.now())
    return _loaded(request, edition)


@pages.page(STANDARDS, methods=editing.READ_WRITE)
def standard_add(request: pages.Request) -> HttpResponse:
    """Bring a list of a standard's clauses: a workbook or YAML of the company."""
    now = timezone.now()
    form = forms.StandardFile(*editing.sent(request))

    def receive() -> str:
        file = form.cleaned_data["file"]
        made = actions.receive(
            content=file.read(), name=file.name, said=form.said(), why=words.WHY, by=request.user, now=now
        )
        return made.get_absolute_url()

    return editing.answer(
        request,
        form,
        act=lambda: editing.create_once(request, form, now, receive),
        said=_("The list is read. Look at it, then take it over."),
        title=_("Bring a standard"),
        sentence=_("Numbers and short titles only: the text of a standard is its publisher's."),
        verb=_("Read the file"),
        back=str(standard_queries.HOME),
    )


@pages.page(STANDARDS)
def loading(request: pages.Request, pk: int) -> HttpResponse:
    """What was read of a list, and what is wrong in it; nothing of it holds yet."""
    row = _loading(request, pk)
    given = rules.heard(row.said)
    before = standard_queries.before_of(given)
    faults = [] if row.edition else standard_queries.faults_of(given)
    counts: dict[str, int] = {}
    if before is not None and not faults:
        counts = standard_queries.tally(before, given)
    above = rules.parents([each.number for each in given.clauses])
    context = {
        "row": row,
        "given": given,
        "before": before,
        "faults": [(words.place(each.at), words.sentence(each)) for each in faults[:200]],
        "more": max(len(faults) - 200, 0),
        "counts": counted(counts),
        "lines": list(zip(given.clauses, standard_queries.depths(above), strict=True)),
        "is_twin": standard_queries.is_on_record(given),
    }  # fmt: skip
    return render(request, "sources/loading.html", context)


@pages.page(STANDARDS, methods=("POST",))
def loading_confirm(request: pages.Request, pk: int) -> HttpResponse:
    """Take over a list that was looked at."""
    row = _loading(request, pk)
    version = kit_rows.key_in(request.POST.get("version", "")) or 0
    edition = actions.confirm(loading=row, by=request.user, now=timezone.now(), expected=version)
    return _loaded(request, edition)


def counted(kinds: dict[str, int]) -> list[tuple[str, int]]:
    """How many clauses became what, in words; what stays the same comes first."""
    order = (Kind.SAME, *comparing.ORDER)
    return [(comparing.words_of(kind), kinds[kind]) for kind in order if kinds.get(kind)]


def _loaded(request: pages.Request, edition: models.Edition) -> HttpResponse:
    """To the standard, or to its re-baselining where one has begun."""
    baseline = models.Baseline.objects.filter(after=edition, signed_at=None).first()
    if baseline is not None:
        pages.done(request, _("The list is on record. Its edition holds as soon as the re-baselining is signed."))
        return redirect(baseline)
    pages.done(request, _("The standard is on record."))
    return redirect("sources:standard", pk=edition.document_id)


def _loading(request: pages.Request, pk: int) -> models.Loading:
    rows = request.user.visible(models.Loading.objects.select_related("edition", "by", "attachment"), STANDARDS)
    return get_object_or_404(rows, pk=pk)


@pages.page(Permission.SOURCES_SEE)
def standard(request: pages.Request, pk: int) -> HttpResponse:
    """The clauses of a standard in both languages, and how many of which customers' clauses belong to each."""
    row = get_object_or_404(standard_queries.standards(request.user).select_related("current"), pk=pk)
    editions = list(row.editions.filter(withdrawn_at=None).order_by("-dated_on", "-pk"))
    asked = kit_rows.key_in(request.GET.get("edition", ""))
    edition = next((each for each in editions if each.pk == asked), row.current)
    lines = standard_queries.lines_of(edition, request.user) if edition else []
    only = request.GET.get("show") == "mapped"
    context: dict[str, Any] = {
        "document": row,
        "edition": edition,
        "editions": editions,
        "standing": lists.standing_badge(edition) if edition else None,
        "lines": standard_queries.with_above(lines) if only else lines,
        "only": only,
        "mapped": sum(line.mapped for line in lines),
        "used": sum(bool(line.mapped) for line in lines),
        "baseline": standard_queries.open_baseline(row),
        "past": standard_queries.past_baselines(row),
        "may_load": access.may_load_standards(request.user),
        "total": len(lines),
    }  # fmt: skip
    records.note_reading(subject=row, way="read", by=request.user, now=timezone.now())
    return render(request, "sources/standard.html", context)


@pages.page(STANDARDS, methods=editing.READ_WRITE)
def standard_withdraw(request: pages.Request, pk: int) -> HttpResponse:
    """Withdraw an edition that was loaded by mistake; or the sentence that names what hangs on it."""
    seen = queries.editions(request.user).filter(document__in=standard_queries.standards(request.user))
    row = get_object_or_404(seen.select_related("document"), pk=pk, withdrawn_at=None)
    form = forms.Withdraw(*editing.sent(request), initial={"version": row.version})
    was = str(row.standing)

    def withdraw() -> str:
        said = form.cleaned_data
        withdrawing.withdraw(
            edition=row, reason=said["reason"], by=request.user, now=timezone.now(), expected=said["version"]
        )
        return str(standard_queries.HOME)

    answered = editing.answer(
        request, form, act=withdraw, said=_("The edition is withdrawn."), danger=True,
        title=_("Withdraw %(label)s") % {"label": f"{row.document.number} {row.label}"},
        verb=pgettext("standard", "Withdraw"),
        back=reverse("sources:standard", args=[row.document_id]),
        sentence=obstacles.obstacle(row, request.user) or _("Nothing hangs on it. Its clauses count no more."),
        undo=lambda: undoing.offer(
            request.user, "sources.withdrawn", edition=row.pk, version=row.version, standing=was
        ),
    )  # fmt: skip
    return editing.led_away(request, answered)


@pages.page(Permission.SOURCES_SEE)
def standard_clause(request: pages.Request, pk: int) -> HttpResponse:
    """One clause of a standard, and customers' clauses that belong to it."""
    rows = queries.texts(request.user).filter(edition__document__kind=models.DocumentKind.STANDARD)
    text = get_object_or_404(rows.select_related("edition__document", "parent"), pk=pk)
    after = kit_rows.key_in(request.GET.get("after", "")) or 0
    found = list(standard_queries.texts_mapped_to(text, request.user).filter(pk__gt=after).order_by("pk")[: SHOWN + 1])
    context = {
        "text": text,
        "line": standard_queries.line_of(text),
        "found": found[:SHOWN],
        "next": found[SHOWN - 1].pk if len(found) > SHOWN else 0,
    }
    return render(request, "sources/standard_clause.html", context)
