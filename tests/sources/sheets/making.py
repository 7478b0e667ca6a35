"""Workbooks made for tests: sheets as rows of values, with what people do to them."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import xlsxwriter
import xlwt

Row = Sequence[Any]


@dataclass(frozen=True)
class Sheet:
    """One sheet. `merged` and `hidden_columns` as Excel says them (A1:F1, D:D); `hidden_rows` count from 1."""

    name: str
    rows: Sequence[Any]
    merged: Sequence[str] = ()
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[str] = ()
    is_hidden: bool = False
    formats: dict[tuple[int, int], str] = field(default_factory=dict)


def xlsx(*sheets: Sheet) -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    for each in sheets:
        sheet = book.add_worksheet(each.name)
        for area in each.merged:
            sheet.merge_range(area, "")
        for row, values in enumerate(each.rows):
            for column, value in enumerate(values):
                shown = each.formats.get((row + 1, column + 1))
                look = (
                    book.add_format({"num_format": shown or "yyyy-mm-dd"}) if shown or isinstance(value, date) else None
                )
                if isinstance(value, date):
                    sheet.write_datetime(row, column, value, look)
                elif value not in (None, ""):
                    sheet.write(row, column, value, look)
        for row in each.hidden_rows:
            sheet.set_row(row - 1, None, None, {"hidden": True})
        for columns in each.hidden_columns:
            sheet.set_column(columns, None, None, {"hidden": True})
        if each.is_hidden:
            sheet.hide()
    book.close()
    return content.getvalue()


def xls(*sheets: Sheet) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    for each in sheets:
        sheet = book.add_sheet(each.name)
        for row, values in enumerate(each.rows):
            for column, value in enumerate(values):
                if value not in (None, ""):
                    sheet.write(row, column, value)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def csv(rows: Sequence[Row], encoding: str) -> bytes:
    lines = [",".join('"' + str(value).replace('"', '""') + '"' for value in row) for row in rows]
    return "\r\n".join(lines).encode(encoding)
