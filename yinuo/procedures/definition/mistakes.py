"""What `checking` asks with and answers in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from yinuo.procedures.definition.texts import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The names others have plugged in; None = not asked. Passed by the caller that knows the plugs.

    `facts` are names, or prefixes ending in "." ("cases.").
    """

    effects: frozenset[str] | None = None
    facts: frozenset[str] | None = None
    finders: frozenset[str] | None = None
    events: frozenset[str] | None = None
    field_kinds: frozenset[str] | None = None
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
