"""From which day a clause holds, where its own words say so: "effective 1-Jan-2026", 自2026年1月1日起施行.

A day counts only beside words of taking effect. What ends, is due by a day, or speaks of another document says
nothing here; 01/02/2026 is two days and therefore none.
"""

import re
from datetime import date

from yinuo.sources.rules import numbers, words

MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "jan january januar", "feb february februar", "mar march märz mrz", "apr april", "may mai", "jun june juni",
            "jul july juli", "aug august", "sep sept september", "oct october okt oktober", "nov november",
            "dec december dez dezember",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_HAN = "[零〇○Ｏ一二三四五六七八九十]"
DAY = re.compile(
    rf"(?P<hy>\d{{4}}|{_HAN}{{4}})\s?年\s?(?P<hm>\d{{1,2}}|{_HAN}{{1,2}})\s?月(?:\s?(?P<hd>\d{{1,2}}|{_HAN}{{1,3}})\s?日)?"
    r"|(?<![\d.])(?P<iy>\d{4})(?P<mark>[-./])(?P<im>\d{1,2})(?P=mark)(?P<id>\d{1,2})(?![\d.]\d|\d)"
    rf"|(?<!\w)(?P<dd>\d{{1,2}})(?:st|nd|rd|th)?\.?[\s\-]*(?:of\s)?(?P<dm>{_MONTH})\.?[\s,\-]*(?P<dy>\d{{4}}|\d\d(?!\d))(?!\w)"
    rf"|\b(?P<em>{_MONTH})\.?[\s\-]+(?:(?P<ed>\d{{1,2}})(?:st|nd|rd|th)?,?[\s\-]+)?(?P<ey>\d{{4}})(?!\w)"
    r"|(?<![\d.])(?P<a>\d{1,2})(?P<between>[./-])(?P<b>\d{1,2})(?P=between)(?P<ny>\d{4})(?!\d)",
    re.IGNORECASE,
)
NEAR = 90  # characters around a day in which its words stand

BEFORE = re.compile(
    r"(?:\beff(?:ective(?:ness)?|\.)(?:\s(?:date|from|as\sof|since|on(?:\sor\safter)?|starting|beginning|with))*(?:\sof\s[^.;]{3,40}?(?=\sis\s))?"
    r"|\bwith\seffect\s(?:from|as\sof|on)|\bin\s(?:force|effect)\s(?:from|since|as\sof)"
    r"|\b(?:com(?:es?|ing)|came|enter(?:s|ed|ing)?|put|brought|go(?:es|ing)?)\sinto\s(?:force|effect)(?:\s(?:on|from|as\sof))?"
    r"|\b(?:tak(?:es?|ing)|took|have|has)\seffect(?:\s(?:on|from|as\sof))?"
    r"|\b(?:appl(?:y|ies|icable)|valid|mandatory|binding|compulsory|obligatory|required|implemented)"
    r"\s(?:from|as\sof|as\sfrom|since|starting|beginning|on\sor\safter)"
    r"|\b(?:implementation\sdate|date\sof\s(?:application|entry\sinto\sforce|effect|implementation))"
    r"|\b(?:gültig|verbindlich|wirksam|anzuwenden|gilt|gelten)\s(?:ab|seit)(?:\s(?:dem|zum))?|\btritt\sam|\btreten\sam"
    r"|(?:生\s?效|实\s?施|施\s?行|执\s?行|启\s?用|适\s?用(?!于))\s?(?:日\s?期|时间|日)?)"
    r"\s?(?:(?:is|was|date|为|是|自|从|于|在|the)\s?|[:,(\[|\t]\s?){0,3}$",
    re.IGNORECASE,
)
AFTER_HAN = re.compile(
    r"\s?(?:[(（][^)）]{0,12}[)）])?\s?(?:零时|0时)?\s?(?:起|开始|之?后|以后)?\s?[,，]?\s?"
    r"(?:正式|全面|开始|予以|统一|强制|同步|在全[国公]司?){0,2}\s?(?:施\s?行|实\s?施|生\s?效|执\s?行|启\s?用|适\s?用|实行)(?!\s?(?:[的完前:]|日\s?期|时间))"
)
SINCE_HAN = re.compile(
    r"\s?(?:零时|0时)?\s?(?:起|开始|之?后|以后)(?!的|\s?[至到])[^。；;\n]{0,40}?"
    r"(?:(?<!停止)(?<!终止)(?<!暂停)(?<!不再)(?:施行|实施|生效|执行|启用|适用|实行)(?!的)|应|须|必须|不得|禁止|要求|采用|改为)"
)
OPENING_HAN = re.compile(r"(?:自|从)\s?$")
AFTER_LATIN = re.compile(
    r"\s?(?:is\sthe\s(?:effective\sdate|date\sof\s(?:application|entry\sinto\sforce))|in\sKraft|wirksam|gültig|verbindlich)\b",
    re.IGNORECASE,
)
OPENING_LATIN = re.compile(
    r"(?:^|[.;:,)]\s|\n|\bin\s)\W*(?:as\s(?:of|from)|from|starting(?:\s(?:on|from|with))?|beginning(?:\s(?:on|with))?|since"
    r"|on\sand\safter|ab(?:\sdem)?)\s(?:the\s)?$",
    re.IGNORECASE,
)
SINCE_LATIN = re.compile(
    r"(?:\s(?:on|onwards?|forward))?[,]?\s(?!to\b|until\b|till\b|through\b|and\s\d|bis\b|[-–])[^.;\n]{0,80}?"
    r"\b(?:shall|must|appl(?:y|ies)|(?:is|are)\s(?:required|mandatory|binding|to\sbe|effective|valid)|will\sbe|may\sonly"
    r"|gilt|gelten|muss|müssen|ist|sind)\b",
    re.IGNORECASE,
)
ENDS = re.compile(
    r"\b(?:no\slonger|not|cease[sd]?(?:\sto\sbe)?|until|through|before|prior\sto|expir\w+|discontinued|superseded)\s[\w\s]{0,12}$"
    r"|(?:停止|不再|暂停|终止|失效|未|不|尚未)\s?$",
    re.IGNORECASE,
)
UNTIL = re.compile(r"\s?(?:前|之前|以前|为止|止|废止)")
TITLED = re.compile(r"》\s?[(（][^()（）]{0,30}$")  # 《…》（2016年9月1日起施行）: the day of another document


