"""Which numbers of the series are clauses of their own, and which are lists inside a clause's text.

Numbers that say their whole place (4.2.1, 第三条, REQ-007), or what they count (活动2, Step 2), always are. Those that
only count within what is above them (a), (1), （一）) are clauses below a mere title whose own number counts likewise;
below a clause that already has a text, or a whole-place number, they are its list and stay in its text. A person may
ask for a fixed depth instead.
"""

from collections import defaultdict
from collections.abc import Sequence

from yinuo.sources.definition import Block
from yinuo.sources.rules import families, numbers, words
from yinuo.sources.rules.candidates import Candidate, Kind
from yinuo.sources.rules.series import Step

LONGEST_TITLE = 60
WHOLE = frozenset({"dec", "heading", "1.0", "§"}) | families.ANNEXES | families.STRONG
WITH_TEXT = frozenset({"dec", "Article", "§", "Section", "Clause", "Rule", "Requirement", "1.0"})


def clauses(
    steps: Sequence[Step], candidates: Sequence[Candidate], blocks: Sequence[Block], depth: int | None
) -> set[int]:
    """The places of the steps that are clauses."""
    if depth is not None:
        return {place for place in range(len(steps)) if _depth(steps, place) <= depth}
    groups: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    tops = [place for place, step in enumerate(steps) if step.under < 0]
    covers = set(tops) if len(tops) == 1 and _family(steps, tops[0]) == "heading" else set()  # the document's own title
    part = 0
    for place, step in enumerate(steps):
        part += step.how == "part"
        above = "" if step.under in covers else _family(steps, step.under)
        groups[(_family(steps, place), above, part)].append(place)
    roots = {step.under for step in steps if _is_decimal(step)}
    titled = {
        place: _is_mere_title(place, steps, candidates, blocks)
        for place in {step.under for step in steps}
        if place >= 0
    }
    heads = {place for place, step in enumerate(steps) if candidates[step.candidate].level}
    found: set[int] = set()
    for (family, above, _), places in sorted(groups.items(), key=lambda item: item[1][0]):
        found |= set(places) if _are_whole(family, above, places, roots) else heads & set(places)
        if above not in WITH_TEXT and not above.startswith("id:"):
            found |= {place for place in places if steps[place].under in found - roots and titled[steps[place].under]}
    return found - covers if len(steps) > 1 and any(step.number.printed for step in steps) else found


def _are_whole(family: str, above: str, places: list[int], roots: set[int]) -> bool:
    """Whether numbers say their whole place: by their kind, as the 4 of 4.2, or at the top of the document."""
    is_whole = (
        family in WHOLE or family.startswith(("id:", "第1", numbers.COUNTED)) or (above, family) == ("heading", "一、")
    )
    return is_whole or not above or any(place in roots for place in places)


def _family(steps: Sequence[Step], place: int) -> str:
    return steps[place].number.family if place >= 0 else ""


def _is_decimal(step: Step) -> bool:
    return step.number.family == "dec"


def _depth(steps: Sequence[Step], place: int) -> int:
    count = 0
    while place >= 0:
        count, place = count + 1, steps[place].under
    return count


def _is_mere_title(place: int, steps: Sequence[Step], candidates: Sequence[Candidate], blocks: Sequence[Block]) -> bool:
    """Whether nothing but a short title stands between a number and the next one; below a heading or an annex other
    words may stand as well, as long as they do not announce a list.
    """
    here = candidates[steps[place].candidate]
    start = here.at if here.kind is Kind.TAIL or not here.readings else steps[place].number.end
    if place + 1 >= len(steps):
        return False
    there = candidates[steps[place + 1].candidate]
    said = between(blocks, (here.block, start), (there.block, there.at)).strip()
    if there.kind is Kind.CELL and here.kind is not Kind.CELL:  # the heading of the table stands between
        return True
    if steps[place].number.family == "heading" or steps[place].number.family in families.ANNEXES:
        return said[-1:] not in (":", "：")
    lines = [line for line in said.split("\n") if line.strip()]
    return (
        len(lines) <= 1 and len(said) <= LONGEST_TITLE and not any(char in words.SENTENCE_END + "：:" for char in said)
    )


def between(blocks: Sequence[Block], start: tuple[int, int], end: tuple[int, int]) -> str:
    """The text from one place to another, each a block and a place in it."""
    if start[0] == end[0]:
        return blocks[start[0]].text[start[1] : end[1]]
    pieces = [blocks[start[0]].text[start[1] :]]
    pieces += [block.text for block in blocks[start[0] + 1 : end[0]]]
    return "\n".join([*pieces, blocks[end[0]].text[: end[1]]])
