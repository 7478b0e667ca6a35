"""What records plugs into the cellar: its rows follow when a subject becomes confidential."""

from django.utils import timezone

from yinuo.kit import actors, plugs
from yinuo.records import actions


def rescope(*, type: str, id: int, scope_id: int | None, **_facts: object) -> None:  # noqa: A002 - the event's words
    """A subject belongs to another scope now: so do its trail, its files and who read it."""
    actions.follow_subject(type=type, id=id, scope_id=scope_id, by=actors.PROGRAM, now=timezone.now())


plugs.events.plug(
    "kit.rescoped/records", rescope, zh="保密范围变更：更新记录和文件", en="Scope changed: trail and files follow"
)

plugs.menu.plug(
    "records",
    lambda person: 0,
    zh="操作记录",
    en="Trail",
    permission="records.audit",
    icon="shield-check",
    url="records:entries",
    order=90,
)
