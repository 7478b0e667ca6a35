"""What stands on every page and is no text: running heads and feet, page numbers, tables of contents."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from yinuo.sources.definition import Noise

EDGE = 0.17  # heads and feet stand in so much of a page's height, from above and from below
LINES = 8  # and are not longer than so many lines
APART = 0.9  # a head stands apart from the text by so much of a line's height
STRAY = 8.0  # points by which a head may stray from page to page
DIGITS = re.compile(r"\d+")
CLAUSE = re.compile(r"\d{1,3}(?:\.\d{1,3})+[.、]?\s*[^\W\d_]{2}")  # 4.2 and 5.3 before the same words are two clauses
NUMBER = r"(?:\d{1,4}|[ivxlc]{1,7})"
PAGE_NUMBER = re.compile(
    rf"^[-–—·•|\s]*(?:page|seite|p\.|第)?\s*{NUMBER}\s*(?:页|頁)?"
    rf"(?:\s*[,，/|]?\s*(?:of|von|共|/)\s*{NUMBER}\s*(?:页|頁)?)?[-–—·•|\s]*$"
    rf"|^共\s*{NUMBER}\s*[页頁]\s*[,，]?\s*第\s*{NUMBER}\s*[页頁]$",
    re.IGNORECASE,
)
LEADER = re.compile(r"(?:[.．…·•_‥]\s?){3,}\s*[-–(（]?\s*(?:\d{1,4}|[ivxlc]{1,6})\s*[-–)）]?\s*$", re.IGNORECASE)
ENDS_IN_PAGE = re.compile(r"[\t ]\s*(\d{1,4})\s*$")
OPENS, CLOSES = re.compile(r"\d{1,4}(?=\s)"), re.compile(r"(?<=\s)\d{1,4}$")
CONTENTS = re.compile(
    r"^(目\s*录|目\s*次|内\s*容|(table of )?contents|inhalts(verzeichnis|übersicht)?|sommaire)[:：]?$", re.I
)
SENTENCE = tuple("。；;.")
SHARE = 0.6  # of the lines below such a heading end in a page's number


class Element:
    """What the search needs of a line or a row: its words, and where it stands on which page."""

    def __init__(self, text: str, page: int, top: float, bottom: float, height: float, *, is_row: bool = False) -> None:
        self.text = " ".join(text.split())
        self.page = page
        self.share = (top + bottom) / 2 / height if height else 0.5
        self.top, self.bottom = top, bottom
        self.key = self.text if CLAUSE.match(self.text) else DIGITS.sub("#", self.text)
        parts = [] if is_row else [DIGITS.sub("#", part.strip()) for part in text.split("\t")]
        self.parts = [part for part in parts if len(part) > 3] if len(parts) > 1 else []


def noise_of(pages: Sequence[Sequence[Element]]) -> dict[int, Noise]:
    """Which elements are noise, by `id`. `pages` are the elements of each page, from the upper one down."""
    found: dict[int, Noise] = {}
    for at_top in (True, False):
        _repeated(pages, at_top, found)
        _counted(pages, at_top, found)
    for page in pages:
        for element in (*page[:LINES], *page[-LINES:]):
            if id(element) not in found and _is_edge(element) and PAGE_NUMBER.match(element.text):
                found[id(element)] = Noise.PAGE_NUMBER
    _contents(pages, found)
    return found


def _repeated(pages: Sequence[Sequence[Element]], at_top: bool, found: dict[int, Noise]) -> None:
    """What comes again at the same place of many pages. Odd and even pages may differ, and each chapter may.

    Of a line in several parts that stand apart (number, title, page) one may change from page to page.
    """
    edges = [edge_of(page, at_top) for page in pages]
    seen: Counter[tuple[str, int]] = Counter()
    for edge in edges:
        seen.update({(key, place) for element in edge for key in _keys(element) for place in _places(element)})
    enough = max(2, min(4, round(len([edge for edge in edges if edge]) * 0.3)))
    noise = Noise.RUNNING_HEAD if at_top else Noise.RUNNING_FOOT
    for edge in edges:
        for element in edge:
            times = max(seen[key, place] for key in _keys(element) for place in _places(element))
            is_sentence = element.text.endswith(SENTENCE)  # the end of a clause may come again by chance
            if len(element.text) <= 200 and times >= (4 if is_sentence else enough):
                is_number = PAGE_NUMBER.match(element.text) is not None
                found.setdefault(id(element), Noise.PAGE_NUMBER if is_number else noise)


def _keys(element: Element) -> list[str]:
    return [element.key, *element.parts]


def _counted(pages: Sequence[Sequence[Element]], at_top: bool, found: dict[int, Noise]) -> None:
    """Heads that change from chapter to chapter: the outermost lines of pages that carry the page's number."""
    outer = [element for page in pages for element in edge_of(page, at_top)[:1]]
    seen: Counter[tuple[int, int]] = Counter()
    steps = [(element, int(number) - element.page) for element in outer for number in _outer_numbers(element)]
    seen.update({(step, place) for element, step in steps for place in _places(element)})
    for element, step in steps:
        if max(seen[step, place] for place in _places(element)) >= max(3, len(pages) * 0.25):
            found.setdefault(id(element), Noise.RUNNING_HEAD if at_top else Noise.RUNNING_FOOT)


