"""The words of the field by what they mean (`terms.txt`), and where they stand in a text.

盐雾试验 and "salt spray test" are one term, so a Chinese and an English request for the same thing meet. The longest
words win: 过程能力 is capability, not process.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

from yinuo.search import rules

TOPIC, PART, PAPER, SIDE, ACT = "topic", "part", "paper", "side", "act"
KINDS = (TOPIC, PART, PAPER, SIDE, ACT)

_PIECE = re.compile(r"\d+|[^\W\d_\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")


@dataclass(frozen=True)
class Term:
    """One meaning with all its words; the first of each language is its name."""

    key: str
    kind: str
    zh: tuple[str, ...]
    en: tuple[str, ...]

    def name(self, language: str) -> str:
        """The name in a language, else in the other."""
        zh, en = self.zh[0], self.en[0]
        return en if language.startswith("en") else zh


class Place(NamedTuple):
    """Where a term stands in a normal text."""

    start: int
    end: int
    term: Term


@cache
def terms() -> dict[str, Term]:
    """All terms by their keys."""
    lines = (resources.files("yinuo.search.engine") / "terms.txt").read_text(encoding="utf-8").splitlines()
    found: dict[str, Term] = {}
    for line in lines:
        if not line or line.startswith("#"):
            continue
        key, kind, zh, en = (part.strip() for part in line.split("|"))
        if key in found or kind not in KINDS:
            raise ValueError(f"terms.txt: {line!r}: the key stands twice, or there is no such kind")
        found[key] = Term(key, kind, _words(zh), _words(en))
    return found


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(","))


def name_of(key: str, language: str) -> str:
    """The name of a term; its key when the term is there no more."""
    term = terms().get(key)
    return term.name(language) if term else key


def stem(word: str) -> str:
    """An English word without its ending, roughly: requirements, tested, testing and test meet."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    for ending, least in (("ing", 6), ("ed", 5), ("es", 5), ("s", 4)):
        if len(word) >= least and word.endswith(ending) and not word.endswith("ss"):
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


@cache
def _in_chinese() -> dict[str, list[tuple[str, Term]]]:
    """Words with Chinese characters by their first sign, the longest first."""
    found: dict[str, list[tuple[str, Term]]] = {}
    for term in terms().values():
        for word in (*term.zh, *term.en):
            if not word.isascii():
                found.setdefault(rules.normal(word)[0], []).append((rules.normal(word), term))
    return {first: sorted(words, key=lambda each: -len(each[0])) for first, words in found.items()}


@cache
def _in_english() -> dict[str, list[tuple[tuple[str, ...], Term]]]:
    """Other words as pieces without endings, by their first piece, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], Term]]] = {}
    for term in terms().values():
        for word in (*term.en, *term.zh):
            if word.isascii():
                pieces = tuple(stem(piece) for piece in _PIECE.findall(rules.normal(word)))
                found.setdefault(pieces[0], []).append((pieces, term))
    return {first: sorted(set(words), key=lambda each: -len(each[0])) for first, words in found.items()}


def places(text: str) -> list[Place]:
    """The terms in a normal text (`rules.normal`), from left to right; no two overlap."""
    found = list(_chinese_places(text))
    taken = {at for place in found for at in range(place.start, place.end)}
    found += _english_places(text, taken)
    return sorted(found)


def _chinese_places(text: str) -> Iterator[Place]:
    words, at = _in_chinese(), 0
    while at < len(text):
        for word, term in words.get(text[at], ()):
            if text.startswith(word, at) and _stands_alone(text, at, word):
                yield Place(at, at + len(word), term)
                at += len(word) - 1
                break
        at += 1


def _stands_alone(text: str, at: int, word: str) -> bool:
    """Whether a word that begins or ends with a letter or digit is not part of a longer one."""
    end = at + len(word)
    cut_before = word[0].isascii() and at > 0 and text[at - 1].isascii() and text[at - 1].isalnum()
    cut_after = word[-1].isascii() and end < len(text) and text[end].isascii() and text[end].isalnum()
    return not (cut_before or cut_after)


def _english_places(text: str, taken: set[int]) -> Iterator[Place]:
    words = _in_english()
    pieces = [(stem(match.group()), match.start(), match.end()) for match in _PIECE.finditer(text)]
    at = 0
    while at < len(pieces):
        for asked, term in words.get(pieces[at][0], ()):
            window = pieces[at : at + len(asked)]
            if tuple(piece for piece, _start, _end in window) == asked and window[0][1] not in taken:
                yield Place(window[0][1], window[-1][2], term)
                at += len(asked) - 1
                break
        at += 1
