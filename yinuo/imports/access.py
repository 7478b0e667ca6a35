"""Who may take rows over from workbooks, and who sees an import: whoever brought the workbook."""

from typing import Any

from yinuo.imports import models
from yinuo.kit import importing, plugs


def may_bring(person: Any, kind: str) -> bool:
    """Whether the person may take over rows of this kind somewhere; each row is asked for itself."""
    return kind in plugs.importables and importing.kind_of(kind).may(person)


def may_see(person: Any, row: models.Import) -> bool:
    return row.by_id == person.actor_id and may_bring(person, row.kind)
