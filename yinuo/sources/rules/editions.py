"""Which edition of a document is meant: the words beside its designation, and whether two such words are the same.

An edition is said as a year ("2016", "2013-06"), a count ("ed. 4"), a version ("V6", "3.1") or a revision ("Rev. C"),
with the last of its amendments behind it ("2017+A1").
"""

import re

from yinuo.sources.rules import numbers, words

YEAR = r"(?:19[4-9]\d|20[0-4]\d)"
_HAN = r"[一二三四五六七八九十]{1,3}"
_COUNTS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "erste": 1, "zweite": 2, "dritte": 3, "vierte": 4, "fünfte": 5, "sechste": 6,
}  # fmt: skip
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "mär": 3, "apr": 4, "may": 5, "mai": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
    "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12,
}  # fmt: skip
_MONTH = rf"(?:{'|'.join(_MONTHS)})[a-zä]{{0,7}}\.?"
_NTH = rf"(?:\d{{1,2}}\s?(?:st|nd|rd|th)|{'|'.join(_COUNTS)})"
_ED = r"(?:edition|edn\.?|ed\.|ed\b|auflage|ausgabe)"

# What may stand behind a designation; each way says what its group means.
_WAYS = {
    "count": (
        rf"第?\s?(?:{_HAN}|\d{{1,2}})\s?版(?!本)",
        rf"{_NTH}\s?{_ED}",
        rf"\d{{1,2}}\.\s?(?:\w{{4,20}}\s)?(?:auflage|ausgabe|{_ED})",
        rf"{_ED}\s?\d{{1,2}}(?![\d./])",
        r"\d(?:st|nd|rd|th)\b",
    ),
    "year": (
        rf"{YEAR}(?:[-./]\d\d(?:[-./]\d\d)?)?\s?年?(?:\d{{1,2}}\s?月)?\s?(?:{_ED}|版本?|修[订正]版?|年版)",
        rf"(?:{_ED}|stand|version|dated|版本|发布日期)\s?[:：]?\s?{YEAR}(?:[-./]\d\d(?:[-./]\d\d)?)?(?!\d)",
        rf"(?:{_ED}|issue|stand|version|dated|of)\s?[:：]?\s?\d\d/{YEAR}(?!\d)",
        rf"(?:(?:{_ED}|issue|stand|version|dated|as\sof|of)\s)?{_MONTH}\s{YEAR}(?:\s(?:{_ED}|issue|version))?(?!\d)",
        rf"(?:vom|stand|dated|of)\s\d\d\.\d\d\.{YEAR}(?!\d)",
    ),
    "version": (
        r"v(?:er(?:sion)?)?\.?\s?\d{1,2}(?:\.\d{1,2}){0,2}(?![\d.]?\d|[a-z])",
        r"(?:版本|版次|版号)\s?[:：]?\s?v?\.?\s?(?:\d{1,2}(?:\.\d{1,2}){0,2}|[a-z](?:/\d)?)(?![\da-z])",
        r"(?<![a-z])[a-z]/\d\s?版?(?![\da-z])",
        r"第?\s?\d{1,2}\.\d{1,2}\s?版",
    ),
    "revision": (
        r"rev(?:ision)?\.?\s?(?:[a-z]|\d{1,2}(?:\.\d)?)(?![\da-z])",
        r"issue\s?(?:no\.?\s?)?(?:[a-z]|\d{1,2})(?![\da-z])",
    ),
    "latest": (
        r"的?\s?(?:最新|现行|当前)(?:有效)?\s?(?:版本|版)",
        r"(?:in\s(?:its|the|their)\s)?(?:latest|current|newest|most\srecent|applicable)\s(?:valid\s)?(?:edition|version|revision|issue)",
        r"in\sder\s(?:\w+\s){0,5}?(?:aktuell|gültig|neuest)\w*\s(?:fassung|ausgabe|version)",
    ),
}
_ANY = "|".join(f"(?P<{way}>{'|'.join(patterns)})" for way, patterns in _WAYS.items())
_CALLED = r"(?:\s?(?:参考手册|手册|标准|reference\smanual|manual|handbook|standard|guideline|质量管理体系))?"
_TITLE = rf"{_CALLED}[》)]?{_CALLED}(?:\s?(?:按|采用))?"
AFTER = re.compile(
    rf"\s?[:_\-]\s?(?P<dated>{YEAR}(?:-\d\d(?!\d)(?:-\d\d)?)?(?!\d))(?:\s?版)?"
    rf"|[_](?P<stamped>{YEAR}\d\d)(?!\d)"
    rf"|{_TITLE}[,，]?\s?[(（\[]\s?(?:(?P<bare>{YEAR}(?:-\d\d(?:-\d\d)?)?)\s?[)）\]]|(?:{YEAR}\s?年(?:\s?\d{{1,2}}\s?月)?\s?)?(?P<inside>(?:{_ANY}))[^()（）]{{0,12}}[)）\]])"
    rf"|{_TITLE}\s?[,，]?\s?(?P<said>{_ANY.replace('?P<', '?P<s_')})",
    re.IGNORECASE,
)
SHORT_YEAR = re.compile(r"-(?P<short>\d\d)(?:e\d|a|b)?(?![\d.]\d|\d|-)")
BEFORE = re.compile(
    rf"(?:(?P<year>{YEAR})\s?年?\s?版?本?\s?的|(?P<year2>{YEAR})\s?年?版\s?的?|(?P<count>第\s?(?:{_HAN}|\d{{1,2}})\s?版)\s?的?"
    rf"|(?P<nth>{_NTH}\s?{_ED})\s(?:of\s(?:the\s)?)?)\s?(?:aiag\s?|vda\s?|iso\s?)?$",
    re.IGNORECASE,
)
_NUMBER = rf"(?:\d{{1,2}}|{_HAN})"
AMENDMENT = re.compile(
    rf"\s?[/+]\s?(?:AMD\.?|XG|A)\s?(?P<a>\d{{1,2}})(?:\s?[:-]\s?{YEAR}(?:-\d\d)?)?(?![\dA-Za-z])"
    rf"|\s?[(,、/+]?\s?(?:(?:含|包括|及其?|和|与|including|incl\.|with|and|und|sowie|inkl\.|(?:ist|sind)?\s?mit)\s?)?"
    rf"(?:第\s?(?P<zh>{_NUMBER})\s?号\s?(?:修改单|修改通知单)"
    rf"|(?:Amendment|Amd\.?|Änderung|修改单)\s?(?:No\.?\s?|Nr\.?\s?|第\s?)?A?(?P<b>\d{{1,2}})号?(?:\s?[:-]\s?{YEAR}(?:-\d\d)?)?)"
    r"(?![\dA-Za-z])\)?",
    re.IGNORECASE,
)
AMENDED = re.compile(
    r"\s?\(?(?:含|及)?(?=第\s?\S{1,3}\s?号\s?修改单|[/+]\s?(?:A|AMD|XG)\s?\d|Amd)", re.IGNORECASE
)  # where in a label its amendments begin
_DIGITS = re.compile(r"\d+(?:\.\d+)*")


