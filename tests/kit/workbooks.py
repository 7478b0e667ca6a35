"""Messy workbooks as people send them, built for the tests."""

import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import xlsxwriter
import xlwt

HEADS = ["客户名称", "客户代码", "级别", "签订日期", "备注"]
ROWS: list[list[Any]] = [
    ["上汽大众（示例）", "SVW", "公司", date(2026, 3, 1), "一类"],
    ["一汽-大众（示例）", "FAW-VW", "公司", date(2026, 4, 2), "=不是公式"],
]


def xlsx(fill: Callable[[Any, Any], None], **options: Any) -> bytes:
    """A workbook that `fill(book, sheet)` fills."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "default_date_format": "yyyy-mm-dd", "strings_to_formulas": False, **options}
    with xlsxwriter.Workbook(buffer, options) as book:
        fill(book, book.add_worksheet("顾客"))
    return buffer.getvalue()


def put(sheet: Any, rows: list[list[Any]], top: int = 0, left: int = 0) -> None:
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(top + at, left + column, value)
            elif value is not None:
                sheet.write(top + at, left + column, value)


def plain() -> bytes:
    return xlsx(lambda book, sheet: put(sheet, [HEADS, *ROWS]))


def under_a_title() -> bytes:
    """Company name, title and who keeps it stand above the headings; totals and a repeated heading among the rows."""

    def fill(book: Any, sheet: Any) -> None:
        sheet.merge_range("B2:F2", "青禾汽车部件 顾客一览表")
        sheet.write("B3", "编制：李娜")
        put(sheet, [HEADS, ROWS[0]], top=4, left=1)
        put(sheet, [HEADS, ROWS[1]], top=7, left=1)
        sheet.write("B10", "合计")
        sheet.write("C10", 2)

    return xlsx(fill)


def headings_in_two_rows() -> bytes:
    """联系人 stands merged above 姓名 and 电话; single headings are merged over both rows."""

    def fill(book: Any, sheet: Any) -> None:
        sheet.merge_range("A1:A2", "客户名称")
        sheet.merge_range("B1:C1", "联系人")
        put(sheet, [["姓名", "电话"], ["上汽大众（示例）", "王工", 13800000000]], top=1, left=1)
        sheet.write(2, 0, "上汽大众（示例）")
        sheet.write(2, 1, "王工")
        sheet.write(2, 2, 13800000000)
        sheet.write(2, 3, None)

    return xlsx(fill)


def merged_and_same() -> bytes:
    """A customer merged over its three rows; 同上 and 〃 below a level; cells of several lines."""

    def fill(book: Any, sheet: Any) -> None:
        put(sheet, [["顾客", "要求", "级别"]])
        sheet.merge_range("A2:A4", "上汽大众（示例）")
        put(sheet, [["盐雾\n720 h", "关键"], ["PPAP 等级 3", "同上"], ["保存 15 年", "〃"]], top=1, left=1)

    return xlsx(fill)


def marked_up() -> bytes:
    """Comments, coloured and struck text, hidden columns, rows and sheets, 4.10 shown as such."""

    def fill(book: Any, sheet: Any) -> None:
        red, struck = book.add_format({"font_color": "#C00000"}), book.add_format({"font_strikeout": True})
        two, yellow = book.add_format({"num_format": "0.00"}), book.add_format({"bg_color": "#FFFF00"})
        put(sheet, [["条款", "要求", "内部"], [None, None, "秘密"], [4.1, "旧", None], [4.1, "新", None]])
        sheet.write("A2", 4.1, two)
        sheet.write("B2", "必须", red)
        sheet.write("B3", "旧", struck)
        sheet.write("B4", "新", yellow)
        sheet.write_comment("B2", "顾客电话确认")
        sheet.set_column("C:C", None, None, {"hidden": True})
        sheet.set_row(2, None, None, {"hidden": True})
        book.add_worksheet("数据源").hide()
        book.get_worksheet_by_name("数据源").write("A1", "x")

    return xlsx(fill)


def what_excel_made_of_it() -> bytes:
    """3-1 became a day, 4.10 became 4.1, a long number lost its last digits, a day is a bare number."""

    def fill(book: Any, sheet: Any) -> None:
        put(
            sheet,
            [["零件号", "日期"], [date(2026, 3, 1), 46082], [4.1, "2026-13-01"], [6225880123456789012.0, "26/3/1"]],
        )

    return xlsx(fill)


def old_xls() -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("顾客")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for at, row in enumerate([HEADS, *ROWS]):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write(at, column, datetime(value.year, value.month, value.day), day)
            else:
                sheet.write(at, column, value)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def commas(encoding: str, separator: str, *, says_so: bool = False) -> bytes:
    lines = [separator.join(HEADS), *(separator.join(f'"{v}"' for v in row) for row in ROWS)]
    return "\r\n".join([f"sep={separator}"] * says_so + lines).encode(encoding)
