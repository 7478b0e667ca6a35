"""What was read of a workbook: grids of cells with their addresses, and what else stood beside the values."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yinuo.kit.sheets import parts

Value = str | int | float | bool | date | None  # a moment is a date too
At = tuple[int, int]  # row and column, counted from 1 as Excel counts


class Unreadable(Exception):
    """The file cannot be read as a workbook. `code` says why; the words for it stand where people read them."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


@dataclass(frozen=True)
class Mark:
    """What a cell has besides its value: a comment, a colour, struck-through text, how its number is shown."""

    comment: str = ""
    colour: str = ""  # of the text, or of the cell, as RRGGBB
    is_struck: bool = False
    format: str = ""
    ground: str = ""  # the colour of the cell itself
    error: str = ""  # #N/A and the like, where a formula failed: the value is empty then


@dataclass
class Grid:
    """One sheet. `rows[0]` is Excel's row 1."""

    name: str
    rows: list[list[Any]]
    is_hidden: bool = False
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # top, left, bottom, right
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    marks: dict[At, Mark] = field(default_factory=dict)

    def at(self, row: int, column: int) -> Any:
        line = self.rows[row - 1] if 0 < row <= len(self.rows) else ()
        return line[column - 1] if 0 < column <= len(line) else None


@dataclass
class Book:
    """A workbook: `kind` is what the file is, whatever its name claims; `notes` are codes of what to tell."""

    kind: str
    grids: list[Grid]
    notes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


def address(row: int, column: int) -> str:
    """Where a cell stands, as Excel says it: B7."""
    return f"{parts.letters(column)}{row}"
