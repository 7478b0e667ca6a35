"""Tables of a page, by the lines that are drawn around their cells."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from yinuo.sources.readers.pdf.pieces import Piece, Rule

TOUCH = 2.5  # points by which two lines may miss each other
MOST = 8000  # lines of a page: that is a drawing, no table
CROWDED = 45  # lines of text in one cell: that is a frame around a page, not a cell


@dataclass(slots=True)
class Cell:
    """One cell: from row and column, to row and column (both included), and the pieces in it."""

    row: int
    column: int
    last_row: int
    last_column: int
    pieces: list[Piece] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """A table: where its columns and rows begin and end, in points, and its cells by row and column."""

    across: list[float]
    down: list[float]
    cells: list[Cell]

    @property
    def box(self) -> tuple[float, float, float, float]:
        return self.across[0], self.down[0], self.across[-1], self.down[-1]

    def holds(self, piece: Piece) -> bool:
        left, top, right, bottom = self.box
        return left - TOUCH <= (piece.left + piece.right) / 2 <= right + TOUCH and (
            top - TOUCH <= piece.baseline - piece.size * 0.3 <= bottom + TOUCH
        )

    def rows(self) -> Iterable[tuple[float, float, list[Cell]]]:
        """Top, bottom and cells of each row; a cell that spans rows stands in its first one."""
        for row in range(len(self.down) - 1):
            yield self.down[row], self.down[row + 1], [cell for cell in self.cells if cell.row == row]


def found(rules: list[Rule], pieces: list[Piece]) -> list[Table]:
    """The tables of a page with text in at least two of their cells, from the upper one down."""
    tables: list[Table] = []
    if len(rules) > MOST:
        return tables
    for group in _joined(_merged(rules)):
        table = _table(group)
        if table is None:
            continue
        for piece in pieces:
            if table.holds(piece):
                _put(table, piece)
        filled = [cell for cell in table.cells if cell.pieces]
        if len(filled) >= 2 and max(len({round(p.baseline) for p in cell.pieces}) for cell in filled) <= CROWDED:
            tables.append(table)
    return sorted(tables, key=lambda table: table.down[0])


def _merged(rules: list[Rule]) -> list[Rule]:
    """Strokes that go on from one another as one line; a line drawn as a narrow box is one, not two."""
    merged: list[Rule] = []
    for rule in sorted(rules, key=lambda each: (each.is_level, round(each.at / TOUCH), each.begin)):
        last = merged[-1] if merged else None
        if (
            last is not None
            and last.is_level == rule.is_level
            and abs(last.at - rule.at) <= TOUCH
            and rule.begin <= last.end + TOUCH
        ):
            merged[-1] = Rule(last.is_level, last.at, last.begin, max(last.end, rule.end))
        else:
            merged.append(rule)
    return merged


def _joined(rules: list[Rule]) -> list[list[Rule]]:
    """Groups of lines that touch each other."""
    groups = list(range(len(rules)))

    def root(at: int) -> int:
        while groups[at] != at:
            groups[at] = groups[groups[at]]
            at = groups[at]
        return at

    level = [at for at, rule in enumerate(rules) if rule.is_level]
    upright = [at for at, rule in enumerate(rules) if not rule.is_level]
    for one in level:
        for other in upright:
            if _touch(rules[one], rules[other]):
                groups[root(one)] = root(other)
    together: dict[int, list[Rule]] = {}
    for at, rule in enumerate(rules):
        together.setdefault(root(at), []).append(rule)
    return list(together.values())


def _touch(level: Rule, upright: Rule) -> bool:
    return (
        level.begin - TOUCH <= upright.at <= level.end + TOUCH
        and upright.begin - TOUCH <= level.at <= upright.end + TOUCH
    )


def _table(rules: list[Rule]) -> Table | None:
    across = _places(rule.at for rule in rules if not rule.is_level)
    down = _places(rule.at for rule in rules if rule.is_level)
    if len(across) < 2 or len(down) < 2 or len(across) + len(down) < 5:
        return None
    taken: dict[tuple[int, int], Cell] = {}
    cells = []
    for row in range(len(down) - 1):
        for column in range(len(across) - 1):
            if (row, column) in taken:
                continue
            cell = _cell(rules, across, down, row, column)
            cells.append(cell)
            for r in range(row, cell.last_row + 1):
                for c in range(column, cell.last_column + 1):
                    taken[r, c] = cell
    return Table(across, down, cells)


def _cell(rules: list[Rule], across: list[float], down: list[float], row: int, column: int) -> Cell:
    """The cell that begins there: it goes on to the right and downwards until a line stops it."""
    last_column = column
    middle = (down[row] + down[row + 1]) / 2
    while last_column < len(across) - 2 and not _stands(rules, False, across[last_column + 1], middle):
        last_column += 1
    last_row = row
    centre = (across[column] + across[last_column + 1]) / 2
    while last_row < len(down) - 2 and not _stands(rules, True, down[last_row + 1], centre):
        last_row += 1
    return Cell(row, column, last_row, last_column)


def _stands(rules: list[Rule], is_level: bool, at: float, along: float) -> bool:
    """Whether a line is drawn there."""
    return any(
        rule.is_level == is_level and abs(rule.at - at) <= TOUCH and rule.begin - TOUCH <= along <= rule.end + TOUCH
        for rule in rules
    )


def _places(places: Iterable[float]) -> list[float]:
    """Places in order; those that nearly coincide are one."""
    distinct: list[float] = []
    for place in sorted(places):
        if not distinct or place - distinct[-1] > TOUCH:
            distinct.append(place)
    return distinct


def _put(table: Table, piece: Piece) -> None:
    x, y = (piece.left + piece.right) / 2, piece.baseline - piece.size * 0.3
    for cell in table.cells:
        if (
            table.across[cell.column] - TOUCH <= x <= table.across[cell.last_column + 1] + TOUCH
            and table.down[cell.row] - TOUCH <= y <= table.down[cell.last_row + 1] + TOUCH
        ):
            cell.pieces.append(piece)
            return
