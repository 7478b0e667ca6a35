"""The statistics of a span of days by one cut; each figure leads to its rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from yinuo.kit import lists as kit_lists
from yinuo.kit import pages
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org.definition import Permission
from yinuo.reports import lists, rules
from yinuo.reports.definition import HELD, LATE, REGISTERED, TOOK, Result, Standing
from yinuo.reports.engine import drawing
from yinuo.reports.pages import books, keeping, overview, telling
from yinuo.reports.queries import deadlines, spans
from yinuo.reports.queries import statistics as queries

FILE = "statistics"  # what the address says to get the workbook


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    span: spans.Span
    cut: str
    site: int | None
    sites: list[org.Site]

    @classmethod
    def by(cls, request: pages.Request) -> "Asked":
        return cls.of(request.user, request.GET)

    @classmethod
    def of(cls, person: org.Person, parameters: Mapping[str, str]) -> "Asked":
        """What parameters ask for, whoever reads the figures and wherever."""
        sites = lists.sites(person)
        cut = parameters.get("cut", "")
        return cls(
            spans.span_of(parameters, timezone.localdate()),
            cut if cut in queries.CUTS else queries.CUSTOMER,
            overview.site_in(parameters, sites),
            sites,
        )

    @property
    def place(self) -> str:
        """Whose figures: the site, or all of them by name."""
        return _(", ").join(site.name for site in self.sites if self.site in (None, site.pk))

    def context(self, here: str) -> dict[str, Any]:
        """What heading, tabs and form of either page need."""
        common = {**self.span.parameters(), "site": self.site}
        pages_of = {
            "statistics": _("Figures"),
            "statistics_steps": _("Where the time goes"),
            "problem_areas": _("Problem areas"),
        }
        return {
            "span": self.span,
            "presets": spans.presets(),
            "is_own": self.span.key == spans.OWN,
            "site": self.site or "",
            "sites": self.sites if len(self.sites) > 1 else [],
            "place": self.place,
            "tabs": [
                *(
                    (key, words, 0, spans.address(reverse(f"reports:{key}"), **common))
                    for key, words in pages_of.items()
                ),
                ("repeats", _("Repeated requests"), 0, reverse("reports:repeats")),
            ],
            "current": here,
            "printed_at": timezone.now(),
        }


def cuts() -> dict[str, str]:
    """Each cut in one word."""
    return {
        queries.CUSTOMER: _("Customer"),
        queries.DEPARTMENT: _("Department"),
        queries.KIND: _("Nature"),
        queries.MONTH: _("Month"),
    }


@dataclass(frozen=True)
class Cell:
    """A figure with where its rows are; nothing leads from a nought."""

    number: str
    url: str = ""


@dataclass(frozen=True)
class Row:
    """A line of the statistics as the page shows it."""

    name: str
    bar: SafeString
    cells: list[Cell]


@pages.page(Permission.REPORTS_SEE)
def statistics(request: pages.Request) -> HttpResponseBase:
    """What came and what ended in a span of days, by customer, department, nature or month."""
    asked = Asked.by(request)
    found, months = found_of(request.user, asked)
    heads, rows, total = table_of(found, asked)
    if request.GET.get(kit_lists.FILE) == FILE:
        return books.of_statistics(request, asked.span, cuts()[asked.cut], asked.place, (heads, rows, total))
    context = {
        **asked.context("statistics"),
        **keeping.context(request, "statistics"),
        "sentence": sentence_of(found.total, asked),
        "is_empty": not (found.total.registered or found.total.ended),
        "cuts": cuts().items(),
        "cut": asked.cut,
        "cut_words": cuts()[asked.cut],
        "heads": heads,
        "rows": rows,
        "total": total,
        "chart": chart_of(months.lines),
        "legend": books.what_counts(),
        "file_url": _own_address(asked, excel=FILE),
    }
    return render(request, "reports/statistics.html", context)


def found_of(person: org.Person, asked: Asked) -> tuple[queries.Statistics, queries.Statistics]:
    """The figures by the cut, and by month for the drawing."""
    span = asked.span
    found = queries.statistics(person, asked.cut, span.since, span.until, asked.site)
    if asked.cut == queries.MONTH:
        return found, found
    return found, queries.statistics(person, queries.MONTH, span.since, span.until, asked.site)


def _own_address(asked: Asked, **more: str) -> str:
    query = {**asked.span.parameters(), "cut": asked.cut, "site": asked.site, **more}
    return spans.address(reverse("reports:statistics"), **query)


Table = tuple[list[tuple[str, str]], list[Row], Row]


def columns() -> list[tuple[str, str]]:
    """The figures of a line in their order, each with its words."""
    return [
        (REGISTERED, pgettext("figure", "Registered")),
        ("items", _("Items")),
        (Standing.SOLVED, pgettext("standing", "Solved")),
        (Standing.DOING, pgettext("standing", "Doing")),
        (Standing.PENDING, pgettext("standing", "Pending")),
        (queries.ENDED, pgettext("figure", "Ended")),
        (Result.ASKED, _("As asked")),
        (Result.ALTERNATIVE, _("With an alternative")),
        (Result.REFUSED, pgettext("result", "Refused")),
        (Result.TERMINATED, pgettext("result", "Terminated")),
        (Result.MERGED, pgettext("result", "Merged")),
        (TOOK, _("Median")),
        ("ninety", "90 %"),
        (HELD, _("Time on hold")),
        (LATE, _("Late")),
        ("share", _("Share on time")),
    ]


def table_of(found: queries.Statistics, asked: Asked) -> Table:
    day = rules.seconds_of_day(org_queries.calendar(asked.site))
    most = max((line.registered for line in found.lines), default=0)
    rows = [_row(line, asked, day, most) for line in found.lines]
    return columns(), rows, _row(found.total, asked, day, 0, name=pgettext("sum", "Total"))


def _row(line: queries.Line, asked: Asked, day: float, most: int, *, name: str = "") -> Row:
    values = {
        REGISTERED: line.registered,
        queries.ENDED: line.ended,
        **{each: line.counts[each] for each in (*Standing, *Result, "items", LATE)},
    }
    cells = []
    for key, _words in columns():
        if key in values:
            cells.append(_cell(f"{values[key]:,}", values[key], key, line, asked, is_total=bool(name)))
            continue
        seconds = {TOOK: line.quantile(0.5), "ninety": line.quantile(0.9)}.get(key)
        if key == HELD:
            seconds = line.held.seconds / line.held.amount if line.held.amount else None
        if key == "share":
            share = line.on_time_share
            cells.append(
                _cell(
                    "" if share is None else f"{share:.0%}",
                    share is not None,
                    queries.TIMELY,
                    line,
                    asked,
                    is_total=bool(name),
                )
            )
        else:
            shown = "" if seconds is None else telling.days(seconds, day)
            where = HELD if key == HELD else TOOK
            cells.append(_cell(shown, seconds is not None, where, line, asked, is_total=bool(name)))
    bar = drawing.bar(line.counts[Standing.SOLVED], line.registered, most=most) if most else ""
    return Row(name or name_of(line, asked.cut), _drawn(bar), cells)


def name_of(line: queries.Line, cut: str) -> str:
    """The customer, department, nature or month of a line."""
    return line.key if cut == queries.MONTH else line.name or _("not known")


def _cell(number: str, has_rows: object, figure: str, line: queries.Line, asked: Asked, *, is_total: bool) -> Cell:
    if not has_rows:
        return Cell(number or "—")
    first, last = asked.span.since, asked.span.until
    which: dict[str, str] = {}
    if not is_total and asked.cut == queries.MONTH:
        month = date.fromisoformat(f"{line.key}-01")
        first, last = max(first, month), min(last, deadlines.end_of_month(month))
    elif not is_total:
        which = {asked.cut: line.key or lists.NONE}
    page = "reports:statistics_items" if figure == "items" else "reports:statistics_requests"
    query = {} if figure == "items" else {"figure": figure}
    return Cell(number, spans.address(reverse(page), **query, since=first, until=last, **which, site=asked.site))


def _drawn(svg: str) -> SafeString:
    return mark_safe(svg)  # drawn by us; its words are escaped there


def chart_of(lines: list[queries.Line]) -> SafeString:
    """The months side by side: what came, and what ended."""
    if len(lines) < 2:
        return _drawn("")
    pairs = [(line.key, line.registered, line.ended) for line in lines]
    said = " · ".join(
        _("%(month)s: %(came)s registered, %(ended)s ended") % {"month": month, "came": came, "ended": ended}
        for month, came, ended in pairs
    )
    return _drawn(drawing.pairs(pairs, id="months", title=_("Registered and ended by month"), description=said))


def sentence_of(total: queries.Line, asked: Asked) -> str:
    """「2026-01 至 2026-03：登记 28 项，办结 11 项；中位办理 3.2 个工作日，按期 82%。」"""
    if not (total.registered or total.ended):
        return ""
    parts = [
        ngettext("%(n)s request registered", "%(n)s requests registered", total.registered)
        % {"n": f"{total.registered:,}"},
        pgettext("statistics", "%(n)s ended") % {"n": f"{total.ended:,}"},
    ]
    if (half := total.quantile(0.5)) is not None:
        day = rules.seconds_of_day(org_queries.calendar(asked.site))
        parts.append(_("half of them within %(days)s working days") % {"days": telling.days(half, day)})
    if total.on_time_share is not None:
        parts.append(_("%(share)s on time") % {"share": f"{total.on_time_share:.0%}"})
    return _("%(span)s: %(figures)s.") % {"span": asked.span.words, "figures": _(", ").join(parts)}


# The rows behind ------------------------------------------------------------------------------------------------------


@pages.page(Permission.REPORTS_SEE)
def statistics_requests(request: pages.Request) -> HttpResponse:
    """The requests that a figure counts."""
    figure = request.GET.get("figure", "")
    sheet = lists.counted_at(timezone.now(), figure)
    page = kit_lists.page_of(sheet, lists.counted_rows(request.user), request.GET, person=request.user)
    words = dict(lists.figure_words()).get(page.chosen["figure"], "")
    return render(request, "reports/statistics_rows.html", {"page": page, "what": words})


@pages.page(Permission.REPORTS_SEE)
def statistics_items(request: pages.Request) -> HttpResponse:
    """The items of the requests that were registered in a span."""
    page = kit_lists.page_of(lists.ITEMS, lists.item_rows(request.user), request.GET, person=request.user)
    return render(request, "reports/statistics_rows.html", {"page": page, "what": _("Items")})
