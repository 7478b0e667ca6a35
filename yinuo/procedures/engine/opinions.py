"""How opinions of several parties add up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from yinuo.procedures.definition.shapes import VERDICTS, Json, Opinions
from yinuo.procedures.engine.state import Item, Node

WORST_FIRST = ("cannot", "conditional", "can", "not_concerned")


def missing(work: Opinions, node: Node, answers: Sequence[Item]) -> tuple[str, ...]:
    """The parties whose opinion is still needed, in order; with "any" none once somebody answered."""
    if work.mode == "any" and answers:
        return ()
    answered = {answer.party for answer in answers}
    return tuple(party for party in node.parties if party not in answered)


def summary(answers: Sequence[Item]) -> dict[str, Any]:
    """The result of the step: the worst verdict, how many gave which, and the form's values as lists."""
    verdicts = [answer.verdict for answer in answers]
    counts: dict[str, Json] = {verdict: verdicts.count(verdict) for verdict in VERDICTS}
    fields: dict[str, Json] = {}
    for name in sorted({name for answer in answers for name in answer.data}):
        fields[name] = [answer.data[name] for answer in sorted(answers, key=_id) if name in answer.data]
    verdict = next((worst for worst in WORST_FIRST if worst in verdicts), "not_concerned")
    return {"outcome": "done", "verdict": verdict, "data": {**fields, "counts": counts}}


def _id(item: Item) -> str:
    return item.id
