"""Two languages side by side: each clause in one is followed by the same clause in the other, as its number says."""

import re
from collections.abc import Sequence

from yinuo.sources.readers.pdf.pieces import Piece, is_wide

NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,5})[.、]?(?=[\s\t]|[^\W\d_]|$)")
FEWEST = 2  # numbers that stand on both sides
MOSTLY, HARDLY = 0.5, 0.15  # of the letters of a side that are Chinese


def are_sides(left: Sequence[Piece], right: Sequence[Piece]) -> bool:
    """Whether one side is Chinese and the other is not, and both are numbered alike."""
    if not are_two_languages(left, right):
        return False
    one, other = _numbers(left), _numbers(right)
    both = one & other
    return len(both) >= FEWEST and len(both) * 2 > max(len(one), len(other))


def are_two_languages(left: Sequence[Piece], right: Sequence[Piece]) -> bool:
    """Whether one side is Chinese and the other is not."""
    low, high = sorted((_share(left), _share(right)))
    return low <= HARDLY and high >= MOSTLY


def may_be_two(pieces: Sequence[Piece]) -> bool:
    """Whether a page holds enough of both languages."""
    return HARDLY <= _share(pieces) <= 1 - HARDLY


def begin_alike(left: Sequence[Piece], right: Sequence[Piece]) -> bool:
    """Whether one line begins with the same number on both sides."""
    one, other = (NUMBERED.match(side[0].text) if side else None for side in (left, right))
    return bool(one and other and one[1] == other[1])


def woven(left: Sequence[str], right: Sequence[str]) -> list[tuple[bool, int, int]]:
    """The stretches of lines of both sides in reading order, each (is of the right side, from, to before): below each
    number of the left side stands what the right side says of it. What has no like on the left keeps its order.
    """
    ours, theirs = _stretches(left), _stretches(right)
    order: list[tuple[bool, int, int]] = []
    at = 0
    for number, begin, end in ours:
        order.append((False, begin, end))
        same = next((place for place in range(at, len(theirs)) if theirs[place][0] == number), -1)
        if same >= 0:
            order += [(True, *stretch[1:]) for stretch in theirs[at : same + 1]]
            at = same + 1
    return order + [(True, *stretch[1:]) for stretch in theirs[at:]]


def _stretches(lines: Sequence[str]) -> list[tuple[str, int, int]]:
    """The lines of a side, cut before each number; what stands before the first one has none."""
    begun = [(match[1], place) for place, line in enumerate(lines) if (match := NUMBERED.match(line))]
    if lines and (not begun or begun[0][1]):
        begun.insert(0, ("", 0))
    ends = [place for _, place in begun[1:]] + [len(lines)]
    return [(number, place, end) for (number, place), end in zip(begun, ends, strict=True)]


def _numbers(pieces: Sequence[Piece]) -> set[str]:
    return {match[1] for piece in pieces if (match := NUMBERED.match(piece.text))}


def _share(pieces: Sequence[Piece]) -> float:
    signs = [sign for piece in pieces for sign in piece.text if sign.isalpha()]
    return sum(map(is_wide, signs)) / len(signs) if signs else (HARDLY + MOSTLY) / 2
