"""Gold documents and the strict measure: a clause is right when its number and nine tenths of its words are.

A gold document carries its truth in itself: `⟦4.2:4 . 2 ⟧` stands where clause 4.2 begins, with the number as printed;
`⟦-:⟧` begins words that belong to no numbered clause. The document is what remains when the marks are taken off.
"""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from rapidfuzz import fuzz

from yinuo.sources.definition import Clause, Split

MARK = re.compile(r"⟦([^:⟧]*):([^⟧]*)⟧")
GOLD = Path(__file__).parent / "gold"
NEAR = 90


def document(gold: str) -> str:
    """The document itself."""
    return MARK.sub(lambda found: found[2], gold)


def truth(gold: str) -> list[tuple[str, str]]:
    """Its clauses: number and words."""
    pieces = MARK.split(gold)
    clauses = zip(pieces[1::3], pieces[3::3], strict=True)
    return [(number, re.sub(r"^#+ |\n#+ *$", "", words)) for number, words in clauses if number != "-"]


def alike(number: str) -> str:
    """A number without its dress."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", number)).strip(".:、()（）[]").upper()


def said(words: str) -> str:
    """Words without spaces and marks of Markdown, in one width."""
    return re.sub(r"[\s#|*-]+", "", unicodedata.normalize("NFKC", words)).lower()


def strict(clauses: Iterable[Clause], expected: list[tuple[str, str]]) -> tuple[float, list[str]]:
    """The F1 of clauses that are right, and what is wrong with the others. Clauses without a number do not count."""
    found: dict[str, list[str]] = {}
    for clause in clauses:
        if clause.number:
            found.setdefault(alike(clause.number), []).append(said(clause.title + clause.text))
    count = sum(map(len, found.values()))
    right, wrong = 0, []
    for number, words in expected:
        rest = found.get(alike(number), [])
        best = max(rest, key=lambda each: fuzz.ratio(said(words), each), default=None)
        if best is not None and fuzz.ratio(said(words), best) >= NEAR:
            right += 1
            rest.remove(best)
        else:
            wrong.append(f"{number}: {said(words)[:60]!r} ≠ {(best or '')[:60]!r}")
    wrong += [f"too many: {number} {words[:50]!r}" for number, rest in found.items() for words in rest]
    return (2 * right / (count + len(expected)) if count + len(expected) else 0.0), wrong


def is_whole(split: Split) -> bool:
    """Every character of the blocks is assigned or left over, none twice."""
    left = sum(len("".join(each.text.split())) for each in split.leftovers)
    return split.assigned + left == split.total
