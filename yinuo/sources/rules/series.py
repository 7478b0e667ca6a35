"""Which numbers go on from which: the search for the consistent series.

Every candidate is taken or left. A state is the path of numbers that are open at a place of the document; taking a
number costs or earns by how it follows from the path (4.2 → 4.3, 4.2.1 or 5). States with the same path are one, the
best survives; a few dozen paths at most are kept (dynamic programming over candidates with a beam).
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from yinuo.sources.rules import numbers
from yinuo.sources.rules.candidates import Candidate, Kind
from yinuo.sources.rules.families import ANNEXES, GOES_ON, is_like
from yinuo.sources.rules.moves import Level, Mark, Move, State, moves

BEAM = 28
MARGIN = 9.0
ALIKE = 2  # states with the same path and other memories
LEAST = -7.0
DEEPEST = 12  # levels that are open at once: no document nests deeper, and the search stays as long as the text


class Step(NamedTuple):
    """One candidate taken: `under` is the place of the step above it in the chain, -1 at the top."""

    candidate: int
    number: numbers.Number
    under: int
    how: str
    gain: float


def chain(candidates: Sequence[Candidate]) -> list[Step]:
    """The best consistent series, in the order of the text."""
    states = [State(0.0, (), (), (), None, 0)]
    for index, candidate in enumerate(candidates):
        if candidate.kind is Kind.HEADING:
            states = [_headed(state, index, candidate) for state in states]
        else:
            states = _advanced(states, index, candidate, candidates)
    best = max(states, key=lambda state: state.score)
    steps: list[Step] = []
    trail = best.trail
    while trail:
        steps.append(trail[1])
        trail = trail[0]
    return steps[::-1]


def _advanced(states: list[State], index: int, candidate: Candidate, all_of: Sequence[Candidate]) -> list[State]:
    after: dict[tuple, State] = {(state.path, state.closed): state for state in reversed(states)}
    least = states[0].score - MARGIN  # the best state stands first
    for state in states:
        for number, weight in candidate.readings:
            for move in moves(state, number, candidate, all_of):
                gain = weight + move.gain
                if gain > LEAST and state.score + gain > least and len(move.keep) < DEEPEST:
                    taken = _taken(state, index, candidate, number, move, gain)
                    key = (taken.path, taken.closed)
                    if key not in after or after[key].score < taken.score:
                        after[key] = taken
    kept: list[State] = []
    paths: Counter[tuple] = Counter()
    for state in sorted(after.values(), key=lambda state: -state.score):
        if len(kept) == BEAM or (kept and state.score < kept[0].score - MARGIN):
            break
        paths[state.path] += 1
        if paths[state.path] <= ALIKE:
            kept.append(state)
    return kept


def _taken(state: State, index: int, candidate: Candidate, number: numbers.Number, move: Move, gain: float) -> State:
    kept, path = move.keep, state.path
    closed: tuple[Level, ...] = ()
    if move.how != "part" and number.family not in ANNEXES:
        closed = state.closed
        if closed or len(kept) < len(path):
            closed = _closed(state, kept, number)
    under = state.marks[kept[-1]].step if kept else -1
    return State(
        state.score + gain,
        (*[path[place] for place in kept], Level(number.family, number.key, number.lead)),
        (*[state.marks[place] for place in kept], Mark(candidate.look, candidate.level, index, state.count)),
        closed,
        (state.trail, Step(index, number, under, move.how, gain)),
        state.count + 1,
    )


def _closed(state: State, kept: tuple[int, ...], number: numbers.Number) -> tuple[Level, ...]:
    """The last numbers of series that ended here and may go on later (articles go on through chapters)."""
    latest = {
        each.family: each
        for place, each in enumerate(state.path)
        if place not in kept and each.family in GOES_ON and not is_like(each.family, number.family)
    }
    if not latest and not any(each.family == number.family for each in state.closed):
        return state.closed
    over = {*latest, number.family}
    return (*[each for each in state.closed if each.family not in over], *latest.values())[-5:]


def _headed(state: State, index: int, candidate: Candidate) -> State:
    """A heading without a number ends headings that are not above it, and every list; numbers may go on after it."""
    last = -1
    for place, mark in enumerate(state.marks):
        if mark.level and mark.level >= candidate.level:
            break
        last = place if mark.level else last
    keep = tuple(range(last + 1))
    return _taken(
        state, index, candidate, numbers.Number("heading", (candidate.level,), "", 0), Move(keep, 0.0, "heading"), 0.0
    )
