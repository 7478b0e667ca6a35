"""A run in the hands of its people."""

import pytest

from tests.procedures.conftest import NOW, REGISTERED, THING, Story
from yinuo.kit import refusals
from yinuo.procedures import models
from yinuo.procedures.actions import running, signing, working
from yinuo.procedures.queries import runs, tasks
from yinuo.records import models as records


def test_a_run_opens_its_first_task_for_whoever_started_it(story: Story) -> None:
    task = story.task("register")
    assert task.holder == story.company.lina
    assert (story.run.status_key, story.run.stage, story.run.phase) == ("new", "pending", "begin")
    assert story.mine("lina") == ["register"]
    assert story.mine("zhao") == []
    assert task.due_at is not None
    assert records.Entry.objects.filter(word="procedures.run.started", subject_id=THING.id).count() == 1


def test_a_run_from_the_first_task_to_the_end(story: Story) -> None:
    story.submit("lina", "register", data=REGISTERED)
    assert story.open_steps() == ["judge", "judge"]
    assert story.mine("chen") == ["judge"]
    story.submit("chen", "judge", "department:engineering", verdict="can")
    story.submit("zhou", "judge", "department:quality", verdict="conditional", condition="需增加检测")
    assert story.mine("gao") == ["approve"]
    run = story.submit("gao", "approve", outcome="agree", signed=True)
    assert (run.ending, run.status_key, run.stage) == ("completed", "over", "done")
    signature = models.Signature.objects.get()
    assert (signature.person, signature.post, signature.is_electronic) == (story.company.gao, "总经理", True)
    assert runs.replayed(story.fresh()) == runs.state_of(story.run)
    assert [task.step for task in tasks.done_by(story.company.gao)] == ["approve"]


def test_one_open_run_per_subject(story: Story) -> None:
    with pytest.raises(running.CannotStart, match="已在按该程序办理"):
        running.start(procedure_key="small", subject=THING, by=story.company.lina, now=NOW)


def test_a_decision_to_sign_refuses_without_a_proof(story: Story) -> None:
    story.submit("lina", "register", data=REGISTERED)
    story.submit("chen", "judge", "department:engineering", verdict="can")
    story.submit("zhou", "judge", "department:quality", verdict="can")
    with pytest.raises(signing.SignatureMissing):
        story.submit("gao", "approve", outcome="agree")
    assert story.open_steps() == ["approve"]


def test_only_its_people_may_finish_a_task(story: Story) -> None:
    with pytest.raises(working.NotYours):
        story.submit("chen", "register", data=REGISTERED)
    with pytest.raises(refusals.NotAllowed):
        story.submit("outsider", "register", data=REGISTERED)
