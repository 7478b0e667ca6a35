"""Foreign workbooks as they are read: addresses, merged cells, headings anywhere, and what is no workbook at all."""

import contextlib
import io
import zipfile
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kit import workbooks
from yinuo.kit.sheets import apart, commas, guarding, heads, mapping, reading
from yinuo.kit.sheets.definition import Unreadable

FIELDS = (
    mapping.Field("name", "顾客名称", ("顾客", "客户", "客户名称", "Customer"), is_required=True, longest=100),
    mapping.Field("code", "代码", ("客户代码", "简称", "code"), kind="code"),
    mapping.Field(
        "level", "层级", ("级别",), kind="choice", choices={"集团": "group", "公司": "company", "工厂": "plant"}
    ),
    mapping.Field("on", "日期", ("签订日期", "Date"), kind="day"),
    mapping.Field("note", "备注", ("说明", "remarks"), kind="long"),
    mapping.Field("contact", "联系人姓名", ("联系人",)),
    mapping.Field("phone", "联系人电话", ("电话", "手机"), kind="code"),
    mapping.Field("asked", "要求", ("要求内容",), kind="long"),
    mapping.Field("clause", "条款", (), kind="code"),
    mapping.Field("part", "零件号", (), kind="code"),
)


def table(content: bytes, name: str = "a.xlsx") -> heads.Table:
    found = heads.found_in(reading.read(content, name).grids[0], mapping.is_known(FIELDS))
    assert found is not None
    return found


def cleaned(content: bytes, name: str = "a.xlsx") -> tuple[list[tuple[int, dict[str, Any]]], list[mapping.Problem]]:
    it = table(content, name)
    columns = {p.field: p.column for p in mapping.propose(it.headings, FIELDS)}
    return mapping.rows_of(it, FIELDS, columns)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (workbooks.plain(), "顾客.xlsx"),
        (workbooks.old_xls(), "顾客.xls"),
        (workbooks.commas("gb18030", ";"), "顾客.csv"),
        (workbooks.commas("gb18030", ","), "顾客.csv"),
        (workbooks.commas("utf-8-sig", ","), "顾客.csv"),
        (workbooks.commas("utf-8", "\t"), "顾客.txt"),
        (workbooks.commas("utf-16", "\t"), "顾客.txt"),
        (workbooks.commas("utf-16-le", ";"), "顾客.csv"),
        (workbooks.commas("utf-8", ";", says_so=True), "顾客.csv"),
    ],
    ids=["xlsx", "xls", "gbk;", "gbk,", "utf8-bom", "tab", "utf16", "utf16-no-bom", "sep="],
)
def test_the_same_table_whatever_program_wrote_it(content: bytes, name: str) -> None:
    rows, problems = cleaned(content, name)
    assert [values for _number, values in rows] == [
        {"name": row[0], "code": row[1], "level": "company", "on": row[3], "note": row[4]} for row in workbooks.ROWS
    ]
    assert problems == []


def test_headings_are_found_below_a_title_and_rows_that_are_none_are_passed_by() -> None:
    it = table(workbooks.under_a_title())
    assert it.heading_rows == (5,)
    assert [line.number for line in it.lines] == [6, 9]
    assert it.skipped == [(7, "empty"), (8, "heading"), (10, "total")]


def test_headings_in_two_rows_are_read_as_one() -> None:
    it = table(workbooks.headings_in_two_rows())
    assert it.heading_rows == (1, 2)
    assert it.headings == {1: "客户名称", 2: "联系人\n姓名", 3: "联系人\n电话"}
    rows, problems = cleaned(workbooks.headings_in_two_rows())
    assert rows == [(3, {"name": "上汽大众（示例）", "contact": "王工", "phone": "13800000000"})]
    assert problems == []


def test_merged_cells_are_spread_and_the_same_as_above_is_said_in_full() -> None:
    it = table(workbooks.merged_and_same())
    assert [line.values for line in it.lines] == [
        {1: "上汽大众（示例）", 2: "盐雾\n720 h", 3: "关键"},
        {1: "上汽大众（示例）", 2: "PPAP 等级 3", 3: "关键"},
        {1: "上汽大众（示例）", 2: "保存 15 年", 3: "关键"},
    ]


