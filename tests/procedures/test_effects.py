"""What the program does in a run: effects that succeed, fail, come later or act on the run again; waits and timers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.utils.translation import gettext_lazy

from tests import cast
from tests.procedures.conftest import HERE, NOW, THING, Story
from tests.procedures.test_jobs import strike
from yinuo.kit import actors, plugs, refusals
from yinuo.procedures import models
from yinuo.procedures.actions import effects, publishing, running
from yinuo.procedures.actions.course import CannotProceed
from yinuo.procedures.queries import runs


class CannotSend(refusals.Refusal):
    """The test's own refusal."""


@dataclass
class Acts:
    """What the effects of the test were asked, and what `tests.send` answers."""

    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    send: Callable[[dict[str, Any]], Any] = lambda call: {"sent_to": call["parameters"]["to"]}
    keep: Callable[[dict[str, Any]], Any] = lambda call: None

    def act(self, name: str) -> Callable[..., Any]:
        def effect(**call: Any) -> Any:
            self.asked.append((name, call))
            answer = getattr(self, name, None)
            return answer(call) if answer else None

        return effect

    def names(self) -> list[str]:
        return [name for name, _call in self.asked]


@pytest.fixture
def acts(monkeypatch: pytest.MonkeyPatch) -> Acts:
    """Effects of the test plugged in for as long as it runs."""
    made = Acts()
    plugged = {
        f"tests.{name}": plugs.Plug(f"tests.{name}", made.act(name), "", "", {}) for name in ("send", "remind", "keep")
    }
    monkeypatch.setattr(plugs.effects, "_plugs", {**plugs.effects._plugs, **plugged})
    answered = {"tests.answered": plugs.Plug("tests.answered", lambda: ("satisfied",), "", "", {})}
    monkeypatch.setattr(plugs.happenings, "_plugs", {**plugs.happenings._plugs, **answered})
    return made


@pytest.fixture
def begin(company: cast.Company, acts: Acts) -> Callable[[], Story]:
    def start() -> Story:
        post = company.post["quality_manager"]
        publishing.load_library(by=actors.PROGRAM, now=NOW, folder=HERE / "acting", owner_post=post)
        return Story(company, running.start(procedure_key="acting", subject=THING, by=company.lina, now=NOW))

    return start


def test_an_effect_is_executed_and_the_run_goes_on(begin: Callable[[], Story], acts: Acts) -> None:
    story = begin()
    assert story.open_steps() == ["answer"]
    name, call = acts.asked[0]
    assert (name, call["subject"], call["run_id"]) == ("send", THING, story.run.pk)
    assert call["parameters"] == {"to": "customer"}
    assert story.task("send", state="done").data == {"sent_to": "customer"}
    assert story.run.status_key == "waiting"
    assert runs.replayed(story.fresh()) == runs.state_of(story.run)


def test_a_failed_effect_undoes_what_it_wrote_and_waits_for_the_owner(begin: Callable[[], Story], acts: Acts) -> None:
    def fail(call: dict[str, Any]) -> None:
        models.Reminder.objects.create(task_id=call["task_id"], kind="asked", planned_at=NOW, sent_at=NOW)
        raise CannotSend(gettext_lazy("No address."))

    acts.send = fail
    story = begin()
    task = story.task("send")
    assert (task.state, task.reason) == ("open", "No address.")
    assert not models.Reminder.objects.exists()
    acts.send = lambda call: {}
    with pytest.raises(refusals.NotAllowed):
        running.retry_effect(task=task, by=story.company.lina, now=story.tick(), expected=task.version)
    running.retry_effect(task=task, by=story.company.zhou, now=story.tick(), expected=task.version)
    assert story.open_steps() == ["answer"]
    assert story.run.tasks.filter(step="send").count() == 1


def test_a_broken_effect_breaks_nothing_else(begin: Callable[[], Story], acts: Acts) -> None:
    acts.send = lambda call: 1 / 0
    assert "ZeroDivisionError" in begin().task("send").reason


def test_a_slow_effect_reports_later_and_only_once(begin: Callable[[], Story], acts: Acts) -> None:
    acts.send = lambda call: effects.LATER
    story = begin()
    task = story.task("send")
    for _time in range(2):
        running.effect_done(task=task, data={"letter": 3}, by=actors.PROGRAM, now=story.tick())
    assert story.open_steps() == ["answer"]
    assert story.task("send", state="done").data == {"letter": 3}
    running.effect_failed(task=task, reason="too late", by=actors.PROGRAM, now=story.tick())
    assert story.open_steps() == ["answer"]


def test_an_effect_may_tell_the_same_run_that_something_happened(begin: Callable[[], Story], acts: Acts) -> None:
    acts.send = lambda call: running.happened(subject=THING, by=call["by"], now=call["now"])
    story = begin()
    assert story.open_steps() == ["answer"]
    assert runs.replayed(story.fresh()) == runs.state_of(story.run)


def test_a_refusal_of_an_effect_nobody_waits_for_refuses_the_whole_act(begin: Callable[[], Story], acts: Acts) -> None:
    def refuse(call: dict[str, Any]) -> None:
        raise CannotSend(gettext_lazy("Not yet."))

    acts.keep = refuse
    story = begin()
    running.happened(subject=THING, by=story.company.lina, now=NOW, event="tests.answered", data={"satisfied": True})
    strike(NOW + timedelta(hours=25))
    with pytest.raises(CannotSend):
        story.submit("zhao", "close")
    assert story.open_steps() == ["close"]


def test_a_wait_ends_with_its_event_and_the_timer_with_its_moment(begin: Callable[[], Story], acts: Acts) -> None:
    story = begin()
    moves = story.run.moves
    running.happened(subject=THING, by=story.company.lina, now=NOW, event="tests.other")
    assert story.open_steps() == ["answer"]
    assert story.fresh().moves == moves
    running.happened(subject=THING, by=story.company.lina, now=NOW, event="tests.answered", data={"satisfied": False})
    assert story.task("answer", state="done").outcome == "unsatisfied"
    assert story.open_steps() == ["rest"]
    assert story.task("rest").due_at == NOW + timedelta(hours=24)
    strike(NOW + timedelta(hours=23))
    assert story.open_steps() == ["rest"]
    strike(NOW + timedelta(hours=24))
    assert story.open_steps() == ["close"]
    assert story.task("close").holder == story.company.zhao
    story.submit("zhao", "close")
    assert acts.names() == ["send", "keep"]
    assert story.fresh().ending == "completed"
    assert runs.replayed(story.run) == runs.state_of(story.run)


def test_a_wait_that_is_overdue_comes_to_whoever_follows_it(begin: Callable[[], Story], acts: Acts) -> None:
    story = begin()
    task = story.task("answer")
    assert task.due_at is not None
    assert story.mine("lina") == []
    strike(task.due_at)
    strike(task.due_at + timedelta(minutes=1))
    assert acts.names() == ["send", "remind"]
    story.now = task.due_at + timedelta(minutes=1)
    assert story.mine("lina") == ["answer"]
    with pytest.raises(CannotProceed):
        story.submit("lina", "answer")
