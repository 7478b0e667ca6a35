"""Laws of the engine, over random procedures and random moves."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.procedures import flows
from yinuo.procedures.definition import walking
from yinuo.procedures.definition.shapes import Choice, Definition, ForEach, Opinions, Sequence, SideBySide, Step
from yinuo.procedures.engine import changes, moves, running
from yinuo.procedures.engine import state as states
from yinuo.procedures.engine.state import Node, State, parts_of, place_of

Moods = list[dict[str, Any]]

# `assume` keeps the laws from being vacuous: an example without the move in question does not count among the 80, and
# when most have none, the check for too much filtering fails.
often = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def is_done(definition: Definition, state: State, block: Any, path: tuple[str, ...]) -> bool:
    """Whether a block is done, said independently of the engine: all steps that had to be done are."""
    match block:
        case Step():
            node = state.nodes.get(place_of(block.key, path))
            return node is not None and is_answered(state, block, node)
        case Sequence():
            return all(is_done(definition, state, child, path) for child in block.blocks)
        case SideBySide():
            return all(is_done(definition, state, child, path) for child in block.branches)
        case Choice():
            node = state.nodes.get(place_of(block.key, path))
            branch = block.branches.get(node.picked) if node else None
            return node is not None and (branch is None or is_done(definition, state, branch, path))
        case ForEach():
            node = state.nodes.get(place_of(block.key, path))
            return node is not None and all(is_done(definition, state, block.body, (*path, key)) for key in node.keys)
    raise AssertionError(block)


def is_answered(state: State, step: Step, node: Node) -> bool:
    """Whether everybody has answered who had to, said from what they did and not from what the engine noted."""
    given = [state.items[at] for at in node.items if state.items[at].state == "done" and not state.items[at].void]
    answers = [item for item in given if item.kind != "signer"]
    if isinstance(step.work, Opinions):
        parties = {item.party for item in answers if item.verdict}
        return bool(parties) if step.work.mode == "any" else set(node.parties) <= parties
    return bool(answers)


def touched(state: State, block: Any, path: tuple[str, ...]) -> bool:
    keys = {found.key for found in walking.blocks(block) if found.key}
    places = (parts_of(place) for place in state.nodes)
    return any(key in keys and its_path[: len(path)] == path for key, its_path in places)


def paths_of(definition: Definition, state: State, key: str) -> set[tuple[str, ...]]:
    return {path for place in state.nodes for found, path in [parts_of(place)] if found == key}


def check_sound(definition: Definition, state: State) -> None:
    """What must be true of every state."""
    assert flows.through_json(state) == state
    if state.situation == "ended":
        assert not state.open_items()
        assert state.ending in ("completed", "terminated")
        return
    live_in_nodes = {at for node in state.nodes.values() for at in node.items if state.items[at].is_live}
    assert live_in_nodes == {item.id for item in state.open_items()}
    for place, node in state.nodes.items():
        block = walking.plan_of(definition).places[parts_of(place)[0]].block
        if isinstance(block, Step):
            live = [at for at in node.items if state.items[at].state == "open"]
            assert bool(live) != node.done, "an unfinished step has something to do, a finished one has nothing"
            assert not node.done or is_answered(state, block, node)
    check_order(definition, state, definition.flow, ())


def check_order(definition: Definition, state: State, block: Any, path: tuple[str, ...]) -> None:
    """In every sequence a block begins only when all before it is done: so a join waits for all its branches."""
    if isinstance(block, Sequence):
        for earlier, later in zip(block.blocks, block.blocks[1:], strict=False):
            if touched(state, later, path):
                assert is_done(definition, state, earlier, path)
    if isinstance(block, ForEach):
        node = state.nodes.get(place_of(block.key, path))
        for key in node.keys if node else ():
            check_order(definition, state, block.body, (*path, key))
        return
    for child in walking.children(block):
        check_order(definition, state, child, path)


@often
@given(flows.definitions(), flows.MOODS, st.data())
def test_every_state_is_sound_and_can_end(definition: Definition, moods: Moods, data: st.DataObject) -> None:
    state, _ = flows.walked(definition, moods, data.draw)
    check_sound(definition, state)
    end = flows.finished(definition, state, moods[0])
    assert end.situation == "ended"
    check_sound(definition, end)
    if state.situation != "ended":
        assert end.ending == "completed"
        assert is_done(definition, end, definition.flow, ())


@often
@given(flows.definitions(), flows.MOODS, st.data())
def test_replaying_the_moves_gives_the_same_state(definition: Definition, moods: Moods, data: st.DataObject) -> None:
    state, made = flows.walked(definition, moods, data.draw)
    again = running.new(definition)
    for move, facts in json.loads(json.dumps([(moves.as_json(move), facts) for move, facts in made])):
        again = running.apply(definition, flows.through_json(again), facts, moves.from_json(move)).state
    assert again == state


@often
@given(flows.definitions(), flows.MOODS, st.data())
def test_a_move_leaves_the_old_state_alone_and_tells_every_change(
    definition: Definition, moods: Moods, data: st.DataObject
) -> None:
    state, _ = flows.walked(definition, moods, data.draw)
    possible = flows.lawful_moves(definition, state)
    assume(possible)
    before = json.dumps(states.as_json(state))
    moved = running.apply(definition, state, data.draw(st.sampled_from(moods)), data.draw(st.sampled_from(possible)))
    assert json.dumps(states.as_json(state)) == before
    told = {change.item.id for change in moved.changes if hasattr(change, "item")}
    differing = {key for key, item in moved.state.items.items() if state.items.get(key) != item}
    assert differing == told
    shown = [change for change in moved.changes if isinstance(change, changes.StatusShown)]
    assert bool(shown) == (moved.state.status != state.status)
    json.dumps([changes.as_json(change) for change in moved.changes])


@often
@given(flows.definitions(), flows.MOODS, st.data())
def test_side_by_side_completions_commute(definition: Definition, moods: Moods, data: st.DataObject) -> None:
    facts = moods[0]
    state = settled(definition, flows.walked(definition, moods, data.draw)[0], facts)
    ready = [item for item in state.open_items() if item.state == "open"]
    assume(state.situation == "running" and len(ready) > 1)
    one, other = data.draw(st.permutations(ready))[:2]
    if (one.step, one.path) == (other.step, other.path):
        work = walking.step(definition, one.step).work
        assume(isinstance(work, Opinions) and work.mode == "all" and one.kind == other.kind == "opinions")

    def both(*pair: Any) -> State:
        found = state
        for item in pair:
            found = running.apply(definition, found, facts, flows.finishing(definition, item)).state
        return found

    assert both(one, other) == both(other, one)


def settled(definition: Definition, state: State, facts: dict[str, Any]) -> State:
    """The state after the waits have been asked what these facts say."""
    if state.situation != "running":
        return state
    return running.apply(definition, state, facts, moves.FactsChanged()).state


def rests_on(definition: Definition, state: State, key: str, path: tuple[str, ...], place: str) -> bool:
    """Whether a place comes later than the step: where their ways part, the parting is a sequence (or rounds one by
    one), and the place stands further on."""
    plan = walking.plan_of(definition)
    its_key, its_path = parts_of(place)
    mine, its = plan.places[key], plan.places[its_key]
    depth = 0
    for (block, at), (its_block, its_at) in zip(mine.above, its.above, strict=False):
        assert block is its_block
        if isinstance(block, ForEach):
            if its_path[depth] != path[depth]:
                keys = state.nodes[place_of(block.key, path[:depth])].keys
                return block.in_sequence and keys.index(its_path[depth]) > keys.index(path[depth])
            depth += 1
        elif at != its_at:
            return isinstance(block, Sequence) and its_at > at
    return False


BACK = (changes.SentBack, changes.RunReopened)


@often
@given(flows.definitions(), flows.MOODS, st.data())
def test_whatever_leads_back_reopens_exactly_what_rests_on_it(
    definition: Definition, moods: Moods, data: st.DataObject
) -> None:
    """A return, an outcome, a bad answer, a time-out, a reopening."""
    facts = moods[0]
    state = settled(definition, flows.walked(definition, moods, data.draw)[0], facts)
    found = []
    for move in flows.lawful_moves(definition, state):
        moved = running.apply(definition, state, facts, move)
        back = [change for change in moved.changes if isinstance(change, BACK)]
        if len(back) == 1:
            found.append((moved, back[0]))
    assume(found)
    moved, to = data.draw(st.sampled_from(found))
    path = to.path if isinstance(to, changes.SentBack) else ()
    target = place_of(to.to, path)
    kept = {place for place in state.nodes if place != target and not rests_on(definition, state, to.to, path, place)}
    for place in kept:
        assert moved.state.nodes[place] == state.nodes[place]
        assert all(moved.state.items[at] == state.items[at] for at in state.nodes[place].items)
    for place in set(state.nodes) - kept:
        for at in state.nodes[place].items:
            item = moved.state.items[at]
            assert not item.is_live
            assert item.void or item.state in ("cancelled", "withdrawn")
    assert not set(moved.state.nodes[target].items) & set(state.items), "the step asked for begins a new attempt"
    check_sound(definition, moved.state)


@often
@given(flows.definitions(), flows.MOODS, st.data())
def test_withdrawing_and_submitting_again_leads_on_as_before(
    definition: Definition, moods: Moods, data: st.DataObject
) -> None:
    state, _ = flows.walked(definition, moods, data.draw)
    withdrawals = [move for move in flows.lawful_moves(definition, state) if isinstance(move, moves.Withdraw)]
    assume(withdrawals)
    move = data.draw(st.sampled_from(withdrawals))
    moved = running.apply(definition, state, moods[0], move)
    assert moved.state.items[move.item].state == "withdrawn"
    taken = moved.state.items[move.item]
    again = [
        item
        for item in moved.state.open_items()
        if (item.step, item.path, item.party, item.signs_for) == (taken.step, taken.path, taken.party, taken.signs_for)
    ]
    assert len(again) == 1
    check_sound(definition, moved.state)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(flows.definitions(), flows.MOODS, st.data())
def test_unlawful_moves_are_refused_in_words(definition: Definition, moods: Moods, data: st.DataObject) -> None:
    state, _ = flows.walked(definition, moods, data.draw, most=8)
    items = st.sampled_from([*state.items, "nothing#1"])
    words = st.sampled_from(["", "yes", "again", "can", "cannot", "agree", "k1", "k2", "x.came"])
    shape = data.draw(st.sampled_from(sorted(moves.NAMES)))
    values: dict[str, Any] = {}
    for name in moves.NAMES[shape].__slots__:
        if name == "item":
            values[name] = data.draw(items)
        elif name == "data":
            values[name] = {}
        elif name == "before":
            values[name] = data.draw(st.booleans())
        else:
            values[name] = data.draw(words)
    words_said, after = None, state
    try:
        after = running.apply(definition, state, moods[0], moves.NAMES[shape](**values)).state
    except running.CannotMove as refused:
        words_said = refused.words
    assert words_said is None or (words_said.zh and words_said.en)
    if after.situation != "new":
        check_sound(definition, after)
