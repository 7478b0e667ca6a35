"""Bringing others in, sending back, taking back."""

from datetime import timedelta

import pytest

from tests.procedures.conftest import REGISTERED, Story
from yinuo.kit import refusals
from yinuo.notify import models as notify
from yinuo.org import models as org
from yinuo.procedures import access, models
from yinuo.procedures.actions import handing, running, working
from yinuo.procedures.actions.course import CannotProceed
from yinuo.procedures.queries import runs
from yinuo.records import models as records


def judged(story: Story) -> Story:
    """As far as the opinions."""
    story.submit("lina", "register", data=REGISTERED)
    return story


def reassign(story: Story, task: models.Task, by: str, to: str, reason: str = "出差") -> None:
    people = story.company.people
    handing.reassign(task=task, to=people[to], reason=reason, by=people[by], now=story.tick(), expected=task.version)


def test_a_task_handed_over_is_the_other_persons_alone(story: Story) -> None:
    task = story.task("register")
    reassign(story, task, "lina", "zhao")
    assert story.mine("lina") == []
    assert story.mine("zhao") == ["register"]
    entry = records.Entry.objects.get(word="procedures.task.reassigned")
    assert entry.reason == "出差"
    assert entry.note["to"] == "赵敏"
    with pytest.raises(working.NotYours, match="赵敏"):
        story.submit("lina", "register", data=REGISTERED)
    story.submit("zhao", "register", data=REGISTERED)


def test_handing_over_needs_a_reason_and_a_person_who_may(story: Story) -> None:
    task = story.task("register")
    with pytest.raises(handing.CannotHandOver):
        reassign(story, task, "lina", "zhao", reason=" ")
    with pytest.raises(handing.CannotHandOver, match="外人"):
        reassign(story, task, "lina", "outsider")
    with pytest.raises(handing.CannotHandOver, match="李娜"):
        reassign(story, task, "lina", "lina")
    with pytest.raises(refusals.NotAllowed):
        reassign(story, task, "sun", "wang")
    assert story.mine("lina") == ["register"]


def test_somebody_who_steers_hands_over_what_a_post_has(story: Story) -> None:
    judged(story)
    reassign(story, story.task("judge", "department:engineering"), "zhao", "wang")
    assert story.mine("chen") == []
    assert story.mine("wang") == ["judge"]


def test_a_delegate_works_on_behalf_and_it_is_shown(story: Story) -> None:
    lina, zhao = story.company.lina, story.company.zhao
    task = story.task("register")
    handing.delegate(task=task, to=zhao, reason="外出", by=lina, now=story.tick(), expected=task.version)
    assert story.mine("lina") == ["register"]
    assert story.mine("zhao") == ["register"]
    story.submit("zhao", "register", data=REGISTERED)
    done = story.task("register", state="done")
    assert (done.closed_by, done.on_behalf_of) == (zhao, lina)
    assert records.Entry.objects.get(word="procedures.task.done").note["on_behalf_of"] == "李娜"


def test_a_delegation_is_ended_by_whoever_gave_it(story: Story) -> None:
    lina, zhao = story.company.lina, story.company.zhao
    task = story.task("register")
    with pytest.raises(handing.CannotHandOver):
        handing.delegate(task=task, to=None, reason="", by=lina, now=story.tick(), expected=task.version)
    handing.delegate(task=task, to=zhao, reason="外出", by=lina, now=story.tick(), expected=task.version)
    with pytest.raises(handing.CannotHandOver):
        handing.delegate(task=task, to=None, reason="", by=zhao, now=story.tick(), expected=task.version)
    handing.delegate(task=task, to=None, reason="", by=lina, now=story.tick(), expected=task.version)
    assert (story.mine("lina"), story.mine("zhao")) == (["register"], [])
    assert notify.Message.objects.filter(person=zhao, kind="task_delegation_ended").count() == 1


def test_only_the_person_responsible_delegates(story: Story) -> None:
    lina, zhao, wang = story.company.lina, story.company.zhao, story.company.wang
    task = story.task("register")
    handing.delegate(task=task, to=zhao, reason="外出", by=lina, now=story.tick(), expected=task.version)
    with pytest.raises(handing.CannotHandOver):
        handing.delegate(task=task, to=wang, reason="转", by=zhao, now=story.tick(), expected=task.version)


def test_an_absent_persons_tasks_are_the_delegates_meanwhile(story: Story) -> None:
    lina, zhao = story.company.lina, story.company.zhao
    org.Absence.objects.create(person=lina, delegate=zhao, from_at=story.now, to_at=story.now + timedelta(days=1))
    assert story.mine("zhao") == ["register"]
    story.submit("zhao", "register", data=REGISTERED)
    done = story.task("register", state="done")
    assert (done.closed_by, done.on_behalf_of) == (zhao, lina)


def test_chains_of_delegates_are_followed_and_end_with_the_absence(story: Story) -> None:
    people = story.company.people
    until = story.now + timedelta(days=1)
    org.Absence.objects.create(person=people["lina"], delegate=people["zhao"], from_at=story.now, to_at=until)
    org.Absence.objects.create(person=people["zhao"], delegate=people["gao"], from_at=story.now, to_at=until)
    assert story.mine("gao") == ["register"]
    assert story.mine("zhao") == []
    story.now = until
    assert story.mine("gao") == []


