"""A run in the hands of one move: a working copy of its state that knows how to open, close and go on.

Everything rests on one idea: `nodes` say what is in force at each place, and `walk` derives from them what is open
next. Going back removes nodes; walking again opens what is missing. So joins, loops and branches need no counters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from yinuo.procedures import rules
from yinuo.procedures.definition import walking
from yinuo.procedures.definition.shapes import (
    PEOPLE_KINDS,
    SKIP,
    Block,
    Choice,
    Decision,
    Effect,
    EffectCall,
    ForEach,
    Json,
    Opinions,
    Outcome,
    Sequence,
    SideBySide,
    Step,
    Timer,
    Wait,
    Who,
)
from yinuo.procedures.definition.walking import Plan
from yinuo.procedures.engine import changes, opinions
from yinuo.procedures.engine.changes import Change
from yinuo.procedures.engine.facts import RunFacts, keys_of, named, parties_of
from yinuo.procedures.engine.state import Ending, Item, Node, State, parts_of, place_of

Path = tuple[str, ...]


class Run:
    """The working copy. Methods change it and note the changes; `frozen` gives the new state."""

    def __init__(self, plan: Plan, state: State, facts: Mapping[str, Json]) -> None:
        self.plan = plan
        self.was = state
        self.facts = facts
        self.nodes = dict(state.nodes)
        self.items = dict(state.items)
        self.situation = state.situation
        self.ending: Ending = state.ending
        self.reason = state.reason
        self.reopened = state.reopened
        self.changes: list[Change] = []
        self._sent_back_by: set[str] = set()

    def frozen(self) -> State:
        """The state as it stands now; notes a change of the status shown."""
        status = self._status()
        if status != self.was.status:
            self.changes.append(changes.StatusShown(status=status, was=self.was.status))
        return State(
            procedure=self.plan.definition.key,
            edition=self.plan.definition.card.edition,
            situation=self.situation,
            ending=self.ending,
            status=status,
            reason=self.reason,
            reopened=self.reopened,
            nodes=self.nodes,
            items=self.items,
        )

    # ── going on ────────────────────────────────────────────────────────────────────────────────────────────

    def settle(self) -> None:
        """Open whatever is next, answer waits whose table holds, and end the run when all is done."""
        while self.situation != "ended":
            done = self._walk(self.plan.definition.flow, ())
            if self._answer_a_wait():
                continue
            if done:
                self.end("completed", "")
            return

    def _walk(self, block: Block, path: Path) -> bool:
        """Open what can be opened in a block; whether the block is done."""
        match block:
            case Step():
                node = self.nodes.get(place_of(block.key, path))
                if node is None:
                    self._open_step(block, path)
                return node is not None and node.done
            case Sequence():
                return all(self._walk(child, path) for child in block.blocks)
            case SideBySide():
                done = [self._walk(branch, path) for branch in block.branches]
                return all(done)
            case Choice():
                picked = self._pick(block, path)
                return picked == SKIP or self._walk(block.branches[picked], path)
            case ForEach():
                iterations = (self._walk(block.body, (*path, key)) for key in self._keys(block, path))
                return all(iterations) if block.in_sequence else all(list(iterations))

    def _pick(self, choice: Choice, path: Path) -> str:
        place = place_of(choice.key, path)
        if place not in self.nodes:
            decided = rules.decide(choice.table, self.seen_from(choice.key, path))
            self.nodes[place] = Node(picked=decided.outcome or SKIP, row=decided.row)
            self.changes.append(
                changes.BranchPicked(choice=choice.key, path=path, branch=decided.outcome or SKIP, row=decided.row)
            )
        return self.nodes[place].picked

    def _keys(self, loop: ForEach, path: Path) -> tuple[str, ...]:
        place = place_of(loop.key, path)
        if place not in self.nodes:
            self.nodes[place] = Node(keys=keys_of(loop, self.facts))
        return self.nodes[place].keys

    def _answer_a_wait(self) -> bool:
        """Complete the first open wait whose table holds now; a wait sends back at most once in a move."""
        for item in self.in_order(item for item in self.items.values() if item.is_live and item.kind == "wait"):
            work = self.plan.step(item.step).work
            if isinstance(work, Wait) and work.until is not None and not work.events:
                outcome = rules.decide(work.until, self.seen_from(item.step, item.path)).outcome
                if outcome and self._may_answer(item, work, outcome):
                    self.complete(item, outcome=outcome)
                    return True
        return False

    def _may_answer(self, item: Item, work: Wait, outcome: str) -> bool:
        place = place_of(item.step, item.path)
        if any(found.key == outcome and found.then == "back" for found in work.outcomes):
            if place in self._sent_back_by:
                return False
            self._sent_back_by.add(place)
        return True

    def seen_from(self, key: str, path: Path, event: Mapping[str, Json] | None = None) -> RunFacts:
        """The facts as seen from a block."""
        return RunFacts(self.plan, self.nodes, self.facts, key, path, event)

    def in_order(self, items: Iterable[Item]) -> list[Item]:
        """Items in the order of the document, then of iterations and parties."""
        return sorted(items, key=lambda item: (self.plan.order[item.step], item.path, item.id))

    # ── opening ─────────────────────────────────────────────────────────────────────────────────────────────

    def _open_step(self, step: Step, path: Path) -> None:
        place = place_of(step.key, path)
        self.nodes[place] = Node()
        if isinstance(step.work, Opinions):
            parties = tuple(dict.fromkeys(self._named(who, step, path) or who.party for who in step.work.parties))
            if step.work.parties_fact:
                parties = parties_of(self.seen_from(step.key, path), step.work.parties_fact)
            parties = parties or (self._party(step, path),)
            self.nodes[place] = Node(parties=parties)
            for party in parties[:1] if step.work.mode == "in_sequence" else parties:
                self.open_item(step, path, party)
        else:
            self.open_item(step, path, self._party(step, path))
        self.run_effects(step.on_open, step, path, "open")

    def _party(self, step: Step, path: Path) -> str:
        """The element of a for-each that does the step itself, "" when the caller finds the responsible."""
        return self._named(step.who, step, path) if step.who is not None and step.who.kind == "each" else ""

    def _named(self, who: Who, step: Step, path: Path) -> str:
        """The party word of a "who"; "" when it speaks of an element that names nobody."""
        found = named(who, self.plan.places[step.key].loops, path, self.facts)
        return found.party if found is not None else ""

    def open_item(self, step: Step, path: Path, party: str) -> None:
        """Open the next attempt at a place for a party."""
        place = place_of(step.key, path)
        base = f"{place}/{party}" if party and step.kind == "opinions" else place
        item = self._add(Item(id=base, step=step.key, kind=step.kind, path=path, party=party), place)
        match step.work:
            case Wait():
                self.changes.append(changes.WaitStarted(item=item))
            case Timer():
                self.changes.append(changes.TimerStarted(item=item))
            case Effect():
                self.start_effect(item)
            case _:
                self.changes.append(changes.ItemOpened(item=item))

    def start_effect(self, item: Item) -> None:
        """Ask the caller to execute the effect of a step."""
        work = self.plan.step(item.step).work
        if isinstance(work, Effect):
            self.changes.append(changes.EffectStarted(item=item, call=work.call))

    def add_signer(self, owner: Item, party: str, *, before: bool) -> None:
        """Ask one more to sign, before or after the owner."""
        place = place_of(owner.step, owner.path)
        signer = self._add(
            Item(
                id=f"{owner.id}+{party}",
                step=owner.step,
                kind="signer",
                path=owner.path,
                party=party,
                state="open" if before or owner.state == "done" else "blocked",
                signs_for=owner.id,
                before=before,
            ),
            place,
        )
        self.changes.append(changes.ItemOpened(item=signer))
        if before and owner.state == "open":
            self.changes.append(changes.ItemBlocked(item=self.put(owner, state="blocked")))

    def _add(self, item: Item, place: str) -> Item:
        attempt = 1
        while f"{item.id}#{attempt}" in self.items:
            attempt += 1
        item = replace(item, id=f"{item.id}#{attempt}", attempt=attempt)
        self.items[item.id] = item
        node = self.nodes[place]
        self.nodes[place] = replace(node, items=(*node.items, item.id))
        return item

    def run_effects(self, calls: Iterable[EffectCall], step: Step, path: Path, when: str) -> None:
        """Effects nobody waits for."""
        for call in calls:
            self.changes.append(changes.RunEffect(call=call, step=step.key, path=path, when=when))

    # ── closing ─────────────────────────────────────────────────────────────────────────────────────────────

    def put(self, item: Item, **values: Any) -> Item:
        """Replace an item by a changed copy."""
        item = replace(item, **values)
        self.items[item.id] = item
        return item

    def complete(self, item: Item, **result: Any) -> None:
        """An item is finished: free or ask its signers, and close the step when nothing is missing."""
        item = self.put(item, state="done", **result)
        self.changes.append(changes.ItemDone(item=item))
        for signer in self.signers_of(item):
            if signer.state == "blocked":
                self.changes.append(changes.ItemFreed(item=self.put(signer, state="open")))
        self.close_step(item.step, item.path)

    def signers_of(self, item: Item) -> list[Item]:
        """The added signers of an item, in the order they were added."""
        node = self.nodes.get(place_of(item.step, item.path), Node())
        return [found for found in map(self.items.__getitem__, node.items) if found.signs_for == item.id]

    def close_step(self, key: str, path: Path) -> None:
        """Complete a step when nothing is missing, or ask the next party of a sequence; then follow its outcome."""
        step, place = self.plan.step(key), place_of(key, path)
        node = self.nodes[place]
        given = [item for item in map(self.items.__getitem__, node.items) if item.state == "done" and not item.void]
        answers = [item for item in given if item.kind != "signer"]
        if isinstance(step.work, Opinions):
            missing = opinions.missing(step.work, node, answers)
            if step.work.mode == "in_sequence" and missing and not self._signing(node):
                if not any(self.items[at].is_live for at in node.items):
                    self.open_item(step, path, missing[0])
                return
            result = opinions.summary(answers)
        else:
            missing = () if answers else ("",)
            result = {"outcome": answers[-1].outcome or "done", "data": answers[-1].data} if answers else {}
        if missing or self._signing(node):
            return
        self.cancel((self.items[at] for at in node.items), "answered")
        node = self.nodes[place] = replace(self.nodes[place], done=True, **result)
        self.changes.append(changes.StepDone(step=key, path=path, outcome=node.outcome, verdict=node.verdict))
        self.run_effects(step.on_done, step, path, "done")
        self._follow(step, path, node.outcome, answers[-1].condition if answers else "")

    def _signing(self, node: Node) -> bool:
        """Whether a signer added after a finished item has still to sign."""
        for at in node.items:
            item = self.items[at]
            if item.kind == "signer" and item.is_live and self.items[item.signs_for].state == "done":
                return True
        return False

    def _follow(self, step: Step, path: Path, key: str, reason: str) -> None:
        outcomes: tuple[Outcome, ...] = step.work.outcomes if isinstance(step.work, Decision | Wait) else ()
        for outcome in outcomes:
            if outcome.key != key:
                continue
            if outcome.then == "back":
                self.send_back(step.key, path, outcome.to, reason)
            elif outcome.then == "end":
                self.end("terminated", "")

    def send_back(self, by_step: str, path: Path, to: str, reason: str) -> None:
        """Clear the step `to` and all behind it; walking opens it anew."""
        path = path[: len(self.plan.places[to].loops)]
        self.changes.append(changes.SentBack(to=to, path=path, by_step=by_step, reason=reason))
        self.clear({place_of(to, path), *behind(self.plan, self.nodes, to, path)}, "returned")

    def clear(self, places: set[str], why: str) -> None:
        """Take nodes out of force: their open items are cancelled, their finished ones are history."""
        for place in sorted(places & set(self.nodes), key=self._rank):
            items = [self.items[at] for at in self.nodes.pop(place).items]
            self.cancel(items, why)
            for item in items:
                if item.state == "done" and not item.void:
                    self.changes.append(changes.ItemVoided(item=self.put(item, void=True)))

    def _rank(self, place: str) -> tuple[int, Path]:
        key, path = parts_of(place)
        return self.plan.order[key], path

    def cancel(self, items: Iterable[Item], why: str) -> None:
        """Cancel those that are open."""
        for item in list(items):
            if item.is_live:
                self.changes.append(changes.ItemCancelled(item=self.put(item, state="cancelled"), why=why))

    def end(self, ending: Ending, reason: str) -> None:
        """End the run; nothing stays open."""
        self.cancel(self.in_order(item for item in self.items.values() if item.is_live), "terminated")
        self.situation, self.ending, self.reason, self.reopened = "ended", ending, reason, False
        self.changes.append(changes.RunEnded(ending=ending, reason=reason))

    def _status(self) -> str:
        """The status shown: by the run's situation, else that of the earliest open step, else of the latest reached."""
        shows = self.plan.definition.shows
        by_situation = {
            "ended": shows.completed if self.ending == "completed" else shows.terminated,
            "held": shows.held,
            "running": shows.reopened if self.reopened else "",
        }
        order = self.plan.order.__getitem__
        live = [item.step for item in self.items.values() if item.is_live]
        reached = [key for key, _ in map(parts_of, self.nodes) if key in self.plan.statuses]
        if by_situation[self.situation]:
            return by_situation[self.situation]
        if not live and not reached:
            return shows.start
        return self.plan.statuses[min(live, key=order) if live else max(reached, key=order)]


