"""The state of one run: what has been opened, done and sent back. JSON in, JSON out.

A *place* is a step (or choice, or for-each) within its iterations: "implement", or "implement@A1" inside the
for-each iteration A1, "check@A1@department:quality" two deep. An *item* is one piece of work opened at a place
for one party; it keeps its id for ever, so that signatures stay as history when the place is opened again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal
from urllib.parse import unquote

from yinuo.procedures.definition.shapes import Json

ItemState = Literal["open", "blocked", "done", "cancelled", "withdrawn"]
Situation = Literal["new", "running", "held", "ended"]
Ending = Literal["", "completed", "terminated"]

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One piece of work.

    `id`        unique in the run: place, party, attempt ("opinions/department:quality#2")
    `step`      step key;  `path` the iteration keys, outermost first
    `kind`      task, opinions, decision, wait, timer, effect, or "signer" for an added signer
    `party`     "" = the step's own `who`; else "department:quality", "person:E017", …: whom the caller resolves
    `attempt`   1, 2, … counted per place and party
    `state`     open; blocked (an owner waits for a signer added before it, a signer added after waits for the
                owner); done; cancelled (by a return, another's
                finishing, the end); withdrawn (taken back by its owner)
    `outcome`   of a decision, wait or signer ("agree", "disagree"); `verdict` and `condition` of an opinion
    `data`      what was entered in the form
    `signs_for` of an added signer: the item it signs for; `before`: signs before the owner, else after
    `failed`    why an effect failed last, until it is tried again
    `void`      True: history only; a return or withdrawal has reopened the place since
    """

    id: str
    step: str
    kind: str
    path: tuple[str, ...] = ()
    party: str = ""
    attempt: int = 1
    state: ItemState = "open"
    outcome: str = ""
    verdict: str = ""
    condition: str = ""
    data: Mapping[str, Json] = field(default_factory=dict)
    signs_for: str = ""
    before: bool = False
    failed: str = ""
    void: bool = False

    @property
    def is_live(self) -> bool:
        """Open or blocked."""
        return self.state in ("open", "blocked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What is in force at a place.

    `done`     the step is complete (a choice or for-each: the branch or list is settled, `done` says nothing)
    `items`    ids of the items in force here
    `parties`  of opinions: all parties asked, in order
    `outcome`  of a completed step; `verdict` the summary of opinions; `data` merged from its items
    `picked`   of a choice: the branch key, or "skip"; `row` the table row that decided (-1 = otherwise)
    `keys`     of a for-each: the elements' keys
    `skipped`  passed over when a newer edition was taken
    """

    done: bool = False
    items: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    outcome: str = ""
    verdict: str = ""
    data: Mapping[str, Json] = field(default_factory=dict)
    picked: str = ""
    row: int = -1
    keys: tuple[str, ...] = ()
    skipped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One run. `status` is the status key shown; `reason` why it was held, terminated or reopened, in words;
    `reopened` until the next piece of work after a reopening is finished."""

    procedure: str
    edition: str
    situation: Situation = "new"
    ending: Ending = ""
    status: str = ""
    reason: str = ""
    reopened: bool = False
    nodes: Mapping[str, Node] = field(default_factory=dict)
    items: Mapping[str, Item] = field(default_factory=dict)

    def open_items(self) -> tuple[Item, ...]:
        """The items that are open or blocked, in no particular order."""
        return tuple(item for item in self.items.values() if item.is_live)


def place_of(key: str, path: tuple[str, ...]) -> str:
    """The place of a block key within iterations; signs of our own in an element's key are escaped."""
    return "@".join((key, *map(_escaped, path))) if path else key


def parts_of(place: str) -> tuple[str, tuple[str, ...]]:
    """The key and path that `place_of` joined."""
    if "@" not in place:
        return place, ()
    key, *path = place.split("@")
    return key, tuple(unquote(part) for part in path)


def _escaped(part: str) -> str:
    return part if part.isalnum() else "".join(_SIGNS.get(sign, sign) for sign in part)


_SIGNS = {"%": "%25", "@": "%40", "/": "%2F", "#": "%23", "+": "%2B"}


def as_json(state: State) -> dict[str, Any]:
    """Plain data with lists and mappings only; `from_json` gives back an equal state."""
    return {"format": FORMAT, **asdict(state)}


def from_json(data: Mapping[str, Any]) -> State:
    """A state from what `as_json` gave (possibly through a JSON column)."""
    rest = {key: value for key, value in data.items() if key not in ("format", "nodes", "items")}
    return State(
        **rest,
        nodes={place: _node(node) for place, node in data["nodes"].items()},
        items={key: _item(item) for key, item in data["items"].items()},
    )


def _node(data: Mapping[str, Any]) -> Node:
    lists = {name: tuple(data[name]) for name in ("items", "parties", "keys")}
    return Node(**{**data, **lists})


def _item(data: Mapping[str, Any]) -> Item:
    return Item(**{**data, "path": tuple(data["path"])})
