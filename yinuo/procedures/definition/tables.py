"""The one decision-table format: used for choices, waits, shown fields, priority, assignment and verdicts.

A table is rows read from above; a row holds when all its conditions hold; the first that holds gives its
outcome, none gives `otherwise`. There is no scripting. `rules.decide` reads a table against facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from yinuo.procedures.definition.texts import NOTHING, Text

Scalar: TypeAlias = str | int | float | bool | None
Value: TypeAlias = Scalar | tuple[Scalar, ...]

Operator = Literal[
    "is",
    "is not",
    "in",
    "not in",
    ">",
    ">=",
    "<",
    "<=",
    "between",
    "contains",
    "empty",
    "not empty",
    "before",
    "after",
]

OPERATORS: dict[str, Text] = {
    "is": Text("为", "is"),
    "is not": Text("不为", "is not"),
    "in": Text("属于", "is one of"),
    "not in": Text("不属于", "is none of"),
    ">": Text("大于", "is above"),
    ">=": Text("不小于", "is at least"),
    "<": Text("小于", "is below"),
    "<=": Text("不大于", "is at most"),
    "between": Text("介于", "is between"),
    "contains": Text("包含", "contains"),
    "empty": Text("为空", "is empty"),
    "not empty": Text("不为空", "is not empty"),
    "before": Text("早于", "is before"),
    "after": Text("晚于", "is after"),
}
LIST_OPERATORS = frozenset({"in", "not in", "between"})
NUMBER_OPERATORS = frozenset({">", ">=", "<", "<="})
LONE_OPERATORS = frozenset({"empty", "not empty"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """`field operator value`. `field` is a dotted fact name; `value` a tuple for in, not in, between (both ends in)."""

    field: str
    operator: Operator
    value: Value = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """All conditions must hold; no condition always holds. `note` says why the row exists, for people."""

    when: tuple[Condition, ...]
    then: str
    note: Text = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows from above; `otherwise` when none holds ("" = no outcome)."""

    rows: tuple[Row, ...]
    otherwise: str = ""