def effective(text: str) -> tuple[date, str] | None:
    """The first day from which the text says that it holds, and the words that say so, as printed."""
    flat = words.flat(text).replace("\n", " ")
    for found in DAY.finditer(flat):
        day = _day(found)
        if (
            day is None
            or UNTIL.match(flat, found.end())
            or TITLED.search(flat, max(found.start() - NEAR, 0), found.start())
        ):
            continue
        said = _around(flat, found.start(), found.end())
        if said:
            return day, text[slice(*said)].strip()
    return None


def _around(flat: str, start: int, end: int) -> tuple[int, int] | None:
    """From where to where the words of taking effect stand around a day; None where there are none."""
    low = max(start - NEAR, 0)
    near, rest = flat[low:start], flat[end : end + NEAR]
    before = BEFORE.search(near)
    if before and not ENDS.search(near[: before.start()]):
        after = AFTER_HAN.match(rest) or AFTER_LATIN.match(rest)
        return low + before.start(), end + (after.end() if after else 0)
    opening_han, opening_latin = OPENING_HAN.search(near), OPENING_LATIN.search(near)
    opening = opening_han or opening_latin
    begin = low + opening.start() if opening else start
    after = AFTER_HAN.match(rest) or AFTER_LATIN.match(rest)
    after = after or (SINCE_HAN.match(rest) if opening_han else None)
    after = after or (SINCE_LATIN.match(rest) if opening_latin else None)
    if after is None:
        return None
    while flat[begin] in ".;:,) ":
        begin += 1
    return begin, end + after.end()


def _day(found: re.Match[str]) -> date | None:
    said = found.groupdict()
    if said["hy"]:
        year, month, day = (_han(said[each] or "1") for each in ("hy", "hm", "hd"))
    elif said["iy"]:
        year, month, day = int(said["iy"]), int(said["im"]), int(said["id"])
    elif said["dm"] or said["em"]:
        year = int(said["dy"] or said["ey"])
        year += 2000 if year < 100 else 0
        month, day = MONTHS[(said["dm"] or said["em"]).lower()], int(said["dd"] or said["ed"] or 1)
    else:
        day, month, year = int(said["a"]), int(said["b"]), int(said["ny"])
        if said["between"] != "." and day != month and max(day, month) <= 12:
            return None
        if month > 12 and said["between"] != ".":
            day, month = month, day
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _han(text: str) -> int:
    return numbers.of_han(text.replace("Ｏ", "〇").replace("O", "〇") if not text.isdecimal() else text)
