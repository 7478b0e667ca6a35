"""A text with its tracked changes in their places: what stays, what was put in, what was struck out, and by whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from yinuo.sources.definition import Change


@dataclass(frozen=True)
class Piece:
    """A piece of a text: `how` is "same", "in" or "out"; `by` and `at` (ISO 8601) of who changed it, if said."""

    how: str
    text: str
    by: str = ""
    at: str = ""


def shown(text: str, changes: Sequence[Change]) -> list[Piece]:
    """The text as accepted, with what was put in marked and what was struck out at its place. No word of the text is
    lost; a change whose place is not found any more stands where the one before it ended."""
    pieces: list[Piece] = []
    at = 0
    for change in changes:
        place, end = _place(text, change, at)
        if place > at:
            pieces.append(Piece("same", text[at:place]))
        if not change.is_insertion:
            pieces.append(Piece("out", change.text, change.by, change.at))
        elif end > place:
            pieces.append(Piece("in", text[place:end], change.by, change.at))
        at = max(place, end)
    if at < len(text):
        pieces.append(Piece("same", text[at:]))
    return _joined(pieces)


def _place(text: str, change: Change, at: int) -> tuple[int, int]:
    """From where to where a change stands in the text, not before `at`: behind the words before it; what was put in at
    its own words, what was struck out nowhere."""
    before = change.before.lstrip()
    found = text.find(before, max(0, at - len(before))) if before else -1
    place = max(at, found + len(before)) if found >= 0 else at
    if change.is_insertion:
        for own in filter(None, (change.text, change.text.strip())):
            start = text.find(own, place)
            if start >= 0:
                return start, start + len(own)
    return place, place


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces of the same person and day behind each other are one: Word cuts runs as it likes."""
    joined: list[Piece] = []
    for each in pieces:
        last = joined[-1] if joined else None
        if last is not None and (last.how, last.by, last.at) == (each.how, each.by, each.at):
            joined[-1] = Piece(each.how, last.text + each.text, each.by, each.at)
        else:
            joined.append(each)
    return joined
