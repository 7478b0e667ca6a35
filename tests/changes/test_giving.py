"""Whoever leaves hands changes and documents over; the hand-over names each with its due day."""

from datetime import date
from typing import Any

import pytest
import time_machine

from tests import cast
from tests.changes import story
from tests.customers import people
from yinuo.changes import models
from yinuo.changes.actions import beside, giving
from yinuo.kit import duties, plugs
from yinuo.notify import models as notify

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@pytest.fixture
def change(company: cast.Company) -> models.Change:
    story.know_years()
    return story.change(company, people.customer(company, "VW", "大众集团（示例）"))


def said(company: cast.Company, key: int, expected: int) -> dict[str, Any]:
    return {
        "key": key, "holder": company.wang, "to": company.sun, "last_on": TODAY, "reason": "调岗", "expected": expected,
        "by": people.fresh(company.zhou), "now": cast.NOW,
    }  # fmt: skip


def test_a_change_is_given_to_somebody_else_until_it_is_over(company: cast.Company, change: models.Change) -> None:
    (duty,) = giving.changes_in_hand(company.wang, people.fresh(company.zhou), cast.NOW).duties
    assert (duty.label, duty.due_on, duty.may_give) == (change.subject_label, change.due_on, True)
    giving.give_change(**said(company, duty.key, duty.version))
    assert people.fresh(change).responsible == company.sun
    with pytest.raises(duties.NotTheirs):
        giving.give_change(**said(company, duty.key, 2))
    models.Change.objects.update(result="nothing", reviewed_on=TODAY)
    assert giving.changes_in_hand(company.sun, people.fresh(company.zhou), cast.NOW).duties == []


def test_a_document_to_be_changed_is_given_and_its_new_keeper_told(
    company: cast.Company, change: models.Change
) -> None:
    row = beside.add_document(
        change=change, kind="fmea", number="F-1", responsible=company.wang, due_on=TODAY,
        by=people.fresh(company.lina), now=cast.NOW,
    )  # fmt: skip
    (duty,) = giving.documents_in_hand(company.wang, people.fresh(company.zhou), cast.NOW).duties
    assert change.number in duty.label
    giving.give_document(**said(company, duty.key, duty.version))
    assert people.fresh(row).responsible == company.sun
    assert notify.Message.objects.filter(person=company.sun, kind="change_document").count() == 1
    with pytest.raises(duties.NotTheirs):
        giving.give_document(**said(company, duty.key, 2))


def test_what_is_closed_is_not_counted_for_whoever_may_not_know(company: cast.Company, change: models.Change) -> None:
    circle = people.scope_of(company.wang, company.lina)
    models.Change.objects.filter(pk=change.pk).update(scope=circle)
    held = giving.changes_in_hand(company.wang, people.fresh(company.zhou), cast.NOW)
    assert (held.duties, held.hidden) == ([], 0)


def test_both_stand_on_the_board(company: cast.Company, change: models.Change) -> None:
    assert {"changes.change", "changes.document"} <= set(plugs.duties.names())
    with time_machine.travel(cast.NOW, tick=False):
        assert plugs.menu.get("changes").function(people.fresh(company.wang)) == 0, "ten working days are left"
        models.Change.objects.update(due_on=TODAY)
        assert plugs.menu.get("changes").function(people.fresh(company.wang)) == 1
