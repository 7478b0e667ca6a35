"""The clauses of an edition as pages and programs show them: a draft's nodes or accepted texts, in one shape."""

from dataclasses import dataclass
from typing import Any

from yinuo.sources import models, queries
from yinuo.sources.queries import judging
from yinuo.sources.rules import comparing, correcting

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


def told(edition: models.Edition) -> dict[str, Any]:
    """The clauses of an edition as programs take them, with what is left over."""
    said: dict[str, Any] = {"state": edition.clauses, "is_accepted": False, "clauses": [], "left_over": []}
    draft = models.Draft.objects.filter(edition=edition).first()
    if draft is None:
        return said | {"assigned": 0, "characters": 0}
    tree = queries.tree_of(draft)
    said["assigned"], said["characters"] = tree.signs
    said["left_over"] = [{"text": each.text, "reason": each.reason} for each in tree.left]
    if edition.clauses == models.Edition.Clauses.ACCEPTED:
        texts = judging.whole(edition.texts.all())
        return said | {"is_accepted": True, "clauses": [clause(each) for each in texts]}
    depths, pages = depths_of(tree), _pages(edition)
    said["clauses"] = [
        {
            "key": each.key, "number": each.number, "title": each.title, "text": each.text, "parent": each.parent,
            "depth": depths[each.key], "confidence": each.confidence, "doubts": list(each.doubts),
            "page": next((pages[each.file, at] for at in each.blocks if (each.file, at) in pages), 0),
            "effective_on": None, "effective_words": "", "judgement": None, "iatf": [], "mappings": [],
            "translations": [],
        }
        for each in tree.nodes
    ]  # fmt: skip
    return said


def clause(row: models.ClauseText) -> dict[str, Any]:
    """An accepted clause as programs take it, with all that is held of it (of `judging.whole`)."""
    mappings = list(row.clause.mappings.all())
    accepted = [each for each in mappings if each.state == judging.MAPPED.ACCEPTED]
    ours = [each.target_text for each in accepted if each.target_text.edition.document.number == judging.STANDARD]
    return {
        "key": str(row.pk), "number": row.number, "title": row.title, "text": row.text, "depth": row.depth,
        "parent": str(row.parent_id or ""), "page": row.page, "confidence": row.confidence, "doubts": [],
        "effective_on": row.effective_on, "effective_words": row.effective_words,
        "judgement": _judgement(getattr(row.clause, "judgement", None)),
        "iatf": [each.number for each in sorted(ours, key=lambda each: each.place)],
        "mappings": [_mapping(each) for each in mappings],
        "translations": [translation(each) for each in row.translations.all()],
    }  # fmt: skip


def _judgement(row: models.Judgement | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "nature": row.nature, "state": row.state, "reason": row.reason, "by": row.by.name if row.by else "",
        "at": row.at, "proposed": row.proposed, "certainty": row.certainty, "because": row.because,
        "decided_on": str(row.was_id or ""), "stands_for": str(row.text_id), "version": row.version,
    }  # fmt: skip


def _mapping(row: models.Mapping) -> dict[str, Any]:
    text = row.target_text
    return {
        "id": row.pk, "standard": text.edition.document.number, "edition": text.edition.label, "number": text.number,
        "title": text.title, "state": row.state, "score": row.score, "because": row.because,
        "by": row.by.name if row.by else "", "at": row.at, "version": row.version,
    }  # fmt: skip


def translation(row: models.Translation) -> dict[str, Any]:
    """What a clause says in another language, as programs take it."""
    by = row.by.name if row.by else ""
    names = ("language", "title", "body", "way", "at", "version")
    return {**{name: getattr(row, name) for name in names}, "by": by}


def _pages(edition: models.Edition) -> dict[tuple[int, int], int]:
    """On which page each block of the edition's files stands."""
    files = edition.files.filter(state=models.File.State.READ, format="pdf").select_related("blocks")
    return {(file.place, block.place.block): block.place.page for file in files for block in queries.blocks_of(file)[0]}


def depths_of(tree: correcting.Tree) -> dict[str, int]:
    """How deep each clause stands, from 0."""
    depths: dict[str, int] = {}
    for each in tree.nodes:
        depths[each.key] = depths[each.parent] + 1 if each.parent in depths else 0
    return depths


def compared(before: models.Edition, after: models.Edition) -> dict[str, Any]:
    """What became of each clause between two editions, as programs take it."""
    old, new = queries.said_of(before), queries.said_of(after)
    matches = comparing.compare(old, new)
    ours, theirs = {each.key: each.number for each in old}, {each.key: each.number for each in new}
    said: dict[str, Any] = {name: [] for name in ("added", "removed", "changed", "moved", "unchanged", "matches")}
    for each in matches:
        left, right = [ours[key] for key in each.old], [theirs[key] for key in each.new]
        pair = [left[0], right[0]] if left and right else []
        if pair:
            is_same = each.kind in (comparing.Kind.SAME, comparing.Kind.MOVED, comparing.Kind.RENUMBERED)
            said["unchanged" if is_same else "changed"].append(pair)
            if pair[0] != pair[1]:
                said["moved"].append(pair)
        said["removed"] += left[1:] if right else left
        said["added"] += right[1:] if left else right
        said["matches"].append(
            {
                "kind": each.kind, "old": each.old, "new": each.new, "old_numbers": left, "new_numbers": right,
                "score": each.score, "values": [{"old": a, "new": b} for a, b in each.values],
            }
        )  # fmt: skip
    return said
