"""Questions to a run that change nothing: what may be done."""

from __future__ import annotations

from yinuo.procedures.definition import walking
from yinuo.procedures.definition.shapes import Definition
from yinuo.procedures.engine import running, withdrawing
from yinuo.procedures.engine.run import Run
from yinuo.procedures.engine.state import State


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
