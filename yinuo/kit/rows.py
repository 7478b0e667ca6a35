"""Rows that people change: versions seen, guarded updates, and what changed from what to what."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import get_language

from yinuo.kit import refusals


class Versioned(models.Model):
    """A mutable row. `version` rises with each change; whoever changes it says which version they saw."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class Named(models.Model):
    """A row whose name people read in Chinese or English."""

    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language, else in the other."""
        zh, en = self.name_zh, self.name_en
        return (en or zh) if (get_language() or "").startswith("en") else (zh or en)


def key_in(text: str) -> int | None:
    """The key of a row as an address or a form says it; None for what no database holds as a key."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


@dataclass(frozen=True)
class Change:
    """One field's old and new value, as text or JSON value, for the trail."""

    field: str
    old: Any
    new: Any

    def as_json(self) -> dict[str, Any]:
        return {"field": self.field, "old": self.old, "new": self.new}


def plain(value: Any) -> Any:
    """The value as the trail stores it: JSON values; a row by its label with its key."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, models.Model):
        return f"{value} #{value.pk}"
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return str(value)


def differences(row: models.Model, values: dict[str, Any]) -> list[Change]:
    """What would change in `row` if `values` were set, in the order given."""
    found = []
    for field, new in values.items():
        old = getattr(row, field)
        if old != new:
            found.append(Change(field, plain(old), plain(new)))
    return found


def change(row: Versioned, *, expected: int, **values: Any) -> list[Change]:
    """Set `values` on the row if it still has the version `expected`; returns what changed.

    The update is guarded in the database, so of two people saving at once one wins and the other gets `Stale`.
    Nothing is written when nothing differs (a stale version is refused all the same).
    """
    changes = differences(row, values)
    model = row._meta.model  # not type(row): a request hands its person over in a lazy wrapper
    if not changes:
        if not model._default_manager.filter(pk=row.pk, version=expected).exists():
            raise refusals.Stale()
        return []
    updated = model._default_manager.filter(pk=row.pk, version=expected).update(version=expected + 1, **values)
    if updated != 1:
        raise refusals.Stale()
    for field, value in values.items():
        setattr(row, field, value)
    row.version = expected + 1
    return changes


def touch(row: Versioned, *, expected: int) -> None:
    """Raise the version of a row whose change stands in another table (names, a team); `Stale` as in `change`."""
    model = row._meta.model
    if model._default_manager.filter(pk=row.pk, version=expected).update(version=expected + 1) != 1:
        raise refusals.Stale()
    row.version = expected + 1


def created(row: models.Model, *fields: str) -> list[Change]:
    """The trail's changes for a new row: each named field from nothing to its value."""
    return [
        Change(field, None, plain(getattr(row, field))) for field in fields if getattr(row, field) not in (None, "")
    ]
