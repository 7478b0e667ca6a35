"""A list that comes back: choose the file, see what differs, decide conflicts, confirm, see what became of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yinuo.comparisons import actions, forms, lists, models, queries
from yinuo.comparisons.engine import merging
from yinuo.comparisons.engine import words as wording
from yinuo.comparisons.intake import reading
from yinuo.kit import changing, downloads, editing, pages, plugs, rows, undoing
from yinuo.kit.sheets.definition import Unreadable

STATE = models.Comparison.State
State = models.Row.State
SHOWN = 50  # rows on one page
LONG = 80  # letters; longer texts are shown whole on demand
# In the order in which they are shown: what asks for a decision, what would be written, what is kept out, the rest.
ORDER = (
    State.CONFLICT, State.ERROR, State.REFUSED, State.CHANGE, State.NEW, State.BARRED, State.TAKEN, State.LEFT,
    State.SAID, State.MISSING,
)  # fmt: skip
MARKS: dict[str, tuple[str, Callable[[], str]]] = {
    merging.THEIRS: ("active", lambda: _("changed in the file")),
    merging.OURS: ("quiet", lambda: _("changed here meanwhile")),
    merging.BOTH: ("quiet", lambda: _("changed alike")),
    merging.CONFLICT: ("suspect", lambda: _("changed on both sides")),
    merging.ERROR: ("late", lambda: _("not valid")),
    merging.LOCKED: ("quiet", lambda: _("not changed in this way")),
    "new": ("active", lambda: _("added")),
}


@dataclass(frozen=True)
class Shown:
    """A cell as the page shows it."""

    key: str
    words: str
    state: str
    mark: tuple[str, str]
    parts: list[wording.Part]  # what the file changes of what stands here
    base: str
    theirs: str
    ours: str
    said: str
    choice: str
    is_long: bool

    @property
    def is_asked(self) -> bool:
        return self.state in (merging.CONFLICT, merging.THEIRS)


def _look(request: pages.Request, pk: int) -> models.Comparison:
    """The comparison, if the person brought the file; else 404."""
    try:
        return queries.comparison_of(request.user, pk)
    except models.Comparison.DoesNotExist:
        raise Http404 from None


def _version(request: pages.Request) -> int:
    return rows.key_in(request.POST.get("version", "")) or 0


def _offered(person: Any) -> list[changing.Changeable]:
    return [it for plug in plugs.changeables if (it := changing.Changeable(plug)).may(person)]


@pages.page(pages.SIGNED_IN)
def comparisons(request: pages.Request) -> HttpResponse:
    """Which lists may come back, and the person's latest files."""
    latest = [(row, _sheet_words(row)) for row in queries.comparisons_of(request.user)]
    return render(request, "comparisons/comparisons.html", {"offered": _offered(request.user), "latest": latest})


def _sheet_words(row: models.Comparison) -> Any:
    return plugs.changeables.get(row.sheet) if row.sheet in plugs.changeables else None


@pages.page(pages.SIGNED_IN, methods=editing.READ_WRITE)
def comparison_new(request: pages.Request) -> HttpResponse:
    """Choose the workbook that comes back."""
    now = timezone.now()
    form = forms.FileForm(*editing.sent(request))
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read()
        try:
            export = reading.export_of(content, file.name, request.user)
        except Unreadable as fault:
            form.add_error("file", lists.said(lists.WHY, fault.code, fault.facts))
        else:

            def create() -> str:
                made = actions.receive(export=export, content=content, name=file.name, by=request.user, now=now)
                return made.get_absolute_url()

            return redirect(editing.create_once(request, form, now, create))
    context = {"form": form, "offered": _offered(request.user)}
    return render(request, "comparisons/comparison_new.html", context, status=422 if form.is_bound else 200)


@pages.page(pages.SIGNED_IN)
def comparison(request: pages.Request, pk: int) -> HttpResponse:
    """What differs, state by state; what is to be decided; what became of it."""
    row = _look(request, pk)
    counts = queries.counts(row)
    states = [state for state in ORDER if counts[state]]
    asked = request.GET.get("show", "")
    show = asked if asked in states else (states[0] if states else "")
    after = rows.key_in(request.GET.get("after", "")) or 0
    found = queries.rows_after(row, show, after, SHOWN + 1) if show else []
    outlook = _outlook(row)
    whole = sum(counts[state] for state in (State.TAKEN, State.LEFT, State.REFUSED, *queries.WRITTEN))
    context = {
        "row": row,
        "list": _sheet_words(row),
        **outlook,
        "tabs": [(state, State(state).label, counts[state]) for state in states],
        "show": show,
        "rows": [(each, _cells(row, each), _said(each)) for each in found[:SHOWN]],
        "next": found[SHOWN - 1].number if len(found) > SHOWN else 0,
        "notes": [lists.said({**lists.WHY, **lists.NOTES}, code, facts) for code, facts in row.notes],
        "is_open": row.state == STATE.COMPARED,
        "done": whole - outlook["to_write"],
        "whole": whole,
        "back": changing.changeable_of(row.sheet).url,
    }
    return render(request, "comparisons/comparison.html", context)


