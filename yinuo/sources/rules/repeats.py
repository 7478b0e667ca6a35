"""What stands in a document twice: lists of contents, titles that return, numbers that are listed again."""

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from yinuo.sources.definition import Block, Shape
from yinuo.sources.rules import families, numbers, words
from yinuo.sources.rules.candidates import Candidate, Kind

SHORTEST = 3  # lines that make a list of contents
TITLE_WORDS = (
    "程序|规定|制度|手册|办法|规范|协议|细则|准则|指南|指导书|管理要求|合同|条例|标准"
    "|manual|procedure|agreement|specification|guideline|requirements|contract"
)
TITLE_END = re.compile(rf"(?:{TITLE_WORDS})\s*$", re.IGNORECASE)
BULLET = re.compile(r"^[^\w(]+")
AGAIN, LIKE_A_TITLE = 5.5, 3.0
LISTED, ANNOUNCED = 5.0, 5.0


def contents(blocks: Sequence[Block]) -> set[int]:
    """The blocks that only list what comes later."""
    found = {place for place, block in enumerate(blocks) if _is_entry(block)}
    found = {place for place in found if _neighbours(place, found) >= SHORTEST - 1}
    found |= _listed_again(blocks, found)
    for place in sorted(found):
        before = place - 1
        while before >= 0 and not blocks[before].text.strip():
            before -= 1
        if before >= 0 and before not in found and words.CONTENTS_TITLE.fullmatch(blocks[before].text):
            found.add(before)
    return found


def _is_entry(block: Block) -> bool:
    return (
        len(block.text) < 200
        and bool(words.CONTENTS_LINE.search(words.flat(block.text) if "\t" not in block.text else block.text))
        and (block.shape is not Shape.ROW)
    )


def _neighbours(place: int, found: set[int]) -> int:
    return sum(place + by in found for by in (-3, -2, -1, 1, 2, 3))


def _listed_again(blocks: Sequence[Block], known: set[int]) -> set[int]:
    """Runs of short lines of which each stands again further down, there with words of its own below it."""
    heads = [_head(block) for block in blocks]
    last: dict[str, int] = {}
    for place, head in enumerate(heads):
        if head:
            last[head] = place
    found: set[int] = set()
    run: list[int] = []
    for place, block in enumerate(blocks):
        if place in known or not block.text.strip():
            continue
        head = heads[place]
        is_again = bool(head) and last[head] > place and block.shape is not Shape.ROW
        if is_again and (not run or last[head] > run[-1]):
            run.append(place)
            continue
        found |= _settled(run, heads, last)
        run = [place] if is_again else []
    return found | _settled(run, heads, last)


def _settled(run: list[int], heads: list[str], last: dict[str, int]) -> set[int]:
    if len(run) < SHORTEST + 1:
        return set()
    targets = [last[heads[place]] for place in run]
    rising = sum(a < b for a, b in pairwise(targets))
    is_before = targets[0] > run[-1]
    is_stretched = targets[-1] - targets[0] >= 2 * (run[-1] - run[0])
    return set(run) if is_before and is_stretched and rising >= 0.8 * (len(run) - 1) else set()


def _head(block: Block) -> str:
    text = block.text.strip()
    if not text or len(text) > 100 or text[-1] in words.SENTENCE_END:
        return ""
    head = BULLET.sub("", words.squeezed(f"{block.number}{text}"))
    head = words.TAIL_PAGE.sub("", head) if not re.fullmatch(r"[\d.]+", head) else head
    return head if len(head) > 3 else ""


def demote(blocks: Sequence[Block], candidates: Sequence[Candidate]) -> None:
    """Numbers that are only listed here and stand again further down, with the same words, weigh little."""
    heads = [_words_of(blocks, candidate) for candidate in candidates]
    last = {head: place for place, head in enumerate(heads) if head}
    again = [head is not None and last[head] > place for place, head in enumerate(heads)]
    close = [_is_close(blocks, one, other) for one, other in pairwise(candidates)] + [False]
    place = 0
    while place < len(candidates):
        end = place
        while end < len(candidates) - 1 and close[end] and _family(candidates[end + 1]) == _family(candidates[place]):
            if heads[end + 1] in heads[place : end + 1]:
                break
            end += 1
        listed = sum(again[place : end + 1])
        first = heads[place]
        is_announced = False
        if first and again[place] and _family(candidates[place]) in families.ANNEXES:
            is_announced = not _is_head(blocks, candidates[place], candidates[last[first]])
        if (listed >= SHORTEST and listed * 2 > end + 1 - place) or is_announced:
            for which in range(place, end + 1):
                _weigh(candidates[which], -LISTED)
                head = heads[which]
                if again[which] and head:
                    _weigh(candidates[last[head]], ANNOUNCED)
        place = end + 1


