"""Whether the facts that tables ask about can be known where they are asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from yinuo.procedures.definition import walking
from yinuo.procedures.definition.checking_values import comparison_mistakes_of, result_values
from yinuo.procedures.definition.mistakes import Known, Mistake, unknown
from yinuo.procedures.definition.shapes import Block, Choice, ForEach, Opinions, SideBySide, Step, Timer, Wait
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
        for table, where in _tables(place.block):
            yield from _table(plan, place, table, where, known)
    yield from _in_forms(plan, known)


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
    """The facts that a block asks for outside of tables."""
    match block:
        case ForEach(fact=fact) if fact:
            yield fact, ("list", "fact")
        case Step():
            if block.due and block.due.after:
                yield block.due.after, ("due", "after")
            match block.work:
                case Timer(moment=moment) if moment:
                    yield moment, ("moment",)
                case Opinions(parties_fact=fact) if fact:
                    yield fact, ("ask", "fact")


def _tables(block: Block) -> Iterator[tuple[Table, FieldPath]]:
    match block:
        case Choice():
            yield block.table, ("table",)
        case Step(work=Wait(until=until)) if until:
            yield until, ("until",)


def _table(
    plan: walking.Plan, place: walking.Place, table: Table, where: FieldPath, known: Known, *, in_form: bool = False
) -> Iterator[Mistake]:
    """The facts that a table asks for, and what they are compared with. `in_form`: it shows a field."""
    for at, row in enumerate(table.rows):
        for number, condition in enumerate(row.when):
            here = (*where, "rows", at, "when", number)
            asked = [(condition.field, here)]
            if condition.operator in ("before", "after") and _is_fact(condition.value):
                asked.append((str(condition.value), (*here, 2)))
            for name, spot in asked:
                if not in_form or "." in name:
                    yield from _fact(plan, place, name, spot, known, in_form=in_form)
            source = plan.places.get(condition.field.partition(".")[0])
            if source is not None and isinstance(source.block, Step):
                values = result_values(plan, source.block, condition.field.partition(".")[2])
                yield from comparison_mistakes_of("" if in_form else place.block.key, condition, *values, here)


def _is_fact(value: object) -> bool:
    return isinstance(value, str) and "." in value and value[:1].isalpha()


def _in_forms(plan: walking.Plan, known: Known) -> Iterator[Mistake]:
    """The facts by which a form's fields are shown, as known at each step that uses the form; each said once."""
    said: set[Mistake] = set()
    for at, form in enumerate(plan.definition.forms):
        places = [plan.places[step.key] for step in plan.steps() if step.form == form.key]
        for number, field in enumerate(form.fields):
            where = ("forms", at, "fields", number, "shown_when")
            if field.shown_when is None:
                continue
            for place in places:
                found = set(_table(plan, place, field.shown_when, where, known, in_form=True)) - said
                said |= found
                yield from sorted(found)


def _fact(
    plan: walking.Plan, place: walking.Place, name: str, where: FieldPath, known: Known, *, in_form: bool = False
) -> Iterator[Mistake]:
    block, first, rest = "" if in_form else place.block.key, *name.partition(".")[::2]
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
        elif known.events is not None and rest not in {
            data for event in place.block.work.events for data in known.events.get(event, ())
        }:
            yield Mistake(block, where, *unknown("事件数据", "data of an event", name))
    elif first in plan.places:
        yield from _result(plan, place, first, rest, where, block)
    else:
        yield from _plugged(block, name, where, known)


def _result(
    plan: walking.Plan, place: walking.Place, step: str, rest: str, where: FieldPath, block: str
) -> Iterator[Mistake]:
    source = plan.places[step].block
    form = source.form if isinstance(source, Step) else ""
    fields = {field.key for found in plan.definition.forms if found.key == form for field in found.fields}
    loose = isinstance(source, Step) and source.kind in ("effect", "wait")
    if not isinstance(source, Step) or not (loose or rest in RESULTS or rest in fields):
        yield Mistake(block, where, f"步骤“{step}”没有结果“{rest}”。", f"The step “{step}” has no result “{rest}”.")
        return
    apart = _parting(place, plan.places[step])
    if isinstance(apart, SideBySide | Choice):
        yield Mistake(
            block,
            where,
            f"步骤“{step}”在另一分支中，其结果在此不可知。",
            f"The step “{step}” stands in another branch, so its result cannot be known here.",
        )
    elif plan.order[step] >= plan.order[place.block.key]:
        yield Mistake(
            block,
            where,
            f"步骤“{step}”在此之后，其结果还不可知。",
            f"The step “{step}” comes later, so its result cannot be known here.",
        )


def _parting(one: walking.Place, other: walking.Place) -> Block | None:
    """The block in which the ways to two places part; None when one stands inside the other."""
    for (block, at), (_, other_at) in zip(one.above, other.above, strict=False):
        if at != other_at:
            return block
    return None


def _plugged(block: str, name: str, where: FieldPath, known: Known) -> Iterator[Mistake]:
    if known.facts is None or name in known.facts:
        return
    prefixes = (prefix for prefix in known.facts if prefix.endswith("."))
    if not any(name.startswith(prefix) for prefix in prefixes):
        yield Mistake(block, where, *unknown("事实", "fact", name))