def _cells(row: models.Comparison, it: models.Row) -> list[Shown]:
    return [_shown(row, merging.Cell(**each)) for each in it.cells]


def _shown(row: models.Comparison, cell: merging.Cell) -> Shown:
    group, said = MARKS[cell.state]
    was = cell.base if cell.state in (merging.OURS, merging.BOTH) else cell.ours
    becomes = cell.ours if cell.state == merging.OURS else cell.theirs
    parts = wording.differences(was, becomes)
    short = wording.shortened(parts)
    is_long = short != parts or max(map(len, (cell.base, cell.theirs, cell.ours))) > LONG
    wrong = lists.said(lists.WRONG, *cell.said) if cell.said else ""
    return Shown(
        cell.key, row.columns.get(cell.key, cell.key), cell.state, (group, said()), short, cell.base, cell.theirs,
        cell.ours, wrong, cell.choice, is_long,
    )  # fmt: skip


def _said(it: models.Row) -> list[str]:
    return [lists.said(lists.WRONG, code, facts) for code, facts in it.said]


@pages.page(pages.SIGNED_IN, methods=("POST",))
def comparison_decide(request: pages.Request, pk: int) -> HttpResponse:
    """Whose value one cell is to have."""
    row = _look(request, pk)
    number = rows.key_in(request.POST.get("row", "")) or 0
    facts = {"key": request.POST.get("key", ""), "choice": request.POST.get("choice", "")}
    it = actions.decide(row=row, number=number, by=request.user, now=timezone.now(), **facts)
    if not request.htmx:
        return redirect(f"{row.get_absolute_url()}?show={it.state}#row-{number}")
    cell = next(each for each in _cells(row, it) if each.key == facts["key"])
    context = {"row": row, "it": it, "cell": cell, "is_open": True, "is_part": True, **_outlook(row)}
    return render(request, "comparisons/decided.html", context)


def _outlook(row: models.Comparison) -> dict[str, Any]:
    """What would be written now, and how many conflicts keep that from happening."""
    counts = queries.counts(row)
    return {
        "counts": counts,
        "undecided": queries.undecided(row),
        "to_write": sum(counts[state] for state in queries.WRITTEN),
    }


@pages.page(pages.SIGNED_IN, methods=("POST",))
def comparison_decide_all(request: pages.Request, pk: int) -> HttpResponse:
    """Decide all conflicts alike."""
    row = _look(request, pk)
    choice = request.POST.get("choice", "")
    n = actions.decide_all(row=row, choice=choice, by=request.user, now=timezone.now(), expected=_version(request))
    said = (
        ngettext("%(n)s conflict: the file's value holds.", "%(n)s conflicts: the file's values hold.", n)
        if choice == merging.THEIRS
        else ngettext("%(n)s conflict: what stands here stays.", "%(n)s conflicts: what stands here stays.", n)
    )
    undo = undoing.offer(request.user, "comparisons.decided", comparison=row.pk, version=row.version)
    pages.done(request, said % {"n": n}, undo)
    return redirect(f"{row.get_absolute_url()}?show={State.CONFLICT}")


@pages.page(pages.SIGNED_IN, methods=("POST",))
def comparison_confirm(request: pages.Request, pk: int) -> HttpResponse:
    """Have what the file says written."""
    row = _look(request, pk)
    actions.confirm(row=row, by=request.user, now=timezone.now(), expected=_version(request))
    return redirect(row.get_absolute_url())


@pages.page(pages.SIGNED_IN, methods=("POST",))
def comparison_drop(request: pages.Request, pk: int) -> HttpResponse:
    """Write nothing (more) from the file."""
    row = _look(request, pk)
    actions.drop(row=row, by=request.user, now=timezone.now(), expected=_version(request))
    pages.done(request, _("The file is dropped. What was written before stays."))
    return redirect("comparisons:comparisons")


@pages.page(pages.SIGNED_IN)
def comparison_source(request: pages.Request, pk: int) -> HttpResponseBase:
    """The workbook as it came."""
    source = queries.source_of(_look(request, pk))
    try:
        content = source.blob.path.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    answer = FileResponse(content, as_attachment=True, filename=source.name, content_type="application/octet-stream")
    return downloads.guarded(answer)
