"""Procedure S7 lived through by its people: graded, given out, progress told, solved, heard, learned from."""

from datetime import timedelta
from typing import Any

import pytest

from tests import cast
from tests.cases import story as stories
from tests.cases.story import Story
from yinuo.cases import access, models
from yinuo.cases.actions import closing, progress
from yinuo.customers import models as customers
from yinuo.kit import actors
from yinuo.letters import access as letters_access
from yinuo.letters import models as letters
from yinuo.notify import models as notify
from yinuo.procedures import models as procedures
from yinuo.procedures.actions import clock


def opened(company: cast.Company, of: customers.Customer, **said: Any) -> Story:
    """A request as 李娜 took it at the customer's, owned by herself until it is given out."""
    items = stories.items("安亭现场的检具须重新校准。")
    said = {"title": "现场检具校准", "items": items, "procedure": "s7", "owner": company.lina, **said}
    return Story(company, stories.open_case(company, of, **said))


@pytest.fixture
def story(working: cast.Company, svw: customers.Customer) -> Story:
    return opened(working, svw)


def record(story: Story, **said: Any) -> None:
    lines = [{"item": each.pk, "kind": each.kind, "applies": each.applies} for each in story.case.items.all()]
    data = {
        "items": lines, "asked_at": stories.NOW.isoformat(), "place": "安亭工厂总装车间", "original_kept": False,
        "no_original": "现场口述", **said,
    }  # fmt: skip
    story.submit("lina", "record", outcome="accept", data=data)


def give(story: Story, to: str = "wang") -> None:
    party = f"person:{story.company.people[to].employee_number}"
    data = {"owner": party, "grounds": ["skill", "load"], "reason": "熟悉该检具，本周负荷较低"}
    story.submit("zhao", "assign", data=data)


def report(story: Story, text: str = "王强负责，周五前完成。") -> None:
    story.submit("lina", "progress_report", outcome="sent", data={"body": text, "way": "mail"})


def solve(story: Story, who: str = "wang") -> None:
    story.submit(who, "solve", data={"solution": "已到现场校准", "solved_on": "2026-03-03"})


def reply_and_hear(story: Story, *, satisfied: bool) -> None:
    story.submit("lina", "release_reply", outcome="release", data={"body": "已校准并贴标。", "way": "mail"})
    assert story.refreshed().state_words == "已解决，待反馈"
    closing.record_feedback(
        case=story.case, way="phone", speaker="沈工", said_at=story.now, is_satisfied=satisfied, words="校准标签脱落",
        no_proof="电话未录音", by=story.person("lina"), now=story.tick(),
    )  # fmt: skip
    story.refreshed()


def next_report_falls_due(story: Story) -> None:
    task = story.task("next_report")
    assert task.due_at is not None
    story.now = task.due_at + timedelta(minutes=1)
    clock.wake(task_id=task.pk, by=actors.PROGRAM, now=story.now)


