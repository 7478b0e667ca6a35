"""What a requirement means: its terms, other words, values and references; and how much two of them ask the same.

Not letters are compared but what is asked: the topic (weighing by how rare a word is), what is to be done with it, and
which side of it. A value stands apart: 480 h and 720 h of salt spray are one requirement asked with two values.
Texts in two languages meet by their terms alone.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeVar

from yinuo.search import rules
from yinuo.search.engine import glossary

F = TypeVar("F")

LONGEST = 1200  # characters that are read of a requirement

# What each part weighs ------------------------------------------------------------------------------------------------

OF_KIND = {glossary.TOPIC: 3.0, glossary.PART: 0.4}
OF_STANDARD = 1.5
OF_WORD, OF_PAIR = 1.2, 0.8  # an English word; two Chinese characters, of which a word has one or more
OTHER_DEED, OPPOSITE, ONLY_ONE_DEED, ONLY_ONE_STRONG = 0.62, 0.4, 0.92, 0.82
OTHER_PAPER, ONLY_ONE_PAPER, OTHER_ACTIVITY = 0.6, 0.66, 0.85
STRONG = frozenset({"change", "cancel", "add", "bear", "name_act", "update", "mark_act", "approve", "join"})
ACTIVITIES = frozenset(  # topics that are themselves something to be done
    [
        "calibration",
        "training",
        "drill",
        "tool_maintenance",
        "maintenance",
        "internal_audit",
        "process_audit",
        "product_audit",
        "layered_audit",
        "second_party_audit",
        "self_assessment",
        "retention",
        "sorting",
        "rework",
        "scrap",
        "requalification",
        "change_notice",
        "relocation",
    ]
)
OPPOSITES = ({"raise", "lower"}, {"add", "cancel"}, {"shorten", "postpone"}, {"raise", "cancel"}, {"keep", "cancel"})

OF_VALUE = frozenset({"raise", "lower", "shorten", "postpone"})  # they say that the value is another one, no more

IMPLIED = {  # what goes without saying once the topic is named
    "retention": {"keep", "record", "duration"},
    "change_notice": {"notify", "change"},
    "safety_stock": {"keep"},
    "calibration": {"inspect"},
    "conflict_minerals": {"submit", "template", "questionnaire"},
    "reach": {"submit", "declaration"},
    "imds": {"submit"},
    "ppap": {"submit"},
    "eight_d": {"submit", "report"},
    "contingency": {"submit", "plan_paper"},
    "response_time": {"duration"},
    "cycle_time": {"duration"},
    "internal_audit": {"audit_act"},
    "process_audit": {"audit_act"},
    "product_audit": {"audit_act"},
    "label": {"mark_act"},
    "marking": {"mark_act"},
    "layout_inspection": {"inspect"},
    "salt_spray": {"duration"},
}


class Value(NamedTuple):
    """A number with its unit, a rhythm, a day: what may differ while the requirement is the same."""

    unit: str
    amount: str

    def __str__(self) -> str:
        if self.unit == EVERY:
            return self.amount
        return f"{self.amount} {self.unit}".strip()


EVERY = "every"


@dataclass(frozen=True)
class Meaning:
    """What stands in a text. `deeds` are acts, `papers` what is handed in, `sides` time, cost, place."""

    topics: frozenset[str]
    parts: frozenset[str]
    papers: frozenset[str]
    sides: frozenset[str]
    deeds: frozenset[str]
    words: frozenset[str]
    values: tuple[Value, ...]
    standards: frozenset[str]
    numbers: frozenset[str]

    @property
    def is_chinese(self) -> bool:
        """Whether its other words are Chinese (true of none at all)."""
        return not any(word.isascii() for word in self.words) or any(not word.isascii() for word in self.words)


@dataclass(frozen=True)
class Likeness:
    """How much two texts ask the same, and why: what they share and which values differ."""

    percent: int
    topics: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    values: tuple[tuple[Value, ...], tuple[Value, ...]] = ((), ())


NOTHING = Likeness(0)

# Reading --------------------------------------------------------------------------------------------------------------

_UNITS = {
    "h": "h|hrs?|hours?|小时|个小时",
    "min": "min|mins|minutes?|分钟",
    "s": "s|sec|seconds?|秒",
    "d": "d|days?|天|日|working days?|calendar days?|个?工作日|自然日",
    "week": "weeks?|周|个?星期|个?礼拜",
    "month": "months?|个?月",
    "year": "years?|yrs?|年",
    "mm": "mm|毫米",
    "μm": "μm|um|microns?|微米|丝",
    "m": "m|米",
    "km": "km|公里|kilomet(?:re|er)s?",
    "°C": "°c|℃|度|摄氏度|degc",
    "%": "%|％|percent|per cent",
    "ppm": "ppm",
    "MPa": "mpa",
    "N": "n|牛",
    "kN": "kn",
    "N·m": "nm|n·m|n\\.m",
    "kg": "kg|公斤|千克",
    "g": "g|克",
    "dB": r"db(?:\(a\))?",
    "V": "v|伏",
    "pcs": "pcs|pieces?|件|只|个|台套|套|片|辆|台|parts?",
    "times": "times|次|遍|轮|cycles?|个?循环",
    "级": "级",
}
_UNIT = "|".join(f"(?P<u{at}>{words})" for at, words in enumerate(_UNITS.values()))
_NAMES = list(_UNITS)
_NUMBER = r"[±+\-]?\d+(?:[.,]\d+)*"
_VALUE = re.compile(rf"(?P<n>{_NUMBER})\s*-?\s*(?:(?:{_UNIT})(?![a-z0-9]))?")
_DAY = re.compile(r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}(?:\s*[-/.月]\s*\d{1,2}日?)?月?")
_CHINESE = re.compile(
    r"([一二两三四五六七八九十]{1,3}|半)(?=个?(?:小时|分钟|天|日|工作日|周|星期|月|年|次|件|份|级|轮|套|遍))"
)
_ENGLISH = re.compile(r"\b(one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty)\b(?=[\s-]+[a-z])")
_ONES = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_SPOKEN = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12, "fifteen": 15, "twenty": 20,
}  # fmt: skip
_RHYTHMS = {
    "hourly": "每小时|hourly|every hour|per hour",
    "per shift": "每班次?|every shift|each shift|per shift",
    "daily": "每[天日]|daily|every day|per day",
    "weekly": "每周|weekly|every week|per week",
    "monthly": "每个?月|月度|monthly|every month|per month",
    "quarterly": "每个?季度?|季度|quarterly|every quarter|per quarter",
    "half-yearly": "每半年|半年度|half-yearly|every six months|twice a year",
    "yearly": "每年|年度|annual(?:ly)?|yearly|every year|per year|once a year",
    "per batch": "每批次?|逐批|every batch|each batch|per batch|every lot|each lot",
    "per delivery": "每次(?:交付|交货|发货)|every delivery|each delivery|every shipment|each shipment",
}
_RHYTHM = re.compile("|".join(f"(?P<r{at}>{words})" for at, words in enumerate(_RHYTHMS.values())))
_STANDARD = re.compile(
    r"\b(iso|gb/t|gb|din|en|vw|tl|pv|gmw|astm|jis|qc/t|sae|iec|ul|vda|aiag|mbn|bmw gs|gs|ws|q/[a-z]+)"
    r"[\s-]*(\d[\d.\-]*\d|\d)"
)
_PART_NUMBER = re.compile(r"\b(?=[a-z0-9./-]*\d)[a-z0-9]+(?:[-./][a-z0-9]+){1,}\b|\b(?=[a-z]*\d)[a-z0-9]{6,}\b")
_WORD = re.compile("([\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff]+)|([a-z]{2,})")
_QUIET_CHINESE = re.compile(
    "要求|需要|必须|应当|应该|应|须|需|请|我司|贵司|我方|你方|贵方|我们|你们|以及|及其|及|和|与|或|并|的|了|在|对|对于|为|于|由|从|到|至|"
    "按照|按|根据|依据|进行|所有|全部|每个|各|每|后|前|内|中|上|下|不少于|不小于|不低于|不得低于|至少|大于等于|大于|小于|不超过|以上|以下|"
    "不得|不允许|禁止|使用|采用|满足|符合|达到|保证|确保|能够|可以|可|将|已|起|开始|今后|同时|另外|其他|相关|等|做|无|有|是|把|被|给|向|"
    "试验|测试|一次|一份|之间|过程中|本|该|此|其|以|均|都|也|才|再|且|若|如|时|第|现|新|不"
)
_QUIET_ENGLISH = frozenset(
    glossary.stem(word)
    for line in (
        "the a an of for to and or in on at by with from as is are be been being was were shall should must will would",
        "can could may might has have had do does did not no all any each every per than more least minimum maximum",
        "min max at less before after during within until upon under over this that these those it its their our your",
        "we you they please required requires requirement requirements request requests requested need needs needed",
        "according accordance following respective also only new current now via using used use made make into out up",
        "down which who whom whose there if when where so such other same well latest once ensure guarantee meet",
        "comply fulfil fulfill achieve reach test testing both between starting start begin",
    )
    for word in line.split()
)


@lru_cache(maxsize=20_000)
def understand(text: str) -> Meaning:
    """What stands in a text."""
    flat = rules.normal(text[:LONGEST])
    flat = _ENGLISH.sub(lambda match: str(_SPOKEN[match.group()]), flat)
    by_kind: dict[str, set[str]] = {kind: set() for kind in glossary.KINDS}
    standards, flat = _taken(_STANDARD, flat, lambda match: f"{match.group(1)} {match.group(2)}")
    for start, end, term in reversed(glossary.places(flat)):
        by_kind[term.kind].add(term.key)
        flat = f"{flat[:start]}{' ' * (end - start)}{flat[end:]}"
    rhythms, flat = _taken(_RHYTHM, flat, lambda match: list(_RHYTHMS)[int((match.lastgroup or "r0")[1:])])
    days, flat = _taken(_DAY, flat, lambda match: re.sub(r"\D+", "-", match.group()).strip("-"))
    numbers, flat = _taken(_PART_NUMBER, flat, lambda match: match.group(), unless=_is_value)
    flat = _CHINESE.sub(lambda match: _counted(match.group(1)), flat)
    values, flat = _taken(_VALUE, flat, _value)
    kept = {Value(EVERY, each) for each in rhythms} | {Value("", each) for each in days} | set(values)
    return Meaning(
        topics=frozenset(by_kind[glossary.TOPIC]),
        parts=frozenset(by_kind[glossary.PART]),
        papers=frozenset(by_kind[glossary.PAPER]),
        sides=frozenset(by_kind[glossary.SIDE]),
        deeds=frozenset(by_kind[glossary.ACT]),
        words=frozenset(_words(flat)),
        values=tuple(sorted(kept)),
        standards=frozenset(standards),
        numbers=frozenset(numbers),
    )


def _taken(
    pattern: re.Pattern[str], text: str, say: Callable[[re.Match[str]], F], unless: Callable[[str], bool] | None = None
) -> tuple[list[F], str]:
    """What a pattern finds, and the text without it."""
    found: list[F] = []

    def note(match: re.Match[str]) -> str:
        if unless is not None and unless(match.group()):
            return match.group()
        found.append(say(match))
        return " " * len(match.group())

    return found, pattern.sub(note, text)


def _is_value(text: str) -> bool:
    """Whether what looks like a part number is a number with its unit (720h) or a range of them."""
    match = _VALUE.fullmatch(text)
    return match is not None or (re.fullmatch(r"\d+(?:[.,/-]\d+)?[a-z]{0,3}", text) is not None and len(text) < 8)


def _counted(word: str) -> str:
    """一 to 九十九 as a number."""
    if word == "半":
        return "0.5"
    if "十" not in word:
        return str(_ONES.get(word[-1], 0))
    tens, _ten, ones = word.partition("十")
    return str(_ONES.get(tens, 1) * 10 + _ONES.get(ones, 0))


def _value(match: "re.Match[str]") -> Value:
    unit = next((_NAMES[at] for at in range(len(_NAMES)) if match.group(f"u{at}")), "")
    amount = match.group("n").lstrip("+").replace(",", "")
    if unit in ("h", "d") and amount.isdecimal() and unit == "d" and int(amount) % 7 == 0 and int(amount) > 7:
        return Value("week", str(int(amount) // 7))
    return Value(unit, amount)


def _words(text: str) -> Iterable[str]:
    """Pairs of Chinese characters and English words without their endings that say something."""
    for run, word in _WORD.findall(_QUIET_CHINESE.sub(" ", text)):
        if run:
            yield from (run[at : at + 2] for at in range(len(run) - 1))
        elif (piece := glossary.stem(word)) not in _QUIET_ENGLISH:
            yield piece


# Comparing ------------------------------------------------------------------------------------------------------------


def compare(a: Meaning, b: Meaning, rarity: Callable[[str], float] = lambda _word: 1.0) -> Likeness:
    """How much two requirements ask the same, 0 to 100; `rarity` says of a word how telling it is, 0 to 1."""
    is_crossing = bool(a.words and b.words) and not _languages(a) & _languages(b)
    mine, yours = _features(a, rarity), _features(b, rarity)
    common = {key: weight for key, weight in mine.items() if key in yours}
    whole = sum(mine.values()) + sum(yours.values())
    if not any(kind == glossary.TOPIC for kind, _word in common) and (is_crossing or len(a.words & b.words) < 3):
        return NOTHING
    shared = _across(mine, yours, common) if is_crossing else 2 * sum(common.values()) / max(whole, 1e-9)
    percent = round(100 * shared * _same_demand(a, b))
    return Likeness(
        percent=max(0, min(100, percent)),
        topics=a.topics & b.topics,
        words=a.words & b.words,
        values=differing(a, b),
    )


def _languages(a: Meaning) -> set[bool]:
    return {word.isascii() for word in a.words}


Feature = tuple[str, str]


def _features(a: Meaning, rarity: Callable[[str], float]) -> dict[Feature, float]:
    found: dict[Feature, float] = {(glossary.TOPIC, key): OF_KIND[glossary.TOPIC] for key in a.topics}
    found |= {(glossary.PART, key): OF_KIND[glossary.PART] for key in a.parts}
    found |= {("standard", key): OF_STANDARD for key in a.standards}
    found |= {("word", word): (OF_WORD if word.isascii() else OF_PAIR) * rarity(word) for word in a.words}
    return found


def _across(mine: dict[Feature, float], yours: dict[Feature, float], common: dict[Feature, float]) -> float:
    """Two languages share terms only; the more of a text stands in no term, the less sure."""

    def split(features: dict[Feature, float]) -> tuple[float, float]:
        known = sum(weight for (kind, _word), weight in features.items() if kind != "word")
        return known, sum(features.values()) - known

    (known_a, rest_a), (known_b, rest_b) = split(mine), split(yours)
    alike = 2 * sum(common.values()) / (known_a + known_b)
    cover = min(known_a / (known_a + 0.5 * rest_a), known_b / (known_b + 0.5 * rest_b))
    return alike * (0.55 + 0.45 * cover)


def _same_demand(a: Meaning, b: Meaning) -> float:
    """Whether the same is to be done with the same side of it: the words may be the same and the demand another."""
    found = 1.0
    by_value = frozenset() if a.papers or b.papers else OF_VALUE
    said = by_value.union(*(IMPLIED.get(topic, ()) for topic in a.topics & b.topics))
    mine, yours = (a.deeds | a.sides) - said, (b.deeds | b.sides) - said
    if any((a.deeds & pair) and (b.deeds & pair) and not (a.deeds & b.deeds & pair) for pair in OPPOSITES):
        found *= OPPOSITE
    elif mine and yours:
        alike = 2 * len(mine & yours) / (len(mine) + len(yours))
        found *= OTHER_DEED + (1 - OTHER_DEED) * min(1.0, 1.25 * alike)
    elif mine or yours:
        found *= ONLY_ONE_STRONG if (mine | yours) & STRONG else ONLY_ONE_DEED
    if (a.topics ^ b.topics) & ACTIVITIES:
        found *= OTHER_ACTIVITY
    my_papers, your_papers = a.papers - said, b.papers - said
    if my_papers and your_papers:
        alike = 2 * len(my_papers & your_papers) / (len(my_papers) + len(your_papers))
        found *= OTHER_PAPER + (1 - OTHER_PAPER) * min(1.0, 1.5 * alike)
    elif my_papers or your_papers:
        found *= ONLY_ONE_PAPER
    return found


def differing(a: Meaning, b: Meaning) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """The values of each that the other does not have."""
    mine, yours = set(a.values), set(b.values)
    return tuple(sorted(mine - yours)), tuple(sorted(yours - mine))


def shown(words: Iterable[str], text: str) -> list[str]:
    """Some words of a text as people read them: English ones whole, pairs of Chinese characters put together."""
    wanted, flat = set(words), rules.normal(text[:LONGEST])
    found: list[str] = []
    for run, word in _WORD.findall(flat):
        if word:
            found += [word] * (glossary.stem(word) in wanted)
            continue
        piece = ""
        for at in range(len(run) - 1):
            if run[at : at + 2] in wanted:
                piece = piece + run[at + 1] if piece else run[at : at + 2]
            elif piece:
                found.append(piece)
                piece = ""
        found += [piece] if piece else []
    return list(dict.fromkeys(found))
