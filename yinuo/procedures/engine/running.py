"""One move at a time: (definition, state, facts, move) → new state and changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yinuo.procedures.definition.shapes import Definition, Json
from yinuo.procedures.definition.texts import Text
from yinuo.procedures.engine.changes import Change
from yinuo.procedures.engine.moves import Move
from yinuo.procedures.engine.state import State


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

    `definition` is a checked one (`checking.faults_of` found nothing), the edition the run is pinned to. `facts`
    are the caller's facts by dotted name; results of the run itself are added by the engine: `<step>.outcome`,
    `<step>.verdict`, `<step>.<form field>`; inside a for-each `<name>.<attribute>` of its element.

    Raises CannotMove with words; never anything else on a checked definition. `state` is not altered.
    """
    raise NotImplementedError
