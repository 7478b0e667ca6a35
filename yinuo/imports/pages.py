"""One page leads every kind of row through: file, columns, what would happen, confirmation, result."""

from typing import Any
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.imports import access, actions, forms, intake, lists, models, queries
from yinuo.kit import downloads, editing, exported, exports, importing, pages, rows
from yinuo.kit.sheets import parts, writing
from yinuo.kit.sheets.definition import Unreadable
from yinuo.kit.sheets.mapping import Field

STATE = models.Import.State
SHOWN = 100  # lines of each sort on the page; all of them stand in the marked workbook


def _kind(request: pages.Request, name: str) -> importing.Kind:
    if not access.may_bring(request.user, name):
        raise Http404
    return importing.kind_of(name)


def _look(request: pages.Request, pk: int) -> models.Import:
    """The import, if the person brought it; else 404."""
    try:
        return queries.import_of(request.user, pk)
    except models.Import.DoesNotExist:
        raise Http404 from None


@pages.page(pages.SIGNED_IN)
def imports(request: pages.Request) -> HttpResponse:
    """What can be taken over, and the person's latest workbooks."""
    kinds = importing.kinds_for(request.user)
    words = {kind.name: kind.plug for kind in kinds}
    latest = [(row, words.get(row.kind)) for row in queries.imports_of(request.user)]
    return render(request, "imports/imports.html", {"kinds": kinds, "latest": latest})


@pages.page(pages.SIGNED_IN, methods=editing.READ_WRITE)
def import_new(request: pages.Request, kind: str) -> HttpResponse:
    """Choose the workbook."""
    it, now = _kind(request, kind), timezone.now()
    form = forms.FileForm(*editing.sent(request))
    status = 200
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read()
        try:
            if exported.is_ours(content):
                raise Unreadable("exported")
            read = intake.first_look(it, content, file.name, request.user)
        except Unreadable as fault:
            form.add_error("file", lists.said(lists.WHY_UNREADABLE, fault.code, fault.facts))
        else:

            def create() -> str:
                facts: dict[str, Any] = {"kind": kind, "content": content, "name": file.name, "read": read}
                return actions.receive(**facts, by=request.user, now=now).get_absolute_url()

            return redirect(editing.create_once(request, form, now, create))
    if form.is_bound:
        status = 422
    context = {"form": form, "kind": it, "fields": it.fields(request.user)}
    return render(request, "imports/import_new.html", context, status=status)


@pages.page(pages.SIGNED_IN, methods=editing.READ_WRITE)
def import_one(request: pages.Request, pk: int) -> HttpResponse:
    """Where an import stands: its columns, its check, what would happen, what became of it."""
    row = _look(request, pk)
    if row.state == STATE.MAPPING:
        return _columns(request, row) if row.headings else redirect("imports:import_table", row.pk)
    if request.htmx.target == "import-progress" and row.state not in (STATE.CHECKING, STATE.WRITING):
        return HttpResponse(headers={"HX-Refresh": "true"})  # what was waited for has come: the whole page tells it
    kind, counts = importing.kind_of(row.kind), queries.counts(row)
    states = models.Line.State
    wanted = [
        states.ASKED, states.NEW, states.CHANGE, states.FAULT, states.REFUSED, states.TAKEN, states.SAME, states.LEFT,
    ]  # fmt: skip
    groups = [(state, counts[state], queries.lines(row, state)[:SHOWN]) for state in wanted if counts[state]]
    done = counts["taken"] + counts["refused"]
    context = {
        "row": row,
        "kind": kind,
        "counts": counts,
        "groups": groups,
        "shown": SHOWN,
        "notes": _notes(row),
        "steps": _steps(row),
        "done": done,
        "whole": done + counts["new"] + (counts["change"] if row.with_changes else 0),
        "has_faults": any(counts[state] for state in queries.FAULTY),
        "said": _said_by(request, row) if row.state == STATE.CHECKED else [],
        "after": kind.after(request.user) if row.state == STATE.DONE and counts["taken"] else None,
    }
    is_part = request.htmx and row.state in (STATE.CHECKING, STATE.WRITING)
    return render(request, "imports/progress.html" if is_part else "imports/import_one.html", context)


