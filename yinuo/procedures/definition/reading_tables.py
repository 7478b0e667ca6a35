"""Reading decision tables."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from yinuo.procedures.definition.boxes import Box
from yinuo.procedures.definition.tables import (
    LIST_OPERATORS,
    LONE_OPERATORS,
    NUMBER_OPERATORS,
    OPERATORS,
    Condition,
    Operator,
    Row,
    Table,
    Value,
)


def table(box: Box) -> Table:
    """A table `{rows: [{when: [[field, operator, value], …], then: …, note: …}], otherwise: …}`."""
    if not box.is_mapping():
        return Table(rows=())
    box.only("rows", "otherwise")
    rows = tuple(_row(row) for row in box.boxes("rows", filled=True))
    return Table(rows=rows, otherwise=box.word("otherwise"))


def _row(box: Box) -> Row:
    if not box.is_mapping():
        return Row(when=(), then="")
    box.only("when", "then", "note")
    conditions = (_condition(condition) for condition in box.boxes("when"))
    return Row(
        when=tuple(condition for condition in conditions if condition is not None),
        then=box.word("then", required=True),
        note=box.text("note"),
    )


def _condition(box: Box) -> Condition | None:
    parts = box.value
    if not isinstance(parts, list) or not 2 <= len(parts) <= 3 or not all(isinstance(p, str) for p in parts[:2]):
        box.fault("条件应写成 [字段, 运算符, 值]。", "A condition is written [field, operator, value].")
        return None
    field, operator = parts[0].strip(), parts[1].strip()
    box.is_name(field, 0)
    if not field:
        box.fault("缺少字段。", "The field is missing.", 0)
    if operator not in OPERATORS:
        listed = ", ".join(OPERATORS)
        box.fault(
            f"未知运算符“{operator}”。可用的有：{listed}。",
            f"Unknown operator “{operator}”. There are: {listed}.",
            1,
        )
        return None
    value = _operand(box, operator, parts[2:])
    return Condition(field=field, operator=cast(Operator, operator), value=value)


def _operand(box: Box, operator: str, rest: list[Any]) -> Value:
    if operator in LONE_OPERATORS:
        if rest:
            box.fault(f"“{operator}”之后不应有值。", f"“{operator}” takes no value.", 2)
        return None
    if not rest:
        box.fault(f"“{operator}”之后缺少值。", f"“{operator}” needs a value.")
        return None
    value = rest[0]
    if operator in LIST_OPERATORS:
        return _list_operand(box, operator, value)
    if isinstance(value, list | dict):
        box.fault("此处应为单个值。", "A single value is expected here.", 2)
        return None
    if operator in NUMBER_OPERATORS and (isinstance(value, bool) or not isinstance(value, int | float)):
        box.fault("此处应为数字。", "A number is expected here.", 2)
        return None
    if operator in ("before", "after") and not _is_moment_or_fact(value):
        box.fault(
            "此处应为日期（如 2026-03-01）或事实名称。",
            "A date (such as 2026-03-01) or the name of a fact is expected here.",
            2,
        )
    return cast(Value, value)


def _list_operand(box: Box, operator: str, value: Any) -> Value:
    if not isinstance(value, list) or not value or any(isinstance(member, list | dict) for member in value):
        box.fault(f"“{operator}”之后应为一组值。", f"“{operator}” needs a list of values.", 2)
        return ()
    if operator == "between" and len(value) != 2:
        box.fault("“between”需要两个值：从、到。", "“between” needs two values, from and to.", 2)
        return ()
    return tuple(value)


def _is_moment_or_fact(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    if "." in value and value[:1].isalpha():
        return True
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
