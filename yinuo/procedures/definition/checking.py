"""What makes a definition lawful beyond its shape."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The names others have plugged in; None = not asked. Passed by the caller that knows the plugs.

    `facts` are names or prefixes ending in "." ("cases.").
    """

    effects: frozenset[str] | None = None
    facts: frozenset[str] | None = None
    finders: frozenset[str] | None = None
    events: frozenset[str] | None = None
    field_kinds: frozenset[str] | None = None
    posts: frozenset[str] | None = None
    departments: frozenset[str] | None = None
