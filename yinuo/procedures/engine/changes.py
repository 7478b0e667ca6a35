"""What a move changed, in order, for the caller to carry out in the same transaction.

`as_json` gives plain data for the trail.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from yinuo.procedures.definition.shapes import EffectCall
from yinuo.procedures.engine.state import Ending, Item


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemOpened:
    """Work for people: create the task. Who: `item.party`, or the step's `who` when it is empty. A `blocked`
    item waits for its signers: its clock starts with ItemFreed."""

    item: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemBlocked:
    """An open item now waits for a signer added before it."""

    item: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFreed:
    """A blocked item may be finished now."""

    item: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDone:
    """An item was finished (of any kind)."""

    item: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCancelled:
    """An open item is no longer needed. `why`: returned, answered (another's finishing was enough), withdrawn
    (what it rests on was taken back), terminated, migrated."""

    item: Item
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWithdrawn:
    """A finished item was taken back; a new attempt opens."""

    item: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemVoided:
    """A finished item is history now: its place opens anew or was sent back. Signatures stay readable."""

    item: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitStarted:
    """A wait is open: set its due moment from the step's `due`, if any (then send TimeReached)."""

    item: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerStarted:
    """A timer is open: set its moment from the fact or the span that it names (then send TimeReached)."""

    item: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectStarted:
    """An effect step is open: execute `call`, then send EffectDone or EffectFailed."""

    item: Item
    call: EffectCall


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectStuck:
    """An effect step failed and waits for somebody."""

    item: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEffect:
    """An effect at the opening or completion of a step, or on a wait's time-out: execute, nothing is awaited.

    `step` and `path` say where; `when` is "open", "done" or "timeout".
    """

    call: EffectCall
    step: str
    path: tuple[str, ...]
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDone:
    """A step is complete: all parties and signers. `outcome` or summary `verdict`, where it has one."""

    step: str
    path: tuple[str, ...]
    outcome: str
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SentBack:
    """The run went back to `to` (a person's return, an outcome, a time-out, a reopening); `by_step` from where."""

    to: str
    path: tuple[str, ...]
    by_step: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchPicked:
    """A choice was made: `branch` key or "skip"; `row` of its table, -1 = otherwise."""

    choice: str
    path: tuple[str, ...]
    branch: str
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusShown:
    """The run shows another status."""

    status: str
    was: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHeld:
    """The run is on hold: stop its clocks."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResumed:
    """The run goes on: start its clocks again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnded:
    """The run has ended; nothing is open."""

    ending: Ending
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReopened:
    """An ended run is open again at `to`."""

    to: str
    reason: str


Change: TypeAlias = (
    ItemOpened | ItemBlocked | ItemFreed | ItemDone | ItemCancelled | ItemWithdrawn | ItemVoided
    | WaitStarted | TimerStarted | EffectStarted | EffectStuck | RunEffect | StepDone | SentBack
    | BranchPicked | StatusShown | RunHeld | RunResumed | RunEnded | RunReopened
)  # fmt: skip


def as_json(change: Change) -> dict[str, Any]:
    """Plain data: {"change": "ItemOpened", …}."""
    return {"change": type(change).__name__, **asdict(change)}
