"""Problem areas: which topics, natures, products, customers or departments weigh most, and why."""

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from yinuo.kit import lists as kit_lists
from yinuo.kit import pages
from yinuo.org.definition import Permission
from yinuo.reports import lists
from yinuo.reports.definition import LATE, POINTS, REGISTERED, REOPENED, Result
from yinuo.reports.engine import drawing
from yinuo.reports.pages import books, statistics
from yinuo.reports.queries import areas as queries
from yinuo.reports.queries import spans
from yinuo.reports.queries import statistics as statistics_queries

FILE = "problem_areas"
DRAWN = 10
SHOWN = 30


@dataclass(frozen=True)
class Row:
    """An area as the page shows it."""

    rank: int
    name: str
    cells: list[statistics.Cell]
    trend: str
    points: int
    share: str
    together: str
    is_main: bool


def cuts() -> dict[str, str]:
    """Each cut in one word."""
    return {
        queries.TOPIC: _("Topic"),
        statistics_queries.KIND: _("Nature"),
        queries.PRODUCT: _("Product"),
        statistics_queries.CUSTOMER: _("Customer"),
        statistics_queries.DEPARTMENT: _("Department"),
    }


def figures() -> list[tuple[str, str]]:
    """What counts, each with its words."""
    return [
        (REGISTERED, pgettext("figure", "Registered")),
        (LATE, _("Late")),
        (Result.REFUSED, pgettext("result", "Refused")),
        (REOPENED, pgettext("figure", "Reopened")),
    ]


@pages.page(Permission.REPORTS_SEE)
def problem_areas(request: pages.Request) -> HttpResponseBase:
    """Where requests pile up, are late, refused or taken up again, the worst area first."""
    asked = statistics.Asked.by(request)
    cut = request.GET.get("by", "")
    cut = cut if cut in queries.CUTS else queries.TOPIC
    found = queries.areas(request.user, cut, asked.span.since, asked.span.until, asked.site)
    rows = _rows(found, cut, asked)
    if request.GET.get(kit_lists.FILE) == FILE:
        return _file(request, asked, cut, rows)
    query = {**asked.span.parameters(), "by": cut, "site": asked.site}
    context = {
        **asked.context("problem_areas"),
        "sentence": _sentence(found, asked),
        "areas": cuts().items(),
        "area": cut,
        "area_words": cuts()[cut],
        "heads": figures(),
        "rows": rows[:SHOWN],
        "others": max(len(rows) - SHOWN, 0),
        "chart": _chart(found, rows),
        "reasons": reasons(),
        "file_url": spans.address(reverse("reports:problem_areas"), **query, excel=FILE),
    }
    return render(request, "reports/problem_areas.html", context)


def reasons() -> str:
    """How the points come about, for whoever reads them later."""
    return _(
        "Points: each request %(registered)s; %(late)s more when the customer was told late, %(refused)s more when it "
        "was refused, %(reopened)s more when it was taken up again. Registered and reopened count in the month in "
        "which the request came, late and refused in the month in which it ended. A request of several topics or "
        "products counts for each of them."
    ) % {str(key): weight for key, weight in POINTS.items()}


def _rows(found: queries.Areas, cut: str, asked: statistics.Asked) -> list[Row]:
    rows, together = [], 0
    for rank, area in enumerate(found.rows, start=1):
        is_main = together < 0.8 * found.points
        together += area.points
        rows.append(
            Row(
                rank=rank,
                name=area.name or _("not known"),
                cells=[_cell(area, figure, cut, asked) for figure, _words in figures()],
                trend=_trend(area),
                points=area.points,
                share=f"{area.points / found.points:.0%}",
                together=f"{together / found.points:.0%}",
                is_main=is_main,
            )
        )
    return rows


def _cell(area: queries.Area, figure: str, cut: str, asked: statistics.Asked) -> statistics.Cell:
    number = area.counts[figure]
    if number <= 0:
        return statistics.Cell("—")
    which = {cut: area.key or lists.NONE, "since": asked.span.since, "until": asked.span.until, "site": asked.site}
    return statistics.Cell(f"{number:,}", spans.address(reverse("reports:statistics_requests"), figure=figure, **which))


def _trend(area: queries.Area) -> str:
    """How many more or less came than in the span before."""
    change = area.counts[REGISTERED] - area.before
    return f"{change:+,}" if change else "±0"


def _chart(found: queries.Areas, rows: list[Row]) -> SafeString:
    drawn = [(row.name, row.points, row.cells[0].url or next((c.url for c in row.cells if c.url), "")) for row in rows]
    if len(drawn) < 2:
        return mark_safe("")
    said = " · ".join(_("%(area)s: %(n)s points") % {"area": name, "n": n} for name, n, _url in drawn[:DRAWN])
    svg = drawing.pareto(drawn[:DRAWN], found.points, id="pareto", title=_("The heaviest areas"), description=said)
    return mark_safe(svg)  # drawn by us; its words are escaped there


def _sentence(found: queries.Areas, asked: statistics.Asked) -> str:
    """「2026-01 至 2026-03：问题最集中的是“盐雾”，占全部得分 31%；3 个领域合计占 80%。」"""
    if not found.rows:
        return ""
    main, together = 0, 0
    while together < 0.8 * found.points:
        together += found.rows[main].points
        main += 1
    worst = found.rows[0]
    return ngettext(
        "%(span)s: “%(area)s” weighs most, with %(share)s of all points; %(n)s area makes up 80 %% of them.",
        "%(span)s: “%(area)s” weighs most, with %(share)s of all points; %(n)s areas make up 80 %% of them.",
        main,
    ) % {
        "span": asked.span.words,
        "area": worst.name or _("not known"),
        "share": f"{worst.points / found.points:.0%}",
        "n": main,
    }


def _file(request: pages.Request, asked: statistics.Asked, cut: str, rows: list[Row]) -> HttpResponse:
    heads = [
        *(words for _key, words in figures()),
        _("Against the span before"),
        _("Points"),
        _("Share"),
        _("Together"),
    ]
    lines = [
        [row.name, *(cell.number for cell in row.cells), row.trend, str(row.points), row.share, row.together]
        for row in rows
    ]
    about = books.About(_("Problem areas"), FILE, cuts()[cut], asked.place, reasons())
    return books.of_lines(request, asked.span, about, heads, lines)
