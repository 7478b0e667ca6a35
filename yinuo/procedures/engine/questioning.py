"""What a definition asks before it can go its way: the facts, answers and outcomes that somebody may invent for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from yinuo.procedures import rules
from yinuo.procedures.definition import walking
from yinuo.procedures.definition.shapes import (
    FIELD_KINDS,
    VERDICTS,
    Block,
    Choice,
    Decision,
    Definition,
    ForEach,
    Json,
    Opinions,
    Step,
    Timer,
    Wait,
    Who,
)
from yinuo.procedures.definition.tables import NUMBER_OPERATORS, Condition, Table
from yinuo.procedures.definition.texts import Text
from yinuo.procedures.definition.walking import Plan

Kind = Literal["choice", "yesno", "number", "date", "text", "count", "party", "departments", "choices"]

MOST = 9  # elements of an invented list


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something to invent. `name` as facts are named; "<step>.outcome" and "<step>.verdict" for how steps turn out;
    of a list the number of its elements is asked ("count"), of its elements their attributes, alike for all."""

    name: str
    title: Text
    kind: Kind
    options: Mapping[str, Text] = field(default_factory=dict)


ATTRIBUTES = {
    "owner": Text("责任人", "who is responsible"), "due_on": Text("完成日期", "day it is due"),
    "answer": Text("顾客答复", "the customer's answer"), "title": Text("名称", "title"),
    "status": Text("状态", "status"), "kind": Text("类别", "kind"), "priority": Text("优先级", "priority"),
}  # fmt: skip


def attribute_words(name: str) -> Text:
    """What an attribute of an element is called; its bare name when nothing better is known."""
    return ATTRIBUTES.get(name, Text(name, name))


def questions_of(definition: Definition) -> tuple[Question, ...]:
    """Everything to invent, in the order of the document, each once."""
    plan = walking.plan_of(definition)
    words = rules.fact_words(definition)
    seen: dict[str, list[Condition | None]] = {}
    for place in plan.places.values():
        for name, condition in _asked(place.block):
            seen.setdefault(name, []).append(condition)
    found: dict[str, Question] = {}
    for name, conditions in seen.items():
        question = _question(plan, name, [each for each in conditions if each is not None], words)
        if question is not None:
            found.setdefault(question.name, question)
    for step in plan.steps():
        how = _how(step)
        if how is not None:
            found.setdefault(how.name, how)
    return tuple(found.values())


def _asked(block: Block) -> Iterator[tuple[str, Condition | None]]:
    """The facts a block asks for, with the conditions in which it does."""
    match block:
        case Choice():
            yield from _in_table(block.table)
        case ForEach() if block.fact:
            yield block.fact, None
        case Step():
            if block.due and block.due.after:
                yield block.due.after, None
            yield from ((name, None) for name in _elements(block.who))
            match block.work:
                case Wait(until=until) if until is not None and not block.work.outcomes:
                    yield from _in_table(until)
                case Timer(moment=moment) if moment:
                    yield moment, None
                case Opinions() as work:
                    yield from ((name, None) for who in work.parties for name in _elements(who))
                    if work.parties_fact:
                        yield work.parties_fact, None


def _in_table(table: Table) -> Iterator[tuple[str, Condition]]:
    return ((condition.field, condition) for row in table.rows for condition in row.when)


def _elements(who: Who | None) -> Iterator[str]:
    """The attributes of elements by which somebody is responsible."""
    while who is not None:
        if who.kind == "each" and "." in who.name:
            yield who.name
        who = who.fallback


