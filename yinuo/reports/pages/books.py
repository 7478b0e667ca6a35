"""The statistics as a workbook: the table as it is shown, and a sheet that says what it is."""

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.kit import downloads, exports, pages, plugs
from yinuo.kit.sheets import parts, writing
from yinuo.reports.pages import spans

if TYPE_CHECKING:
    from yinuo.reports.pages import statistics


def of_statistics(
    request: pages.Request, span: spans.Span, cut: str, place: str, table: "statistics.Table"
) -> HttpResponse:
    """The download. That it was taken is announced like every list that is exported."""
    heads, rows, total = table
    now, title = timezone.now(), _("Statistics")
    filters = f"{span.words}; {cut}; {place}"
    plugs.announce(
        "kit.exported", title=title, url=request.path, rows=len(rows), filters=filters, by=request.user, now=now
    )
    book = writing.Workbook()
    columns = [writing.Head(cut, 30), *(writing.Head(words, 12, parts.NUMBER) for _key, words in heads)]
    lines = ([row.name, *(_value(cell.number) for cell in row.cells)] for row in (*rows, total))
    local = timezone.localtime(now)
    notes = [
        (_("Statistics"), span.words),
        (_("Cut"), cut),
        (_("Site"), place),
        (_("Exported by"), str(request.user)),
        (_("Exported at"), f"{local:%Y-%m-%d %H:%M} {local.tzname()}"),
        (_("What counts"), what_counts()),
    ]
    sheets = (book.table(writing.sheet_name(title), columns, lines), book.notes(_("About this file"), notes))
    answer = HttpResponse(
        b"".join(each for part in (*sheets, book.close()) for each in part), content_type=exports.TYPE
    )
    name = quote(f"{title}_{span.first:%Y-%m}_{span.last:%Y-%m}.xlsx", safe="")
    answer["Content-Disposition"] = f"attachment; filename=\"statistics.xlsx\"; filename*=UTF-8''{name}"
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
    plain = words.replace(",", "").strip("—")
    if plain.endswith("%"):
        return float(plain[:-1]) / 100
    try:
        return float(plain) if "." in plain else int(plain)
    except ValueError:
        return plain or None
