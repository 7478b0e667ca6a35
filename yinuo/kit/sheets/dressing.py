"""Cells that look as they did where they came from: colours, struck text, numbers as they were shown, comments.

Which looks there are is known only when all rows are written, so the part with the styles is the last one. What a
foreign file says of a look is let through only where it is plainly a colour or a number's format.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import quoteattr

from yinuo.kit.sheets import marks, parts, remarks

PART = "xl/styles.xml"
MOST_LOOKS = 2_000  # Excel takes some 64,000; nobody tells so many apart
FIRST_FORMAT = 170  # numbers below are taken
_COLOUR = re.compile(r"[0-9A-F]{6}")
_FORMAT = re.compile(r"[#0,]{1,20}(?:\.[#0]{1,15})?%?")
_FORMAT_OF = {parts.TEXT: 49, parts.LONG: 49, parts.DAY: 164, parts.MOMENT: 165}


@dataclass(frozen=True)
class Look:
    """How a cell looks: the colours of its text and of itself, struck through, how its number is shown."""

    colour: str = ""
    ground: str = ""
    is_struck: bool = False
    format: str = ""


PLAIN = Look()


@dataclass(frozen=True)
class Dressed:
    """A value with its look and the comment at its cell."""

    value: Any
    look: Look = PLAIN
    comment: str = ""


def look_of(colour: str, ground: str, is_struck: bool, format: str) -> Look:  # noqa: A002 - Excel's word
    """The look that a mark tells (its colour is that of the text, else of the cell), as far as it is a lawful one."""
    text = colour if colour != ground and _COLOUR.fullmatch(colour) else ""
    return Look(
        text, ground if _COLOUR.fullmatch(ground) else "", is_struck, format if _FORMAT.fullmatch(format) else ""
    )


class Workbook(remarks.Workbook):
    """A workbook that takes dressed values among its rows."""

    def __init__(self, *args: Any) -> None:
        self.looks: dict[tuple[int, Look], int] = {}
        super().__init__(*args)

    def close(self) -> Iterator[bytes]:
        super()._part(PART, styles(self.looks))
        yield from super().close()

    def _part(self, name: str, text: str) -> None:
        if name != PART:
            super()._part(name, text)

    def _cell(self, at: str, value: Any, style: int) -> str:
        if not isinstance(value, Dressed):
            return super()._cell(at, value, style)
        if value.comment:
            column = at.rstrip("0123456789")
            self.remarks[int(at[len(column) :]), marks.column_of(column)] = value.comment
        return self._dressed(at, value.value, value.look, style)

    def _dressed(self, at: str, value: Any, look: Look, style: int) -> str:
        if isinstance(value, date):
            style = parts.MOMENT if isinstance(value, datetime) else parts.DAY
        elif isinstance(value, int | float):
            style = parts.NUMBER
        plain = super()._cell(at, value, style)
        if look == PLAIN:
            return plain
        number = self._look(style, look)
        return plain.replace(f's="{style}"', f's="{number}"', 1) if plain else f'<c r="{at}" s="{number}"/>'

    def _look(self, style: int, look: Look) -> int:
        """The style in the file of a look; beyond the most there may be, the plain one."""
        if (style, look) not in self.looks and len(self.looks) >= MOST_LOOKS:
            return style
        return self.looks.setdefault((style, look), 8 + len(self.looks))


def styles(looks: Iterable[tuple[int, Look]]) -> str:
    """The part with the styles: those of every workbook, and one for each look. In the order of their numbers."""
    formats = fonts = fills = cells = ""
    at = -1
    for at, (style, look) in enumerate(looks):
        colour = f'<color rgb="FF{look.colour}"/>' if look.colour else ""
        struck = "<strike/>" if look.is_struck else ""
        fonts += f'<font>{struck}<sz val="10"/>{colour}<name val="Microsoft YaHei"/><family val="2"/></font>'
        ground = '<patternFill patternType="none"/>'
        if look.ground:
            ground = f'<patternFill patternType="solid"><fgColor rgb="FF{look.ground}"/></patternFill>'
        fills += f"<fill>{ground}</fill>"
        shown = _FORMAT_OF.get(style, 0)
        if look.format and style == parts.NUMBER:
            shown = FIRST_FORMAT + at
            formats += f'<numFmt numFmtId="{shown}" formatCode={quoteattr(look.format)}/>'
        cells += (
            f'<xf numFmtId="{shown}" fontId="{2 + at}" fillId="{4 + at}" borderId="0" xfId="0" applyNumberFormat="1" '
            'applyFont="1" applyFill="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
        )
    told = parts.STYLES
    number = at + 1
    for name, had, more in (
        ("numFmts", 2, formats), ("fonts", 2, fonts), ("fills", 4, fills), ("cellXfs", 8, cells),
    ):  # fmt: skip
        count = had + (more.count("<numFmt ") if name == "numFmts" else number)
        told = told.replace(f'<{name} count="{had}">', f'<{name} count="{count}">')
        told = told.replace(f"</{name}>", f"{more}</{name}>")
    return told
