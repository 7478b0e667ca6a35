"""Workbooks: every row of every sheet, with the address of its first cell.

Hidden sheets, rows and columns are noise. An empty cell keeps its place, so that columns stay columns.
"""

import re
from collections.abc import Iterator

from yinuo.kit.sheets import definition as sheets
from yinuo.kit.sheets import reading
from yinuo.sources.definition import Block, Fault, Noise, Place, Reading, Shape, Unreadable

FAULTS = {
    "empty": Fault.EMPTY,
    "password": Fault.ENCRYPTED,
    "enterprise": Fault.ENTERPRISE_ENCRYPTED,
    "bomb": Fault.BOMB,
    "too_large": Fault.TOO_LARGE,
    "too_long": Fault.TOO_LONG,
    "too_heavy": Fault.TOO_HEAVY,
}


DECIMALS = re.compile(r"0\.(0+)(?:_\s*)?")  # a number that is shown with so many decimals


def read(content: bytes, name: str) -> Reading:
    """The rows of a workbook; `Unreadable` says why there are none."""
    try:
        book = reading.read(content, name)
    except sheets.Unreadable as fault:
        raise Unreadable(FAULTS.get(fault.code, Fault.DAMAGED)) from None
    blocks: list[Block] = []
    noise: list[tuple[Block, Noise]] = []
    at = 0
    for grid in book.grids:
        for row, cells, is_hidden in _rows(grid):
            at += 1
            block = _block(at, grid, row, cells)
            if is_hidden:
                noise.append((block, Noise.HIDDEN))
            else:
                blocks.append(block)
    if not blocks:
        raise Unreadable(Fault.NO_TEXT)
    return Reading("xlsx", tuple(blocks), tuple(noise))


def _rows(grid: sheets.Grid) -> Iterator[tuple[int, tuple[str, ...], bool]]:
    """The rows that say something; what stands in hidden columns of a row comes after it, as a hidden one."""
    for row, values in enumerate(grid.rows, 1):
        cells = [said(value, grid.marks.get((row, column))) for column, value in enumerate(values, 1)]
        hidden = ["" if column not in grid.hidden_columns else cell for column, cell in enumerate(cells, 1)]
        shown = ["" if column in grid.hidden_columns else cell for column, cell in enumerate(cells, 1)]
        is_hidden = grid.is_hidden or row in grid.hidden_rows
        if is_hidden and any(cells):
            yield row, tuple(cells), True
            continue
        if any(shown):
            yield row, tuple(shown), False
        if any(hidden):
            yield row, tuple(hidden), True


def _block(at: int, grid: sheets.Grid, row: int, cells: tuple[str, ...]) -> Block:
    first = next(column for column, cell in enumerate(cells, 1) if cell)
    place = Place(block=at, sheet=grid.name, cell=sheets.address(row, first))
    joined = tuple(left - 1 for top, left, bottom, _ in grid.merged if top < row <= bottom)
    return Block("\t".join(cells), place, Shape.ROW, cells=cells, joined=joined)


def said(value: object, mark: sheets.Mark | None = None) -> str:
    """A cell's value as it reads: whole numbers without their point, decimals as the cell shows them (4.10)."""
    if value is None:
        return ""
    decimals = DECIMALS.fullmatch(mark.format) if mark else None
    if decimals and isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value:.{len(decimals[1])}f}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
