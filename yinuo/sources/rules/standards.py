"""A standard as a list of clause numbers and titles, and what became of each clause in its next edition.

The text of a standard is its publisher's: its numbers and titles are here, the rest is read in the company's own copy.
A crosswalk (对照表) says which old numbers became which new ones; in the end every clause of both editions has a kind.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from yinuo.sources.rules.comparing import Kind

MOST = 5000  # clauses of one standard; more is no standard
LONGEST_NUMBER, LONGEST_TITLE = 60, 500
STATED = (Kind.SAME, Kind.MOVED, Kind.RENUMBERED, Kind.REWORDED)  # what a crosswalk says itself; the rest is counted
FOLLOWING = (Kind.SAME, Kind.MOVED, Kind.RENUMBERED)  # what hangs on such a clause goes on by itself
GOING_ON = (*FOLLOWING, Kind.REWORDED)  # one clause before, one behind: it stays the same clause


@dataclass(frozen=True, slots=True)
class Entry:
    """One clause: its number, its title in Chinese and English, whose it is (`of`), where it stood in the file (`at`).

    `is_untitled`: the standard prints no title here; the words are whoever wrote the list's.
    """

    number: str
    zh: str = ""
    en: str = ""
    of: str = ""
    is_untitled: bool = False
    at: str = ""

    @property
    def title(self) -> str:
        return self.zh or self.en


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a crosswalk: old numbers, new numbers (none: gone, or new), what it says of them itself."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    kind: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """A standard as somebody gives it, and the crosswalk from the edition before (`follows` is its label)."""

    number: str
    edition: str
    zh: str = ""
    en: str = ""
    dated_on: str = ""  # ISO 8601
    follows: str = ""
    clauses: tuple[Entry, ...] = ()
    crosswalk: tuple[Line, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return self.zh or self.en

    @property
    def language(self) -> str:
        return "zh" if any(each.zh for each in self.clauses) else "en"


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong in a file: where (a cell, an item), a code whose sentence stands in `intake.standards`, facts."""

    at: str
    code: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Became:
    """What became of a clause: its number before and behind, "" where there is none."""

    kind: Kind
    old: str
    new: str


def tidy(text: object) -> str:
    """A number or title without stray spaces, in one width."""
    return " ".join(unicodedata.normalize("NFKC", "" if text is None else str(text)).split())


def title_of(text: object) -> str:
    """A title as it is printed: full-width signs stay, stray spaces go."""
    return " ".join(("" if text is None else str(text)).split())


def parents(numbers: Sequence[str]) -> list[int]:
    """For each number the place of the clause above it, -1 at the top: 8.3.2 stands below 8.3, P6.1 below P6."""
    places = {number: at for at, number in enumerate(numbers)}
    found = []
    for at, number in enumerate(numbers):
        cuts = [cut.start() for cut in re.finditer(r"[.\-/(（]|(?<=[A-Za-z])(?=\d)", number)]
        above = [places.get(number[:cut], -1) for cut in reversed(cuts)]
        found.append(next((each for each in above if -1 < each < at), -1))
    return found


def faults_of(given: Given, before: Iterable[str] | None) -> list[Wrong]:
    """What keeps a list from being taken. `before` are the numbers of the edition before; None: there is none."""
    wrong = list(_clause_faults(given.clauses))
    if not given.clauses:
        wrong.append(Wrong("", "no_clauses"))
    if len(given.clauses) > MOST:
        wrong.append(Wrong("", "too_many", {"most": MOST}))
    if given.crosswalk and before is None:
        wrong.append(Wrong(given.crosswalk[0].at, "nothing_before", {"label": given.follows}))
    elif given.crosswalk:
        wrong += _line_faults(given, set(before or ()))
    return wrong


def _clause_faults(clauses: Sequence[Entry]) -> Iterable[Wrong]:
    first: dict[str, str] = {}
    for each in clauses:
        if not each.number:
            yield Wrong(each.at, "no_number", {"title": each.title})
        elif len(each.number) > LONGEST_NUMBER:
            yield Wrong(each.at, "long_number", {"number": each.number[:20], "most": LONGEST_NUMBER})
        elif each.number in first:
            yield Wrong(each.at, "twice", {"number": each.number, "first": first[each.number]})
        first.setdefault(each.number, each.at)
        if not each.title:
            yield Wrong(each.at, "no_title", {"number": each.number})
        elif max(len(each.zh), len(each.en)) > LONGEST_TITLE:
            yield Wrong(each.at, "long_title", {"number": each.number, "most": LONGEST_TITLE})


