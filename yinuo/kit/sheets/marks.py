"""What a modern workbook says beside its values: hidden rows and columns, comments, colours, how numbers are shown.

Read from the parts of the file with few and plain patterns: no library gives all of it, and a whole XML tree of a
large sheet costs more than the values.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar
from xml.etree import ElementTree

from yinuo.kit.sheets import parts
from yinuo.kit.sheets.definition import At, Grid, Mark

MAIN = f"{{{parts.MAIN}}}"
RELATION = f"{{{parts.PACKAGE}/relationships}}Relationship"
REL_ID = f"{{{parts.OFFICE}}}id"
MOST_PART = 30 * 2**20  # styles, comments, the workbook's own part: larger ones are left unread

_COLUMN = re.compile(rb"<col\b[^>]*>")
_ROW = re.compile(
    rb'<row\b[^>]*?\br="(\d+)"[^>]*\bhidden="(?:1|true)"|<row\b[^>]*\bhidden="(?:1|true)"[^>]*?\br="(\d+)"'
)
_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})" s="(\d+)"')
_FAILED = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*\bt="e"[^>]*>(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)?<v>(#[^<]{1,20})</v>'
)
_NUMBER = re.compile(rb'\b(min|max)="(\d+)"')
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


def column_of(letters: str) -> int:
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - 64
    return found


def add_to(content: bytes, grids: list[Grid]) -> None:
    """Add to the grids what the file says beside their values; what cannot be read is left out."""
    with zipfile.ZipFile(io.BytesIO(content)) as pack:
        paths = dict(_sheet_paths(pack))
        styles = _styles(pack)
        for grid in grids:
            path = paths.get(grid.name)
            if path is None or path not in pack.namelist():
                continue
            sheet = pack.read(path)
            _hidden(sheet, grid)
            _styled(sheet, grid, styles)
            for letters, row, error in _FAILED.findall(sheet):
                failed = int(row), column_of(letters.decode())
                grid.marks[failed] = replace(grid.marks.get(failed) or Mark(), error=error.decode())
            for at, text in _comments(pack, path):
                grid.marks[at] = _with_comment(grid.marks.get(at), text)


def _tree(pack: zipfile.ZipFile, path: str) -> ElementTree.Element | None:
    try:
        if pack.getinfo(path).file_size > MOST_PART:
            return None
        return ElementTree.fromstring(pack.read(path))  # noqa: S314 - expat expands no entities without end
    except (KeyError, ElementTree.ParseError):
        return None


def _relations(pack: zipfile.ZipFile, path: str) -> dict[str, tuple[str, str]]:
    """Relations of a part: id → (kind, path)."""
    folder, name = posixpath.split(path)
    tree = _tree(pack, f"{folder}/_rels/{name}.rels")
    found = {}
    for each in tree.iter(RELATION) if tree is not None else ():
        target = each.get("Target", "")
        whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
        found[each.get("Id", "")] = (each.get("Type", "").rpartition("/")[2], whole)
    return found


def _sheet_paths(pack: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    tree = _tree(pack, "xl/workbook.xml")
    relations = _relations(pack, "xl/workbook.xml")
    for each in tree.iter(f"{MAIN}sheet") if tree is not None else ():
        _kind, path = relations.get(each.get(REL_ID, ""), ("", ""))
        if path:
            yield each.get("name", ""), path


def _hidden(sheet: bytes, grid: Grid) -> None:
    head = sheet[: sheet.find(b"<sheetData")]
    for column in _COLUMN.findall(head):
        if b'hidden="1"' in column or b'hidden="true"' in column:
            ends = dict(_NUMBER.findall(column))
            first, last = int(ends.get(b"min", 0)), int(ends.get(b"max", 0))
            grid.hidden_columns.update(range(first, min(last, 1000) + 1))
    grid.hidden_rows.update(int(a or b) for a, b in _ROW.findall(sheet))


def _styled(sheet: bytes, grid: Grid, styles: list[Mark]) -> None:
    telling = {at for at, mark in enumerate(styles) if mark != Mark()}
    if not telling:
        return
    for letters, row, style in _CELL.findall(sheet):
        if int(style) in telling:
            grid.marks[int(row), column_of(letters.decode())] = styles[int(style)]


def _with_comment(mark: Mark | None, text: str) -> Mark:
    return replace(mark or Mark(), comment=text)


def _comments(pack: zipfile.ZipFile, path: str) -> Iterator[tuple[At, str]]:
    for kind, part in _relations(pack, path).values():
        tree = _tree(pack, part) if kind == "comments" else None
        for each in tree.iter(f"{MAIN}comment") if tree is not None else ():
            found = _REFERENCE.match(each.get("ref", ""))
            text = "".join(t.text or "" for t in each.iter(f"{MAIN}t")).strip()
            if found and text:
                yield (int(found[2]), column_of(found[1])), text


def _styles(pack: zipfile.ZipFile) -> list[Mark]:
    """What each cell style says: colour of the text (else of the cell), struck through, format of the number."""
    tree = _tree(pack, "xl/styles.xml")
    if tree is None:
        return []
    formats = {each.get("numFmtId"): each.get("formatCode", "") for each in tree.iter(f"{MAIN}numFmt")}
    formats |= {"2": "0.00", "4": "#,##0.00", "49": "@"}
    fonts = [_font(each) for each in tree.findall(f"{MAIN}fonts/{MAIN}font")]
    fills = [_colour(each.find(f"{MAIN}patternFill/{MAIN}fgColor")) for each in tree.findall(f"{MAIN}fills/{MAIN}fill")]
    found = []
    for each in tree.findall(f"{MAIN}cellXfs/{MAIN}xf"):
        colour, is_struck = _at(fonts, each.get("fontId"), ("", False))
        shown = formats.get(each.get("numFmtId", "0")) or ""
        ground = _at(fills, each.get("fillId"), "")
        found.append(Mark("", colour or ground, is_struck, shown, ground))
    return found


T = TypeVar("T")


def _at(values: Sequence[T], place: str | None, otherwise: T) -> T:
    return values[int(place)] if place and place.isdigit() and int(place) < len(values) else otherwise


def _font(font: ElementTree.Element) -> tuple[str, bool]:
    struck = font.find(f"{MAIN}strike")
    return _colour(font.find(f"{MAIN}color")), struck is not None and struck.get("val", "1") not in ("0", "false")


def _colour(colour: ElementTree.Element | None) -> str:
    """A colour somebody chose; black, white and the theme's own say nothing."""
    rgb = (colour.get("rgb") or "")[-6:].upper() if colour is not None else ""
    return "" if rgb in ("000000", "FFFFFF") else rgb


# Of the whole file ----------------------------------------------------------------------------------------------------

_PROPERTY = re.compile(r"\bname=\"([^\"]+)\"[^>]*>\s*<(?:\w+:)?lpwstr>([^<]*)</")


def properties(content: bytes) -> dict[str, str]:
    """What somebody's program has said of the file as a whole; nothing for files that are no modern workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as pack:
            if pack.getinfo(parts.PROPERTIES).file_size > MOST_PART // 30:
                return {}
            return dict(_PROPERTY.findall(pack.read(parts.PROPERTIES).decode("utf-8", "replace")))
    except (KeyError, zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        return {}
