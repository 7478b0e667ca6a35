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


S1_FACTS = {"cases.notified_at": "2026-03-01T09:00:00+00:00", "cases.due_at": "2026-03-12T09:00:00+00:00"}


def recorded_s1(**said: object) -> Story:
    story = Story(stories.shipped("s1"), dict(S1_FACTS))
    assert story.state.status == "pending"
    story.submit("record", outcome="accept", original_kept=True, **said)
    return story


def test_s1_a_request_is_handled_answered_and_counted() -> None:
    story = recorded_s1()
    assert [change.call.name for change in story.told(changes.RunEffect)] == ["cases.keep_items", "cases.to_owner"]
    assert (story.open, story.state.status) == ({"handle"}, "active")
    story.submit("handle", outcome="handled", progress="已更新")
    story.submit("complete", remark="完成", result="met")
    story.submit("release_reply", outcome="release", body="已完成", way="mail")
    story.effect("send_reply")
    assert story.open == {"count"}
    story.submit("count", bottleneck="none")
    story.effect("archive")
    assert (story.state.situation, story.state.ending, story.state.status) == ("ended", "completed", "done")


def test_s1_needs_are_surveyed_first_where_they_are_new() -> None:
    story = recorded_s1(needs_survey=True)
    assert story.open == {"survey"}
    story.submit("survey", findings="只需邮件答复")
    assert story.open == {"handle"}


def test_s1_what_holds_the_work_up_has_a_status_of_its_own_and_leads_back() -> None:
    story = recorded_s1()
    story.submit("handle", outcome="ask", progress="缺目的工厂代码")
    story.submit("ask", question="目的工厂代码？")
    assert (story.open, story.state.status) == ({"answer"}, "asking")
    story.time("answer")
    assert [change.call.name for change in story.told(changes.RunEffect)] == ["cases.remind_customer"]
    story.event("cases.clarified")
    story.submit("answered", outcome="resume")
    assert story.open == {"handle"}
    story.submit("handle", outcome="coordinate", progress="缺人", blocked_by="需两人加班")
    assert (story.open, story.state.status) == ({"coordinate"}, "coordinating")
    story.submit("coordinate", outcome="resume", measures="已安排")
    story.submit("handle", outcome="handled", progress="完成")
    story.submit("complete", remark="完成", result="partly")
    story.submit("release_reply", outcome="revise")
    assert story.open == {"handle"}


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


def assigned_s7(**facts: object) -> Story:
    known = {"cases.is_safety": False, "cases.priority": "normal", "cases.is_worked_on": True, **S1_FACTS, **facts}
    story = Story(stories.shipped("s7"), known)
    story.submit("record", outcome="accept", place="安亭", original_kept=True)
    story.submit("assign", owner="person:0202", grounds=["skill"])
    story.effect("give_out")
    return story


def solve_s7(story: Story) -> None:
    """Solved, and the wait for the next report looks again."""
    story.submit("solve", solution="已更换")
    story.facts["cases.is_worked_on"] = False
    story.move(moves.FactsChanged())


@pytest.mark.parametrize("facts", [{"cases.is_safety": True}, {"cases.priority": "top"}])
def test_s7_safety_and_the_highest_priority_are_acted_on_at_once(facts: dict[str, object]) -> None:
    story = assigned_s7(**facts)
    [picked] = story.told(changes.BranchPicked)
    assert picked.branch == "at_once"
    assert story.open == {"contain"}
    story.submit("contain", action="停用并隔离", is_contained=True)
    assert story.open == {"solve", "progress_report"}


def test_s7_progress_is_reported_again_and_again_until_it_is_solved() -> None:
    story = assigned_s7()
    assert story.open == {"solve", "progress_report"}
    for _round in range(3):
        story.submit("progress_report", outcome="sent", body="处理中", way="mail")
        assert story.open == {"solve", "next_report"}
        story.time("next_report")
        assert story.open == {"solve", "progress_report"}
    story.submit("progress_report", outcome="sent", body="处理中", way="mail")
    solve_s7(story)
    assert story.open == {"release_reply"}


def test_s7_a_report_not_yet_sent_does_not_come_back_once_it_is_solved() -> None:
    story = assigned_s7()
    solve_s7(story)
    assert story.open == {"progress_report"}
    story.submit("progress_report", outcome="with_reply")
    assert story.open == {"release_reply"}


def test_s7_who_is_not_satisfied_is_served_again_and_repetition_teaches() -> None:
    story = assigned_s7()
    story.submit("progress_report", outcome="with_reply")
    solve_s7(story)
    story.submit("release_reply", outcome="release", body="已解决", way="mail")
    story.effect("send_reply")
    assert story.state.status == "solved"
    story.event("cases.feedback_received", satisfied=False)
    assert story.open == {"assign"}, "given out again, with the reason"
    story.facts["cases.is_worked_on"] = True
    story.submit("assign", owner="person:0302", grounds=["skill"])
    story.effect("give_out")
    story.submit("progress_report", outcome="with_reply")
    solve_s7(story)
    story.submit("release_reply", outcome="release", body="已解决", way="mail")
    story.effect("send_reply")
    story.event("cases.feedback_received", satisfied=True)
    story.submit("history", is_repeated=True, needs_training=True, needs_improvement=True)
    assert story.open == {"training", "improvement"}
    story.submit("training", topic="换型")
    story.submit("improvement", what="点检表")
    story.submit("complete", remark="完成")
    story.effect("archive")
    assert (story.state.ending, story.state.status) == ("completed", "done")


def test_s7_what_is_no_problem_area_teaches_nothing() -> None:
    story = assigned_s7()
    story.submit("progress_report", outcome="with_reply")
    solve_s7(story)
    story.submit("release_reply", outcome="release", body="已解决", way="mail")
    story.effect("send_reply")
    story.event("cases.feedback_received")
    assert story.state.nodes["feedback"].outcome == "no_answer"
    story.submit("history", is_repeated=False, needs_training=False, needs_improvement=False)
    assert story.open == {"complete"}


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
