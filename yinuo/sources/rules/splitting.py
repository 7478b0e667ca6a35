"""Blocks → clauses: find every number, search the series that holds together, make a tree of it.

One way for all formats and languages; what a reader knows for certain (automatic numbers, headings) only weighs more.
"""

from collections.abc import Sequence

from yinuo.sources.definition import Block, Split
from yinuo.sources.rules import bounds, candidates, families, identified, joining, repeats, series, structure, titles


def split(blocks: Sequence[Block], depth: int | None = None) -> Split:
    """The blocks of a file as clauses.

    `depth` is how many levels become clauses of their own; None lets the document decide: whole-place numbers always
    do, lists stay in the text of their clause (see `levels`).
    """
    blocks = titles.tailed(blocks)
    contents = repeats.contents(blocks)
    found, steps = _series(blocks, contents)
    others = bounds.found(blocks, found, steps) if steps else []
    if others:
        apart = joining.apart(blocks, others)
        return joining.joined(blocks, others, [_document(inside, depth, bound) for bound, inside in apart])
    if all(step.number.family in families.LISTS for step in steps):  # no numbers but those of lists
        blocks = titles.seen(blocks)
        found, steps = _series(blocks, contents)
    if not steps and not identified.named(blocks, set()):
        return structure.paragraphs(blocks, contents)
    return structure.tree(blocks, found, steps, contents, depth)


def _document(blocks: Sequence[Block], depth: int | None, bound: bounds.Bound | None) -> Split:
    """One of several documents inside a file, by itself."""
    contents = repeats.contents(blocks)
    is_told = bound is not None and bound.is_told
    found, steps = _series(blocks, contents, is_told)
    if is_told and joining.is_hardly_numbered(blocks, found, steps):
        return structure.paragraphs(blocks, contents)
    return structure.tree(blocks, found, steps, contents, depth) if steps else structure.paragraphs(blocks, contents)


def _series(
    blocks: Sequence[Block], contents: set[int], is_told: bool = False
) -> tuple[list[candidates.Candidate], list[series.Step]]:
    """The candidates and their best series; `is_told`: a title right before the first word makes a number of it."""
    found = [each for each in candidates.found(blocks) if each.block not in contents]
    repeats.demote(blocks, found)
    repeats.settle(blocks, found)
    if is_told:
        repeats.announce(found)
    repeats.refreshed(blocks, found)
    return found, series.chain(found)
