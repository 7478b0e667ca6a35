"""What records plugs into the cellar: its rows follow when a subject becomes confidential."""

from yinuo.kit import plugs
from yinuo.records import models


def rescope(*, type: str, id: int, scope_id: int | None, **_facts: object) -> None:  # noqa: A002 - the event's words
    """A subject belongs to another scope now: so do its trail, its files and who read it."""
    for model in (models.Entry, models.Attachment, models.Reading):
        model._default_manager.filter(subject_type=type, subject_id=id).update(scope_id=scope_id)


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
