"""Reading the flow: steps and the blocks around them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, cast

from yinuo.procedures.definition.boxes import Box
from yinuo.procedures.definition.reading_tables import table
from yinuo.procedures.definition.shapes import (
    ELEMENT_KINDS,
    UNITS,
    Allowed,
    Block,
    Choice,
    Decision,
    Due,
    Effect,
    EffectCall,
    Escalation,
    ForEach,
    Mode,
    Opinions,
    Outcome,
    Sequence,
    SideBySide,
    Span,
    Step,
    Task,
    Timer,
    Unit,
    Wait,
    Who,
    WhoKind,
    Work,
)
from yinuo.procedures.definition.tables import Table
from yinuo.procedures.definition.texts import Text

DEEPEST = 30
WHO_KINDS: tuple[WhoKind, ...] = ("post", "department", "person", "role", "finder", "each")
STEP_FIELDS = (
    "title",
    "instruction",
    "who",
    "form",
    "status",
    "phase",
    "due",
    "remind",
    "escalate",
    "duty",
    "passes_on",
    "gate",
    "on_open",
    "on_done",
    "may",
)


def sequence(box: Box, depth: int = 0, *, key: str = "", title: Text | None = None, phase: str = "") -> Sequence:
    """A list of blocks, one after the other."""
    if depth > DEEPEST:
        box.fault("嵌套层次过深。", "Nested too deeply.")
        return Sequence(blocks=())
    blocks = tuple(block for block in (_block(member, depth) for member in box.boxes(filled=True)) if block)
    return Sequence(blocks=blocks, key=key, title=title or Text("", ""), phase=phase)


def _block(box: Box, depth: int) -> Block | None:
    if not box.is_mapping():
        return None
    kinds = [kind for kind in (*_WORKS, *_BLOCKS) if kind in box.value]
    if len(kinds) != 1:
        listed = ", ".join((*_WORKS, *_BLOCKS))
        box.fault(f"每一段须且只能以其中一种开头：{listed}。", f"Each block begins with exactly one of: {listed}.")
        return None
    kind = kinds[0]
    key = box.key(kind)
    box = box.as_step(key)
    if key in box.sheet.keys:
        first = box.sheet.lines.at(box.sheet.keys[key].path)
        box.fault(
            f"标识“{key}”重复，首次出现在第 {first} 行。", f"The key “{key}” stands twice, first on line {first}.", kind
        )
    elif key:
        box.sheet.keys[key] = box
    if kind in _WORKS:
        return _step(box, kind, key)
    return _BLOCKS[kind](box, key, depth + 1)


def _step(box: Box, kind: str, key: str) -> Step:
    read, fields = _WORKS[kind]
    box.only(kind, *STEP_FIELDS, *fields)
    needs_who = kind in ("task", "decision")
    if needs_who and not box.has("who"):
        box.fault("缺少责任者“who”。", "The responsible (“who”) is missing.", "who")
    return Step(
        key=key,
        title=box.text("title", required=True),
        work=read(box),
        instruction=box.text("instruction"),
        who=_who(box.at("who")) if box.has("who") else None,
        form=box.key("form", required=False),
        status=box.key("status", required=False),
        phase=box.key("phase", required=False),
        due=_due(box.at("due")),
        remind=tuple(span for span in (_span(member) for member in box.boxes("remind")) if span),
        escalate=tuple(found for found in (_escalation(member) for member in box.boxes("escalate")) if found),
        duty=box.text("duty"),
        passes_on=box.text("passes_on"),
        gate=box.flag("gate"),
        on_open=_calls(box, "on_open"),
        on_done=_calls(box, "on_done"),
        allowed=_allowed(box.at("may")),
    )


def _who(box: Box, *, superior: bool = False) -> Who | None:
    if superior and box.value == "superior":
        return Who(kind="superior")
    if not box.is_mapping():
        return None
    box.only(*WHO_KINDS, "fallback")
    kinds = [kind for kind in WHO_KINDS if kind in box.value]
    if len(kinds) != 1:
        listed = ", ".join(WHO_KINDS)
        box.fault(f"责任者须且只能是其中一种：{listed}。", f"The responsible is exactly one of: {listed}.")
        return None
    kind = kinds[0]
    name = box.word(kind, required=True)
    if kind == "role" and ":" not in name:
        box.fault("角色应写成 团队:角色。", "A role is written team:role.", kind)
    if kind in ("finder", "role", "each"):
        box.is_name(name, kind)
    return Who(kind=kind, name=name, fallback=_who(box.at("fallback")) if box.has("fallback") else None)


def _span(box: Box, *, negative: bool = False) -> Span | None:
    if not box.is_mapping():
        return None
    box.only(*UNITS)
    units: list[Unit] = [unit for unit in UNITS if unit in box.value]
    if len(units) != 1:
        listed = ", ".join(UNITS)
        box.fault(f"时长须且只能用一种单位：{listed}。", f"A span is given in exactly one unit: {listed}.")
        return None
    amount = box.at(units[0]).number()
    if amount is None:
        return None
    if (amount < 0 and not negative) or abs(amount) > 100_000:
        box.fault("时长超出范围。", "The span is out of range.", units[0])
        return None
    if units[0] == "working_days" and amount != round(amount):
        box.fault(
            "工作日只能是整数；不足一天请用工作小时（working_hours）。",
            "Working days are whole; give less than a day in working hours (working_hours).",
            units[0],
        )
        return None
    return Span(amount=amount, unit=units[0])


def _due(box: Box) -> Due | None:
    if box.value is None or not box.is_mapping():
        return None
    after = box.name("after")
    rest = {name: value for name, value in box.value.items() if name != "after"}
    span = _span(Box(rest, box.path, box.sheet, box.step, box.step_depth), negative=bool(after))
    return Due(span=span, after=after) if span else None


def _escalation(box: Box) -> Escalation | None:
    if not box.is_mapping():
        return None
    box.only("after", "to")
    after, to = _span(box.at("after")), _who(box.at("to"), superior=True)
    return Escalation(after=after, to=to) if after and to else None


def _call(box: Box) -> EffectCall:
    if isinstance(box.value, str):
        box.is_name(box.value)
        return EffectCall(name=box.value)
    if not box.is_mapping():
        return EffectCall(name="")
    box.only("effect", "with", "repeatable")
    params = dict(box.members("with"))
    return EffectCall(
        name=box.name("effect", required=True),
        params={key: member.value for key, member in params.items()},
        repeatable=box.flag("repeatable"),
    )


def _calls(box: Box, name: str) -> tuple[EffectCall, ...]:
    return tuple(_call(member) for member in box.boxes(name))


def _allowed(box: Box) -> Allowed:
    if box.value is None or not box.is_mapping():
        return Allowed()
    box.only("return_to", "reassign", "add_signer", "withdraw")
    return_to = None
    if box.has("return_to"):
        return_to = tuple(str(member.value) for member in box.boxes("return_to"))
    return Allowed(
        return_to=return_to,
        reassign=box.flag("reassign", default=True),
        add_signer=box.flag("add_signer", default=True),
        withdraw=box.flag("withdraw", default=True),
    )


def _outcomes(box: Box, *, required: bool) -> tuple[Outcome, ...]:
    members = box.boxes("outcomes", filled=required)
    outcomes = tuple(_outcome(member) for member in members if member.is_mapping())
    seen: set[str] = set()
    for at, outcome in enumerate(outcomes):
        if outcome.key in seen:
            box.fault(f"结果“{outcome.key}”重复。", f"The outcome “{outcome.key}” stands twice.", "outcomes", at)
        seen.add(outcome.key)
    return outcomes


def _outcome(box: Box) -> Outcome:
    box.only("key", "label", "meaning", "back", "end")
    to, end = box.key("back", required=False), box.flag("end")
    if to and end:
        box.fault("“back”和“end”只能取一个。", "Give “back” or “end”, not both.")
    then: Literal["go_on", "back", "end"] = "back" if to else "end" if end else "go_on"
    label = box.text("label", required=True)
    return Outcome(key=box.key("key"), label=label, meaning=box.text("meaning"), then=then, to=to)


def _task(box: Box) -> Task:
    return Task()


def _opinions(box: Box) -> Opinions:
    ask = box.at("ask")
    mode = cast(Mode, box.one_of("mode", ("all", "any", "in_sequence"), "all"))
    if isinstance(ask.value, dict):
        ask.only("fact")
        return Opinions(mode=mode, parties_fact=ask.name("fact", required=True))
    parties = tuple(who for who in (_who(member) for member in box.boxes("ask", filled=True)) if who)
    if len({who.party for who in parties}) != len(parties):
        ask.fault("同一方列出了两次。", "The same party is listed twice.")
    return Opinions(mode=mode, parties=parties)


def _decision(box: Box) -> Decision:
    sign = box.flag("sign", default=True)
    outcomes = _outcomes(box, required=True)
    return Decision(outcomes=outcomes, sign=sign, meaning=box.text("meaning"))


def _wait(box: Box) -> Wait:
    timeout, timeout_to = "stay", ""
    if isinstance(box.at("timeout").value, dict):
        box.at("timeout").only("back")
        timeout, timeout_to = "back", box.at("timeout").key("back")
    else:
        timeout = box.one_of("timeout", ("stay", "go_on", "end"), "stay")
    events = (_event(member) for member in box.boxes("events"))
    return Wait(
        until=table(box.at("until")) if box.has("until") else None,
        events=tuple(event for event in events if event),
        outcomes=_outcomes(box, required=False),
        by_hand=box.flag("by_hand"),
        timeout=cast(Literal["stay", "go_on", "back", "end"], timeout),
        timeout_to=timeout_to,
        timeout_effects=_calls(box, "timeout_effects"),
    )


def _event(box: Box) -> str:
    if not isinstance(box.value, str) or not box.value:
        box.fault("此处应为事件名称。", "The name of an event is expected here.")
        return ""
    box.is_name(box.value)
    return box.value


def _timer(box: Box) -> Timer:
    moment = box.name("moment")
    span = _span(box.at("lasts")) if box.has("lasts") else None
    if bool(moment) == (box.has("lasts")):
        box.fault("计时须且只能给出“moment”或“lasts”之一。", "A timer needs “moment” or “lasts”, exactly one of them.")
    return Timer(moment=moment, span=span)


def _effect(box: Box) -> Effect:
    if not box.has("run"):
        box.fault("缺少“run”：要执行的动作。", "“run” is missing: the effect to execute.", "run")
        return Effect(call=EffectCall(name=""))
    return Effect(call=_call(box.at("run")))


def _nested(box: Box, key: str, depth: int) -> Sequence:
    box.only("sequence", "title", "phase", "flow")
    return sequence(box.at("flow"), depth, key=key, title=box.text("title"), phase=box.key("phase", required=False))


def _side_by_side(box: Box, key: str, depth: int) -> SideBySide:
    box.only("side_by_side", "title", "phase", "branches")
    members = box.boxes("branches", filled=True)
    if len(members) == 1:
        box.fault("并行至少需要两个分支。", "Side by side needs two branches at least.", "branches")
    return SideBySide(
        branches=tuple(_branch(member, depth) for member in members),
        key=key,
        title=box.text("title"),
        phase=box.key("phase", required=False),
    )


def _branch(box: Box, depth: int) -> Sequence:
    if not isinstance(box.value, dict):
        return sequence(box, depth)
    box.only("title", "flow")
    return sequence(box.at("flow"), depth, title=box.text("title"))


def _choice(box: Box, key: str, depth: int) -> Choice:
    box.only("choice", "title", "phase", "table", "branches")
    found = Table(rows=())
    if box.has("table"):
        found = table(box.at("table"))
    else:
        box.fault("缺少判定表“table”。", "The decision table (“table”) is missing.", "table")
    branches = {name: _branch(member, depth) for name, member in box.members("branches")}
    if not branches:
        box.fault("选择没有分支。", "The choice has no branches.", "branches")
    return Choice(
        key=key,
        title=box.text("title", required=True),
        table=found,
        branches=branches,
        phase=box.key("phase", required=False),
    )


def _for_each(box: Box, key: str, depth: int) -> ForEach:
    box.only("for_each", "title", "phase", "name", "list", "in_sequence", "flow")
    fact, elements = _elements(box)
    return ForEach(
        key=key,
        title=box.text("title", required=True),
        name=box.key("name"),
        body=sequence(box.at("flow"), depth),
        fact=fact,
        elements=elements,
        in_sequence=box.flag("in_sequence"),
        phase=box.key("phase", required=False),
    )


def _elements(box: Box) -> tuple[str, tuple[str, ...]]:
    here = box.at("list")
    if here.value is None:
        box.fault("逐一执行缺少列表“list”。", "For each needs a list (“list”).", "list")
        return "", ()
    if isinstance(here.value, dict):
        here.only("fact")
        return here.name("fact", required=True), ()
    elements: list[str] = []
    for member in box.boxes("list", filled=True):
        who = _who(member)
        if who is None:
            continue
        if who.kind not in ELEMENT_KINDS or who.fallback:
            member.fault("此处只能列出岗位、部门或人员。", "Only posts, departments or persons can be listed here.")
        elif who.party in elements:
            member.fault("列出了两次。", "This is listed twice.")
        else:
            elements.append(who.party)
    return "", tuple(elements)


_WORKS: dict[str, tuple[Callable[[Box], Work], tuple[str, ...]]] = {
    "task": (_task, ()),
    "opinions": (_opinions, ("mode", "ask")),
    "decision": (_decision, ("outcomes", "sign", "meaning")),
    "wait": (_wait, ("until", "events", "outcomes", "by_hand", "timeout", "timeout_effects")),
    "timer": (_timer, ("moment", "lasts")),
    "effect": (_effect, ("run",)),
}
_BLOCKS: dict[str, Callable[[Box, str, int], Any]] = {
    "sequence": _nested,
    "side_by_side": _side_by_side,
    "choice": _choice,
    "for_each": _for_each,
}
