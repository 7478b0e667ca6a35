"""The moves a run understands. Reassigning, reminding, copying and delegating do not touch a run.

Every move is a small frozen shape; `as_json` and `from_json` turn it into plain data and back, so that the moves
of a run can be stored and replayed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias

from yinuo.procedures.definition.shapes import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Begin a new run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """Finish an item (提交). Task: nothing more. Decision: `outcome`. Opinion: `verdict` and, unless it is
    "can" or "not_concerned", `condition` in words. Added signer: `outcome` "agree" or "disagree". A wait recorded by
    hand: one of its outcomes, if it has any.
    `data` are the form's values; check them with `rules.check_values` before."""

    item: str
    outcome: str = ""
    verdict: str = ""
    condition: str = ""
    data: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """Send back (退回) from the open `item` to the earlier step `to`; all behind that step closes and opens anew."""

    item: str
    to: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Take back one's own finished item (撤回), as long as nothing that depends on it has been done."""

    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSigner:
    """Ask one more to sign for the open `item` (加签): `party` like "person:E017". `before`: the owner can finish
    only after the signer; else the signer is asked when the owner has finished."""

    item: str
    party: str
    before: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class EventArrived:
    """A named event came. Given to every open wait that listens to it, or to the wait `item` only."""

    name: str
    data: Mapping[str, Json] = field(default_factory=dict)
    item: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsChanged:
    """Facts may have changed: ask the waits again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeReached:
    """The moment of a timer came, or a wait's due moment passed."""

    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectDone:
    """An effect step succeeded; `data` becomes facts `<step>.<name>`."""

    item: str
    data: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectFailed:
    """An effect step failed; it stays open until `Retry` or until the caller says done."""

    item: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Run a failed effect again."""

    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminate:
    """End the run before its end (终止), with a reason."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Put on hold: people and clocks wait; events and effects are still taken in."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """Go on after a hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen:
    """Open an ended run again at the step `to`, which must have been reached and stand outside branches."""

    to: str
    reason: str


Move: TypeAlias = (
    Start | Submit | Return | Withdraw | AddSigner | EventArrived | FactsChanged | TimeReached
    | EffectDone | EffectFailed | Retry | Terminate | Hold | Resume | Reopen
)  # fmt: skip

NAMES: dict[str, type[Any]] = {
    "start": Start, "submit": Submit, "return": Return, "withdraw": Withdraw, "add_signer": AddSigner,
    "event_arrived": EventArrived, "facts_changed": FactsChanged, "time_reached": TimeReached,
    "effect_done": EffectDone, "effect_failed": EffectFailed, "retry": Retry, "terminate": Terminate,
    "hold": Hold, "resume": Resume, "reopen": Reopen,
}  # fmt: skip
_NAME_OF = {shape: name for name, shape in NAMES.items()}


def as_json(move: Move) -> dict[str, Any]:
    """Plain data: {"move": "submit", "item": …}."""
    return {"move": _NAME_OF[type(move)], **asdict(move)}


def from_json(data: Mapping[str, Any]) -> Move:
    """The move that `as_json` wrote. KeyError on an unknown name."""
    rest = dict(data)
    shape = NAMES[rest.pop("move")]
    move: Move = shape(**rest)
    return move
