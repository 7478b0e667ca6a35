"""Every dialog, sent: what it changes, and where it leads."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.cases.story import Story
from yinuo.cases import models
from yinuo.cases.queries import conventions as convention_queries
from yinuo.kit import once

SignIn = Callable[[str], Client]


@pytest.fixture
def send(story: Story, signed_in: SignIn) -> Callable[..., Any]:
    """`send("zhao", "case_rank", priority=2, …)`: the dialog sent by somebody; answers with the response."""

    def sent(who: str, page: str, *args: Any, **said: Any) -> Any:
        return signed_in(who).post(reverse(f"cases:{page}", args=[story.case.number, *args]), said)

    return sent


def test_rank_give_correct(story: Story, send: Callable[..., Any]) -> None:
    assert send("zhao", "case_rank", version=1, priority=2, reason="顾客催促").status_code == 302
    assert story.refreshed().priority == models.Priority.URGENT
    late = send("zhao", "case_rank", version=1, priority=4, reason="x")
    assert late.status_code == 422
    assert send("zhao", "case_give", version=2, owner=story.company.sun.pk).status_code == 302
    assert story.refreshed().owner == story.company.sun
    said = {
        "title": "盐雾 720 h", "customer": story.case.customer_id, "channel": "mail", "said_by": "沈工", "text": "",
        "notified_at": "2026-03-02T08:30", "version": 3,
    }  # fmt: skip
    assert send("lina", "case_correct", **said).status_code == 302
    assert story.refreshed().title == "盐雾 720 h"
    assert send("lina", "case_rank", version=4, priority=1, reason="x").status_code == 403


def test_hold_resume_terminate_reopen(story: Story, send: Callable[..., Any]) -> None:
    assert send("zhao", "case_hold", reason="").status_code == 422
    assert send("zhao", "case_hold", reason="等图纸").status_code == 302
    assert story.refreshed().state == models.State.HELD
    assert send("zhao", "case_resume").status_code == 302
    assert story.refreshed().state == models.State.NEW
    assert send("zhao", "case_terminate", reason="顾客撤回").status_code == 302
    assert story.refreshed().state == models.State.TERMINATED
    assert (
        send(
            "lina",
            "item_add",
            once=once.new_key(),
            text="x",
            kind="quality",
            applies="customer",
            channel="mail",
            said_by="x",
            said_at="2026-03-02T09:00",
        ).status_code
        == 422
    )
    assert send("zhao", "case_reopen", to="register", reason="项目恢复").status_code == 302
    assert story.refreshed().is_open
    assert send("zhao", "case_reopen", to="register", reason="x").status_code == 409


def test_items(story: Story, send: Callable[..., Any]) -> None:
    key = once.new_key()
    for _ in range(2):
        answer = send(
            "lina",
            "item_add",
            once=key,
            text="包装增加防锈纸。",
            kind="delivery",
            applies="customer",
            channel="phone",
            said_by="林工",
            said_at="2026-03-02T09:00",
        )
        assert answer.status_code == 302
    assert story.case.items.count() == 4
    version = story.item(1).version
    assert send("wang", "item_judge", 1, version=version, verdict="cannot", condition="").status_code == 422
    assert send("wang", "item_judge", 1, version=version, verdict="cannot", condition="工装限制").status_code == 302
    version = story.item(1).version
    answer = {"answer": "accepted", "answer_by": "沈工", "answer_on": "2026-03-02"}
    assert send("wang", "item_answer", 1, version=version, **answer).status_code == 422  # nothing was proposed yet
    said = {"is_met": "yes", "result": "已换液", "finding": "抽检合格"}
    assert send("wang", "item_verify", 2, version=story.item(2).version, **said).status_code == 302
    assert story.item(2).is_met is True
    assert send("lina", "item_withdraw", 3, version=story.item(3).version, reason="顾客撤回").status_code == 302
    assert story.item(3).withdrawn_at is not None
    assert send("lina", "item_confirm", 1, confirmed="yes", how="邮件").status_code == 422  # it is in writing


def test_objects_links_lessons(story: Story, send: Callable[..., Any], signed_in: SignIn) -> None:
    said = {"kind": "sealed", "number": "FY-01", "place": "样件柜", "keeper": story.company.sun.pk}
    assert send("sun", "sample_keep", once=once.new_key(), **said).status_code == 302
    sample = models.Sample.objects.get()
    moved = {"version": 1, "place": "检验室", "keeper": story.company.zhou.pk}
    assert send("sun", "sample_change", sample.pk, **moved).status_code == 302
    assert send("sun", "sample_void", sample.pk, version=2, reason="磨损").status_code == 302
    assert send("lina", "link_make", once=once.new_key(), name="沈工").status_code == 302
    link = models.FeedbackLink.objects.get()
    assert send("lina", "link_revoke", link.pk).status_code == 302
    lesson = {"title": "盐雾", "text": "先确认工艺", "tags": "盐雾、镀锌;支架"}
    assert send("wang", "lesson_write", once=once.new_key(), **lesson).status_code == 302
    row = models.Lesson.objects.get()
    assert row.tags == ["盐雾", "镀锌", "支架"]
    change = {**lesson, "version": 1, "text": "报价前先确认工艺"}
    assert signed_in("wang").post(reverse("cases:lesson_change", args=[row.pk]), change).status_code == 302
    assert signed_in("wang").post(reverse("cases:lesson_change", args=[row.pk]), change).status_code == 422
    assert signed_in("sun").get(row.get_absolute_url()).status_code == 200
    assert (
        signed_in("wang")
        .post(reverse("cases:lesson_void", args=[row.pk]), {"version": 2, "reason": "过时"})
        .status_code
        == 302
    )


def test_feedback_recorded_by_us(story: Story, send: Callable[..., Any]) -> None:
    said = {"way": "phone", "speaker": "沈工", "said_at": "2026-03-02T09:00", "satisfied": "no", "score": "2"}
    assert send("lina", "feedback_record", once=once.new_key(), **said).status_code == 422
    assert send("lina", "feedback_record", once=once.new_key(), **said, words="太慢").status_code == 422, "no proof"
    said["no_proof"] = "电话未录音"
    assert send("lina", "feedback_record", once=once.new_key(), **said, words="太慢").status_code == 302
    assert story.refreshed().is_satisfied is False
    assert send("lina", "feedback_give_up", reason="联系不上").status_code == 302


def convention_said(client: Client, url: str) -> dict[str, Any]:
    """What the form of conventions sends when nothing is touched."""
    form = client.get(url).context["form"]
    said = {
        name: form[name].value()
        for name in form.fields
        if name not in ("priorities", "procedures", "fields", "skills", "allows_gaps")
    }
    for table in ("priorities", "procedures", "fields"):
        for line in form.fields[table].lines:
            said |= {f"{table}-{line.key}-{column}": words or "" for column, words in line.filled.items()}
    return said


def test_conventions(story: Story, signed_in: SignIn) -> None:
    url, client = reverse("cases:convention"), signed_in("zhou")
    said = convention_said(client, url)
    before = convention_queries.convention().priorities
    assert client.post(url, said).status_code == 302
    assert convention_queries.convention().priorities == before, "what is shown is what is stored"
    said = convention_said(client, url) | {
        "number_pattern": "Q{yy}-{n:03}",
        "priorities-n0-value": "否",
        "priorities-n6-fact": "cases.channel",
        "priorities-n6-operator": "in",
        "priorities-n6-value": "微信，portal",
        "priorities-n6-then": "",
        "skills-commercial-skill": "technical",
        "procedures-n0-fact": "cases.customer",
        "procedures-n0-operator": "in",
        "procedures-n0-value": "上汽大众（示例）",
        "procedures-n0-then": "s7",
        "usual": "s1",
    }
    assert client.post(url, said).status_code == 302
    row = convention_queries.convention()
    assert row.priorities["rows"][0]["when"] == [["cases.is_safety", "is", False]]
    further = ["cases.channel", "in", ["wechat", "portal"]]
    assert row.priorities["rows"][-1]["when"] == [["cases.days_left", ">", 30], further]
    assert (row.skills["commercial"], row.number_pattern) == ("technical", "Q{yy}-{n:03}")
    assert row.procedures == {
        "rows": [{"when": [["cases.customer", "in", ["SVW"]]], "then": "s7"}], "otherwise": "s1"
    }  # fmt: skip
    assert client.post(url, said).status_code == 422, "the version seen is old"
    said["version"] = row.version
    wrong = (
        {"number_pattern": "Q{yy}"},
        {"priorities-n0-value": "也许"},
        {"priorities-n0-then": ""},
        {"priorities-n2-value": ""},
        {"usual": "adopt"},
        {"procedures-n0-value": "无此顾客"},
    )
    for each in wrong:
        assert client.post(url, {**said, **each}).status_code == 422, each
    assert signed_in("wang").get(url).status_code == 403


def test_the_room_is_closed_to_those_without_a_role(story: Story, signed_in: SignIn) -> None:
    client = signed_in("outsider")
    for name in ("cases", "case_new", "lessons", "convention"):
        assert client.get(reverse(f"cases:{name}")).status_code == 403
    assert client.get(story.case.get_absolute_url()).status_code == 403


def test_english_readers_read_english(story: Story, signed_in: SignIn) -> None:
    story.company.zhao.language = "en"
    story.company.zhao.save()
    page = signed_in("zhao").get(story.case.get_absolute_url()).content.decode()
    assert "to be accepted" in page
    assert "待受理" not in page


def test_people_are_suggested_by_name_and_number(story: Story, signed_in: SignIn) -> None:
    found = signed_in("lina").get(reverse("cases:person_suggestions"), {"q": "0202"}).json()
    assert [each["text"] for each in found] == ["王强 0202"]