@pytest.mark.parametrize("before", [True, False])
def test_an_added_signer_signs_before_or_after(story: Story, before: bool) -> None:
    judged(story)
    task, zhou = story.task("judge", "department:quality"), story.company.zhou
    handing.add_signer(
        task=task, signer=story.company.sun, before=before, reason="检测能力", by=zhou, now=story.tick(),
        expected=task.version,
    )  # fmt: skip
    if before:
        assert story.mine("zhou") == []
        with pytest.raises(CannotProceed):
            working.submit(
                task=task, by=zhou, now=story.tick(), expected=story.task("judge", state="blocked").version,
                verdict="can",
            )  # fmt: skip
        story.submit("sun", "judge", "person:0302", outcome="agree")
        story.submit("zhou", "judge", "department:quality", verdict="can")
    else:
        assert story.mine("sun") == []
        story.submit("zhou", "judge", "department:quality", verdict="can")
        assert story.mine("sun") == ["judge"]
        story.submit("sun", "judge", "person:0302", outcome="agree")
    story.submit("chen", "judge", "department:engineering", verdict="can")
    assert story.open_steps() == ["approve"]


def test_whoever_waits_for_a_signer_is_not_reminded_meanwhile(story: Story) -> None:
    judged(story)
    task, zhou = story.task("judge", "department:quality"), story.company.zhou
    handing.add_signer(
        task=task, signer=story.company.sun, before=True, reason="", by=zhou, now=story.tick(), expected=task.version
    )
    blocked = story.task("judge", "department:quality", state="blocked")
    assert blocked.wake_at is None
    story.submit("sun", "judge", "person:0302", outcome="agree")
    freed = story.task("judge", "department:quality")
    assert (freed.due_at, freed.wake_at) == (task.due_at, task.wake_at)


def test_returning_closes_what_is_behind_and_gives_the_step_back_to_whoever_did_it(story: Story) -> None:
    judged(story)
    task = story.task("judge", "department:quality")
    zhou = story.company.zhou
    with pytest.raises(working.Incomplete):
        working.return_to(task=task, to="register", reason="", by=zhou, now=story.tick(), expected=task.version)
    working.return_to(task=task, to="register", reason="缺少原件", by=zhou, now=story.tick(), expected=task.version)
    assert story.open_steps() == ["register"]
    again = story.task("register")
    assert (again.holder, again.attempt, again.draft) == (story.company.lina, 2, REGISTERED)
    assert (again.returned_because, again.returned_by) == ("缺少原件", zhou)
    returned = story.task("judge", "department:quality", state="returned")
    assert (returned.closed_by, returned.reason) == (zhou, "缺少原件")
    assert story.task("judge", "department:engineering", state="cancelled").closed_by is None
    assert runs.replayed(story.fresh()) == runs.state_of(story.run)


def test_a_step_is_withdrawn_while_nothing_rests_on_it(story: Story) -> None:
    judged(story)
    done = story.task("register", state="done")
    with pytest.raises(working.CannotWithdraw):
        working.withdraw(task=done, by=story.company.zhao, now=story.tick(), expected=done.version)
    working.withdraw(task=done, by=story.company.lina, now=story.tick(), expected=done.version)
    assert story.open_steps() == ["register"]
    assert story.task("register").draft == REGISTERED
    story.submit("lina", "register", data=REGISTERED)
    story.submit("chen", "judge", "department:engineering", verdict="can")
    done = story.task("register", state="done")
    with pytest.raises(CannotProceed):
        working.withdraw(task=done, by=story.company.lina, now=story.tick(), expected=done.version)


def test_a_reminder_is_sent_once_an_hour(story: Story) -> None:
    judged(story)
    task = story.task("judge", "department:quality")
    handing.remind(task=task, by=story.company.lina, now=story.tick())
    with pytest.raises(handing.CannotRemind):
        handing.remind(task=task, by=story.company.lina, now=story.tick(minutes=59))
    handing.remind(task=task, by=story.company.lina, now=story.tick(minutes=2))
    assert models.Reminder.objects.filter(task=task, kind="asked").count() == 2
    with pytest.raises(refusals.NotAllowed):
        handing.remind(task=task, by=story.company.sun, now=story.tick(hours=2))


def test_on_hold_there_is_nobody_to_remind(story: Story) -> None:
    task, zhao = story.task("register"), story.company.zhao
    assert access.may_remind(zhao, task)
    running.hold(run=story.run, reason="等待顾客", by=zhao, now=story.tick(), expected=story.run.version)
    story.fresh()
    held = story.task("register")
    assert not access.may_remind(zhao, held)
    with pytest.raises(handing.CannotRemind):
        handing.remind(task=held, by=zhao, now=story.tick())


def test_a_copy_goes_to_those_who_may_see_it_once(story: Story) -> None:
    people = story.company.people
    handing.copy_to(run=story.run, people=[people["sun"]], note="供参考", by=people["lina"], now=story.tick())
    handing.copy_to(run=story.run, people=[people["sun"]], note="再次", by=people["lina"], now=story.tick())
    assert [copy.note for copy in runs.copied_to(people["sun"])] == ["供参考"]
    with pytest.raises(handing.CannotCopy, match="外人"):
        handing.copy_to(run=story.run, people=[people["outsider"]], note="", by=people["lina"], now=story.tick())
