"""What makes a definition lawful beyond its shape: names that lead somewhere, ways back that exist, ways out."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from yinuo.procedures.definition import walking
from yinuo.procedures.definition.checking_facts import fact_mistakes_of
from yinuo.procedures.definition.checking_forms import form_mistakes_of
from yinuo.procedures.definition.mistakes import Known, Mistake, unknown
from yinuo.procedures.definition.shapes import (
    PEOPLE_KINDS,
    SKIP,
    Block,
    Choice,
    Decision,
    Definition,
    Effect,
    EffectCall,
    ForEach,
    Opinions,
    Outcome,
    Step,
    Timer,
    Wait,
    Who,
)
from yinuo.procedures.definition.tables import Table

WHO_WORDS = {
    "finder": ("查找规则", "finder"), "post": ("岗位", "post"), "department": ("部门", "department"),
    "person": ("人员（工号）", "person (employee number)"), "role": ("团队", "team"),
}  # fmt: skip


def mistakes_of(definition: Definition, known: Known) -> Iterator[Mistake]:
    """Every mistake of a definition that could be read, also one read with defaults for what was wrong."""
    plan = walking.plan_of(definition)
    yield from _shows(definition)
    yield from _reopens(plan)
    yield from form_mistakes_of(plan, known)
    for place in plan.places.values():
        yield from _phase(plan, place.block)
        match place.block:
            case Step():
                yield from _step(plan, place.block, known)
            case Choice():
                yield from _choice(place.block)
            case ForEach():
                yield from _for_each(place)
    yield from fact_mistakes_of(plan, known)


def _shows(definition: Definition) -> Iterator[Mistake]:
    statuses = {status.key for status in definition.statuses}
    for name in definition.shows.__slots__:
        status = getattr(definition.shows, name)
        if status and status not in statuses:
            yield Mistake("", ("shows", name), *unknown("状态", "status", status))


def _reopens(plan: walking.Plan) -> Iterator[Mistake]:
    """A run goes back from wherever it stands, so only to steps that stand in no branch, and that people do."""
    outer = {step.key: step for step in walking.outer_steps(plan.definition)}
    for name in plan.definition.reopens.__slots__:
        key = getattr(plan.definition.reopens, name)
        if key and key not in plan.places:
            yield Mistake("", ("reopens", name), *unknown("步骤", "step", key))
        elif key and (key not in outer or outer[key].kind not in PEOPLE_KINDS):
            yield Mistake(
                "",
                ("reopens", name),
                f"不能回到“{key}”：须为由人办理、且不在任何分支中的步骤。",
                f"A run cannot go back to “{key}”: it must be a step that people do, and stand in no branch.",
            )


def _phase(plan: walking.Plan, block: Block) -> Iterator[Mistake]:
    if block.phase and block.phase not in {phase.key for phase in plan.definition.phases}:
        yield Mistake(block.key, ("phase",), *unknown("阶段", "phase", block.phase))


def _step(plan: walking.Plan, step: Step, known: Known) -> Iterator[Mistake]:
    definition = plan.definition
    for name, key, keys, zh, en in (
        ("form", step.form, (form.key for form in definition.forms), "表单", "form"),
        ("status", step.status, (status.key for status in definition.statuses), "状态", "status"),
    ):
        if key and key not in set(keys):
            yield Mistake(step.key, (name,), *unknown(zh, en, key))
    yield from _people(plan, step, known)
    yield from _returns(plan, step)
    yield from _work(step)
    yield from _without_people(step)
    yield from _calls(step, known)
    if step.remind and not step.due:
        yield Mistake(step.key, ("remind",), "有提醒却没有期限。", "There are reminders but no due time.")
    if step.escalate and not step.due:
        yield Mistake(step.key, ("escalate",), "有升级却没有期限。", "There is an escalation but no due time.")


def _people(plan: walking.Plan, step: Step, known: Known) -> Iterator[Mistake]:
    people: list[tuple[Who | None, tuple[str | int, ...]]] = [(step.who, ("who",))]
    people += [(rule.to, ("escalate", at, "to")) for at, rule in enumerate(step.escalate)]
    if isinstance(step.work, Opinions):
        people += [(who, ("ask", at)) for at, who in enumerate(step.work.parties)]
        if step.work.parties_fact and step.who is None:
            yield Mistake(
                step.key,
                ("who",),
                "各方名单取自事实，名单为空时须有人负责：缺少“who”。",
                "The parties come from a fact; somebody must answer when it is empty: “who” is missing.",
            )
    loops = {loop.name for loop in plan.places[step.key].loops}
    for who, where in people:
        while who is not None:
            yield from _who(who, step, where, loops, known)
            who, where = who.fallback, (*where, "fallback")


def _who(who: Who, step: Step, where: tuple[str | int, ...], loops: set[str], known: Known) -> Iterator[Mistake]:
    names = {
        "finder": known.finders, "post": known.posts, "department": known.departments, "person": known.people,
        "role": known.teams,
    }.get(who.kind)  # fmt: skip
    name = who.name.partition(":")[0] if who.kind == "role" else who.name
    if who.kind == "each" and who.name.partition(".")[0] not in loops:
        yield Mistake(
            step.key,
            (*where, "each"),
            f"没有名为“{who.name.partition('.')[0]}”的外层逐一执行。",
            f"No enclosing for-each is named “{who.name.partition('.')[0]}”.",
        )
    elif names is not None and name not in names:
        yield Mistake(step.key, (*where, who.kind), *unknown(*WHO_WORDS[who.kind], name))
    if who.kind in ("finder", "role", "each") and who.fallback is None:
        yield Mistake(
            step.key,
            where,
            "可能找不到人：请给出后备“fallback”（岗位、部门或人员）。",
            "Nobody may be found: give a “fallback” (post, department or person).",
        )


def _returns(plan: walking.Plan, step: Step) -> Iterator[Mistake]:
    targets: list[tuple[str, tuple[str | int, ...]]] = []
    targets += [(key, ("may", "return_to", at)) for at, key in enumerate(step.allowed.return_to or ())]
    targets += [(found.to, ("outcomes", at, "back")) for at, found in enumerate(_outcomes(step)) if found.to]
    if isinstance(step.work, Wait) and step.work.timeout_to:
        targets.append((step.work.timeout_to, ("timeout", "back")))
    lawful = {earlier.key for earlier in walking.spine(plan, step.key)}
    for key, where in targets:
        if key not in plan.places:
            yield Mistake(step.key, where, *unknown("步骤", "step", key))
        elif key not in lawful:
            yield Mistake(
                step.key,
                where,
                f"不能退回到“{key}”：它不在本步骤之前的同一顺序或外层顺序中。",
                f"There is no way back to “{key}”: it does not stand earlier in the same or an enclosing sequence.",
            )


def _outcomes(step: Step) -> tuple[Outcome, ...]:
    return step.work.outcomes if isinstance(step.work, Decision | Wait) else ()


def _work(step: Step) -> Iterator[Mistake]:
    outcomes = _outcomes(step)
    goes_on = any(outcome.then == "go_on" for outcome in outcomes)
    if isinstance(step.work, Wait):
        goes_on = goes_on or step.work.timeout == "go_on"
        yield from _wait(step, step.work)
    if outcomes and not goes_on:
        yield Mistake(
            step.key,
            ("outcomes",),
            "没有任何结果能继续往下走，其后的步骤无法到达。",
            "No outcome goes on, so nothing behind this step can be reached.",
        )
    if isinstance(step.work, Decision) and step.work.sign and step.work.meaning:
        yield from _meanings(step, step.work)


def _meanings(step: Step, decision: Decision) -> Iterator[Mistake]:
    """One meaning for outcomes that lead elsewhere would sign a refusal as an approval."""
    shared = [outcome for outcome in decision.outcomes if not outcome.meaning]
    if len({outcome.then for outcome in shared}) < 2:
        return
    for at, outcome in enumerate(decision.outcomes):
        if not outcome.meaning and outcome.then != "go_on":
            yield Mistake(
                step.key,
                ("outcomes", at, "meaning"),
                f"“{outcome.label.zh}”与其他结果的去向不同，签署含义不能共用：请为它写明“meaning”。",
                f"“{outcome.label.en}” leads elsewhere than the other outcomes: a signature under it needs its own "
                "“meaning”.",
            )


def _without_people(step: Step) -> Iterator[Mistake]:
    """What steps of the program cannot have: a form that nobody is shown, a due time that nothing looks after."""
    by_hand = isinstance(step.work, Wait) and step.work.by_hand
    if step.form and step.kind in ("wait", "timer", "effect") and not by_hand:
        yield Mistake(
            step.key,
            ("form",),
            "本步骤无人填写，表单不会出现（等待步骤须写明 by_hand: true）。",
            "Nobody fills in this step, so its form is never shown (a wait needs by_hand: true).",
        )
    if step.due and isinstance(step.work, Timer | Effect):
        yield Mistake(
            step.key,
            ("due",),
            "由系统完成的步骤没有期限；计时步骤用“moment”或“lasts”。",
            "What the program does has no due time; a timer has “moment” or “lasts”.",
        )
    if by_hand and step.who is None:
        yield Mistake(
            step.key, ("who",), "写明了 by_hand 却没有责任者“who”。", "It is recorded by hand, yet “who” is missing."
        )


def _wait(step: Step, wait: Wait) -> Iterator[Mistake]:
    if wait.until is None and not wait.events and not wait.by_hand:
        yield Mistake(
            step.key,
            ("until",),
            "等待须给出“until”“events”或“by_hand”。",
            "A wait needs “until”, “events” or “by_hand”.",
        )
    if (wait.timeout != "stay" or wait.timeout_effects) and step.due is None:
        yield Mistake(
            step.key, ("timeout",), "写明了到期处理却没有期限“due”。", "A time-out is given but no “due” time."
        )
    if wait.outcomes:
        given = {row.then for row in wait.until.rows} | {wait.until.otherwise} if wait.until else set()
        if wait.events and wait.until is None:
            given = {"arrived"}
        outcomes = {outcome.key for outcome in wait.outcomes}
        yield from _answers(step.key, given - {""}, outcomes, given | outcomes if wait.by_hand else given)
    if wait.until is not None:
        yield from _dead_rows(step.key, wait.until, ("until",))


def _answers(key: str, given: set[str], outcomes: set[str], possible: set[str]) -> Iterator[Mistake]:
    for name in sorted(given - outcomes):
        yield Mistake(key, ("until",), *unknown("结果", "outcome", name))
    for name in sorted(outcomes - possible - {"timed_out"}):
        yield Mistake(key, ("outcomes",), f"结果“{name}”永远不会出现。", f"The outcome “{name}” can never come about.")


def _dead_rows(key: str, table: Table, where: tuple[str | int, ...]) -> Iterator[Mistake]:
    for at, row in enumerate(table.rows[:-1]):
        if not row.when:
            yield Mistake(
                key,
                (*where, "rows", at + 1),
                "上一行总是成立，本行及其后各行不会被用到。",
                "The row above always holds, so this row and those below are never used.",
            )
            return


def _calls(step: Step, known: Known) -> Iterator[Mistake]:
    calls: list[tuple[EffectCall, tuple[str | int, ...]]] = []
    calls += [(call, ("on_open", at)) for at, call in enumerate(step.on_open)]
    calls += [(call, ("on_done", at)) for at, call in enumerate(step.on_done)]
    if isinstance(step.work, Effect):
        calls.append((step.work.call, ("run",)))
    if isinstance(step.work, Wait):
        calls += [(call, ("timeout_effects", at)) for at, call in enumerate(step.work.timeout_effects)]
        yield from _names(step.key, step.work.events, known.events, ("events",), "事件", "event")
    for call, where in calls:
        if call.name and known.effects is not None and call.name not in known.effects:
            yield Mistake(step.key, where, *unknown("动作", "effect", call.name))


def _names(
    key: str, names: Iterable[str], known: Container[str] | None, where: tuple[str | int, ...], zh: str, en: str
) -> Iterator[Mistake]:
    for at, name in enumerate(names):
        if known is not None and name not in known:
            yield Mistake(key, (*where, at), *unknown(zh, en, name))


def _choice(choice: Choice) -> Iterator[Mistake]:
    table = choice.table
    if not table.otherwise:
        yield Mistake(
            choice.key,
            ("table", "otherwise"),
            "选择缺少“otherwise”：写明其余情况走哪个分支，或写 skip 跳过。",
            "The choice has no “otherwise”: name the branch for all other cases, or skip.",
        )
    named = [(row.then, ("table", "rows", at, "then")) for at, row in enumerate(table.rows)]
    for name, where in [*named, (table.otherwise, ("table", "otherwise"))]:
        if name and name != SKIP and name not in choice.branches:
            yield Mistake(choice.key, where, *unknown("分支", "branch", name))
    reached = {name for name, _ in named} | {table.otherwise}
    for name in choice.branches:
        if name == SKIP:
            yield Mistake(choice.key, ("branches", name), "分支不能名为 skip。", "A branch cannot be named skip.")
        elif name not in reached:
            yield Mistake(
                choice.key,
                ("branches", name),
                f"没有一行通向分支“{name}”。",
                f"No row leads to the branch “{name}”.",
            )
    yield from _dead_rows(choice.key, table, ("table",))


def _for_each(place: walking.Place) -> Iterator[Mistake]:
    loop = place.block
    if isinstance(loop, ForEach) and loop.name in {outer.name for outer in place.loops}:
        yield Mistake(
            loop.key,
            ("name",),
            f"外层逐一执行已用了名称“{loop.name}”。",
            f"An enclosing for-each already has the name “{loop.name}”.",
        )
