"""Pieces → lines in reading order, column by column."""

from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from yinuo.sources.readers.pdf import bilingual
from yinuo.sources.readers.pdf.pieces import Piece, is_wide

SPAN = (0.3, 0.7)  # where a gutter between two columns may stand, as a share of the page's width
GUTTER = 5.0  # points to each side that no line may cross
LEAST = 8  # lines that must stand beside each other for two columns


@dataclass(slots=True)
class Line:
    """One line of text. `flow` numbers the columns of the document: lines of one flow stand below each other."""

    pieces: list[Piece]
    page: int
    flow: int = 0

    @property
    def text(self) -> str:
        said = self.pieces[0].text
        for before, piece in pairwise(self.pieces):
            gap = piece.left - before.right
            size = max(piece.size, before.size, 1.0)
            between = "\t" if gap > size * 1.6 else " " if gap > size * 0.22 and not _is_tight(said, piece.text) else ""
            said += between + piece.text
        return said

    @property
    def left(self) -> float:
        return self.pieces[0].left

    @property
    def right(self) -> float:
        return max(piece.right for piece in self.pieces)

    @property
    def baseline(self) -> float:
        return max(self.pieces, key=lambda piece: len(piece.text)).baseline

    @property
    def size(self) -> float:
        return max(self.pieces, key=lambda piece: len(piece.text)).size

    @property
    def is_bold(self) -> bool:
        signs = sum(len(piece.text) for piece in self.pieces)
        return sum(len(piece.text) for piece in self.pieces if piece.is_bold) >= signs * 0.5

    @property
    def box(self) -> tuple[float, float, float, float]:
        return (
            self.left,
            min(piece.top for piece in self.pieces),
            self.right,
            max(piece.bottom for piece in self.pieces),
        )


def lines_of(pieces: list[Piece], page: int) -> list[Line]:
    """Pieces that stand on one line, from the upper line down. A raised or lowered sign belongs to its line."""
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda each: (each.baseline, each.left)):
        near = [line for line in lines[-4:] if _is_beside(line, piece)]
        if near:
            near[-1].append(piece)
        else:
            lines.append([piece])
    made = [Line(sorted(line, key=lambda piece: piece.left), page) for line in lines]
    return sorted(made, key=lambda line: (line.baseline, line.left))


def in_columns(lines: list[Line], width: float) -> list[Line]:
    """The lines of one page in reading order: what runs over the whole width, then left column, then right one."""
    cut = _gutter(lines, width)
    if cut is None:
        return lines
    x, begin, end = cut
    left: list[Line] = []
    right: list[Line] = []
    for line in lines[begin:end]:
        sides = (
            [piece for piece in line.pieces if piece.right <= x],
            [piece for piece in line.pieces if piece.left >= x],
        )
        for side, column in zip(sides, (left, right), strict=True):
            if side:
                column.append(Line(side, line.page))
    above, below = in_columns(lines[:begin], width), in_columns(lines[end:], width)
    ordered: list[Line] = []
    flow = 0
    for part in (above, *_sides(left, right), below):
        highest = max((line.flow for line in part), default=-1) + 1
        for line in part:
            line.flow += flow
        flow += highest
        ordered += part
    return ordered


def two_languages(lines: list[Line], width: float) -> int:
    """The first line in which a clause begins in two languages side by side; after the last one if none does."""
    if not bilingual.may_be_two([piece for line in lines for piece in line.pieces]):
        return len(lines)
    cut = _gutter(lines, width)
    x, begin, end = cut or (0.0, len(lines), len(lines))
    for at in range(begin, end):
        left = [piece for piece in lines[at].pieces if piece.right <= x]
        right = [piece for piece in lines[at].pieces if piece.left >= x]
        if bilingual.begin_alike(left, right):
            return at
    return len(lines)


def _sides(left: list[Line], right: list[Line]) -> list[list[Line]]:
    """Two columns: one after the other, or clause by clause where they say the same in two languages."""
    sides = [[piece for line in side for piece in line.pieces] for side in (left, right)]
    if not bilingual.are_two_languages(*sides):
        return [left, right]
    order = bilingual.woven([line.text for line in left], [line.text for line in right])
    return [(right if is_right else left)[begin:end] for is_right, begin, end in order]


def _gutter(lines: list[Line], width: float) -> tuple[float, int, int] | None:
    """Where a gutter stands, and between which lines: the longest stretch that no piece crosses and both sides fill."""
    best: tuple[int, float, int, int] | None = None
    x = width * SPAN[0]
    while x < width * SPAN[1]:
        for begin, end in _stretches(lines, x):
            pieces = [piece for line in lines[begin:end] for piece in line.pieces]
            left, right = [each for each in pieces if each.right < x], [each for each in pieces if each.left > x]
            count = min(len(left), len(right))
            is_best = best is None or count > best[0]
            if is_best and (bilingual.are_sides(left, right) or (count >= LEAST and _are_columns(left, right))):
                best = count, x, begin, end
        x += 4
    return None if best is None else best[1:]


def _stretches(lines: list[Line], x: float) -> list[tuple[int, int]]:
    """Runs of lines none of which crosses the place."""
    runs, begin = [], None
    for at, line in enumerate(lines):
        is_free = all(piece.right < x - GUTTER or piece.left > x + GUTTER for piece in line.pieces)
        if is_free and begin is None:
            begin = at
        elif not is_free and begin is not None:
            runs.append((begin, at))
            begin = None
    if begin is not None:
        runs.append((begin, len(lines)))
    return runs


def _are_columns(left: list[Piece], right: list[Piece]) -> bool:
    """Whether both sides are running text that stands beside each other: not the columns of a table, nor a margin."""
    (left_width, left_share), (right_width, right_share) = _filled(left), _filled(right)
    top = max(min(piece.baseline for piece in left), min(piece.baseline for piece in right))
    bottom = min(max(piece.baseline for piece in left), max(piece.baseline for piece in right))
    high = min(max(p.baseline for p in side) - min(p.baseline for p in side) for side in (left, right))
    is_beside = bottom - top > high * 0.6
    return is_beside and 0.6 < left_width / max(right_width, 1.0) < 1.6 and min(left_share, right_share) > 0.75


def _filled(pieces: list[Piece]) -> tuple[float, float]:
    """How wide a side is, in points, and how much of it its usual line fills."""
    begin, end = min(piece.left for piece in pieces), max(piece.right for piece in pieces)
    reach: dict[int, float] = {}
    for piece in pieces:
        key = round(piece.baseline)
        reach[key] = max(reach.get(key, 0.0), (piece.right - begin) / max(end - begin, 1.0))
    return end - begin, median(reach.values())


def _is_beside(line: list[Piece], piece: Piece) -> bool:
    other = max(line, key=lambda each: each.size)
    size = max(other.size, piece.size)
    apart = abs(other.baseline - piece.baseline)
    if apart <= size * 0.2:
        return True
    if apart <= size * 0.35 and all(_gap(each, piece) > size * 0.9 for each in line):  # cells in different fonts
        return True
    is_small = min(other.size, piece.size) < size * 0.8
    touches = any(piece.left - each.right < size * 0.5 and each.left - piece.right < size * 0.5 for each in line)
    return is_small and touches and abs(other.baseline - piece.baseline) <= size * 0.55


def _gap(one: Piece, other: Piece) -> float:
    return max(other.left - one.right, one.left - other.right)


def _is_tight(before: str, after: str) -> bool:
    """Between Chinese signs there is no space, however far they stand apart."""
    return is_wide(before[-1:]) and is_wide(after[:1])
