"""The numbers that a word processor shows before paragraphs, computed from their definitions (ECMA-376, part 1, 17.9).

A number stands nowhere in the file: the paragraph (or its style) names a list, the list names a definition with levels,
and the number is counted along the document. Lists of one definition count on together; an override starts them anew
once.
"""

import re
from dataclasses import dataclass, field

from lxml import etree

from yinuo.sources.readers.word import numerals
from yinuo.sources.readers.word.styles import Style, Styles, W, number_of, value_of

LEVELS = 9
PLACE = re.compile("%([1-9])")


@dataclass(frozen=True)
class Level:
    """One level of a definition. `restart`: it begins anew after a level below this one was used (0: never)."""

    format: str = "decimal"
    text: str = ""
    start: int = 1
    restart: int | None = None
    is_legal: bool = False
    style: str | None = None
    indent: float | None = None

    @classmethod
    def of(cls, element: etree._Element) -> "Level":
        start, indent = number_of(element, "start"), element.find(f"{W}pPr/{W}ind")
        legal = element.find(W + "isLgl")
        return cls(
            format=_format_of(element),
            text=value_of(element, "lvlText") or "",
            start=1 if start is None else start,
            restart=number_of(element, "lvlRestart"),
            is_legal=legal is not None and legal.get(W + "val", "1") not in ("0", "false", "off"),
            style=value_of(element, "pStyle"),
            indent=indent_of(indent),
        )


@dataclass(frozen=True)
class Shown:
    """What stands before a paragraph: its label as shown ("" for bullets), level from 0, and the list it belongs to."""

    label: str
    level: int
    series: str
    is_bullet: bool = False
    indent: float | None = None


@dataclass
class List:
    """A list: its definition's key and levels, with what it overrides."""

    key: str
    levels: dict[int, Level]
    starts: dict[int, int] = field(default_factory=dict)

    def level(self, place: int) -> Level:
        return self.levels.get(place) or Level(format="none")

    def level_of_style(self, style: str) -> int | None:
        return next((place for place, level in self.levels.items() if level.style == style), None)


