"""One move at a time: (definition, state, facts, move) → new state and changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from yinuo.procedures import rules
from yinuo.procedures.definition import walking
from yinuo.procedures.definition.shapes import VERDICTS, Decision, Definition, Json, Step, Wait
from yinuo.procedures.definition.texts import Text
from yinuo.procedures.engine import changes, moves, withdrawing
from yinuo.procedures.engine.changes import Change
from yinuo.procedures.engine.moves import Move
from yinuo.procedures.engine.run import Run, behind
from yinuo.procedures.engine.state import Item, State, place_of

AGREE, DISAGREE = "agree", "disagree"


class CannotMove(Exception):
    """The move is not lawful now. `words` say why to the user; nothing has changed."""

    def __init__(self, words: Text) -> None:
        super().__init__(words.en)
        self.words = words


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The state after a move and what changed, in order."""

    state: State
    changes: tuple[Change, ...]


def new(definition: Definition) -> State:
    """The state of a run not yet started, pinned to this edition."""
    return State(procedure=definition.key, edition=definition.card.edition)


def apply(definition: Definition, state: State, facts: Mapping[str, Json], move: Move) -> Moved:
    """Make one move.

    `definition` is a checked one (read without faults), of the edition the run is pinned to. `facts` are the
    caller's facts by dotted name; results of the run itself are added by the engine: `<step>.outcome`,
    `<step>.verdict`, `<step>.<form field>`; inside a for-each `<name>.<attribute>` of its element.

    Raises CannotMove with words; never anything else on a checked definition. `state` is not altered.
    """
    if (state.procedure, state.edition) != (definition.key, definition.card.edition):
        raise ValueError(f"The run is pinned to {state.procedure} {state.edition}.")
    _ask_situation(state, move)
    run = Run(walking.plan_of(definition), state, facts)
    _MAKE[type(move)](run, move)
    if run.situation != "ended":
        run.settle()
    return Moved(state=run.frozen(), changes=tuple(run.changes))


_WHILE_HELD = (
    moves.Resume, moves.Terminate, moves.EventArrived, moves.FactsChanged, moves.EffectDone, moves.EffectFailed,
)  # fmt: skip
_REFUSED = {
    "new": Text("流程尚未启动。", "The run has not started."),
    "running": Text("流程正在进行，此操作不适用。", "The run is under way; this does not apply."),
    "held": Text("流程已暂停，请先恢复。", "The run is on hold; resume it first."),
    "ended": Text("流程已结束，如需继续请重新打开。", "The run has ended; reopen it to go on."),
}


def _ask_situation(state: State, move: Move) -> None:
    lawful = {
        "new": isinstance(move, moves.Start),
        "running": not isinstance(move, moves.Start | moves.Resume | moves.Reopen),
        "held": isinstance(move, _WHILE_HELD),
        "ended": isinstance(move, moves.Reopen),
    }
    if not lawful[state.situation]:
        raise CannotMove(_REFUSED[state.situation])


def _item(run: Run, key: str) -> Item:
    item = run.items.get(key)
    if item is None:
        raise CannotMove(Text("没有这项工作。", "There is no such piece of work."))
    return item


def _open(run: Run, key: str, *kinds: str) -> Item:
    """An open item, of one of the kinds if any are given."""
    item = _item(run, key)
    if not item.is_live:
        raise CannotMove(
            Text("这项工作已由他人完成或已不需要。", "This work has already been finished or is no longer needed.")
        )
    if kinds and item.kind not in kinds:
        raise CannotMove(Text("此操作不适用于本步骤。", "This does not apply to a step of this kind."))
    return item


def _start(run: Run, move: moves.Start) -> None:
    run.situation = "running"


def _submit(run: Run, move: moves.Submit) -> None:
    item = _open(run, move.item, "task", "opinions", "decision", "signer", "wait")
    if item.state == "blocked":
        raise CannotMove(Text("须先等待加签人签署。", "It has to wait for another signer first."))
    run.reopened = False
    if item.kind == "signer":
        _sign(run, item, move)
        return
    step = run.plan.step(item.step)
    if isinstance(step.work, Wait):
        _record(run, item, step.work, move)
        return
    _ask_answer(step, move)
    run.complete(item, outcome=move.outcome, verdict=move.verdict, condition=move.condition, data=dict(move.data))


