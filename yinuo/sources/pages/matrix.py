"""矩阵: IATF 16949 down the side, customers across, on the screen, on paper and as a workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yinuo.customers import models as customers
from yinuo.kit import downloads, exports, pages, plugs, printing, rows, subjects
from yinuo.kit.sheets import parts, writing
from yinuo.org.definition import Permission
from yinuo.sources.pages import documents
from yinuo.sources.queries import matrix as queries

CONTENT = "content"  # only rows that hold something
WIDE = 7  # more customers than an A4 sheet takes beside each other


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    chosen: Sequence[customers.Customer]
    choices: Sequence[customers.Customer]
    chapter: str
    only: bool
    one: int  # the customer that a phone shows

    def query(self, **other: Any) -> str:
        """The same page with something else."""
        said = {"chapter": self.chapter, "show": CONTENT if self.only else "", "one": self.one, **other}
        kept = [("customer", each.pk) for each in self.chosen] if self.chosen != self.choices[: queries.MOST] else []
        return urlencode([*kept, *((key, value) for key, value in said.items() if value)])


@pages.page(Permission.SOURCES_SEE)
def matrix(request: pages.Request) -> HttpResponse:
    """Which clause of IATF 16949 which customers supplement, and where they do not."""
    standard = queries.standard(request.user)
    asked = _asked(request)
    columns = queries.columns(request.user, asked.chosen)
    every = queries.rows(standard.current, request.user, columns) if standard and standard.current and columns else []
    shown = [row for row in every if not asked.chapter or row.line.text.number.split(".")[0] == asked.chapter]
    if asked.only:
        shown = queries.with_points(shown)
    if "excel" in request.GET and every:
        return _workbook(request, columns, shown)
    filled = sum(row.has_points for row in every)
    context = {
        "standard": standard,
        "columns": columns,
        "rows": shown,
        "total": len(every),
        "chapters": [row.line for row in every if row.line.text.depth == 0],
        "asked": asked,
        "most": queries.MOST,
        "phone": [(each, asked.query(one=each.pk)) for each in asked.chosen],
        "tabs": [
            ("", _("All clauses"), len(every), f"?{asked.query(show='')}"),
            (CONTENT, _("With customers' clauses"), filled, f"?{asked.query(show=CONTENT)}"),
        ],
        "excel": f"?{asked.query(excel='matrix')}",
        "why": why(),
        "states": [(each, _state(each)) for each in columns],
        "views": documents.views(),
        "company": printing.letterhead().name,
        "is_wide": len(columns) > WIDE,
    }  # fmt: skip
    return render(request, "sources/matrix.html", context)


def _asked(request: pages.Request) -> Asked:
    choices = queries.choices(request.user)
    wanted = {rows.key_in(each) for each in request.GET.getlist("customer")}
    chosen = [each for each in choices if each.pk in wanted] or choices
    chosen = chosen[: queries.MOST]
    one = rows.key_in(request.GET.get("one", ""))
    return Asked(
        chosen=chosen,
        choices=choices,
        chapter=request.GET.get("chapter", "")[:8],
        only=request.GET.get("show") == CONTENT,
        one=next((each.pk for each in chosen if each.pk == one), chosen[0].pk if chosen else 0),
    )


def why() -> str:
    """What the matrix is for."""
    return _(
        "IATF 16949 7.5.1.1 d asks the quality manual for a table, list or matrix that shows where in the quality "
        "management system customer-specific requirements are addressed."
    )


# As a workbook --------------------------------------------------------------------------------------------------------


def _workbook(request: pages.Request, columns: Sequence[queries.Column], shown: Sequence[queries.Row]) -> HttpResponse:
    """The matrix as a download. That it was taken is announced like every list that is exported."""
    now, title = timezone.now(), _("Matrix of customers' requirements")
    names = "、".join(str(each.customer.name) for each in columns)
    plugs.announce(
        "kit.exported", title=title, url=request.path, rows=len(shown), filters=names, by=request.user, now=now
    )
    closed = {each.pk: each for column in columns for each in column.documents if each.scope_id is not None}
    if closed:
        known = [subjects.ref(each) for each in closed.values()]
        plugs.announce("kit.rows_exported", of=known, what=title, by=request.user, now=now)
    heads = [writing.Head("IATF 16949", 12), writing.Head(pgettext("document", "Title"), 40)]
    heads += [writing.Head(str(each.customer.name), 30, parts.LONG) for each in columns]
    lines = [
        [row.line.text.number, row.line.zh or row.line.en, *map(_said, row.cells, columns)] for row in shown
    ]  # fmt: skip
    local = timezone.localtime(now)
    notes = [
        (title, why()),
        (_("Customers"), names),
        *((str(each.customer.name), f"{_state(each)} · {_read(each)}") for each in columns),
        (_("Exported by"), str(request.user)),
        (_("Exported at"), f"{local:%Y-%m-%d %H:%M} {local.tzname()}"),
        (_("What it holds"), _("Only what you may see. Confidential rows were noted in the read log.")),
    ]
    book = writing.Workbook()
    sheets = (book.table(writing.sheet_name(title), heads, lines), book.notes(_("About this file"), notes))
    answer = HttpResponse(
        b"".join(each for part in (*sheets, book.close()) for each in part), content_type=exports.TYPE
    )
    name = quote(f"{title}_{timezone.localdate(now):%Y-%m-%d}.xlsx", safe="")
    answer["Content-Disposition"] = f"attachment; filename=\"matrix.xlsx\"; filename*=UTF-8''{name}"
    return downloads.guarded(answer)


def _said(points: Sequence[queries.Point], column: queries.Column) -> str:
    """A cell in words."""
    if not points:
        return _nothing(column)
    proposed = _("%(clause)s (proposed)")
    return "、".join(each.words if each.is_sure else proposed % {"clause": each.words} for each in points)


def _nothing(column: queries.Column) -> str:
    """What an empty cell of a customer says: that nothing is asked only where nothing can be hidden any more."""
    if column.is_judged:
        return _("no special requirement")
    return pgettext("cell", "not placed") if column.is_decided else pgettext("cell", "not judged")


def _state(column: queries.Column) -> str:
    """How far a customer's documents are judged."""
    words = _("%(decided)s of %(all)s clauses judged") % {"decided": column.decided, "all": column.clauses}
    if column.waiting:
        words += " · " + _("documents to be checked: %(n)s") % {"n": column.waiting}
    if column.unplaced:
        words += " · " + _("requirements without a clause of the standard: %(n)s") % {"n": column.unplaced}
    return words


def _read(column: queries.Column) -> str:
    """The documents that stand in a column, each with its edition."""
    return "、".join(f"{each.document.title} {each.label}" for each in column.read) or _("no accepted clauses yet")
