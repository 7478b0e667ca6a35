"""Whether a condition compares a fact with something that the fact can be."""

from __future__ import annotations

from collections.abc import Iterator

from yinuo.procedures.definition import walking
from yinuo.procedures.definition.mistakes import Mistake, unknown
from yinuo.procedures.definition.shapes import FIELD_KINDS, VERDICTS, Decision, Field, Opinions, Step, Timer, Wait
from yinuo.procedures.definition.tables import NUMBER_OPERATORS, Condition

Values = tuple[str, frozenset[str] | None]  # kind of field, and the values it can have where they are listed

ORDERED = frozenset({"number", "date", "moment"})
IN_TIME = frozenset({"date", "moment"})
LISTED = frozenset({"is", "is not", "in", "not in"})


def field_values(field: Field) -> Values:
    """What a form's field can be."""
    options = frozenset(option.key for option in field.options) if field.kind in ("choice", "choices") else None
    return field.kind, options


def result_values(plan: walking.Plan, step: Step, name: str) -> Values:
    """What the result `name` of a step can be."""
    if name == "outcome":
        return "choice", _outcomes(step)
    if name == "verdict" and isinstance(step.work, Opinions):
        return "choice", frozenset(VERDICTS)
    for form in plan.definition.forms:
        for field in form.fields if form.key == step.form else ():
            if field.key == name:
                return field_values(field)
    return "", None


def _outcomes(step: Step) -> frozenset[str]:
    match step.work:
        case Decision(outcomes=outcomes):
            return frozenset(outcome.key for outcome in outcomes)
        case Wait(outcomes=outcomes, timeout=timeout):
            found = {outcome.key for outcome in outcomes} or {"arrived"}
            return frozenset(found | ({"timed_out"} if timeout == "go_on" else set()))
        case Timer():
            return frozenset({"reached"})
    return frozenset({"done"})


def comparison_mistakes_of(
    block: str, condition: Condition, kind: str, values: frozenset[str] | None, where: tuple[str | int, ...]
) -> Iterator[Mistake]:
    """An operator that makes no sense for the kind of field, or a value that it never has."""
    operator, name = condition.operator, condition.field
    misfit = kind in FIELD_KINDS and (
        (operator in NUMBER_OPERATORS and kind != "number")
        or (operator in ("before", "after") and kind not in IN_TIME)
        or (operator == "between" and kind not in ORDERED)
    )
    if misfit:
        yield Mistake(
            block,
            (*where, 1),
            f"“{name}”不能用“{operator}”比较：它不是数字或日期。",
            f"“{name}” cannot be compared by “{operator}”: it is no number or date.",
        )
        return
    given = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    if kind == "yesno" and operator in LISTED:
        wrong = [value for value in given if not isinstance(value, bool) and value not in ("yes", "no")]
    elif values is not None and (operator in LISTED or (operator == "contains" and kind == "choices")):
        wrong = [value for value in given if value not in values]
    else:
        wrong = []
    for value in wrong:
        zh, en = unknown("取值", "value", str(value))
        listed = "、".join(sorted(values or ("true", "false")))
        yield Mistake(
            block,
            (*where, 2),
            f"{zh}“{name}”的取值有：{listed}。",
            f"{en} “{name}” can be: {listed.replace('、', ', ')}.",
        )
