"""One page → its lines and rows of tables, in reading order."""

from dataclasses import dataclass, field

from yinuo.sources.readers.pdf import tables
from yinuo.sources.readers.pdf.lines import Line, in_columns, lines_of
from yinuo.sources.readers.pdf.paragraphs import paragraphs_of
from yinuo.sources.readers.pdf.pieces import Page

Box = tuple[float, float, float, float]


@dataclass(slots=True)
class Item:
    """A line, or a row of a table, of one page."""

    page: int
    text: str
    box: Box
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Row(Item):
    """A row: the texts of its cells. `is_first`: the first of its table."""

    cells: tuple[str, ...] = ()
    is_first: bool = False


def items_of(page: Page) -> list[Item]:
    """What stands on a page, from the upper left on."""
    found = tables.found(page.rules, page.pieces)
    inside = {id(piece) for table in found for cell in table.cells for piece in cell.pieces}
    lines = lines_of([piece for piece in page.pieces if id(piece) not in inside], page.number)
    items: list[Item] = []
    flow = 0
    for table in [*found, None]:  # what stands above the first table, between two, below the last
        above = [line for line in lines if table is None or line.baseline <= table.down[0] + 2]
        lines = [line for line in lines if table is not None and line.baseline > table.down[0] + 2]
        ordered = in_columns(above, page.width)
        for line in ordered:
            line.flow += flow
            items.append(Item(page.number, line.text, line.box, [line]))
        flow += 100
        if table is not None:
            items += _rows(table, page, flow)
    return items


def _rows(table: tables.Table, page: Page, flow: int) -> list[Item]:
    rows: list[Item] = []
    for top, bottom, cells in table.rows():
        box = (table.across[0], top, table.across[-1], bottom)
        lines = [lines_of(cell.pieces, page.number) for cell in cells]
        flat = [line for members in lines for line in members]
        if not flat:
            continue
        if len(cells) == 1 and cells[0].last_column - cells[0].column == len(table.across) - 2:
            for line in flat:  # one cell over the whole width: text
                line.flow = flow
                rows.append(Item(page.number, line.text, line.box, [line]))
            continue
        said = tuple("\n".join(each.text for each in paragraphs_of(members)) for members in lines)
        rows.append(Row(page.number, "\t".join(said), box, flat, said, is_first=not rows))
    return rows
