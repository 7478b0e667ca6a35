"""Where everything of a flow chart stands. Lanes are columns, time runs downwards.

The chart is a stack of *slots*: odd slots hold boxes, even slots the lines between them; a slot nobody uses has no
height. Every block gets its own stretch of its lanes, so boxes of different branches never meet; lines run
sideways only in even slots, each group on a track of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from yinuo.procedures.definition import walking
from yinuo.procedures.definition.shapes import (
    SKIP,
    Block,
    Choice,
    Definition,
    ForEach,
    Sequence,
    SideBySide,
    Step,
)
from yinuo.procedures.definition.texts import NOTHING, Text
from yinuo.procedures.engine import chart_stacking
from yinuo.procedures.engine.chart_plan import (
    BYPASS,
    COLUMN,
    FRAME_SIDE,
    OVER,
    Edge,
    Ends,
    Frame,
    Labels,
    Layout,
    Node,
    NodeKind,
    Spans,
)


def lane_of(step: Step) -> Text:
    """The lane a step names: its 责任部门, else its post or department by key; nothing for the program's own."""
    if step.duty:
        return step.duty
    if step.who and step.who.kind in ("post", "department", "person"):
        return Text(step.who.name, step.who.name)
    return NOTHING


def laid_out(
    definition: Definition,
    heights: Mapping[str, float],
    labels: Labels,
    words: Callable[[Text], list[str]],
    left: float,
    top: float,
) -> Layout:
    """The layout: `heights` of boxes by step and choice key, `labels` (lines) of branches by choice key, `words`
    makes lines of the title of a branch; the drawing begins at `left`, `top`."""
    builder = _Builder(definition, heights, labels, words)
    builder.build(left)
    chart_stacking.give_tracks(builder.layout)
    chart_stacking.stack(builder.layout, top)
    return builder.layout


