"""Pure decisions of a case."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinuo.cases import definition, rules
from yinuo.cases.definition import Oral, Priority, Verdict

TABLE, FAULTS = rules.table_of(definition.PRIORITIES)


# Numbers -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("CSR-{year}-{n:04}", ""),
        ("{yy}{month}{n:03}", ""),
        ("{n}", ""),
        ("CSR-{year}", "running"),
        ("{month}-{n}", "year"),
        ("{what}-{n}", "fields"),
        ("{n:04", "fields"),
        ("{n.real}", "fields"),
        ("{n[0]}", "fields"),
        ("{n!r}", "fields"),
        ("CSR/{n}", "fields"),
        ("CSR {n}", "fields"),
        ("", "running"),
        ("x" * 40 + "{n}", "long"),
        ("{n:>9999}", "fields"),
        ("{year:04}-{n}", "fields"),
        ("要求{yy}-{n:03}", ""),
    ],
)
def test_a_pattern_can_be_used_or_says_what_is_wrong(pattern: str, fault: str) -> None:
    assert rules.pattern_fault(pattern) == fault


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_two_numbers_of_one_period_are_two(one: int, other: int, on: date) -> None:
    numbers = {rules.number_of(definition.NUMBER_PATTERN, n, on) for n in (one, other)}
    assert len(numbers) == len({one, other})


@pytest.mark.parametrize(
    ("pattern", "period"),
    [("C-{year}-{n}", "2026"), ("C{yy}-{n}", "2026"), ("C{year}{month}{n}", "2026-03"), ("{n}", "")],
)
def test_the_running_number_counts_within_what_the_pattern_shows(pattern: str, period: str) -> None:
    assert rules.period_of(pattern, date(2026, 3, 2)) == period


# Priority ------------------------------------------------------------------------------------------------------------


def test_the_shipped_table_is_lawful() -> None:
    assert FAULTS == []


@pytest.mark.parametrize(
    ("facts", "priority"),
    [
        ({"cases.is_safety": True}, Priority.TOP),
        ({"cases.stops_line": True}, Priority.TOP),
        ({"cases.days_left": 3}, Priority.URGENT),
        ({"cases.channel": "complaint"}, Priority.URGENT),
        ({"cases.kinds": ["technical", "regulatory"]}, Priority.URGENT),
        ({"cases.days_left": 31}, Priority.LOW),
        ({"cases.days_left": 31, "cases.channel": "audit"}, Priority.URGENT),
        ({}, Priority.NORMAL),
    ],
)
def test_priority_follows_the_table_and_says_why(facts: dict, priority: Priority) -> None:
    urgency = rules.priority_of(TABLE, facts)
    assert urgency.priority == priority
    assert urgency.why.zh
    assert urgency.why.en


@given(st.sampled_from(["low", "normal", "urgent"]), st.booleans(), st.integers(-9, 99))
def test_no_table_lowers_health_and_safety(outcome: str, stops: bool, days: int) -> None:
    table, faults = rules.table_of({"rows": [{"when": [], "then": outcome}], "otherwise": outcome})
    assert faults == []
    facts = {"cases.is_safety": True, "cases.stops_line": stops, "cases.days_left": days}
    assert rules.priority_of(table, facts).priority == Priority.TOP


@pytest.mark.parametrize(
    "plain",
    [
        None,
        [],
        {"rows": []},
        {"rows": [{"when": [["x"]], "then": "top"}]},
        {"rows": [{"when": [], "then": "asap"}]},
        {"rows": [{"when": [], "then": "top"}], "otherwise": "never"},
    ],
)
def test_a_broken_table_says_so(plain: object) -> None:
    _table, faults = rules.table_of(plain)
    assert faults


# Items ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("盐雾 720 h\n\n每季度报告", ["盐雾 720 h", "每季度报告"]),
        ("1. 盐雾 720 h\n   试验后无红锈\n2. 每季度报告", ["盐雾 720 h\n试验后无红锈", "每季度报告"]),
        ("要求如下：\n（一）盐雾\n（二）报告", ["盐雾", "报告"]),
        ("①盐雾②报告", ["盐雾②报告"]),
        ("- 盐雾\n- 报告", ["盐雾", "报告"]),
        ("1.33 提高到 1.67", ["1.33 提高到 1.67"]),
        ("", []),
    ],
)
def test_a_pasted_text_falls_into_items(text: str, items: list[str]) -> None:
    assert rules.split(text) == items


@given(st.text())
def test_splitting_never_fails_and_leaves_no_empty_item(text: str) -> None:
    assert all(item.strip() for item in rules.split(text))


@pytest.mark.parametrize(
    ("states", "oral"),
    [
        ([], Oral.WRITTEN),
        ([Oral.WRITTEN, Oral.CONFIRMED], Oral.CONFIRMED),
        ([Oral.CONFIRMED, Oral.WAITING], Oral.WAITING),
        ([Oral.REFUSED, Oral.CONFIRMED], Oral.REFUSED),
    ],
)
def test_a_case_stands_in_writing_as_its_weakest_item(states: list[str], oral: Oral) -> None:
    assert rules.oral_of(states) == oral


@given(st.lists(st.sampled_from([*Verdict, ""]), max_size=6))
def test_the_summary_is_the_worst_verdict_once_all_are_given(verdicts: list[str]) -> None:
    found = rules.summary_of(verdicts)
    assert (found == "") == (not verdicts or "" in verdicts)
    if found:
        assert found in verdicts
        assert (found == Verdict.CANNOT) == (Verdict.CANNOT in verdicts)


def test_an_amendment_reopens_what_was_done_in_working_order() -> None:
    assert rules.reopened_by(rules.Progress()) == ()
    assert rules.reopened_by(rules.Progress(analysed=True, verified=True, judged=True)) == (
        "analysed",
        "judged",
        "verified",
    )


# Feedback, time ------------------------------------------------------------------------------------------------------

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "revoked", "answered", "state"),
    [
        (1, False, False, "open"),
        (0, False, False, "expired"),
        (1, True, False, "revoked"),
        (1, True, True, "answered"),
        (-1, False, True, "answered"),
    ],
)
def test_how_a_feedback_link_stands(days: int, revoked: bool, answered: bool, state: str) -> None:
    expires_at = NOW + timedelta(days=days)
    assert rules.link_state(expires_at=expires_at, revoked=revoked, answered=answered, now=NOW) == state


@given(st.integers(0, 10**9), st.integers(0, 10**6))
def test_time_on_hold_only_grows(before: int, seconds: int) -> None:
    assert rules.held_seconds(NOW - timedelta(seconds=seconds), before, NOW) == before + seconds
    assert rules.held_seconds(None, before, NOW) == before
