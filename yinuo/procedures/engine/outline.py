"""The procedure as rows: flow strip, step table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from yinuo.procedures.definition.shapes import Definition
from yinuo.procedures.definition.texts import Text
from yinuo.procedures.engine.state import State

Mark = Literal["done", "current", "waiting", "skipped", "returned"]
MARKS: dict[Mark, tuple[str, Text]] = {
    "done": ("✓", Text("已完成", "done")),
    "current": ("●", Text("进行中", "now")),
    "waiting": ("○", Text("未开始", "to come")),
    "skipped": ("–", Text("未经过", "passed over")),
    "returned": ("↩", Text("已退回", "sent back")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StripMark:
    """One phase of the flow strip."""

    key: str
    title: Text
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One row of the step table (序号 | 流程 | 工作说明 | 责任部门 | 使用表单), S4 section 5.

    `number` like "5.3"; `depth` 0 for the outer sequence; `forms` as "QR-CSR-05-02 分析记录" pairs (number, title);
    `notes` words about order and ways out ("各部门同时进行", "不同意：退回 5.4").
    """

    number: str
    key: str
    kind: str
    depth: int
    title: Text
    instruction: Text
    duty: Text
    forms: tuple[tuple[str, Text], ...]
    passes_on: Text
    gate: bool
    notes: tuple[Text, ...]


def strip_of(definition: Definition, state: State | None = None) -> tuple[StripMark, ...]:
    """The phases in order with the position of a run; without phases the outer blocks stand for them."""
    raise NotImplementedError


def rows_of(definition: Definition, prefix: str = "5") -> tuple[StepRow, ...]:
    """The step table. `prefix`: the document section it stands in ("" = plain 1, 2, 3)."""
    raise NotImplementedError


def marks_of(definition: Definition, state: State) -> dict[str, Mark]:
    """The position of a run per step key (several iterations count as one: current wins)."""
    raise NotImplementedError
