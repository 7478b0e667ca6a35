"""A procedure tried out with invented facts: who, when, which way and why."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.procedures import stories
from tests.procedures.test_editing import DEFINITIONS
from yinuo.procedures.definition.shapes import Definition, Step
from yinuo.procedures.engine import questioning, trying

START = datetime(2026, 3, 2, tzinfo=UTC)
S5 = DEFINITIONS["s5"]


def due_of(step: Step, at: datetime, seen: Mapping[str, Any]) -> datetime | None:
    """Every day is a working day here."""
    return at + timedelta(days=step.due.span.amount) if step.due else None


def tried(definition: Definition, **answers: Any) -> trying.Trial:
    named = {name.replace("__", "."): value for name, value in answers.items()}
    return trying.tried(definition, named, {}, start=START, due_of=due_of)


def row(trial: trying.Trial, key: str) -> trying.Tried:
    return next(each for each in trial.rows if each.key == key)


@pytest.mark.parametrize("name", sorted(DEFINITIONS))
def test_every_procedure_comes_to_its_end_without_anything_invented(name: str) -> None:
    trial = tried(DEFINITIONS[name])
    assert trial.ending == "completed"
    assert [each.opened_at for each in trial.rows] == sorted(each.opened_at for each in trial.rows)


def test_a_step_opens_when_the_one_before_is_due() -> None:
    trial = tried(S5)
    acknowledge, analyse = row(trial, "acknowledge"), row(trial, "analyse")
    assert acknowledge.due_at == acknowledge.opened_at + timedelta(days=1)
    assert analyse.opened_at == acknowledge.due_at


def test_invented_facts_choose_the_branch_and_the_reason_is_told() -> None:
    assert row(tried(S5), "needs_approval").result.zh == "跳过"
    choice = row(tried(S5, plan__cost=60000), "needs_approval")
    assert choice.result.zh == "须批准"
    assert "不小于50000" in choice.why.zh


def test_departments_asked_are_those_invented() -> None:
    trial = tried(S5, analyse__departments=["department:quality", "department:finance"])
    wanted = [each.wanted[0].party for each in trial.rows if each.key == "departments"]
    assert wanted == ["department:finance", "department:quality"] or wanted == [
        "department:quality", "department:finance",
    ]  # fmt: skip


def test_lists_have_as_many_elements_as_asked_for() -> None:
    trial = tried(S5, cases__plan_actions=3, action__owner="person:0102")
    done = [each for each in trial.rows if each.key == "implement"]
    assert len(done) == 3
    assert {each.wanted[0].party for each in done} == {"person:0102"}


def test_sending_back_happens_once() -> None:
    trial = tried(S5, release_reply__outcome="revise")
    assert [each.attempt for each in trial.rows if each.key == "draft_reply"] == [1, 2]
    assert trial.ending == "completed"


def test_an_ending_outcome_ends_it() -> None:
    trial = tried(S5, register__outcome="decline")
    assert trial.ending == "terminated"
    assert [each.key for each in trial.rows] == ["register"]


def test_what_goes_round_in_circles_is_broken_off() -> None:
    circle = stories.read(
        """
format: 1
key: circle
card: {number: Q, edition: A/0, title: {zh: 圈, en: Circle}}
flow:
  - task: again
    title: {zh: 再来, en: Again}
    who: {post: a}
  - wait: over
    title: {zh: 等待, en: Wait}
    until:
      rows: [{when: [[x.y, empty]], then: back}]
      otherwise: fine
    outcomes:
      - {key: back, label: {zh: 退回, en: Back}, back: again}
      - {key: fine, label: {zh: 好, en: Fine}}
"""
    )
    trial = tried(circle)
    assert trial.ending == ""
    assert len(trial.rows) > trying.LONGEST


def test_questions_are_what_the_definition_asks() -> None:
    asked = {each.name: each.kind for each in questioning.questions_of(S5)}
    assert asked["cases.is_safety"] == "yesno"
    assert asked["plan.cost"] == "number"
    assert asked["cases.plan_actions"] == "count"
    assert asked["action.owner"] == "party"
    assert asked["analyse.clarity"] == "choice"
    assert asked["cases.oral_state"] == "choice"
    assert asked["approve.outcome"] == "choice"
