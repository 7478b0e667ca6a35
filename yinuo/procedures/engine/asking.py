"""Questions to a run that change nothing: what may be done, what is passed, what is shown."""

from __future__ import annotations

from yinuo.procedures.definition.shapes import Definition
from yinuo.procedures.engine.state import State


def returns_of(definition: Definition, state: State, item: str) -> tuple[str, ...]:
    """The step keys an open item may be returned to now, earliest first: lawful, allowed and reached."""
    raise NotImplementedError


def may_withdraw(definition: Definition, state: State, item: str) -> bool:
    """Whether this finished item can be taken back now."""
    raise NotImplementedError


def reopenings_of(definition: Definition, state: State) -> tuple[str, ...]:
    """The step keys an ended run may be reopened at, earliest first."""
    raise NotImplementedError


def gates_open(definition: Definition, state: State) -> dict[str, bool]:
    """Every gate step of the definition: whether it is passed (done and in force, in every iteration)."""
    raise NotImplementedError
