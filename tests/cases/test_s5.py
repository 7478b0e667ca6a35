"""Procedure S5 lived through by its people, from receipt to archive."""

from datetime import date, timedelta

import pytest

from tests.cases import story as stories
from tests.cases.story import Story
from yinuo.cases import access, models
from yinuo.cases.actions import closing, items, judging, steering
from yinuo.kit import actors
from yinuo.letters import models as letters
from yinuo.letters.actions import threads
from yinuo.procedures import models as procedures

State = models.State


def to_plan(story: Story) -> None:
    """Three items; the third cannot be met."""
    story.accept()
    story.acknowledge()
    story.analyse("wang", feasible=[True, True, False])
    story.opine("zhou", "quality", "can", "conditional", "cannot")


def test_from_receipt_to_archive_with_an_alternative_and_a_customer_first_not_satisfied(story: Story) -> None:
    case = story.case
    assert case.state == State.NEW
    story.accept()
    assert (story.case.state, story.case.step_zh) == (State.ACTIVE, "向顾客确认接收")
    story.acknowledge()
    assert (story.case.acknowledged_way, bool(story.case.acknowledged_at)) == ("mail", True)
    story.analyse("wang", feasible=[True, True, False])
    third = story.item(3)
    assert (third.is_feasible, third.analysed_by) == (False, story.company.wang)
    story.opine("zhou", "quality", "can", "conditional", "cannot")
    assert [story.item(n).verdict for n in (1, 2, 3)] == ["can", "conditional", "cannot"]
    assert story.item(3).condition == "质量部：cannot：说明"

    story.plan("wang", ("更换镀锌钝化液", "wang", 1), ("签订第三方检测合同", "sun", 2), promised_on="2026-03-25")
    assert story.case.promised_on == date(2026, 3, 25)
    assert models.Measure.objects.filter(case=case).count() == 2
    story.submit("wang", "explain", key=third.pk, data={"reason": "模具周期 6 周", "alternative": "提前一周交付"})
    story.submit("lina", "release_alternative", key=third.pk, outcome="release", data={"way": "wechat"})
    thread = letters.Thread.objects.get(subject_type="cases.item", subject_id=third.pk)
    assert (thread.letters.get().state, thread.letters.get().way) == (letters.LetterState.SENT, "wechat")
    assert "提前一周交付" in thread.letters.get().text
    assert story.case.state == State.CUSTOMER
    judging.record_answer(
        item=story.item(3),
        answer="accepted",
        answer_by="沈工",
        answer_on=date(2026, 3, 2),
        by=story.person("lina"),
        now=story.tick(),
        expected=story.item(3).version,
    )
    assert story.steps() == ["approve"]
    story.submit("gao", "approve", outcome="agree", signed=True)

    story.implement_and_verify()
    assert [story.item(n).is_met for n in (1, 2)] == [True, True]
    story.reply()
    assert story.refreshed().answered_at is not None
    assert story.steps() == ["feedback"]

    closing.record_feedback(
        case=story.case,
        way="phone",
        speaker="沈工",
        said_at=story.now,
        is_satisfied=False,
        words="缺第三方报告",
        no_proof="电话未录音",
        score=2,
        by=story.person("lina"),
        now=story.tick(),
    )
    assert story.refreshed().is_satisfied is False
    assert story.steps() == ["plan"]
    lines = [
        {"measure": each.pk, "what": each.what, "person": each.person_id, "item": each.item_id, "due_on": "2026-03-20"}
        for each in models.Measure.objects.filter(case=case)
    ]
    new = {
        "measure": None,
        "what": "补充第三方报告",
        "person": story.company.sun.pk,
        "item": story.item(2).pk,
        "due_on": "2026-03-27",
    }
    story.submit("wang", "plan", data={"summary": "补充报告", "actions": [*lines, new]})
    # What was accepted stays accepted; the explanation is not asked again for a settled item.
    assert story.steps() == ["approve"]
    story.submit("gao", "approve", outcome="agree", signed=True)
    story.implement_and_verify()
    story.reply()

    link = models.FeedbackLink.objects.filter(case=case).latest("pk")
    closing.answer_link(
        link=link, is_satisfied=True, score=5, words="及时", by=actors.Outsider("沈工"), now=story.tick()
    )
    assert story.steps() == ["complete"]
    assert story.refreshed().state == State.ACTIVE
    story.complete(lesson="镀锌件盐雾要求应在报价前确认钝化工艺。")
    assert (story.case.state, story.case.is_archived, story.case.is_open) == (State.ARCHIVED, True, False)
    lesson = models.Lesson.objects.get(case=case)
    assert lesson.tags == ["盐雾", "镀锌"]
    with pytest.raises(access.CaseClosed):
        items.withdraw_item(
            item=story.item(1), reason="x", by=story.person("wang"), now=story.tick(), expected=story.item(1).version
        )


