"""Title or text: what of a clause is its heading, and how the documents inside a file are called."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from yinuo.sources.definition import Block, Shape
from yinuo.sources.rules import numbers, repeats, words
from yinuo.sources.rules.candidates import Candidate, Kind
from yinuo.sources.rules.gathering import Head
from yinuo.sources.rules.series import Step

LONGEST, LONGEST_HAN = 110, 45
FEWEST_HEADS, LEAST_CAPITALS = 3, 5  # headings told by their words alone; letters that make one of capitals
CAPITALS = re.compile(r"[A-ZÄÖÜ]")
FEWEST_ON_A_COVER = 4  # words of document control
NAMED = re.compile(rf"(?:名\s*称|\btitle)\s*[:：]?\s*([^:：]{{2,60}}?(?:{repeats.TITLE_WORDS}))", re.IGNORECASE)


def is_short(text: str) -> bool:
    """Whether a line has the length and the shape of a heading."""
    most = LONGEST_HAN if words.IS_CJK.search(text) else LONGEST
    return (
        0 < len(text) <= most and text[-1] not in words.SENTENCE_END + ",，、" and not re.search(r"[。；;]|\.\s", text)
    )


def seen(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with those as headings that only look like it: bold or bigger lines among many others, lines in
    capitals.
    """
    capitals = _in_capitals(blocks)
    sizes = Counter(round(block.size) for block in blocks if block.text.strip())
    usual = sizes.most_common(1)[0][0] if sizes else 0
    bold = sum(block.is_bold for block in blocks)
    tells = bold * 3 < len(blocks)
    bigger = sorted({size for size in sizes if size > usual}, reverse=True)
    found = []
    for place, block in enumerate(blocks):
        level = bigger.index(round(block.size)) + 1 if round(block.size) in bigger else len(bigger) + 1
        is_head = (block.is_bold and tells) or round(block.size) in bigger or place in capitals
        if is_head and block.shape is Shape.PARAGRAPH and is_short(block.text.strip()):
            block = replace(block, shape=Shape.HEADING, level=level)
        found.append(block)
    return found


def tailed(blocks: Sequence[Block]) -> Sequence[Block]:
    """The blocks with those as headings that end with their place in a standard (Product safety - 4.4.1.2)."""
    found = [place for place in _short(blocks) if _is_tailed(words.flat(blocks[place].text))]
    if len(found) < FEWEST_HEADS or len(found) * 2 > len(blocks):
        return blocks
    heads = set(found)
    return [replace(b, shape=Shape.HEADING, level=1) if at in heads else b for at, b in enumerate(blocks)]


def _is_tailed(text: str) -> bool:
    return bool(numbers.read_tail(text)) and not numbers.read(text, 0)


def _in_capitals(blocks: Sequence[Block]) -> set[int]:
    """Short lines in capitals with words of their own below them."""
    found = {place for place in _short(blocks) if _is_in_capitals(blocks[place].text)}
    is_usual = len({blocks[place].text for place in found}) >= FEWEST_HEADS and len(found) * 2 <= len(blocks)
    return found if is_usual else set()


def _short(blocks: Sequence[Block]) -> Iterator[int]:
    for place, block in enumerate(blocks[:-1]):
        if block.shape is Shape.PARAGRAPH and is_short(block.text.strip()) and "\t" not in block.text:
            yield place


def _is_in_capitals(text: str) -> bool:
    return text.isupper() and len(CAPITALS.findall(text)) >= LEAST_CAPITALS and not any(map(str.isdecimal, text))


