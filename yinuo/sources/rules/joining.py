"""The documents of one file, each split by itself, as one again: nothing of the file is lost between them."""

from collections.abc import Sequence
from dataclasses import replace

from yinuo.sources.definition import Block, Leftover, Part, Split
from yinuo.sources.rules import trust
from yinuo.sources.rules.bounds import Bound
from yinuo.sources.rules.candidates import Candidate
from yinuo.sources.rules.gathering import size
from yinuo.sources.rules.series import Step

FEWEST = 3  # one number in so many paragraphs, none of them a first one: the paragraphs are the clauses


def apart(blocks: Sequence[Block], others: Sequence[Bound]) -> list[tuple[Bound | None, list[Block]]]:
    """The blocks of each document, without the titles that are known."""
    starts: list[Bound | None] = [None, *others]
    found = []
    for bound, following in zip(starts, [*others, None], strict=True):
        start = (bound.block, bound.end) if bound else (0, 0)
        end = (following.block, following.at) if following else (len(blocks), 0)
        found.append((bound, _between(blocks, start, end)))
    return found


def _between(blocks: Sequence[Block], start: tuple[int, int], end: tuple[int, int]) -> list[Block]:
    inside = []
    for place in range(start[0], min(end[0] + 1, len(blocks))):
        block = blocks[place]
        first = start[1] if place == start[0] else 0
        last = end[1] if place == end[0] else len(block.text)
        if (first, last) == (0, len(block.text)):
            inside.append(block)
        elif block.text[first:last].strip():
            inside.append(replace(block, text=block.text[first:last], number=block.number if not first else ""))
    return inside


def is_hardly_numbered(blocks: Sequence[Block], candidates: Sequence[Candidate], steps: Sequence[Step]) -> bool:
    """Whether the numbers of a document are no clauses: too few that begin too late, or lists in its paragraphs that
    begin again in each.
    """
    if not steps:
        return True
    first = candidates[steps[0].candidate]
    is_late = not steps[0].number.is_first and first.block > 0
    taken = {step.candidate for step in steps if step.how != "part"}
    again = {
        candidate.block
        for place, candidate in enumerate(candidates)
        if place not in taken and any(number.is_first for number, _ in candidate.readings)
    }
    return (is_late and len(steps) * FEWEST < len(blocks)) or len(again) >= max(FEWEST, len(steps) // 2)


def joined(blocks: Sequence[Block], others: Sequence[Bound], splits: Sequence[Split]) -> Split:
    """The clauses of all documents in their order, each document a part that begins with its first clause."""
    whole = splits[0]
    clauses, leftovers = list(whole.clauses), list(whole.leftovers)
    parts = list(whole.parts) or ([Part("", 0)] if clauses else [])
    assigned, total = whole.assigned, whole.total
    for bound, split in zip(others, splits[1:], strict=True):
        shift = len(clauses)
        block = blocks[bound.block]
        said = block.text[bound.at : bound.end]
        total += size(said)
        if said.strip():
            leftovers.append(Leftover(block.place.block, said, bound.reason))
        for place, clause in enumerate(split.clauses):
            clause.parent += shift if clause.parent >= 0 else 0
            if not place:
                trust.lower(clause, "another" if bound.is_told else "restart")
                if said.strip() and clause.number and clause.blocks[0] == block.place.block:
                    trust.lower(clause, "glued")
            clauses.append(clause)
        found = [replace(part, first=part.first + shift) for part in split.parts]
        if bound.title and split.clauses:
            found = [Part(bound.title, shift), *found[1:]]
        parts += found
        leftovers += split.leftovers
        assigned, total = assigned + split.assigned, total + split.total
    return Split(tuple(clauses), tuple(leftovers), assigned, total, tuple(parts))
