"""Tables whose heading names the column of the numbers: what stands there is the number, however it is written.

`1-1-3`, `GOVSEC-1`, `Article 1er` need no grammar below a heading that calls them so. A row of such a table without a
number is a heading of those below it or a requirement of its own, unless its cell is merged with the one above.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from yinuo.sources.definition import Block
from yinuo.sources.rules import numbers, tables, words

FAMILY = "id:column"
FEWEST = 3  # numbers that make a column of numbers
LONGEST = 40
FURTHEST = 15  # rows above a table's heading: its title, its revision
TOKEN = re.compile(r"[^\s\u3400-\u9fff]{1,30}|\S{1,12}|.*\d.*|\w{1,12} [IVXLC]{1,5}")
PARTS = re.compile(r"[.\-_/ ()]+")
TRAILING = ".:：、 "


class Table(NamedTuple):
    """One table: its heading, the column of the numbers (-1: none), the number of each row ("" where it has none)."""

    head: int
    end: int
    column: int
    ids: dict[int, str]

    @property
    def loose(self) -> list[int]:
        """The rows without a number."""
        return [place for place, number in self.ids.items() if not number]


def found(blocks: Sequence[Block], meant: dict[tuple[int, int], str]) -> list[Table]:
    """The tables with such a column. In text, a column that the grammar reads by itself is left to it."""
    result = []
    histories = tables.histories(blocks)
    for start, end in tables.runs(blocks):
        for head, column in _heads(blocks, start, end):
            last = _end(blocks, head, end)
            ids = {
                place: _number(meant.get((place, column), _cell(blocks[place], column)))
                for place in range(head + 1, last)
                if place not in histories and blocks[place].text != blocks[head].text
            }
            first = next((place for place, number in ids.items() if number), head)
            ids = {place: number for place, number in ids.items() if place >= first or not _is_below(blocks[place])}
            ids = _above(blocks, start, head, column, ids.get(first, "")) | ids
            if _are_numbers(list(ids.values()), len(blocks[head].text.split("\t")) > 2) and (
                blocks[head].place.sheet or not _are_read(ids)
            ):
                result.append(Table(head, last, column, ids))
                break
    return result


def named(blocks: Sequence[Block], begun: set[int]) -> list[Table]:
    """The tables of a workbook with a heading but without any number: each of their rows says something by itself."""
    result = []
    histories = tables.histories(blocks)
    for start, end in tables.runs(blocks):
        if not blocks[start].place.sheet or any(place in begun or place in histories for place in range(start, end)):
            continue
        head = next((place for place in range(start, min(start + FURTHEST, end)) if _is_head(blocks[place])), -1)
        rows = {place: "" for place in range(head + 1, end) if blocks[place].text != blocks[head].text}
        if head >= 0 and len(rows) >= FEWEST and _say_much(blocks, list(rows)):
            result.append(Table(head, end, -1, rows))
    return result


def keys(table: Table, first: int) -> dict[int, tuple[int, ...]]:
    """The key of each row: counted from `first`, below the row whose number its own begins with (1-1 below 1)."""
    result: dict[int, tuple[int, ...]] = {}
    open_: list[tuple[tuple[str, ...], tuple[int, ...]]] = []  # parts of a number, its key
    at = first
    for place, number in table.ids.items():
        if not number:
            continue
        parts = tuple(part.casefold() for part in PARTS.split(number) if part)
        while open_ and not (len(open_[-1][0]) < len(parts) and parts[: len(open_[-1][0])] == open_[-1][0]):
            open_.pop()
        at += 1
        result[place] = (*(open_[-1][1] if open_ else ()), at * numbers.STEP)
        open_.append((parts, result[place]))
    return result


def _heads(blocks: Sequence[Block], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The rows that may be the heading, each with a column that it calls the number; the telling ones first."""
    for place in range(start, min(start + FURTHEST, end)):
        cells = [cell.strip() for cell in blocks[place].text.split("\t")]
        called = [which for which, cell in enumerate(cells) if tables.NUMBER_COLUMN.fullmatch(cell)]
        if not called or not _is_head(blocks[place]):
            continue
        telling = [which for which in called if not tables.COUNTING.fullmatch(cells[which])]
        for which in [*telling, *(each for each in called if each not in telling)]:
            yield place, which


def _is_head(block: Block) -> bool:
    """Whether a row reads like names of columns, one of them that of requirements."""
    cells = [cell.strip() for cell in block.text.split("\t") if cell.strip()]
    is_named = any(tables.OWN.search(cell) and not tables.NUMBER_COLUMN.fullmatch(cell) for cell in cells)
    return len(cells) > 1 and is_named and all(len(cell) <= LONGEST for cell in cells)


def _above(blocks: Sequence[Block], start: int, head: int, column: int, first: str) -> dict[int, str]:
    """The chapter that stands above the heading, in a row of its own: 4 before 4.1."""
    for place in range(head - 1, start - 1, -1):
        cell = _cell(blocks[place], column)
        number = _number(cell)
        if cell.strip() == blocks[place].text.strip() and number != cell.strip() and first.startswith(f"{number}."):
            return {place: number}
    return {}