def settle(blocks: Sequence[Block], candidates: Sequence[Candidate]) -> None:
    """Identifiers that come back, each in a list of its own (who answers for it, which test): the longest words are
    the requirement, the others weigh little.
    """
    same: dict[tuple, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        number = candidate.readings[0][0] if candidate.readings else None
        if number and number.family.startswith("id:") and candidate.kind is not Kind.GLUED:
            same[number.family, number.lead, number.key].append(candidate)
    again = [each for each in same.values() if len(each) > 1]
    for each in again if len(again) >= SHORTEST else ():
        longest = max(each, key=lambda candidate: _length(blocks, candidate))
        for candidate in each:
            if candidate is not longest:
                _weigh(candidate, -LISTED)


def _length(blocks: Sequence[Block], candidate: Candidate) -> int:
    """How much is said behind a number, in its block and the next one."""
    end = candidate.readings[0][0].end if candidate.kind is not Kind.AUTOMATIC else 0
    said = len(blocks[candidate.block].text) - end
    return said if said > 2 or candidate.block + 1 >= len(blocks) else said + len(blocks[candidate.block + 1].text)


def announce(candidates: Sequence[Candidate]) -> None:
    """A number that is the very first of a document whose title stands right before it weighs more."""
    if candidates and candidates[0].block == 0 and candidates[0].kind is Kind.START:
        _weigh(candidates[0], ANNOUNCED)


def _weigh(candidate: Candidate, by: float) -> None:
    candidate.readings = [(number, weight + by) for number, weight in candidate.readings]


def _family(candidate: Candidate) -> str:
    return candidate.readings[0][0].family if candidate.readings else ""


def _words_of(blocks: Sequence[Block], candidate: Candidate) -> tuple[str, tuple[int, ...], str] | None:
    if not candidate.readings:
        return None
    number = candidate.readings[0][0]
    text = words.squeezed(blocks[candidate.block].text[number.end : number.end + 24])
    text = text[: 4 if number.family in families.ANNEXES else 8]
    return (number.family + number.lead, number.key, text) if len(text) >= 4 else None


def _is_head(blocks: Sequence[Block], one: Candidate, other: Candidate) -> bool:
    """Whether one stands in a heading and the other, which says the same, does not: the list of annexes comes last."""
    return blocks[one.block].shape is Shape.HEADING and blocks[other.block].shape is not Shape.HEADING


def _is_close(blocks: Sequence[Block], one: Candidate, other: Candidate) -> bool:
    if one.block == other.block:
        return other.at - one.at < 60
    return other.block == one.block + 1 and len(blocks[one.block].text) - one.at + other.at < 60


def refreshed(blocks: Sequence[Block], candidates: Sequence[Candidate]) -> None:
    """Tell each candidate whether a title right before it says that another document begins."""
    titles = _titles(blocks, candidates)
    begun = {candidate.block for candidate in candidates if candidate.kind not in (Kind.GLUED, Kind.HEADING)}
    for candidate in candidates:
        if not candidate.readings or not any(number.is_first for number, _ in candidate.readings):
            continue
        for text, is_whole in _before(blocks, candidate, begun):
            squeezed = words.squeezed(text)
            if any(title in squeezed[-len(title) - 16 :] for title in titles):
                candidate.freshness = AGAIN
                break
            if TITLE_END.search(text) and (len(text) < 40 if is_whole else len(text) < 24):
                candidate.freshness = LIKE_A_TITLE


def _before(blocks: Sequence[Block], candidate: Candidate, begun: set[int]) -> list[tuple[str, bool]]:
    """The words right before a candidate that belong to nothing numbered."""
    if candidate.at:
        before = blocks[candidate.block].text[: candidate.at]
        pieces = re.split(rf"[{words.SENTENCE_END}\n]", before.rstrip())
        return [(pieces[-1][-60:].rstrip(" :："), False)]
    found: list[tuple[str, bool]] = []
    place = candidate.block - 1
    while place >= 0 and len(found) < 3 and place not in begun:
        text = blocks[place].text.strip()
        if len(text) > 60 or text[-1:] in ("。", "；", ";"):
            break
        if text:
            found.append((text, True))
        place -= 1
    return found


def _titles(blocks: Sequence[Block], candidates: Sequence[Candidate]) -> set[str]:
    first = next((each for each in candidates if each.readings), None)
    if first is None:
        return set()
    found = []
    for block in blocks[: first.block][:6]:
        text = block.text.strip()
        if 5 < len(text) < 40 and not numbers.read(words.flat(text), 0) and text[-1] not in words.CLAUSE_END:
            found.append(text)
    if first.at:
        found.append(blocks[first.block].text[: first.at].strip())
    return {
        words.squeezed(each)
        for each in found
        if (5 < len(each) < 40 and words.IS_CJK.search(each)) or TITLE_END.search(each)
    }
