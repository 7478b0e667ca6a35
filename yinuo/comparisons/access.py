"""Who may bring an exported list back, and who sees what came of it: whoever brought it."""

from typing import Any

from yinuo.comparisons import models
from yinuo.kit import changing


def may_bring(person: Any, sheet: str) -> bool:
    """Whether the person may change rows of this list somewhere; each row is asked for itself."""
    return changing.offered(sheet, person)


def may_see(person: Any, row: models.Comparison) -> bool:
    return row.by_id == person.actor_id and may_bring(person, row.sheet)