def test_only_the_competent_analyse(story: Story) -> None:
    story.accept()
    story.acknowledge()
    task = story.task("analyse")
    assert task.holder == story.company.wang
    procedures.Task.objects.filter(pk=task.pk).update(holder=story.company.sun)
    with pytest.raises(judging.NotCompetent) as refused:
        story.analyse("sun")
    assert "王强" in str(refused.value)
    assert story.item(1).analysed_at is None


def test_an_amendment_is_a_new_wording_and_sends_back_to_analysis(story: Story) -> None:
    to_plan(story)
    first = story.item(1)
    wording = items.amend(
        item=first,
        text="盐雾试验时间改为 1000 h。",
        reason="顾客 3 月 3 日来函",
        by=story.person("wang"),
        now=story.tick(),
        expected=first.version,
    )
    assert (wording.number, wording.reopened) == (2, ["analysed", "judged"])
    first = story.item(1)
    assert (first.text, first.verdict, first.analysed_at) == ("盐雾试验时间改为 1000 h。", "", None)
    assert first.wordings.get(number=1).text == stories.SALT
    assert story.item(2).verdict == "conditional"
    assert story.steps() == ["analyse"]


def test_oral_words_are_confirmed_in_writing_before_approval(working, svw) -> None:
    case = stories.open_case(working, svw, channel="phone", is_oral=True, is_safety=True)
    story = Story(working, case)
    story.accept()
    story.acknowledge()
    story.analyse()
    story.opine("zhou", "quality", "can")
    story.plan("wang", ("更换钝化液", "wang", 1))
    assert story.steps() == ["written"]
    wording = story.item(1).wordings.get()
    items.confirm_wording(
        wording=wording, confirmed=True, how="沈工 3 月 2 日邮件", by=story.person("lina"), now=story.tick()
    )
    assert story.refreshed().oral == models.Confirmation.CONFIRMED
    assert story.steps() == ["approve"]
    with pytest.raises(items.CannotConfirm):
        items.confirm_wording(wording=wording, confirmed=False, how="x", by=story.person("lina"), now=story.tick())


def test_unclear_words_are_cleared_in_a_talk_whose_outcome_is_the_wording(story: Story) -> None:
    story.accept()
    story.acknowledge()
    story.analyse(clarity="ambiguous", unclear="划格等级未写明")
    story.submit("lina", "clarify", data={"item": story.item(1).pk, "question": "请明确划格等级。", "way": "mail"})
    assert story.case.state == State.CUSTOMER
    thread = letters.Thread.objects.get(subject_type="cases.item")
    assert thread.letters.get().state == letters.LetterState.SENT
    threads.record_outcome(
        thread=thread,
        wording="盐雾 720 h，划格 0 级。",
        by=story.person("lina"),
        now=story.tick(),
        expected=thread.version,
    )
    first = story.item(1)
    assert (first.text, first.wordings.count()) == ("盐雾 720 h，划格 0 级。", 2)
    assert first.wordings.order_by("number").last().thread == thread
    assert story.steps() == ["clarified"]
    lines = [{"item": item.pk, "text": item.text} for item in story.case.items.all()]
    story.submit("wang", "clarified", outcome="clear", data={"wording": lines})
    assert story.steps() == ["departments"]