def _is_below(block: Block) -> bool:
    """Whether a row above the first number is the second row of a heading: several names, all short."""
    cells = [cell for cell in block.text.split("\t") if cell.strip()]
    return len(cells) > 1 and all(len(cell) <= LONGEST for cell in cells)


def _end(blocks: Sequence[Block], head: int, end: int) -> int:
    """Where a table ends: before those who signed below it."""
    for place in range(head + 1, end):
        cells = [cell for cell in blocks[place].text.split("\t") if cell.strip()]
        if len(cells) > 1 and all(tables.SIGNED.match(cell.strip()) for cell in cells):
            return place
    return end


def _cell(block: Block, which: int) -> str:
    cells = block.text.split("\t")
    return cells[which] if which < len(cells) else ""


def _number(cell: str) -> str:
    """A number as it is shown in a clause; a chapter's title may stand behind it."""
    said = " ".join(cell.split())
    read = numbers.read(words.flat(said), 0)
    if read and (read[0].end >= len(said) or _is_titled(said, read[0].end)):
        return read[0].printed
    return said.rstrip(TRAILING)


def _is_titled(said: str, end: int) -> bool:
    is_apart = said[end - 1].isspace() or bool(words.IS_CJK.match(said[end]))
    return is_apart and bool(tables.WORD.search(said, end))


def length(cell: str) -> int:
    """How much of a cell its number takes."""
    lead = len(cell) - len(cell.lstrip())
    read = numbers.read(words.flat(cell), lead)
    is_titled = bool(read) and read[0].end < len(cell.rstrip()) and _is_titled(cell, read[0].end)
    return read[0].end if is_titled else len(cell)


def _are_numbers(said: list[str], is_wide: bool) -> bool:
    """Whether a column holds numbers; a table of but two columns may be a list of settings: `name`, `value`."""
    filled = [number for number in said if number]
    tokens = sum(len(number) <= LONGEST and bool(TOKEN.fullmatch(number)) for number in filled)
    is_much = len(filled) >= FEWEST and len(filled) * 10 >= len(said)
    counts = sum(any(sign.isdecimal() for sign in number) for number in filled) * 2 >= len(filled)
    return is_much and (counts or is_wide) and tokens >= len(filled) * 0.9 and len(set(filled)) >= len(filled) * 0.6


def _are_read(ids: dict[int, str]) -> bool:
    """Whether the grammar reads the numbers of a column, each in its whole length."""
    filled = [words.flat(number) for number in ids.values() if number]
    read = [(numbers.read(number, 0), number) for number in filled]
    return sum(bool(found) and found[0].end >= len(number) for found, number in read) >= len(filled) * 0.9


def _say_much(blocks: Sequence[Block], places: list[int]) -> bool:
    """Whether the rows hold words, not figures."""
    texts = [max(blocks[place].text.split("\t"), key=len) for place in places]
    long = sum(len(text) >= (8 if words.IS_CJK.search(text) else 25) for text in texts)
    return long * 2 >= len(places)


class Loose(NamedTuple):
    """A row without a number that begins a clause: at which cell; `is_head`: a heading of the rows below it."""

    block: int
    at: int
    is_head: bool


def loose(blocks: Sequence[Block], listed: Sequence[Table]) -> list[Loose]:
    """The rows without a number that are no rest of the row above them: something stands before their missing number,
    or they are alone above a numbered one.
    """
    result = []
    for table in listed:
        for place in table.loose:
            block = blocks[place]
            cells = [at for which, at in enumerate(tables.spans(block.text)) if _is_worded(block, at)]
            if not cells or table.column in block.joined:
                continue
            at, end = max(cells, key=lambda each: each[1] - each[0])
            is_head = table.column >= 0 and len(cells) == 1 and _is_title(block.text[at:end].strip())
            is_marked = table.column < 0 or any(each.strip() for each in block.text.split("\t")[: table.column])
            is_alone = block.text.strip() == block.text[at:end].strip() and bool(table.ids.get(place + 1))
            if is_marked or (is_head and is_alone):
                result.append(Loose(place, at, is_head))
    return result


def columns(listed: Sequence[Table], rows: Sequence[Loose]) -> dict[int, int]:
    """Headings stand above the rows that follow them: 0 for a heading, 1 for every other row of such a table."""
    heads = {row.block for row in rows if row.is_head}
    result: dict[int, int] = {}
    for table in listed:
        if not heads.isdisjoint(table.ids):
            begun = {row.block for row in rows}
            result |= {
                place: int(place not in heads) for place, number in table.ids.items() if number or place in begun
            }
    return result


def _is_worded(block: Block, span: tuple[int, int]) -> bool:
    cell = block.text[slice(*span)].strip()
    return bool(tables.WORD.search(cell)) and (len(cell) > tables.LONG_MARK or bool(words.IS_CJK.search(cell)))


def _is_title(cell: str) -> bool:
    is_short = len(cell) <= tables.LONG_ROW * 2 and cell[-1:] not in words.SENTENCE_END + ".,，、"
    return is_short and not words.MODALS.search(cell) and not numbers.read(words.flat(cell), 0)
