"""Two people at once: one wins, the other is told; what does not concern each other both succeeds."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tests.procedures.conftest import REGISTERED, Story
from yinuo.kit import refusals
from yinuo.procedures import models
from yinuo.procedures.actions import handing, working
from yinuo.procedures.queries import runs

threads = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one writer in after the other anyway")


def test_the_second_is_told_who_finished_it_and_when(story: Story) -> None:
    """Both opened the page before either submitted."""
    story.submit("lina", "register", data=REGISTERED)
    seen = story.task("judge", "department:quality")
    zhou = story.company.zhou
    working.submit(task=seen, by=zhou, now=story.tick(), expected=seen.version, verdict="can")
    with pytest.raises(working.AlreadyDone, match=r"周华.*2026-03-02 09:32"):
        working.submit(task=seen, by=zhou, now=story.tick(), expected=seen.version, verdict="cannot", condition="晚了")
    assert story.task("judge", "department:quality", state="done").verdict == "can"


def test_a_version_not_seen_is_refused(story: Story) -> None:
    task = story.task("register")
    seen = task.version
    lina, zhao = story.company.lina, story.company.zhao
    handing.delegate(task=task, to=zhao, reason="外出", by=lina, now=story.tick(), expected=seen)
    with pytest.raises(refusals.Stale):
        working.submit(task=task, by=story.company.lina, now=story.tick(), expected=seen, data=REGISTERED)
    with pytest.raises(refusals.Stale):
        working.save_draft(task=task, data={"what": "乙"}, by=story.company.lina, now=story.tick(), expected=seen)


def test_what_somebody_drafts_keeps_nobody_from_submitting(story: Story) -> None:
    task, lina, zhao = story.task("register"), story.company.lina, story.company.zhao
    handing.delegate(task=task, to=zhao, reason="外出", by=lina, now=story.tick(), expected=task.version)
    seen = task.version
    working.save_draft(task=task, data={"what": "甲"}, by=lina, now=story.tick(), expected=seen)
    working.submit(task=task, by=zhao, now=story.tick(), expected=seen, data=REGISTERED)
    with pytest.raises(working.AlreadyDone, match="赵敏"):
        working.submit(task=task, by=lina, now=story.tick(), expected=seen, data=REGISTERED)


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """What each deed gave or raised, all begun at the same moment, each on its own connection."""
    gate, given = threading.Barrier(len(deeds)), [None] * len(deeds)

    def do(index: int) -> None:
        gate.wait()
        try:
            given[index] = deeds[index]()
        except Exception as error:
            given[index] = error  # type: ignore[call-overload]
        finally:
            connection.close()

    workers = [threading.Thread(target=do, args=(index,)) for index in range(len(deeds))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    return given


@threads
@pytest.mark.django_db(transaction=True)
def test_two_finishing_the_same_task_at_once(transactional_db: None, story: Story) -> None:
    story.submit("lina", "register", data=REGISTERED)
    zhou, now = story.company.zhou, story.tick()
    task = story.task("judge", "department:quality")

    def deed() -> models.Run:
        return working.submit(
            task=models.Task.objects.get(pk=task.pk), by=zhou, now=now, expected=task.version, verdict="can"
        )

    given = at_once(deed, deed, deed)
    assert sorted(type(each).__name__ for each in given) == ["AlreadyDone", "AlreadyDone", "Run"]
    assert runs.replayed(story.fresh()) == runs.state_of(story.run)


@threads
@pytest.mark.django_db(transaction=True)
def test_opinions_given_at_the_same_moment_all_count(transactional_db: None, story: Story) -> None:
    story.submit("lina", "register", data=REGISTERED)
    now = story.tick()
    chosen = [("chen", "department:engineering"), ("zhou", "department:quality")]

    def deed(who: str, party: str) -> models.Run:
        task = story.task("judge", party)
        return working.submit(task=task, by=story.company.people[who], now=now, expected=task.version, verdict="can")

    given = at_once(*(lambda who=who, party=party: deed(who, party) for who, party in chosen))
    assert [type(each).__name__ for each in given] == ["Run", "Run"]
    assert story.open_steps() == ["approve"]
    assert runs.replayed(story.fresh()) == runs.state_of(story.run)
