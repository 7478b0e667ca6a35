"""Procedure S1 lived through by its people: recorded, numbered, handled, reminded, coordinated, answered, counted."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests import cast
from tests.cases import story as stories
from tests.cases.story import Story
from yinuo.cases import models
from yinuo.cases.actions import items, steering
from yinuo.customers import models as customers
from yinuo.kit import actors
from yinuo.letters import models as letters
from yinuo.letters.actions import incoming, threads
from yinuo.notify import models as notify
from yinuo.procedures import models as procedures
from yinuo.procedures.actions import clock, working


@pytest.fixture
def story(working: cast.Company, svw: customers.Customer) -> Story:
    """A request that 李娜 has just registered, to be handled by 王强."""
    return Story(working, stories.open_case(working, svw, title="送货单增加批次号", procedure="s1"))


def record(story: Story, **said: object) -> None:
    lines = [{"item": each.pk, "kind": each.kind, "applies": each.applies} for each in story.case.items.all()]
    data = {"items": lines, "original_kept": False, "no_original": "电话提出", **said}
    story.submit("lina", "record", outcome="accept", data=data)


def test_from_the_record_to_the_statistics(story: Story) -> None:
    case = story.case
    assert (case.number, case.state_words, case.stage) == ("CSR-2026-0001", "待处理", "pending")
    assert case.due_at is not None
    assert case.priority_why
    record(story)
    assert (story.case.state_words, story.case.step_zh, story.case.holder_zh) == ("处理中", "处理要求", "王强")
    assert story.task("handle").due_at == case.due_at, "its deadline is the request's own"

    # What is open is asked; the status says for whom it waits.
    story.submit("wang", "handle", outcome="ask", data={"progress": "缺批次号格式"})
    story.submit("lina", "ask", data={"question": "批次号用哪种格式？", "way": "mail"})
    assert story.case.badge == ("active", "待顾客补充")
    thread = letters.Thread.objects.get(subject_id=case.pk, purpose="clarification")
    incoming.record_incoming(
        thread=thread,
        text="YYMMDD 加班次",
        way="mail",
        speaker="沈工",
        said_at=story.now,
        by=story.person("lina"),
        now=story.tick(),
    )
    thread.refresh_from_db()
    threads.record_outcome(
        thread=thread, wording="批次号为 YYMMDD 加班次", by=story.person("lina"), now=story.tick(),
        expected=thread.version,
    )  # fmt: skip
    story.submit("wang", "answered", outcome="resume", condition="格式已明确")

    # What is held up is arranged by a manager.
    story.submit("wang", "handle", outcome="coordinate", data={"progress": "须改打印程序", "blocked_by": "信息组排期"})
    assert story.refreshed().state_words == "待协调"
    assert story.task("coordinate").post == story.company.post["quality_manager"]
    story.submit("zhou", "coordinate", outcome="resume", condition="已协调，本周完成", data={"until_on": "2026-03-06"})
    story.submit("wang", "handle", outcome="handled", data={"progress": "打印程序已改"})

    remark = "自本周起送货单带批次号"
    story.submit("wang", "complete", data={"remark": remark, "result": "met", "lesson": "先问格式"})
    assert story.case.remark == remark
    assert models.Lesson.objects.get(case=case).text == "先问格式"
    story.submit("lina", "release_reply", outcome="release", data={"body": "已增加批次号。", "way": "mail"})
    assert story.refreshed().answered_at is not None
    story.submit("sun", "count", data={"bottleneck": "inside", "proposal": "打印程序的修改设固定窗口"})
    assert (story.case.state_words, story.case.stage, story.case.is_archived) == ("已完成", "done", True)
    assert procedures.Task.objects.filter(subject_id=case.pk, subject_type=case.subject_type, state="open").count() == 0


def test_whoever_is_late_is_reminded_at_the_set_times_and_the_superior_told(story: Story) -> None:
    record(story)
    task = story.task("handle")
    assert task.due_at is not None
    for days in (-3, -1, 0):
        clock.wake(task_id=task.pk, by=actors.PROGRAM, now=task.due_at + timedelta(days=days))
    told = notify.Message.objects.filter(person=story.company.wang, kind__in=("task_ahead", "task_overdue"))
    assert told.count() >= 3
    boss = notify.Message.objects.filter(person=story.company.chen, kind="task_escalated")
    assert not boss.exists()
    clock.wake(task_id=task.pk, by=actors.PROGRAM, now=task.due_at + timedelta(days=2))
    assert boss.exists()


def test_priority_deadline_and_owner_are_changed_by_a_manager(story: Story) -> None:
    record(story)
    due = story.case.due_at
    zhao = story.person("zhao")
    steering.change_priority(
        case=story.case, priority=1, reason="顾客催促", by=zhao, now=story.tick(), expected=story.case.version
    )
    assert story.refreshed().due_at < due


def test_a_new_customer_is_surveyed_first(story: Story) -> None:
    record(story, needs_survey=True)
    assert story.steps() == ["survey"]
    said = {"asked_on": "2026-03-02", "asked_whom": "沈工", "way": "phone", "needs": "快", "findings": "只需邮件"}
    story.submit("lina", "survey", data=said)
    assert story.steps() == ["handle"]


def test_an_amendment_and_an_unsatisfied_customer_lead_back_to_the_handling(story: Story) -> None:
    record(story)
    story.submit("wang", "handle", outcome="handled", data={"progress": "完成"})
    first = story.item(1)
    items.amend(
        item=first, text="改为二维码", reason="来电", by=story.person("wang"), now=story.tick(), expected=first.version
    )
    assert story.steps() == ["handle"]


def test_what_is_not_ours_is_declined_with_its_reason(story: Story) -> None:
    said = {"original_kept": False, "no_original": "电话", "decline_reason": "属其他供应商"}
    story.submit("lina", "record", outcome="decline", data=said)
    assert (story.case.state_words, story.case.end_reason) == ("已终止", "属其他供应商")


def test_what_was_coordinated_goes_on_and_is_not_called_returned(
    story: Story, signed_in: Callable[[str], Client]
) -> None:
    record(story)
    story.submit("wang", "handle", outcome="coordinate", data={"progress": "须改打印程序", "blocked_by": "信息组排期"})
    task, zhou = story.task("coordinate"), signed_in("zhou")
    answer = {"version": task.version, "outcome": "resume"}
    refused = zhou.post(reverse("procedures:task_submit", args=[task.pk]), answer)
    assert refused.status_code == 422
    assert "选“已协调，继续处理”时，请填写备注。" in refused.content.decode()
    assert "退回原因" not in refused.content.decode()
    with pytest.raises(working.Incomplete, match="已协调，继续处理"), translation.override("zh-hans"):
        story.submit("zhou", "coordinate", outcome="resume")
    story.submit("zhou", "coordinate", outcome="resume", condition="信息组本周上线")
    again = signed_in("wang").get(reverse("procedures:task_form", args=[story.task("handle").pk])).content.decode()
    assert "周华 · 已协调，继续处理：" in again
    assert "信息组本周上线" in again
    assert "退回" not in again.partition("task-returned")[2].partition("</p>")[0]
    told = notify.Message.objects.get(person=story.company.wang, kind="task_returned")
    assert "周华 · 已协调，继续处理：" in told.words_zh
    assert "Arranged: go on" in told.words_en
