"""A page of figures as it is told where there is no page: on paper, in a mail, as a workbook; for whoever gets it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yinuo.kit import printing
from yinuo.kit.paper import definition as paper
from yinuo.kit.sheets import parts, writing
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.reports import lists, models, rules
from yinuo.reports.engine import drawing, picturing
from yinuo.reports.pages import books, bottlenecks, overview, statistics, telling
from yinuo.reports.queries import figures, pressing

Page = models.SavedReport.Page
MOST_BARS = 12


@dataclass(frozen=True)
class Grid:
    """A table of figures; the first column names whose they are."""

    title: str
    heads: Sequence[str]
    lines: Sequence[Sequence[str]]
    total: Sequence[str] = ()
    groups: Sequence[tuple[str, int]] = ()


@dataclass(frozen=True)
class Told:
    """What a page says: in one sentence, drawn, and in tables."""

    title: str
    span: str
    place: str
    sentence: str
    chart: str
    chart_words: str
    grids: Sequence[Grid]
    meaning: str


def told(person: org.Person, page: str, query: str, now: datetime) -> Told:
    """What a page with this query says to a person at a moment."""
    parameters = dict(parse_qsl(query))
    if page == Page.OVERVIEW:
        return _overview(person, parameters, now)
    asked = statistics.Asked.of(person, parameters)
    return _steps(person, asked, parameters) if page == Page.STEPS else _statistics(person, asked)


def _statistics(person: org.Person, asked: statistics.Asked) -> Told:
    found, months = statistics.found_of(person, asked)
    heads, rows, total = statistics.table_of(found, asked)
    cut = statistics.cuts()[asked.cut]
    lines = [[row.name, *(cell.number for cell in row.cells)] for row in (*rows, total)]
    chart = str(statistics.chart_of(months.lines))
    return Told(
        title=_("Statistics"),
        span=asked.span.words,
        place=asked.place,
        sentence=statistics.sentence_of(found.total, asked) or _("Nothing came and nothing ended in this span."),
        chart=picturing.alone(chart) if chart else "",
        chart_words=_("Registered (light) and ended (dark) by month"),
        grids=[
            Grid(
                title=_("by %(words)s") % {"words": cut},
                heads=[cut, *(words for _key, words in heads)],
                lines=lines[:-1],
                total=lines[-1],
                groups=[
                    ("", 1), (_("Came in the span, as they stand now"), 5), (_("Ended in the span"), 6),
                    (_("Working days"), 3), (_("Punctual"), 2),
                ],
            )
        ],
        meaning=books.what_counts(),
    )  # fmt: skip


def _steps(person: org.Person, asked: statistics.Asked, parameters: Mapping[str, str]) -> Told:
    shown = bottlenecks.shown(person, asked, parameters.get("procedure", ""))
    bars = [
        (row.title, float(row.median), _("%(n)s working days") % {"n": row.median}, row.is_ours)
        for row in shown.rows[:MOST_BARS]
    ]
    return Told(
        title=_("Where the time goes"),
        span=asked.span.words,
        place=asked.place,
        sentence=shown.sentence or _("No step was finished in this span."),
        chart=picturing.alone(picturing.lying(bars, title=_("Median"))) if bars else "",
        chart_words=_("Median of each step in working days; hollow: waits for the customer"),
        grids=[
            Grid(
                title=_("Where the time goes"),
                heads=[_("Step"), pgettext("count", "Finished"), _("Median"), "90 %", _("Share of all time")],
                lines=[[row.title, f"{row.count:,}", row.median, row.ninety, row.share] for row in shown.rows],
            )
        ],
        meaning=_("Whole weeks that begin in the span; time on hold is left out."),
    )


def _overview(person: org.Person, parameters: Mapping[str, str], now: datetime) -> Told:
    sites = lists.sites(person)
    site = overview.site_in(parameters, sites)
    tasks = pressing.pressing(person, site)
    found = figures.figures(person, now, tasks, site)
    steps = figures.steps(person, now, site)
    day = rules.seconds_of_day(org_queries.calendar(site))
    trends = zip(found.stretches, found.registered.trend, found.completed.trend, strict=True)
    weeks = [(f"20{first:%m-%d}", came, done) for (first, _last), came, done in trends]
    numbers = [
        (pgettext("figure", "Under way"), found.open),
        (pgettext("figure", "Newly registered"), found.registered),
        (pgettext("figure", "Completed"), found.completed),
        (_("Overdue"), found.late),
    ]
    chart = drawing.pairs(weeks, id="weeks", title=_("Registered and completed by week"), description="")
    return Told(
        title=_("Overview"),
        span=_("Last 7 days"),
        place=_(", ").join(each.name for each in sites if site in (None, each.pk)),
        sentence=telling.sentence_of(found, steps, day),
        chart=picturing.alone(chart),
        chart_words=_("Registered (light) and completed (dark) by week"),
        grids=[
            Grid(
                title=_("Overview"),
                heads=[_("Figure"), pgettext("figure", "Number"), _("Against last week")],
                lines=[[words, telling.count_words(each), _change(each)] for words, each in numbers],
            )
        ],
        meaning="",
    )


def _change(figure: figures.Figure) -> str:
    return "" if figure.more else telling.signed(figure.change)


# As files -------------------------------------------------------------------------------------------------------------


def paper_of(it: Told, name: str, person: org.Person, now: datetime) -> paper.Paper:
    """The figures on the company's paper, with their picture."""
    blocks: list[paper.Block] = [paper.Text(it.sentence), paper.Text(f"{it.span} · {it.place}", is_quiet=True)]
    if it.chart:
        blocks += [paper.Picture(it.chart, it.chart_words), paper.Text(it.chart_words, is_quiet=True)]
    for grid in it.grids:
        columns = [paper.Column(words, is_number=at > 0) for at, words in enumerate(grid.heads)]
        blocks += [paper.Heading(grid.title), paper.Table(columns, grid.lines, grid.total, grid.groups)]
    if it.meaning:
        blocks.append(paper.Text(it.meaning, is_quiet=True))
    return paper.Paper(
        head=printing.letterhead(),
        title=name or it.title,
        blocks=blocks,
        note=printing.note(person, now),
        language=printing.language(),
        is_wide=any(len(grid.heads) > 8 for grid in it.grids),
    )