def after(text: str, at: int, *, has_short_years: bool = False) -> tuple[str, int]:
    """The edition that stands behind a designation ending at `at`, and where its words end; "" where none is said."""
    if has_short_years and (short := SHORT_YEAR.match(text, at)) and not AFTER.match(text, at):
        year = int(short["short"])
        return f"{1900 + year if year > 45 else 2000 + year}", short.end()
    found = AFTER.match(text, at)
    if not found:
        return "", at
    said = found.groupdict()
    if said["dated"] or said["bare"]:
        return (said["dated"] or said["bare"]), found.end()
    if said["stamped"]:
        return f"{said['stamped'][:4]}-{said['stamped'][4:]}", found.end()
    for way in _WAYS:
        words = said[way] or said[f"s_{way}"]
        if words:
            return canonical(way, words), found.end()
    return "", at


def amended(text: str, at: int, edition: str) -> tuple[str, int]:
    """The edition with the last of the amendments that stand behind it, and where their words end."""
    number = 0
    while found := AMENDMENT.match(text, at):
        said = found["a"] or found["b"] or found["zh"]
        number, at = max(number, int(said) if said.isdecimal() else numbers.of_han(said)), found.end()
    return (f"{edition}+A{number}" if number else edition), at


def before(text: str, start: int) -> tuple[str, int]:
    """The edition that stands before a designation beginning at `start`, and where its words begin."""
    low = max(start - 40, 0)
    found = BEFORE.search(text[low:start])
    if not found:
        return "", start
    begin = low + found.start()
    if year := found["year"] or found["year2"]:
        return year, begin
    return canonical("count", found["count"] or found["nth"]), begin


