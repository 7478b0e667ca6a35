"""What the messengers listen to in the rooms below, and their entry in the menu."""

from datetime import datetime
from typing import Any

from yinuo.kit import plugs, subjects
from yinuo.messengers import models, queries
from yinuo.messengers.actions import telling
from yinuo.org import models as org


def told(
    *, people: list[org.Person], subject: subjects.Ref, kind: str, brief: Any, urgent: bool, now: datetime, **_more: Any
) -> None:
    telling.tell_groups(people=people, subject=subject, kind=kind, brief=brief, urgent=urgent, now=now)


def taken_back(*, subject: subjects.Ref, kind: str, **_more: Any) -> None:
    telling.take_back(subject=subject, kind=kind)


def rescoped(*, type: str, id: int, scope_id: int | None, **_more: Any) -> None:  # noqa: A002 - the event's words
    """A subject became confidential or open: what was told of it follows, what waits for groups that may not know it
    does not leave."""
    about = models.Delivery.objects.filter(subject_type=type, subject_id=id)
    if scope_id is not None:
        waiting = about.filter(state=models.Delivery.State.WAITING, receiver__with_confidential=False)
        waiting.update(state=models.Delivery.State.CANCELLED, error=models.Delivery.Ending.CONFIDENTIAL)
    about.update(scope_id=scope_id)


plugs.events.plug("notify.told/messengers", told, zh="群机器人：转告本部门", en="Group robots: the department is told")
plugs.events.plug("notify.taken_back/messengers", taken_back, zh="撤回未发出的群消息", en="Group lines are taken back")
plugs.events.plug(
    "kit.rescoped/messengers", rescoped, zh="保密范围变更：更新外发消息", en="Scope changed: posts follow"
)
plugs.guards.plug(
    models.Receiver.subject_type,
    lambda _pk, person: queries.may_manage(person),
    zh="接收方的操作记录",
    en="A receiver's trail",
)
plugs.menu.plug(
    "messengers",
    lambda person: queries.failed_count() if queries.may_manage(person) else 0,
    zh="消息推送",
    en="Group robots and webhooks",
    permission="messengers.see",
    icon="robot",
    url="messengers:receivers",
    order=96,
)
