"""The clauses of an edition as pages show them: a draft's nodes or accepted texts, in one shape."""

from dataclasses import dataclass
from typing import Any

from yinuo.sources import models, queries
from yinuo.sources.rules import correcting

DEEPEST = 6  # levels that are set in from the left


@dataclass(frozen=True)
class Line:
    """One clause to show."""

    key: str
    number: str
    title: str
    text: str
    depth: int
    page: int
    is_doubted: bool


@dataclass(frozen=True)
class Coverage:
    """文本归入率: how much of the text stands in clauses; what does not is listed."""

    inside: int
    all: int

    @property
    def percent(self) -> float:
        return round(100 * self.inside / self.all, 1) if self.all else 100.0


def shown(edition: models.Edition) -> dict[str, Any]:
    """The clauses, the leftovers and the coverage of an edition."""
    if edition.clauses == models.Edition.Clauses.ACCEPTED:
        texts = list(edition.texts.all())
        lines = [
            Line(str(each.pk), each.number, each.title, each.text, min(each.depth, DEEPEST), each.page, False)
            for each in texts
        ]
    else:
        lines = []
    draft = models.Draft.objects.filter(edition=edition).first()
    if draft is None:
        return {"lines": lines, "left": [], "coverage": None}
    tree = queries.tree_of(draft)
    if not lines:
        depths = depths_of(tree)
        lines = [
            Line(each.key, each.number, each.title, each.text, min(depths[each.key], DEEPEST), 0, bool(each.doubts))
            for each in tree.nodes
        ]
    return {"lines": lines, "left": tree.left, "coverage": Coverage(*tree.signs)}


def depths_of(tree: correcting.Tree) -> dict[str, int]:
    """How deep each clause stands, from 0."""
    depths: dict[str, int] = {}
    for each in tree.nodes:
        depths[each.key] = depths[each.parent] + 1 if each.parent in depths else 0
    return depths
