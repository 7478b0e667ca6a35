"""The statistics as a workbook: the table as it is shown, and a sheet that says what it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.kit import downloads, exports, pages, plugs
from yinuo.kit.sheets import parts, writing
from yinuo.reports.queries import spans

if TYPE_CHECKING:
    from yinuo.reports.pages import statistics


def of_statistics(
    request: pages.Request, span: spans.Span, cut: str, place: str, table: "statistics.Table"
) -> HttpResponse:
    """The download. That it was taken is announced like every list that is exported."""
    heads, rows, total = table
    lines = [[row.name, *(cell.number for cell in row.cells)] for row in (*rows, total)]
    about = About(_("Statistics"), "statistics", cut, place, what_counts())
    return of_lines(request, span, about, [words for _key, words in heads], lines)


@dataclass(frozen=True)
class About:
    """What a workbook is called, by which cut and of which sites it tells, and what its figures mean."""

    title: str
    name: str
    cut: str
    place: str
    meaning: str


def of_lines(
    request: pages.Request, span: spans.Span, about: About, heads: Sequence[str], lines: Sequence[Sequence[str]]
) -> HttpResponse:
    """A table of figures as a download; the first column names whose they are."""
    now, filters = timezone.now(), f"{span.words}; {about.cut}; {about.place}"
    plugs.announce(
        "kit.exported", title=about.title, url=request.path, rows=len(lines), filters=filters, by=request.user, now=now
    )
    book = writing.Workbook()
    columns = [writing.Head(about.cut, 30), *(writing.Head(words, 12, parts.NUMBER) for words in heads)]
    cells = ([name, *map(_value, numbers)] for name, *numbers in lines)
    local = timezone.localtime(now)
    notes = [
        (about.title, span.words),
        (_("Cut"), about.cut),
        (_("Site"), about.place),
        (_("Exported by"), str(request.user)),
        (_("Exported at"), f"{local:%Y-%m-%d %H:%M} {local.tzname()}"),
        (_("What counts"), about.meaning),
    ]
    sheets = (book.table(writing.sheet_name(about.title), columns, cells), book.notes(_("About this file"), notes))
    answer = HttpResponse(
        b"".join(each for part in (*sheets, book.close()) for each in part), content_type=exports.TYPE
    )
    name = quote(f"{about.title}_{span.ends[0]}_{span.ends[1]}.xlsx", safe="")
    answer["Content-Disposition"] = f"attachment; filename=\"{about.name}.xlsx\"; filename*=UTF-8''{name}"
    return downloads.guarded(answer)


def what_counts() -> str:
    """What the figures mean, for whoever reads them later."""
    return _(
        "Registered, items, solved, doing, pending: requests that came in the span, as they stand now. Ended and what "
        "follows: requests that ended in the span. Times are working days from registration to the end without time "
        "on hold, of requests that were answered. On time: the customer was told by the day promised, else by the "
        "day asked for, else by the date due inside."
    )


def _value(words: str) -> Any:
    """A number as a number, a share as one, nothing as nothing."""
    plain = words.replace(",", "").strip("—±+")
    if plain.endswith("%"):
        return float(plain[:-1]) / 100
    try:
        return float(plain) if "." in plain else int(plain)
    except ValueError:
        return plain or None
