"""Random procedures and random walks through them, for the laws of the engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import note
from hypothesis import strategies as st

from yinuo.procedures.definition import reading, walking
from yinuo.procedures.definition.shapes import Choice, Decision, Definition, Opinions, Sequence, Step, Wait
from yinuo.procedures.engine import asking, moves, running
from yinuo.procedures.engine import state as states
from yinuo.procedures.engine.moves import Move
from yinuo.procedures.engine.state import Item, State

_ELEMENTS: list[Any] = ["A1", {"key": "A2", "owner": "department:q"}, {"key": "B@3/#", "owner": "nobody"}]
FACTS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "cases.n": st.integers(0, 4),
        "cases.flag": st.booleans(),
        "cases.list": st.lists(st.sampled_from(_ELEMENTS), unique_by=str),
        "cases.parties": st.lists(st.sampled_from(["department:q", "department:s"]), unique=True),
        "cases.at": st.sampled_from(["", "2026-03-02T09:00:00+00:00"]),
    }
)
MOODS = st.lists(FACTS, min_size=1, max_size=3)
"""What the world may say during a walk: each move sees one of these."""

_LEAVES = st.sampled_from(
    ["task", "task", "decision", "decision end", "opinions all", "opinions any", "opinions in_sequence",
     "opinions fact", "opinions each", "event", "flag stay", "flag go_on", "flag end", "flag back", "timer lasts",
     "timer moment", "effect"]
)  # fmt: skip


def _grown(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        st.tuples(st.just("sequence"), several),
        st.tuples(st.just("side_by_side"), st.lists(several, min_size=2, max_size=3)),
        st.tuples(st.just("choice"), st.lists(several, min_size=1, max_size=2)),
        st.tuples(st.sampled_from(["each", "each in_sequence", "each fixed"]), several),
    )


TREES = st.lists(st.recursive(_LEAVES, _grown, max_leaves=8), min_size=2, max_size=5)


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    """A lawful procedure with every kind of step and block, with ways back, gates, and choices on earlier results."""
    plain = _plain(draw(TREES), draw(st.sets(st.integers(1, 12), max_size=2)))
    plan = walking.plan_of(_read(plain))
    for place in list(plan.places.values()):
        block = place.block
        targets = walking.spine(plan, block.key) if isinstance(block, Step) else ()
        if isinstance(block, Step) and isinstance(block.work, Decision | Wait) and targets and draw(st.booleans()):
            _add_back(_found(plain["flow"], block.key), draw(st.sampled_from(targets)).key)
        if isinstance(block, Choice) and (earlier := known_at(plan, block.key)) and draw(st.booleans()):
            _ask_result(_found(plain["flow"], block.key), plan, draw(st.sampled_from(earlier)))
    return _read(plain)


def known_at(plan: walking.Plan, key: str) -> list[Step]:
    """The steps whose results can be known at a block, said independently of the checks: where the ways to the two
    part, they part in a sequence, and the step stands earlier in it."""
    found = []
    mine = plan.places[key].above
    for place in plan.places.values():
        parting = next((b for (b, at), (_, its) in zip(mine, place.above, strict=False) if at != its), None)
        earlier = plan.order[place.block.key] < plan.order[key]
        if isinstance(place.block, Step) and isinstance(parting, Sequence) and earlier:
            found.append(place.block)
    return found


def _found(blocks: list[dict[str, Any]], key: str) -> dict[str, Any]:
    """The plain block of a key."""
    return next(block for block in _all(blocks) if key in block.values())


def _all(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        yield block
        branches = block.get("branches", [])
        for branch in branches.values() if isinstance(branches, dict) else branches:
            yield from _all(branch)
        yield from _all(block.get("flow", []))


def _add_back(block: dict[str, Any], to: str) -> None:
    """Give a decision a way back; let a wait's bad answer, or its time-out, lead back."""
    if "decision" in block:
        block["outcomes"].append({"key": "again", "label": _words("again"), "back": to})
    elif "events" in block:
        block["outcomes"][1]["back"] = to
    elif block.get("timeout") == "end" and "back" in block["title"]["en"]:
        block["timeout"] = {"back": to}


def _ask_result(block: dict[str, Any], plan: walking.Plan, step: Step) -> None:
    """Let a choice ask first what came of a step."""
    outcome = {"timer": "reached", "decision": "yes", "wait": "yes"}.get(step.kind, "done")
    what = ["verdict", "can"] if step.kind == "opinions" else ["outcome", outcome]
    apart = plan.places[step.key].loops != plan.places[block["choice"]].loops[: len(plan.places[step.key].loops)]
    block["table"]["rows"][0]["when"] = [[f"{step.key}.{what[0]}", "contains" if apart else "is", what[1]]]


