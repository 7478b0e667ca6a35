"""Walking the chain of seals: what was changed, removed or inserted. Knows no database and no Django.

The walk goes from the first seal to the last in segments; between them its state is a few values (`Walk`), so it can
stop and go on, and a million entries need no more memory than one segment.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from yinuo.records import rules

MOST_FINDINGS = 200


@dataclass(frozen=True)
class Sealed:
    """One seal with the entry it covers; `entry_digest` None: there is no such entry any more.

    `payload_digest` is computed anew over what the entry tells now; for a redacted entry `is_proved` says that a later
    entry of the trail names it. `is_misplaced`: it stands in a scope into which no action has brought it.
    """

    number: int
    entry_id: int
    digest: str
    chain: str
    entry_digest: str | None
    payload_digest: str = ""
    is_misplaced: bool = False
    is_redacted: bool = False
    is_proved: bool = False


@dataclass
class Walk:
    """Where a walk stands: the last seal's number and chain, the last file; what was counted and found (code, number,
    id)."""

    number: int = 0
    chain: str = rules.CHAIN_START
    checked: int = 0
    redacted: int = 0
    waiting: int = 0
    blob: int = 0
    files: int = 0
    found: int = 0
    findings: list[tuple[str, int, int]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Walk":
        values = dict(stored)
        return cls(**{**values, "findings": [tuple(each) for each in values.get("findings", [])]})

    def find(self, code: str, number: int, entry_id: int) -> None:
        """Note a finding; counted always, listed up to `MOST_FINDINGS`."""
        self.found += 1
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append((code, number, entry_id))


def go_on(walk: Walk, segment: Iterable[Sealed], anchors: Mapping[int, str], *, key: bytes) -> None:
    """Check the next seals in order of their numbers; `anchors`: chain values kept outside the database."""
    for seal in segment:
        if seal.number == walk.number + 1:
            expected = rules.link(walk.chain, seal.number, seal.entry_id, seal.digest, key=key)
            if seal.chain != expected:
                walk.find("seal_changed", seal.number, seal.entry_id)
        else:
            walk.find("seals_removed", walk.number + 1, seal.number - 1)
        if anchors.get(seal.number, seal.chain) != seal.chain:
            walk.find("anchor_differs", seal.number, seal.entry_id)
        _check_entry(walk, seal)
        if seal.is_misplaced:
            walk.find("entry_moved", seal.number, seal.entry_id)
        walk.number, walk.chain = seal.number, seal.chain
        walk.checked += 1


def _check_entry(walk: Walk, seal: Sealed) -> None:
    if seal.entry_digest is None:
        walk.find("entry_removed", seal.number, seal.entry_id)
    elif seal.entry_digest != seal.digest:
        walk.find("entry_changed", seal.number, seal.entry_id)
    elif seal.is_redacted:
        walk.redacted += 1
        if not seal.is_proved:
            walk.find("redaction_unproved", seal.number, seal.entry_id)
    elif seal.payload_digest != seal.digest:
        walk.find("entry_changed", seal.number, seal.entry_id)


def end(walk: Walk, anchors: Mapping[int, str]) -> None:
    """After the last seal: seals that an anchor outside the database still knows must not be missing."""
    last = max(anchors, default=0)
    if last > walk.number:
        walk.find("seals_removed", walk.number + 1, last)