def _record(run: Run, item: Item, wait: Wait, move: moves.Submit) -> None:
    """Whoever follows a wait records by hand that it happened."""
    if not wait.by_hand:
        raise CannotMove(Text("此操作不适用于本步骤。", "This does not apply to a step of this kind."))
    if move.outcome not in ({outcome.key for outcome in wait.outcomes} or {""}):
        raise CannotMove(Text("请选择一个结果。", "Choose one of the outcomes."))
    run.complete(item, outcome=move.outcome or "arrived", condition=move.condition, data=dict(move.data))


def _ask_answer(step: Step, move: moves.Submit) -> None:
    """Whether the answer fits the step."""
    outcomes = {outcome.key for outcome in step.work.outcomes} if isinstance(step.work, Decision) else {"", "done"}
    if move.outcome not in outcomes:
        raise CannotMove(Text("请选择一个结果。", "Choose one of the outcomes."))
    if step.kind != "opinions":
        if move.verdict:
            raise CannotMove(Text("本步骤不需要意见结论。", "This step asks for no verdict."))
        return
    if move.verdict not in VERDICTS:
        raise CannotMove(Text("请选择意见：能满足、有条件满足、不能满足或不涉及。", "Choose a verdict."))
    if move.verdict in rules.NEEDS_WORDS and not move.condition.strip():
        raise CannotMove(Text("请写明条件或不能满足的原因。", "Say the condition, or why it cannot be met."))


def _sign(run: Run, signer: Item, move: moves.Submit) -> None:
    """An added signer answers: one before the owner frees the owner; a no after the owner opens the owner anew."""
    if move.outcome not in (AGREE, DISAGREE):
        raise CannotMove(Text("请选择同意或不同意。", "Choose to agree or to disagree."))
    answer = {"outcome": move.outcome, "condition": move.condition, "data": dict(move.data)}
    owner = run.items[signer.signs_for]
    if signer.before or move.outcome == AGREE:
        run.complete(signer, **answer)
        if not any(found.is_live and found.before for found in run.signers_of(owner)) and owner.state == "blocked":
            run.changes.append(changes.ItemFreed(item=run.put(owner, state="open")))
        return
    signer = run.put(signer, state="done", void=True, **answer)
    run.changes.append(changes.ItemDone(item=signer))
    run.cancel(run.signers_of(owner), "returned")
    run.changes.append(changes.ItemVoided(item=run.put(owner, void=True)))
    run.open_item(run.plan.step(owner.step), owner.path, owner.party)


def _return(run: Run, move: moves.Return) -> None:
    item = _open(run, move.item)
    if move.to not in returns_from(run, item):
        raise CannotMove(Text("不能退回到所选步骤。", "The run cannot be returned to that step from here."))
    if not move.reason.strip():
        raise CannotMove(Text("请写明退回原因。", "Say why it is returned."))
    item = run.put(item, state="done", outcome="returned", condition=move.reason)
    run.changes.append(changes.ItemDone(item=item))
    run.send_back(item.step, item.path, move.to, move.reason)


def returns_from(run: Run, item: Item) -> tuple[str, ...]:
    """The steps an open item may be returned to: lawful, allowed and reached, earliest first."""
    step = run.plan.step(item.step)
    lawful = (earlier.key for earlier in walking.spine(run.plan, step.key))
    allowed = step.allowed.return_to
    return tuple(
        key
        for key in lawful
        if (allowed is None or key in allowed)
        and place_of(key, item.path[: len(run.plan.places[key].loops)]) in run.nodes
    )


def _withdraw(run: Run, move: moves.Withdraw) -> None:
    item = _item(run, move.item)
    why_not = withdrawing.obstacle(run, item)
    if why_not:
        raise CannotMove(why_not)
    withdrawing.withdraw(run, item)


def _add_signer(run: Run, move: moves.AddSigner) -> None:
    item = _open(run, move.item, "task", "opinions", "decision")
    if not run.plan.step(item.step).allowed.add_signer:
        raise CannotMove(Text("本步骤不允许加签。", "No signer can be added to this step."))
    if not move.party.strip():
        raise CannotMove(Text("请选择加签人。", "Choose the signer."))
    busy = (signer.party for signer in run.signers_of(item) if signer.is_live or signer.state == "done")
    if move.party in busy:
        raise CannotMove(Text("已请此人加签。", "This person has already been asked to sign."))
    run.add_signer(item, move.party, before=move.before)


