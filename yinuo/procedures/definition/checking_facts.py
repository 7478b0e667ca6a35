"""Whether the facts that tables ask about can be known where they are asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from yinuo.procedures.definition import walking
from yinuo.procedures.definition.mistakes import Known, Mistake
from yinuo.procedures.definition.shapes import Block, Choice, ForEach, Opinions, Step, Timer, Wait
from yinuo.procedures.definition.tables import Table

RESULTS = ("outcome", "verdict", "counts")

FieldPath: TypeAlias = tuple[str | int, ...]


def fact_mistakes_of(plan: walking.Plan, known: Known) -> Iterator[Mistake]:
    """Unknown facts, results of steps that do not exist, names that hide one another."""
    yield from _hidden(plan)
    for name in plan.definition.facts:
        yield from _plugged("", name.name, ("facts", name.name), known)
    for place in plan.places.values():
        for field, where in _asked(place.block):
            yield from _fact(plan, place, field, where, known)


def _hidden(plan: walking.Plan) -> Iterator[Mistake]:
    """A step or for-each named like the first word of a declared fact would hide that fact."""
    declared = {fact.name.partition(".")[0] for fact in plan.definition.facts} | {"event"}
    for key, place in plan.places.items():
        names = {key} if isinstance(place.block, Step) else set()
        if isinstance(place.block, ForEach):
            names = {place.block.name}
            if place.block.name in plan.places and isinstance(plan.places[place.block.name].block, Step):
                declared = declared | {place.block.name}
        for name in sorted(names & declared):
            yield Mistake(
                key,
                ("name",) if isinstance(place.block, ForEach) else (),
                f"名称“{name}”与事实或步骤的名称相同，请另取一个。",
                f"The name “{name}” is also that of facts or of a step; choose another.",
            )


def _asked(block: Block) -> Iterator[tuple[str, FieldPath]]:
    match block:
        case Choice():
            yield from _in_table(block.table, ("table",))
        case ForEach(fact=fact) if fact:
            yield fact, ("list", "fact")
        case Step():
            if block.due and block.due.after:
                yield block.due.after, ("due", "after")
            match block.work:
                case Wait(until=until) if until:
                    yield from _in_table(until, ("until",))
                case Timer(moment=moment) if moment:
                    yield moment, ("moment",)
                case Opinions(parties_fact=fact) if fact:
                    yield fact, ("ask", "fact")


def _in_table(table: Table, where: FieldPath) -> Iterator[tuple[str, FieldPath]]:
    for at, row in enumerate(table.rows):
        for number, condition in enumerate(row.when):
            yield condition.field, (*where, "rows", at, "when", number)


def _fact(plan: walking.Plan, place: walking.Place, name: str, where: FieldPath, known: Known) -> Iterator[Mistake]:
    block, first, rest = place.block.key, *name.partition(".")[::2]
    if not rest:
        yield Mistake(
            block,
            where,
            f"“{name}”缺少来源：事实写成 来源.名称。",
            f"“{name}” has no source: a fact is written source.name.",
        )
    elif first in {loop.name for loop in place.loops}:
        return
    elif first == "event":
        if not (isinstance(place.block, Step) and isinstance(place.block.work, Wait) and place.block.work.events):
            yield Mistake(
                block,
                where,
                "只有等待事件的步骤才能使用 event. 事实。",
                "Only a wait for events can use event. facts.",
            )
    elif first in plan.places:
        yield from _result(plan, block, first, rest, where)
    else:
        yield from _plugged(block, name, where, known)


def _result(plan: walking.Plan, block: str, step: str, rest: str, where: FieldPath) -> Iterator[Mistake]:
    source = plan.places[step].block
    form = source.form if isinstance(source, Step) else ""
    fields = {field.key for found in plan.definition.forms if found.key == form for field in found.fields}
    loose = isinstance(source, Step) and source.kind in ("effect", "wait")
    if not isinstance(source, Step) or not (loose or rest in RESULTS or rest in fields):
        yield Mistake(block, where, f"步骤“{step}”没有结果“{rest}”。", f"The step “{step}” has no result “{rest}”.")
    elif plan.order[step] > plan.order[block]:
        yield Mistake(
            block,
            where,
            f"步骤“{step}”在此之后，其结果还不可知。",
            f"The step “{step}” comes later, so its result cannot be known here.",
        )


def _plugged(block: str, name: str, where: FieldPath, known: Known) -> Iterator[Mistake]:
    if known.facts is None or name in known.facts:
        return
    prefixes = (prefix for prefix in known.facts if prefix.endswith("."))
    if not any(name.startswith(prefix) for prefix in prefixes):
        yield Mistake(block, where, f"未知事实“{name}”。", f"Unknown fact “{name}”.")
