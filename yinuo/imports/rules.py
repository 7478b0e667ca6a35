"""Pure decisions of imports: what a line becomes, values that rest in JSON, marks for the headings of a file."""

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from yinuo.kit.sheets.mapping import Field


def print_of(headings: str) -> str:
    """A short mark of what the headings look like."""
    return hashlib.sha256(headings.encode()).hexdigest()


def text_key(text: Any) -> str:
    """What two writings of one word in a file have in common: width, case and blanks do not count."""
    return "".join(unicodedata.normalize("NFKC", str(text)).casefold().split())[:200]


def resting(values: dict[str, Any]) -> dict[str, Any]:
    """Values as JSON keeps them."""
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}


def woken(values: dict[str, Any], fields: Iterable[Field]) -> dict[str, Any]:
    """Values as they were before they rested in JSON."""
    days = {each.key for each in fields if each.kind == "day"}
    return {
        key: date.fromisoformat(value[:10]) if key in days and isinstance(value, str) else value
        for key, value in values.items()
    }


def twins(identities: Sequence[tuple[int, str]]) -> dict[int, int]:
    """Rows that are a row above once more: row → the first of them. A row without identity is nobody's twin."""
    first: dict[str, int] = {}
    found = {}
    for number, identity in identities:
        if identity and identity in first:
            found[number] = first[identity]
        elif identity:
            first[identity] = number
    return found


def missing(fields: Iterable[Field], columns: Iterable[str]) -> list[Field]:
    """Fields that every row needs and no column holds."""
    held = set(columns)
    return [each for each in fields if each.is_required and each.key not in held]
