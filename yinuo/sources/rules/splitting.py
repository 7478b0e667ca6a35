"""Blocks → clauses: find every number, search the series that holds together, make a tree of it.

One way for all formats and languages; what a reader knows for certain (automatic numbers, headings) only weighs more.
"""

from collections.abc import Sequence

from yinuo.sources.definition import Block, Split
from yinuo.sources.rules import candidates, repeats, series, structure, titles


def split(blocks: Sequence[Block], depth: int | None = None) -> Split:
    """The blocks of a file as clauses.

    `depth` is how many levels become clauses of their own; None lets the document decide: whole-place numbers always
    do, lists stay in the text of their clause (see `levels`).
    """
    contents = repeats.contents(blocks)
    found, steps = _series(blocks, contents)
    if not steps:
        blocks = titles.seen(blocks)
        found, steps = _series(blocks, contents)
    if not steps:
        return structure.paragraphs(blocks, contents)
    return structure.tree(blocks, found, steps, contents, depth)


def _series(blocks: Sequence[Block], contents: set[int]) -> tuple[list[candidates.Candidate], list[series.Step]]:
    found = [each for each in candidates.found(blocks) if each.block not in contents]
    repeats.demote(blocks, found)
    repeats.refreshed(blocks, found)
    return found, series.chain(found)
