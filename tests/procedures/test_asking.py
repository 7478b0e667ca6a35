"""Who is asked when the first choice is not there; a wait whose end somebody records; files given with an opinion."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from tests import cast
from tests.procedures.conftest import HERE, NOW, THING, Story
from tests.procedures.test_jobs import strike
from tests.procedures.test_pages import SignIn
from yinuo.kit import actors
from yinuo.procedures import models
from yinuo.procedures.actions import course, opinions, publishing, running, working
from yinuo.procedures.queries import runs

THINGS = [
    {"key": "A1", "owner": "person:0202", "deputy": "post:engineering_manager", "chief": "person:0001"},
    {"key": "A2", "owner": "nobody"},
]


@pytest.fixture
def asked(company: cast.Company) -> Story:
    """A run in which opinions are asked."""
    post = company.post["quality_manager"]
    publishing.load_library(by=actors.PROGRAM, now=NOW, folder=HERE / "asking", owner_post=post)
    facts = {"tests.things": THINGS}
    run = running.start(procedure_key="asking", subject=THING, by=company.lina, now=NOW, facts=facts)
    story = Story(company, run)
    story.submit("lina", "prepare")
    return story


def report() -> dict[str, list[ContentFile]]:
    return {"report": [ContentFile(b"%PDF report", name="报告.pdf")]}


def whose(story: Story) -> list[tuple[str, str, str]]:
    """Round, who has it, and a warning if others stand in."""
    return [
        (task.path[0], (task.holder or task.post).name, task.warning_zh)
        for task in story.run.tasks.filter(step="ask", state="open").order_by("pk")
        if task.holder or task.post
    ]


def test_parties_and_their_fallbacks_are_asked_in_turn(asked: Story) -> None:
    assert whose(asked) == [
        ("A1", "王强", ""), ("A1", "工程部经理", ""), ("A2", "工程部经理", ""), ("A2", "质量部经理", ""),
    ]  # fmt: skip


def test_an_escalation_goes_to_the_element_and_else_to_its_fallback(asked: Story) -> None:
    due_at = asked.run.tasks.filter(step="ask").first().due_at
    strike(due_at + timedelta(days=3))
    told = models.Reminder.objects.filter(kind="escalated").order_by("task").values_list("task__path", "told")
    assert [(path[0], names) for path, names in told] == [("A1", ["高远"])] * 2 + [("A2", ["赵敏"])] * 2


def opine(story: Story) -> None:
    for task in story.run.tasks.filter(step="ask", state="open").order_by("pk"):
        person = task.holder or story.company.people["chen" if task.post.code == "engineering_manager" else "zhou"]
        working.submit(task=task, by=person, now=story.tick(), expected=task.version, verdict="can", files=report())


def test_files_said_with_an_opinion_are_kept_until_it_is_confirmed(asked: Story) -> None:
    task, wang = asked.run.tasks.filter(step="ask", holder__isnull=False).get(), asked.company.wang
    given = {"said_by": wang, "said_at": asked.now, "way": "meeting", "by": asked.company.lina, "verdict": "can"}
    with pytest.raises(working.Incomplete):
        opinions.enter_opinion(task=task, now=asked.tick(), expected=task.version, **given)
    opinion = opinions.enter_opinion(task=task, now=asked.tick(), expected=task.version, files=report(), **given)
    opinions.confirm_opinion(opinion=opinion, by=wang, now=asked.tick(), expected=task.version)
    task.refresh_from_db()
    assert (task.state, task.data["report"][0]["name"]) == ("done", "报告.pdf")


def test_whoever_follows_a_wait_records_that_it_happened(asked: Story) -> None:
    opine(asked)
    assert asked.open_steps() == ["inspection"]
    with pytest.raises(working.NotYours):
        asked.submit("lina", "inspection", outcome="passed", data={"certificate": "SJ-1"}, condition="已商检")
    with pytest.raises(working.Incomplete):
        asked.submit("zhou", "inspection", outcome="passed", condition="已商检")
    with pytest.raises(course.CannotProceed):
        asked.submit("zhou", "inspection", data={"certificate": "SJ-1"}, condition="已商检")
    with pytest.raises(working.Incomplete):
        asked.submit("zhou", "inspection", outcome="passed", data={"certificate": "SJ-1"})
    asked.submit("zhou", "inspection", outcome="failed", data={"certificate": "SJ-1"}, condition="灯具不合格")
    assert (asked.task("prepare").returned_because, asked.open_steps()) == ("灯具不合格", ["prepare"])
    asked.submit("lina", "prepare")
    opine(asked)
    run = asked.submit("zhou", "inspection", outcome="passed", data={"certificate": "SJ-2"}, condition="复检合格")
    assert run.ending == "completed"
    done = asked.task("inspection", state="done")
    assert (done.closed_by, done.outcome) == (asked.company.zhou, "passed")
    assert runs.replayed(asked.fresh()) == runs.state_of(asked.run)


def test_recording_it_on_the_page(asked: Story, signed_in: SignIn) -> None:
    opine(asked)
    task = asked.task("inspection")
    address, send = (reverse(f"procedures:{name}", args=[task.pk]) for name in ("task", "task_submit"))
    zhou: Client = signed_in("zhou")
    assert "登记结果" in zhou.get(address).content.decode()
    assert "登记结果" not in signed_in("lina").get(address).content.decode()
    filled = {"outcome": "passed", "f-certificate": "SJ-1", "version": task.version}
    assert zhou.post(send, filled).status_code == 422
    assert zhou.post(send, {**filled, "condition": "已商检"}).status_code == 302
    assert asked.fresh().ending == "completed"
