"""Groups that stand in cells before the numbers of a sheet, said once or in every row: they are clauses above them."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from yinuo.sources.definition import Block
from yinuo.sources.rules import tables

Cell = tuple[int, int, int]  # block, where the cell begins in its text, column


def cells(blocks: Sequence[Block], cuts: dict[int, int]) -> tuple[dict[int, int], list[Cell]]:
    """The column of each numbered row below groups, and the cells that begin a group."""
    columns: dict[int, int] = {}
    begun: list[Cell] = []
    for start, end in tables.runs(blocks):
        places = [place for place in range(start, end) if place in cuts]
        if not places or not blocks[start].place.sheet:
            continue
        own = {place: blocks[place].text.count("\t", 0, cuts[place]) for place in places}
        names = tables.names(blocks, start, places)
        before = [which for which in range(min(own.values())) if _tells(blocks, places, which, names)]
        found = list(_begun(blocks, places, before))
        if found:
            columns |= own
            begun += found
    return columns, begun


def _tells(blocks: Sequence[Block], places: list[int], which: int, names: list[str]) -> bool:
    """Whether a column holds groups: words, each in rows that stand together, and not what only stands beside."""
    said = [cell for cell in (_said(blocks[place], which) for place in places) if cell]
    name = names[which] if which < len(names) else ""
    stretches = [cell for cell, _ in groupby(said)]
    is_named = bool(tables.BESIDE.search(name)) or bool(tables.NUMBER_COLUMN.fullmatch(name))
    is_worded = bool(said) and all(tables.WORD.search(cell) and len(cell) <= tables.LONG_ROW for cell in said)
    return is_worded and not is_named and tables.is_repeated(blocks, places, which) and _is_once(stretches, which)


def _is_once(stretches: list[str], which: int) -> bool:
    """The first column says each group once; further to the right the same word may stand in several groups."""
    return which > 0 or len(set(stretches)) == len(stretches)


def _begun(blocks: Sequence[Block], places: list[int], before: list[int]) -> Iterator[Cell]:
    last: dict[int, str] = {}
    for place in places:
        for which in before:
            cell = _said(blocks[place], which)
            if cell and last.get(which) != cell:
                last = {column: words for column, words in last.items() if column < which} | {which: cell}
                yield place, tables.spans(blocks[place].text)[which][0], which


def _said(block: Block, which: int) -> str:
    cells = block.text.split("\t")
    return cells[which].strip() if which < len(cells) else ""
