"""Bulk acts (批量操作): what a list lets people do with several of its rows at once.

A room plugs them in as `<sheet>/<act>` (`plugs.bulk`). Each row is asked and changed for itself, by the same action as
on its own page, with the version that the person saw: what was changed meanwhile stays, with a sentence. Declared are

    rows        f(person) -> the rows that the person may see, as the list has them
    sheet       f(person) -> the list, for choosing everything that it finds
    permission  held somewhere, else the act is not offered
    fields      f(person) -> form fields by name, none where nothing is asked
    icon        beside the act's words
    label       f(row) -> by what people know a row; its `str` unless given
    undo        f(*, row, kept, by, now, expected): undoes what the act returned; only where that is exact
    is_grave    the act is shown as one that is not undone
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms

from yinuo.kit import plugs, refusals
from yinuo.kit import rows as kit_rows

MOST = 500  # rows at once
AT_ONCE = 50  # beyond, the worker does it while a page shows how far it is


@dataclass(frozen=True)
class Pick:
    """A row as somebody saw it: its key and version."""

    row: int
    version: int


@dataclass(frozen=True)
class Act:
    """What is done with a row, as it was plugged in."""

    plug: plugs.Plug[Any]

    @property
    def sheet(self) -> str:
        return self.plug.name.partition("/")[0]

    @property
    def key(self) -> str:
        return self.plug.name.partition("/")[2]

    @property
    def icon(self) -> str:
        return str(self.plug.about.get("icon", "checks"))

    @property
    def is_grave(self) -> bool:
        return bool(self.plug.about.get("is_grave"))

    @property
    def undo(self) -> Callable[..., Any] | None:
        return self.plug.about.get("undo")

    def may(self, person: Any) -> bool:
        """Whether the act is offered to the person; each row is asked for itself when it is done."""
        return bool(person.may(self.plug.about["permission"]))

    def rows(self, person: Any) -> Any:
        return self.plug.about["rows"](person)

    def label(self, row: Any) -> str:
        return str(self.plug.about.get("label", str)(row))[:200]

    def form(self, person: Any, data: Any = None) -> forms.Form:
        """The form of what is asked once for all rows."""
        form = forms.Form(data)
        fields = self.plug.about.get("fields")
        form.fields.update(fields(person) if fields else {})
        return form


def acts_for(sheet: str, person: Any) -> list[Act]:
    """What the person may do with several rows of a list."""
    begin = f"{sheet}/"
    return [act for plug in plugs.bulk if plug.name.startswith(begin) and (act := Act(plug)).may(person)]


def act_of(name: str) -> Act:
    """The act of a name; `plugs.UnknownPlug` if no room has plugged it in."""
    return Act(plugs.bulk.get(name))


def read_picks(texts: Iterable[str]) -> list[Pick]:
    """The rows that a page names as `<key>.<version>`; what is no such pair is passed by, each row counts once."""
    found: dict[int, Pick] = {}
    for text in texts:
        key, _dot, version = text.partition(".")
        row, seen = kit_rows.key_in(key), kit_rows.key_in(version)
        if row is not None and seen is not None:
            found.setdefault(row, Pick(row, min(seen, 2**31 - 1)))
    return list(found.values())[:MOST]


def written(row: Any) -> str:
    """A row as a page names it."""
    return f"{row.pk}.{getattr(row, 'version', 0)}"


def require_seen(row: Any, expected: int) -> None:
    """For acts that change what hangs on the row: refuse if the row is no longer what the person saw."""
    if row.version != expected:
        raise refusals.Stale()