def _read(plain: dict[str, Any]) -> Definition:
    read = reading.read_plain(plain)
    assert read.definition is not None, [fault.say("en") for fault in read.faults]
    return read.definition


def _plain(tree: list[Any], gates: set[int]) -> dict[str, Any]:
    builder = _Builder(gates)
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
    def __init__(self, gates: set[int]) -> None:
        self.number = 0
        self.gates = gates
        self.loops: list[str] = []

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
        self.loops.append(f"n_{key}")
        listed: Any = [{"department": "q"}, {"post": "boss"}] if kind == "each fixed" else {"fact": "cases.list"}
        flow = [self.block(member) for member in inner]
        self.loops.pop()
        in_sequence = kind == "each in_sequence"
        return {"for_each": key, **title, "name": f"n_{key}", "list": listed, "in_sequence": in_sequence, "flow": flow}

    def step(self, kind: str, key: str) -> dict[str, Any]:
        status = f"s{self.number % 3}"
        common = {"title": _words(key), "status": status, "who": {"post": "clerk"}, "gate": self.number in self.gates}
        go_on = {"key": "yes", "label": _words("yes")}
        each = {"each": f"{self.loops[-1]}.owner", "fallback": {"post": "boss"}} if self.loops else {"post": "boss"}
        name, _, more = kind.partition(" ")
        match name:
            case "task":
                return {"task": key, **common, "who": each, "on_open": [{"effect": "x.y", "repeatable": True}]}
            case "decision":
                stop = [{"key": "stop", "label": _words("stop"), "end": True}] if more else []
                return {"decision": key, **common, "sign": False, "outcomes": [go_on, *stop]}
            case "opinions" if more == "fact":
                return {"opinions": key, **common, "ask": {"fact": "cases.parties"}}
            case "opinions" if more == "each":
                return {"opinions": key, **common, "ask": [each, {"department": "s"}]}
            case "opinions":
                return {"opinions": key, **common, "mode": more, "ask": [{"department": "q"}, {"department": "s"}]}
            case "event":
                table = {"rows": [{"when": [["event.ok", "is", False]], "then": "no"}], "otherwise": "yes"}
                both = [go_on, {"key": "no", "label": _words("no")}]
                return {"wait": key, **common, "events": ["x.came"], "until": table, "outcomes": both}
            case "flag":
                table = {"rows": [{"when": [["cases.flag", "is", True]], "then": "yes"}]}
                timeout = {"due": {"working_days": 1}, "timeout": "end" if more == "back" else more}
                title = {"title": _words(f"{key} {more}")}
                return {"wait": key, **common, **title, "until": table, "outcomes": [go_on], "by_hand": True, **timeout}
            case "timer":
                until = {"moment": "cases.at"} if more == "moment" else {"lasts": {"working_days": 2}}
                return {"timer": key, **common, **until}
        return {"effect": key, **common, "run": "x.z"}


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
            return moves.Submit(item=item.id, outcome="yes")
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
    found: list[Move] = []
    for item in sorted(state.items.values(), key=lambda item: item.id):
        if item.state == "open":
            found.extend(_moves_on(definition, state, item))
        elif asking.may_withdraw(definition, state, item.id):
            found.append(moves.Withdraw(item=item.id))
    return [
        *found, moves.FactsChanged(), moves.EventArrived(name="x.came"), moves.Hold(reason="wait"),
        moves.Terminate(reason="no more"),
    ]  # fmt: skip


def _moves_on(definition: Definition, state: State, item: Item) -> list[Move]:
    found = [finishing(definition, item)] * 4
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
        case "wait", _:
            found.append(moves.TimeReached(item=item.id))
        case "effect", _:
            found.append(moves.Retry(item=item.id) if item.failed else moves.EffectFailed(item=item.id, reason="net"))
    return found


RARE = (moves.Hold, moves.Terminate)
Walk = list[tuple[Move, dict[str, Any]]]


def walked(definition: Definition, moods: list[dict[str, Any]], draw: Any, most: int = 20) -> tuple[State, Walk]:
    """A state reached by random lawful moves, and the moves with the facts that each saw."""
    made: Walk = [(moves.Start(), moods[0])]
    state = running.apply(definition, running.new(definition), moods[0], moves.Start()).state
    for number in draw(st.lists(st.integers(0, 9_999), min_size=1, max_size=most)):
        at, which = number % len(moods), number // len(moods)
        possible = lawful_moves(definition, state)
        if which % 8 != 7:
            possible = [move for move in possible if not isinstance(move, RARE)] or possible
        if not possible:
            break
        after = running.apply(definition, state, moods[at], possible[which % len(possible)]).state
        if after.situation == "ended" and which % 4 != 3:
            break  # most walks stop while there is something to do
        state = after
        made.append((possible[which % len(possible)], moods[at]))
    note(f"walk: {made}")
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