def canonical(way: str, words: str) -> str:
    """The words of an edition in one spelling."""
    low = words.lower()
    if way == "latest":
        return ""
    if way == "year":
        if turned := re.search(rf"(?:(?P<day>\d\d)\.)?(?P<month>\d\d)[./](?P<year>{YEAR})", low):
            return "-".join(each for each in (turned["year"], turned["month"], turned["day"]) if each)
        if named := re.search(rf"(?P<month>{_MONTH})\s(?P<year>{YEAR})", low):
            return f"{named['year']}-{_MONTHS[named['month'][:3]]:02}"
        found = re.search(rf"{YEAR}(?:[-./]\d\d)*", low)
        month = re.search(r"年\s?(\d{1,2})\s?月", low)
        year = re.sub(r"[./]", "-", found[0]) if found else ""
        return f"{year}-{int(month[1]):02}" if month else year
    if way == "count":
        return f"ed. {count_of(low)}"
    if way == "revision":
        return "Rev. " + re.split(r"rev(?:ision)?\.?|issue\s?(?:no\.?)?", low)[-1].strip().upper()
    if digits := _DIGITS.search(low):
        letter = re.search(r"([a-z])/(\d)", low)
        return letter[0].upper() if letter else f"V{digits[0]}"
    return low.strip()[-1:].upper()


def count_of(words: str) -> int:
    """4th, fourth, 第四版, 4. Auflage → 4."""
    if digits := re.search(r"\d+", words):
        return int(digits[0])
    for name, value in _COUNTS.items():
        if name in words:
            return value
    han = re.search(_HAN, words)
    return numbers.of_han(han[0]) if han else 0


def is_same(said: str, label: str) -> bool:
    """Whether the label of an edition on record is the edition said."""
    if not said:
        return False
    if said.casefold() == label.strip().casefold():
        return True
    base, amendment = split(said)
    if amendment and amendment > split(read(label))[1]:
        return False  # what we hold lacks it; what is amended later is meant too
    if re.match(YEAR, base):
        return bool(re.search(rf"(?<!\d){re.escape(base)}(?!\d)", re.sub(r"[./年]", "-", label)))
    number = rank(base)
    other = split(read(label))[0]
    return bool(other) and base[:1] == other[:1] and number == rank(other)


def split(said: str) -> tuple[str, int]:
    """An edition and the number of its last amendment, 0 where it has none: 2017+A1 → 2017, 1."""
    base, _plus, amendment = said.partition("+A")
    return base, int(amendment) if amendment.isdecimal() else 0


def read(label: str) -> str:
    """The edition that a label names, in one spelling; "" where it says none."""
    flat = words.flat(label.strip())
    if found := AMENDED.search(flat):
        base = read(flat[: found.start()])
        return amended(flat, found.start(), base)[0]
    for way in ("year", "count", "version", "revision"):
        for pattern in _WAYS[way]:
            if found := re.search(pattern, flat, re.IGNORECASE):
                return canonical(way, found[0])
    if found := re.search(rf"(?<!\d){YEAR}(?:[-./]\d\d(?!\d)){{0,2}}(?!\d)", flat):
        return re.sub(r"[./]", "-", found[0])
    if re.fullmatch(r"\d{1,2}(?:\.\d{1,2}){0,2}", flat):
        return f"V{flat}"
    return ""


def rank(said: str) -> tuple[int, ...]:
    """What orders editions of the same way of counting."""
    if found := re.search(r"Rev\. ([A-Z])$", said):
        return (ord(found[1]),)
    return tuple(int(each) for each in re.findall(r"\d+", said))


def is_older(one: str, other: str) -> bool | None:
    """Whether an edition is older than another; None where they are not counted in the same way."""
    (first, amendment), (second, other_amendment) = split(one), split(other)
    ways = [re.sub(r"[\d.\- /]+", "", each)[:2] for each in (first, second)]
    if not first or not second or (ways[0] != ways[1] and not (ways[0] in "V" and ways[1] in "V")):
        return None
    shared = min(len(rank(first)), len(rank(second)))
    ranks = rank(first)[:shared], rank(second)[:shared]
    return ranks[0] < ranks[1] or (ranks[0] == ranks[1] and 0 < amendment < other_amendment)


def held(said: str, labels: list[str], current: int | None) -> tuple[str, int | None]:
    """How a document on record answers an edition said: the word for it, and which of its editions is meant."""
    if current is None or not labels:
        return "missing", None
    if not said:
        return "undated", current
    for at in (current, *range(len(labels))):
        if is_same(said, labels[at]):
            return ("held" if at == current else "newer"), at
    older = is_older(said, read(labels[current]))
    return {True: "newer", False: "older", None: "other"}[older], current
