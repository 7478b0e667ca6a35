"""Which clause of a file in another language is which clause of the original: by number. Pure."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

HAN = re.compile(r"^第([零〇一二三四五六七八九十百0-9]+)(条|章|节|款)$")
WORDS = re.compile(r"^(?:article|section|clause|chapter|§|art\.?|abschnitt)\s*", re.IGNORECASE)
DIGITS = {each: at for at, each in enumerate("零一二三四五六七八九")} | {"〇": 0}


@dataclass(frozen=True)
class Said:
    """One clause of the file in the other language."""

    number: str
    title: str
    text: str


def plain(number: str) -> str:
    """A number without what only one language puts around it: 第五条, Article 5 and 5. are one."""
    said = unicodedata.normalize("NFKC", number).strip().lower()
    found = HAN.match(said)
    if found:
        said = found[1] if found[1].isdecimal() else str(_of_han(found[1]))
    return re.sub(r"^[\s(（]+|[\s.、。．:)）]+$", "", WORDS.sub("", said))


def _of_han(said: str) -> int:
    """二十三 is 23."""
    total = held = 0
    for each in said:
        if each in "十百":
            total += (held or 1) * (10 if each == "十" else 100)
            held = 0
        else:
            held = DIGITS[each]
    return total + held


def matched(
    clauses: Sequence[tuple[str, str]], said: Sequence[Said]
) -> tuple[list[tuple[str, Said]], list[Said]]:  # fmt: skip
    """Pairs of a clause's key and what it says in the other language, and what of the file fits none.

    A number that stands several times (a), b) under each heading) is matched in order, and only where both sides have
    it equally often: else nobody knows which is which.
    """
    ours: dict[str, list[str]] = defaultdict(list)
    theirs: dict[str, list[Said]] = defaultdict(list)
    for key, number in clauses:
        ours[plain(number)].append(key)
    for each in said:
        theirs[plain(each.number)].append(each)
    pairs: list[tuple[str, Said]] = []
    for number, found in theirs.items():
        if number and len(ours.get(number, ())) == len(found):
            pairs += zip(ours[number], found, strict=True)
    taken = {id(each) for _key, each in pairs}
    return pairs, [each for each in said if id(each) not in taken]
