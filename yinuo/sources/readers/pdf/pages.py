"""One page → its lines and rows of tables, in reading order."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from yinuo.sources.readers.pdf import aligned, notes, running, tables
from yinuo.sources.readers.pdf.lines import Line, in_columns, lines_of, two_languages
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
    is_note: bool = False  # a footnote


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
    inner, said_below, below = notes.apart(lines + foot, page)
    if said_below:
        lines, foot = inner, below
    items: list[Item] = [Item(page.number, line.text, line.box, [line]) for line in head]
    flow = 1
    for table in [*found, None]:  # what stands above the first table, between two, below the last
        above = [line for line in lines if table is None or line.baseline <= table.down[0] + 2]
        lines = [line for line in lines if table is not None and line.baseline > table.down[0] + 2]
        for part in _parts(above, page.width):
            if isinstance(part, list):
                items += _aligned(part, page, flow)
            else:
                part.flow += flow
                items.append(Item(page.number, part.text, part.box, [part]))
        flow += 100
        if table is not None:
            items += _rows(table, page, flow)
    for note in said_below:
        for line in note:
            line.flow = flow
        items.append(Item(page.number, "\n".join(line.text for line in note), _around(note), note, is_note=True))
    for line in foot:
        line.flow = flow + 1
        items.append(Item(page.number, line.text, line.box, [line]))
    return items


def _apart(lines: list[Line], page: Page) -> tuple[list[Line], list[Line], list[Line]]:
    """What stands apart above and below: heads and feet run over all columns."""
    elements = [running.Element(line.text, page.number, line.box[1], line.box[3], page.height) for line in lines]
    above = len(running.edge_of(elements, at_top=True))
    below = min(len(running.edge_of(elements, at_top=False)), len(lines) - above)
    above = min(above, two_languages(lines, page.width)) if above else 0
    for begin, end in aligned.found(lines):  # a table may begin or end at the edge
        above = begin if begin < above < end else above
        below = len(lines) - end if begin < len(lines) - below < end else below
    return lines[:above], lines[above : len(lines) - below], lines[len(lines) - below :]


def _parts(lines: list[Line], width: float) -> Iterator[Line | list[Line]]:
    """Lines in reading order; those that make a table stand together."""
    ordered = in_columns(lines, width)
    if any(line.flow for line in ordered):  # columns of text
        yield from ordered
        return
    at = 0
    for begin, end in aligned.found(ordered):
        yield from ordered[at:begin]
        yield ordered[begin:end]
        at = end
    yield from ordered[at:]


def _aligned(lines: list[Line], page: Page, flow: int) -> list[Item]:
    """The rows of a table without lines."""
    rows: list[Item] = []
    for row in aligned.rows(lines):
        cells = [lines_of(pieces, page.number) for pieces in row]
        flat = [line for members in cells for line in members]
        said = tuple("\n".join(each.text() for each in paragraphs_of(members)) for members in cells)
        rows.append(Row(page.number, "\t".join(said), _around(flat), flat, cells=said, place_in_table=len(rows)))
    return rows


def _around(lines: list[Line]) -> Box:
    left, top, right, bottom = zip(*(line.box for line in lines), strict=True)
    return min(left), min(top), max(right), max(bottom)


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
        rows.append(Row(page.number, "\t".join(said), box, flat, cells=said, place_in_table=len(rows)))
    return rows
