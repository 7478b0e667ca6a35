"""What other programs are told of cases: that one was opened, ended or reopened; no texts."""

from typing import Any

from django.utils import timezone

from yinuo.cases import models
from yinuo.cases.queries import cases as case_queries
from yinuo.kit import plugs
from yinuo.messengers.actions import telling


def opened(*, case: models.Case, **_more: Any) -> None:
    _publish("cases.case.opened", case)


def ended_or_reopened(*, case_id: int, **_more: Any) -> None:
    case = case_queries.case_of(case_id)
    _publish("cases.case.reopened" if case.is_open else "cases.case.ended", case)


def _publish(event: str, case: models.Case) -> None:
    facts = {"state": case.state, "priority": case.priority, "is_safety": case.is_safety, "due_at": case.due_at}
    telling.publish(event=event, subject=case, data={**facts, "version": case.version}, now=timezone.now())


plugs.events.plug("cases.opened/webhooks", opened, zh="案件登记：通知其他系统", en="Case opened: webhooks")
plugs.events.plug(
    "cases.ended_or_reopened/webhooks",
    ended_or_reopened,
    zh="案件结束或重新打开：通知其他系统",
    en="Case over: webhooks",
)
