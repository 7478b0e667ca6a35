"""The grammar of clause numbers: what stands at a place of a text, read as a number of some family.

A family is a way of writing numbers that go on from each other: `1.`, `a)`, `第1条`, `dec` (1.2.3). A key is a number
as steps; a step is an integer so that 2 < 2a < 2b < 3 and 二十一 < 二十一之一 < 二十二.
"""

import re
from dataclasses import dataclass

STEP = 100  # room between two whole numbers for 2a, 2b …
LETTER = 10_000  # letters as the first part of A.1.2 are counted from here, so that A is not 1
DECIMAL = "dec"
DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "○": 0}
TENS = {"十": 10, "百": 100, "千": 1000}
ROMANS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
ROMAN_SIGNS = {chr(0x2160 + i): i + 1 for i in range(12)} | {chr(0x2170 + i): i + 1 for i in range(12)}
CIRCLED = {chr(0x2460 + i): i + 1 for i in range(20)} | {chr(0x2776 + i): i + 1 for i in range(10)}
PARENTHESISED = {chr(0x2474 + i): i + 1 for i in range(20)}
DOTTED = {chr(0x2488 + i): i + 1 for i in range(20)}
HAN = "[零〇○一二三四五六七八九十百千两]"
SIGNS = {**{c: ("①", v) for c, v in CIRCLED.items()}, **{c: ("(1)", v) for c, v in PARENTHESISED.items()}}
SIGNS |= {c: ("1.", v) for c, v in DOTTED.items()}