def _columns(request: pages.Request, row: models.Import) -> HttpResponse:
    """Assign the columns; on a valid POST the rows are checked."""
    kind = importing.kind_of(row.kind)
    fields = kind.fields(request.user)
    given = {
        "wanted": fields, "headings": row.headings, "columns": row.columns, "options": kind.options(request.user),
        "rest": _("kept with the row") if kind.keeps_rest else "",
    }  # fmt: skip
    form = forms.ColumnsForm(request.POST or None, **given, initial={"version": row.version})
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        try:
            actions.assign(
                row=row, table={}, columns=values["columns"], options=values["options"], by=request.user,
                now=timezone.now(), expected=values["version"],
            )  # fmt: skip
            return redirect(row.get_absolute_url())
        except actions.CannotImport as refusal:
            editing.refuse(form, refusal)
    columns = [(parts.letters(int(column)), form[f"column-{column}"], words) for column, words in _sampled(row)]
    context = {"row": row, "kind": kind, "form": form, "columns": columns, "notes": _notes(row), "steps": _steps(row)}
    return render(request, "imports/import_columns.html", context, status=422 if form.is_bound else 200)


def _sampled(row: models.Import) -> list[tuple[str, list[str]]]:
    try:
        found = intake.samples(row)
    except Unreadable:
        found = {}
    return [(column, found.get(column, [])) for column in row.headings]


@pages.page(pages.SIGNED_IN, methods=editing.READ_WRITE)
def import_table(request: pages.Request, pk: int) -> HttpResponse:
    """Choose the sheet, and the rows in which its headings stand."""
    row = _look(request, pk)
    if row.state != STATE.MAPPING:
        return redirect(row.get_absolute_url())
    sheet = request.POST.get("sheet", request.GET.get("sheet", row.sheet))
    sheet = sheet if sheet in row.sheets else row.sheet
    form = forms.TableForm(request.POST or None, initial={"version": row.version, "sheet": sheet})
    if form.is_bound and form.is_valid():
        try:
            table = intake.chosen(row, sheet, form.cleaned_data["rows"], request.user)
            expected = form.cleaned_data["version"]
            actions.choose_table(row=row, table=table, by=request.user, now=timezone.now(), expected=expected)
            return redirect(row.get_absolute_url())
        except actions.CannotImport as refusal:
            editing.refuse(form, refusal)
    try:
        shown = intake.grid_of(row, sheet)
    except Unreadable:
        shown = []
    chosen = form["rows"].value() if form.is_bound else row.heading_rows if sheet == row.sheet else []
    context = {
        "row": row, "form": form, "sheet": sheet, "steps": _steps(row), "grid": list(enumerate(shown, 1)),
        "letters": [parts.letters(n) for n in range(1, len(shown[0]) + 1)] if shown else [],
        "chosen": {int(n) for n in chosen or () if str(n).isdigit()},
    }  # fmt: skip
    return render(request, "imports/import_table.html", context, status=422 if form.is_bound else 200)


def _said_by(request: pages.Request, row: models.Import) -> list[models.Meaning]:
    """What the person has said of spellings that this file may have."""
    return list(
        queries.meanings_of(request.user).filter(of__in=set(importing.kind_of(row.kind).asked_of.values()))[:20]
    )


def _notes(row: models.Import) -> list[str]:
    words = {**lists.NOTES, **lists.WHY_UNREADABLE}
    return [lists.said(words, code, facts) for code, facts in row.notes]


def _steps(row: models.Import) -> list[tuple[str, str, str]]:
    """The strip above: file, columns, check, result."""
    at = {STATE.MAPPING: 1, STATE.CHECKING: 2, STATE.CHECKED: 2, STATE.WRITING: 3, STATE.DONE: 4}.get(
        STATE(row.state), 4
    )
    said = [("file", _("Workbook")), ("columns", _("Columns")), ("check", _("Check")), ("result", _("Result"))]
    marks = ["done" if n < at else "current" if n == at else "waiting" for n in range(len(said))]
    return [(key, words, mark) for (key, words), mark in zip(said, marks, strict=True)]


@pages.page(pages.SIGNED_IN, methods=("POST",))
def import_columns(request: pages.Request, pk: int) -> HttpResponse:
    """Back to the columns of a checked import."""
    row = _look(request, pk)
    actions.reopen(row=row, by=request.user, now=timezone.now(), expected=_version(request))
    return redirect(row.get_absolute_url())


@pages.page(pages.SIGNED_IN, methods=("POST",))
def import_confirm(request: pages.Request, pk: int) -> HttpResponse:
    """Have the good rows taken over."""
    row = _look(request, pk)
    with_changes = request.POST.get("with_changes") == "on"
    actions.confirm(row=row, with_changes=with_changes, by=request.user, now=timezone.now(), expected=_version(request))
    return redirect(row.get_absolute_url())


