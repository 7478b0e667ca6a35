"""What groups and other programs hear of real cases: number and step, who and how late, never what was asked."""

from datetime import timedelta
from typing import Any

import pytest

from tests import cast
from tests.cases import story as stories
from tests.messengers import conftest as servers
from yinuo.cases import models
from yinuo.cases.actions import steering
from yinuo.messengers import models as messengers
from yinuo.procedures.queries import digest

messenger = servers.messenger  # the fixture
SECRETS = ("盐雾", "上汽", "沈工")


@pytest.fixture
def group(company: cast.Company, messenger: servers.Messenger) -> messengers.Receiver:
    return servers.robot(company, messenger)


@pytest.fixture
def hook(company: cast.Company, messenger: servers.Messenger) -> messengers.Receiver:
    return servers.robot(company, messenger, "webhook")


def opened(company: cast.Company) -> models.Case:
    """Registered by the head of sales, so that the window hears of it."""
    stories.publish(company)
    return stories.open_case(company, stories.customer(company), by=stories.fresh(company.zhao))


def test_a_group_hears_of_a_new_task_without_its_title(company: cast.Company, group: messengers.Receiver) -> None:
    case = opened(company)
    lines = list(group.deliveries.filter(event="task_assigned").values_list("text", flat=True))
    assert lines
    for line in lines:
        assert case.number in line
        assert not any(secret in line for secret in SECRETS)


def test_the_digest_names_what_is_overdue_and_nothing_else(company: cast.Company, group: messengers.Receiver) -> None:
    case = opened(company)
    assert digest.lines(group, cast.NOW) == []
    said = digest.lines(group, cast.NOW + timedelta(days=30))
    assert said[0] == "逾期待办 1 项"
    assert said[1].startswith(f"{case.number} · 登记核对（李娜）逾期 ")
    assert not any(secret in line for line in said for secret in SECRETS)


def test_a_department_is_told_of_its_own_overdue_work(company: cast.Company, group: messengers.Receiver) -> None:
    opened(company)
    later = cast.NOW + timedelta(days=30)
    group.department = company.department["sales"]
    assert len(digest.lines(group, later)) == 3
    group.department = company.department["quality"]
    assert digest.lines(group, later) == []


def test_programs_hear_that_a_case_was_opened_ended_and_reopened(
    company: cast.Company, hook: messengers.Receiver
) -> None:
    case = opened(company)
    zhao = stories.fresh(company.zhao)
    steering.terminate(case=stories.fresh(case), reason="重复", by=zhao, now=cast.NOW)
    steering.reopen(case=stories.fresh(case), to="register", reason="并非重复", by=zhao, now=cast.NOW)
    sent: list[Any] = list(hook.deliveries.order_by("pk"))
    events = [(each.event, each.payload["data"]["number"]) for each in sent]
    assert events == [(f"cases.case.{word}", case.number) for word in ("opened", "ended", "reopened")]
    assert not any(secret in str(each.payload) for each in sent for secret in SECRETS)
