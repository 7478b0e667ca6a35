"""Moving a run to a newer edition of its procedure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yinuo.procedures.definition.shapes import Definition, Json
from yinuo.procedures.definition.texts import Text
from yinuo.procedures.engine.changes import Change
from yinuo.procedures.engine.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """What taking the new edition would do. `refusals` not empty: it cannot be done (state unchanged); `notes`
    say in words what changes for this run."""

    state: State
    changes: tuple[Change, ...] = ()
    notes: tuple[Text, ...] = ()
    refusals: tuple[Text, ...] = ()


def migrate(
    old: Definition,
    new: Definition,
    state: State,
    facts: Mapping[str, Json],
    renamed: Mapping[str, str] | None = None,
) -> Migration:
    """Move `state` from `old` to `new`, matching places by key (`renamed`: old key → new key).

    Refused when an open step is gone or of another kind, when a branch taken is gone, when the order is turned
    round under what is open, or when a new gate stands before what is already reached. New steps standing before
    what is reached are marked skipped. Results of steps that are gone stay as history.
    """
    raise NotImplementedError