ARTICLE = re.compile(
    rf"\[?第\s?({HAN}{{1,7}}|\d{{1,4}})\s?(编|篇|部分|章|节|条|卷|分册)(?:\s?之\s?({HAN}{{1,3}}|\d{{1,2}}))?\]?[ :.、]*"
)
ANNEX = re.compile(
    rf"(附\s?件|附\s?录|附\s?则|附\s?表)\s?({HAN}{{1,3}}|\d{{1,2}}|[IVX]{{1,5}}(?![A-Za-z])|[A-Z](?![A-Za-z])|[\u2160-\u216b])?(?:\s?[:.、]\s*|\s+|(?=\D)|$)"
)
ANNEX_EN = re.compile(
    r"(Annex|Appendix|Attachment|Exhibit|Schedule|Enclosure|Anhang|Anlage|Annexe)\s+"
    r"(\d{1,2}|[IVX]{1,5}|[A-Z])(?![\w.]\w)[ :.)\-–—]*",
    re.IGNORECASE,
)
WORDED = re.compile(
    r"(Section|Sec\.|Article|Art\.|Clause|Chapter|Part|Rule|Requirement|Principle|Abschnitt|Kapitel|Artikel|Teil|Ziffer|Title|Subpart|Module|Control)\s+"
    r"(\d{1,3}[a-zA-Z]?(?:\.\d{1,3}[a-z]?)*|[IVXLC]{1,6}|[A-Z])(?![\w])[ :.)\-–—]*",
    re.IGNORECASE,
)
PARAGRAPH_SIGN = re.compile(r"§§?\s?(\d{1,4}[a-z]?(?:\.\d{1,3})*)(?!\w)[ :.]*")
DECIMALS = re.compile(
    r"(?:([A-Z])\s?\.\s?|([A-Z])(?=\d{1,2}\.))?"
    r"(\d{1,3}[A-Za-z]?(?:\s?\.\s?\d{1,3}(?:[A-Za-z](?![A-Za-z]))?){0,7})(\s?\.(?!\d)|\s?\)|、)?([ :\-–—]*)"
)
SINGLE = re.compile(
    r"(\(\s?)?(\d{1,3}[A-Z]?)(\s?\)|\s?\.(?!\s?\d)|\s?\.(?=\s?\d)|\s?、|\s?:|\s[-–—](?=\s[^\d\s]))?([ ]*)"
)
LETTERED = re.compile(r"(\(\s?)?([a-z]{1,2}|[A-Z])(\s?\)|\s?\.|\s?、)(?!\.)([ ]*)")
ROMAN = re.compile(r"(\(\s?)?([ivxlc]{1,6}|[IVXLC]{1,6}|[\u2160-\u217b])(\s?\)|\s?\.|\s?、|(?=\s))(?!\.)([ ]*)")
HAN_NUMBER = re.compile(rf"(\(\s?)?({HAN}{{1,4}})(\s?\)|\s?、|\s?\.|\s?:|(?=\s))([ ]*)")
IDENTIFIER = re.compile(
    r"(\[)?((?:[A-Z][A-Za-z]{0,11})(?:[._/-][A-Z][A-Za-z]{0,7}){0,6})([-_.]?|\s(?=\d)|\s?-\s?)"
    r"(\d{1,5}(?:[.\-]\d{1,4})*[a-z]?)((?:\(\d{1,2}\))*)(\])?(?!\w)(\s?[:.)]|\s[-–—](?=\s))?([ ]*)"
)
SLASHED = re.compile(r"/([A-Z]{1,4})[ _-]?(\d{1,5}(?:\.\d{1,4})*[a-z]?)/[ :]*")  # /LF10/: requirements of a Lastenheft
LETTER_BEHIND = re.compile(r"-([a-zA-Z])(?:[.):、]\s*|\s+|(?=[\u3400-\u9fff]))")  # 4.2.1-a
COUNTED = "step:"  # families of words that count: 活动1, Step 1
ACTIVITY = re.compile(
    rf"(活动|步骤|阶段|环节|任务|Activity|Step|Phase|Stage|Schritt)\s?({HAN}{{1,3}}|\d{{1,2}})"
    r"(?:\s?[:.、)]|\s[-–—](?=\s)|\s*(?=\n|$))\s*",
    re.IGNORECASE,
)
TAIL = re.compile(r"\s[-–—]\s?((\d{1,3})(?:\.\d{1,3}){1,4})\s*$")
BROKEN = re.compile(r"(\d{1,2})((?: \d{1,2}){1,3}) (?=[A-Z\u3400-\u9fff])")  # 4 2: the dots were lost
RANGE_SIGN = re.compile(r"\s?[-–—~～]\s?\d|\s?[,，]\d")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as read: `printed` as it is shown in a clause, `end` where the words after it begin."""

    family: str
    key: tuple[int, ...]
    printed: str
    end: int
    lead: str = ""
    is_spaced: bool = False

    @property
    def is_first(self) -> bool:
        return all(each in (0, STEP, (LETTER + 1) * STEP) for each in self.key)


def is_next(before: Number, after: Number) -> bool:
    """Whether a number is the one that comes right after another of its family, or the first one below it: 4.1 after
    4 and after 4.0; 2 after 1.9.
    """
    if (before.family, before.lead) != (after.family, after.lead) and after.family != DECIMAL:
        return False
    if after.key == (*before.key, STEP):
        return True
    depth = len(after.key)
    return len(before.key) >= depth and after.key == (*before.key[: depth - 1], before.key[depth - 1] + STEP)


def of_han(text: str) -> int:
    """二十一 → 21, 一〇三 → 103, 12 → 12."""
    if text.isdecimal():
        return int(text)
    if not any(char in TENS for char in text):
        return int("".join(str(DIGITS[char]) for char in text))
    total = digit = 0
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        else:
            total, digit = total + (digit or 1) * TENS[char], 0
    return total + digit


def of_roman(text: str) -> int:
    """iv → 4; 0 for what no Roman wrote."""
    if text in ROMAN_SIGNS:
        return ROMAN_SIGNS[text]
    values = [ROMANS.get(char, 0) for char in text.lower()]
    total = sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
    return total if total > 0 and as_roman(total) == text.lower() else 0


def as_roman(value: int) -> str:
    """4 → iv."""
    written = ""
    for worth, signs in (
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ):
        count, value = divmod(value, worth)
        written += signs * count
    return written


def step_of(text: str) -> int:
    """12 → 1200, 2a → 201."""
    text = text.strip()
    if text[-1:].isalpha():
        return int(text[:-1]) * STEP + min(ord(text[-1].lower()) - 96, STEP - 1)
    return int(text) * STEP


def letter_of(text: str) -> int:
    """a → 1, aa → 27 as lists go on after z."""
    return ord(text[0].lower()) - 96 + 26 * (len(text) - 1)


def read(text: str, at: int) -> list[Number]:
    """All readings of the number that begins at a place of a flat text, the likelier first."""
    head = text[at : at + 1]
    if head in SIGNS:
        family, value = SIGNS[head]
        end = at + 1
        while text[end : end + 1] in (" ", "、", "."):
            end += 1
        return [Number(family, (value * STEP,), head, end)]
    activity = ACTIVITY.match(text, at)
    if activity:
        return [_counted(activity)]
    if head == "第" or text[at : at + 2] == "[第":
        return _article(text, at)
    if head == "附":
        return _annex(text, at)
    if head == "§":
        return _paragraph(text, at)
    if head == "/":
        return _slashed(text, at)
    if head.isdecimal():
        return _decimals(text, at) + _broken(text, at) + _single(text, at)
    if head == "(":
        return _single(text, at) + _lettered(text, at) + _han(text, at)
    if (head.isascii() and head.isalpha()) or head == "[":
        return _words(text, at)
    if head in ROMAN_SIGNS:
        return _roman(text, at)
    return _han(text, at) if head in DIGITS or head in TENS else []


def _counted(found: re.Match[str]) -> Number:
    word, value = found[1], found[2]
    printed = f"{word} {value}" if word.isascii() else f"{word}{value}"
    return Number(COUNTED + word.casefold(), (of_han(value) * STEP,), printed, found.end())


def _article(text: str, at: int) -> list[Number]:
    found = ARTICLE.match(text, at)
    if not found:
        return []
    value, kind, more = found.groups()
    key = of_han(value) * STEP + (of_han(more) if more else 0)
    printed = "".join(found[0].split()).strip(":.、[]")
    return [Number(f"第1{kind}", (key,), printed, found.end())]


def _annex(text: str, at: int) -> list[Number]:
    found = ANNEX.match(text, at)
    if not found:
        return []
    word, value = "".join(found[1].split()), found[2]
    end = found.end()
    if not value:
        return []
    readings = []
    if value[0].isascii() and value.isalpha() and of_roman(value):
        readings.append(Number(word, (of_roman(value) * STEP,), word + value, end))
    if len(value) == 1 and value.isascii() and value.isalpha():
        readings.append(Number(word, ((LETTER + letter_of(value)) * STEP,), word + value, end))
    elif not readings:
        number = ROMAN_SIGNS[value] if value in ROMAN_SIGNS else of_han(value)
        readings.append(Number(word, (number * STEP,), word + value, end))
    return readings


def _paragraph(text: str, at: int) -> list[Number]:
    found = PARAGRAPH_SIGN.match(text, at)
    if not found:
        return []
    parts = found[1].split(".")
    key = tuple(step_of(part) for part in parts)
    printed = f"§ {found[1]}" if text[at + 1 : at + 2] == " " else f"§{found[1]}"
    return [Number("§" if len(key) == 1 else DECIMAL, key, printed, found.end())]


def _decimals(text: str, at: int) -> list[Number]:
    found = DECIMALS.match(text, at)
    if not found or ("." not in found[3] and not found[1]):
        return []
    lead, numbers, end = found[1] or found[2], found[3], found.end()
    parts = numbers.split(".")
    if len(parts) > 7 or any(len(part.strip()) > 3 for part in parts[1:]) or RANGE_SIGN.match(text, found.end(3)):
        return []
    if len(parts) > 1 and parts[0].strip().startswith("0") and len(parts[0].strip()) > 1:
        return []
    key = tuple(step_of(part) for part in parts)
    if any(each >= 400 * STEP for each in key):
        return []
    lettered = LETTER_BEHIND.match(text, found.end(3))
    if lettered and len(key) > 1 and not found[1]:
        printed = "".join(text[at : lettered.end(1)].split())
        return [Number(DECIMAL, (*key, letter_of(lettered[1]) * STEP), printed, lettered.end())]
    is_spaced = " " in numbers
    printed = "".join(numbers.split())
    if found[1] or found[2]:
        dot = "." if found[1] else ""
        whole = ((LETTER + letter_of(lead)) * STEP, *key)
        plain = [Number(DECIMAL, key, f"{lead}{printed}", end, "", is_spaced)] if found[2] and len(key) > 1 else []
        return [*plain, Number(DECIMAL, whole, f"{lead}{dot}{printed}", end, lead, is_spaced)]
    if len(key) == 2 and key[1] == 0:
        return [Number("1.0", key[:1], printed, end, is_spaced=is_spaced)]
    readings = [Number(DECIMAL, key, printed, end, is_spaced=is_spaced)]
    if parts[-1].strip()[-1:].isalpha() and parts[-1].strip()[-1:].isupper():  # 4.1Scope reads 4.1, 2.2A reads either
        cut = found.end(3) - 1
        readings.append(Number(DECIMAL, (*key[:-1], key[-1] // STEP * STEP), printed[:-1], cut, is_spaced=is_spaced))
    return readings


def _broken(text: str, at: int) -> list[Number]:
    found = BROKEN.match(text, at)
    if not found:
        return []
    parts = found[0].split()
    return [Number(DECIMAL, tuple(step_of(part) for part in parts), ".".join(parts), found.end(), is_spaced=True)]


def _single(text: str, at: int) -> list[Number]:
    found = SINGLE.match(text, at)
    if not found:
        return []
    opening, value, closing, space = found.groups()
    closing = (closing or "").strip()
    if opening and closing != ")":
        return []
    if opening:
        return [Number("(1)", (step_of(value),), f"({value})", found.end())]
    if closing in (".", "、", ")"):
        printed = value if closing != ")" else value + ")"
        return [Number(f"1{closing}", (step_of(value),), printed, found.end())]
    after = text[found.end() : found.end() + 1]
    if closing == ":" and not value[-1:].isalpha() and ((space and after.isupper()) or "\u3400" <= after <= "\u9fff"):
        return [Number("1.", (step_of(value),), value, found.end())]  # 1: Scope
    if closing == ":" or value[-1:].isalpha():
        return []
    if closing:
        return [Number("1", (step_of(value),), value, found.end())]
    if RANGE_SIGN.match(text, found.end(2)) or after in (".", ",", ")", "]", "-", ":"):
        return []
    return [Number("1", (step_of(value),), value, found.end())] if space or not after or not after.isascii() else []


def _lettered(text: str, at: int) -> list[Number]:
    found = LETTERED.match(text, at)
    if not found:
        return _roman(text, at)
    opening, value, closing, space = found.groups()
    closing = closing.strip()
    after = text[found.end() : found.end() + 1]
    readings = _roman(text, at)
    is_doubled = len(value) == 2 and value[0] != value[1]
    is_open = bool(opening) and closing != ")"
    is_word = closing == "." and not space and after.isascii() and after.isalnum()
    if is_doubled or is_open or is_word:
        return readings
    case = "A" if value.isupper() else "a"
    family = f"({case})" if opening else f"{case}{closing}"
    printed = f"({value})" if opening else value + closing.replace(".", "").replace("、", "")
    return [Number(family, (letter_of(value) * STEP,), printed, found.end()), *readings]


def _roman(text: str, at: int) -> list[Number]:
    found = ROMAN.match(text, at)
    value = of_roman(found[2]) if found else 0
    if not found or not value:
        return []
    opening, written, closing, _ = found.groups()
    closing = closing.strip()
    if (opening and closing != ")") or (not closing and (written.islower() or written in ("I", "C", "X", "L", "V"))):
        return []
    case = "I" if written.isupper() or (written < "\u2170" and not written.isascii()) else "i"
    family = f"({case})" if opening else f"{case}{closing}"
    printed = f"({written})" if opening else written + closing.replace(".", "").replace("、", "")
    return [Number(family, (value * STEP,), printed, found.end())]


def _han(text: str, at: int) -> list[Number]:
    found = HAN_NUMBER.match(text, at)
    if not found:
        return []
    opening, value, closing, _ = found.groups()
    closing = closing.strip()
    if (opening and closing != ")") or of_han(value) == 0:
        return []
    family = "(一)" if opening else f"一{closing.replace('.', '、')}"
    printed = f"（{value}）" if opening else value + closing.replace("、", "").replace(".", "").replace(":", "")
    return [Number(family, (of_han(value) * STEP,), printed, found.end())]


def _words(text: str, at: int) -> list[Number]:
    found = ANNEX_EN.match(text, at) or WORDED.match(text, at)
    if found and found[1][0].isupper():
        return _worded(found)
    return _decimals(text, at) + _lettered(text, at) + _identifier(text, at)


def _worded(found: re.Match[str]) -> list[Number]:
    word, value = found[1].capitalize(), found[2]
    printed = f"{found[1]} {value}"
    if value[0].isdecimal():
        key = tuple(step_of(part) for part in value.split("."))
        return [Number(word if len(key) == 1 else DECIMAL, key, printed, found.end())]
    readings = (
        [Number(word, (of_roman(value) * STEP,), printed, found.end())] if of_roman(value) and value.isupper() else []
    )
    if len(value) == 1 and value.isupper():
        readings.append(Number(word, ((LETTER + letter_of(value)) * STEP,), printed, found.end()))
    return readings


def _identifier(text: str, at: int) -> list[Number]:
    found = IDENTIFIER.match(text, at)
    if not found or bool(found[1]) != bool(found[6]):
        return []
    opening, lead, joint, value, extra, closing, _, _ = found.groups()
    if joint.strip() != joint and not (lead.isupper() and len(lead) > 1):
        return []
    if (not joint and not lead.isupper()) or not re.search("[A-Z]", lead):
        return []
    numbers = re.findall(r"\d+[a-z]?", value) + re.findall(r"\d+", extra)
    shape = re.sub("[A-Za-z]+", "A", lead) + joint.strip()
    end = found.end()
    printed = " ".join((opening or "").split()) + lead + joint.rstrip() + value + extra + (closing or "")
    if joint == " ":
        printed = f"{lead} {value}{extra}"
    return [Number(f"id:{shape}", tuple(step_of(number) for number in numbers), printed, end, lead)]


def _slashed(text: str, at: int) -> list[Number]:
    found = SLASHED.match(text, at)
    if not found:
        return []
    key = tuple(step_of(part) for part in found[2].split("."))
    return [Number("id:/", key, found[0].rstrip(" :"), found.end(), found[1])]


def read_tail(text: str) -> tuple[int, Number] | None:
    """The number at the end of a heading ("Product safety - 3.1"), and where the words before it end."""
    found = TAIL.search(text)
    if not found:
        return None
    key = tuple(step_of(part) for part in found[1].split("."))
    return found.start(), Number(DECIMAL, key, found[1], len(text))