def workbook_of(it: Told, name: str, person: org.Person, now: datetime) -> bytes:
    """The figures as a workbook: numbers as numbers, and a sheet that says what they are."""
    book, pieces = writing.Workbook(), []
    for grid in it.grids:
        heads = [writing.Head(grid.heads[0], 30), *(writing.Head(each, 12, parts.NUMBER) for each in grid.heads[1:])]
        lines = [*grid.lines, grid.total] if grid.total else grid.lines
        cells = ([first, *map(value_of, numbers)] for first, *numbers in lines)
        pieces.append(b"".join(book.table(writing.sheet_name(grid.title), heads, cells)))
    local = timezone.localtime(now)
    notes = [
        (it.title, name),
        (_("Span"), it.span),
        (_("Site"), it.place),
        (pgettext("workbook", "For"), str(person)),
        (pgettext("workbook", "As of"), f"{local:%Y-%m-%d %H:%M} {local.tzname()}"),
        (_("What it holds"), _("Only what its receiver may see.")),
        *([(_("What counts"), it.meaning)] if it.meaning else []),
    ]
    pieces.append(b"".join(book.notes(writing.sheet_name(_("About this file")), notes)))
    pieces.append(b"".join(book.close()))
    return b"".join(pieces)


def value_of(words: str) -> float | int | str | None:
    """A number as a number, a share as one, nothing as nothing."""
    bare = words.replace(",", "").strip("—")
    try:
        if bare.endswith("%"):
            return float(bare[:-1].lstrip("<")) / 100
        return float(bare) if "." in bare else int(bare)
    except ValueError:
        return bare or None
