"""What search plugs into the rooms below: it listens to what they announce."""

from yinuo.kit import plugs
from yinuo.search import models


def rescope(*, type: str, id: int, scope_id: int | None, **_facts: object) -> None:  # noqa: A002 - the event's words
    """A subject belongs to another scope now: so does its row, at once and without asking its source."""
    models.Document.objects.filter(subject_type=type, subject_id=id).update(scope_id=scope_id)


plugs.events.plug("kit.rescoped/search", rescope, zh="保密范围变更：更新索引", en="Scope changed: index rows follow")