class Numbering:
    """Counts along one document: ask `shown` once for each paragraph, in order."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self.styles = styles
        self.lists: dict[str, List] = {}
        self.counts: dict[str, dict[int, int]] = {}
        self.begun: set[tuple[str, int]] = set()
        if root is not None:
            self._read(root)

    def shown(self, paragraph: etree._Element | None, style: str | None) -> Shown | None:
        """What stands before the paragraph with these properties (`w:pPr`); None where nothing does."""
        asked = self._asked(paragraph, style)
        if asked is None:
            return None
        number, place = asked
        members = self.lists[number]
        level = members.level(place)
        self._count(number, members, place)
        is_bullet = level.format == "bullet" or ("%" not in level.text and not level.text.strip())
        label = "" if is_bullet else self._label(members, place)
        return Shown(label, place, members.key, is_bullet, level.indent)

    def _read(self, root: etree._Element) -> None:
        definitions = {each.get(W + "abstractNumId", ""): each for each in root.iterchildren(W + "abstractNum")}
        for each in root.iterchildren(W + "num"):
            key = self._definition(root, definitions, value_of(each, "abstractNumId") or "")
            if key not in definitions:
                continue
            levels = {_place(level): Level.of(level) for level in definitions[key].iterchildren(W + "lvl")}
            members = List(key, levels)
            for override in each.iterchildren(W + "lvlOverride"):
                place, own = _place(override), override.find(W + "lvl")
                if own is not None:
                    members.levels[place] = Level.of(own)
                start = number_of(override, "startOverride")
                if start is not None:
                    members.starts[place] = start
                elif own is not None:
                    members.starts[place] = members.levels[place].start
            self.lists[each.get(W + "numId", "")] = members

    def _definition(self, root: etree._Element, definitions: dict[str, etree._Element], key: str) -> str:
        """A definition may only point to a list style, whose own definition counts."""
        linked = value_of(definitions.get(key), "numStyleLink")
        if linked is None:
            return key
        for other, element in definitions.items():
            if value_of(element, "styleLink") == linked:
                return other
        style = self.styles.styles.get(linked)
        number = (
            None if style is None or style.paragraph is None else value_of(style.paragraph.find(W + "numPr"), "numId")
        )
        for each in root.iterchildren(W + "num"):
            if number is not None and each.get(W + "numId") == number:
                return value_of(each, "abstractNumId") or key
        return key

    def _asked(self, paragraph: etree._Element | None, style: str | None) -> tuple[str, int] | None:
        """The list and the level (from 0) of a paragraph. Its own words go before those of its styles."""
        own = None if paragraph is None else paragraph.find(W + "numPr")
        number, place = value_of(own, "numId"), number_of(own, "ilvl")
        is_own = number is not None
        if number is None:
            number, place = self._asked_by_style(style, place)
        if number is None or number == "0" or number not in self.lists:
            return None
        if place is None and is_own:
            place = self.lists[number].level_of_style(style or self.styles.default)
        return number, min(max(place or 0, 0), LEVELS - 1)

    def _asked_by_style(self, style: str | None, place: int | None) -> tuple[str | None, int | None]:
        passed: list[Style] = []
        for each in self.styles.chain(style):
            passed.append(each)
            properties = None if each.paragraph is None else each.paragraph.find(W + "numPr")
            number = value_of(properties, "numId")
            if number is None:
                continue
            if place is None and number in self.lists:
                linked = (self.lists[number].level_of_style(one.key) for one in passed)
                place = next((level for level in linked if level is not None), None)
            if place is None:
                place = next((level for level in map(_level_of_style, passed) if level is not None), None)
            return number, place
        return None, place

    def _count(self, number: str, members: List, place: int) -> None:
        counts = self.counts.setdefault(members.key, {})
        for upper in range(place + 1):  # an override holds once, when its level is first used in that list
            if upper in members.starts and (number, upper) not in self.begun:
                self.begun.add((number, upper))
                counts.pop(upper, None)
                self._begin_below(members, upper)
                if upper < place:
                    counts[upper] = members.starts[upper]
        start = members.starts.get(place, members.level(place).start)
        counts[place] = counts[place] + 1 if place in counts else start
        self._begin_below(members, place)

    def _begin_below(self, members: List, place: int) -> None:
        counts = self.counts[members.key]
        for lower in [each for each in counts if each > place]:
            restart = members.level(lower).restart
            if place < (lower if restart is None else restart):
                del counts[lower]

    def _label(self, members: List, place: int) -> str:
        level, counts = members.level(place), self.counts[members.key]

        def part(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            if at > place:
                return ""
            of = members.level(at)
            value = counts.get(at, members.starts.get(at, of.start))
            is_turned = level.is_legal and of.format not in ("none", *numerals.DECIMALS)
            return numerals.written(value, "decimal" if is_turned else of.format)

        return PLACE.sub(part, level.text).strip()


def indent_of(element: etree._Element | None) -> float | None:
    """Indent from the left in points; None where nothing is said."""
    if element is None:
        return None
    said = element.get(W + "left") or element.get(W + "start")
    try:
        return None if said is None else float(said) / 20
    except ValueError:
        return None


def _level_of_style(style: Style) -> int | None:
    return None if style.paragraph is None else number_of(style.paragraph.find(W + "numPr"), "ilvl")


def _place(element: etree._Element) -> int:
    said = element.get(W + "ilvl", "0")
    return int(said) if said.isdigit() else 0


def _format_of(level: etree._Element) -> str:
    """The format, also where it stands twice (a newer one, and one for programs that do not know it)."""
    found = level.find(W + "numFmt")
    if found is None:
        found = next(level.iter(W + "numFmt"), None)
    if found is None:
        return "decimal"
    said = found.get(W + "val", "decimal")
    if said == "custom":
        return found.get(W + "format", "decimal").split(",", 1)[0].strip()
    return said
