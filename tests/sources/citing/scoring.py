"""Precision and recall of what is found in the sentences of `gold.txt`, `fresh.txt` and `unseen.txt`."""

from dataclasses import dataclass
from pathlib import Path

from yinuo.sources.rules import citing

GOLD = Path(__file__).parent / "gold.txt"


@dataclass(frozen=True)
class Score:
    """How many of those found are right, and how many of the right ones are found."""

    right: int
    found: int
    named: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.named if self.named else 1.0


def sentences(half: str) -> list[tuple[str, list[str]]]:
    """The sentences of one half of the gold ones ("work" or "held out"), or the "fresh" or "unseen" ones, with what
    they name."""
    is_half = half in ("work", "held out")
    file = GOLD if is_half else GOLD.with_name(f"{half}.txt")
    lines = [each for each in file.read_text("utf-8").splitlines() if each and not each.startswith("#")]
    found = []
    for line in lines[0 if half == "work" else 1 :: 2] if is_half else lines:
        sentence, _, named = line.rpartition(" => ")
        found.append((sentence, [] if named == "-" else [each.strip() for each in named.split(";")]))
    return found


def named_in(sentence: str) -> list[str]:
    return [
        f"{each.designation}@{each.edition}" if each.edition else each.designation for each in citing.find(sentence)
    ]


def score(half: str) -> tuple[Score, list[str]]:
    """The score of a half, and what was wrong, sentence by sentence."""
    right = found = named = 0
    wrong = []
    for sentence, wanted in sentences(half):
        got = named_in(sentence)
        same = sum(min(got.count(each), wanted.count(each)) for each in set(wanted))
        right, found, named = right + same, found + len(got), named + len(wanted)
        if sorted(got) != sorted(wanted):
            wrong.append(f"{sentence} → {got}, wanted {wanted}")
    return Score(right, found, named), wrong
