"""Decision tables, their words, and the values of forms."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.procedures import stories
from yinuo.procedures import rules
from yinuo.procedures.definition.shapes import Due, Fact, Field, Form, Option, Span
from yinuo.procedures.definition.tables import OPERATORS, Condition, Row, Table
from yinuo.procedures.definition.texts import Text


@pytest.mark.parametrize(
    ("fact", "operator", "value", "held"),
    [
        ("safety", "is", "safety", True), ("safety", "is", "cost", False), (None, "is", "safety", False),
        (True, "is", "yes", True), (False, "is", "no", True), (1, "is", True, False), (1, "is", 1.0, True),
        (None, "is not", "safety", True), ("safety", "is not", "safety", False),
        ("a", "in", ("a", "b"), True), ("c", "in", ("a", "b"), False), (None, "in", ("a",), False),
        ("c", "not in", ("a", "b"), True), (None, "not in", ("a",), True),
        (5, ">", 4, True), (4, ">", 4, False), (4, ">=", 4, True), (3, "<", 4, True), (4, "<=", 4, True),
        ("5", ">", 4, False), (None, "<", 4, False), (True, ">", 0, False),
        (5, "between", (5, 9), True), (9, "between", (5, 9), True), (10, "between", (5, 9), False),
        ("2026-03-01", "between", ("2026-02-01", "2026-03-01"), True), ("x", "between", (1, 2), False),
        ("720 h NSS", "contains", "NSS", True), (["a", "b"], "contains", "b", True), (None, "contains", "b", False),
        ("abc", "contains", "", False), (None, "empty", None, True),
        ([], "empty", None, True), (0, "empty", None, False),
        ("x", "not empty", None, True), ("", "not empty", None, False),
        ("2026-03-01", "before", "2026-03-02", True), ("2026-03-02", "before", "2026-03-02", False),
        ("2026-03-02T23:00:00+08:00", "after", "2026-03-02T14:00:00+00:00", True),
        ("2026-03-02T23:00:00+08:00", "after", "2026-03-02", False), ("2026-03-03", "after", "now.today", True),
        ("2026-03-02", "after", "now.unknown", False), ("soon", "before", "2026-03-02", False),
    ],
)  # fmt: skip
def test_each_operator(fact: Any, operator: str, value: Any, held: bool) -> None:
    condition = Condition(field="cases.x", operator=operator, value=value)  # type: ignore[arg-type]
    assert rules.holds(condition, {"cases.x": fact, "now.today": "2026-03-02"}) is held


def table(*rows: tuple[tuple[Condition, ...], str], otherwise: str = "") -> Table:
    return Table(rows=tuple(Row(when=when, then=then) for when, then in rows), otherwise=otherwise)


SAFETY = Condition(field="cases.safety", operator="is", value=True)
COSTLY = Condition(field="plan.cost", operator=">=", value=50000)
KIND = Condition(field="cases.kind", operator="in", value=("quality", "technical"))
WORDS = {
    "cases.safety": Fact(name="cases.safety", title=Text("涉及安全", "safety is touched")),
    "plan.cost": Fact(name="plan.cost", title=Text("预计费用", "cost")),
    "cases.kind": Fact(
        name="cases.kind",
        title=Text("性质", "kind"),
        values={"quality": Text("质量", "quality"), "technical": Text("技术", "technical")},
    ),
}


def test_the_first_row_that_holds_wins_and_says_why() -> None:
    asked = table(((SAFETY,), "top"), ((COSTLY, KIND), "urgent"), otherwise="normal")
    facts: dict[str, Any] = {"plan.cost": 60000, "cases.kind": "quality"}
    assert rules.decide(asked, {**facts, "cases.safety": True}, WORDS) == rules.Verdict(
        outcome="top", row=0, why=Text("涉及安全为是", "safety is touched is yes")
    )
    verdict = rules.decide(asked, facts, WORDS)
    assert (verdict.outcome, verdict.row) == ("urgent", 1)
    assert verdict.why.zh == "预计费用不小于50000，且性质属于质量、技术"
    assert verdict.why.en == "cost is at least 50000 and kind is one of quality, technical"
    assert rules.decide(asked, {}, WORDS).outcome == "normal"
    assert rules.decide(asked, {}, WORDS).row == -1


def test_a_note_stands_before_the_conditions() -> None:
    row = Row(when=(SAFETY,), then="top", note=Text("安全始终最高", "Safety comes first"))
    assert rules.decide(Table(rows=(row,)), {"cases.safety": True}, WORDS).why.zh == "安全始终最高（涉及安全为是）"


def test_results_of_steps_have_words_of_their_own() -> None:
    words = rules.fact_words(stories.shipped("s2"))
    said = rules.condition_words(Condition(field="review.verdict", operator="is", value="cannot"), words)
    assert said == Text("“组织客户特殊要求评审”的结论为不能满足", "the verdict of “Review” is Cannot be met")
    assert words["receive.vehicle"].title.zh == "“收到客户特殊要求需求表”的车型"
    short = rules.short_words(Condition(field="review.verdict", operator="is", value="cannot"), words)
    assert short == Text("不能满足", "Cannot be met")


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers(), max_size=2)


@given(VALUES, st.sampled_from(sorted(OPERATORS)), VALUES)
def test_no_value_makes_a_table_raise(fact: Any, operator: str, value: Any) -> None:
    if operator in ("in", "not in", "between"):
        value = (value, value)
    condition = Condition(field="x.y", operator=operator, value=value)  # type: ignore[arg-type]
    verdict = rules.decide(table(((condition,), "yes"), otherwise="no"), {"x.y": fact})
    assert verdict.outcome in ("yes", "no")
    assert verdict.why.zh


FORM = Form(
    key="paper",
    number="F-1",
    edition="A/0",
    title=Text("表", "Paper"),
    fields=(
        Field(
            key="clarity",
            kind="choice",
            label=Text("清楚", "Clarity"),
            required=True,
            options=(
                Option(key="clear", label=Text("清楚", "clear")),
                Option(key="vague", label=Text("模糊", "vague")),
            ),
        ),
        Field(
            key="why",
            kind="note",
            label=Text("何处模糊", "What"),
            required=True,
            shown_when=table(((Condition(field="clarity", operator="is", value="vague"),), "show")),
        ),
        Field(key="cost", kind="number", label=Text("费用", "Cost")),
        Field(key="on", kind="date", label=Text("日期", "Date")),
        Field(key="part", kind="product", label=Text("产品", "Part"), required=True),
    ),
)


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({"clarity": "clear", "part": 7}, set()),
        ({"clarity": "vague", "part": 7}, {"why"}),
        ({"clarity": "vague", "why": "盐雾类型", "part": 7}, set()),
        ({}, {"clarity", "part"}),
        ({"clarity": "other", "part": 7}, {"clarity"}),
        ({"clarity": "clear", "part": 7, "cost": "5"}, {"cost"}),
        ({"clarity": "clear", "part": 7, "cost": True}, {"cost"}),
        ({"clarity": "clear", "part": 7, "on": "2026-02-30"}, {"on"}),
        ({"clarity": "clear", "part": 7, "on": "2026-02-28"}, set()),
        ({"clarity": "clear", "part": 7, "colour": "red"}, {"colour"}),
    ],
)
def test_values_of_a_form(data: dict[str, Any], wrong: set[str]) -> None:
    assert {fault.field for fault in rules.check_values(FORM, data, {})} == wrong


def test_what_is_not_shown_is_not_asked_and_does_not_count() -> None:
    shown = rules.shown_fields(FORM, {"clarity": "clear", "why": "left over"}, {})
    assert [field.key for field in shown] == ["clarity", "cost", "on", "part"]


def test_a_due_span_counts_from_its_fact_or_from_the_opening() -> None:
    due = Due(span=Span(amount=1, unit="working_days"), after="cases.notified_at")
    assert rules.due_base(due, {"cases.notified_at": "2026-03-01"}, "2026-03-02T08:00:00+00:00") == "2026-03-01"
    assert rules.due_base(due, {"cases.notified_at": "soon"}, "2026-03-02T08:00:00+00:00").startswith("2026-03-02")
    assert rules.due_base(due, {}, "2026-03-02T08:00:00+00:00").startswith("2026-03-02")
