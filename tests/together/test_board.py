"""Two managers move the same card at the same moment: one move counts, the other is told of it."""

from typing import Any

import pytest

from tests import cast
from tests.cases import story as stories
from tests.reports.conftest import registered
from tests.together.test_at_once import at_once
from yinuo.procedures import models as procedures
from yinuo.records import models as records
from yinuo.reports.actions import moving

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_card_moved_twice_at_once(company: cast.Company, settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR, settings.FILES_DIR = tmp_path, tmp_path / "files"
    stories.publish(company)
    story = stories.Story(company, registered(company, stories.customer(company), stories.NOW))
    task = story.task("register")
    story.tick()

    def act(by: str, to: str) -> moving.Outcome:
        seen = moving.Seen(procedures.Task.objects.get(pk=task.pk), task.version)
        who, target = story.person(by), story.person(to)
        return moving.move_all(cards=[seen], to=target, reason="负荷均衡", by=who, now=story.now)[0]

    found = at_once(lambda: act("zhou", "wang"), lambda: act("chen", "sun"))
    won, lost = sorted(found, key=lambda each: each.moved is None)
    assert won.moved is not None
    assert isinstance(lost.refusal, moving.AlreadyMoved)
    current = procedures.Task.objects.get(pk=task.pk)
    assert current.version == won.moved.version
    assert str(lost.refusal).count(current.holder.name if current.holder else "") == 1
    assert records.Entry.objects.filter(word="procedures.task.reassigned").count() == 1
