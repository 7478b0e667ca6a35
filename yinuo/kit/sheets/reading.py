"""Bytes → sheets of cells with their addresses, whatever program wrote them."""

import io
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from yinuo.kit.sheets import commas, guarding, marks
from yinuo.kit.sheets.definition import Book, Grid, Unreadable

MOST_CELLS = 8_000_000
MOST_COLUMNS = 1_000
MACROS = {"xlsm"}
ENDINGS = {"xlsx": (".xlsx",), "xlsm": (".xlsm",), "xls": (".xls", ".et"), "csv": (".csv", ".txt", ".tsv")}


def read(content: bytes, name: str) -> Book:
    """The workbook in the file; `Unreadable` says why there is none."""
    kind = guarding.kind_of(content, name)
    book = _text(content) if kind == "csv" else _workbook(content, kind)
    if kind in MACROS:
        book.notes.append(("macros", {}))
    if not name.lower().endswith(ENDINGS.get(kind, (f".{kind}",))):
        book.notes.append(("ending", {"kind": kind}))
    if not any(any(value not in (None, "") for value in row) for grid in book.grids for row in grid.rows):
        raise Unreadable("no_cells")
    return book


def _text(content: bytes) -> Book:
    rows, encoding, separator = commas.read(content)
    grid = Grid("", [[cell.strip() or None for cell in row] for row in rows])
    return Book("csv", [grid], [("text", {"encoding": encoding, "separator": separator})])


def _workbook(content: bytes, kind: str) -> Book:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        found = [_grid(book, each) for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
    except PasswordError:
        raise Unreadable("password") from None
    except (CalamineError, ValueError, OSError, KeyError, TypeError):
        raise Unreadable("damaged") from None
    if kind in ("xlsx", "xlsm"):
        marks.add_to(content, found)
    return Book(kind, found)


def _grid(book: CalamineWorkbook, about: Any) -> Grid:
    sheet = book.get_sheet_by_name(about.name)
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise Unreadable("too_many_cells", sheet=about.name)
    rows = [[_plain(value) for value in row[:MOST_COLUMNS]] for row in sheet.to_python(skip_empty_area=False)]
    while rows and not any(value is not None for value in rows[-1]):
        rows.pop()
    merged = [
        (top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    ]
    return Grid(about.name, rows, is_hidden=about.visible != SheetVisibleEnum.Visible, merged=merged)


def _plain(value: Any) -> Any:
    """A value as people mean it: whole numbers without a point, midnight as a day, durations as they are shown."""
    if isinstance(value, str):
        return value.replace("_x000D_", "").replace("\r\n", "\n").strip() or None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, timedelta):
        return str(value)
    return value.isoformat() if isinstance(value, time) else value


def is_day(value: Any) -> bool:
    return isinstance(value, date)
