"""What is being negotiated in a file: its tracked changes, clause by clause, with who made them."""

from collections import Counter
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from yinuo.kit import pages
from yinuo.org.definition import Permission
from yinuo.sources import models, queries
from yinuo.sources.definition import Block
from yinuo.sources.rules import tracked
from yinuo.sources.rules.tracked import Piece


@dataclass(frozen=True)
class Changed:
    """A paragraph with changes, under the clause it belongs to (`number`, "" for none)."""

    number: str
    title: str
    pieces: list[Piece]
    who: list[tuple[str, str]]  # name and day, once each


@pages.page(Permission.SOURCES_SEE)
def tracked_changes(request: pages.Request, pk: int) -> HttpResponse:
    """The tracked changes of an edition's files; `?by=` those of one person only."""
    edition = get_object_or_404(queries.editions(request.user).select_related("document__customer"), pk=pk)
    changed = _changed(edition)
    people = Counter(name for each in changed for name, _day in each.who)
    by = request.GET.get("by", "")
    if by in people:
        changed = [each for each in changed if any(name == by for name, _day in each.who)]
    context = {
        "edition": edition,
        "document": edition.document,
        "changed": changed,
        "people": sorted(people.items(), key=lambda each: (-each[1], each[0])),
        "by": by if by in people else "",
    }
    return render(request, "sources/tracked.html", context)


def _changed(edition: models.Edition) -> list[Changed]:
    clauses = _clauses(edition)
    found = []
    for file in edition.files.filter(state=models.File.State.READ).select_related("blocks"):
        blocks, noise = queries.blocks_of(file)
        every = sorted([*blocks, *(block for block, _why in noise)], key=lambda block: block.place.block)
        found += [_shown(block, clauses.get((file.place, block.place.block))) for block in every if block.changes]
    return found


def _shown(block: Block, clause: tuple[str, str] | None) -> Changed:
    who = list(dict.fromkeys((change.by, change.at) for change in block.changes))
    number, title = clause or ("", "")
    return Changed(number, title, tracked.shown(block.text, block.changes), who)


def _clauses(edition: models.Edition) -> dict[tuple[int, int], tuple[str, str]]:
    """Number and title of the clause that each block (file, block) is in."""
    if edition.clauses == models.Edition.Clauses.ACCEPTED:
        rows = edition.texts.values_list("file__place", "blocks", "number", "title")
        return {(place, at): (number, title) for place, blocks, number, title in rows for at in blocks}
    draft = models.Draft.objects.filter(edition=edition).first()
    nodes = queries.tree_of(draft).nodes if draft else ()
    return {(each.file, at): (each.number, each.title) for each in nodes for at in each.blocks}
