"""Which group hears what, and what nobody outside ever hears."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import cast
from tests.messengers import conftest as servers
from tests.messengers.test_sending import CASE, tell
from yinuo.kit import actors, plugs, refusals, subjects
from yinuo.messengers import models, queries, rules
from yinuo.messengers.actions import keeping, telling
from yinuo.notify import actions as notify
from yinuo.org import models as org
from yinuo.procedures import jobs as procedure_jobs
from yinuo.records import models as records

State = models.Delivery.State


def lines() -> list[str]:
    return list(models.Delivery.objects.order_by("pk").values_list("text", flat=True))


def test_a_department_hears_what_its_people_are_told(company: cast.Company, messenger: servers.Messenger) -> None:
    servers.robot(company, messenger, department=company.department["quality"])
    tell(company, people=[company.wang])
    assert lines() == []
    tell(company, people=[company.wang, company.sun])
    (line,) = lines()
    assert "孙丽" in line
    assert "王强" not in line


def test_a_group_for_what_is_overdue_hears_nothing_else(company: cast.Company, messenger: servers.Messenger) -> None:
    servers.robot(company, messenger, tells="late")
    tell(company, kind="task_assigned")
    assert lines() == []
    tell(company, kind="task_overdue")
    tell(company, kind="product_safety")
    assert len(lines()) == 2


def test_what_is_confidential_stays_out_unless_it_was_allowed(
    company: cast.Company, messenger: servers.Messenger
) -> None:
    servers.robot(company, messenger)
    open_group = servers.robot(company, messenger, "feishu", with_confidential=True)
    scope = org.Scope.objects.create(name_zh="保密项目")
    org.ScopeGrant.objects.create(scope=scope, person=company.wang, granted_at=cast.NOW)
    secret = subjects.Ref("cases.case", 9, "CSR-2026-0414 某新车型", "/cases/of/CSR-2026-0414/", scope.pk)
    tell(company, subject=secret)
    assert [row.receiver_id for row in models.Delivery.objects.all()] == [open_group.pk]
    assert "新车型" not in lines()[0]


def test_what_becomes_confidential_does_not_leave(company: cast.Company, messenger: servers.Messenger) -> None:
    servers.robot(company, messenger)
    portal = subjects.Ref("customers.portal", 7, "P-2026-1 供应商门户", "/customers/portals/7/")
    tell(company, subject=portal)
    scope = org.Scope.objects.create(name_zh="保密项目")
    plugs.announce("kit.rescoped", type=portal.type, id=portal.id, scope_id=scope.pk)
    row = models.Delivery.objects.get()
    assert (row.state, row.scope_id) == (State.CANCELLED, scope.pk)


def test_undone_within_ten_seconds_nobody_hears_of_it(company: cast.Company, messenger: servers.Messenger) -> None:
    servers.robot(company, messenger)
    tell(company)
    assert models.Delivery.objects.get().next_at == cast.NOW + timedelta(seconds=10)
    notify.take_back(subject=CASE, kind="task_assigned", by=company.lina, now=cast.NOW)
    assert models.Delivery.objects.get().state == State.CANCELLED


def test_at_night_only_what_is_urgent_leaves(company: cast.Company, messenger: servers.Messenger) -> None:
    servers.robot(company, messenger)
    night = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 23:00 in Shanghai
    tell(company, now=night)
    tell(company, now=night, kind="product_safety", urgent=True)
    waiting, urgent = models.Delivery.objects.order_by("pk")
    assert waiting.next_at == datetime(2026, 3, 3, 0, 0, tzinfo=UTC)
    assert urgent.next_at == night + timedelta(seconds=10)


def test_a_group_out_of_use_hears_nothing(company: cast.Company, messenger: servers.Messenger) -> None:
    group = servers.robot(company, messenger)
    keeping.switch(receiver=group, is_on=False, by=company.admin, now=cast.NOW, expected=group.version)
    tell(company)
    assert lines() == []


def test_the_digest_comes_once_a_working_day(company: cast.Company, messenger: servers.Messenger) -> None:
    group = servers.robot(company, messenger, digest_at=time(8, 30))
    assert [each.pk for each in queries.digests_due(cast.NOW)] == [group.pk]
    procedure_jobs.send_digests()
    on = queries.today_of(group, cast.NOW)
    telling.send_digest(receiver=group, lines=["逾期待办 1 项", "CSR-1 · 评审"], on=on, by=actors.PROGRAM, now=cast.NOW)
    telling.send_digest(receiver=group, lines=["又一次"], on=on, by=actors.PROGRAM, now=cast.NOW)
    assert lines() == ["逾期待办 1 项\nCSR-1 · 评审"]
    assert queries.digests_due(cast.NOW) == []


def test_secrets_stand_nowhere_in_plain(company: cast.Company, messenger: servers.Messenger) -> None:
    group = servers.robot(company, messenger, "dingtalk", secret="SEC-very-secret")
    keeping.change(
        receiver=group, address=f"{messenger.address}&more=tail9876", secret="SEC-other-secret", by=company.admin,
        now=cast.NOW, expected=group.version, name="钉钉群",
    )  # fmt: skip
    kept = " ".join(map(str, [*models.Receiver.objects.values(), *records.Entry.objects.values()]))
    for secret in ("SEC-very-secret", "SEC-other-secret", "k-1234"):
        assert secret not in kept


def test_who_manages_one_site_keeps_no_groups(company: cast.Company, messenger: servers.Messenger) -> None:
    with pytest.raises(refusals.NotAllowed):
        keeping.add(kind="wecom", address=messenger.address, secret="", by=company.lina, now=cast.NOW, name="x")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"kind": "pager"}, "kind"),
        ({"name": " "}, "name"),
        ({"address": "ftp://example.com"}, "address"),
        ({"address": "http://example.com/x"}, "address"),
        ({"secret": "WeCom has none"}, "secret"),
        ({"kind": "webhook", "secret": "whsec_short"}, "secret"),
    ],
)
def test_what_cannot_work_is_refused_at_its_field(
    company: cast.Company, messenger: servers.Messenger, facts: dict[str, Any], field: str
) -> None:
    with pytest.raises(refusals.Refusal) as refused:
        servers.robot(company, messenger, **{"kind": "wecom", **facts})
    assert refused.value.field == field


@given(lines=st.lists(st.text(min_size=1, max_size=400), min_size=1, max_size=30), most=st.integers(100, 3000))
def test_a_post_never_exceeds_what_the_messenger_takes(lines: list[str], most: int) -> None:
    count = rules.taken_together(lines, most)
    text = rules.cut("\n".join(lines[:count]), most)
    assert 1 <= count <= rules.MOST_LINES
    assert len(text.encode()) <= most
