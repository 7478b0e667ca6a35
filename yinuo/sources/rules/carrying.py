"""What a decision on a clause is worth once its document has a new edition. Pure: kinds and states in, states out."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from yinuo.sources.rules.comparing import Kind

# The clause says the same as before, wherever it stands now: what was decided of it holds.
HOLDS = frozenset({Kind.SAME, Kind.MOVED, Kind.RENUMBERED})


class State(StrEnum):
    """How far a decision is: the program's proposal, a person's, or a person's on an earlier wording."""

    PROPOSED = "proposed"
    DECIDED = "decided"
    CARRIED = "carried"


@dataclass(frozen=True)
class Held:
    """What one clause was held to be. `text` and `was` are keys of wordings: the last one, and the one decided on."""

    state: str
    nature: str
    text: int
    was: int | None = None


def carried(held: Held, kind: str) -> tuple[str, int | None]:
    """State and the wording decided on, after the clause became what `kind` says. Only a proposal stays one: it is
    made anew for other words; what a person decided is never lost."""
    if kind in HOLDS or held.state == State.PROPOSED:
        return held.state, held.was
    return State.CARRIED, held.text if held.state == State.DECIDED else held.was


def foremost(held: Sequence[Held]) -> Held:
    """Of several clauses that became one: the one whose decision goes on, a person's before the program's."""
    return next((each for each in held if each.state != State.PROPOSED), held[0])


def contradicts(held: Sequence[Held]) -> bool:
    """Whether people held several clauses that became one to be different things."""
    return len({each.nature for each in held if each.state != State.PROPOSED}) > 1
