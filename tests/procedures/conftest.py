"""A published small procedure, a subject, and short ways to do things as somebody."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import cast
from yinuo.kit import actors, subjects
from yinuo.org import models as org
from yinuo.org.actions import signing
from yinuo.procedures import models
from yinuo.procedures.actions import publishing, running, working
from yinuo.procedures.queries import tasks

HERE = Path(__file__).parent
NOW = cast.NOW
THING = subjects.Ref("tests.thing", 7, "CSR-T-7", "/things/7")
REGISTERED = {"what": "盐雾试验 720 h", "clear": True}


def proof(person: org.Person, now: datetime) -> signing.Proof:
    """A proof as `check_signature` gives it (which has its own tests)."""
    return signing.Proof(person_id=person.pk, way="password", at=now)


@dataclass
class Story:
    """A run and its people; time passes by itself, a minute per deed."""

    company: cast.Company
    run: models.Run
    now: datetime = NOW

    def tick(self, **time: float) -> datetime:
        self.now += timedelta(**(time or {"minutes": 1}))
        return self.now

    def fresh(self) -> models.Run:
        self.run = models.Run.objects.select_related("edition", "procedure").get(pk=self.run.pk)
        return self.run

    def task(self, step: str, party: str = "", state: str = "open") -> models.Task:
        """The latest task of a step (for a party) in a state."""
        found = self.run.tasks.filter(step=step, state=state)
        task = (found.filter(party=party) if party else found).order_by("-pk").first()
        assert task is not None, [f"{t.step} {t.party} {t.state}" for t in self.run.tasks.all()]
        return task

    def open_steps(self) -> list[str]:
        return sorted(self.run.tasks.filter(state__in=models.Task.LIVE).values_list("step", flat=True))

    def mine(self, who: str) -> list[str]:
        return [task.step for task in tasks.tasks_of(self.company.people[who], self.now)]

    def submit(self, who: str, step: str, party: str = "", **values: Any) -> models.Run:
        task, person, now = self.task(step, party), self.company.people[who], self.tick()
        if values.pop("signed", False):
            values["proof"] = proof(person, now)
        return working.submit(task=task, by=person, now=now, expected=task.version, **values)


@pytest.fixture
def owner_post(company: cast.Company) -> org.Post:
    return company.post["quality_manager"]


@pytest.fixture
def small(owner_post: org.Post) -> models.Edition:
    """The small procedure, published."""
    folder = HERE / "small"
    return publishing.load_library(by=actors.PROGRAM, now=NOW, folder=folder, owner_post=owner_post)[0]


@pytest.fixture
def story(company: cast.Company, small: models.Edition) -> Story:
    """A run of the small procedure, started by Lina."""
    run = running.start(procedure_key="small", subject=THING, by=company.lina, now=NOW)
    return Story(company, run)


@pytest.fixture
def signed(company: cast.Company) -> Callable[[str, datetime], signing.Proof]:
    return lambda who, now: proof(company.people[who], now)