class _Builder:
    def __init__(
        self,
        definition: Definition,
        heights: Mapping[str, float],
        labels: Labels,
        words: Callable[[Text], list[str]],
    ) -> None:
        self.flow = definition.flow
        self.heights = heights
        self.labels = labels
        self.words = words
        self.layout = Layout()
        self.lanes: dict[str, str] = {}
        first = next((lane_of(step) for step in walking.steps_in(self.flow) if lane_of(step)), Text("—", "—"))
        self.last_lane = self._assign(self.flow, self._lane(first))

    # ── lanes ───────────────────────────────────────────────────────────────────────────────────────────────

    def _lane(self, title: Text) -> str:
        self.layout.lanes.setdefault(title.zh, title)
        return title.zh

    def _assign(self, block: Block, lane: str) -> str:
        """Give every step and choice its lane; what names none stands in the lane before it. Returns the last."""
        match block:
            case Step():
                named = lane_of(block)
                self.lanes[block.key] = lane = self._lane(named) if named else lane
            case Sequence():
                for child in block.blocks:
                    lane = self._assign(child, lane)
            case ForEach():
                lane = self._assign(block.body, lane)
            case SideBySide() | Choice():
                if isinstance(block, Choice):
                    self.lanes[block.key] = lane
                for branch in walking.children(block):
                    self._assign(branch, lane)
        return lane

    def _widths(self, block: Block) -> dict[str, float]:
        """How wide a block is in each of its lanes."""
        match block:
            case Step():
                return {self.lanes[block.key]: COLUMN}
            case Sequence():
                return _widest(self._widths(child) for child in block.blocks)
            case SideBySide():
                return _summed(self._widths(branch) for branch in block.branches)
            case Choice():
                lane = self.lanes[block.key]
                return _widest(iter([{lane: COLUMN}, _summed(iter(self._branch_widths(block)))]))
            case ForEach():
                return {lane: width + 2 * FRAME_SIDE for lane, width in self._widths(block.body).items()}

    def _branch_widths(self, choice: Choice) -> list[dict[str, float]]:
        widths = [self._widths(branch) for branch in choice.branches.values()]
        if self._can_skip(choice):
            widths.append({self.lanes[choice.key]: BYPASS})
        return widths

    def _can_skip(self, choice: Choice) -> bool:
        return SKIP in {choice.table.otherwise or SKIP, *(row.then for row in choice.table.rows)}

    # ── places ──────────────────────────────────────────────────────────────────────────────────────────────

    def build(self, left: float) -> None:
        """Place everything, from the start to the end."""
        layout = self.layout
        widths = self._widths(self.flow)
        for lane in layout.lanes:
            layout.spans[lane] = (left, left + max(widths.get(lane, 0.0), COLUMN))
            left = layout.spans[lane][1]
        layout.width = left
        start = self._node("start", 1, _middle(layout.spans[next(iter(layout.lanes))]), height=26.0)
        exits, slot = self._place(self.flow, 2, layout.spans, [(start, [])])
        last = exits[0][0]
        lane = self.lanes.get(last.block.key, "") if last.block else ""
        end = self._node("end", _odd(slot), last.x if lane else _middle(layout.spans[self.last_lane]), height=26.0)
        self._join(exits, end)

    def _node(self, kind: NodeKind, slot: int, x: float, block: Block | None = None, height: float = 0.0) -> Node:
        node = Node(kind, slot, x, block, height, left=x, right=x)
        self.layout.nodes.append(node)
        return node

    def _join(self, exits: Ends, target: Node) -> None:
        for source, label in exits:
            self.layout.edges.append(Edge(source, target, label))

    def _place(self, block: Block, slot: int, spans: Spans, before: Ends) -> tuple[Ends, int]:
        """Place a block from `slot` on behind what came `before`; returns its loose ends and the next slot."""
        match block:
            case Step():
                x = _middle(spans[self.lanes[block.key]])
                node = self._node("step", _odd(slot), x, block, self.heights[block.key])
                self._join(before, node)
                return [(node, [])], node.slot + 1
            case Sequence():
                for child in block.blocks:
                    before, slot = self._place(child, slot, spans, before)
                return before, slot
            case SideBySide():
                return self._side_by_side(block, slot, spans, before)
            case Choice():
                return self._choice(block, slot, spans, before)
            case ForEach():
                return self._for_each(block, slot, spans, before)

    def _side_by_side(self, block: SideBySide, slot: int, spans: Spans, before: Ends) -> tuple[Ends, int]:
        fork = self._node("bar", _even(slot) + 2, 0.0, block)
        self._join(before, fork)
        parts = _parted(spans, [self._widths(branch) for branch in block.branches])
        ends: Ends = []
        first_edge, lowest = len(self.layout.edges), fork.slot + 1
        for branch, part in zip(block.branches, parts, strict=True):
            exits, after = self._place(branch, fork.slot + 1, part, [(fork, self.words(branch.title))])
            ends += exits
            lowest = max(lowest, after)
        join = self._node("bar", _even(lowest), 0.0, block)
        self._join(ends, join)
        _stretch(fork, [edge.target.x for edge in self.layout.edges[first_edge:] if edge.source is fork])
        _stretch(join, [end.x for end, _ in ends])
        return [(join, [])], join.slot + 1

    def _choice(self, block: Choice, slot: int, spans: Spans, before: Ends) -> tuple[Ends, int]:
        lane = self.lanes[block.key]
        diamond = self._node("choice", _odd(slot), _middle(spans[lane]), block, self.heights[block.key])
        self._join(before, diamond)
        labels = self.labels[block.key]
        parts = _parted(spans, self._branch_widths(block))
        ends: Ends = []
        lowest = diamond.slot + 1
        for (name, branch), part in zip(block.branches.items(), parts, strict=False):
            exits, after = self._place(branch, diamond.slot + 1, part, [(diamond, labels.get(name, []))])
            ends += exits
            lowest = max(lowest, after)
        if self._can_skip(block):
            bypass = self._node("bypass", diamond.slot + 2, _middle(parts[-1][lane]))
            self._join([(diamond, labels.get(SKIP, []))], bypass)
            ends.append((bypass, []))
            lowest = max(lowest, bypass.slot + 1)
        return ends, lowest

    def _for_each(self, block: ForEach, slot: int, spans: Spans, before: Ends) -> tuple[Ends, int]:
        top, first = _even(slot), len(self.layout.nodes)
        inner = {lane: (x1 + FRAME_SIDE, x2 - FRAME_SIDE) for lane, (x1, x2) in spans.items()}
        exits, after = self._place(block.body, top + 2, inner, before)
        bottom = _even(after)
        inside = [node for node in self.layout.nodes[first:] if node.kind in ("step", "choice", "bypass")]
        half = COLUMN / 2 - 2
        left = min(node.x - (half if node.kind != "bypass" else BYPASS / 2) for node in inside)
        right = max(node.x + (half if node.kind != "bypass" else BYPASS / 2) for node in inside)
        self.layout.frames.append(Frame(block, top, bottom, left, right))
        return exits, bottom + 2


def _odd(slot: int) -> int:
    return slot | 1


def _even(slot: int) -> int:
    return slot + (slot & 1)


def _middle(span: tuple[float, float]) -> float:
    return (span[0] + span[1]) / 2


def _stretch(bar: Node, xs: list[float]) -> None:
    bar.left, bar.right = min(xs) - OVER, max(xs) + OVER
    bar.x = (bar.left + bar.right) / 2


def _widest(profiles: Iterator[dict[str, float]]) -> dict[str, float]:
    widest: dict[str, float] = {}
    for profile in profiles:
        for lane, width in profile.items():
            widest[lane] = max(width, widest.get(lane, 0.0))
    return widest


def _summed(profiles: Iterator[dict[str, float]]) -> dict[str, float]:
    summed: dict[str, float] = {}
    for profile in profiles:
        for lane, width in profile.items():
            summed[lane] = summed.get(lane, 0.0) + width
    return summed


def _parted(spans: Spans, profiles: list[dict[str, float]]) -> list[dict[str, tuple[float, float]]]:
    """The stretch of each branch in each of its lanes, side by side, in the middle of what there is."""
    needed = _summed(iter(profiles))
    at = {lane: _middle(spans[lane]) - width / 2 for lane, width in needed.items()}
    parts: list[dict[str, tuple[float, float]]] = []
    for profile in profiles:
        part = {}
        for lane, width in profile.items():
            part[lane] = (at[lane], at[lane] + width)
            at[lane] += width
        parts.append(part)
    return parts
