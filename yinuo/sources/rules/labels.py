"""Labels that return in every section ("Rationale:", "理由："): which of them end the list of sub-clauses above them.

A label that always stands after the last sub-clause, never after an earlier one, speaks of the whole section.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from yinuo.sources.definition import Block, Shape
from yinuo.sources.rules import words
from yinuo.sources.rules.series import Step

LABEL = re.compile(r"\s*([^\d\s:：。；;.!?][^:：。；;.!?\n]{0,24})\s*[:：]")
FEWEST = 3


def closing(blocks: Sequence[Block], cuts: Sequence[Any], steps: Sequence[Step]) -> list[tuple[int, int]]:
    """(block, step above) of each label that ends a list."""
    begun = sorted((cut.block, cut.step) for cut in cuts)
    where: dict[str, list[tuple[int, int]]] = defaultdict(list)
    order = [block for block, _ in begun]
    at = -1
    for place, block in enumerate(blocks):
        while at + 1 < len(order) and order[at + 1] <= place:
            at += 1
        if at < 0 or order[at] == place or block.shape is Shape.ROW or block.number:
            continue
        label = _label(block)
        if label:
            where[label].append((place, begun[at][1]))
    children: dict[int, list[int]] = defaultdict(list)
    for _, step in begun:
        children[steps[step].under].append(step)
    found: list[tuple[int, int]] = []
    for places in where.values():
        found += _ends(places, children, steps)
    return sorted(set(found))


def _label(block: Block) -> str:
    match = LABEL.match(block.text)
    if match:
        return words.squeezed(match[1])
    text = block.text.strip()
    return words.squeezed(text) if block.is_bold and 0 < len(text) <= 24 else ""


def _ends(
    places: list[tuple[int, int]], children: dict[int, list[int]], steps: Sequence[Step]
) -> list[tuple[int, int]]:
    if len(places) < FEWEST:
        return []
    lists = 0
    for _, step in places:
        above = steps[step].under
        if above < 0 or children.get(step) or children[above][-1] != step:
            return []
        lists += len(children[above]) > 1
    return [(block, steps[step].under) for block, step in places] if lists >= 2 else []
