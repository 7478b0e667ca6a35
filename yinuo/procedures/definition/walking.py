"""Finding one's way in the nested blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from yinuo.procedures.definition.shapes import (
    Block,
    Choice,
    Definition,
    ForEach,
    Sequence,
    SideBySide,
    Status,
    Step,
)


def children(block: Block) -> tuple[Block, ...]:
    """The blocks directly inside."""
    match block:
        case Sequence():
            return block.blocks
        case SideBySide():
            return block.branches
        case Choice():
            return tuple(block.branches.values())
        case ForEach():
            return (block.body,)
    return ()


def blocks(block: Block) -> Iterator[Block]:
    """The block itself and all inside it, in the order of the document."""
    yield block
    for child in children(block):
        yield from blocks(child)


def steps_in(block: Block) -> Iterator[Step]:
    """Every step inside a block, in the order of the document."""
    return (found for found in blocks(block) if isinstance(found, Step))


def steps(definition: Definition) -> Iterator[Step]:
    """Every step in the order of the document."""
    return steps_in(definition.flow)


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where a block stands: `above` from the outermost sequence inward, the block itself not included, each with
    the position of the next one among its children."""

    block: Block
    above: tuple[tuple[Block, int], ...]

    @property
    def loops(self) -> tuple[ForEach, ...]:
        """The for-eachs around it, outermost first: as many as its path is long."""
        return tuple(block for block, _ in self.above if isinstance(block, ForEach))


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A definition with its places looked up once."""

    definition: Definition
    places: Mapping[str, Place]
    order: Mapping[str, int]
    statuses: Mapping[str, str]
    phases: Mapping[str, str]

    def step(self, key: str) -> Step:
        """The step of that key. KeyError when there is none (or it is a block)."""
        block = self.places[key].block
        if not isinstance(block, Step):
            raise KeyError(key)
        return block

    def steps(self) -> Iterator[Step]:
        """Every step in the order of the document."""
        return (place.block for place in self.places.values() if isinstance(place.block, Step))


def plan_of(definition: Definition) -> Plan:
    """The plan of a definition; kept while the same definition object is asked for again."""
    key = id(definition)
    found = _PLANS.get(key)
    if found is None or found.definition is not definition:
        if len(_PLANS) > _KEPT:
            _PLANS.clear()
        found = _PLANS[key] = _plan(definition)
    return found


_KEPT = 64
_PLANS: dict[int, Plan] = {}


def _plan(definition: Definition) -> Plan:
    places: dict[str, Place] = {}
    statuses: dict[str, str] = {}
    phases: dict[str, str] = {}
    status, phase = definition.shows.start, ""

    def walk(block: Block, above: tuple[tuple[Block, int], ...], inherited: str) -> None:
        nonlocal status, phase
        phase = block.phase or inherited or phase
        if block.key:
            places[block.key] = Place(block, above)
            phases[block.key] = phase
        if isinstance(block, Step):
            status = block.status or status
            statuses[block.key] = status
        for at, child in enumerate(children(block)):
            walk(child, (*above, (block, at)), block.phase or inherited)

    walk(definition.flow, (), "")
    order = {key: at for at, key in enumerate(places)}
    return Plan(definition, places, order, statuses, phases)


def step(definition: Definition, key: str) -> Step:
    """The step of that key. KeyError when there is none."""
    return plan_of(definition).step(key)


def status(definition: Definition, key: str) -> Status | None:
    """The status of that key, if the procedure defines it."""
    return next((found for found in definition.statuses if found.key == key), None)


def spine(plan: Plan, key: str) -> tuple[Step, ...]:
    """The steps a return from `key` may lead to by the shape of the flow: those before it in the same or an
    enclosing sequence, not inside another branch or for-each; earliest first; `key` itself not included."""
    found: list[Step] = []
    for block, at in plan.places[key].above:
        if isinstance(block, Sequence):
            for earlier in block.blocks[:at]:
                found.extend(_straight(earlier))
    return tuple(found)


def _straight(block: Block) -> Iterator[Step]:
    """The steps reached through sequences alone."""
    if isinstance(block, Step):
        yield block
    elif isinstance(block, Sequence):
        for child in block.blocks:
            yield from _straight(child)


def outer_steps(definition: Definition) -> tuple[Step, ...]:
    """The steps that stand in no branch and no for-each."""
    return tuple(_straight(definition.flow))
