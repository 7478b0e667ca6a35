"""Procedure S7 lived through by its people: graded, given out, progress told, solved, heard, learned from."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import cast
from tests.cases import story as stories
from tests.cases.story import Story
from yinuo.cases import access, models
from yinuo.cases.actions import assigning, closing, progress
from yinuo.cases.queries import assigning as assigning_queries
from yinuo.customers import models as customers
from yinuo.kit import actors
from yinuo.letters import access as letters_access
from yinuo.letters import models as letters
from yinuo.notify import models as notify
from yinuo.org import models as org
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


# Given out by the company's rules -------------------------------------------------------------------------------------


@pytest.fixture
def ruled(story: Story) -> Story:
    """The request came before the rules; now the pool 技术组 (王强, and 陈刚 with more in hand) may take it."""
    skill = org.Skill.objects.get(code="technical")
    org.PersonSkill.objects.create(person=story.company.chen, skill=skill, level=2, proof="记录 2025-11")
    for _n in range(2):
        stories.open_case(story.company, story.case.customer, owner=story.company.chen)
    assigning.begin(by=story.person("zhao"), now=story.now, expected=0)
    record(story)
    return story


def open_form(story: Story, client: Client) -> str:
    return client.get(reverse("procedures:task_form", args=[story.task("assign").pk])).content.decode()


def send(story: Story, client: Client, **entered: Any) -> HttpResponse:
    task = story.task("assign")
    url = reverse("procedures:task_submit", args=[task.pk])
    answer: Any = client.post(url, {"version": task.version, **{f"f-{key}": value for key, value in entered.items()}})
    story.refreshed()
    return answer


def party(story: Story, who: str) -> str:
    return f"person:{story.company.people[who].employee_number}"


def test_the_proposal_of_the_rules_is_taken_by_submitting(ruled: Story, signed_in: Callable[[str], Client]) -> None:
    client = signed_in("zhao")
    page = open_form(ruled, client)
    assert "适用规则：第 1 行：性质为技术 → 技术组" in page
    assert page.index("王强 · 技能“技术”2 级；在岗；在办 0 项") < page.index("陈刚 · 技能“技术”2 级；在岗；在办 2 项")
    chosen = re.search(r'<input type="radio" name="f-owner_choice" value="([^"]+)"[^>]* checked', page)
    assert chosen
    assert chosen[1] == party(ruled, "wang")
    assert send(ruled, client, owner_choice=chosen[1]).status_code == 302
    assert ruled.case.owner == ruled.company.wang
    assert ruled.steps() == ["progress_report", "solve"]
    (given,) = assigning_queries.assignments_of(ruled.case)
    assert (given.chosen, given.by, given.reason) == (ruled.company.wang, None, "")
    told = notify.Message.objects.get(person=ruled.company.wang, kind="case_given", subject_id=ruled.case.pk)
    assert "分派理由：技能“技术”2 级；在岗" in told.words_zh


@pytest.mark.parametrize(("who", "choice"), [("chen", ""), ("sun", "other")])
def test_another_than_proposed_needs_a_reason(
    ruled: Story, signed_in: Callable[[str], Client], who: str, choice: str
) -> None:
    client, entered = signed_in("zhao"), {"owner_choice": choice or party(ruled, who), "owner_other": party(ruled, who)}
    refused = send(ruled, client, **entered)
    assert refused.status_code == 422
    assert "所选人员与分派规则的建议不同，请写明分派理由。" in refused.content.decode()
    assert ruled.steps() == ["assign"]
    assert send(ruled, client, **entered, reason="曾办理该检具", grounds=["skill"]).status_code == 302
    assert ruled.case.owner == ruled.company.people[who]
    (given,) = assigning_queries.assignments_of(ruled.case)
    assert (given.chosen, given.by, given.reason) == (ruled.case.owner, ruled.company.zhao, "曾办理该检具")
    assert [each["name"] for each in given.others] == ["王强", "陈刚"]


def test_where_the_rules_find_nobody_whoever_assigns_reads_why(
    ruled: Story, signed_in: Callable[[str], Client]
) -> None:
    for person in (ruled.company.wang, ruled.company.chen):
        until = timezone.now() + timedelta(days=3)
        org.Absence.objects.create(person=person, from_at=ruled.now - timedelta(days=1), to_at=until)
    client = signed_in("zhao")
    page = open_form(ruled, client)
    assert ruled.task("assign").post == ruled.company.post["sales_manager"]
    assert "按规则未能分派：第 1 行：性质为技术 → 技术组，符合要求的人员均不能接收" in page
    assert re.search(r'name="f-owner_choice" value="other"[^>]* checked', page)
    assert send(ruled, client, owner_choice="other").status_code == 422, "somebody must be named"
    entered = {"owner_choice": "other", "owner_other": party(ruled, "sun")}
    assert send(ruled, client, **entered).status_code == 422, "with the reason"
    assert send(ruled, client, **entered, reason="其余人员离岗").status_code == 302
    assert ruled.case.owner == ruled.company.sun
    (given,) = assigning_queries.assignments_of(ruled.case)
    assert (given.chosen, given.by) == (ruled.company.sun, ruled.company.zhao)


def test_a_draft_keeps_who_was_chosen_and_a_new_round_asks_the_rules_again(
    ruled: Story, signed_in: Callable[[str], Client]
) -> None:
    client, task = signed_in("zhao"), ruled.task("assign")
    draft = {"version": task.version, "f-owner_choice": "other", "f-owner_other": party(ruled, "sun")}
    assert client.post(reverse("procedures:task_draft", args=[task.pk]), draft).status_code == 200
    page = open_form(ruled, client)
    assert re.search(r'name="f-owner_choice" value="other"[^>]* checked', page)
    assert re.search(rf'value="{party(ruled, "sun")}"[^>]* selected', page)
    give(ruled, "sun")
    report(ruled)
    solve(ruled, "sun")
    reply_and_hear(ruled, satisfied=False)
    page = open_form(ruled, client)
    assert re.search(rf'name="f-owner_choice" value="{party(ruled, "wang")}"[^>]* checked', page)


def test_what_a_case_itself_asks_is_no_load_of_its_owner(ruled: Story) -> None:
    """Given to 王强 already, the request does not count against him when it is given out."""
    models.Case.objects.filter(pk=ruled.case.pk).update(owner=ruled.company.wang)
    models.Case.objects.filter(owner=ruled.company.chen).update(owner=ruled.company.sun)
    proposal = assigning_queries.proposal(ruled.refreshed(), [], ruled.now)
    assert proposal
    assert [each.candidate.load for each in proposal.ranked] == [0, 0]
