"""A workbook that somebody brings: which export it is."""

from typing import Any

from yinuo.comparisons import access
from yinuo.comparisons.engine import finding
from yinuo.kit import exported
from yinuo.kit import models as kit
from yinuo.kit.sheets import apart, guarding, marks
from yinuo.kit.sheets.definition import Book, Unreadable


def export_of(content: bytes, name: str, person: Any) -> kit.Exported:
    """Which export the file is. Raises `Unreadable` when it is none of ours, or not for this person."""
    if guarding.kind_of(content, name) == "csv":
        raise Unreadable("no_mark")
    told = marks.properties(content).get(exported.PROPERTY, "")
    texts = [told] if told else []
    texts += marks_in(apart.read(content, name)) if not told else []
    try:
        row = exported.exported_of(texts)
    except exported.Strange as strange:
        raise Unreadable(strange.code) from None
    if not access.may_bring(person, row.sheet):
        raise Unreadable("not_offered")
    return row


def marks_in(book: Book) -> list[str]:
    """The mark as the sheet about the file says it."""
    return [
        value
        for grid in book.grids
        for row in (grid.rows if finding.table_in(Book("", [grid])) is None else [])
        for value in row
        if isinstance(value, str) and value.startswith("yinuo1.")
    ]