def test_a_request_that_is_declined_ends_with_its_reason(story: Story) -> None:
    story.submit("lina", "register", outcome="decline", data={"original_kept": True, "decline_reason": "重复来函"})
    assert (story.case.state, story.case.end_reason, story.case.is_open) == (State.TERMINATED, "重复来函", False)


def test_a_plan_that_is_refused_ends_the_case_with_the_reason(working, svw) -> None:
    story = Story(working, stories.open_case(working, svw, is_safety=True))
    story.accept()
    story.acknowledge()
    story.analyse()
    story.opine("zhou", "quality", "can")
    story.plan("wang", ("更换钝化液", "wang", 1))
    with pytest.raises(Exception, match="不同意"):
        story.submit("gao", "approve", outcome="refuse", signed=True)
    story.submit("gao", "approve", outcome="refuse", signed=True, data={"refusal": "费用过高"})
    assert (story.case.is_open, story.case.end_reason) == (False, "费用过高")


def test_the_customer_insists_and_another_alternative_is_proposed(story: Story) -> None:
    to_plan(story)
    third = story.item(3)
    story.plan("wang", ("更换钝化液", "wang", 1))
    for alternative, answer in (("提前三天", "rejected"), ("提前一周", "waived")):
        story.submit("wang", "explain", key=third.pk, data={"reason": "周期不足", "alternative": alternative})
        story.submit("lina", "release_alternative", key=third.pk, outcome="release", data={"way": "wechat"})
        more = {"waived_quantity": 500} if answer == "waived" else {}
        judging.record_answer(
            item=story.item(3),
            answer=answer,
            answer_by="沈工",
            answer_on=date(2026, 3, 2),
            by=story.person("lina"),
            now=story.tick(),
            expected=story.item(3).version,
            **more,
        )
    assert story.steps() == ["approve"]
    assert (story.item(3).answer, story.item(3).waived_quantity) == ("waived", 500)


def test_time_on_hold_is_counted_apart(story: Story) -> None:
    by = story.person("zhao")
    steering.hold(case=story.case, reason="等顾客提供图纸", by=by, now=story.tick())
    assert (story.refreshed().state, story.case.hold_reason) == (State.HELD, "等顾客提供图纸")
    steering.resume(case=story.case, by=by, now=story.tick(days=2))
    assert story.refreshed().held_seconds == timedelta(days=2).total_seconds()
    assert story.case.state == State.NEW


def test_terminated_and_reopened_with_reasons(story: Story) -> None:
    to_plan(story)
    steering.terminate(case=story.case, reason="顾客撤回项目", by=story.person("zhao"), now=story.tick())
    assert (story.refreshed().state, story.case.end_reason) == (State.TERMINATED, "顾客撤回项目")
    steering.reopen(case=story.case, to="plan", reason="项目恢复", by=story.person("zhao"), now=story.tick())
    assert (story.refreshed().state, story.case.is_open, story.steps()) == (State.REOPENED, True, ["plan"])


def test_not_satisfied_after_the_archive_makes_a_case_of_its_own(working, svw) -> None:
    story = Story(working, stories.open_case(working, svw))
    story.accept()
    story.acknowledge()
    story.analyse()
    story.opine("zhou", "quality", "can")
    story.plan("wang", ("更换钝化液", "wang", 1))
    story.implement_and_verify()
    story.reply()
    closing.give_up_feedback(case=story.case, reason="三次联系未答复", by=story.person("lina"), now=story.tick())
    story.complete()
    assert story.case.is_archived
    closing.record_feedback(
        case=story.case,
        way="visit",
        speaker="沈工",
        said_at=story.now,
        is_satisfied=False,
        words="批次 3 有红锈",
        no_proof="现场口述",
        by=story.person("lina"),
        now=story.tick(),
    )
    assert (story.refreshed().is_open, story.case.is_archived, story.steps()) == (False, True, [])
    complaint = models.Case.objects.exclude(pk=story.case.pk).get()
    assert (complaint.state, complaint.items.get().text) == (State.NEW, "批次 3 有红锈")