def _line_faults(given: Given, before: set[str]) -> Iterable[Wrong]:
    after = {each.number for each in given.clauses}
    for line in given.crosswalk:
        if not line.old and not line.new:
            yield Wrong(line.at, "empty_line")
        for number in line.old:
            if number not in before:
                yield Wrong(line.at, "unknown_old", {"number": number, "label": given.follows})
        for number in line.new:
            if number not in after:
                yield Wrong(line.at, "unknown_new", {"number": number, "label": given.edition})
        if line.kind and line.kind not in set(Kind):
            yield Wrong(line.at, "unknown_kind", {"kind": line.kind})
        elif (line.kind == Kind.GONE and line.new) or (line.kind == Kind.NEW and line.old):
            yield Wrong(line.at, "kind_and_numbers")


def became(old: Sequence[Entry], new: Sequence[Entry], crosswalk: Sequence[Line]) -> list[Became]:
    """What became of every clause of both editions, in the order of the new one; what is gone comes last.

    The crosswalk decides. Where it is silent, one number in both editions with one title is the same clause; another
    title under the number is looked at by people.
    """
    ours, theirs = {each.number: each for each in old}, {each.number: each for each in new}
    targets, origins, stated = _edges(crosswalk)
    for number in ours:
        is_silent = number not in targets and number in theirs and number not in origins
        if is_silent:
            targets[number], origins[number] = [number], [number]
    rows = []
    for entry in new:
        before = origins.get(entry.number, [])
        if not before:
            rows.append(Became(Kind.NEW, "", entry.number))
        for number in before:
            kind = _kind(ours[number], entry, len(targets[number]), len(before), stated.get((number, entry.number), ""))
            rows.append(Became(kind, number, entry.number))
    return rows + [Became(Kind.GONE, number, "") for number in ours if not targets.get(number)]


def tally(became: Iterable[Became]) -> dict[str, int]:
    """How many clauses became what: each old one once, and the new ones."""
    return dict(Counter(kind for kind, _number in {(str(each.kind), each.old or each.new) for each in became}))


def _edges(crosswalk: Sequence[Line]) -> tuple[dict[str, list[str]], dict[str, list[str]], dict[tuple[str, str], str]]:
    """New numbers of each old one, old numbers of each new one, and what the crosswalk says of a pair."""
    targets: dict[str, list[str]] = {}
    origins: dict[str, list[str]] = {}
    stated: dict[tuple[str, str], str] = defaultdict(str)
    for line in crosswalk:
        for number in line.old:
            targets.setdefault(number, [])
        for number in line.new:
            origins.setdefault(number, [])
        for one in line.old:
            for other in line.new:
                if other not in targets[one]:
                    targets[one].append(other)
                    origins[other].append(one)
                stated[one, other] = line.kind or stated[one, other]
    return targets, origins, stated


def _kind(old: Entry, new: Entry, parts: int, origins: int, stated: str) -> Kind:
    if parts > 1:
        return Kind.SPLIT
    if origins > 1:
        return Kind.MERGED
    if stated in STATED:
        return Kind(stated)
    if not _one_title(old, new):
        return Kind.REWORDED
    return Kind.SAME if old.number == new.number else Kind.RENUMBERED


def _one_title(old: Entry, new: Entry) -> bool:
    pairs = [(bare(a), bare(b)) for a, b in ((old.zh, new.zh), (old.en, new.en)) if a and b]
    return bool(pairs) and any(a == b for a, b in pairs)


def bare(title: str) -> str:
    """A title without dashes, spaces, case and width."""
    return re.sub(r"[\s—–\-()（）]+", "", unicodedata.normalize("NFKC", title)).lower()


# As plain data, to be kept and given again ----------------------------------------------------------------------------


def said(given: Given) -> dict[str, Any]:
    """A list as JSON keeps it."""
    clauses = [[e.number, e.zh, e.en, e.of, e.is_untitled, e.at] for e in given.clauses]
    lines = [[list(e.old), list(e.new), e.kind, e.at] for e in given.crosswalk]
    heads = ("number", "edition", "zh", "en", "dated_on", "follows")
    return {name: getattr(given, name) for name in heads} | {
        "clauses": clauses, "crosswalk": lines, "sources": list(given.sources)
    }  # fmt: skip


def heard(kept: dict[str, Any]) -> Given:
    """The list again."""
    return Given(
        **{name: kept[name] for name in ("number", "edition", "zh", "en", "dated_on", "follows")},
        clauses=tuple(Entry(*each) for each in kept["clauses"]),
        crosswalk=tuple(Line(tuple(old), tuple(new), kind, at) for old, new, kind, at in kept["crosswalk"]),
        sources=tuple(kept["sources"]),
    )