def _outer_numbers(element: Element) -> set[str]:
    """The numbers that a line begins and ends with."""
    return {found[0] for found in (OPENS.match(element.text), CLOSES.search(element.text)) if found is not None}


def edge_of(page: Sequence[Element], at_top: bool) -> list[Element]:
    """The lines near the edge that stand apart from the text: up to the innermost gap wider than between lines."""
    near = [element for element in (page[:LINES] if at_top else page[-LINES:]) if _is_near(element, at_top)]
    rest = page[len(near) :] if at_top else page[: len(page) - len(near)]
    inwards = [*near, *rest[:1]] if at_top else [*reversed(near), *reversed(rest[-1:])]
    last = 0
    for at, (outer, inner) in enumerate(pairwise(inwards), 1):
        gap = inner.top - outer.bottom if at_top else outer.top - inner.bottom
        if gap > APART * min(outer.bottom - outer.top, inner.bottom - inner.top):
            last = at
    return inwards[: last if rest else len(near)]


def _is_near(element: Element, at_top: bool) -> bool:
    return element.share < EDGE if at_top else element.share > 1 - EDGE


def _is_edge(element: Element) -> bool:
    return element.share < EDGE / 1.5 or element.share > 1 - EDGE / 1.5


def _places(element: Element) -> tuple[int, int]:
    """Two overlapping strips, so that a head that strays a little is still at one place."""
    return int(element.top // STRAY), -1 - int((element.top + STRAY / 2) // STRAY)


def _contents(pages: Sequence[Sequence[Element]], found: dict[int, Noise]) -> None:
    """Tables of contents: lines that lead to a page's number by dots, and what stands below such a heading."""
    is_open, last = False, 0
    for page in pages:
        rest = [element for element in page if id(element) not in found]
        if is_open and _share(rest) < SHARE / 2:
            is_open = False
        for at, element in enumerate(rest):
            below = rest[at + 1 : at + 13]
            if CONTENTS.match(element.text) and _share(below) >= SHARE:
                is_open, last = True, 0
                found[id(element)] = Noise.CONTENTS
            elif LEADER.search(element.text):
                found[id(element)] = Noise.CONTENTS
            elif is_open:
                number = ENDS_IN_PAGE.search(element.text)
                if number is not None and int(number[1]) >= last:
                    last = int(number[1])
                elif _share(below[:3]) < SHARE / 2:
                    is_open = False
                    continue
                found[id(element)] = Noise.CONTENTS


def _share(elements: Sequence[Element]) -> float:
    """How many of the lines end in a page's number."""
    if not elements:
        return 0.0
    return sum(bool(LEADER.search(each.text) or ENDS_IN_PAGE.search(each.text)) for each in elements) / len(elements)
