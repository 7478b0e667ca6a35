"""Workbooks: every row of every sheet, with the address of its first cell. Hidden sheets and rows are noise."""

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
        for row, values in enumerate(grid.rows, 1):
            cells = tuple(said(value) for value in values)
            if not any(cells):
                continue
            at += 1
            first = next(column for column, cell in enumerate(cells, 1) if cell)
            place = Place(block=at, sheet=grid.name, cell=sheets.address(row, first))
            block = Block("\t".join(cells), place, Shape.ROW, cells=cells)
            if grid.is_hidden or row in grid.hidden_rows:
                noise.append((block, Noise.HIDDEN))
            else:
                blocks.append(block)
    if not blocks:
        raise Unreadable(Fault.NO_TEXT)
    return Reading("xlsx", tuple(blocks), tuple(noise))


def said(value: object) -> str:
    """A cell's value as it reads: whole numbers without their point, days as they are written here."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
