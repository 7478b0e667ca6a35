"""The procedures shipped: free of mistakes, complete in both languages, and alive from end to end."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.procedures import stories
from tests.procedures.stories import Story
from yinuo.procedures import definition, rules
from yinuo.procedures.definition import mistakes, reading, walking
from yinuo.procedures.definition.shapes import Definition, Effect, Step
from yinuo.procedures.engine import changes, moves, outline

LIBRARY = Path(definition.__file__).parent.parent / "library"
README = LIBRARY.parent / "README.md"
SOURCES = sorted(LIBRARY.glob("*.yaml"))
FACTS = {
    "cases.is_safety": False,
    "cases.infeasible_count": 0,
    "cases.infeasible_items": [],
    "cases.plan_actions": [{"key": "A1", "owner": "person:0202", "due_on": "2026-03-20"}, {"key": "A2"}],
    "cases.oral_state": "not_needed",
}


@pytest.fixture(scope="module")
def s5() -> Definition:
    return stories.read((LIBRARY / "s5.yaml").read_text("utf-8"), "s5")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_it_reads_and_every_plug_stands_in_the_readme(path: Path) -> None:
    listed = frozenset(re.findall(r"`([a-z_]+(?:\.[a-z_]+)*)`", README.read_text("utf-8").partition("## Plugs")[2]))
    events = dict.fromkeys(listed, frozenset({"satisfied"}))
    known = mistakes.Known(effects=listed, facts=listed, finders=listed, events=events, field_kinds=listed)
    read = reading.read_yaml(path.read_bytes(), file=path.name, known=known)
    assert [fault.say("en") for fault in read.faults] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_step_says_what_to_do_and_who_and_by_when(path: Path) -> None:
    for step in walking.steps(stories.read(path.read_text("utf-8"), path.stem)):
        assert step.instruction, step.key
        if step.kind != "effect":
            assert step.who, step.key
            assert step.duty, step.key
        if step.kind in ("task", "opinions", "decision"):
            assert step.due, step.key


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_form_is_used_and_has_a_number_of_its_own(path: Path) -> None:
    definition = stories.shipped(path.stem)
    used = {step.form for step in walking.steps(definition) if step.form}
    assert used == {form.key for form in definition.forms}
    assert len({form.number for form in definition.forms}) == len(definition.forms)


@pytest.mark.parametrize("name", ["s1", "s5", "s7"])
def test_the_card_of_a_case_s_procedure_is_complete(name: str) -> None:
    """What S2 and S4 ask of a controlled procedure stands in each, and whoever is late is reminded and escalated."""
    shipped = stories.shipped(name)
    card = shipped.card
    parts = (
        card.purpose, card.scope, card.terms, card.references, card.duties, card.resources, card.inputs, card.outputs,
        card.kpis,
    )  # fmt: skip
    assert all(parts)
    assert shipped.subject == "cases.case"
    assert shipped.reopens.amended
    assert shipped.reopens.unsatisfied
    assert {status.stage for status in shipped.statuses} == {"pending", "active", "done"}
    timed = [step for step in walking.steps(shipped) if step.kind in ("task", "decision") and step.phase]
    assert all(step.remind and step.escalate for step in timed if step.kind == "task"), "reminded at set times"


def registered(s5: Definition, **facts: object) -> Story:
    story = Story(s5, {**FACTS, **facts})
    story.submit("register", outcome="accept", original_kept=True)
    story.submit("acknowledge", way="mail")
    return story


def planned(s5: Definition, **facts: object) -> Story:
    story = registered(s5, **facts)
    story.submit("analyse", clarity="clear", departments=["department:engineering", "department:quality"])
    for party in ("department:engineering", "department:quality"):
        story.opine("departments", party)
    story.submit("plan", cost=1000)
    story.effect("issue_plan")
    return story


def test_s5_from_receipt_to_archive(s5: Definition) -> None:
    story = planned(s5)
    assert story.open == {"implement@A1", "implement@A2"}
    assert story.item("implement", ("A1",)).party == "person:0202"
    assert story.item("implement", ("A2",)).party == "", "no owner named: the caller takes the fallback"
    for key in ("A1", "A2"):
        story.submit("implement", key)
    assert story.state.status == "verifying"
    story.submit("verify", "A1", outcome="failed")
    assert story.open == {"implement@A1", "verify@A2"}
    story.submit("implement", "A1")
    for key in ("A1", "A2"):
        story.submit("verify", key, outcome="passed")
    story.submit("draft_reply")
    story.submit("release_reply", outcome="revise")
    story.submit("draft_reply")
    story.submit("release_reply", outcome="release")
    story.effect("send_reply")
    assert [change.call.name for change in story.told(changes.RunEffect)] == ["cases.ask_feedback"]
    assert story.state.status == "customer"
    story.event("cases.feedback_received", satisfied=True)
    assert story.state.status == "active", "one task is still open"
    story.submit("complete", remark="完成", has_lesson=False)
    assert story.state.status == "completed"
    story.effect("archive")
    assert (story.state.ending, story.state.status) == ("completed", "archived")
    marks = {mark.key: mark.mark for mark in outline.strip_of(s5, story.state)}
    assert set(marks.values()) == {"done"}


def test_s5_an_unclear_request_goes_round_until_it_is_clear(s5: Definition) -> None:
    story = registered(s5)
    story.submit("analyse", clarity="ambiguous", unclear="720 h 中性还是酸性？")
    story.submit("clarify", question="盐雾类型？")
    assert story.state.status == "customer"
    story.time("clarification")
    assert [change.call.name for change in story.told(changes.RunEffect)] == ["cases.remind_customer"]
    assert story.open == {"clarification"}, "a reminder does not end the wait"
    story.event("cases.clarified")
    story.submit("clarified", outcome="still_unclear")
    story.submit("clarify")
    story.event("cases.clarified")
    story.submit("clarified", outcome="changed", wording="NSS 720 h")
    assert story.open == {"analyse"}
    story.submit("analyse", clarity="clear")
    assert {item.step for item in story.state.open_items()} == {"departments"}


def test_s5_one_item_cannot_be_met(s5: Definition) -> None:
    items = [{"key": "I2", "owner": "person:0202"}]
    story = planned(s5, **{"cases.infeasible_items": items, "cases.infeasible_count": 1})
    assert story.open == {"explain@I2"}
    story.submit("explain", "I2", reason="模具", alternative="480 h")
    story.submit("release_alternative", "I2", outcome="release")
    story.effect("send_alternative", "I2")
    assert story.open == {"customer_decision@I2"}
    story.facts["cases.infeasible_items"] = [{"key": "I2", "owner": "person:0202", "answer": "rejected"}]
    story.move(moves.FactsChanged())
    assert story.open == {"explain@I2"}
    story.facts["cases.infeasible_items"] = items
    story.submit("explain", "I2")
    story.submit("release_alternative", "I2", outcome="release")
    story.effect("send_alternative", "I2")
    story.facts["cases.infeasible_items"] = [{"key": "I2", "answer": "accepted"}]
    story.move(moves.FactsChanged())
    assert story.open == {"approve"}, "what cannot be met is approved by the general manager"
    story.submit("approve", outcome="revise")
    assert story.open == {"plan"}


@pytest.mark.parametrize(
    ("facts", "cost", "row"),
    [({"cases.is_safety": True}, 0, 0), ({}, 50000, 2), ({}, 49999, -1), ({"cases.infeasible_count": 1}, 0, 1)],
)
def test_s5_who_must_approve(s5: Definition, facts: dict[str, object], cost: int, row: int) -> None:
    choice = walking.plan_of(s5).places["needs_approval"].block
    verdict = rules.decide(choice.table, {**FACTS, **facts, "plan.cost": cost}, rules.fact_words(s5))  # type: ignore[union-attr]
    assert verdict.row == row
    assert verdict.outcome == ("skip" if row < 0 else "approval")
    assert verdict.why.zh
    assert verdict.why.en


def test_s5_spoken_words_wait_for_writing_before_approval(s5: Definition) -> None:
    story = planned(s5, **{"cases.oral_state": "waiting"})
    assert story.open == {"written"}
    story.move(moves.FactsChanged())
    assert story.open == {"written"}
    story.facts["cases.oral_state"] = "refused"
    story.move(moves.FactsChanged())
    assert story.open == {"implement@A1", "implement@A2"}


def test_s5_a_dissatisfied_customer_leads_to_improvement(s5: Definition) -> None:
    story = planned(s5)
    for key in ("A1", "A2"):
        story.submit("implement", key)
        story.submit("verify", key, outcome="passed")
    story.submit("draft_reply")
    story.submit("release_reply", outcome="release")
    story.effect("send_reply")
    story.event("cases.feedback_received", satisfied=False)
    assert story.open == {"plan"}
    assert outline.marks_of(s5, story.state)["verify"] == "returned"
    signed = [item for item in story.state.items.values() if item.step == "verify"]
    assert len(signed) == 2
    assert all(item.void and item.outcome == "passed" for item in signed), "signatures stay as history"
    story.facts["cases.plan_actions"] = [{"key": "A3"}]
    story.submit("plan")
    story.effect("issue_plan")
    assert story.open == {"implement@A3"}


def test_a_run_says_why_it_went_that_way(s5: Definition) -> None:
    turns = {turn.choice.zh: (turn.way.zh, turn.why.zh) for turn in outline.turns_of(s5, planned(s5).state)}
    assert turns["要求是否清楚？"] == ("跳过", "以上各行均不成立")
    assert turns["是否须总经理批准？"] == ("跳过", "以上各行均不成立")
    costly = planned(s5, **{"cases.is_safety": True})
    [why] = [turn.why.zh for turn in outline.turns_of(s5, costly.state) if turn.way.zh == "须批准"]
    assert why == "涉及健康、安全的一律批准（涉及健康、安全为是）"


def test_s5_declined_at_the_door(s5: Definition) -> None:
    story = Story(s5, FACTS)
    story.submit("register", outcome="decline")
    assert (story.state.ending, story.state.status) == ("terminated", "terminated")


def test_names_used_by_s5_are_dotted_by_their_room(s5: Definition) -> None:
    for step in walking.steps(s5):
        calls = [*step.on_open, *step.on_done]
        if isinstance(step.work, Effect):
            calls.append(step.work.call)
        assert all(call.name.startswith("cases.") for call in calls), step.key
        assert isinstance(step, Step)
