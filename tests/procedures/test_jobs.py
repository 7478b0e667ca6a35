"""The clock: reminders, escalations, holds, changed calendars, people who leave."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.procedures.conftest import NOW, REGISTERED, Story
from tests.procedures.test_publishing import NEXT, longer, publish
from yinuo.kit import actors, jobs, plugs
from yinuo.kit import models as kit
from yinuo.notify import models as notify
from yinuo.org import models as org
from yinuo.procedures import models
from yinuo.procedures.actions import clock, running
from yinuo.procedures.queries import tasks


def at(text: str) -> datetime:
    """A moment in Shanghai."""
    return datetime.fromisoformat(f"2026-{text}:00+08:00").astimezone(UTC)


def strike(now: datetime) -> int:
    """The clock strikes, and the worker does what was asked."""
    found = clock.strike(by=actors.PROGRAM, now=now)
    for job in kit.Job.objects.filter(name="procedures.wake", state="waiting"):
        clock.wake(task_id=job.arguments["task"], by=actors.PROGRAM, now=now)
        kit.Job.objects.filter(pk=job.pk).update(state="done")
    return found


def sent(task: models.Task) -> list[tuple[str, list[str]]]:
    return list(task.reminders.order_by("pk").values_list("kind", "told"))


def test_due_in_working_hours_across_the_lunch_break(story: Story) -> None:
    task = story.task("register")
    assert task.due_at == at("03-02T14:30")
    assert task.wake_at == at("03-02T13:30")


def test_reminded_then_overdue_then_the_superior(story: Story) -> None:
    task = story.task("register")
    assert strike(at("03-02T13:00")) == 0
    assert strike(at("03-02T13:30")) == 1
    assert sent(task) == [("ahead", ["李娜"])]
    strike(at("03-02T14:31"))
    strike(at("03-03T10:31"))
    assert sent(task)[1:] == [("overdue", ["李娜"]), ("escalated", ["赵敏"])]
    task.refresh_from_db()
    assert task.wake_at is None


def test_each_reminder_once_even_if_the_worker_dies(story: Story) -> None:
    task = story.task("register")
    now = at("03-02T13:30")
    clock.strike(by=actors.PROGRAM, now=now)
    clock.strike(by=actors.PROGRAM, now=now + timedelta(minutes=1))
    assert kit.Job.objects.filter(name="procedures.wake").count() == 1
    clock.wake(task_id=task.pk, by=actors.PROGRAM, now=now)
    clock.wake(task_id=task.pk, by=actors.PROGRAM, now=now)
    assert sent(task) == [("ahead", ["李娜"])]


def test_what_was_missed_while_nobody_looked_is_said_once(story: Story) -> None:
    strike(at("03-05T09:00"))
    assert [kind for kind, _told in sent(story.task("register"))] == ["ahead", "overdue", "escalated"]


def test_a_finished_task_is_left_in_peace(story: Story) -> None:
    story.submit("lina", "register", data=REGISTERED)
    assert strike(at("03-02T15:00")) == 0


def test_reminders_days_before_and_on_the_day(story: Story) -> None:
    story.submit("lina", "register", data=REGISTERED)
    task = story.task("judge", "department:quality")
    assert task.due_at == at("03-05T17:30")
    for day in ("03-04T08:30", "03-05T08:30"):
        strike(at(day))
    assert sent(task) == [("ahead", ["周华"]), ("ahead", ["周华"])]


def test_on_hold_clocks_stand_still_and_go_on_with_what_was_left(story: Story) -> None:
    zhao = story.company.zhao
    running.hold(run=story.run, reason="等待顾客", by=zhao, now=at("03-02T10:30"), expected=story.run.version)
    assert strike(at("03-03T09:00")) == 0
    assert story.mine("lina") == []
    assert story.fresh().status_key == "held"
    running.resume(run=story.run, by=zhao, now=at("03-03T09:00"), expected=story.run.version)
    task = story.task("register")
    assert task.due_at == at("03-03T12:00")
    assert story.mine("lina") == ["register"]


def test_a_changed_calendar_moves_due_moments_and_takes_provisional_away(story: Story) -> None:
    story.submit("lina", "register", data=REGISTERED)
    task = story.task("judge", "department:quality")
    assert task.is_provisional
    org.CalendarYear.objects.create(year=2026, source="test", loaded_at=NOW)
    org.CalendarDay.objects.create(day=at("03-04T12:00").date(), is_working=False)
    plugs.announce("org.calendar_changed", site_ids=[None], years=[2026], by=actors.PROGRAM, now=story.now)
    asked = kit.Job.objects.filter(name="procedures.recompute_due")
    clock.recompute_due(task_ids=asked.get().arguments["tasks"], by=actors.PROGRAM, now=story.now)
    task.refresh_from_db()
    assert (task.due_at, task.is_provisional) == (at("03-06T17:30"), False)


def test_tasks_of_somebody_who_left_go_to_the_fallback(story: Story) -> None:
    org.Person.objects.filter(pk=story.company.lina.pk).update(is_active=False)
    assert clock.mend_people(by=actors.PROGRAM, now=story.tick()) == 1
    assert story.mine("zhao") == ["register"]
    assert clock.mend_people(by=actors.PROGRAM, now=story.tick()) == 0


def test_tasks_of_somebody_who_may_no_longer_see_them_go_to_the_fallback(story: Story) -> None:
    scope = org.Scope.objects.create(name_zh="保密项目")
    org.ScopeGrant.objects.create(scope=scope, person=story.company.zhao, granted_at=NOW)
    plugs.announce("kit.rescoped", type="tests.thing", id=7, scope_id=scope.pk)
    assert clock.mend_people(by=actors.PROGRAM, now=story.tick()) == 1
    assert story.mine("zhao") == ["register"]
    assert clock.mend_people(by=actors.PROGRAM, now=story.tick()) == 0


def test_what_is_urgent_is_told_at_once(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "subject.is_urgent/tests.thing"
    plug = plugs.Plug(name, lambda subject: subject.id == 7, "", "", {})
    monkeypatch.setattr(plugs.facts, "_plugs", {**plugs.facts._plugs, name: plug})
    story.submit("lina", "register", data=REGISTERED)
    assert set(notify.Message.objects.values_list("kind", "is_urgent")) == {("task_assigned", True)}


def test_a_mail_about_something_confidential_says_number_and_step_only(story: Story) -> None:
    scope = org.Scope.objects.create(name_zh="保密项目")
    for person in (story.company.chen, story.company.zhou):
        org.ScopeGrant.objects.create(scope=scope, person=person, granted_at=NOW)
    models.Run.objects.update(scope_id=scope.pk, subject_label="CSR-T-7 秘密的内容")
    story.submit("lina", "register", data=REGISTERED)
    mails = notify.Mail.objects.exclude(text="").filter(heading__contains="CSR-T-7 · 部门评审")
    assert mails.count() == 2
    assert not notify.Mail.objects.filter(text__contains="秘密").exists()


def test_tasks_of_a_vacant_post_go_to_the_steps_own_fallback(story: Story) -> None:
    story.submit("lina", "register", data=REGISTERED)
    vacate(story, "engineering_manager")
    clock.mend_people(by=actors.PROGRAM, now=story.tick())
    task = story.task("judge", "department:engineering")
    assert task.post == story.company.post["quality_manager"]
    assert (task.party_words, task.warning) == ("工程部", "")


def test_where_the_step_names_nobody_else_the_owner_takes_it_with_a_warning(story: Story) -> None:
    story.submit("lina", "register", data=REGISTERED)
    vacate(story, "general_manager")
    story.submit("chen", "judge", "department:engineering", verdict="can")
    story.submit("zhou", "judge", "department:quality", verdict="can")
    task = story.task("approve")
    assert task.post == story.company.post["quality_manager"]
    assert "总经理" in task.warning_zh
    assert story.mine("zhou") == ["approve"]


def test_without_an_owner_it_waits_for_somebody_who_steers(story: Story) -> None:
    models.Procedure.objects.update(owner_post=None)
    story.submit("lina", "register", data=REGISTERED)
    vacate(story, "general_manager")
    story.submit("chen", "judge", "department:engineering", verdict="can")
    story.submit("zhou", "judge", "department:quality", verdict="can")
    assert [task.step for task in tasks.without_people(story.company.zhou)] == ["approve"]
    assert "总经理" in story.task("approve").warning_zh


def vacate(story: Story, post: str) -> None:
    holdings = org.Holding.objects.filter(post=story.company.post[post])
    holdings.update(to_on=NOW.date() - timedelta(days=1))


@pytest.mark.parametrize(
    ("now", "groups"), [("03-02T12:00", (0, 1, 0, 0)), ("03-02T15:00", (1, 0, 0, 0)), ("03-01T12:00", (0, 0, 0, 1))]
)
def test_my_tasks_by_when_they_are_due(story: Story, now: str, groups: tuple[int, ...]) -> None:
    found = tasks.grouped(tasks.tasks_of(story.company.lina, story.now), at(now))
    assert (len(found.overdue), len(found.today), len(found.week), len(found.later)) == groups


def test_the_schedules_and_jobs_stand(story: Story) -> None:
    """As the worker calls them: by name, at its own time, long after everything was due."""
    jobs.run_scheduled("procedures.clock")
    jobs.run_scheduled("procedures.people")
    plugs.jobs.get("procedures.wake").function(task=story.task("register").pk)
    plugs.jobs.get("procedures.recompute_due").function(tasks=[story.task("register").pk])
    assert [kind for kind, _told in sent(story.task("register"))] == ["ahead", "overdue", "escalated"]


def moved(story: Story, source: str) -> models.Task:
    """The run moved to an edition of this text, and its open task."""
    edition = publish(story, source)
    run = story.fresh()
    running.move_to_edition(
        run=run, edition=edition, reason="按新版执行", by=story.company.zhou, now=story.tick(), expected=run.version
    )
    return story.task("register")


def test_a_newer_edition_sets_the_clocks_anew(story: Story) -> None:
    task = moved(story, NEXT.replace("    escalate: [{after: {working_hours: 4}, to: superior}]\n", ""))
    assert task.due_at == at("03-02T14:30")
    strike(at("03-03T12:00"))
    assert [kind for kind, _told in sent(task)] == ["ahead", "overdue"], "there is nobody left to escalate to"


def test_a_newer_edition_with_more_time_gives_it_and_repeats_no_reminder(story: Story) -> None:
    strike(at("03-02T13:30"))
    longer_due = NEXT.replace("due: {working_hours: 4}", "due: {working_days: 2}", 1)
    task = moved(story, longer_due)
    assert task.due_at == at("03-04T17:30"), "counted from the opening of the task"
    strike(at("03-04T16:30"))
    assert [kind for kind, _told in sent(task)] == ["ahead", "ahead"]


def test_an_edition_that_changes_nothing_of_it_lets_a_due_moment_moved_by_a_hold_stand(story: Story) -> None:
    zhao = story.company.zhao
    running.hold(run=story.run, reason="等待顾客", by=zhao, now=at("03-02T10:30"), expected=story.run.version)
    running.resume(run=story.run, by=zhao, now=at("03-03T09:00"), expected=story.run.version)
    story.now = at("03-03T09:05")
    assert moved(story, longer(NEXT)).due_at == at("03-03T12:00")
