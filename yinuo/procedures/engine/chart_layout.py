"""Where everything of a flow chart stands. Lanes are columns, time runs downwards.

The chart is a stack of *slots*: odd slots hold boxes, even slots the lines between them; a slot nobody uses has no
height. Every block gets its own stretch of its lanes, so boxes of different branches never meet; lines run
sideways only in even slots, each group on a track of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

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

COLUMN = 178.0
BYPASS = 72.0
GAP = 30.0
TRACK = 9.0
ARROW = 13.0
LABEL = 16.0
BAR = 18.0
FRAME_TOP = 30.0
FRAME_BOTTOM = 12.0
FRAME_SIDE = 10.0

NodeKind = Literal["step", "choice", "bar", "start", "end", "bypass"]
Spans = Mapping[str, tuple[float, float]]


@dataclass(slots=True, eq=False)
class Node:
    """A thing that is drawn: `x` its middle, `y` its top once slots have heights. A bar reaches from left to right."""

    kind: NodeKind
    slot: int
    x: float
    block: Block | None = None
    height: float = 0.0
    y: float = 0.0
    left: float = 0.0
    right: float = 0.0


@dataclass(slots=True, eq=False)
class Edge:
    """A line from the bottom of one thing to the top of another; `track` counts from above in its even slot."""

    source: Node
    target: Node
    label: Text = NOTHING
    x1: float = 0.0
    x2: float = 0.0
    track: int = 0

    @property
    def slot(self) -> int:
        """The even slot in which it runs sideways."""
        return self.target.slot - (1 if self.target.slot % 2 else 2)


@dataclass(slots=True, eq=False)
class Frame:
    """The frame around a for-each; `top` and `bottom` are the even slots of its edges."""

    block: ForEach
    top: int
    bottom: int
    left: float
    right: float


@dataclass(slots=True, eq=False)
class Layout:
    """The finished plan of a drawing."""

    lanes: dict[str, Text] = field(default_factory=dict)
    spans: dict[str, tuple[float, float]] = field(default_factory=dict)
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    tops: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    tracks: dict[int, int] = field(default_factory=dict)
    width: float = 0.0
    bottom: float = 0.0


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
    labels: Mapping[str, Mapping[str, Text]],
    left: float,
    top: float,
) -> Layout:
    """The layout: `heights` of boxes by step and choice key, `labels` of branches by choice key; the drawing begins
    at `left`, `top`."""
    builder = _Builder(definition, heights, labels)
    builder.build(left)
    _give_tracks(builder.layout)
    _stack(builder.layout, top)
    return builder.layout


class _Builder:
    def __init__(
        self, definition: Definition, heights: Mapping[str, float], labels: Mapping[str, Mapping[str, Text]]
    ) -> None:
        self.flow = definition.flow
        self.heights = heights
        self.labels = labels
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
        exits, slot = self._place(self.flow, 2, layout.spans, [(start, NOTHING)])
        last = exits[0][0]
        lane = self.lanes.get(last.block.key, "") if last.block else ""
        end = self._node("end", _odd(slot), last.x if lane else _middle(layout.spans[self.last_lane]), height=26.0)
        self._join(exits, end)

    def _node(self, kind: NodeKind, slot: int, x: float, block: Block | None = None, height: float = 0.0) -> Node:
        node = Node(kind, slot, x, block, height, left=x, right=x)
        self.layout.nodes.append(node)
        return node

    def _join(self, exits: list[tuple[Node, Text]], target: Node) -> None:
        for source, label in exits:
            self.layout.edges.append(Edge(source, target, label))

    def _place(
        self, block: Block, slot: int, spans: Spans, before: list[tuple[Node, Text]]
    ) -> tuple[list[tuple[Node, Text]], int]:
        """Place a block from `slot` on behind what came `before`; returns its loose ends and the next slot."""
        match block:
            case Step():
                x = _middle(spans[self.lanes[block.key]])
                node = self._node("step", _odd(slot), x, block, self.heights[block.key])
                self._join(before, node)
                return [(node, NOTHING)], node.slot + 1
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

    def _side_by_side(
        self, block: SideBySide, slot: int, spans: Spans, before: list[tuple[Node, Text]]
    ) -> tuple[list[tuple[Node, Text]], int]:
        fork = self._node("bar", _even(slot) + 2, 0.0, block)
        self._join(before, fork)
        parts = _parted(spans, [self._widths(branch) for branch in block.branches])
        ends: list[tuple[Node, Text]] = []
        first_edge, lowest = len(self.layout.edges), fork.slot + 1
        for branch, part in zip(block.branches, parts, strict=True):
            exits, after = self._place(branch, fork.slot + 1, part, [(fork, branch.title)])
            ends += exits
            lowest = max(lowest, after)
        join = self._node("bar", _even(lowest), 0.0, block)
        self._join(ends, join)
        _stretch(fork, [edge.target.x for edge in self.layout.edges[first_edge:] if edge.source is fork])
        _stretch(join, [end.x for end, _ in ends])
        return [(join, NOTHING)], join.slot + 1

    def _choice(
        self, block: Choice, slot: int, spans: Spans, before: list[tuple[Node, Text]]
    ) -> tuple[list[tuple[Node, Text]], int]:
        lane = self.lanes[block.key]
        diamond = self._node("choice", _odd(slot), _middle(spans[lane]), block, self.heights[block.key])
        self._join(before, diamond)
        labels = self.labels[block.key]
        parts = _parted(spans, self._branch_widths(block))
        ends: list[tuple[Node, Text]] = []
        lowest = diamond.slot + 1
        for (name, branch), part in zip(block.branches.items(), parts, strict=False):
            exits, after = self._place(branch, diamond.slot + 1, part, [(diamond, labels.get(name, NOTHING))])
            ends += exits
            lowest = max(lowest, after)
        if self._can_skip(block):
            bypass = self._node("bypass", diamond.slot + 2, _middle(parts[-1][lane]))
            self._join([(diamond, labels.get(SKIP, NOTHING))], bypass)
            ends.append((bypass, NOTHING))
            lowest = max(lowest, bypass.slot + 1)
        return ends, lowest

    def _for_each(
        self, block: ForEach, slot: int, spans: Spans, before: list[tuple[Node, Text]]
    ) -> tuple[list[tuple[Node, Text]], int]:
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
    bar.left, bar.right = min(xs) - 24, max(xs) + 24
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


# ── lines and heights ───────────────────────────────────────────────────────────────────────────────────────


def _give_tracks(layout: Layout) -> None:
    """Find where each edge leaves and arrives, and a track for those that run sideways: those that share an end
    share the track, others that would lie on one another get one each."""
    groups: dict[int, list[tuple[float, float, set[Node], list[Edge]]]] = {}
    for edge in layout.edges:
        edge.x1, edge.x2 = edge.source.x, edge.target.x
        if edge.source.kind == "bar":
            edge.x1 = min(max(edge.x2, edge.source.left + 8), edge.source.right - 8)
        if edge.target.kind == "bar":
            edge.x2 = min(max(edge.x1, edge.target.left + 8), edge.target.right - 8)
        if abs(edge.x1 - edge.x2) < 1:
            edge.x2 = edge.x1
            continue
        left, right = sorted((edge.x1, edge.x2))
        ends, edges = {edge.source, edge.target}, [edge]
        rest = []
        for group in groups.get(edge.slot, []):
            if group[2] & ends:
                left, right = min(left, group[0]), max(right, group[1])
                ends |= group[2]
                edges += group[3]
            else:
                rest.append(group)
        groups[edge.slot] = [*rest, (left, right, ends, edges)]
    for slot, found in groups.items():
        layout.tracks[slot] = _colour(found)


def _colour(groups: list[tuple[float, float, set[Node], list[Edge]]]) -> int:
    """Give each group the first track on which it meets no other; how many tracks there are."""
    ends: list[float] = []
    for left, right, _, edges in sorted(groups, key=lambda group: (group[0], group[1])):
        track = next((at for at, end in enumerate(ends) if end + 6 < left), len(ends))
        ends[track : track + 1] = [right]
        for edge in edges:
            edge.track = track
    return len(ends)


def _stack(layout: Layout, top: float) -> None:
    """Give every slot its height and every node its y."""
    boxes: dict[int, float] = {}
    for node in layout.nodes:
        if node.slot % 2 and node.kind != "bypass":
            boxes[node.slot] = max(node.height, boxes.get(node.slot, 0.0))
    bars = {node.slot for node in layout.nodes if node.kind == "bar"}
    labelled = {edge.slot for edge in layout.edges if edge.label}
    tops = {frame.top for frame in layout.frames}
    bottoms = {frame.bottom for frame in layout.frames}
    last = max(node.slot for node in layout.nodes)
    y, since_box = top, 0.0
    for slot in range(1, last + 1):
        height = boxes.get(slot, 0.0)
        if slot % 2 == 0:
            tracks = layout.tracks.get(slot, 0)
            height = ARROW + 2 + TRACK * tracks if tracks else 0.0
            height += BAR if slot in bars else 0.0
            height += FRAME_TOP if slot in tops else 0.0
            height += FRAME_BOTTOM if slot in bottoms else 0.0
            height += LABEL if slot in labelled else 0.0
        if slot % 2 and slot in boxes:
            if since_box < GAP and slot > 1:
                y += GAP - since_box
                layout.heights[slot - 1] = layout.heights.get(slot - 1, 0.0) + GAP - since_box
            since_box = 0.0
        else:
            since_box += height
        layout.tops[slot], layout.heights[slot] = y, height
        y += height
    for node in layout.nodes:
        node.y = layout.tops[node.slot]
        if node.kind == "bar":
            node.y += BAR / 2
        elif node.kind != "bypass":
            node.y += (layout.heights[node.slot] - node.height) / 2
    layout.bottom = y
