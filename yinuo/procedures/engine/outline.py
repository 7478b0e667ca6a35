"""The procedure as rows: flow strip, step table, position of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from yinuo.procedures import rules
from yinuo.procedures.definition import walking
from yinuo.procedures.definition.shapes import (
    SKIP,
    Block,
    Choice,
    Decision,
    Definition,
    Fact,
    ForEach,
    Form,
    Opinions,
    Outcome,
    Sequence,
    SideBySide,
    Step,
    Wait,
)
from yinuo.procedures.definition.texts import NOTHING, Text
from yinuo.procedures.engine.state import State, parts_of

Mark = Literal["done", "current", "waiting", "skipped", "returned"]
MARKS: dict[Mark, tuple[str, Text]] = {
    "done": ("✓", Text("已完成", "done")),
    "current": ("●", Text("进行中", "now")),
    "waiting": ("○", Text("未开始", "to come")),
    "skipped": ("–", Text("未经过", "passed over")),
    "returned": ("↩", Text("已退回", "sent back")),
}
"""Sign and words of each mark: they carry the meaning, colour only supports it."""

ORDER_WORDS: dict[str, Text] = {
    "all": Text("各方均须给出意见", "everybody asked must answer"),
    "any": Text("任一方给出意见即可", "one answer is enough"),
    "in_sequence": Text("顺序会签", "one after the other"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StripMark:
    """One phase of the flow strip."""

    key: str
    title: Text
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One row of the step table (序号 | 流程 | 工作说明 | 责任部门 | 使用表单), S4 section 5.

    `number` like "5.3"; `depth` 0 outside branches; `forms` pairs of number and title; `notes` words about order
    and ways out ("与其他分支同时进行", "不同意：退回“制定方案”").
    """

    number: str
    key: str
    kind: str
    depth: int
    title: Text
    instruction: Text
    duty: Text
    forms: tuple[tuple[str, Text], ...]
    passes_on: Text
    gate: bool
    notes: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Which way a choice went in a run, and why."""

    choice: Text
    way: Text
    why: Text


# ── position of a run ───────────────────────────────────────────────────────────────────────────────────────


def turns_of(definition: Definition, state: State) -> tuple[Turn, ...]:
    """The choices that a run has made, in the order of the document; those of several rounds that agree are one."""
    plan, words = walking.plan_of(definition), rules.fact_words(definition)
    found: dict[Turn, int] = {}
    for place, node in state.nodes.items():
        block = plan.places[parts_of(place)[0]].block
        if not isinstance(block, Choice) or node.skipped:
            continue
        branch = block.branches.get(node.picked)
        way = (branch.title or Text(node.picked, node.picked)) if branch else Text("跳过", "passed over")
        by_row = 0 <= node.row < len(block.table.rows)
        why = rules.why(block.table.rows[node.row], words) if by_row else rules.NONE_HOLDS
        found[Turn(choice=block.title, way=way, why=why)] = plan.order[block.key]
    return tuple(sorted(found, key=found.__getitem__))


def marks_of(definition: Definition, state: State) -> dict[str, Mark]:
    """The position of a run per step key; of several iterations the least finished counts.

    "returned": done once, sent back, and not reached again yet. "skipped": a branch not taken, or passed over.
    """
    plan = walking.plan_of(definition)
    voided = {item.step for item in state.items.values() if item.void}
    found: dict[str, set[Mark]] = {}
    for place, node in state.nodes.items():
        key, _ = parts_of(place)
        if isinstance(plan.places[key].block, Step):
            found.setdefault(key, set()).add(_mark(node.skipped, done=node.done, ended=state.situation == "ended"))
    passed = _passed_over(plan, state)
    marks: dict[str, Mark] = {}
    for step in plan.steps():
        here = found.get(step.key)
        if here:
            marks[step.key] = next(mark for mark in ("current", "done", "skipped") if mark in here)
        elif step.key in passed or state.situation == "ended":
            marks[step.key] = "skipped"
        else:
            marks[step.key] = "returned" if step.key in voided else "waiting"
    return marks


def _mark(skipped: bool, *, done: bool, ended: bool) -> Mark:
    return "skipped" if skipped or (ended and not done) else "done" if done else "current"


def _passed_over(plan: walking.Plan, state: State) -> set[str]:
    """The steps of branches that were not taken in any iteration, and of for-eachs over nothing."""
    taken: dict[str, set[str]] = {}
    filled: dict[str, bool] = {}
    for place, node in state.nodes.items():
        key, _ = parts_of(place)
        block = plan.places[key].block
        if isinstance(block, Choice):
            taken.setdefault(key, set()).add(node.picked)
        elif isinstance(block, ForEach):
            filled[key] = filled.get(key, False) or bool(node.keys)
    passed: set[str] = set()
    for key, picked in taken.items():
        choice = plan.places[key].block
        for name, branch in choice.branches.items() if isinstance(choice, Choice) else ():
            if name not in picked:
                passed |= {step.key for step in walking.steps_in(branch)}
    for key, has_elements in filled.items():
        if not has_elements:
            passed |= {step.key for step in walking.steps_in(plan.places[key].block)}
    return passed


def strip_of(definition: Definition, state: State | None = None) -> tuple[StripMark, ...]:
    """The phases in order with the position of a run; without phases the outer blocks stand for them."""
    plan = walking.plan_of(definition)
    if definition.phases:
        groups = [
            (phase.key, phase.title, [step.key for step in plan.steps() if plan.phases[step.key] == phase.key])
            for phase in definition.phases
        ]
    else:
        groups = [
            (_key(block), _title(block), [step.key for step in walking.steps_in(block)])
            for block in definition.flow.blocks
        ]
    marks = marks_of(definition, state) if state else {}
    return tuple(
        StripMark(key=key, title=title, mark=_of_all({marks.get(step, "waiting") for step in steps}))
        for key, title, steps in groups
        if steps
    )


def _of_all(marks: set[Mark]) -> Mark:
    """A phase is now when anything in it is open or it is half done; done when all that was to be done is."""
    if "current" in marks or ("done" in marks and ("waiting" in marks or "returned" in marks)):
        return "current"
    return next(mark for mark in ("returned", "waiting", "done", "skipped") if mark in marks)


def _key(block: Block) -> str:
    return block.key or next((step.key for step in walking.steps_in(block)), "")


def _title(block: Block) -> Text:
    return block.title or next((step.title for step in walking.steps_in(block)), NOTHING)


# ── step table ──────────────────────────────────────────────────────────────────────────────────────────────


def rows_of(definition: Definition, prefix: str = "") -> tuple[StepRow, ...]:
    """The step table. `prefix`: the document section it stands in ("5": 5.1, 5.2 …; "" = 1, 2 … as in the chart)."""
    forms = {form.key: form for form in definition.forms}
    titles = {step.key: step.title for step in walking.steps(definition)}
    rows = _Rows(forms, titles, rules.fact_words(definition))
    return tuple(rows.of(definition.flow, prefix, 0, ()))


def numbers_of(definition: Definition) -> dict[str, str]:
    """The number of each step within its procedure: "3", "4.1", "4.2" …"""
    return {row.key: row.number for row in rows_of(definition, "")}


class _Rows:
    def __init__(self, forms: Mapping[str, Form], titles: Mapping[str, Text], words: Mapping[str, Fact]) -> None:
        self.forms = forms
        self.titles = titles
        self.words = words

    def of(self, block: Block, number: str, depth: int, notes: tuple[Text, ...]) -> Iterator[StepRow]:
        """The rows of a block; `notes` go to its first step."""
        match block:
            case Step():
                yield self._row(block, number, depth, notes)
            case Sequence():
                yield from self._numbered(block.blocks, number, depth, notes)
            case SideBySide():
                beside = Text("与同层各分支同时进行", "at the same time as its sibling branches")
                for at, branch in enumerate(block.branches, 1):
                    heading = (branch.title,) if branch.title else ()
                    yield from self._inner(branch, f"{number}.{at}", depth + 1, (*notes, *heading, beside))
                    notes = ()
            case Choice():
                for at, (name, branch) in enumerate(block.branches.items(), 1):
                    case = self._case(block, name)
                    yield from self._inner(branch, f"{number}.{at}", depth + 1, (*notes, case))
                    notes = ()
            case ForEach():
                each = Text(f"逐项执行：{block.title.zh}", f"repeated for {block.title.en}")
                yield from self._inner(block.body, number, depth + 1, (*notes, each))

    def _inner(self, branch: Sequence, number: str, depth: int, notes: tuple[Text, ...]) -> Iterator[StepRow]:
        """A branch of one step carries the branch's own number."""
        if len(branch.blocks) == 1:
            yield from self.of(branch.blocks[0], number, depth, notes)
        else:
            yield from self._numbered(branch.blocks, number, depth, notes)

    def _numbered(
        self, blocks: tuple[Block, ...], number: str, depth: int, notes: tuple[Text, ...]
    ) -> Iterator[StepRow]:
        for at, child in enumerate(blocks, 1):
            yield from self.of(child, f"{number}.{at}".lstrip("."), depth, notes)
            notes = ()

    def _case(self, choice: Choice, name: str) -> Text:
        said = branch_words(choice, self.words)[name]
        asked = choice.title  # a question already ends with its mark
        return Text(f"{asked.zh.rstrip('？')}：{said.zh}", f"{asked.en.rstrip('?')}: {said.en}")

    def _row(self, step: Step, number: str, depth: int, notes: tuple[Text, ...]) -> StepRow:
        form = self.forms.get(step.form)
        return StepRow(
            number=number,
            key=step.key,
            kind=step.kind,
            depth=depth,
            title=step.title,
            instruction=step.instruction,
            duty=step.duty,
            forms=((form.number, form.title),) if form else (),
            passes_on=step.passes_on,
            gate=step.gate,
            notes=(*notes, *self._ways(step)),
        )

    def _ways(self, step: Step) -> Iterator[Text]:
        if step.gate:
            yield Text("关口：未完成不得越过", "gate: nothing passes it undone")
        if isinstance(step.work, Opinions) and len(step.work.parties) != 1:
            yield ORDER_WORDS[step.work.mode]
        outcomes = step.work.outcomes if isinstance(step.work, Decision | Wait) else ()
        yield from (way_of(outcome, self.titles) for outcome in outcomes if outcome.then != "go_on")
        if isinstance(step.work, Wait) and step.work.timeout_to:
            to = self.titles[step.work.timeout_to]
            yield Text(f"逾期：退回“{to.zh}”", f"overdue: back to “{to.en}”")


def way_of(outcome: Outcome, titles: Mapping[str, Text]) -> Text:
    """Where an outcome leads when it does not go on."""
    if outcome.then == "end":
        return Text(f"{outcome.label.zh}：终止", f"{outcome.label.en}: ends here")
    to = titles.get(outcome.to, NOTHING)
    return Text(f"{outcome.label.zh}：退回“{to.zh}”", f"{outcome.label.en}: back to “{to.en}”")


def branch_words(choice: Choice, words: Mapping[str, Fact]) -> dict[str, Text]:
    """In words, when each branch of a choice is taken: rows, else "otherwise"; also for `SKIP` when it can be.

    A row that asks about an element of a for-each, which has no words of its own, is said by its note.
    """
    found: dict[str, list[Text]] = {}
    for row in choice.table.rows:
        is_nameless = any(condition.field not in words for condition in row.when)
        said = row.note if row.note and is_nameless else rules.row_words(row.when, words)
        found.setdefault(row.then, []).append(said)
    found.setdefault(choice.table.otherwise or SKIP, []).append(Text("其余情况", "otherwise"))
    return {
        name: Text("；或".join(word.zh for word in all_said), "; or ".join(word.en for word in all_said))
        for name, all_said in found.items()
    }
