"""A workbook written as a stream: the first bytes leave at once, and no more than some rows are held in memory.

Done by hand, because libraries close the file before they give it out; a sheet is a few lines of XML a row.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from yinuo.kit.sheets import parts

FLUSH = 64 * 1024
MOST_ROWS = 1_000_000  # in one sheet; Excel's limit is 1,048,576
MOST_BYTES = 1 << 30  # of one sheet before it is packed: far below what needs the 64-bit form that Excel refuses
LEVEL = 4  # of packing: half of what packing best costs, for a tenth more bytes
AT_ONCE = 200  # rows


@dataclass(frozen=True)
class Head:
    """One column of a sheet: its heading, width in letters, style; a hidden one is for the program's eyes."""

    words: str
    width: int = 20
    style: int = parts.TEXT
    is_hidden: bool = False


class Sink(io.RawIOBase):
    """Where the packer writes to: bytes wait here until they are sent."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.waiting += data
        return len(data)

    def taken(self) -> bytes:
        found = bytes(self.waiting)
        self.waiting.clear()
        return found


class Workbook:
    """Sheets written one after the other. Every method that writes is a generator of bytes to send on."""

    def __init__(self, properties: Mapping[str, str] | None = None) -> None:
        self.sink = Sink()
        self.pack = zipfile.ZipFile(self.sink, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL)
        self.sheets: list[tuple[str, str]] = []  # name, range of the filter
        self.has_properties = bool(properties)
        self._part("_rels/.rels", parts.RELS.format(parts.CUSTOM_REL if properties else ""))
        if properties:
            self._part(parts.PROPERTIES, parts.properties(properties))
        self._part("xl/styles.xml", parts.STYLES)

    def _part(self, name: str, text: str) -> None:
        self.pack.writestr(name, text.encode())

    def table(self, name: str, heads: Sequence[Head], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
        """Rows under frozen headings with filter arrows; as many sheets as they need."""
        yield self.sink.taken()
        source = iter(rows)
        yield from self._sheet(name, heads, source)
        number = 1
        while (following := next(source, None)) is not None:
            number += 1
            yield from self._sheet(f"{name[:26]} ({number})", heads, chain([following], source))

    def _sheet(self, name: str, heads: Sequence[Head], source: Iterator[Sequence[Any]]) -> Iterator[bytes]:
        """One sheet, as far as it reaches."""
        columns = [parts.letters(at) for at in range(1, len(heads) + 1)]
        styles = [head.style for head in heads]
        cell = self._cell
        with self._open(name) as sheet:
            written = sheet.write(_opening(heads, is_front=not self.sheets).encode())
            titles = [parts.cell(f"{c}1", head.words, parts.TITLE) for c, head in zip(columns, heads, strict=True)]
            sheet.write(parts.row(1, titles).encode())
            last = 1
            while written < MOST_BYTES and (block := list(islice(source, min(AT_ONCE, MOST_ROWS - last)))):
                lines = []
                for values in block:
                    last += 1
                    cells = [
                        (parts.text_cell if type(value) is str else cell)(f"{c}{last}", value, style)
                        for c, value, style in zip(columns, values, styles, strict=True)
                        if value is not None and value != ""
                    ]
                    lines.append(parts.row(last, cells))
                written += sheet.write("".join(lines).encode("utf-8", "replace"))
                if len(self.sink.waiting) >= FLUSH:
                    yield self.sink.taken()
            # Hidden columns too: sorted by the arrows, what is covered moves and what is not stays behind.
            covered = f"A1:{columns[-1]}{last}"
            sheet.write(_closing(covered).encode())
        self.sheets.append((name, covered))
        yield self.sink.taken()

    def notes(self, name: str, lines: Iterable[Sequence[Any]], widths: Sequence[int] = (22, 90)) -> Iterator[bytes]:
        """A sheet of labels and what they say."""
        with self._open(name) as sheet:
            heads = [Head("", width) for width in widths]
            sheet.write(_opening(heads, is_front=not self.sheets, is_frozen=False).encode())
            for number, (label, *values) in enumerate(lines, 1):
                cells = [parts.cell(f"A{number}", label, parts.TITLE)]
                cells += [
                    parts.cell(f"{parts.letters(at)}{number}", value, parts.LONG) for at, value in enumerate(values, 2)
                ]
                sheet.write(parts.row(number, cells).encode("utf-8", "replace"))
            sheet.write(b"</sheetData></worksheet>")
        self.sheets.append((name, ""))
        yield self.sink.taken()

    def close(self) -> Iterator[bytes]:
        """The parts that name all others, and the end of the file."""
        self._part("xl/workbook.xml", _workbook(self.sheets))
        self._part("xl/_rels/workbook.xml.rels", _relations(len(self.sheets)))
        self._part("[Content_Types].xml", _types(len(self.sheets), self.has_properties))
        self.pack.close()
        yield self.sink.taken()

    def _cell(self, at: str, value: Any, style: int) -> str:
        """A cell of a table that is more than a plain text."""
        return parts.cell(at, value, style)

    def _open(self, name: str) -> Any:
        return self.pack.open(f"xl/worksheets/sheet{len(self.sheets) + 1}.xml", "w")


def sheet_name(words: str) -> str:
    """Words as Excel lets a sheet be called."""
    kept = "".join(" " if letter in "[]:*?/\\" else letter for letter in words).strip(" '")
    return kept[:31] or "Sheet"


def _opening(heads: Sequence[Head], *, is_front: bool, is_frozen: bool = True) -> str:
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' if is_frozen else ""
    chosen = ' tabSelected="1"' if is_front else ""
    hidden = ' hidden="1"'
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{head.width}" customWidth="1"{hidden if head.is_hidden else ""}/>'
        for at, head in enumerate(heads, 1)
    )
    return (
        f'{parts.HEAD}<worksheet xmlns="{parts.MAIN}"><sheetViews><sheetView workbookViewId="0"{chosen}>{pane}'
        f"</sheetView></sheetViews><cols>{columns}</cols><sheetData>"
    )


def _closing(covered: str) -> str:
    """Filter arrows, and no green corners at part numbers, which are text on purpose."""
    return (
        f'</sheetData><autoFilter ref="{covered}"/><ignoredErrors><ignoredError sqref="{covered}" '
        'numberStoredAsText="1" twoDigitTextYear="1"/></ignoredErrors></worksheet>'
    )


def _workbook(sheets: Sequence[tuple[str, str]]) -> str:
    named = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, (name, _covered) in enumerate(sheets, 1)
    )
    filters = "".join(
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{number}" hidden="1">{_absolute(name, covered)}'
        "</definedName>"
        for number, (name, covered) in enumerate(sheets)
        if covered
    )
    defined = f"<definedNames>{filters}</definedNames>" if filters else ""
    return (
        f'{parts.HEAD}<workbook xmlns="{parts.MAIN}" xmlns:r="{parts.OFFICE}"><bookViews><workbookView/>'
        f"</bookViews><sheets>{named}</sheets>{defined}</workbook>"
    )


def _absolute(name: str, covered: str) -> str:
    first, _, last = covered.partition(":")
    corners = ":".join(f"${''.join(filter(str.isalpha, c))}${''.join(filter(str.isdigit, c))}" for c in (first, last))
    quoted = name.replace("'", "''")
    return escape(f"'{quoted}'!{corners}")


def _relations(number: int) -> str:
    sheets = "".join(
        f'<Relationship Id="rId{at}" Type="{parts.OFFICE}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, number + 1)
    )
    styles = f'<Relationship Id="rId{number + 1}" Type="{parts.OFFICE}/styles" Target="styles.xml"/>'
    return f'{parts.HEAD}<Relationships xmlns="{parts.PACKAGE}/relationships">{sheets}{styles}</Relationships>'


def _types(number: int, has_properties: bool) -> str:
    book = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="{book}.worksheet+xml"/>'
        for at in range(1, number + 1)
    )
    custom = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
    if has_properties:
        sheets += f'<Override PartName="/{parts.PROPERTIES}" ContentType="{custom}"/>'
    return (
        f'{parts.HEAD}<Types xmlns="{parts.PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{book}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{book}.styles+xml"/>{sheets}</Types>'
    )
