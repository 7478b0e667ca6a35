"""How often the rules are right about clauses whose truth is known."""

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from yinuo.sources.rules import classifying, mapping

HERE = Path(__file__).parent


@cache
def gold(name: str) -> tuple[dict[str, Any], ...]:
    """The clauses of `gold_<name>.yaml`."""
    return tuple(yaml.safe_load((HERE / f"gold_{name}.yaml").read_text(encoding="utf-8")))


def hits(name: str, first: int, with_title: bool = True) -> float:
    """How often one of the right clauses of the standard is among the first ones proposed."""
    rows = [row for row in gold(name) if "targets" in row]
    right = 0
    for row in rows:
        found = mapping.propose("", row["title"] if with_title else "", row["text"])[:first]
        right += any(target.number in row["targets"] for target in found)
    return right / len(rows)


def natures(name: str, with_title: bool = True) -> Counter[tuple[str, str]]:
    """How often which nature was proposed for which: (truth, proposal)."""
    return Counter(
        (row["nature"], classifying.propose("", row["title"] if with_title else "", row["text"]).nature)
        for row in gold(name)
    )


def precision_and_recall(counts: Counter[tuple[str, str]], nature: str) -> tuple[float, float]:
    """Of what was proposed so how much is so, and of what is so how much was proposed."""
    right = counts[nature, nature]
    proposed = sum(count for (_truth, each), count in counts.items() if each == nature)
    true = sum(count for (truth, _each), count in counts.items() if truth == nature)
    return right / max(proposed, 1), right / max(true, 1)


def surety(name: str, what: str) -> list[tuple[float, float, int]]:
    """By fifths of certainty: how sure the rules were, how often they were right, of how many."""
    kept: dict[int, list[tuple[float, bool]]] = {}
    for row in gold(name):
        for sure, is_right in _answers(row, what):
            kept.setdefault(min(int(sure * 5), 4), []).append((sure, is_right))
    return [
        (sum(sure for sure, _right in each) / len(each), sum(right for _sure, right in each) / len(each), len(each))
        for _fifth, each in sorted(kept.items())
    ]


def _answers(row: dict[str, Any], what: str) -> list[tuple[float, bool]]:
    if what == "nature":
        proposal = classifying.propose("", row["title"], row["text"])
        return [(proposal.certainty, proposal.nature == row["nature"])]
    targets = mapping.propose("", row["title"], row["text"]) if "targets" in row else []
    return [(target.score, target.number in row["targets"]) for target in targets]
