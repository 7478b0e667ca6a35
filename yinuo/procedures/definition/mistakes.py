"""What `checking` asks with and answers in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from yinuo.procedures.definition.texts import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The names others have plugged in; None = not asked. Passed by the caller that knows the plugs.

    `facts` are names, or prefixes ending in "." ("cases."); of `events` the names of the data that come with them.
    """

    effects: frozenset[str] | None = None
    facts: frozenset[str] | None = None
    finders: frozenset[str] | None = None
    events: Mapping[str, frozenset[str]] | None = None
    field_kinds: frozenset[str] | None = None
    teams: frozenset[str] | None = None
    people: frozenset[str] | None = None
    posts: frozenset[str] | None = None
    departments: frozenset[str] | None = None


class Mistake(NamedTuple):
    """A mistake at `field` of the block (or step) of key `block`; "" = of the file's head."""

    block: str
    field: tuple[str | int, ...]
    zh: str
    en: str

    @property
    def words(self) -> Text:
        """The sentence in both languages."""
        return Text(self.zh, self.en)


def unknown(zh: str, en: str, name: str) -> tuple[str, str]:
    """That a name leads nowhere, in both languages."""
    return f"未知{zh}“{name}”。", f"Unknown {en} “{name}”."
