"""Opinions entered for others: silence is never consent."""

from datetime import timedelta

import pytest

from tests.procedures.conftest import REGISTERED, Story
from yinuo.kit import refusals
from yinuo.procedures import models
from yinuo.procedures.actions import opinions
from yinuo.procedures.actions.course import CannotProceed

QUALITY = "department:quality"


def enter(story: Story, by: str = "lina", said_by: str = "zhou", **values: str) -> models.Opinion:
    task, people = story.task("judge", QUALITY), story.company.people
    given = {"verdict": "conditional", "condition": "需增加检测", "way": "meeting", **values}
    return opinions.enter_opinion(
        task=task, said_by=people[said_by], said_at=story.now, by=people[by], now=story.tick(),
        expected=task.version, **given,
    )  # fmt: skip


@pytest.fixture
def judging(story: Story) -> Story:
    story.submit("lina", "register", data=REGISTERED)
    return story


def test_an_entered_opinion_counts_only_when_confirmed(judging: Story) -> None:
    opinion = enter(judging)
    judging.submit("chen", "judge", "department:engineering", verdict="can")
    assert judging.open_steps() == ["judge"]
    judging.tick(days=30)
    assert judging.open_steps() == ["judge"]
    task = judging.task("judge", QUALITY)
    zhou = judging.company.zhou
    opinions.confirm_opinion(opinion=opinion, by=zhou, now=judging.tick(), expected=task.version)
    assert judging.open_steps() == ["approve"]
    done = judging.task("judge", QUALITY, state="done")
    assert (done.verdict, done.condition, done.closed_by) == ("conditional", "需增加检测", zhou)
    opinion.refresh_from_db()
    assert (opinion.said_by, opinion.entered_by) == (zhou, judging.company.lina)
    assert opinion.confirmed_at is not None


def test_only_whoever_said_it_confirms(judging: Story) -> None:
    opinion = enter(judging)
    task = judging.task("judge", QUALITY)
    with pytest.raises(refusals.NotAllowed):
        opinions.confirm_opinion(opinion=opinion, by=judging.company.lina, now=judging.tick(), expected=task.version)


def test_rejected_the_task_stays_open(judging: Story) -> None:
    opinion = enter(judging)
    task, zhou = judging.task("judge", QUALITY), judging.company.zhou
    with pytest.raises(opinions.CannotConfirm):
        opinions.reject_opinion(opinion=opinion, reason="", by=zhou, now=judging.tick(), expected=task.version)
    opinions.reject_opinion(
        opinion=opinion, reason="我说的是不能满足", by=zhou, now=judging.tick(), expected=task.version
    )
    with pytest.raises(opinions.CannotConfirm):
        opinions.confirm_opinion(opinion=opinion, by=zhou, now=judging.tick(), expected=task.version)
    enter(judging, verdict="cannot", condition="设备不足")
    assert judging.task("judge", QUALITY).opinions.count() == 2


def test_one_waits_at_a_time(judging: Story) -> None:
    enter(judging)
    with pytest.raises(opinions.CannotEnter):
        enter(judging)


@pytest.mark.parametrize(
    ("by", "said_by", "values"),
    [
        ("lina", "chen", {}),
        ("zhou", "zhou", {}),
        ("lina", "zhou", {"way": "telepathy"}),
        ("lina", "zhou", {"verdict": "perhaps"}),
    ],
)
def test_what_cannot_be_entered(judging: Story, by: str, said_by: str, values: dict[str, str]) -> None:
    with pytest.raises(opinions.CannotEnter):
        enter(judging, by=by, said_by=said_by, **values)


def test_nothing_said_in_the_future(judging: Story) -> None:
    task = judging.task("judge", QUALITY)
    with pytest.raises(opinions.CannotEnter):
        opinions.enter_opinion(
            task=task, said_by=judging.company.zhou, said_at=judging.now + timedelta(hours=1), way="phone",
            by=judging.company.lina, now=judging.now, expected=task.version, verdict="can",
        )  # fmt: skip


def test_a_condition_needs_words_when_confirmed(judging: Story) -> None:
    opinion = enter(judging, condition="")
    task = judging.task("judge", QUALITY)
    with pytest.raises(CannotProceed):
        opinions.confirm_opinion(opinion=opinion, by=judging.company.zhou, now=judging.tick(), expected=task.version)
