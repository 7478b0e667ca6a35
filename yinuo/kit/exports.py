"""A declared list as a workbook (导出 Excel): what the screen shows, all of it, as a stream.

Rows are read by key and sent block by block, so the first byte leaves at once and memory stays small however long the
list is; a reader who breaks the download off ends the reading. Every row carries its key and version in hidden
columns, so that what comes back can be compared with what went out.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from datetime import date, datetime, tzinfo
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import quote

from django.db.models import Model
from django.http import StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from yinuo.kit import beside, downloads, exported, lists, plugs, refusals, subjects
from yinuo.kit.sheets import dressing, parts, writing

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BLOCK = 500
LARGE = 5_000  # rows; so many take a second of a processor
AT_ONCE = 2  # large ones in one process, so that pages keep being answered
KEY, VERSION = "#id", "#version"  # headings of the hidden columns
STYLES = {"number": parts.NUMBER, "long": parts.LONG}
WIDTHS = {"link": 26, "number": 10, "day": 12, "moment": 17, "due": 17, "badge": 13, "person": 13, "long": 60}

_large = BoundedSemaphore(AT_ONCE)


class Busy(refusals.Refusal):
    """Others are exporting long lists just now."""

    status = 503


def response(person: Any, asked: lists.AsFile, *, path: str, now: datetime) -> StreamingHttpResponse:
    """The workbook as a download. That it was taken is announced before the first byte leaves."""
    if asked.is_outward and asked.sheet.outward is not None:
        asked.sheet.outward(asked.rows)
    total = asked.rows.order_by().values("pk").count()
    is_large = total > LARGE
    if is_large and not _large.acquire(blocking=False):
        raise Busy(_("Others are exporting long lists just now. Please try again in a minute, or filter the list."))
    stream = Stream(Export(asked, person, path, now), _large.release if is_large else None)
    try:
        title = stream.export.title
        filters = "; ".join(f"{label}: {value}" for label, value in stream.export.filters)
        if asked.is_outward:
            filters = "; ".join(filter(None, (gettext("for a customer"), filters)))
        plugs.announce("kit.exported", title=title, url=path, rows=total, filters=filters, by=person, now=now)
        answer = StreamingHttpResponse(stream, content_type=TYPE)
    except BaseException:
        stream.close()
        raise
    name = f"{title}_{timezone.localdate(now):%Y-%m-%d}.xlsx"
    answer["Content-Disposition"] = f"attachment; filename=\"list.xlsx\"; filename*=UTF-8''{quote(name, safe='')}"
    answer["X-Accel-Buffering"] = "no"  # a proxy that waits for the end would show nothing for long
    return downloads.guarded(answer)


class Stream:
    """The bytes of an export, in the language and by the clock of whoever asked; however it ends, its place is given
    back."""

    def __init__(self, export: "Export", release: Callable[[], None] | None) -> None:
        self.export = export
        self.language, self.zone = translation.get_language(), timezone.get_current_timezone()
        self._release = release
        self._bytes = export.bytes()

    def __iter__(self) -> "Stream":
        return self

    def __next__(self) -> bytes:
        # The frame of the request is gone by the time that its answer is sent.
        with translation.override(self.language), timezone.override(self.zone):
            while not (found := next(self._bytes)):
                pass
            return found

    def close(self) -> None:
        self._bytes.close()
        if self._release is not None:
            self._release()
            self._release = None


class Export:
    """One list as it is written out."""

    def __init__(self, asked: lists.AsFile, person: Any, path: str, now: datetime) -> None:
        self.sheet, self.person, self.path, self.now = asked.sheet, person, path, now
        self.rows = asked.sheet.whole(asked.rows) if asked.sheet.whole else asked.rows
        self.order, self.sort_field, self.descending = asked.sheet.sorts[asked.sort]
        self.title = str(asked.sheet.title or asked.sheet.name)
        self.is_outward = asked.is_outward
        columns = (*(each for each in asked.sheet.columns if each.export), *asked.sheet.further)
        self.columns = [each for each in columns if not (each.is_internal and self.is_outward)]
        self.filters = [
            (str(each.label), _said(each, asked.chosen[each.key], person))
            for each in asked.sheet.filters
            if asked.chosen[each.key]
        ]
        self.told = 0
        self.is_confidential = False  # whether a row of a closed circle was among those told
        comes_back = asked.sheet.name in plugs.changeables and not self.is_outward
        self.keeper = self._keeper() if comes_back else None
        self.beside: beside.Giving | None = None

    def _keeper(self) -> exported.Keeper:
        """Keeps what is written, because it may come back changed."""
        columns = [exported.Column(each.key, str(each.label), each.kind) for each in self.columns]
        language = translation.get_language() or ""
        return exported.Keeper(self.sheet.name, columns, by_name=str(self.person), language=language, now=self.now)

    def bytes(self) -> Generator[bytes, None, None]:
        if not self.is_outward:
            self.beside = beside.giving(self.rows, self.columns)
        kind = dressing.Workbook if self.beside else writing.Workbook
        book = kind({exported.PROPERTY: exported.mark_of(self.keeper.token)} if self.keeper else None)
        name = writing.sheet_name(self.title)
        yield from book.table(name, self._heads(), self._values())
        if self.keeper is not None:
            self.keeper.close()
        if not self.is_outward:  # by what it was filtered, and by whom, is nobody's business outside
            yield from book.notes(writing.sheet_name(gettext("About this file")), self._notes())
        yield from book.close()

    def _heads(self) -> list[writing.Head]:
        heads = []
        for column in self.columns:
            words = str(column.label)
            width = max(WIDTHS.get(column.kind, 24), min(len(words.encode("gb18030", "replace")) + 4, 40))
            heads.append(writing.Head(words, width, STYLES.get(column.kind, parts.TEXT)))
        keys = () if self.is_outward else (KEY, VERSION)
        heads += [writing.Head(each, 10, parts.NUMBER, is_hidden=True) for each in keys]
        return [*heads, *(self.beside.heads() if self.beside else ())]

    def read(self, keys: Sequence[str]) -> Iterator[Sequence[Any]]:
        """The values of the named columns, row by row, for a paper; what is printed does not come back changed."""
        self.keeper = None
        places = [at for at, column in enumerate(self.columns) if column.key in keys]
        for row in self._values():
            yield [row[at] for at in places]

    def _values(self) -> Iterator[Sequence[Any]]:
        values_of = told(self.columns)
        for block in lists.walk(self.rows, self.sort_field, self.descending, BLOCK):
            self._note_confidential(block)
            self.told += len(block)
            kept = self.beside.of(block) if self.beside else {}
            for row in block:
                values = values_of(row)
                version = getattr(row, "version", None)
                if self.keeper is not None:
                    self.keeper.keep(row.pk, version, values)
                whole = values if self.is_outward else [*values, row.pk, version]
                yield self.beside.added(whole, kept.get(row.pk, ())) if self.beside else whole

    def _note_confidential(self, block: Sequence[Model]) -> None:
        closed = [row for row in block if getattr(row, "scope_id", None) is not None]
        if known := [_pointed_at(row) for row in closed]:
            self.is_confidential = True
            plugs.announce("kit.rows_exported", of=known, what=self.title, by=self.person, now=self.now)

    def _notes(self) -> list[tuple[str, str]]:
        local = timezone.localtime(self.now)
        said = "\n".join(f"{label}：{value}" for label, value in self.filters) or gettext("none: the whole list")
        return [
            (gettext("List"), self.title),
            (gettext("Exported by"), str(self.person)),
            (gettext("Exported at"), f"{local:%Y-%m-%d %H:%M} {local.tzname()}"),
            (gettext("Filters"), said),
            (pgettext("export", "Order"), str(self.order)),
            (gettext("Number of rows"), f"{self.told:,}"),
            (gettext("What it holds"), gettext("Only what you may see. Confidential rows were noted in the read log.")),
            (
                gettext("Hidden columns"),
                gettext("#id and #version say which row it was and in which state. Please leave them as they are."),
            ),
            *([(gettext("Columns at the right end"), str(beside.SAID))] if self.beside and self.beside.columns else ()),
            (gettext("List key"), self.sheet.name),
            *self._way_back(),
        ]

    def _way_back(self) -> list[tuple[str, str]]:
        """How the file comes back, and by what it is known then."""
        if self.keeper is None:
            return []
        said = gettext(
            "Change the rows in Excel, then bring the file back: what differs is shown before it is written."
        )
        return [
            (gettext("Bring back"), said),
            (gettext("File mark"), exported.mark_of(self.keeper.token)),
        ]


def told(columns: Sequence[lists.Column]) -> Callable[[Any], list[Any]]:
    """How a row is told in a file, by a clock on the wall of here: f(row) -> the value of each column."""
    plain_of = _plain_in(timezone.get_current_timezone())
    shown = [(column.value, plain_of.get(column.kind, _text)) for column in columns]
    return lambda row: [plain(value(row)) for value, plain in shown]


def _pointed_at(row: Any) -> subjects.Ref:
    """What a row is, or what it points at."""
    pointed = getattr(row, "subject", None)
    return pointed if isinstance(pointed, subjects.Ref) else subjects.ref(row)


def _said(each: lists.Filter, value: str, person: Any) -> str:
    """A filter's value in words."""
    choices = each.choices(person) if each.choices else ()
    return next((str(words).strip("　") for key, words in choices if str(key) == value), value)


def _text(value: Any) -> Any:
    return None if value is None else str(value).strip()


def _badge(value: Any) -> Any:
    return str(value[1]) if value else None


def _number(value: Any) -> Any:
    return value if isinstance(value, int | float | date) else _text(value)


def _plain_in(zone: tzinfo) -> dict[str, Callable[[Any], Any]]:
    """How the values of each kind of column are told, moments by a clock on the wall."""

    def moment(value: Any) -> Any:
        # To the second, as a cell keeps it: the rest would be rounded otherwise when the file comes back.
        return value.astimezone(zone).replace(tzinfo=None, microsecond=0) if isinstance(value, datetime) else value

    def day(value: Any) -> Any:
        return value.astimezone(zone).date() if isinstance(value, datetime) else value

    def due(value: Any) -> Any:
        return moment(value[0] if isinstance(value, tuple) else value)

    return {"moment": moment, "day": day, "due": due, "badge": _badge, "number": _number}
