"""How a number may follow from the numbers that are open before it, and what each way is worth."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from yinuo.sources.rules import numbers
from yinuo.sources.rules.candidates import Candidate, Kind
from yinuo.sources.rules.families import (
    ANNEXES,
    LATE,
    LETTERED,
    LISTS,
    PLAIN,
    RANKS,
    ROOTS,
    TOPS,
    is_like,
)

EXACT = 2.0
CHILD = 2.2
OPEN, OPEN_LINE = -1.5, -1.0  # a new level; at the beginning of a line
NESTED_SAME = -0.8
GO_ON = 1.2
GAP = -1.3
GAP_EACH = -0.4
NEAR, FAR = 8, 30  # missing numbers that are counted
MISSING = -1.3
LATE_START, LATE_INSIDE = -3.0, 1.5
RESTART = -6.0
RESTART_TITLE = 2.5
SAME_LOOK = 0.6
OTHER_LOOK = -0.6
CONTRADICTION = -6.0
TAILED_ON = -0.5
TWICE_NEAR, TWICE = -1.5, -2.5


class Level(NamedTuple):
    """One open level of a path: the last number of its family."""

    family: str
    key: tuple[int, ...]
    lead: str = ""


class Mark(NamedTuple):
    """What is remembered of the last candidate of an open level."""

    look: int
    level: int
    candidate: int
    step: int


@dataclass(slots=True)
class State:
    """One way to have read the document so far."""

    score: float
    path: tuple[Level, ...]
    marks: tuple[Mark, ...]
    closed: tuple[Level, ...]
    trail: Any  # (trail before, Step)
    count: int


class Move(NamedTuple):
    """How a number may follow: the places of the path that stay open, what it earns, and as what."""

    keep: tuple[int, ...]
    gain: float
    how: str


def moves(state: State, number: numbers.Number, candidate: Candidate, all_of: Sequence[Candidate]) -> Iterator[Move]:
    if number.family == numbers.DECIMAL:
        yield from _decimal(state, number, candidate)
        yield from _tailed(state, number, candidate) if candidate.kind is Kind.TAIL else ()
    elif number.family.startswith("id:"):
        yield from _identifier(state, number)
    else:
        yield from _single(state, number, candidate)
    is_begun = bool(state.closed) or any(level.family != "heading" for level in state.path)
    if is_begun and number.is_first and number.family in TOPS and candidate.kind is not Kind.CELL:
        yield Move((), RESTART + candidate.freshness + (RESTART_TITLE if candidate.is_first_title else 0.0), "part")
    yield from _twin(state, number, candidate, all_of)


def _twin(state: State, number: numbers.Number, candidate: Candidate, all_of: Sequence[Candidate]) -> Iterator[Move]:
    """The same number once more: right below it is the same clause (its translation, its text), elsewhere a slip."""
    place = len(state.path) - 1
    if candidate.kind is Kind.GLUED or place < 0 or state.path[place].key != number.key:
        return
    if not is_like(state.path[place].family, number.family):
        return
    other = all_of[state.marks[place].candidate]
    above = tuple(range(place))
    if {other.script, candidate.script} == {"zh", "latin"} and candidate.block - other.block <= 4:
        yield Move(above, 1.0, "twin")
    elif number.family == numbers.DECIMAL:
        yield Move(above, TWICE_NEAR, "twin") if candidate.block - other.block <= 2 else Move(above, TWICE, "again")


def _look(state: State, place: int, candidate: Candidate) -> float:
    if candidate.kind in (Kind.GLUED, Kind.LINE):
        return 0.0
    return SAME_LOOK if state.marks[place].look == candidate.look else OTHER_LOOK


def follows(before: int, after: int) -> bool:
    """2 → 3, 2 → 2a, 2a → 2b, 2b → 3."""
    return after == before + 1 or after == (before // numbers.STEP + 1) * numbers.STEP


def gap(before: int, after: int) -> int:
    """How many whole numbers are missing between two."""
    return max(after // numbers.STEP - before // numbers.STEP - 1, 0)


def _single(state: State, number: numbers.Number, candidate: Candidate) -> Iterator[Move]:
    path, key = state.path, number.key[0]
    same = [
        place
        for place in range(len(path) - 1, -1, -1)
        if is_like(path[place].family, number.family) and len(path[place].key) == 1
    ]
    for place in same:
        before = path[place].key[0]
        mixed = -0.8 if path[place].family != number.family else 0.0
        if follows(before, key):
            yield Move(tuple(range(place)), EXACT + mixed + _look(state, place, candidate), "next")
        elif key > before and not (number.family in LISTS and gap(before, key) > 2) and mixed == 0:
            missing = gap(before, key)
            most = FAR if number.family in PLAIN else NEAR
            yield Move(tuple(range(place)), GAP + GAP_EACH * min(missing, most) + _look(state, place, candidate), "gap")
    lowest = next((place for place, level in enumerate(path) if level.family == numbers.DECIMAL), len(path))
    is_rootless = lowest < len(path) and not any(map(_is_root, path[:lowest]))
    if number.family in PLAIN and is_rootless and follows(path[lowest].key[0], key):  # 5.3 → 6, where no 5 was seen
        yield Move(tuple(range(lowest)), EXACT + OTHER_LOOK, "next")
    places = list(_openings(path, number, same))
    if number.is_first:
        for keep, cost in places:
            title = -1.0 if candidate.is_first_title and path and number.family in TOPS else 0.0
            begun = OPEN if candidate.kind in (Kind.GLUED, Kind.CELL) else OPEN_LINE
            yield Move(tuple(range(keep)), begun + cost + title, "open")
        return
    keep, cost = places[0]
    closed = next((each for each in state.closed if each.family == number.family), None)
    if closed and follows(closed.key[0], key):
        yield Move(tuple(range(keep)), GO_ON + cost, "next")
    elif closed and key > closed.key[0]:
        far = GAP_EACH * min(gap(closed.key[0], key), FAR)
        yield Move(tuple(range(keep)), GO_ON + 2 * GAP + far + cost, "gap")
    elif number.family not in LISTS and not same and (not path or number.family in LATE or candidate.level):
        keep = 0 if number.family in ("一、", "一") else keep  # 二 after unnumbered words that stand for 一
        yield Move(tuple(range(keep)), LATE_START - 0.2 * min(key // numbers.STEP % 100, 10) + cost, "late")


def _openings(path: tuple[Level, ...], number: numbers.Number, same: list[int]) -> Iterator[tuple[int, float]]:
    """Where a new level may begin: how much of the path stays, and what that costs."""
    family = number.family
    if family in ANNEXES:
        keep = 0
        while keep < len(path) and path[keep].family == "heading":
            keep += 1
        yield keep, 0.5
        return
    if family.startswith("第1"):
        keep = 0
        while keep < len(path) and (
            path[keep].family in ("heading", *ANNEXES) or RANKS.get(path[keep].family, 9) < RANKS.get(family, 0)
        ):
            keep += 1
        yield keep, CONTRADICTION if same else 0.0
        return
    top = len(path)
    cost = 0.0
    if path and RANKS.get(path[-1].family, 0) > RANKS.get(family, 12):
        cost -= 1.0
    yield top, cost + (NESTED_SAME if any(path[place].family == family for place in same) else 0.0)
    for place in same:
        yield place, -0.7 if family in LISTS else -2.5
    first = next((place for place in range(top) if path[place].family in LISTS), top)
    if first < top and first not in same:
        yield first, -0.4


def _decimal(state: State, number: numbers.Number, candidate: Candidate) -> Iterator[Move]:
    path, key = state.path, number.key
    lowest = next((place for place, level in enumerate(path) if level.family == numbers.DECIMAL), len(path))
    for place in range(len(path) - 1, -1, -1):
        if path[place].family == numbers.DECIMAL or (place < len(path) and _is_root(path[place])):
            yield from _beside(state, place, lowest, key, candidate)
    closed = next((each for each in state.closed if each.family == numbers.DECIMAL), None)
    if lowest < len(path):
        if key[0] >= numbers.LETTER * numbers.STEP > path[lowest].key[0]:
            yield Move((), OPEN - 1.0 - (0.0 if number.is_first else 2.0), "open")
        elif number.is_first:
            yield Move(tuple(range(len(path))), OPEN + CONTRADICTION, "open")
        if candidate.kind is Kind.CELL and state.marks[-1].level:  # a table with numbers of its own below a heading
            yield Move(tuple(range(len(path))), OPEN - 0.5, "open")
        return
    gain, how = _relation(closed.key, key) if closed else (0.0, "")
    if how and closed:
        yield Move(_kept(path, len(path), key, closed.key), gain - 0.5, how)
    if closed and key <= closed.key:
        again = RESTART if candidate.kind is Kind.CELL else OPEN
        yield Move(tuple(range(len(path))), OPEN + again, "open")
    elif number.is_first or key[1:] == (numbers.STEP,) * len(key[1:]):
        yield Move(tuple(range(len(path))), OPEN + (0.0 if number.is_first else -0.8), "open")
    else:
        yield Move(tuple(range(len(path))), LATE_START - 0.3 * len(key) - (LATE_INSIDE if path else 0.0), "late")


def _tailed(state: State, number: numbers.Number, candidate: Candidate) -> Iterator[Move]:
    """A heading that ends with its place in a standard: those between are missing because nothing is asked there."""
    above = [
        place
        for place in _kept(state.path, len(state.path), number.key)
        if state.path[place].family == numbers.DECIMAL or 0 < state.marks[place].level < candidate.level
    ]
    yield Move(tuple(above), TAILED_ON, "next")


def _is_root(level: Level) -> bool:
    """Whether a level may be the 4 of 4.2."""
    return len(level.key) == 1 and (level.family in ROOTS or level.family == LETTERED)


def _beside(state: State, place: int, lowest: int, key: tuple[int, ...], candidate: Candidate) -> Iterator[Move]:
    """A decimal number against one open level: its child, its next, or a later one."""
    path, level = state.path, state.path[place]
    if level.family != numbers.DECIMAL and lowest < len(path):
        if place > lowest and key[0] == level.key[0]:  # a list inside 4.2 cannot be the 1 of 1.1
            yield Move(_kept(path, place + 1, key), CONTRADICTION, "next")
        elif place == lowest - 1 and key[0] > level.key[0]:
            gain, how = _relation(level.key, key)
            yield Move(_kept(path, place, key), gain + OTHER_LOOK, how)
        return
    gain, how = _relation(level.key, key)
    if level.family in PLAIN and any(is_like(each.family, level.family) for each in path[:place]):
        gain += CONTRADICTION / 2
    if how in ("child", "gap_child"):
        yield Move(_kept(path, place + 1, key, level.key), gain, how)
    elif how:
        look = _look(state, place, candidate) if len(level.key) == len(key) else 0.0
        yield Move(_kept(path, place, key, level.key), gain + look, how)


def _kept(path: tuple[Level, ...], keep: int, key: tuple[int, ...], base: tuple[int, ...] = ()) -> tuple[int, ...]:
    """The open levels that may stand above a decimal number: none that says another beginning of it, unless it is of
    another series than `base`, the number that this one follows.
    """
    decimals = [place for place in range(keep) if path[place].family == numbers.DECIMAL]
    gone = set()
    for place in decimals:
        above = path[place].key
        is_foreign = bool(base) and above != base[: len(above)]
        if not is_foreign and (len(above) >= len(key) or above != key[: len(above)]):
            gone.add(place)
    root = decimals[0] - 1 if decimals else keep - 1
    if root >= 0 and path[root].family in ROOTS and path[root].key[0] != key[0]:
        first = base or (path[decimals[0]].key if decimals else ())
        if not first or first[0] == path[root].key[0]:
            gone.add(root)
    return tuple(place for place in range(keep) if place not in gone)


def _relation(before: tuple[int, ...], after: tuple[int, ...]) -> tuple[float, str]:
    """How one decimal number stands to the one before it, and what that is worth."""
    depth = len(before)
    if after[:depth] == before:
        if len(after) == depth:
            return 0.0, ""
        return _downward(after[depth:], CHILD)
    common = next((at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(depth, len(after)))
    if common == len(after) or after[common] < before[common]:
        return 0.0, ""
    missing = gap(before[common], after[common])
    gain = EXACT if follows(before[common], after[common]) else GAP + GAP_EACH * min(missing, NEAR)
    if common == len(after) - 1:
        return gain, "next" if gain > 0 else "gap"
    more, _ = _downward(after[common + 1 :], 0.0)
    return min(gain, 0.0) + more + MISSING, "gap"


def _downward(tail: tuple[int, ...], worth: float) -> tuple[float, str]:
    gain, how = worth, "child"
    for place, step in enumerate(tail):
        if step not in (0, numbers.STEP):
            gain, how = gain + GAP - CHILD + GAP_EACH * min(step // numbers.STEP - 1, 8), "gap_child"
        if place:
            gain, how = gain + MISSING, "gap_child"
    return gain, how


def _identifier(state: State, number: numbers.Number) -> Iterator[Move]:
    path = state.path
    for place in range(len(path) - 1, -1, -1):
        level = path[place]
        if level.family != number.family:
            continue
        if level.lead != number.lead:
            yield Move(tuple(range(place)), 0.5, "next")
        elif number.key[: len(level.key)] == level.key and len(number.key) > len(level.key):
            yield Move(tuple(range(place + 1)), CHILD, "child")
        elif number.key > level.key:
            yield Move(tuple(range(place)), EXACT if len(level.key) == len(number.key) else 1.0, "next")
        elif number.key < level.key:
            yield Move(tuple(range(place)), -1.0, "unordered")
    first = next(
        (place for place in range(len(path)) if path[place].family in LISTS or path[place].family.startswith("id:")),
        len(path),
    )
    yield Move(tuple(range(first)), -0.3, "open")
