"""The fixed parts of a workbook, and how a cell is spelled: text always as text, never as a formula or a link."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

PROPERTIES = "docProps/custom.xml"
CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
VALUES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
RELS = (
    f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>{{}}</Relationships>'
)
CUSTOM_REL = f'<Relationship Id="rId2" Type="{OFFICE}/custom-properties" Target="{PROPERTIES}"/>'

# Cell styles by their place in `STYLES`.
PLAIN, TITLE, TEXT, NUMBER, DAY, MOMENT, LONG, FAULT = range(8)
_XF = '<xf numFmtId="{}" fontId="{}" fillId="{}" borderId="{}" xfId="0" applyNumberFormat="1" {}>{}</xf>'
_TOP = '<alignment vertical="top"/>'
_WRAP = '<alignment vertical="top" wrapText="1"/>'
_ALIGN = 'applyAlignment="1"'
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}">'
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
    '<fonts count="2"><font><sz val="10"/><name val="Microsoft YaHei"/><family val="2"/></font>'
    '<font><b/><sz val="10"/><name val="Microsoft YaHei"/><family val="2"/></font></fonts>'
    '<fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFEDEAE4"/></patternFill></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFFBE3E0"/></patternFill></fill></fills>'
    '<borders count="2"><border/><border><left/><right/><top/><bottom style="thin"><color rgb="FF8A857C"/></bottom>'
    "</border></borders>"
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="8">'
    + _XF.format(0, 0, 0, 0, _ALIGN, _TOP)
    + _XF.format(49, 1, 2, 1, 'applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"', _WRAP)
    + _XF.format(49, 0, 0, 0, _ALIGN, _TOP)
    + _XF.format(0, 0, 0, 0, _ALIGN, _TOP)
    + _XF.format(164, 0, 0, 0, _ALIGN, _TOP)
    + _XF.format(165, 0, 0, 0, _ALIGN, _TOP)
    + _XF.format(49, 0, 0, 0, _ALIGN, _WRAP)
    + _XF.format(49, 0, 3, 0, 'applyFill="1" applyAlignment="1"', _WRAP)
    + '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)

MOST_LETTERS = 32_767  # what Excel lets a cell hold
CUT = "…"
_UNLAWFUL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PECULIAR = re.compile("[&<>\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|_x")  # most texts have nothing of it
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_EPOCH = date(1899, 12, 30).toordinal()
_FIRST = date(1900, 3, 1)  # before that Excel's calendar has a day that never was


def letters(number: int) -> str:
    """The letters of a column: 1 → A, 27 → AA."""
    found = ""
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(65 + rest) + found
    return found


def shortened(text: str) -> str:
    """As much of a text as a cell can hold; what is cut ends with a mark."""
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - len(CUT)] + CUT


def kept(text: str) -> str:
    """What is left of a text once it stood in a cell: no letters that XML forbids, one kind of line break."""
    plain = _UNLAWFUL.sub("", shortened(text)) if _PECULIAR.search(text) else shortened(text)
    return plain.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").strip()


def spelled(text: str) -> str:
    """Text as a cell may hold it; longer than Excel can hold, it ends with a mark."""
    text = shortened(text)
    if not _PECULIAR.search(text):
        return text
    return escape(_LOOKS_ESCAPED.sub("_x005F_", _UNLAWFUL.sub("", text)))


def serial(value: date) -> float | int:
    """A day, or a moment as the clock on the wall says it, as Excel counts them."""
    days = value.toordinal() - _EPOCH
    if not isinstance(value, datetime):
        return days
    return round(days + (value.hour * 3600 + value.minute * 60 + value.second) / 86400, 8)


class Marked:
    """The value of a cell in which something is wrong: shown on red ground, also when it is empty."""

    def __init__(self, value: Any) -> None:
        self.value = value


def cell(at: str, value: Any, style: int) -> str:
    """One cell. Numbers and days are such; everything else is text, whatever it begins with."""
    if isinstance(value, Marked):
        is_day = isinstance(value.value, date)  # days have a style of their own, so this one is told as text
        shown = value.value.isoformat() if is_day else value.value
        return cell(at, shown, FAULT) or f'<c r="{at}" s="{FAULT}"/>'
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return f'<c r="{at}" s="{style}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float) and value == value and abs(value) < 1e15:
        return f'<c r="{at}" s="{style}"><v>{value!r}</v></c>'
    if isinstance(value, date) and (value.date() if isinstance(value, datetime) else value) >= _FIRST:
        kind = MOMENT if isinstance(value, datetime) else DAY
        return f'<c r="{at}" s="{kind}"><v>{serial(value)}</v></c>'
    return text_cell(at, str(value), style)


def text_cell(at: str, text: str, style: int) -> str:
    kept = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() or "\n" in text else ""
    return f'<c r="{at}" s="{style}" t="inlineStr"><is><t{kept}>{spelled(text)}</t></is></c>'


def properties(values: Mapping[str, str]) -> str:
    """What a workbook says of itself; other programs keep it when they save the file."""
    told = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{at}" name={quoteattr(name)}>'
        f"<vt:lpwstr>{escape(value)}</vt:lpwstr></property>"
        for at, (name, value) in enumerate(values.items(), 2)
    )
    return f'{HEAD}<Properties xmlns="{CUSTOM}" xmlns:vt="{VALUES}">{told}</Properties>'


def row(number: int, cells: Sequence[str]) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'