def divided(
    pieces: list[tuple[int, str]], blocks: Sequence[Block], candidate: Candidate | None, has_below: bool
) -> tuple[str, str]:
    """The title and the text of a clause, from the pieces it was made of."""
    lines = [text.strip() for _, text in pieces if text.strip()]
    if not lines:
        return "", ""
    if candidate is None:
        is_head = is_short(lines[0]) and not words.MODALS.search(lines[0])
        return (lines[0].rstrip(" :："), "\n".join(lines[1:])) if is_head else ("", "\n".join(lines))
    block = blocks[candidate.block]
    own = [text for place, text in pieces if place == candidate.block and text.strip()]
    if not own:
        is_head = is_short(lines[0]) and len(lines) > 1 and not words.MODALS.search(lines[0]) and len(lines[0]) < 40
        return (lines[0], "\n".join(lines[1:])) if is_head else ("", "\n".join(lines))
    first, _, more = own[0].strip().partition("\n")
    rest = "\n".join([*([more.strip()] if more.strip() else []), *lines[1:]])
    if _is_title(first.strip(), block, candidate, bool(rest) or has_below):
        return first.strip().rstrip(" :：") if len(first) > 1 else first, rest
    return "", "\n".join([first, rest]) if rest else first


def _is_title(line: str, block: Block, candidate: Candidate, has_more: bool) -> bool:
    if candidate.kind in (Kind.HEADING, Kind.TAIL):
        return True
    if block.shape is Shape.HEADING:
        return len(line) <= 200
    if not is_short(line) or (block.shape is Shape.ROW and not has_more):
        return False
    if block.is_bold:
        return True
    if line[-1] in ":：":
        return has_more and len(line) <= 30 and not words.MODALS.search(line)
    return not words.MODALS.search(line) and (has_more or len(line) <= 30)


def of_parts(
    blocks: Sequence[Block], candidates: Sequence[Candidate], steps: Sequence[Step], chosen: set[int]
) -> dict[int, Head]:
    """The documents of a file, each by the step of its first clause."""
    found: dict[int, Head] = {}
    begun = {candidates[step.candidate].block for place, step in enumerate(steps) if place in chosen}
    for place, step in enumerate(steps):
        if place in chosen and (step.how == "part" or not found):
            found[place] = _head(blocks, candidates[step.candidate], begun, bool(found))
    return found


def _head(blocks: Sequence[Block], candidate: Candidate, begun: set[int], is_later: bool) -> Head:
    block, at = candidate.block, candidate.at
    if at and candidate.kind is Kind.GLUED:
        before = blocks[block].text[:at]
        start = max((before.rstrip().rfind(char) for char in words.SENTENCE_END + "\n"), default=-1) + 1
        text = before[start:].strip()
        if len({each.casefold() for each in words.CONTROL.findall(text)}) >= FEWEST_ON_A_COVER:
            named = NAMED.search(text)
            return Head(named[1].strip() if named else "", block, start, at, "front")
        is_title = bool(repeats.TITLE_END.search(text.rstrip(" :："))) or candidate.freshness >= repeats.AGAIN
        return Head(text.rstrip(" :："), block, start, at) if text and is_title and len(text) < 80 else Head("")
    if not is_later:
        return _first_title(blocks, block)
    place = block - 1
    while place >= 0 and not blocks[place].text.strip():
        place -= 1
    text = blocks[place].text.strip() if place >= 0 else ""
    while place >= 0 and place not in begun and is_short(text):
        if repeats.TITLE_END.search(text) or blocks[place].shape is Shape.HEADING or blocks[place].is_bold:
            return Head(text, place, 0, len(blocks[place].text))
        place -= 1
        text = blocks[place].text.strip() if place >= 0 else ""
    return Head("")


def _first_title(blocks: Sequence[Block], before: int) -> Head:
    """The title of the first document: the biggest line before its first number, else the first short one; names of
    columns are none.
    """
    lines = [place for place, block in enumerate(blocks[:before][:40]) if is_short(block.text.strip())]
    if not lines:
        return Head("")
    heads = [place for place in lines if blocks[place].shape is Shape.HEADING] or lines
    biggest = max(blocks[place].size for place in heads)
    named = [place for place in heads if repeats.TITLE_END.search(blocks[place].text.strip())]
    chosen = (named or [place for place in heads if blocks[place].size == biggest])[0]
    if "\t" in blocks[chosen].text.strip():
        return Head("")
    return Head(blocks[chosen].text.strip(), chosen, 0, len(blocks[chosen].text))