def test_what_stands_beside_the_values_is_kept() -> None:
    book = reading.read(workbooks.marked_up(), "a.xlsx")
    grid, source = book.grids
    assert grid.marks[2, 2].comment == "顾客电话确认"
    assert grid.marks[2, 2].colour == "C00000"
    assert grid.marks[3, 2].is_struck
    assert grid.marks[4, 2].colour == "FFFF00"
    assert grid.hidden_columns == {3}
    assert grid.hidden_rows == {3}
    assert source.is_hidden
    rows, problems = cleaned(workbooks.marked_up())
    assert [values["clause"] for _number, values in rows] == ["4.10", "4.1", "4.1"], "shown with two places: 4.10"
    assert [(p.address, p.code, p.is_warning) for p in problems if p.column == 1] == [
        ("A3", "lost_zero", True),
        ("A4", "lost_zero", True),
    ]


def test_what_excel_made_of_numbers_is_flagged_and_what_is_no_day_is_refused() -> None:
    rows, problems = cleaned(workbooks.what_excel_made_of_it())
    assert [(p.address, p.code, p.is_warning) for p in problems] == [
        ("A2", "became_day", True), ("B2", "counted_day", True),
        ("A3", "lost_zero", True), ("B3", "no_day", False),
        ("A4", "lost_digits", True), ("B4", "counted_day", True),
    ]  # fmt: skip
    assert rows[0][1]["on"] == date(2026, 3, 1)
    assert problems[3].facts["value"] == "2026-13-01"


@pytest.mark.parametrize(
    "text",
    ["2026-3-1", "2026/03/01", "2026.3.1", "2026年3月1日", "20260301", "２０２６－０３－０１", "2026-03-01 08:30"],
)
def test_days_as_people_write_them(text: str) -> None:
    assert mapping.cleaned(FIELDS[3], text)[0] == date(2026, 3, 1)


def test_a_choice_that_is_none_names_the_choices_and_the_nearest() -> None:
    value, code, facts, _is_warning = mapping.cleaned(FIELDS[2], "公 司")
    assert (value, code) == ("company", "")
    value, code, facts, _is_warning = mapping.cleaned(FIELDS[2], "分公司")
    assert (value, code) == (None, "no_choice")
    assert facts == {"choices": "集团、公司、工厂", "guess": "公司"}


def test_headings_are_known_in_both_languages_and_with_what_people_add() -> None:
    said = {1: "客户名称（必填）*", 2: "CODE", 3: "级 别", 4: "签订日期\n(yyyy-mm-dd)", 5: "不认识", 6: "备注"}
    found = {p.field: (p.column, p.confidence >= mapping.SURE) for p in mapping.propose(said, FIELDS)}
    assert found == {
        "name": (1, True), "code": (2, True), "level": (3, True), "on": (4, True), "note": (6, True)
    }  # fmt: skip


def test_one_column_for_one_field() -> None:
    found = mapping.propose({1: "客户", 2: "客户名称", 3: "备注", 4: "备注"}, FIELDS)
    assert [(p.field, p.column) for p in found] == [("name", 1), ("note", 3)]


