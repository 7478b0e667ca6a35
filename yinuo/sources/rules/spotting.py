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
STOP = PAUSE + "."  # where a sentence ends


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
            word = STOP
        elif not (word[0].isalnum()):
            word = PAUSE
        else:
            word = stem(word)
        found.append(Piece(word, match.start(), match.end()))
    return found


@dataclass(frozen=True)
class Vocabulary:
    """Words of the field by their first piece and their length in pieces, the longest first."""

    by_first: dict[str, list[tuple[int, dict[tuple[str, ...], str]]]]

    @classmethod
    def of(cls, terms: Iterable[str]) -> "Vocabulary":
        """The words, each known by itself as it is written."""
        by_first: dict[str, dict[int, dict[tuple[str, ...], str]]] = {}
        for term in terms:
            row = row_of(term)
            if row:
                by_first.setdefault(row[0], {}).setdefault(len(row), {})[row] = " ".join(row)
        return cls({first: sorted(lengths.items(), reverse=True) for first, lengths in by_first.items()})

    def spot(self, text: str) -> list[Found]:
        """The words in a text, from left to right, and of those that begin at one place the longest first."""
        row = pieces(text)
        plain = [piece.word for piece in row]
        found: list[Found] = []
        last = sentence = 0
        for at, word in enumerate(plain):
            if word == STOP:
                sentence += 1
                continue
            for length, known in self.by_first.get(word, ()):
                term = known.get(tuple(plain[at : at + length]))
                if term is not None:
                    end = at + length
                    found.append(Found(term, row[at].start, row[end - 1].end, sentence, end <= last))
                    last = max(last, end)
        return found


def row_of(term: str) -> tuple[str, ...]:
    """A word of the field as pieces."""
    return tuple(piece.word for piece in pieces(term) if not piece.word.startswith(PAUSE))


def key_of(term: str) -> str:
    """How a word of the field is known, however it is written."""
    return " ".join(row_of(term))
