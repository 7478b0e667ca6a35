"""Footnotes of a page: the raised marks in its text, and the notes at its foot that begin with the same marks.

A raised sign without a note is no footnote (m², 10⁶) and stays.
"""

import re
from dataclasses import replace
from itertools import pairwise
from statistics import median

from yinuo.sources.readers.pdf.lines import Line
from yinuo.sources.readers.pdf.pieces import Page, Piece

MARK = re.compile(r"(?:\d{1,3}|[*†‡§]{1,3}|[a-z]|[①-⑳])[)）]?|\[\d{1,3}\]|[(（]\d{1,3}[)）]")
POWER = re.compile(r"(?:\d|(?<![A-Za-z])[kcdmµn]?m|(?<![A-Za-z])s)\s?$")  # m², s², 10³
SMALL = 0.82  # of the type size of what it hangs on
RAISED = 0.12
FURTHEST = 1.9  # type sizes between two lines of notes
FOOT = 0.5  # notes stand below so much of a page's height
SMALLER = 0.97  # a note is set smaller than the text


def apart(lines: list[Line], page: Page) -> tuple[list[Line], list[list[Line]], list[Line]]:
    """The lines of the text without their marks, the lines of each note, and what stands below the notes."""
    sizes = [line.size for line in lines for _ in line.text]
    usual = median(sizes) if sizes else 0.0
    begun = [at for at, line in enumerate(lines) if _is_begun(line, page, usual)]
    marks = {_said(lines[at].pieces[0]) for at in begun}
    if not begun or lines[begun[0] - 1].baseline > lines[begun[0]].baseline:
        return lines, [], []
    found = {id(piece) for line in lines[: begun[0]] for piece in _raised(line) if _said(piece) in marks}
    known = {_said(piece) for line in lines[: begun[0]] for piece in line.pieces if id(piece) in found}
    begun = [at for at in begun if _said(lines[at].pieces[0]) in known]
    if not begun:
        return lines, [], []
    text = [_without(line, found) for line in lines[: begun[0]]]
    last = _last(lines, begun[0], usual)
    begun = [at for at in begun if at < last]
    notes = [lines[at:end] for at, end in zip(begun, [*begun[1:], last], strict=True)]
    return [line for line in text if line.pieces], notes, lines[last:]


def _is_begun(line: Line, page: Page, usual: float) -> bool:
    """Whether a line at the foot of a page begins with a mark and is set smaller than the text."""
    is_low = line.baseline > page.height * FOOT and line.size < usual * SMALLER
    return is_low and len(line.pieces) > 1 and _is_mark(line.pieces, 0)


def _last(lines: list[Line], at: int, usual: float) -> int:
    """Where the notes end: before what stands apart from them, or is set as the text is."""
    end = at + 1
    while end < len(lines):
        gap = lines[end].baseline - lines[end - 1].baseline
        if gap > lines[end].size * FURTHEST or lines[end].size >= usual * SMALLER:
            break
        end += 1
    return end


def _raised(line: Line) -> list[Piece]:
    pairs = enumerate(pairwise(line.pieces), 1)
    return [piece for at, (other, piece) in pairs if _is_mark(line.pieces, at) and not POWER.search(other.text)]


def _is_mark(pieces: list[Piece], at: int) -> bool:
    """Whether a piece is a small raised sign beside the bigger one before or after it."""
    piece, other = pieces[at], pieces[at - 1] if at else pieces[at + 1]
    is_small = piece.size < other.size * SMALL
    return is_small and other.baseline - piece.baseline > other.size * RAISED and bool(MARK.fullmatch(piece.text))


def _said(piece: Piece) -> str:
    return piece.text.strip("[]()（）")


def _without(line: Line, marks: set[int]) -> Line:
    """The line without its marks; what stood on both sides of one stays as near as it was."""
    left: list[Piece] = []
    for piece in line.pieces:
        if id(piece) not in marks:
            left.append(piece)
        elif left:
            left[-1] = replace(left[-1], right=max(left[-1].right, piece.right))
    return line if len(left) == len(line.pieces) else Line(left, line.page, line.flow)
