"""Random procedures and random walks through them, for the laws of the engine."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import note
from hypothesis import strategies as st

from yinuo.procedures.definition import reading, walking
from yinuo.procedures.definition.shapes import Decision, Definition, Opinions, Sequence, Step, Wait
from yinuo.procedures.engine import asking, moves, running
from yinuo.procedures.engine import state as states
from yinuo.procedures.engine.moves import Move
from yinuo.procedures.engine.state import Item, State

FACTS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "cases.n": st.integers(0, 4),
        "cases.flag": st.booleans(),
        "cases.list": st.lists(st.sampled_from(["A1", "A2", "B@3/#"]), unique=True),
        "cases.parties": st.lists(st.sampled_from(["department:q", "department:s"]), unique=True),
    }
)

_LEAVES = st.sampled_from(
    ["task", "decision", "opinions all", "opinions any", "opinions in_sequence", "opinions fact", "event", "flag",
     "timer", "effect"]
)  # fmt: skip


def _grown(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        st.tuples(st.just("sequence"), several),
        st.tuples(st.just("side_by_side"), st.lists(several, min_size=2, max_size=3)),
        st.tuples(st.just("choice"), st.lists(several, min_size=1, max_size=2)),
        st.tuples(st.sampled_from(["each", "each in_sequence", "each fixed"]), several),
    )


TREES = st.lists(st.recursive(_LEAVES, _grown, max_leaves=8), min_size=1, max_size=4)


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    """A lawful procedure with every kind of step and block and with ways back."""
    plain = _plain(draw(TREES))
    first = _read(plain)
    plan = walking.plan_of(first)
    for step in list(walking.steps(first)):
        targets = walking.spine(plan, step.key)
        if targets and isinstance(step.work, Decision | Wait) and draw(st.booleans()):
            to = draw(st.sampled_from(targets)).key
            _add_back(plain["flow"], step.key, to)
    return _read(plain)


def _read(plain: dict[str, Any]) -> Definition:
    read = reading.read_plain(plain)
    assert read.definition is not None, [fault.say("en") for fault in read.faults]
    return read.definition


def _plain(tree: list[Any]) -> dict[str, Any]:
    builder = _Builder()
    return {
        "format": 1,
        "key": "random",
        "card": {"number": "R-1", "edition": "A/0", "title": _words("random")},
        "statuses": [{"key": f"s{n}", "title": _words(f"s{n}"), "stage": "active"} for n in range(3)],
        "shows": {"start": "s0"},
        "flow": [builder.block(member) for member in tree],
    }


def _words(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


class _Builder:
    def __init__(self) -> None:
        self.number = 0

    def block(self, tree: Any) -> dict[str, Any]:
        self.number += 1
        key = f"k{self.number}"
        if isinstance(tree, str):
            return self.step(tree, key)
        kind, inner = tree
        title = {"title": _words(key)}
        if kind == "sequence":
            return {"sequence": key, "flow": [self.block(member) for member in inner]}
        if kind == "side_by_side":
            return {"side_by_side": key, "branches": [[self.block(member) for member in branch] for branch in inner]}
        if kind == "choice":
            names = [f"b{at}" for at in range(len(inner))]
            rows = [{"when": [["cases.n", ">=", 3 - at]], "then": name} for at, name in enumerate(names)]
            branches = {
                name: [self.block(member) for member in branch] for name, branch in zip(names, inner, strict=True)
            }
            return {"choice": key, **title, "table": {"rows": rows, "otherwise": "skip"}, "branches": branches}
        listed: Any = [{"department": "q"}, {"post": "boss"}] if kind == "each fixed" else {"fact": "cases.list"}
        flow = [self.block(member) for member in inner]
        in_sequence = kind == "each in_sequence"
        return {"for_each": key, **title, "name": f"n_{key}", "list": listed, "in_sequence": in_sequence, "flow": flow}

    def step(self, kind: str, key: str) -> dict[str, Any]:
        status = f"s{self.number % 3}"
        common = {"title": _words(key), "status": status, "who": {"post": "clerk"}}
        go_on = {"key": "yes", "label": _words("yes")}
        name, _, mode = kind.partition(" ")
        match name:
            case "task":
                return {"task": key, **common, "on_open": [{"effect": "x.y", "repeatable": True}]}
            case "decision":
                return {"decision": key, **common, "sign": False, "outcomes": [go_on]}
            case "opinions" if mode == "fact":
                return {"opinions": key, **common, "ask": {"fact": "cases.parties"}}
            case "opinions":
                return {"opinions": key, **common, "mode": mode, "ask": [{"department": "q"}, {"department": "s"}]}
            case "event":
                table = {"rows": [{"when": [["event.ok", "is", False]], "then": "no"}], "otherwise": "yes"}
                both = [go_on, {"key": "no", "label": _words("no")}]
                return {"wait": key, **common, "events": ["x.came"], "until": table, "outcomes": both}
            case "flag":
                table = {"rows": [{"when": [["cases.flag", "is", True]], "then": "yes"}]}
                timeout = {"due": {"working_days": 1}, "timeout": "go_on"}
                return {"wait": key, **common, "until": table, "outcomes": [go_on], **timeout}
            case "timer":
                return {"timer": key, **common, "lasts": {"working_days": 2}}
        return {"effect": key, **common, "run": "x.z"}


def _add_back(blocks: list[dict[str, Any]], key: str, to: str) -> None:
    """Give a decision a way back; let a wait's bad answer lead back."""
    for block in blocks:
        if block.get("decision") == key:
            block["outcomes"].append({"key": "again", "label": _words("again"), "back": to})
        elif block.get("wait") == key and "events" in block:
            block["outcomes"][1]["back"] = to
        for branch in [*block.get("branches", [])]:
            _add_back(block["branches"][branch] if isinstance(branch, str) else branch, key, to)
        _add_back(block.get("flow", []), key, to)