def packed(**entries: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in entries.items():
            pack.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


BOMB = packed(**{"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": b"0" * 60_000_000})


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.xlsx", "empty"),
        (BOMB, "a.xlsx", "bomb"),
        (b"PK\x03\x04 cut off", "a.xlsx", "damaged"),
        (packed(**{"word/document.xml": b"<a/>"}), "a.xlsx", "not_a_sheet"),
        (packed(**{"xl/workbook.xml": b"<a/>"}), "a.xlsx", "damaged"),
        (guarding.OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "password"),
        (guarding.OLE + b"\0" * 600 + "WordDocument".encode("utf-16-le"), "a.doc", "not_a_sheet"),
        (guarding.OLE + b"\0" * 600 + "Workbook".encode("utf-16-le"), "a.xls", "damaged"),
        (b"%TSD-Header-###%" + bytes(range(256)) * 9, "a.xlsx", "enterprise"),
        (b"\x62\x14#e" + b"\0" * 8 + b"E-SafeNet" + b"\0" * 50, "a.xlsx", "enterprise"),
        (bytes(range(256)) * 40, "a.xlsx", "encrypted"),
        (b"%PDF-1.7", "a.xlsx", "not_a_sheet"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "a.xls", "html"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "a.xls", "xml2003"),
        (b" , ,\r\n", "a.csv", "no_cells"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_named(content: bytes, name: str, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        reading.read(content, name)
    assert refused.value.code == code


def test_enterprise_encryption_is_called_by_its_name() -> None:
    with pytest.raises(Unreadable) as refused:
        guarding.kind_of(b"%TSD-Header-###%" + b"\0" * 600, "a.xlsx")
    assert refused.value.facts == {"tool": "天锐绿盾"}


def test_a_wrong_ending_and_macros_are_read_and_told() -> None:
    book = reading.read(workbooks.plain(), "顾客.xls")
    assert book.kind == "xlsx"
    assert ("ending", {"kind": "xlsx"}) in book.notes
    content = io.BytesIO(workbooks.plain())
    with zipfile.ZipFile(content, "a") as pack:
        pack.writestr("xl/vbaProject.bin", b"\0")
    assert ("macros", {}) in reading.read(content.getvalue(), "a.xlsm").notes


def far_cell() -> bytes:
    """A few hundred bytes that claim a cell in the last corner of the sheet."""
    content = io.BytesIO(workbooks.plain())
    whole = io.BytesIO()
    with zipfile.ZipFile(content) as pack, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as out:
        for name in pack.namelist():
            part = pack.read(name)
            if name.endswith("sheet1.xml"):
                last = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                part = part.replace(b"</sheetData>", last)
            out.writestr(name, part)
    return whole.getvalue()


def test_a_file_that_would_take_all_memory_takes_its_own_process_only() -> None:
    with pytest.raises(Unreadable) as refused:
        apart.read(far_cell(), "a.xlsx")
    assert refused.value.code in ("too_heavy", "too_many_cells")


def test_a_process_of_its_own_reads_the_same() -> None:
    for content in (workbooks.plain(), workbooks.marked_up(), workbooks.merged_and_same()):
        assert apart.read(content, "a.xlsx") == reading.read(content, "a.xlsx")
    with pytest.raises(Unreadable) as refused:
        apart.read(packed(**{"xl/workbook.xml": b"<a/>"}), "a.xlsx")
    assert refused.value.code == "damaged"


def test_a_real_workbook_with_a_title_above_its_headings() -> None:
    fields = [mapping.Field(word.lower(), word) for word in ("Function", "Category", "Subcategory")]
    rows = [
        [None, "The NIST Cybersecurity Framework"],
        ["Function", "Category", "Subcategory"],
        ["GOVERN (GV)", None, None],
    ]
    content = workbooks.xlsx(lambda book, sheet: workbooks.put(sheet, rows))
    found = heads.found_in(reading.read(content, "a.xlsx").grids[0], mapping.is_known(fields))
    assert found is not None
    assert found.heading_rows == (2,)
    assert [line.values for line in found.lines] == [{1: "GOVERN (GV)", 2: None, 3: None}]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    for name in ("a.xlsx", "a.csv"):
        with contextlib.suppress(Unreadable):
            reading.read(content, name)


@given(st.lists(st.lists(st.text("甲乙ab12 ", min_size=1, max_size=5), min_size=3, max_size=3), min_size=3, max_size=6))
def test_any_separator_is_found(rows: list[list[str]]) -> None:
    for separator in (",", ";", "\t"):
        text = "\n".join(separator.join(row) for row in rows)
        assert commas.separator_of(text) == separator
