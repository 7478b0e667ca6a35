"""What records plugs into the cellar: its rows follow when a subject becomes confidential."""

from datetime import datetime

from django.utils import timezone

from yinuo.kit import actors, plugs, subjects
from yinuo.records import actions


def rescope(*, type: str, id: int, scope_id: int | None, **_facts: object) -> None:  # noqa: A002 - the event's words
    """A subject belongs to another scope now: so do its trail, its files and who read it."""
    actions.follow_subject(type=type, id=id, scope_id=scope_id, by=actors.PROGRAM, now=timezone.now())


plugs.events.plug(
    "kit.rescoped/records", rescope, zh="保密范围变更：更新记录和文件", en="Scope changed: trail and files follow"
)


def exported(*, title: str, url: str, rows: int, filters: str, by: actors.Actor, now: datetime) -> None:
    """Somebody took a whole list out of the program: the trail says so."""
    actions.note_export(title=title, url=url, rows=rows, filters=filters, by=by, now=now)


def rows_exported(*, of: list[subjects.Ref], what: str, by: actors.Actor, now: datetime) -> None:
    """Confidential rows left with a list: the read log says which."""
    actions.note_readings(of=of, way="export", by=by, now=now, what=what)


plugs.events.plug("kit.exported/records", exported, zh="清单导出：记入操作记录", en="List exported: told by the trail")
plugs.events.plug(
    "kit.rows_exported/records", rows_exported, zh="涉密行导出：记入查阅记录", en="Confidential rows exported: read log"
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
