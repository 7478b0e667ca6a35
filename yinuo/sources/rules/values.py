"""Numbers of clauses that a workbook took for values: 4.10 became 4.1 there, and 4.1 the first of April.

What such a cell meant is said by the numbers above and below it in its column; it stays a doubt.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

from yinuo.sources.definition import Block
from yinuo.sources.rules import tables

SHORTENED = re.compile(r"(\d{1,3})\.([1-9])")
PLAIN = re.compile(r"(\d{1,3})\.(\d{1,3})")
DAY = re.compile(r"\d{4}-(\d\d)-(\d\d)")
FEWEST = 2  # numbers that make a column of numbers

Pair = tuple[int, int]


def meant(blocks: Sequence[Block]) -> dict[tuple[int, int], str]:
    """(block, column) of each such cell, and the number that it meant."""
    found: dict[tuple[int, int], str] = {}
    for start, end in tables.runs(blocks):
        columns: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for place in range(start, end):
            for which, cell in enumerate(blocks[place].text.split("\t")[: tables.FIRST_COLUMNS]):
                said = cell.strip()
                if PLAIN.fullmatch(said) or DAY.fullmatch(said):
                    columns[which].append((place, said))
        for which, held in columns.items():
            found |= {(place, which): number for place, number in _of_column(held)}
    return found


def _of_column(said: list[tuple[int, str]]) -> list[tuple[int, str]]:
    days = sum(bool(DAY.fullmatch(cell)) for _, cell in said)
    if len(said) - days < max(FEWEST, days):
        return []
    found = []
    before: Pair | None = None
    for at, (place, cell) in enumerate(said):
        after = _pair(said[at + 1][1]) if at + 1 < len(said) else None
        pair = _of_day(cell, before, after) or _lengthened(cell, before, after)
        if pair:
            found.append((place, f"{pair[0]}.{pair[1]}"))
        before = pair or _pair(cell) or before
    return found


def _pair(cell: str) -> Pair | None:
    match = PLAIN.fullmatch(cell)
    return (int(match[1]), int(match[2])) if match else None


def _of_day(cell: str, before: Pair | None, after: Pair | None) -> Pair | None:
    """Month and day as they were typed; the other way round where only that goes on."""
    match = DAY.fullmatch(cell)
    if not match:
        return None
    pair = (int(match[1]), int(match[2]))
    turned = (pair[1], pair[0])
    return turned if _goes_on(before, turned, after) and not _goes_on(before, pair, after) else pair


def _goes_on(before: Pair | None, pair: Pair, after: Pair | None) -> bool:
    is_next = bool(before) and before in ((pair[0], pair[1] - 1), (pair[0] - 1, before[1] if before else 0))
    return is_next or after == (pair[0], pair[1] + 1)


def _lengthened(cell: str, before: Pair | None, after: Pair | None) -> Pair | None:
    """4.1 between 4.9 and 4.11 is 4.10: the nought at the end was lost."""
    match = SHORTENED.fullmatch(cell)
    if not match or before is None:
        return None
    chapter, short = int(match[1]), int(match[2])
    whole = (chapter, short * 10)
    if before[0] != chapter or before[1] <= short:
        return None
    return whole if before[1] + 1 == whole[1] or after == (chapter, whole[1] + 1) else None
