"""Runs taking a newer edition of their procedure."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.procedures import flows, stories
from tests.procedures.stories import Story
from yinuo.procedures.definition.shapes import Definition
from yinuo.procedures.engine import migrating

HEAD = """
format: 1
key: small
card: {{number: QP-9, edition: {edition}, title: {{zh: 小流程, en: Small}}}}
flow:
"""


def task(key: str, more: str = "") -> str:
    return f"  - {{task: {key}, title: {{zh: 步骤{key}, en: Step {key}}}, who: {{post: clerk}}{more}}}\n"


def edition(number: str, *blocks: str) -> Definition:
    return stories.read(HEAD.format(edition=number) + "".join(blocks))


BESIDE = """  - side_by_side: both
    branches:
      - [{task: x, title: {zh: 甲, en: X}, who: {post: clerk}}]
      - [{task: y, title: {zh: 乙, en: Y}, who: {post: clerk}}]
"""


def started(*blocks: str, done: tuple[str, ...] = ()) -> Story:
    story = Story(edition("A/0", *blocks))
    for key in done:
        story.submit(key)
    return story


def test_a_step_inserted_ahead_will_be_done() -> None:
    story = started(task("a"), task("c"))
    moved = migrating.migrate(story.definition, edition("A/1", task("a"), task("b"), task("c")), story.state, {})
    assert not moved.refusals
    assert not moved.notes
    story.definition, story.state = edition("A/1", task("a"), task("b"), task("c")), moved.state
    story.submit("a")
    assert story.open == {"b"}


def test_a_step_inserted_behind_the_front_is_passed_over_with_a_note() -> None:
    story = started(task("a"), task("c"), done=("a",))
    new = edition("A/1", task("a"), task("b"), task("c"))
    moved = migrating.migrate(story.definition, new, story.state, {})
    assert moved.refusals == ()
    assert [note.zh for note in moved.notes] == ["新步骤“步骤b”已错过，不再执行。"]
    assert moved.state.edition == "A/1"
    story.definition, story.state = new, moved.state
    assert story.open == {"c"}
    story.back("c", "b")
    assert story.open == {"b"}, "who wants the new step done returns to it"


def test_a_new_gate_is_not_passed_over() -> None:
    story = started(task("a"), task("c"), done=("a",))
    moved = migrating.migrate(
        story.definition, edition("A/1", task("a"), task("b", ", gate: true"), task("c")), story.state, {}
    )
    assert "先完成“步骤b”" in moved.refusals[0].zh
    assert moved.state == story.state


IN_CHOICE = """  - choice: pick
    title: {{zh: 是否须批准, en: Approval}}
    table: {{rows: [{{when: [[cases.cost, ">", 9]], then: yes}}], otherwise: skip}}
    branches: {{yes: [{gate}]}}
"""
IN_LOOP = """  - for_each: loop
    title: {{zh: 每项, en: each}}
    name: one
    list: {{fact: cases.list}}
    flow: [{gate}]
"""
GATE = "{task: b, title: {zh: 步骤b, en: Step b}, who: {post: clerk}, gate: true}"


@pytest.mark.parametrize(
    ("block", "facts", "is_refused"),
    [
        (IN_CHOICE, {"cases.cost": 10}, True),
        (IN_CHOICE, {"cases.cost": 1}, False),
        (IN_LOOP, {"cases.list": ["A1"]}, True),
        (IN_LOOP, {"cases.list": []}, False),
    ],
)
def test_a_gate_in_a_branch_that_would_be_taken_is_not_passed_over(
    block: str, facts: dict[str, Any], is_refused: bool
) -> None:
    story = started(task("a"), task("c"), done=("a",))
    new = edition("A/1", task("a"), block.format(gate=GATE), task("c"))
    moved = migrating.migrate(story.definition, new, story.state, facts)
    assert [refusal.zh.partition("，")[0] for refusal in moved.refusals] == ["新版要求先完成“步骤b”"] * is_refused
    assert any("已错过" in note.zh for note in moved.notes)


def test_an_open_step_that_is_gone_refuses() -> None:
    story = started(task("a"), task("b"), done=("a",))
    new = edition("A/1", task("a"), task("bb"))
    assert "没有“步骤b”" in migrating.migrate(story.definition, new, story.state, {}).refusals[0].zh


def test_a_done_step_that_is_gone_stays_as_history() -> None:
    story = started(task("a"), task("b"), done=("a",))
    new = edition("A/1", task("b"))
    moved = migrating.migrate(story.definition, new, story.state, {})
    assert not moved.refusals
    assert "作为历史保留" in moved.notes[0].zh
    assert moved.state.items["a#1"].void
    story.definition, story.state = new, moved.state
    story.submit("b")
    assert story.state.ending == "completed"


def test_order_turned_round_under_an_open_step_is_refused() -> None:
    story = started(task("a"), task("b"), done=("a",))
    moved = migrating.migrate(story.definition, edition("A/1", task("b"), task("a")), story.state, {})
    assert "尚未完成" in moved.refusals[0].zh


def test_a_new_branch_opens_when_its_siblings_are_open_and_not_when_all_is_past() -> None:
    wider = BESIDE + "      - [{task: z, title: {zh: 丙, en: Z}, who: {post: clerk}}]\n"
    story = started(BESIDE, task("end"))
    moved = migrating.migrate(story.definition, edition("A/1", wider, task("end")), story.state, {})
    assert {item.step for item in moved.state.open_items()} == {"x", "y", "z"}
    for key in ("x", "y"):
        story.submit(key)
    late = migrating.migrate(story.definition, edition("A/1", wider, task("end")), story.state, {})
    assert {item.step for item in late.state.open_items()} == {"end"}
    assert late.state.nodes["z"].skipped


def test_another_kind_of_step_or_an_ended_run_is_refused() -> None:
    story = started(task("a"))
    timer = "  - {timer: a, title: {zh: 步骤a, en: Step a}, lasts: {working_days: 1}}\n"
    assert "另一类步骤" in migrating.migrate(story.definition, edition("A/1", timer), story.state, {}).refusals[0].zh
    story.submit("a")
    refusals = migrating.migrate(story.definition, edition("A/1", task("a")), story.state, {}).refusals
    assert "已结束" in refusals[0].zh


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(flows.definitions(), flows.definitions(), flows.MOODS, st.data())
def test_whatever_the_new_edition_a_run_that_takes_it_can_end(
    old: Definition, new: Definition, moods: list[dict[str, Any]], data: st.DataObject
) -> None:
    facts = moods[0]
    state, _ = flows.walked(old, moods, data.draw, most=8)
    moved = migrating.migrate(old, new, state, facts)
    if moved.refusals:
        assert moved.state == state
    elif state.situation != "new":
        assert flows.finished(new, moved.state, facts).situation == "ended"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(flows.definitions(), flows.FACTS, st.data())
def test_an_edition_that_changes_nothing_changes_nothing(
    same: Definition, facts: dict[str, Any], data: st.DataObject
) -> None:
    state, _ = flows.walked(same, [facts], data.draw, most=12)
    if state.situation in ("running", "held"):
        moved = migrating.migrate(same, same, state, facts)
        assert moved.refusals == ()
        assert moved.notes == ()
        assert moved.state == state
