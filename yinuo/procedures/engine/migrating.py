"""Moving a run to a newer edition of its procedure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from yinuo.procedures import rules
from yinuo.procedures.definition import walking
from yinuo.procedures.definition.shapes import (
    SKIP,
    Block,
    Choice,
    Definition,
    ForEach,
    Json,
    Opinions,
    Sequence,
    SideBySide,
    Step,
)
from yinuo.procedures.definition.texts import Text
from yinuo.procedures.definition.walking import Plan
from yinuo.procedures.engine.changes import Change
from yinuo.procedures.engine.facts import RunFacts, keys_of
from yinuo.procedures.engine.run import Run
from yinuo.procedures.engine.state import Item, Node, State, parts_of, place_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """What taking the new edition would do. `refusals` not empty: it cannot be done (state unchanged); `notes`
    say in words what changes for this run. Item ids stay as they are, whatever their step is called now."""

    state: State
    changes: tuple[Change, ...] = ()
    notes: tuple[Text, ...] = ()
    refusals: tuple[Text, ...] = ()


def migrate(
    old: Definition,
    new: Definition,
    state: State,
    facts: Mapping[str, Json],
) -> Migration:
    """Move `state` from `old` to `new`, matching places by key.

    Refused when an open step is gone, of another kind or in another branch; when a branch taken is gone; when the
    order is turned round under what is done; when a new gate stands before what is already reached, also one in the
    branch that a new choice would take, or in a new for-each that has elements. New steps standing before what is
    reached are marked skipped. Results of steps that are gone stay as history.
    """
    passage = _Passage(walking.plan_of(old), walking.plan_of(new), state, facts)
    passage.carry_nodes()
    passage.pass_over(passage.new.definition.flow, ())
    if passage.refusals:
        return Migration(state=state, notes=tuple(passage.notes), refusals=tuple(passage.refusals))
    carried = replace(
        state,
        procedure=new.key,
        edition=new.card.edition,
        nodes=passage.nodes,
        items=passage.items,
    )
    run = Run(passage.new, carried, facts)
    run.changes.extend(passage.changes)
    if state.situation in ("running", "held"):
        run.settle()
    return Migration(state=run.frozen(), changes=tuple(run.changes), notes=tuple(passage.notes))


class _Passage:
    """One run on its way from one edition to the next."""

    def __init__(self, old: Plan, new: Plan, state: State, facts: Mapping[str, Json]) -> None:
        self.old = old
        self.new = new
        self.state = state
        self.facts = facts
        self.nodes: dict[str, Node] = {}
        self.items: dict[str, Item] = dict(state.items)
        self.notes: list[Text] = []
        self.refusals: list[Text] = []
        self.changes: list[Change] = []

    def carry_nodes(self) -> None:
        """Find the new place of everything in force."""
        if self.old.definition.key != self.new.definition.key:
            self.refusals.append(Text("这是另一个管理程序。", "This is another procedure."))
        if self.state.situation == "ended":
            self.refusals.append(Text("流程已结束，无须转换。", "The run has ended; there is nothing to move."))
        for place, node in self.state.nodes.items():
            key, _ = parts_of(place)
            live = any(self.state.items[at].is_live for at in node.items)
            trouble = self._trouble(key, node, live=live)
            if trouble is None:
                self.nodes[place] = node
            elif live or isinstance(self.old.places[key].block, Choice | ForEach):
                self.refusals.append(trouble)
            else:
                self.notes.append(trouble)
                self._make_history(node)

    def _trouble(self, key: str, node: Node, *, live: bool) -> Text | None:
        """Why what stands at `key` cannot stand there in the new edition; None when it can."""
        was, now = self.old.places[key].block, self.new.places.get(key)
        title = _title(was)
        if now is None:
            if isinstance(was, Step) and not live:
                return Text(
                    f"步骤“{title.zh}”已取消，其记录作为历史保留。",
                    f"The step “{title.en}” is gone; its record stays as history.",
                )
            return Text(f"新版中没有“{title.zh}”。", f"The new edition has no “{title.en}”.")
        if type(was) is not type(now.block) or _kind(was) != _kind(now.block):
            return Text(f"“{title.zh}”在新版中是另一类步骤。", f"“{title.en}” is of another kind in the new edition.")
        if _surroundings(self.old, key) != _surroundings(self.new, key):
            return Text(f"“{title.zh}”在新版中移到了另一分支。", f"“{title.en}” stands in another branch now.")
        if isinstance(now.block, Choice) and node.picked not in ("", SKIP, *now.block.branches):
            return Text(
                f"“{title.zh}”已走的分支在新版中不存在。",
                f"The branch of “{title.en}” that was taken is gone in the new edition.",
            )
        return None

    def _make_history(self, node: Node) -> None:
        for at in node.items:
            if self.items[at].state == "done":
                self.items[at] = replace(self.items[at], void=True)

    # ── steps standing before what is reached ───────────────────────────────────────────────────────────────

    def pass_over(self, block: Block, path: tuple[str, ...]) -> None:
        """In every sequence: what is untouched before something touched is skipped; what is open before something
        touched is out of order."""
        match block:
            case Sequence():
                self._pass_over_in(block, path)
            case SideBySide():
                for branch in block.branches:
                    self.pass_over(branch, path)
            case Choice():
                node = self.nodes.get(place_of(block.key, path))
                if node and node.picked in block.branches:
                    self.pass_over(block.branches[node.picked], path)
            case ForEach():
                node = self.nodes.get(place_of(block.key, path))
                for key in node.keys if node else ():
                    self.pass_over(block.body, (*path, key))

    def _pass_over_in(self, sequence: Sequence, path: tuple[str, ...]) -> None:
        touched = [self._is_touched(child, path) for child in sequence.blocks]
        last = max((at for at, yes in enumerate(touched) if yes), default=-1)
        for child in sequence.blocks[: max(last, 0)]:
            if self._is_open(child, path):
                title = _title(child)
                self.refusals.append(
                    Text(
                        f"“{title.zh}”尚未完成，而新版中在其后的步骤已经开始。",
                        f"“{title.en}” is not done, yet a step that now stands behind it has begun.",
                    )
                )
            else:
                self._skip_missing(child, path)
        if last >= 0:
            self.pass_over(sequence.blocks[last], path)

    def _inside(self, block: Block, path: tuple[str, ...]) -> Iterator[Node]:
        """What is in force inside a block."""
        keys = {found.key for found in walking.blocks(block) if found.key}
        for place, node in self.nodes.items():
            key, its_path = parts_of(place)
            if key in keys and its_path[: len(path)] == path:
                yield node

    def _is_touched(self, block: Block, path: tuple[str, ...]) -> bool:
        return any(True for _ in self._inside(block, path))

    def _is_open(self, block: Block, path: tuple[str, ...]) -> bool:
        return any(self.items[at].is_live for node in self._inside(block, path) for at in node.items)

    def _skip_missing(self, block: Block, path: tuple[str, ...]) -> None:
        """Skip all inside a block that has never been opened."""
        node = self.nodes.get(place_of(block.key, path)) if block.key else None
        match block:
            case Sequence() | SideBySide():
                for child in walking.children(block):
                    self._skip_missing(child, path)
            case Choice() if node:
                if node.picked in block.branches:
                    self._skip_missing(block.branches[node.picked], path)
            case ForEach() if node:
                for key in node.keys:
                    self._skip_missing(block.body, (*path, key))
            case _ if node is None:
                self._skip(block, path)

    def _skip(self, block: Block, path: tuple[str, ...]) -> None:
        """Mark a block passed over; a gate cannot be."""
        match block:
            case Step():
                self._note_skipped("步骤", "step", block.title)
                if block.gate:
                    self._refuse_gate(block)
                self.nodes[place_of(block.key, path)] = Node(done=True, skipped=True)
            case Choice():
                self._note_skipped("判断", "choice", block.title)
                self._refuse_gates(block, path)
                self.nodes[place_of(block.key, path)] = Node(picked=SKIP, skipped=True)
            case ForEach():
                self._note_skipped("逐一执行", "for-each", block.title)
                self._refuse_gates(block, path)
                self.nodes[place_of(block.key, path)] = Node(skipped=True)
            case _:
                for child in walking.children(block):
                    self._skip(child, path)

    def _refuse_gates(self, block: Block, path: tuple[str, ...]) -> None:
        """Refuse for the gates that would be met inside a block now: in branches that its tables take, and where its
        lists have elements."""
        match block:
            case Step(gate=True):
                self._refuse_gate(block)
            case Choice():
                seen = RunFacts(self.new, self.nodes, self.facts, block.key, path)
                picked = rules.decide(block.table, seen).outcome or SKIP
                if picked != SKIP:
                    self._refuse_gates(block.branches[picked], path)
            case ForEach():
                for key in keys_of(block, self.facts):
                    self._refuse_gates(block.body, (*path, key))
            case _:
                for child in walking.children(block):
                    self._refuse_gates(child, path)

    def _note_skipped(self, zh: str, en: str, title: Text) -> None:
        self.notes.append(Text(f"新{zh}“{title.zh}”已错过，不再执行。", f"The new {en} “{title.en}” is passed over."))

    def _refuse_gate(self, step: Step) -> None:
        refusal = Text(
            f"新版要求先完成“{step.title.zh}”，请先退回到它之前的步骤再转换。",
            f"The new edition demands “{step.title.en}” first; return to a step before it.",
        )
        if refusal not in self.refusals:
            self.refusals.append(refusal)


def _surroundings(plan: Plan, key: str) -> tuple[str, ...]:
    """The choices (with branch) and for-eachs around a block."""
    found: list[str] = []
    for block, at in plan.places[key].above:
        if isinstance(block, Choice):
            found.append(f"{block.key}/{list(block.branches)[at]}")
        elif isinstance(block, ForEach):
            found.append(block.key)
    return tuple(found)


def _title(block: Block) -> Text:
    return block.title or Text(block.key, block.key)


def _kind(block: Block) -> str:
    """What must stay the same for a record to keep its meaning."""
    if isinstance(block, Step):
        return f"{block.kind} {block.work.mode}" if isinstance(block.work, Opinions) else block.kind
    return type(block).__name__