def _question(plan: Plan, name: str, conditions: list[Condition], words: Mapping[str, object]) -> Question | None:
    first, _, rest = name.partition(".")
    fact = rules.fact_words(plan.definition).get(name)
    title = fact.title if fact else Text(name, name)
    loops = [place.block for place in plan.places.values() if isinstance(place.block, ForEach)]
    source = plan.places.get(first)
    if first == "event" or rest in ("outcome", "verdict", "counts"):
        return None
    if name in {loop.fact for loop in loops}:
        return Question(name=name, title=title, kind="count")
    loop = next((loop for loop in loops if loop.name == first), None)
    if loop is not None:
        what = attribute_words(rest)
        title = Text(f"{loop.title.zh}：{what.zh}", f"{loop.title.en}: {what.en}")
    elif source is not None and isinstance(source.block, Step):
        return _of_field(plan, source.block, rest, title)
    if fact and fact.values:
        return Question(name=name, title=title, kind="choice", options=fact.values)
    return _by_use(name, title, conditions)


def _of_field(plan: Plan, step: Step, key: str, title: Text) -> Question | None:
    """What a form's field can be."""
    for form in plan.definition.forms:
        for each in form.fields if form.key == step.form else ():
            if each.key == key:
                options = {option.key: option.label for option in each.options}
                kinds: dict[str, Kind] = {
                    "choice": "choice", "choices": "choices", "yesno": "yesno", "number": "number", "date": "date",
                    "moment": "date", "person": "party", "departments": "departments",
                }  # fmt: skip
                is_ours = each.kind in FIELD_KINDS or each.kind == "departments"
                kind = kinds.get(each.kind, "text") if is_ours else "text"
                return Question(name=f"{step.key}.{key}", title=title, kind=kind, options=options)
    return None


def _by_use(name: str, title: Text, conditions: list[Condition]) -> Question:
    """The kind of a fact of which nothing is known but how it is compared."""
    values = [value for each in conditions for value in _values(each)]
    if any(each.operator in NUMBER_OPERATORS for each in conditions):
        return Question(name=name, title=title, kind="number")
    if any(each.operator in ("before", "after") for each in conditions):
        return Question(name=name, title=title, kind="date")
    if any(isinstance(value, bool) for value in values):
        return Question(name=name, title=title, kind="yesno")
    words = dict.fromkeys(value for value in values if isinstance(value, str) and value)
    if words:
        options = {word: Text(word, word) for word in words}
        return Question(name=name, title=title, kind="choice", options=options)
    ending = name.rpartition(".")[2]
    if ending.endswith(("_on", "_at")):
        return Question(name=name, title=title, kind="date")
    return Question(name=name, title=title, kind="party" if ending in ("owner", "person", "who") else "text")


def _values(condition: Condition) -> tuple[object, ...]:
    return condition.value if isinstance(condition.value, tuple) else (condition.value,)


def _how(step: Step) -> Question | None:
    """How a step turns out, where it may turn out in several ways."""
    zh, en = step.title.zh, step.title.en
    match step.work:
        case Decision(outcomes=outcomes) | Wait(outcomes=outcomes) if len(outcomes) > 1:
            title = Text(f"“{zh}”的结果", f"the outcome of “{en}”")
            options = {outcome.key: outcome.label for outcome in outcomes}
            return Question(name=f"{step.key}.outcome", title=title, kind="choice", options=options)
        case Opinions():
            title = Text(f"“{zh}”的结论", f"the verdict of “{en}”")
            return Question(name=f"{step.key}.verdict", title=title, kind="choice", options=VERDICTS)
    return None


def invented(definition: Definition, answers: Mapping[str, Json]) -> dict[str, Json]:
    """The facts that answers make: lists with as many elements as were asked for, each with its attributes."""
    loops = [place.block for place in walking.plan_of(definition).places.values() if isinstance(place.block, ForEach)]
    facts: dict[str, Json] = dict(answers)
    for loop in loops:
        count = answers.get(loop.fact)
        if not loop.fact or isinstance(count, bool) or not isinstance(count, int):
            continue
        about: dict[str, Json] = {}
        for name, value in answers.items():
            if name.startswith(f"{loop.name}."):
                about[name.partition(".")[2]] = value
        facts[loop.fact] = [{"key": str(at), **about} for at in range(1, min(count, MOST) + 1)]
    return facts