def _event_arrived(run: Run, move: moves.EventArrived) -> None:
    if move.item:
        _open(run, move.item, "wait")
    waiting = [item for item in run.items.values() if item.is_live and item.kind == "wait"]
    for item in run.in_order(waiting):
        work = run.plan.step(item.step).work
        listens = isinstance(work, Wait) and move.name in work.events and move.item in ("", item.id)
        if listens and run.items[item.id].is_live and run.situation != "ended":
            outcome = _answer_of(run, item, move)
            if outcome:
                run.complete(item, outcome=outcome, data=dict(move.data))


def _answer_of(run: Run, item: Item, move: moves.EventArrived) -> str:
    work = run.plan.step(item.step).work
    if not isinstance(work, Wait) or work.until is None:
        return "arrived"
    return rules.decide(work.until, run.seen_from(item.step, item.path, move.data)).outcome


def _facts_changed(run: Run, move: moves.FactsChanged) -> None:
    """Settling asks the waits."""


def _time_reached(run: Run, move: moves.TimeReached) -> None:
    item = _open(run, move.item, "wait", "timer")
    step = run.plan.step(item.step)
    if not isinstance(step.work, Wait):
        run.complete(item, outcome="reached")
        return
    run.run_effects(step.work.timeout_effects, step, item.path, "timeout")
    match step.work.timeout:
        case "go_on":
            run.complete(item, outcome="timed_out")
        case "back":
            run.changes.append(changes.ItemDone(item=run.put(item, state="done", outcome="timed_out")))
            run.send_back(step.key, item.path, step.work.timeout_to, "")
        case "end":
            run.changes.append(changes.ItemDone(item=run.put(item, state="done", outcome="timed_out")))
            run.end("terminated", "")


def _effect_done(run: Run, move: moves.EffectDone) -> None:
    run.complete(_open(run, move.item, "effect"), failed="", data=dict(move.data))


def _effect_failed(run: Run, move: moves.EffectFailed) -> None:
    item = run.put(_open(run, move.item, "effect"), failed=move.reason or "failed")
    run.changes.append(changes.EffectStuck(item=item))


def _retry(run: Run, move: moves.Retry) -> None:
    item = _open(run, move.item, "effect")
    if not item.failed:
        raise CannotMove(Text("此动作仍在执行。", "This effect is still under way."))
    run.start_effect(run.put(item, failed=""))


def _terminate(run: Run, move: moves.Terminate) -> None:
    if not move.reason.strip():
        raise CannotMove(Text("请写明终止原因。", "Say why it is terminated."))
    run.end("terminated", move.reason)


def _hold(run: Run, move: moves.Hold) -> None:
    if not move.reason.strip():
        raise CannotMove(Text("请写明暂停原因。", "Say why it is put on hold."))
    run.situation, run.reason = "held", move.reason
    run.changes.append(changes.RunHeld(reason=move.reason))


def _resume(run: Run, move: moves.Resume) -> None:
    run.situation, run.reason = "running", ""
    run.changes.append(changes.RunResumed())


def _reopen(run: Run, move: moves.Reopen) -> None:
    if move.to not in reopenings_in(run):
        raise CannotMove(Text("不能在所选步骤重新打开。", "The run cannot be reopened at that step."))
    if not move.reason.strip():
        raise CannotMove(Text("请写明重新打开的原因。", "Say why it is reopened."))
    run.situation, run.ending, run.reason, run.reopened = "running", "", move.reason, True
    run.changes.append(changes.RunReopened(to=move.to, reason=move.reason))
    run.clear({move.to, *behind(run.plan, run.nodes, move.to, ())}, "returned")


def reopenings_in(run: Run) -> tuple[str, ...]:
    """The steps a run may be reopened at: outside branches, and reached before."""
    return tuple(step.key for step in walking.outer_steps(run.plan.definition) if step.key in run.nodes)


_MAKE: dict[type, Callable[[Run, Any], None]] = {
    moves.Start: _start, moves.Submit: _submit, moves.Return: _return, moves.Withdraw: _withdraw,
    moves.AddSigner: _add_signer, moves.EventArrived: _event_arrived, moves.FactsChanged: _facts_changed,
    moves.TimeReached: _time_reached, moves.EffectDone: _effect_done, moves.EffectFailed: _effect_failed,
    moves.Retry: _retry, moves.Terminate: _terminate, moves.Hold: _hold, moves.Resume: _resume,
    moves.Reopen: _reopen,
}  # fmt: skip
