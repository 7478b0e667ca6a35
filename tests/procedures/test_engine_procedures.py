"""The procedures S1, S2, S4, S7 and S8, as data, driven from end to end."""

from __future__ import annotations

import pytest
import yaml

from tests.procedures import stories
from tests.procedures.stories import Story
from yinuo.procedures.definition import reading
from yinuo.procedures.engine import changes, moves, running

DEPARTMENTS = ["department:quality", "department:engineering"]


def is_done(story: Story, step: str) -> bool:
    """Whether a step outside for-eachs has been done and nothing has opened it again."""
    node = story.state.nodes.get(step)
    return node is not None and node.done and not node.skipped


def test_s1_a_request_is_numbered_handled_and_counted() -> None:
    story = Story(stories.shipped("s1"), {"cases.due_at": "2026-03-02T09:00:00+00:00"})
    assert story.state.status == "pending"
    story.submit("record", customer="c1", description="720 h", asked_on="2026-03-01")
    assert [change.call.name for change in story.told(changes.EffectStarted)] == ["cases.give_number"]
    story.effect("number", number="CSR-2026-0001")
    assert story.open == {"handle"}
    assert story.state.status == "active"
    story.submit("handle")
    story.submit("complete", remark="完成", result="met")
    [started] = story.told(changes.EffectStarted)
    assert started.call.params == {"figures": ["count", "handling_time", "result"]}
    story.effect("report")
    assert (story.state.situation, story.state.ending, story.state.status) == ("ended", "completed", "done")


def review_s2(story: Story, verdict: str = "can") -> None:
    for party in ("engineering_institute", "quality", "purchasing", "manufacturing"):
        story.opine("review", f"department:{party}", verdict, "原因" if verdict == "cannot" else "")


def test_s2_reviews_before_the_contract_and_makes_before_it_ships() -> None:
    story = Story(stories.shipped("s2"))
    story.submit("receive", vehicle="V1", quantity=20, wanted="右舵")
    assert not is_done(story, "review")
    review_s2(story)
    assert is_done(story, "review")
    assert story.open == {"contract"}
    story.submit("contract")
    assert story.open == {"develop", "plan_production", "parts"}
    for step in ("develop", "notice", "plan_production", "parts", "verify_parts", "store_parts"):
        story.submit(step)
    assert story.open == {"confirm_notice"}, "the join waits for the notice to be confirmed"
    story.submit("confirm_notice")
    assert story.open == {"manufacture", "control", "monitor"}
    for step in ("monitor", "control", "manufacture"):
        assert "ship" not in story.open
        story.submit(step)
    assert story.open == {"outside_inspection"}
    assert story.state.status == "shipping"
    story.submit("outside_inspection")
    story.submit("inspection", outcome="again")
    story.submit("outside_inspection")
    story.submit("inspection", outcome="confirmed", certificate="SJ-2", body="CCIC")
    story.submit("ship")
    assert story.state.ending == "completed"


def test_s2_what_cannot_be_met_is_declined_or_reviewed_again() -> None:
    story = Story(stories.shipped("s2"))
    story.submit("receive")
    review_s2(story, "cannot")
    assert story.open == {"decline"}
    story.submit("decline", outcome="change")
    assert story.open == {"receive"}
    story.submit("receive")
    review_s2(story, "cannot")
    story.submit("decline", outcome="decline")
    assert (story.state.ending, story.state.status) == ("terminated", "refused")


def test_s2_a_company_turns_the_order_round_in_its_data() -> None:
    plain = yaml.safe_load((stories.HERE / "s2.yaml").read_text("utf-8"))
    flow = plain["flow"]
    at = next(n for n, block in enumerate(flow) if block.get("task") == "contract")
    flow.insert(1, flow.pop(at))
    turned = reading.read_plain(plain).definition
    assert turned is not None
    story = Story(turned)
    story.submit("receive")
    assert story.open == {"contract"}
    story.submit("contract")
    assert {item.step for item in story.state.open_items()} == {"review"}


def test_s4_nothing_is_signed_before_the_review() -> None:
    facts = {"sources.agreement": True, "cases.departments_concerned": DEPARTMENTS}
    story = Story(stories.shipped("s4"), facts)
    story.submit("receive")
    assert {item.party for item in story.state.open_items()} == set(DEPARTMENTS)
    assert "sign_agreement" not in story.open
    assert not is_done(story, "review_agreement")
    story.opine("review_agreement", "department:quality", "conditional", "抽检")
    assert "sign_agreement" not in story.open
    story.opine("review_agreement", "department:engineering")
    assert story.state.nodes["review_agreement"].verdict == "conditional"
    story.submit("sign_agreement", outcome="review_again")
    assert not is_done(story, "review_agreement"), "a return closes the gate"
    story.opine("review_agreement", "department:quality")
    story.opine("review_agreement", "department:engineering")
    story.submit("sign_agreement", outcome="signed")
    [opened] = story.told(changes.ItemOpened)
    who = story.definition.flow.blocks[2].who  # type: ignore[union-attr]
    assert who is not None
    assert (opened.item.step, opened.item.party) == ("team_review", "")
    assert who.party == "finder:projects.responsible_department", "the caller asks the project who that is"
    story.submit("team_review", ways=["flow_chart"])
    story.submit("list")
    assert story.open == {"execute@department:quality", "execute@department:engineering"}
    assert story.item("execute", ("department:quality",)).party == "department:quality"
    story.submit("execute", "department:quality")
    story.submit("inspect", "department:quality", outcome="bad")
    assert story.open == {"execute@department:quality", "execute@department:engineering"}
    for key in DEPARTMENTS:
        story.submit("execute", key)
        story.submit("inspect", key, outcome="good")
    assert story.state.ending == "completed"


