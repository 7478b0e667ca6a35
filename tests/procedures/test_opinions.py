"""Opinions entered for others: silence is never consent."""

from datetime import timedelta

import pytest

from tests.procedures.conftest import REGISTERED, Story
from yinuo.kit import refusals
from yinuo.procedures import models
from yinuo.procedures.actions import handing, opinions, working

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


def test_a_condition_needs_words(judging: Story) -> None:
    with pytest.raises(opinions.CannotEnter):
        enter(judging, condition="")


def test_a_wrong_entry_is_withdrawn_by_whoever_entered_it(judging: Story) -> None:
    opinion, people = enter(judging), judging.company.people
    task = judging.task("judge", QUALITY)
    with pytest.raises(refusals.NotAllowed):
        opinions.withdraw_opinion(opinion=opinion, by=people["chen"], now=judging.tick(), expected=task.version)
    opinions.withdraw_opinion(opinion=opinion, by=people["lina"], now=judging.tick(), expected=task.version)
    with pytest.raises(opinions.CannotConfirm, match="撤回"):
        opinions.confirm_opinion(opinion=opinion, by=people["zhou"], now=judging.tick(), expected=task.version)
    assert enter(judging, verdict="can").verdict == "can"


def test_an_entry_goes_when_the_task_goes_elsewhere(judging: Story) -> None:
    opinion, people = enter(judging), judging.company.people
    task = judging.task("judge", QUALITY)
    handing.reassign(
        task=task, to=people["sun"], reason="转岗", by=people["zhou"], now=judging.tick(), expected=task.version
    )
    opinion.refresh_from_db()
    assert opinion.withdrawn_at is not None
    assert enter(judging, said_by="sun").said_by == people["sun"]


@pytest.mark.parametrize("how", ["returned", "submitted"])
def test_an_entry_goes_when_the_task_closes(judging: Story, how: str) -> None:
    opinion = enter(judging)
    if how == "submitted":
        judging.submit("zhou", "judge", QUALITY, verdict="can")
    else:
        task, chen = judging.task("judge", "department:engineering"), judging.company.chen
        working.return_to(
            task=task, to="register", reason="缺少原件", by=chen, now=judging.tick(), expected=task.version
        )
    opinion.refresh_from_db()
    assert opinion.withdrawn_at is not None
