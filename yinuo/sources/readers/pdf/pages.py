"""One page → its lines and rows of tables, in reading order."""

from dataclasses import dataclass, field

from yinuo.sources.readers.pdf import running, tables
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
    """A row: the texts of its cells, and its place among the rows of its table on this page, from 0."""

    cells: tuple[str, ...] = ()
    place_in_table: int = 0


def items_of(page: Page) -> list[Item]:
    """What stands on a page, from the upper left on."""
    found = tables.found(page.rules, page.pieces)
    inside = {id(piece) for table in found for cell in table.cells for piece in cell.pieces}
    lines = lines_of([piece for piece in page.pieces if id(piece) not in inside], page.number)
    head, lines, foot = _apart(lines, page)
    items: list[Item] = [Item(page.number, line.text, line.box, [line]) for line in head]
    flow = 1
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
    for line in foot:
        line.flow = flow + 1
        items.append(Item(page.number, line.text, line.box, [line]))
    return items


def _apart(lines: list[Line], page: Page) -> tuple[list[Line], list[Line], list[Line]]:
    """What stands apart above and below: heads and feet run over all columns."""
    elements = [running.Element(line.text, page.number, line.box[1], line.box[3], page.height) for line in lines]
    above = len(running.edge_of(elements, at_top=True))
    below = min(len(running.edge_of(elements, at_top=False)), len(lines) - above)
    return lines[:above], lines[above : len(lines) - below], lines[len(lines) - below :]


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
        said = tuple("\n".join(each.text() for each in paragraphs_of(members)) for members in lines)
        rows.append(Row(page.number, "\t".join(said), box, flat, said, place_in_table=len(rows)))
    return rows
