"""Whether a text names what is withdrawn, renamed, merged or replaced: by designation and edition, or by name.

An entry that has `designations` speaks of documents as `citing` finds them: of every edition, or only of those before
`before`. Its `names` are read in the text itself, whatever spaces and dashes stand between their parts; `unless` are
words that, beginning where a name begins, make another name of it (上海通用 in 上海通用五菱).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yinuo.sources.rules import citing, editions, words
from yinuo.sources.rules.citing import Cited

SINCE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
BETWEEN = r"[\s\-–—・·•.]{0,2}"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is no longer so. `since`: a day, month or year, "" where nobody knows; `sure`: high, medium."""

    key: str
    name: str
    what: str
    successor: str = ""
    since: str = ""
    source: str = ""
    sure: str = "high"
    note: str = ""
    designations: tuple[str, ...] = ()
    before: str = ""
    only: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A place of a text of which an entry speaks."""

    entry: str
    start: int
    end: int


class Finder:
    """All entries at once, made ready for many texts."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.by_key: dict[str, list[Entry]] = {}
        self.by_name: dict[str, Entry] = {}
        self.unless: dict[str, tuple[str, ...]] = {}
        for entry in entries:
            for each in entry.designations:
                self.by_key.setdefault(citing.key_of(each), []).append(entry)
            for name in entry.names:
                self.by_name.setdefault(_folded(name), entry)
                self.unless[_folded(name)] = tuple(_folded(each) for each in entry.unless)
        patterns = sorted((_pattern(name) for entry in entries for name in entry.names), key=len, reverse=True)
        self.names = re.compile("|".join(patterns) or r"(?!)", re.IGNORECASE)

    def find(self, text: str, cited: Sequence[Cited]) -> list[Hit]:
        """The places of a text, each entry once per place; what lies inside a longer place is not said again."""
        hits = [
            Hit(entry.key, each.start, each.end)
            for each in cited
            for entry in self.by_key.get(citing.key_of(each.designation), ())
            if speaks_of(entry, each.edition)
        ]
        flat = words.flat(text)
        for match in self.names.finditer(flat):
            name = _folded(match[0])
            entry = self.by_name.get(name)
            rest = _folded(flat[match.start() : match.start() + 40])
            if entry is not None and not any(rest.startswith(each) for each in self.unless[name]):
                hits.append(Hit(entry.key, match.start(), match.end()))
        return sorted(hits, key=lambda hit: hit.start)


def speaks_of(entry: Entry, edition: str) -> bool:
    """Whether an entry holds for a document in this edition ("" where none is said)."""
    if entry.only:
        return any(editions.is_same(edition, each) for each in entry.only)
    if not entry.before:
        return True
    return bool(edition) and editions.is_older(edition, entry.before) is True


def is_since(said: str) -> bool:
    """Whether this is a day, a month or a year, or nothing."""
    return not said or bool(SINCE.fullmatch(said))


def _folded(text: str) -> str:
    return re.sub(r"[\s\-–—・·•.]+", "", text).casefold()


def _pattern(name: str) -> str:
    """The name with anything between its parts; Latin ones only as whole words."""
    parts = [part for part in re.split(r"[\s\-–—・·•.]+", name) if part]
    said = BETWEEN.join(re.escape(part) for part in parts)
    head = r"(?<![A-Za-z0-9])" if name[0].isascii() else ""
    tail = r"(?![A-Za-z0-9])" if name[-1].isascii() else ""
    return f"{head}{said}{tail}"