def behind(plan: Plan, nodes: Mapping[str, Node], key: str, path: Path) -> Iterator[str]:
    """The places in force that rest on a step: all later in its sequences, and later rounds of a for-each that goes
    one by one; siblings in other branches do not."""
    depth = 0
    scopes: list[tuple[set[str], Path, tuple[str, ...]]] = []
    for block, at in plan.places[key].above:
        if isinstance(block, Sequence):
            later = {found.key for child in block.blocks[at + 1 :] for found in walking.blocks(child)}
            scopes.append((later, path[:depth], ()))
        elif isinstance(block, ForEach):
            keys = nodes[place_of(block.key, path[:depth])].keys
            rest = keys[keys.index(path[depth]) + 1 :] if path[depth] in keys else ()
            if block.in_sequence and rest:
                scopes.append(({found.key for found in walking.blocks(block.body)}, path[:depth], rest))
            depth += 1
    for place in nodes:
        its_key, its_path = parts_of(place)
        for later, prefix, rounds in scopes:
            inside = its_key in later and its_path[: len(prefix)] == prefix
            if inside and (not rounds or its_path[len(prefix)] in rounds):
                yield place
                break


def is_for_people(item: Item) -> bool:
    """Whether people finish this item (and not the program)."""
    return item.kind in PEOPLE_KINDS or item.kind == "signer"
