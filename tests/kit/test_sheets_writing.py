"""Workbooks as they are written: text stays text, days are days, and another reader finds what was put in."""

import io
import zipfile
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from yinuo.kit.sheets import parts, writing

HEADS = [writing.Head("Number"), writing.Head("Text"), writing.Head("#id", 10, parts.NUMBER, is_hidden=True)]
NAMES = {"m": parts.MAIN}


def workbook(rows: list[list[Any]], heads: list[writing.Head] = HEADS) -> bytes:
    book = writing.Workbook()
    written = [*book.table("案件 '清单'", heads, rows), *book.notes("说明", [("行数", str(len(rows)))]), *book.close()]
    return b"".join(written)


def read(content: bytes, sheet: int = 0) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(sheet).to_python()


def xml(content: bytes, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read(name))  # noqa: S314 - our own file


@pytest.mark.parametrize("text", ["=1+1", "+86 21", "-5", "@SUM(A1)", '=HYPERLINK("http://a")', "007", "4.10", "1e5"])
def test_text_is_text_whatever_it_begins_with(text: str) -> None:
    content = workbook([[text, "x", 1]])
    assert read(content)[1][0] == text
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_days_moments_and_numbers_are_such() -> None:
    rows = [[date(2026, 3, 1), datetime(2026, 11, 26, 17, 30, 5), 1.5], [date(1890, 1, 1), None, 7]]
    found = read(workbook(rows))
    assert found[1] == [date(2026, 3, 1), datetime(2026, 11, 26, 17, 30, 5), 1.5]
    assert found[2] == ["1890-01-01", "", 7.0], "Excel's calendar begins in 1900"


def test_letters_that_xml_cannot_hold_are_left_out_and_escapes_are_escaped() -> None:
    assert read(workbook([["a\x00\x0bb<&>\u3000", "_x0041_\n中", None]]))[1] == ["ab<&>\u3000", "_x0041_\n中", ""]


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60))
def test_any_text_comes_back(text: str) -> None:
    text = text.replace("\ufffe", "").replace("\uffff", "")
    assert read(workbook([["x", text, 1]]))[1][1] == text


def test_what_excel_cannot_hold_ends_with_a_mark() -> None:
    found = read(workbook([["字" * 40_000, "x", 1]]))[1][0]
    assert len(found) == parts.MOST_LETTERS
    assert found.endswith(parts.CUT)


def test_headings_stay_in_sight_with_filter_arrows_and_the_keys_are_hidden() -> None:
    content = workbook([["a", "b", 1]])
    sheet = xml(content, "xl/worksheets/sheet1.xml")
    assert sheet.find("m:sheetViews/m:sheetView/m:pane", NAMES).attrib["state"] == "frozen"  # type: ignore[union-attr]
    assert sheet.find("m:autoFilter", NAMES).attrib["ref"] == "A1:C2"  # type: ignore[union-attr]
    assert [each.attrib.get("hidden") for each in sheet.findall("m:cols/m:col", NAMES)] == [None, None, "1"]
    named = xml(content, "xl/workbook.xml").find("m:definedNames/m:definedName", NAMES)
    assert named is not None
    assert named.text == "'案件 ''清单'''!$A$1:$C$2"


def test_a_sheet_that_is_full_goes_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_ROWS", 301)
    content = workbook([[str(n), "x", n] for n in range(700)])
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["案件 '清单'", "案件 '清单' (2)", "案件 '清单' (3)", "说明"]
    found = [row[0] for at in range(3) for row in read(content, at)[1:]]
    assert found == [str(n) for n in range(700)]


def test_a_sheet_just_full_is_followed_by_no_empty_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_ROWS", 301)
    content = workbook([[str(n), "x", n] for n in range(300)])
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names == ["案件 '清单'", "说明"]


def test_bytes_leave_before_the_rows_are_read() -> None:
    def rows() -> Any:
        raise AssertionError("read too early")
        yield

    assert next(writing.Workbook().table("a", HEADS, rows())).startswith(b"PK")


@pytest.mark.parametrize(("words", "name"), [("a/b:c", "a b c"), ("'x'", "x"), ("", "Sheet"), ("长" * 40, "长" * 31)])
def test_sheets_are_called_as_excel_allows(words: str, name: str) -> None:
    assert writing.sheet_name(words) == name


def test_columns_are_counted_in_letters() -> None:
    assert [parts.letters(n) for n in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]
