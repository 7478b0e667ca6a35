"""Workbooks as people keep them: each comes in, whatever stands above, below and between."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import xlsxwriter
import xlwt
from django.test import Client

from tests import cast
from tests.cases import story as stories
from tests.imports import test_imports as importing
from tests.imports import test_ledgers as ledgers
from yinuo.cases import models
from yinuo.imports import intake
from yinuo.imports import models as imports

HEADS = ["台账编号", "顾客名称", "要求内容", "收到日期", "状态"]


def row(n: int, day: Any = "2026-03-01", text: str = "") -> list[Any]:
    return [f"M-{n}", "SVW", text or f"要求 {n}", day, "已完成"]


def made(fill: Callable[[Any, Any], None], sheet: str = "台账") -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        fill(book, book.add_worksheet(sheet))
    return buffer.getvalue()


def put(sheet: Any, rows: list[list[Any]], top: int = 0, left: int = 0) -> None:
    for at, values in enumerate(rows, top):
        for place, value in enumerate(values, left):
            if isinstance(value, date):
                sheet.write_datetime(at, place, value)
            elif value is not None:
                sheet.write(at, place, value)


def heading_in_row_six(book: Any, sheet: Any) -> None:
    sheet.merge_range("A1:E1", "青禾汽车部件有限公司")
    sheet.merge_range("A2:E2", "顾客特殊要求受理台账")
    put(sheet, [["编制", "李娜", None, "版本", "A/1"]], 3)
    put(sheet, [HEADS, row(1), row(2)], 5)


def headings_in_two_rows(book: Any, sheet: Any) -> None:
    sheet.merge_range("A1:A2", "台账编号")
    sheet.merge_range("B1:C1", "顾客提出")
    put(sheet, [["顾客名称", "要求内容"]], 1, 1)
    sheet.merge_range("D1:E1", "办理")
    put(sheet, [["收到日期", "状态"]], 1, 3)
    put(sheet, [row(1), row(2)], 2)


def ditto(book: Any, sheet: Any) -> None:
    put(sheet, [HEADS, row(1), ["M-2", "同上", "要求 2", "〃", "同上"]])


def days_in_every_way(book: Any, sheet: Any) -> None:
    days = ["2026年3月1日", "26/3/1", 46082, date(2026, 3, 1), "2026.3.1", "20260301", "2026/03/01 08:30"]
    put(sheet, [HEADS, *(row(n, day) for n, day in enumerate(days, 1))])


def cells_of_several_lines(book: Any, sheet: Any) -> None:
    put(
        sheet,
        [
            ["台账\n编号", "顾客\n名称", "要求内容\n（原文）", "收到\n日期", "状态"],
            row(1, text="第一行\n第二行"),
            row(2),
        ],
    )


def hidden_rows_and_columns(book: Any, sheet: Any) -> None:
    put(sheet, [HEADS, row(1), row(2)])
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.set_column("D:D", None, None, {"hidden": True})


def several_sheets(book: Any, sheet: Any) -> None:
    put(sheet, [["填写说明"], ["请勿改动表头"]])
    put(book.add_worksheet("2025年"), [HEADS, row(1), row(2)])
    hidden = book.add_worksheet("旧")
    put(hidden, [HEADS, *(row(n) for n in range(10, 20))])
    hidden.hide()


def empty_rows_below(book: Any, sheet: Any) -> None:
    put(sheet, [HEADS, row(1), row(2)])
    grey = book.add_format({"bg_color": "#EEEEEE", "border": 1})
    for at in range(3, 300):
        for place in range(5):
            sheet.write_blank(at, place, None, grey)


def totals(book: Any, sheet: Any) -> None:
    put(sheet, [HEADS, row(1), ["小计", None, None, None, 1], HEADS, row(2), ["合计", None, None, None, 2]])


def merged_downwards(book: Any, sheet: Any) -> None:
    put(sheet, [HEADS, row(1), row(2)])
    sheet.merge_range("B2:B3", "SVW")
    sheet.merge_range("E2:E3", "已完成")


def old_workbook() -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("台账")
    for at, values in enumerate([["2025 年台账"], HEADS, row(1), row(2)]):
        for place, value in enumerate(values):
            sheet.write(at, place, value)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def text_table(encoding: str, separator: str = ",") -> bytes:
    return "\r\n".join(separator.join(map(str, values)) for values in [HEADS, row(1), row(2)]).encode(encoding)


BOOKS: dict[str, tuple[bytes, int]] = {
    "heading in row six": (made(heading_in_row_six), 2),
    "two rows of headings": (made(headings_in_two_rows), 2),
    "ditto": (made(ditto), 2),
    "days": (made(days_in_every_way), 7),
    "lines in cells": (made(cells_of_several_lines), 2),
    "hidden rows and columns": (made(hidden_rows_and_columns), 2),
    "several sheets": (made(several_sheets), 2),
    "empty rows below": (made(empty_rows_below), 2),
    "totals": (made(totals), 2),
    "merged downwards": (made(merged_downwards), 2),
    "old .xls": (old_workbook(), 2),
    "csv gb18030": (text_table("gb18030"), 2),
    "csv utf-8-sig": (text_table("utf-8-sig", ";"), 2),
    "csv utf-16": (text_table("utf-16", "\t"), 2),
}


@pytest.fixture
def lina(company: cast.Company, signed_in: Callable[[str], Client]) -> Client:
    stories.publish(company)
    stories.customer(company)
    return signed_in("lina")


@pytest.mark.parametrize("name", BOOKS)
def test_it_comes_in_as_it_is(name: str, lina: Client) -> None:
    content, number = BOOKS[name]
    brought = ledgers.checked(lina, content)
    counts = dict.fromkeys(importing.states(brought).values(), 0)
    for state in importing.states(brought).values():
        counts[state] += 1
    assert counts == {"new": number}, [line.said for line in brought.lines.all()]
    importing.confirm(lina, brought)
    cases = list(models.Case.objects.order_by("taken_over__number"))
    assert [case.taken_over.number for case in cases] == [f"M-{n}" for n in range(1, number + 1)]
    assert {f"{case.notified_at:%Y-%m-%d}" for case in cases} == {"2026-03-01"}
    assert {case.customer.code for case in cases} == {"SVW"}
    assert not any(case.is_open for case in cases)


def test_headings_that_nobody_knows_are_chosen_by_hand_and_known_the_next_time(lina: Client) -> None:
    def fill(book: Any, sheet: Any) -> None:
        put(sheet, [["封面"]])
        put(
            book.add_worksheet("数据"),
            [["内部登记"], ["甲", "乙", "丙"], ["(号)", "(谁)", "(何)"], ["X-1", "SVW", "一"]],
        )

    content = made(fill, "封面")
    assert importing.bring(lina, content, ledgers.KIND).status_code == 302
    brought = imports.Import.objects.latest("pk")
    assert lina.get(brought.get_absolute_url()).headers["Location"].endswith("/table/")
    page = lina.get(f"/imports/{brought.pk}/table/?sheet=数据").content.decode()
    assert "(何)" in page
    table = f"/imports/{brought.pk}/table/"
    apart = lina.post(table, {"version": brought.version, "sheet": "数据", "rows": [1, 3]})
    assert apart.status_code == 422
    sent = {"version": brought.version, "sheet": "数据", "rows": [2, 3]}
    assert lina.post(table, sent).status_code == 302
    brought.refresh_from_db()
    assert (brought.sheet, brought.heading_rows) == ("数据", [2, 3])
    assert brought.headings["3"] == "丙\n(何)"
    said = {"column-1": "number", "column-2": "customer", "column-3": "text", "option-way": "over"}
    said |= {"option-kind": "quality", "option-channel": "other"}
    assert lina.post(brought.get_absolute_url(), {"version": brought.version, **said}).status_code == 302
    importing.work()
    brought.refresh_from_db()
    assert importing.states(brought) == {4: "new"}
    importing.bring(lina, content, ledgers.KIND)
    again = imports.Import.objects.latest("pk")
    assert (again.sheet, again.heading_rows) == ("数据", [2, 3])
    assert again.columns == {"number": 1, "customer": 2, "text": 3}


def test_the_proposal_may_be_changed_to_another_sheet(lina: Client) -> None:
    def fill(book: Any, sheet: Any) -> None:
        put(sheet, [HEADS, row(1)])
        put(book.add_worksheet("二"), [["题"], HEADS[:4], row(2)[:4]])

    importing.bring(lina, made(fill), ledgers.KIND)
    brought = imports.Import.objects.latest("pk")
    assert brought.sheet == "台账"
    lina.post(f"/imports/{brought.pk}/table/", {"version": brought.version, "sheet": "二", "rows": [2]})
    brought.refresh_from_db()
    assert (brought.sheet, brought.columns["text"]) == ("二", 3)


def test_ten_thousand_rows_are_checked(lina: Client, company: cast.Company) -> None:
    """Written they are in the figures (`tests/bench/importing.py`); here every row has its line."""
    content = made(lambda book, sheet: put(sheet, [HEADS, *(row(n) for n in range(1, 10_001))]))
    importing.bring(lina, content, ledgers.KIND)
    brought = imports.Import.objects.latest("pk")
    lines, asked = intake.checked(brought, stories.fresh(company.lina))
    assert len(lines) == 10_000
    assert {line.state for line in lines} == {"new"}
    assert not asked


def test_a_cell_whose_formula_failed_is_named_with_its_error(lina: Client) -> None:
    """What Excel shows as #N/A is not said to be missing; where nothing is needed it is only said."""

    def fill(book: Any, sheet: Any) -> None:
        put(sheet, [HEADS, row(1), row(2)])
        sheet.write_formula(1, 2, "=VLOOKUP(1,A1:B2,2)", None, "#N/A")
        sheet.write_formula(2, 3, "=1/0", None, "#DIV/0!")

    found = ledgers.checked(lina, made(fill))
    said = {line.number: line.said for line in found.lines.all()}
    assert said[2] == [["C2", "单元格显示错误值 #N/A，未能读取要求内容。请修正公式或直接填写内容。", False]]
    assert [(cell, "#DIV/0!" in sentence, is_doubt) for cell, sentence, is_doubt in said[3]] == [("D3", True, True)]


def test_an_empty_file_says_what_to_do(lina: Client) -> None:
    assert "文件是空的，请在 Excel 中重新保存后再选择。" in importing.bring(lina, b"").content.decode()
