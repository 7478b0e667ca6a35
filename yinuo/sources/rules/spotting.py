"""Words of the field, and where they stand in a text.

A text becomes pieces: each Chinese character, each other word without its ending, and the signs at which a thought
ends. A word of the field is a row of pieces, so 控 制 计划 and "control plans" are found as they were printed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from yinuo.sources.rules import words

_PIECE = re.compile(rf"[{words.CJK}]|\d+|[^\W\d_{words.CJK}]+|[。；;！!？?，、：:()\[\]《》\"“”|\n]|[.,](?=\s|$)")
_ENDS = frozenset("。；;！!？?\n.")
_SHOUTED = frozenset(
    ("AP", "CAR", "CC", "COP", "DOT", "REACH", "SC", "STEP")
)  # other words when they are not in capitals
PAUSE = "|"  # where a thought ends: no word of the field goes over it


class Piece(NamedTuple):
    """One character or word as it is compared, and where it stands."""

    word: str
    start: int
    end: int


class Found(NamedTuple):
    """A word of the field in a text: which, where, in which sentence of it, and whether inside of a longer one."""

    term: str
    start: int
    end: int
    sentence: int
    is_inside: bool


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """An English word without its ending, roughly: requirements and requirement, reworked and rework meet."""
    if word in _SHOUTED:
        return word
    word = word.casefold()
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    for ending, least in (("ing", 6), ("ed", 5), ("es", 5), ("s", 4)):
        if len(word) >= least and word.endswith(ending) and not word.endswith("ss"):
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def pieces(text: str) -> list[Piece]:
    """The text in pieces, from left to right. Full width counts as half width."""
    found = []
    for match in _PIECE.finditer(text.translate(words.WIDE)):
        word = match.group()
        if word in _ENDS:
            word = PAUSE + "."
        elif not (word[0].isalnum()):
            word = PAUSE
        else:
            word = stem(word)
        found.append(Piece(word, match.start(), match.end()))
    return found


@dataclass(frozen=True)
class Vocabulary:
    """Words of the field by their first piece, the longest first."""

    by_first: dict[str, list[tuple[tuple[str, ...], str]]]

    @classmethod
    def of(cls, terms: Iterable[str]) -> "Vocabulary":
        """The words, each known by itself as it is written."""
        by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        seen: set[tuple[str, ...]] = set()
        for term in terms:
            row = row_of(term)
            if row and row not in seen:
                seen.add(row)
                by_first.setdefault(row[0], []).append((row, " ".join(row)))
        return cls({first: sorted(rows, key=lambda each: -len(each[0])) for first, rows in by_first.items()})

    def spot(self, text: str) -> list[Found]:
        """The words in a text, from left to right."""
        row = pieces(text)
        plain = [piece.word for piece in row]
        found: list[Found] = []
        last = sentence = 0
        for at, word in enumerate(plain):
            if word == PAUSE + ".":
                sentence += 1
                continue
            for asked, term in self.by_first.get(word, ()):
                if len(asked) == 1 or tuple(plain[at : at + len(asked)]) == asked:
                    end = at + len(asked)
                    found.append(Found(term, row[at].start, row[end - 1].end, sentence, end <= last))
                    last = max(last, end)
        return found


def row_of(term: str) -> tuple[str, ...]:
    """A word of the field as pieces."""
    return tuple(piece.word for piece in pieces(term) if not piece.word.startswith(PAUSE))


def key_of(term: str) -> str:
    """How a word of the field is known, however it is written."""
    return " ".join(row_of(term))
