"""Questions to a run that change nothing: what may be done, what is passed."""

from __future__ import annotations

from yinuo.procedures.definition import walking
from yinuo.procedures.definition.shapes import Definition
from yinuo.procedures.engine import running, withdrawing
from yinuo.procedures.engine.run import Run
from yinuo.procedures.engine.state import State, parts_of


def _run(definition: Definition, state: State) -> Run:
    return Run(walking.plan_of(definition), state, {})


def returns_of(definition: Definition, state: State, item: str) -> tuple[str, ...]:
    """The step keys an open item may be returned to now, earliest first: lawful, allowed and reached."""
    found = state.items.get(item)
    if found is None or not found.is_live or state.situation != "running":
        return ()
    return running.returns_from(_run(definition, state), found)


def may_withdraw(definition: Definition, state: State, item: str) -> bool:
    """Whether this finished item can be taken back now."""
    found = state.items.get(item)
    if found is None or state.situation != "running":
        return False
    return withdrawing.obstacle(_run(definition, state), found) is None


def reopenings_of(definition: Definition, state: State) -> tuple[str, ...]:
    """The step keys an ended run may be reopened at, earliest first."""
    return running.reopenings_in(_run(definition, state)) if state.situation == "ended" else ()


def gates_passed(definition: Definition, state: State) -> dict[str, bool]:
    """Every gate step of the procedure: whether it has been passed, in every iteration opened so far.

    A gate that a choice led around is not passed: who asks decides what that means.
    """
    gates = [step.key for step in walking.steps(definition) if step.gate]
    passed: dict[str, list[bool]] = {key: [] for key in gates}
    for place, node in state.nodes.items():
        key, _ = parts_of(place)
        if key in passed:
            passed[key].append(node.done and not node.skipped)
    return {key: bool(found) and all(found) for key, found in passed.items()}
