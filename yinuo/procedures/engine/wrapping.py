"""Measuring and breaking words for a drawing, Chinese and English, without knowing the font exactly."""

from __future__ import annotations

import re
import unicodedata

_WIDE = {"W", "F"}
_NARROW = frozenset("iljtfrI.,:;'|!()[] ")
_BROAD = frozenset("mwMWOQ@%&")
NOT_FIRST = frozenset("，。、；：！？）》〉”’…%,.;:!?)]}")
NOT_LAST = frozenset("（《〈“‘([{")
_PIECES = re.compile(r"[^\u2e80-\uffff\s]+|\s+|[\u2e80-\uffff]")


def width_of(text: str, size: float) -> float:
    """The width in pixels of one line in a sans font of this size, a little on the safe side."""
    return size * sum(_em(sign) for sign in text)


def _em(sign: str) -> float:
    if unicodedata.east_asian_width(sign) in _WIDE or sign in "“”‘’…—●○✓↩":
        return 1.0
    if sign in _NARROW:
        return 0.33
    if sign in _BROAD:
        return 0.86
    return 0.68 if sign.isupper() else 0.56


def wrapped(text: str, size: float, widths: tuple[float, ...], most: int = 3) -> list[str]:
    """Lines no wider than allowed: `widths` per line, the last for all further. English breaks between words,
    Chinese between signs but not before closing or after opening punctuation. A last line of a sign or two is
    avoided; beyond `most` lines "…" stands."""
    pieces = _joined(_PIECES.findall(" ".join(text.split())))
    lines = _filled(pieces, size, widths)
    if len(widths) == 1 and 1 < len(lines) <= most and width_of(lines[-1], size) < widths[0] / 3:
        even = max(width_of(text, size) / len(lines) * 1.15, 3 * size)
        evened = _filled(pieces, size, (min(even, widths[0]),))
        lines = evened if len(evened) == len(lines) else lines
    if len(lines) > most:
        limit = widths[min(most, len(widths)) - 1]
        glue = " " if lines[most][0].isascii() and lines[most - 1][-1].isascii() else ""
        last = lines[most - 1] + glue + lines[most]
        while last and width_of(last + "…", size) > limit:
            last = last[:-1]
        lines = [*lines[: most - 1], last.rstrip() + "…"]
    return lines or [""]


def _filled(pieces: list[str], size: float, widths: tuple[float, ...]) -> list[str]:
    lines: list[str] = []
    line = ""
    for piece in pieces:
        limit = widths[min(len(lines), len(widths) - 1)]
        if not line or width_of(line + piece.rstrip(), size) <= limit:
            line = (line + piece) if line else piece.lstrip()
            continue
        lines.append(line.rstrip())
        line = piece.lstrip()
    if line.strip():
        lines.append(line.rstrip())
    return lines


def _joined(pieces: list[str]) -> list[str]:
    """Pieces with closing punctuation bound to what is before it, and opening punctuation to what follows."""
    bound: list[str] = []
    for piece in pieces:
        if bound and (piece[0] in NOT_FIRST or bound[-1][-1] in NOT_LAST):
            bound[-1] += piece
        else:
            bound.append(piece)
    return bound