@pages.page(pages.SIGNED_IN, methods=("POST",))
def import_answer(request: pages.Request, pk: int) -> HttpResponse:
    """Who is meant by the spellings that were asked about."""
    row = _look(request, pk)
    answers = {}
    for at, each in enumerate(row.asked):
        given = request.POST.get(f"answer-{at}", "")
        labels = {f"is-{n}": (meant, label) for n, (meant, label, _why) in enumerate(each["choices"])}
        if given in labels or given == "new":
            answers[each["key"]] = labels.get(given, ("", ""))
    actions.answer(
        row=row, answers=answers, also_keep=request.POST.get("also_keep") == "on", by=request.user, now=timezone.now(),
        expected=_version(request),
    )  # fmt: skip
    return redirect(row.get_absolute_url())


@pages.page(pages.SIGNED_IN, methods=("POST",))
def import_take_back(request: pages.Request, pk: int, key: int) -> HttpResponse:
    """Take an answer back; its spelling is asked about anew."""
    row = _look(request, pk)
    meaning = get_object_or_404(queries.meanings_of(request.user), pk=key)
    actions.take_back(row=row, meaning=meaning, by=request.user, now=timezone.now(), expected=_version(request))
    return redirect(row.get_absolute_url())


@pages.page(pages.SIGNED_IN, methods=("POST",))
def import_check(request: pages.Request, pk: int) -> HttpResponse:
    """Check the rows anew, as what they name has been added."""
    row = _look(request, pk)
    actions.check_again(row=row, by=request.user, now=timezone.now(), expected=_version(request))
    return redirect(row.get_absolute_url())


@pages.page(pages.SIGNED_IN, methods=("POST",))
def import_drop(request: pages.Request, pk: int) -> HttpResponse:
    """Take nothing (more) over from a workbook."""
    row = _look(request, pk)
    actions.drop(row=row, by=request.user, now=timezone.now(), expected=_version(request))
    pages.done(request, _("The import is dropped. What was taken over before stays."))
    return redirect("imports:imports")


def _version(request: pages.Request) -> int:
    return rows.key_in(request.POST.get("version", "")) or 0


# Files ---------------------------------------------------------------------------------------------------------------


def _download(name: str, chunks: Any) -> HttpResponseBase:
    answer = StreamingHttpResponse(chunks, content_type=exports.TYPE)
    answer["Content-Disposition"] = f"attachment; filename=\"import.xlsx\"; filename*=UTF-8''{quote(name, safe='')}"
    return downloads.guarded(answer)


@pages.page(pages.SIGNED_IN)
def import_source(request: pages.Request, pk: int) -> HttpResponseBase:
    """The workbook as it came."""
    row = _look(request, pk)
    source = queries.source_of(row)
    try:
        content = source.blob.path.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    answer = FileResponse(content, as_attachment=True, filename=source.name, content_type="application/octet-stream")
    return downloads.guarded(answer)


@pages.page(pages.SIGNED_IN)
def import_template(request: pages.Request, kind: str) -> HttpResponseBase:
    """An empty workbook with the headings of a kind, and what they mean."""
    it = _kind(request, kind)
    fields, title = it.fields(request.user), str(it.plug.zh if _is_chinese(request) else it.plug.en)
    book = writing.Workbook()
    heads = [writing.Head(f"{each.words}*" if each.is_required else each.words, 20) for each in fields]
    notes = [(_("Column"), _("What to enter")), *((each.words, _hint(each)) for each in fields)]
    chunks = [*book.table(writing.sheet_name(title), heads, []), *book.notes(_("How to fill in"), notes), *book.close()]
    return _download(f"{title}_{_('template')}.xlsx", chunks)


def _is_chinese(request: pages.Request) -> bool:
    return not request.LANGUAGE_CODE.startswith("en")


def _hint(each: Field) -> str:
    said = [_("needed in every row")] if each.is_required else []
    if each.kind == "day":
        said.append(_("a date like 2026-03-01"))
    if each.choices:
        said.append("、".join(each.choices))
    if each.kind == "list":
        said.append(_("several with 、 between them"))
    if each.help:
        said.append(each.help)
    return "; ".join(said)


@pages.page(pages.SIGNED_IN)
def import_faults(request: pages.Request, pk: int) -> HttpResponseBase:
    """The rows that were not taken over, as a workbook in which each says what is wrong; corrected, it comes back."""
    row = _look(request, pk)
    name = f"{row.name.rpartition('.')[0] or row.name}_{_('errors')}.xlsx"
    return _download(name, intake.marked(row, request.user))
