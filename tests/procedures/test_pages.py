"""Pages of procedures, tasks and runs through the browser's eyes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests import cast
from tests.procedures.conftest import REGISTERED, Story
from yinuo.procedures import models
from yinuo.procedures.actions import handing
from yinuo.procedures.queries import runs

SignIn = Callable[[str], Client]
FILLED = {"f-what": "盐雾试验 720 h", "f-clear": "true"}


def url(name: str, *args: object) -> str:
    return reverse(f"procedures:{name}", args=args)


def test_the_list_and_a_procedure(story: Story, signed_in: SignIn) -> None:
    client = signed_in("lina")
    page = client.get(url("procedures"))
    assert "QP-T-01" in page.content.decode()
    page = client.get(url("procedure", "small"))
    text = page.content.decode()
    assert "<svg" in text
    assert "部门评审" in text
    assert "QR-T-01" in text
    assert client.get(url("edition", "small", 1)).status_code == 200
    assert client.get(url("edition", "small", 9)).status_code == 404
    assert client.get(url("procedure", "other")).status_code == 404


def test_a_task_is_done_on_its_page(story: Story, signed_in: SignIn) -> None:
    client = signed_in("lina")
    task = story.task("register")
    assert "登记表" in client.get(url("task", task.pk)).content.decode()
    scan = SimpleUploadedFile("邮件.txt", b"Salt spray 720 h")
    response = client.post(url("task_submit", task.pk), {**FILLED, "version": task.version, "f-proof": scan})
    assert response.status_code == 302
    task.refresh_from_db()
    assert task.state == "done"
    assert task.data["what"] == "盐雾试验 720 h"
    assert task.data["proof"][0]["name"] == "邮件.txt"
    assert story.open_steps() == ["judge", "judge"]


@pytest.mark.parametrize("htmx", [False, True])
def test_an_incomplete_form_comes_back_with_what_was_entered(story: Story, signed_in: SignIn, htmx: bool) -> None:
    client = signed_in("lina")
    task = story.task("register")
    headers = {"HX-Request": "true"} if htmx else {}
    response = client.post(
        url("task_submit", task.pk), {"f-what": "标签", "f-clear": "false", "version": task.version}, headers=headers
    )
    text = response.content.decode()
    assert response.status_code == 422
    assert "标签" in text
    assert "请填写“不清楚之处”" in text
    assert ("<html" in text) is not htmx
    assert story.task("register").state == "open"


def test_a_draft_is_kept_and_says_which_fields_are_asked(story: Story, signed_in: SignIn) -> None:
    client = signed_in("lina")
    task = story.task("register")
    response = client.post(url("task_draft", task.pk), {"f-clear": "false", "f-hours": "x", "version": task.version})
    answer = response.json()
    assert "unclear" in answer["shown"]
    assert answer["version"] == task.version
    task.refresh_from_db()
    assert task.draft == {"clear": False}
    stale = client.post(url("task_draft", task.pk), {"f-clear": "true", "version": task.version - 1})
    assert stale.status_code == 409
    assert stale.json()["refused"]


def test_somebody_else_sees_the_task_but_not_its_form(story: Story, signed_in: SignIn) -> None:
    task = story.task("register")
    text = signed_in("sun").get(url("task", task.pk)).content.decode()
    assert "李娜" in text
    assert 'id="form-' not in text
    response = signed_in("sun").post(url("task_submit", task.pk), {**FILLED, "version": task.version})
    assert response.status_code == 403


def test_what_lies_in_a_scope_or_at_another_site_is_not_there(story: Story, signed_in: SignIn) -> None:
    task = story.task("register")
    models.Task.objects.filter(pk=task.pk).update(site_id=story.company.site["nb"].pk)
    assert signed_in("he").get(url("task", task.pk)).status_code == 404
    assert signed_in("outsider").get(url("task", task.pk)).status_code == 403


def test_signing_on_the_page(story: Story, signed_in: SignIn) -> None:
    story.submit("lina", "register", data=REGISTERED)
    story.submit("chen", "judge", "department:engineering", verdict="can")
    story.submit("zhou", "judge", "department:quality", verdict="can")
    client = signed_in("gao")
    task = story.task("approve")
    filled = {"outcome": "agree", "version": task.version}
    wrong = client.post(url("task_submit", task.pk), {**filled, "secret": "wrong"})
    assert wrong.status_code == 422
    assert models.Signature.objects.count() == 0
    missing = client.post(url("task_submit", task.pk), filled)
    assert missing.status_code == 422
    assert client.post(url("task_submit", task.pk), {**filled, "secret": cast.PASSWORD}).status_code == 302
    signature = models.Signature.objects.get()
    assert signature.way == "password"
    assert "总经理" in client.get(url("task", task.pk)).content.decode()


def test_the_page_says_what_is_signed_under_each_outcome(story: Story, signed_in: SignIn) -> None:
    story.submit("lina", "register", data=REGISTERED)
    story.submit("chen", "judge", "department:engineering", verdict="can")
    story.submit("zhou", "judge", "department:quality", verdict="can")
    gao, task = signed_in("gao"), story.task("approve")
    text = gao.get(url("task", task.pk)).content.decode()
    assert "本人同意。" in text
    assert "本人要求修改。" in text
    filled = {"outcome": "revise", "version": task.version, "secret": cast.PASSWORD}
    refused = gao.post(url("task_submit", task.pk), filled)
    assert refused.status_code == 422
    assert "选“退回修改”时，请填写备注。" in refused.content.decode()
    assert gao.post(url("task_submit", task.pk), {**filled, "condition": "补充成本"}).status_code == 302
    done = gao.get(url("task", task.pk)).content.decode()
    assert "<strong>退回修改</strong> · 本人要求修改。" in done
    again = signed_in("lina").get(url("task", story.task("register").pk)).content.decode()
    assert "高远 · 退回修改：" in again
    assert "补充成本" in again


def test_an_added_signer_reads_what_they_sign(story: Story, signed_in: SignIn) -> None:
    story.submit("lina", "register", data=REGISTERED)
    story.submit("chen", "judge", "department:engineering", verdict="can")
    story.submit("zhou", "judge", "department:quality", verdict="can")
    task, gao = story.task("approve"), story.company.gao
    handing.add_signer(
        task=task, signer=story.company.sun, before=True, reason="", by=gao, now=story.tick(), expected=task.version
    )
    asked = story.run.tasks.get(kind="signer")
    sun = signed_in("sun")
    text = sun.get(url("task", asked.pk)).content.decode()
    assert "本人已审阅并签署意见" in text
    assert "本人同意。" not in text
    signed = {"outcome": "disagree", "version": asked.version, "secret": cast.PASSWORD}
    assert sun.post(url("task_submit", asked.pk), signed).status_code == 302
    signature = models.Signature.objects.get(task=asked)
    assert (signature.outcome_zh, signature.meaning_zh) == ("不同意", "本人已审阅并签署意见")


def test_a_delegation_is_ended_and_reminders_offered_only_to_those_who_may(story: Story, signed_in: SignIn) -> None:
    lina, task = signed_in("lina"), story.task("register")
    lina.post(url("task_delegate", task.pk), {"to": story.company.zhao.pk, "reason": "外出", "version": task.version})
    assert url("task_end_delegation", task.pk) in lina.get(url("task", task.pk)).content.decode()
    task = story.task("register")
    assert lina.post(url("task_end_delegation", task.pk), {"version": task.version}).status_code == 302
    assert story.task("register").delegate is None
    assert url("task_end_delegation", task.pk) not in lina.get(url("task", task.pk)).content.decode()
    assert url("task_remind", task.pk) not in signed_in("sun").get(url("task", task.pk)).content.decode()
    assert url("task_remind", task.pk) in signed_in("zhou").get(url("task", task.pk)).content.decode()


def test_the_chart_of_a_run(story: Story, signed_in: SignIn) -> None:
    client = signed_in("sun")
    chart = client.get(url("run_chart", story.run.pk)).content.decode()
    assert "flow-current" in chart
    assert "is-current" in chart
    assert "李娜" in chart
    assert client.get(url("run_chart", story.run.pk + 1)).status_code == 404


MOVES = {
    "task_reassign": {"to": "wang", "reason": "李娜请假"},
    "task_delegate": {"to": "zhao", "reason": "外出"},
    "task_add_signer": {"to": "zhou", "when": "before"},
    "task_copy": {"people": "sun"},
}


@pytest.mark.parametrize("name", MOVES)
def test_each_move_has_its_form_and_does_it(name: str, story: Story, signed_in: SignIn) -> None:
    client = signed_in("lina")
    task = story.task("register")
    page = client.get(url(name, task.pk))
    assert page.status_code == 200
    empty = client.post(url(name, task.pk), {"version": task.version})
    assert empty.status_code == 422
    values = {key: story.company.people[v].pk if key in ("to", "people") else v for key, v in MOVES[name].items()}
    assert client.post(url(name, task.pk), {**values, "version": task.version}).status_code == 302


def test_a_copy_is_read_when_it_is_opened(story: Story, signed_in: SignIn) -> None:
    people = story.company.people
    handing.copy_to(run=story.run, people=[people["sun"]], note="", by=people["lina"], now=story.tick())
    signed_in("zhao").get(url("run_chart", story.run.pk))
    assert models.Copy.objects.get().read_at is None
    signed_in("sun").get(url("task", story.task("register").pk))
    assert models.Copy.objects.get().read_at is not None


def test_returning_on_the_page(story: Story, signed_in: SignIn) -> None:
    story.submit("lina", "register", data=REGISTERED)
    task = story.task("judge", "department:quality")
    client = signed_in("zhou")
    assert "登记" in client.get(url("task_return", task.pk)).content.decode()
    response = client.post(
        url("task_return", task.pk), {"to": "register", "reason": "缺少原件", "version": task.version}
    )
    assert response.status_code == 302
    assert story.open_steps() == ["register"]


def test_steering_a_run_on_its_page(story: Story, signed_in: SignIn) -> None:
    client = signed_in("zhao")
    held = client.post(url("run_hold", story.run.pk), {"reason": "等待顾客", "version": story.run.version})
    assert held.status_code == 302
    assert story.fresh().held_at is not None
    assert client.get(url("run_resume", story.run.pk)).status_code == 200
    assert client.post(url("run_resume", story.run.pk), {"version": story.run.version}).status_code == 302
    story.fresh()
    assert client.post(url("run_terminate", story.run.pk), {"version": story.run.version}).status_code == 422
    ended = client.post(url("run_terminate", story.run.pk), {"reason": "撤回", "version": story.run.version})
    assert ended.status_code == 302
    assert runs.state_of(story.fresh()).ending == "terminated"
    assert signed_in("lina").get(url("run_hold", story.run.pk)).status_code == 403


def test_a_page_costs_few_queries(
    story: Story, signed_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """The form alone, and the page without the frame's counts of other rooms; session and rights are four of them."""
    client, task = signed_in("lina"), story.task("register")
    models.Task.objects.filter(pk=task.pk).update(due_at=timezone.now() + timedelta(days=1))
    client.get(url("task", task.pk))
    with django_assert_max_num_queries(7):
        client.get(url("task_form", task.pk), headers={"HX-Request": "true"})
    with django_assert_max_num_queries(10):
        client.get(url("task", task.pk), headers={"HX-Request": "true"})
