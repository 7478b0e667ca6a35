"""How far a clause can be trusted, and what speaks against it."""

from collections import Counter
from collections.abc import Sequence

from yinuo.sources.definition import Clause
from yinuo.sources.rules.candidates import Candidate, Kind
from yinuo.sources.rules.series import Step

COSTS = {
    "glued": 0.3,  # the number stands in the middle of other words
    "gap": 0.25,  # numbers before it are missing
    "late_start": 0.2,  # the series does not begin with its first number
    "restart": 0.15,  # the numbers begin again here
    "another": 0.15,  # another document seems to begin here: only its title says so
    "repeated": 0.3,  # the same number stands elsewhere in the same document
    "spaced": 0.1,  # stray spaces inside the number
    "weak": 0.2,  # little speaks for the number by itself
    "no_number": 0.3,
    "unordered": 0.15,
    "in_table": 0.05,
    "as_value": 0.25,  # a workbook held the number as another value
    "empty": 0.1,  # neither title nor text
}
LEAST = 0.05


def judge(clauses: list[Clause], places: Sequence[int], steps: Sequence[Step], candidates: Sequence[Candidate]) -> None:
    """Write the doubts and the confidence of each clause."""
    part, keys = 0, []
    for clause, place in zip(clauses, places, strict=True):
        part += place >= 0 and steps[place].how == "part"
        above = clause.parent if place >= 0 and steps[place].number.family not in ("dec", "第1条") else -1
        keys.append((part, above, clause.number))
    counts = Counter(keys)
    for clause, place, key in zip(clauses, places, keys, strict=True):
        doubts = _of_step(steps[place], candidates[steps[place].candidate]) if place >= 0 else ["no_number"]
        if clause.number and counts[key] > 1 and "repeated" not in doubts:
            doubts.append("repeated")
        if not clause.title and not clause.text:
            doubts.append("empty")
        clause.doubts = doubts
        clause.confidence = round(max(1.0 - sum(COSTS[doubt] for doubt in doubts), LEAST), 2)


def lower(clause: Clause, code: str) -> None:
    """One doubt more, which lowers the confidence."""
    if code not in clause.doubts:
        clause.doubts.append(code)
        clause.confidence = round(max(clause.confidence - COSTS[code], LEAST), 2)


def _of_step(step: Step, candidate: Candidate) -> list[str]:
    if candidate.kind is Kind.HEADING:
        return ["no_number"]
    doubts = list(candidate.doubts)
    if candidate.kind is Kind.GLUED:
        doubts.append("glued")
    if step.how in ("gap", "gap_child"):
        doubts.append("gap")
    if step.how == "late":
        doubts.append("late_start")
    if step.how == "part":
        doubts.append("restart")
    if step.how == "again":
        doubts.append("repeated")
    if step.how == "unordered":
        doubts.append("unordered")
    if step.number.is_spaced:
        doubts.append("spaced")
    if candidate.kind is Kind.CELL:
        doubts.append("in_table")
    weight = max(weight for number, weight in candidate.readings if number == step.number)
    if weight < 0.5 and candidate.kind is not Kind.GLUED:
        doubts.append("weak")
    return doubts