def test_from_the_record_to_training_and_a_better_process(story: Story) -> None:
    case = story.case
    assert case.badge == ("pending", "待处理")
    record(story)
    give(story)
    assert (story.case.owner, story.case.state_words) == (story.company.wang, "正在处理")
    assert notify.Message.objects.filter(person=story.company.wang, kind="case_given").exists()
    assert story.steps() == ["progress_report", "solve"]
    assert story.task("solve").holder == story.company.wang

    # The customer hears at once and every two working days, until it is solved.
    report(story)
    assert story.steps() == ["next_report", "solve"]
    next_report_falls_due(story)
    assert story.steps() == ["progress_report", "solve"]
    report(story, "已约周五到现场。")
    solve(story)
    assert story.steps() == ["release_reply"], "nothing more to report"
    thread = letters.Thread.objects.get(subject_id=case.pk, purpose="notice")
    assert [each.text for each in thread.letters.order_by("pk")] == ["王强负责，周五前完成。", "已约周五到现场。"]
    assert {each.state for each in thread.letters.all()} == {letters.LetterState.SENT}

    # Who is not satisfied is served again, by another.
    reply_and_hear(story, satisfied=False)
    assert story.steps() == ["assign"]
    give(story, "sun")
    report(story, "孙丽今日重新贴标。")
    assert story.steps() == ["next_report", "solve"], "what was solved before counts no longer"
    solve(story, "sun")
    reply_and_hear(story, satisfied=True)

    assert story.case.state_words == "分析改进"
    said = {"is_repeated": True, "earlier": "CSR-2025-0031", "times": 3, "area": "service", "findings": "标签反复脱落"}
    story.submit("sun", "history", data={**said, "needs_training": True, "needs_improvement": True})
    assert story.steps() == ["improvement", "training"]
    departments = ["department:quality"]
    story.submit("zhou", "training", data={"topic": "贴标", "departments": departments, "until_on": "2026-04-01"})
    story.submit("zhou", "improvement", data={"what": "改用耐油标签", "done_on": "2026-03-20"})
    story.submit("sun", "complete", data={"remark": "已解决", "lesson": "现场贴标前先清洁", "tags": "标签、校准"})
    assert (story.case.state_words, story.case.stage, story.case.is_archived) == ("已完成", "done", True)
    assert models.Lesson.objects.get(case=case).tags == ["标签", "校准"]


def test_health_and_safety_come_first_and_are_acted_on_at_once(working: cast.Company, svw: customers.Customer) -> None:
    story = opened(working, svw, is_safety=True)
    assert story.case.priority == models.Priority.TOP
    record(story, danger="夹紧机构可能弹开，已停用")
    give(story)
    assert story.steps() == ["contain"]
    task = story.task("contain")
    assert task.due_at is not None
    assert task.due_at - task.opened_at == timedelta(hours=4), "by the clock, not by working hours"
    clock.wake(task_id=task.pk, by=actors.PROGRAM, now=task.due_at + timedelta(hours=1, minutes=1))
    told = notify.Message.objects.filter(kind="task_escalated", person=working.chen)
    assert told.exists()
    story.submit("wang", "contain", data={"action": "更换夹紧机构", "is_contained": True})
    assert story.steps() == ["progress_report", "solve"]


def test_a_report_still_to_be_written_is_left_out_once_it_is_solved(story: Story) -> None:
    record(story)
    give(story)
    solve(story)
    assert story.steps() == ["progress_report"]
    story.submit("lina", "progress_report", outcome="with_reply")
    assert story.steps() == ["release_reply"]
    assert not letters.Thread.objects.filter(subject_id=story.case.pk, purpose="notice").exists()


def test_only_whoever_releases_tells_the_customer(story: Story) -> None:
    record(story)
    give(story)
    task = story.task("progress_report")
    procedures.Task.objects.filter(pk=task.pk).update(holder=story.company.wang)
    with pytest.raises(letters_access.NotReleaser):
        story.submit("wang", "progress_report", outcome="sent", data={"body": "已完成", "way": "mail"})
    assert story.task("progress_report").state == "open"


def test_it_is_given_to_somebody_who_may_see_it(story: Story) -> None:
    record(story)
    with pytest.raises(access.OutsideCircle):
        give(story, "outsider")
    with pytest.raises(progress.NobodyChosen):
        story.submit("zhao", "assign", data={"owner": "person:4711", "grounds": ["load"], "reason": "负荷"})
    assert story.refreshed().owner == story.company.lina
    assert story.steps() == ["assign"]


def test_what_is_no_problem_area_is_closed_without_more(story: Story) -> None:
    record(story)
    give(story)
    report(story)
    solve(story)
    reply_and_hear(story, satisfied=True)
    data = {
        "is_repeated": False,
        "area": "none",
        "findings": "个别",
        "needs_training": False,
        "needs_improvement": False,
    }
    story.submit("sun", "history", data=data)
    assert story.steps() == ["complete"]
