"""Tables without lines: at least three columns that nothing crosses, over at least three lines."""

import re
from itertools import pairwise

from yinuo.sources.readers.pdf.lines import Line
from yinuo.sources.readers.pdf.pieces import Piece

FEWEST = 3  # columns, and lines that fill so many of them
GUTTER = 0.4  # type sizes between two columns
FURTHEST = 4.0  # type sizes between two lines of one table
APART = 1.3  # rows stand further apart than the lines of a cell
NUMBER = re.compile(r"[#(\[]?[A-Z\d][\w.\-/]{0,14}[.)\]:]?|[A-Z]{2,6} ?\d[\d.]*|第.{1,4}条|[#☐✓•-]")
LEADER = re.compile(r"[.…·]{4,}|(?:\s\.){4,}")
PAGE = re.compile(r"\d{1,4}|[ivxlc]{1,6}")

Span = tuple[float, float]


def found(lines: list[Line]) -> list[tuple[int, int]]:
    """The stretches of lines that are tables, from one to before another."""
    stretches: list[tuple[int, int]] = []
    at = 0
    while at < len(lines):
        end = _end(lines, at) if len(lines[at].pieces) >= FEWEST else at
        if end > at and _is_table(lines[at:end]):
            begin = _begin(lines, at, stretches[-1][1] if stretches else 0, columns(lines[at:end]))
            stretches.append((begin, end))
            at = end
        else:
            at += 1
    return stretches


def columns(lines: list[Line]) -> list[Span]:
    """Where the columns of some lines begin and end: what no piece crosses lies between them."""
    size = max(line.size for line in lines)
    merged: list[Span] = []
    for left, right in sorted((piece.left, piece.right) for line in lines for piece in line.pieces):
        if merged and left - merged[-1][1] < size * GUTTER:
            merged[-1] = (merged[-1][0], max(merged[-1][1], right))
        else:
            merged.append((left, right))
    return merged


def rows(lines: list[Line]) -> list[list[list[Piece]]]:
    """The rows of a table, each as the pieces of its cells."""
    across = columns(lines)
    begun = _begun(lines, across)
    ends = [*begun[1:], len(lines)]
    groups = [lines[at:end] for at, end in zip(begun, ends, strict=True)]
    return [
        [[piece for line in group for piece in line.pieces if begin - 1 <= piece.left <= end] for begin, end in across]
        for group in groups
    ]


def _begun(lines: list[Line], across: list[Span]) -> list[int]:
    """The lines that begin a row: those that stand further apart than others, or those that fill the first column
    where it says a number; where cells are centred, only the distance tells.
    """
    first = [at for at, line in enumerate(lines) if line.left <= across[0][1]]
    numbered = [at for at in first if NUMBER.fullmatch(lines[at].pieces[0].text)]
    gaps = [b.baseline - a.baseline for a, b in pairwise(lines)]
    usual = sorted(gaps)[len(gaps) // 10]
    apart = [0, *(at for at, gap in enumerate(gaps, 1) if gap > usual * APART)]
    is_telling = len(apart) * 8 > len(lines)
    if is_telling and sum(at in first for at in apart) < len(apart) * 0.7:
        return apart
    if len(numbered) >= len(first) * 0.7:
        return sorted({0, *first})
    if is_telling:
        return apart
    return [at for at, line in enumerate(lines) if not at or line.left <= across[0][1] or len(line.pieces) >= FEWEST]


def _end(lines: list[Line], begin: int) -> int:
    """How far the columns of a line go on: until one is crossed, or nothing stands near."""
    at = begin + 1
    across = columns(lines[begin:at])
    while at < len(lines) and lines[at].baseline - lines[at - 1].baseline < FURTHEST * lines[at].size:
        more = columns(lines[begin : at + 1])
        if len(more) < FEWEST or _are_crossed(across, more):
            break
        across, at = more, at + 1
    return at


def _begin(lines: list[Line], first: int, least: int, across: list[Span]) -> int:
    """The heading may stand above the first line that fills all columns."""
    at = first
    while at > least and lines[at].baseline - lines[at - 1].baseline < FURTHEST * lines[at].size / 2:
        line = lines[at - 1]
        if len(line.pieces) < 2 or _are_crossed(across, columns([*lines[at - 1 : at], *lines[first : first + 3]])):
            break
        at -= 1
    return at


def _are_crossed(before: list[Span], after: list[Span]) -> bool:
    """Whether two columns became one."""
    return any(sum(begin <= left and right <= end for left, right in before) > 1 for begin, end in after)


def _is_table(lines: list[Line]) -> bool:
    """Whether enough lines fill enough columns, and it is no table of contents."""
    full = [line for line in lines if len(line.pieces) >= FEWEST]
    last = [line.pieces[-1].text for line in full]
    led = sum(bool(LEADER.search(line.text)) for line in lines)
    is_contents = led * 2 > len(lines) or (len(columns(lines)) == FEWEST and all(map(PAGE.fullmatch, last)))
    is_headed = len(full) > 1 and full[0] is lines[0] and not any(map(str.isdecimal, full[0].text))
    return (len(full) >= FEWEST or is_headed) and len(full) * 5 >= len(lines) and not is_contents
