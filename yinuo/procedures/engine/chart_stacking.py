"""Tracks for the lines of a flow chart, and heights for its slots."""

from __future__ import annotations

from yinuo.procedures.engine.chart_plan import (
    ARROW,
    BAR,
    COLUMN,
    FRAME_BOTTOM,
    FRAME_TOP,
    GAP,
    LABEL,
    OVER,
    TRACK,
    Edge,
    Layout,
    Node,
)


def give_tracks(layout: Layout) -> None:
    """Find where each edge leaves and arrives, and a track for those that run sideways: those that share an end
    share the track, others that would lie on one another get one each."""
    groups: dict[int, list[tuple[float, float, set[Node], list[Edge]]]] = {}
    for edge in layout.edges:
        edge.x1, edge.x2 = edge.source.x, edge.target.x
        if edge.source.kind == "bar":
            edge.x1 = min(max(edge.x2, edge.source.left + 8), edge.source.right - 8)
            edge.x1 = _way_down(layout, edge)
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


def _way_down(layout: Layout, edge: Edge) -> float:
    """Where a line leaves a bar and goes straight down: as near to its target as it may, but where the box of another
    branch stands in its way at an end of a bar, whose column no other branch has. A bar on its way reaches as far."""
    bars = [node for node in (edge.target, edge.source) if node.kind == "bar"]
    ends = sorted((x for bar in bars for x in (bar.left + OVER, bar.right - OVER)), key=lambda x: abs(x - edge.x1))
    boxes = [
        node.x
        for node in layout.nodes
        if node.kind in ("step", "choice") and edge.source.slot < node.slot < edge.target.slot
    ]
    way = next((x for x in [edge.x1, *ends] if all(abs(x - box) >= COLUMN / 2 for box in boxes)), edge.x1)
    for bar in bars if way != edge.x1 else []:
        bar.left, bar.right = min(bar.left, way - OVER), max(bar.right, way + OVER)
    return way


def _colour(groups: list[tuple[float, float, set[Node], list[Edge]]]) -> int:
    """Give each group the first track on which it meets no other; how many tracks there are."""
    ends: list[float] = []
    for left, right, _, edges in sorted(groups, key=lambda group: (group[0], group[1])):
        track = next((at for at, end in enumerate(ends) if end + 6 < left), len(ends))
        ends[track : track + 1] = [right]
        for edge in edges:
            edge.track = track
    return len(ends)


def stack(layout: Layout, top: float) -> None:
    """Give every slot its height and every node its y."""
    boxes: dict[int, float] = {}
    for node in layout.nodes:
        if node.slot % 2 and node.kind != "bypass":
            boxes[node.slot] = max(node.height, boxes.get(node.slot, 0.0))
    bars = {node.slot for node in layout.nodes if node.kind == "bar"}
    for edge in layout.edges:
        layout.labels[edge.slot] = max(len(edge.label), layout.labels.get(edge.slot, 0))
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
            height += LABEL * layout.labels.get(slot, 0)
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


def turn_of(layout: Layout, edge: Edge) -> float:
    """The y at which an edge runs sideways: below bars and the ends of frames, above labels."""
    y = layout.tops[edge.slot] + layout.heights[edge.slot]
    y -= ARROW + TRACK * (layout.tracks[edge.slot] - 1 - edge.track)
    return y - LABEL * layout.labels.get(edge.slot, 0)
