"""Where another document begins although the count does not tell: its title resembles those before it and stands at
the beginning of a paragraph, right before a number that goes on from nothing, or alone after a closing line.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from yinuo.sources.definition import Block, Shape
from yinuo.sources.rules import gathering, numbers, repeats, titles, words
from yinuo.sources.rules.candidates import Candidate, Kind
from yinuo.sources.rules.series import Step

CODE = r"(?:[A-Z0-9][A-Z0-9\-]{0,11}(?=[^\sA-Za-z0-9\-])|[A-Z]{1,4}-[A-Z0-9\-]{1,10}\s+)?"  # 020, QP-07 before a title
MARKS = re.escape(words.CLAUSE_END + ",，、")
GLUED = re.compile(
    rf"\s*(?P<title>{CODE}[^\d\s{MARKS}][^\d\n{MARKS}]{{2,58}}?(?:{repeats.TITLE_WORDS}))\s*"
    rf"(?P<own>[^\d\n{MARKS}]{{0,30}}?)\s*(?P<number>\d{{1,2}}(?:\.\d{{1,2}})?[.、\s]"
    rf"|[一二三四五六七八九十]{{1,2}}、|第[一二三四五六七八九十\d]{{1,2}}[章条]|附[件录][一二三\dA-Z])",
    re.IGNORECASE,
)
MOST_OWN = {"zh": 12, "latin": 30}  # words of a document before its first number: the department of a first duty
ALIKE = 85.0
SAME_END = 4
ENDS = tuple(words.SENTENCE_END + ".")
POINTED = re.compile(  # the title of another document that is only spoken of
    r"\s*(?:按|依|见|参|根据|符合|执行|遵|本|该|此|应|由|对|将|在|当|如|与|和|及|the\b|this\b|see\b|our\b|in\b|as\b|per\b|a\b|each\b)",
    re.IGNORECASE,
)
REFERRED = re.compile(
    r"\s*(?:应|由|中|的|之|规定|要求|所|及|和|与|等|第|section\b|clause\b|chapter\b|rev\b|version\b)", re.IGNORECASE
)
GOES_ON = frozenset({"next", "child", "gap", "gap_child", "twin", "again"})


class Bound(NamedTuple):
    """Another document begins: its title or cover stands from `at` to `end`. `is_told`: only the title says so."""

    block: int
    at: int
    end: int
    title: str = ""
    reason: str = "title"
    is_told: bool = False


def found(blocks: Sequence[Block], candidates: Sequence[Candidate], steps: Sequence[Step]) -> list[Bound]:
    """All documents of a file but the first, if one of them is to be told by its title alone; else none."""
    heads = titles.of_parts(blocks, candidates, steps, set(range(len(steps))))
    known = {words.squeezed(head.title) for head in heads.values() if head.title}
    if not known:
        return []
    taken = {_place(candidates, step) for step in steps if step.how in GOES_ON}
    named = {head.block for head in heads.values()} | {candidates[steps[place].candidate].block for place in heads}
    first = candidates[steps[0].candidate].block
    told = []
    for place in range(first + 1, len(blocks)):
        if place not in named and blocks[place].shape is Shape.PARAGRAPH:
            bound = _glued(place, blocks, known, taken) or _alone(place, blocks, known)
            told += [bound] if bound else []
    if not told:
        return []
    counted = []
    for place, head in list(heads.items())[1:]:
        block, at = _place(candidates, steps[place])
        is_found = head.block >= 0
        counted.append(Bound(*head[1:4], head.title, head.reason) if is_found else Bound(block, at, at))
    return sorted(told + counted)


def _place(candidates: Sequence[Candidate], step: Step) -> tuple[int, int]:
    candidate = candidates[step.candidate]
    return candidate.block, candidate.at if candidate.kind in (Kind.GLUED, Kind.LINE, Kind.CELL) else 0


def _glued(place: int, blocks: Sequence[Block], known: set[str], taken: set[tuple[int, int]]) -> Bound | None:
    """A title before a number that the series does not want: what it wants stands under the title of a page."""
    text = words.flat(blocks[place].text)
    match = GLUED.match(text)
    if not match or (place, match.start("number")) in taken or POINTED.match(match["title"]):
        return None
    readings = numbers.read(text, match.start("number"))
    is_han = bool(words.IS_CJK.search(match["title"]))
    if not readings or len(match["own"]) > MOST_OWN["zh" if is_han else "latin"] or REFERRED.match(match["own"]):
        return None
    if words.MODALS.search(match["title"] + " " + match["own"]) or _counts(text, readings[0]):
        return None
    title = blocks[place].text[match.start("title") : match.end("title")]
    is_told = _is_like(title, known) or (_is_of_a_kind(title, known) and _before(place, blocks)[-1:] in ENDS)
    return Bound(place, 0, match.end("title"), title, is_told=True) if is_told else None


def _counts(text: str, number: numbers.Number) -> bool:
    """Whether a number counts, measures or points to a clause of the document it is said of."""
    after = text[number.end :].lstrip()
    is_unit = words.UNITS.match(after) and not words.NOT_COUNTED.match(after) and number.family in ("1", "dec")
    return bool(is_unit or words.POINTING.match(after) or words.UNIT_WORDS.match(" " + after))


def _before(place: int, blocks: Sequence[Block]) -> str:
    return next((blocks[at].text.strip() for at in range(place - 1, -1, -1) if blocks[at].text.strip()), "")


def _alone(place: int, blocks: Sequence[Block], known: set[str]) -> Bound | None:
    """A title that is a paragraph of its own after a line that closes the document before it."""
    text = blocks[place].text.strip()
    before = _before(place, blocks)
    is_closed = gathering.DOWNLOAD.fullmatch(before) or gathering.FAREWELL.match(before)
    if not is_closed or not titles.is_short(text) or not repeats.TITLE_END.search(text):
        return None
    is_told = _is_like(text, known) or _is_of_a_kind(text, known)
    return Bound(place, 0, len(blocks[place].text), text, is_told=True) if is_told else None


def _is_like(title: str, known: set[str]) -> bool:
    """Whether a title says what another one says, but for a code before it and a word or two."""
    said = words.squeezed(title)
    bare = re.sub(r"^[a-z0-9\-]+(?=[^\x00-\x7f])", "", said)
    return any(fuzz.ratio(each, other) >= ALIKE for each in (said, bare) for other in known)


def _is_of_a_kind(title: str, known: set[str]) -> bool:
    """Whether a title ends as another one does (管理程序, Procedure) and is written as one."""
    if words.IS_CJK.search(title):
        return any(other.endswith(words.squeezed(title)[-SAME_END:]) for other in known)
    said = title.split()
    is_written = len(said) > 1 and all(word[:1].isupper() for word in said if len(word) > 3)
    return is_written and any(other.endswith(said[-1].casefold()) for other in known)
