"""What a run knows when a table is asked: the caller's facts, its own results, the element at hand, the event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from yinuo.procedures.definition.shapes import ELEMENT_KINDS, ForEach, Json, Opinions, Step, Who, WhoKind
from yinuo.procedures.definition.walking import Plan
from yinuo.procedures.engine.state import Item, Node, parts_of, place_of


class RunFacts(Mapping[str, Json]):
    """The facts as seen from the block `key` within the iterations `path`. Asked by name; KeyError when unknown."""

    def __init__(
        self,
        plan: Plan,
        nodes: Mapping[str, Node],
        facts: Mapping[str, Json],
        key: str = "",
        path: tuple[str, ...] = (),
        event: Mapping[str, Json] | None = None,
    ) -> None:
        self.plan = plan
        self.nodes = nodes
        self.facts = facts
        self.path = path
        self.event = event
        self.loops = plan.places[key].loops if key else ()

    def __getitem__(self, name: str) -> Json:
        first, _, rest = name.partition(".")
        if first == "event" and self.event is not None:
            return self.event[rest]
        for loop, at in zip(self.loops, self.path, strict=False):
            if loop.name == first:
                return attribute(loop, at, rest, self.facts)
        place = self.plan.places.get(first)
        if rest and place is not None and isinstance(place.block, Step):
            return self._result(first, place.loops, rest)
        return self.facts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.facts)

    def __len__(self) -> int:
        return len(self.facts)

    def _result(self, step: str, loops: tuple[ForEach, ...], name: str) -> Json:
        """The result of a step: in its own iteration one value, seen from outside a list of all."""
        shared = 0
        for mine, its in zip(self.loops, loops, strict=False):
            if mine is not its:
                break
            shared += 1
        path = self.path[:shared]
        if shared == len(loops):
            return _value(self.nodes[place_of(step, path)], name)
        found: list[Json] = []
        for place in sorted(self.nodes):
            key, its_path = parts_of(place)
            if key == step and its_path[:shared] == path:
                try:
                    found.append(_value(self.nodes[place], name))
                except KeyError:
                    continue
        return found


def _value(node: Node, name: str) -> Json:
    if not node.done:
        raise KeyError(name)
    if name == "outcome":
        return node.outcome
    if name == "verdict" and node.verdict:
        return node.verdict
    return node.data[name]


def keys_of(loop: ForEach, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys of the elements now: fixed ones, or those of the fact's list; what has no key is passed over."""
    if loop.elements:
        return loop.elements
    listed = facts.get(loop.fact)
    if not isinstance(listed, list | tuple):
        return ()
    keys = (_key(element) for element in listed)
    return tuple(dict.fromkeys(key for key in keys if key))


def _key(element: Any) -> str:
    if isinstance(element, Mapping):
        element = element.get("key")
    if isinstance(element, bool) or not isinstance(element, str | int):
        return ""
    return str(element)


def attribute(loop: ForEach, key: str, name: str, facts: Mapping[str, Any]) -> Json:
    """An attribute of the element `key`; without a name the key itself. KeyError when unknown."""
    if not name:
        return key
    listed = facts.get(loop.fact) if loop.fact else None
    for element in listed if isinstance(listed, list | tuple) else ():
        if isinstance(element, Mapping) and _key(element) == key:
            value: Json = element[name]
            return value
    raise KeyError(name)


def named(who: Who, loops: tuple[ForEach, ...], path: tuple[str, ...], facts: Mapping[str, Any]) -> Who | None:
    """A "who" with the element of a for-each it may speak of put in; None when that element names nobody."""
    if who.kind != "each":
        return who
    name, _, rest = who.name.partition(".")
    for loop, key in zip(loops, path, strict=False):
        if loop.name == name:
            try:
                value = attribute(loop, key, rest, facts)
            except KeyError:
                return None
            kind, _, its_name = value.partition(":") if isinstance(value, str) else ("", "", "")
            found = next((known for known in ELEMENT_KINDS if known == kind), None)
            return Who(kind=found, name=its_name) if found and its_name else None
    return None


def wanted_for(plan: Plan, item: Item, facts: Mapping[str, Any]) -> tuple[Who, ...]:
    """Whom an item is for, in the order in which they are looked for: its party with the fallbacks that the procedure
    names for it, then the step's own "who" with its fallbacks."""
    step, loops = plan.step(item.step), plan.places[item.step].loops
    chains: list[Who | None] = [step.who]
    if item.party:
        kind, _, name = item.party.partition(":")
        chains.insert(0, Who(kind=cast(WhoKind, kind), name=name))
    for who in step.work.parties if isinstance(step.work, Opinions) and item.kind == "opinions" else ():
        if (named(who, loops, item.path, facts) or who).party == item.party:
            chains.insert(1, who.fallback)
    return tuple(found for chain in chains for found in chain_of(chain, loops, item.path, facts))


def chain_of(
    who: Who | None, loops: tuple[ForEach, ...], path: tuple[str, ...], facts: Mapping[str, Any]
) -> Iterator[Who]:
    """A "who" and its fallbacks one after the other, elements of for-eachs put in."""
    while who is not None:
        found = named(who, loops, path, facts)
        if found is not None:
            yield found
        who = who.fallback


def parties_of(facts: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The parties listed in a fact, each once, in order."""
    try:
        listed = facts[name]
    except KeyError:
        return ()
    keys = (_key(element) for element in listed) if isinstance(listed, list | tuple) else ()
    return tuple(dict.fromkeys(key for key in keys if key))
