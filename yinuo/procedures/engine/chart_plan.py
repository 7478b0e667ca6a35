"""The plan of a flow chart: what stands in which slot, and the lines between. Sizes are pixels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from yinuo.procedures.definition.shapes import Block, ForEach
from yinuo.procedures.definition.texts import Text

COLUMN = 178.0
BYPASS = 72.0
GAP = 30.0
TRACK = 9.0
ARROW = 13.0
LABEL = 16.0
BAR = 30.0
OVER = 24.0  # how far a bar reaches beyond the last line on it
FRAME_TOP = 42.0
FRAME_BOTTOM = 12.0
FRAME_SIDE = 10.0

NodeKind = Literal["step", "choice", "bar", "start", "end", "bypass"]
Spans = Mapping[str, tuple[float, float]]
Labels = Mapping[str, Mapping[str, list[str]]]


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


Ends = list[tuple[Node, list[str]]]
"""Loose ends: what a line may leave from, with the words beside it."""


@dataclass(slots=True, eq=False)
class Edge:
    """A line from the bottom of one thing to the top of another; `track` counts from above in its even slot."""

    source: Node
    target: Node
    label: list[str] = field(default_factory=list)
    x1: float = 0.0
    x2: float = 0.0
    track: int = 0

    @property
    def slot(self) -> int:
        """The even slot in which it runs sideways: right below a choice, where its branches part, so that a line to a
        branch that begins lower (inside a frame) passes beside the other branches; else right above the target."""
        if self.source.kind == "choice":
            return self.source.slot + 1
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
    labels: dict[int, int] = field(default_factory=dict)
    width: float = 0.0
    bottom: float = 0.0
