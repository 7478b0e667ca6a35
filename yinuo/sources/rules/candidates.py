"""Where in the blocks a clause may begin: every number with how much speaks for it, taken by itself.

Weights are log-odds by eye: 2 is as good as certain, -2 needs a series that misses this very number.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from yinuo.sources.definition import Block, Shape
from yinuo.sources.rules import identified, numbers, tables, values, words


class Kind(StrEnum):
    """How a number stands in its block."""

    AUTOMATIC = "automatic"  # shown by the program
    START = "start"
    LINE = "line"  # after a line feed inside the block
    CELL = "cell"  # in a row of a table
    GLUED = "glued"  # right after the words of something else
    TAIL = "tail"  # at the end of a heading
    HEADING = "heading"  # no number at all


@dataclass(slots=True)
class Candidate:
    """One place where a clause may begin: `readings` are (number, weight), `at` where the number begins in the text."""

    block: int
    at: int
    kind: Kind
    readings: list[tuple[numbers.Number, float]]
    look: int = 0
    level: int = 0
    script: str = ""
    freshness: float = 0.0  # how much speaks for the beginning of another document here
    is_first_title: bool = False
    doubts: list[str] = field(default_factory=list)


class Told(NamedTuple):
    """What the columns of tables say of their cells: what a value meant, and where numbers stand by the heading."""

    meant: dict[tuple[int, int], str]
    numbered: set[tuple[int, int]]
    heads: set[int]


WEIGHTS = {
    "dec": 2.0, "第1章": 2.5, "第1条": 2.5, "第1节": 2.0, "第1编": 2.5, "第1篇": 2.5, "第1部分": 2.0, "第1卷": 2.0,
    "第1分册": 2.0, "附件": 2.0, "附录": 2.0, "附则": 2.0, "附表": -1.0, "1.": 1.3, "1、": 1.3, "1": 0.2, "1.0": 1.3,
    "1)": 1.0, "(1)": 1.0, "①": 1.0, "a)": 1.0, "a.": 0.7, "(a)": 1.0, "A.": 0.9, "A)": 0.8, "(A)": 0.8,
    "A、": 0.8, "i)": 1.0, "(i)": 1.0, "i.": 0.6, "I.": 0.8, "I": 0.2, "一、": 1.5, "(一)": 1.5, "一": 0.3,
    "一)": 0.8, "§": 2.0,
}  # fmt: skip
SPACED, BROKEN, UNPARTED = 0.5, 1.2, 3.5  # 4 . 2, 4 2, and "2." in 2.3
MEASURED, POINTING = -6.0, -5.0
HOPELESS = -4.5  # no series would want it
AFTER_SENTENCE, TIGHT, LOOSELY = -1.3, -3.0, -5.0  # numbers inside a line: what stands around them
IN_TURN = 2.0  # the very number that comes after the one before it in the line
TOLD_TWICE = 2.0  # in two cells of a row, each with its words
TAILED = 5.0  # a heading that ends with a number of several parts
SENTENCED = 1.5  # families by words: Article 5, Annex B
GLUE = re.compile(
    rf"(?<![0-9A-Za-z\-–/§])(?<![0-9A-Za-z]\.)(?:\d{{1,3}}(?=\s?[.、]|\s?[.]?\s?{words.IS_CJK.pattern})|[A-Z]\.\d|\(\d{{1,2}}\)|\([{''.join('一二三四五六七八九十')}]{{1,3}}\)|[①-⑳]"
    rf"|(?:活动|步骤|阶段)\s?\d{{1,2}}\s?[:：、]"
    rf"|\[?第\s?(?:{numbers.HAN}{{1,5}}|\d{{1,3}})\s?[章节条]|附\s?[件录]\s?(?:{numbers.HAN}{{1,2}}|[A-Z\d])|{numbers.HAN}{{1,3}}、)"
)
GLUED_FAMILIES = frozenset(
    {"dec", "1.", "1、", "(1)", "(一)", "①", "一、", "第1章", "第1条", "第1节", "附件", "附录", "1.0"}
)
LOOSE = re.compile(
    rf"(?:(?!{numbers.SLASHED.pattern})[^\w(\[§\u2460-\u249b\u2776-\u277f])*"
)  # bullets and ornaments before a number
SHORTEST_ROW, NO_ROW = 8, -4.0  # rows that only list numbers
BULLETED = -0.7
HEADED = 3.0  # alone in its cell, below the heading of the numbers
NEAR = 40  # characters before a number that say what it is
MOST_GLUED = 12  # of one block: more is a table of numbers


def found(blocks: Sequence[Block]) -> list[Candidate]:
    """All candidates, in the order of the text."""
    families = _families_of_identifiers(blocks)
    looks: dict[tuple, int] = {}
    result: list[Candidate] = []
    previous = ""
    histories = tables.histories(blocks)
    told = Told(values.meant(blocks), *tables.numbered(blocks))
    listed = _listed(blocks, told)
    for index, block in enumerate(blocks):
        here = listed[index] if index in listed else _in_block(index, block, previous, families, told)
        for candidate in here if index not in histories else ():
            look = (
                block.shape,
                block.level,
                block.is_bold,
                round(block.size),
                candidate.kind is Kind.AUTOMATIC,
                block.style,
            )
            candidate.look = looks.setdefault(look, len(looks))
            candidate.script = _script(block.text[candidate.at : candidate.at + 80])
            candidate.level = block.level if block.shape is Shape.HEADING else 0
            result.append(candidate)
        if block.text.strip():
            previous = block.text.rstrip()[-24:]
    return result


def _listed(blocks: Sequence[Block], told: Told) -> dict[int, list[Candidate]]:
    """The rows of tables whose heading names the column of the numbers, each with its number or none."""
    found: dict[int, list[Candidate]] = {place: [] for place in told.heads}
    for table in identified.found(blocks, told.meant):
        keys = identified.keys(table, table.head)
        for place, number in table.ids.items():
            found[place] = []
            if number:
                start, end = tables.spans(blocks[place].text)[table.column]
                end = start + identified.length(blocks[place].text[start:end])
                whole = numbers.Number(identified.FAMILY, keys[place], number, end)
                candidate = Candidate(place, start, Kind.CELL, [(whole, HEADED)])
                candidate.doubts += ["as_value"] if (place, table.column) in told.meant else []
                found[place].append(candidate)
        found[table.head] = []
    sheets = {blocks[place].place.sheet for place in found} - {""}
    for place, block in enumerate(blocks):  # beside a sheet of requirements stand covers and lists of values
        if sheets and place not in found and block.place.sheet in sheets:
            found[place] = []
    return found


def _in_block(index: int, block: Block, previous: str, families: frozenset[str], told: Told) -> list[Candidate]:
    text = words.flat(block.text)
    if block.shape is Shape.NOTE:
        return []
    if block.number:
        head = _automatic(index, block, text, families)
        if head:
            return [head, *_inside(index, block, text, 0, families)]
    if block.shape is Shape.ROW and "\t" in block.text.strip():
        return _cells(index, block, text, families, told)
    start = LOOSE.match(text)
    at = start.end() if start else 0
    readings = [each for each in numbers.read(text, at) if _is_allowed(each, families)]
    head = _weighed(index, at, Kind.START, readings, block, text, previous) if readings else None
    if head is None and block.shape is Shape.HEADING:
        tail = numbers.read_tail(text)
        if tail:
            return [Candidate(index, tail[0], Kind.TAIL, [(tail[1], TAILED)])]
        head = Candidate(index, 0, Kind.HEADING, [])
    after = head.readings[0][0].end if head and head.readings else at
    rest = _inside(index, block, text, after, families) if block.shape is not Shape.ROW else []
    return _in_turn([head, *rest] if head else rest, text)


def _automatic(index: int, block: Block, text: str, families: frozenset[str]) -> Candidate | None:
    """What the program counts is certain; only what it means within the whole is open."""
    shown = words.flat(block.number).strip()
    readings = [each for each in numbers.read(shown, 0) if each.end >= len(shown)]
    if not readings:
        readings = [each for each in numbers.read(shown + " ", 0) if each.end >= len(shown)]
    if not readings:
        return None
    whole = [numbers.Number(each.family, each.key, each.printed, 0, each.lead) for each in readings]
    is_list = block.shape is Shape.ITEM and whole[0].family in ("1.", "1)", "(1)", "a)", "a.", "(a)", "i.", "i)")
    weight = 1.5 if is_list else 3.0
    weight += 2.0 if block.shape is Shape.HEADING else 0.0
    typed = numbers.read(text, 0)
    if typed and typed[0].family == "dec" and whole[0].family != "dec":
        return None  # 1) 4.2.1 …: the typed number is the clause's, the list around it is layout
    return Candidate(index, 0, Kind.AUTOMATIC, [(each, weight + WEIGHTS.get(each.family, 1.0)) for each in whole])


def _inside(index: int, block: Block, text: str, after: int, families: frozenset[str]) -> list[Candidate]:
    """Numbers at the beginnings of later lines, and numbers glued to other words."""
    result = []
    for match in GLUE.finditer(text, max(after, 1)):
        at = match.start()
        before = text[max(at - NEAR, 0) : at].rstrip(" ")
        if at < after or (at < NEAR and not before.strip()):
            continue
        is_line = before.endswith("\n")
        readings = [each for each in numbers.read(text, at) if is_line or _may_be_glued(each.family)]
        readings = [each for each in readings if _is_allowed(each, families)]
        kind = Kind.LINE if is_line else Kind.GLUED
        candidate = _weighed(index, at, kind, readings, block, text, before.rstrip("\n")) if readings else None
        if candidate:
            result.append(candidate)
    return result if len(result) <= MOST_GLUED or len(text) > 12 * len(result) else []


def _in_turn(here: list[Candidate], text: str) -> list[Candidate]:
    """The numbers of one block; those before Chinese words that come in turn weigh more: a line feed was lost there."""
    for before, after in pairwise(here):
        if after.kind is not Kind.GLUED or not before.readings:
            continue
        number, weight = after.readings[0]
        is_whole = number.family == numbers.DECIMAL or number.family in ("附件", "附录")
        is_named = words.IS_CJK.match(text, number.end) and not words.POINTING.match(text, number.end)
        if is_whole and is_named and numbers.is_next(before.readings[0][0], number):
            after.readings[0] = number, weight + IN_TURN
    return here


def _may_be_glued(family: str) -> bool:
    return family in GLUED_FAMILIES or family.startswith(numbers.COUNTED)


def _cells(index: int, block: Block, text: str, families: frozenset[str], told: Told) -> list[Candidate]:
    """The number of a row stands in one of its first cells, alone or before its words."""
    at = 0
    result: list[Candidate] = []
    for which, cell in enumerate(block.text.split("\t")[: tables.FIRST_COLUMNS]):
        flat = words.flat(cell)
        lead = len(flat) - len(flat.lstrip())
        readings = [each for each in numbers.read(flat, lead) if _is_allowed(each, families)]
        is_twice = bool(readings) and _is_said_again(block.text.split("\t")[which + 1 :], readings[0])
        if (index, which) in told.meant:
            readings = [replace(each, end=len(cell)) for each in numbers.read(told.meant[index, which], 0)]
        is_whole = bool(readings) and not flat[readings[0].end :].strip()
        is_identifier = bool(readings) and readings[0].family.startswith("id:")
        is_headed = is_whole and (index, which) in told.numbered
        is_better = is_identifier and bool(result) and not result[0].readings[0][0].family.startswith("id:")
        if readings and (is_headed or is_better or not result):
            moved = [_moved(each, at) for each in readings]
            candidate = _weighed(index, at + lead, Kind.CELL, moved, block, text, "")
            if candidate and (is_whole or is_identifier or is_twice or moved[0].family not in ("1", "1)")):
                weight = TOLD_TWICE if is_twice else 0.0
                candidate.readings = [(number, each + weight) for number, each in candidate.readings]
                candidate.doubts += ["as_value"] if (index, which) in told.meant else []
                if is_headed:
                    candidate.readings = [(number, weight + HEADED) for number, weight in candidate.readings]
                    return [candidate]
                result = [candidate]
        at += len(cell) + 1
        if result and result[0].readings[0][0].family != "1" and is_whole:
            break
    return result


def _is_said_again(cells: Sequence[str], number: numbers.Number) -> bool:
    """Whether another cell of a row begins with the same number: the clause in another language."""
    firsts = [numbers.read(words.flat(cell), 0)[:1] for cell in cells]
    return any(first and (first[0].family, first[0].key) == (number.family, number.key) for first in firsts)


def _moved(number: numbers.Number, by: int) -> numbers.Number:
    return numbers.Number(number.family, number.key, number.printed, number.end + by, number.lead, number.is_spaced)


def _weighed(
    index: int, at: int, kind: Kind, readings: list[numbers.Number], block: Block, text: str, before: str
) -> Candidate | None:
    weighed = []
    for number in readings:
        weight = WEIGHTS.get(number.family, 1.5 if number.family.startswith("id:") else SENTENCED)
        weight += _of_what_follows(number, text, at, kind)
        if number.is_spaced:
            weight -= SPACED if "." in text[at : number.end] else BROKEN
        if number.family == "1." and text[number.end : number.end + 1].isdecimal() and text[number.end - 1] != " ":
            weight -= UNPARTED
        weight += _of_place(kind, number, block, before, text, at)
        if weight > HOPELESS:
            weighed.append((number, weight))
    if not weighed:
        return None
    return Candidate(index, at, kind, weighed, is_first_title=bool(words.FIRST_TITLES.match(text, weighed[0][0].end)))


def _of_what_follows(number: numbers.Number, text: str, at: int, kind: Kind) -> float:
    """What the words after a number say of it: units and references speak against it, words of their own for it."""
    rest = text[number.end : number.end + 60].split("\n")[0]
    if number.family.startswith("第1"):
        return POINTING if words.POINTING_LAW.match(rest) else 0.0
    if number.family in ("dec", "1", "1.0", "1.", "1、"):
        against = _as_quantity(number, text, at, rest, kind)
        if against:
            return against
    if kind is Kind.CELL:
        others = text[:at] + text[number.end :]
        if not tables.WORD.search(others) or (len(others.strip()) < SHORTEST_ROW and not words.IS_CJK.search(others)):
            return NO_ROW
    if not rest.strip():
        return {"1": -3.0, "1.": -1.0, "1.0": -2.0}.get(number.family, -0.3) if kind is not Kind.CELL else 0.3
    return _of_first_sign(number, rest.lstrip()[:1])


def _as_quantity(number: numbers.Number, text: str, at: int, rest: str, kind: Kind) -> float:
    """Whether a number counts, measures or points to a clause: 2.5 mm, 3 samples, 4.2 of the manual."""
    raw = text[at : number.end]
    is_marked = raw.rstrip()[-1:] in ".、):"
    if not (is_marked and raw.endswith(" ")) and number.family not in ("1、", "1."):
        tail = text[number.end - 1 : number.end + 8] if raw.endswith(" ") else text[number.end : number.end + 8]
        tail = tail.lstrip() if kind is Kind.GLUED else tail
        if words.UNITS.match(tail) and not words.NOT_COUNTED.match(tail.lstrip()):
            return MEASURED
    if not is_marked and words.UNIT_WORDS.match(" " + rest):
        return POINTING
    return POINTING if not is_marked and words.POINTING.match(rest) else 0.0


def _of_first_sign(number: numbers.Number, first: str) -> float:
    if number.family.startswith("id:") and first in ",;、，；/":
        return POINTING  # one of several that are only named
    if number.family in ("dec", "1", "1.0") and first.islower():
        return -2.0
    if number.family == "dec" and (first in ",，;；、)=+-–—/%~" or first.isdecimal()):
        return -2.5
    if number.family == "1" and (first in ",，;；、)=+-–—/%~.。" or first.isdecimal()):
        return -3.0
    return 0.3 if first.isupper() or words.IS_CJK.match(first) else 0.0


def _of_place(kind: Kind, number: numbers.Number, block: Block, before: str, text: str, at: int) -> float:
    weight = 0.0
    if kind is Kind.GLUED:
        ends = before.rstrip()[-1:]
        is_tight = (
            bool(before[-1:].strip()) and bool(words.IS_CJK.match(text, number.end)) and text[number.end - 1] != " "
        )
        is_apart = bool(ends) and (ends in words.SENTENCE_END + "：:" or text[at] == "[")
        weight = AFTER_SENTENCE if is_apart else TIGHT if is_tight else LOOSELY
        if number.family in ("1、", "1.", "1.0") and not words.IS_CJK.search(text, number.end, number.end + 3):
            weight -= 2.0
        if number.family not in ("1.", "1、", "(1)", "一、") and words.POINTED_TO.search(before):
            weight -= 3.0
        return weight
    if kind is Kind.CELL:
        return -0.3 if number.family in ("1", "1.", "1、") else 0.0
    if words.UNFINISHED.search(before) and block.shape is not Shape.HEADING:
        weight -= 2.0 if number.family in ("dec", "1", "1.", "1.0") or number.family.startswith("第1") else 0.0
    weight += 2.5 if block.shape is Shape.HEADING else 0.0
    weight += BULLETED if block.number and kind is Kind.START else 0.0
    weight += 0.8 if block.is_bold else 0.0
    return weight - 0.3 if kind is Kind.LINE else weight


def _script(text: str) -> str:
    """Whether a text is rather Chinese or rather Latin; empty where it is neither."""
    han = len(words.IS_CJK.findall(text))
    latin = sum(char.isascii() and char.isalpha() for char in text)
    return "zh" if han * 3 > latin and han else "latin" if latin else ""


def _is_allowed(number: numbers.Number, families: frozenset[str]) -> bool:
    return not number.family.startswith("id:") or number.family + number.lead in families


def _families_of_identifiers(blocks: Sequence[Block]) -> frozenset[str]:
    """REQ-001 is a number of this document when its like begins at least three blocks, each time another."""
    seen: dict[str, Counter[tuple]] = defaultdict(Counter)
    for block in blocks:
        pieces = block.text.split("\t")[: tables.FIRST_COLUMNS] if block.shape is Shape.ROW else [block.text]
        for piece in [block.number, *pieces] if block.number else pieces:
            text = words.flat(piece)
            start = LOOSE.match(text)
            for number in numbers.read(text, start.end() if start else 0):
                is_own = block.shape is Shape.ROW and len(number.lead) == 1 and number.end >= len(text.rstrip())
                if number.family.startswith("id:") and (is_own or not _is_standard(number.lead)):
                    seen[number.family + number.lead][number.key] += 1
    leads: dict[str, list[str]] = defaultdict(list)
    for name in seen:
        leads[re.sub("[A-Za-z]+", "A", name[3:])].append(name)
    good = {name for name, keys in seen.items() if _is_varied([keys])}
    for names in leads.values():
        good |= set(names) if _is_varied([seen[name] for name in names]) else set()
    return frozenset(good)


def _is_varied(counts: list[Counter[tuple]]) -> bool:
    different = sum(len(keys) for keys in counts)
    times = sum(sum(keys.values()) for keys in counts)  # an annex may list all of them once more
    return different >= 3 and different * (3 if different >= 5 else 2) >= times


def _is_standard(lead: str) -> bool:
    bare = lead.strip("./- ")
    return bool(words.STANDARDS.fullmatch(bare) or words.STANDARDS.fullmatch(bare.upper()))