def test_s4_without_an_agreement_the_gate_is_led_around() -> None:
    story = Story(stories.shipped("s4"), {"sources.agreement": False, "cases.departments_concerned": []})
    story.submit("receive")
    assert story.open == {"team_review"}
    assert not is_done(story, "review_agreement")
    story.submit("team_review")
    story.submit("list")
    assert story.state.ending == "completed", "no department concerned, nothing to execute"


def test_s7_safety_goes_first_and_repeats_teach() -> None:
    story = Story(stories.shipped("s7"), {"cases.repeats": 3})
    story.submit("record", nature="safety")
    [picked] = story.told(changes.BranchPicked)
    assert (picked.branch, picked.row) == ("at_once", 0)
    [started] = story.told(changes.EffectStarted)
    assert started.call.params == {"ahead": True}
    story.effect("assign_now", person="E017")
    story.submit("solve_now")
    story.event("cases.feedback_received", satisfied=False)
    assert story.open == {"record"}, "not satisfied: from the beginning"
    story.submit("record", nature="technical")
    assert story.open == {"assign_now"}, "it keeps coming back"
    story.effect("assign_now")
    story.submit("solve_now")
    story.event("cases.feedback_received", satisfied=True)
    assert story.open == {"training", "process"}
    story.submit("training")
    story.submit("process")
    assert story.state.ending == "completed"


def test_s7_in_turn_with_a_progress_report_and_no_answer() -> None:
    story = Story(stories.shipped("s7"), {"cases.repeats": 1})
    story.submit("record", nature="service")
    story.effect("assign")
    assert story.open == {"solve", "first_report_due"}
    story.time("first_report_due")
    story.move(moves.EffectFailed(item=story.item("progress_report").id, reason="no mail server"))
    assert story.told(changes.EffectStuck)
    story.move(moves.Retry(item=story.item("progress_report").id))
    story.effect("progress_report")
    story.submit("solve")
    story.time("feedback")
    assert story.state.nodes["feedback"].outcome == "timed_out"
    assert story.state.ending == "completed"


def test_s8_item_by_item_until_agreed_released_and_taught() -> None:
    facts = {"cases.departments_concerned": DEPARTMENTS, "reviews.problems": [{"key": "P1"}, {"key": "P2"}]}
    story = Story(stories.shipped("s8"), facts)
    story.submit("collect")
    assert [item.party for item in story.state.open_items()] == ["department:quality"], "one after the other"
    story.opine("review", "department:quality")
    story.opine("review", "department:engineering", "conditional", "新设备")
    assert [change.call.name for change in story.told(changes.RunEffect)] == ["reviews.collect_problems"]
    for key in ("P1", "P2"):
        story.submit("negotiate", key)
    story.event("reviews.answered", "agreed", "P1", agreed=True)
    assert story.open == {"agreed@P2"}
    story.time("agreed", "P2")
    assert story.open == {"negotiate@P2"}, "overdue: negotiated again, P1 stays agreed"
    story.submit("negotiate", "P2")
    story.event("reviews.answered", "agreed", "P2", agreed=True)
    story.submit("compile")
    story.submit("approve", outcome="revise")
    story.submit("compile")
    story.submit("approve", outcome="agree")
    story.submit("recall")
    assert story.open == {"release"}
    story.submit("release")
    story.submit("train", "department:quality", outside=True)
    story.submit("train", "department:engineering", outside=False)
    story.submit("train", "department:production", outside=False)
    assert story.open == {"request_training@department:quality"}
    story.submit("request_training", "department:quality")
    assert story.state.ending == "completed"


@pytest.mark.parametrize("name", ["s1", "s2", "s4", "s7", "s8"])
def test_a_run_can_be_terminated_at_its_first_step_and_reopened_there(name: str) -> None:
    story = Story(stories.shipped(name))
    first = next(iter(story.open))
    story.move(moves.Terminate(reason="客户取消"))
    assert story.state.ending == "terminated"
    assert not story.state.open_items()
    with pytest.raises(running.CannotMove):
        story.move(moves.FactsChanged())
    story.move(moves.Reopen(to=first, reason="客户恢复"))
    assert story.open == {first}