# ── moves ───────────────────────────────────────────────────────────────────────────────────────────────────


def finishing(definition: Definition, item: Item) -> Move:
    """The move that finishes an open item and goes on."""
    step = walking.step(definition, item.step)
    match item.kind:
        case "signer":
            return moves.Submit(item=item.id, outcome="agree")
        case "decision":
            assert isinstance(step.work, Decision)
            good = next(outcome.key for outcome in step.work.outcomes if outcome.then == "go_on")
            return moves.Submit(item=item.id, outcome=good)
        case "opinions":
            return moves.Submit(item=item.id, verdict="can")
        case "wait":
            assert isinstance(step.work, Wait)
            if step.work.events:
                return moves.EventArrived(name="x.came", data={"ok": True}, item=item.id)
            return moves.TimeReached(item=item.id)
        case "timer":
            return moves.TimeReached(item=item.id)
        case "effect":
            return moves.EffectDone(item=item.id)
    return moves.Submit(item=item.id)


def lawful_moves(definition: Definition, state: State) -> list[Move]:
    """Moves that a run in this state understands, of every kind, in a fixed order."""
    if state.situation == "new":
        return [moves.Start()]
    if state.situation == "ended":
        return [moves.Reopen(to=key, reason="again") for key in asking.reopenings_of(definition, state)]
    if state.situation == "held":
        return [moves.Resume(), moves.FactsChanged(), moves.Terminate(reason="enough")]
    found: list[Move] = [moves.Hold(reason="wait"), moves.FactsChanged(), moves.EventArrived(name="x.came")]
    for item in sorted(state.items.values(), key=lambda item: item.id):
        if item.state == "open":
            found.extend(_moves_on(definition, state, item))
        elif asking.may_withdraw(definition, state, item.id):
            found.append(moves.Withdraw(item=item.id))
    return found


def _moves_on(definition: Definition, state: State, item: Item) -> list[Move]:
    found = [finishing(definition, item)] * 3
    found += [moves.Return(item=item.id, to=key, reason="no") for key in asking.returns_of(definition, state, item.id)]
    step = walking.step(definition, item.step)
    if item.kind in ("task", "opinions", "decision"):
        asked = {
            other.party
            for other in state.items.values()
            if other.signs_for == item.id and (other.is_live or other.state == "done")
        }
        if "person:z" not in asked and not item.signs_for:
            found += [moves.AddSigner(item=item.id, party="person:z", before=before) for before in (True, False)]
    match item.kind, step.work:
        case "signer", _:
            found.append(moves.Submit(item=item.id, outcome="disagree"))
        case "decision", Decision(outcomes=outcomes):
            found += [moves.Submit(item=item.id, outcome=outcome.key) for outcome in outcomes]
        case "opinions", Opinions():
            found.append(moves.Submit(item=item.id, verdict="cannot", condition="no steel"))
        case "wait", Wait(events=events) if events:
            found.append(moves.EventArrived(name="x.came", data={"ok": False}, item=item.id))
        case "effect", _:
            found.append(moves.Retry(item=item.id) if item.failed else moves.EffectFailed(item=item.id, reason="net"))
    return found


def walked(definition: Definition, facts: dict[str, Any], draw: Any, most: int = 20) -> tuple[State, list[Move]]:
    """A state reached by random lawful moves, and the moves."""
    state, made = running.new(definition), []
    for _ in range(draw(st.integers(1, most))):
        possible = lawful_moves(definition, state)
        if not possible:
            break
        move = possible[draw(st.integers(0, len(possible) - 1))]
        state = running.apply(definition, state, facts, move).state
        made.append(move)
    note(f"moves: {made}")
    return state, made


def through_json(state: State) -> State:
    """The state as it comes back from a JSON column."""
    return states.from_json(json.loads(json.dumps(states.as_json(state))))


def finished(definition: Definition, state: State, facts: dict[str, Any], most: int = 500) -> State:
    """Drive a run to its end by finishing whatever is open."""
    for _ in range(most):
        if state.situation == "ended":
            return state
        if state.situation == "new":
            move: Move = moves.Start()
        elif state.situation == "held":
            move = moves.Resume()
        else:
            ready = sorted(item.id for item in state.open_items() if item.state == "open")
            assert ready, "nothing can be done and yet the run goes on"
            move = finishing(definition, state.items[ready[0]])
        state = running.apply(definition, state, facts, move).state
    raise AssertionError("the run does not end")


def sequences(definition: Definition) -> list[Sequence]:
    """Every sequence of a procedure."""
    return [block for block in walking.blocks(definition.flow) if isinstance(block, Sequence)]


def step_keys(block: Any) -> set[str]:
    """The keys of the steps inside a block."""
    return {step.key for step in walking.blocks(block) if isinstance(step, Step)}
