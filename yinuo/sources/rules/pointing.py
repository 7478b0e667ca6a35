"""Clauses of IATF 16949 to which a text points by number: "IATF 16949 8.3.3.3", 满足IATF16949第8.5.6.1条.

ISO 9001:2015 has the same numbers. Those of ISO/TS 16949:2009 and ISO 9001:2008, which customers still cite, are
carried over by the crosswalk to the clauses that took their place.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import NamedTuple

import yaml

from yinuo.sources.rules import words

LIBRARY = resources.files("yinuo.sources") / "library"
_NUMBER = r"(?<![\d.])(?:4|5|6|7|8|9|10)(?:\.\d{1,2}){1,5}(?![\d%]|\.\d)"
_LIST = rf"{_NUMBER}(?:\s?(?:,|、|/|;|and|&|or|to|bis|und|oder|和|及|与|或|至)\s?(?:第|§)?\s?{_NUMBER}){{0,19}}"
_OLD = r"ISO\s?/?\s?TS\s?16949|ISO\s?9001\s?[:\-]\s?200[08]"
_STANDARD = r"(?:(?:IATF|ISO|TS)[\s\-]{0,2}(?:SPEC\s?)?16949|ISO\s?9001)"
_EDITION = r"(?:\s?[:\-]\s?(?:2002|2008|2009|2015|2016))?"
_BETWEEN = (
    r"[\s,:(\-–—标准中的之]*(?:(?:clauses?|sections?|chapters?|paragraphs?|requirements?|Abschnitt|Kapitel|§|条款|第|章节"
    r"|要求|中)[\s:.的第]*){0,3}"
)
_POINTED = re.compile(
    rf"(?:(?P<old>{_OLD})|{_STANDARD}){_EDITION}{_BETWEEN}(?P<after>{_LIST})"
    rf"|(?P<before>{_LIST})\s?(?:条款?|章节?|节)?\s?(?:(?:of|in|from|der|von|according\sto)\s(?:the\s)?|[(,]\s?)"
    rf"(?:(?P<older>{_OLD})|{_STANDARD})",
    re.IGNORECASE,
)
_ONE = re.compile(_NUMBER)
_OWN = re.compile(
    rf"^\W*(?:IATF|ISO|条款|clause|section|§)?[\s\-.:]*(?P<number>{_NUMBER})(?:\s?[a-z]\)?)?\W*$", re.IGNORECASE
)


class Pointed(NamedTuple):
    """A clause of the standard, and with which words of the text it is pointed to."""

    number: str
    said: str


@cache
def titles() -> dict[str, tuple[str, str]]:
    """All clauses of IATF 16949:2016 by number, with their short titles in Chinese and English."""
    said = yaml.safe_load((LIBRARY / "iatf-16949-2016.yaml").read_text(encoding="utf-8"))
    return {clause["number"]: (clause["zh"], clause["en"]) for clause in said["clauses"]}


@cache
def successors() -> dict[str, tuple[str, ...]]:
    """Clauses of the editions before and where they went. ISO/TS 16949:2009 has all of ISO 9001:2008."""
    said = yaml.safe_load((LIBRARY / "crosswalks" / "iatf-16949-2016.yaml").read_text(encoding="utf-8"))
    found: dict[str, tuple[str, ...]] = {}
    for row in said["rows"]:
        for number in row.get("old", ()):
            found[number] = found.get(number, ()) + tuple(row.get("new", ()))
    return found


def pointed(text: str) -> Iterator[Pointed]:
    """What a text says of the standard's numbers, from left to right."""
    flat = words.flat(text)
    if "16949" not in flat and "9001" not in flat:
        return
    for match in _POINTED.finditer(flat):
        is_old = bool(match["old"] or match["older"])
        for number in _ONE.findall(match["after"] or match["before"]):
            for here in successors().get(number, ()) if is_old else (number,):
                if here in titles():
                    yield Pointed(here, text[match.start() : match.end()])


def own(number: str) -> str:
    """The clause of the standard that has the same number as a customer's clause, if there is one."""
    match = _OWN.match(words.flat(number))
    return match["number"] if match and match["number"] in titles() else ""
