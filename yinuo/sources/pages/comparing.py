"""Two editions beside each other: changed values first, then what else changed, what came and what went."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from yinuo.kit import pages, rows
from yinuo.org.definition import Permission
from yinuo.sources import queries
from yinuo.sources.rules import comparing, scanned
from yinuo.sources.rules.comparing import Kind, Match, Said

# In this order they are shown; what is only the same is counted.
ORDER = (Kind.REWORDED, Kind.NEW, Kind.GONE, Kind.SPLIT, Kind.MERGED, Kind.MOVED, Kind.RENUMBERED)
GROUPS = {Kind.REWORDED: "active", Kind.NEW: "done", Kind.GONE: "late", Kind.SPLIT: "pending", Kind.MERGED: "pending"}


@dataclass(frozen=True)
class Shown:
    """One match: its clauses before and after, and the differences of their words."""

    match: Match
    old: list[Said]
    new: list[Said]
    badge: tuple[str, str]
    pieces: list[tuple[str, str]] = field(default_factory=list)


@pages.page(Permission.SOURCES_SEE)
def compare(request: pages.Request, pk: int) -> HttpResponse:
    """What changed from one edition to another; without `?with=` from the one before. What was signed is compared with
    the last draft that was reviewed; where it was read from a picture, single signs that differ stand apart."""
    mine = queries.editions(request.user).select_related("document", "follows")
    row = get_object_or_404(mine, pk=pk)
    others = list(mine.filter(document=row.document).exclude(pk=pk).order_by("-received_on", "-pk"))
    asked = rows.key_in(request.GET.get("with", ""))
    draft = queries.reviewed_before(row)
    wanted = asked or (draft.pk if draft else row.follows_id)
    before = next((each for each in others if each.pk == wanted), others[0] if others else None)
    context: dict[str, Any] = {"edition": row, "document": row.document, "before": before, "others": others}
    context["is_signed"] = draft is not None and before == draft
    if before is not None:
        old, new = queries.said_of(before), queries.said_of(row)
        context |= _shown(old, new, comparing.compare(old, new))
        if queries.is_recognised(row) or queries.is_recognised(before):
            context |= _apart(context["shown"])
    return render(request, "sources/compare.html", context)


def words_of(kind: Kind) -> str:
    """What became of a clause, in the reader's language."""
    return {
        Kind.SAME: _("unchanged"),
        Kind.MOVED: _("moved elsewhere"),
        Kind.RENUMBERED: _("renumbered"),
        Kind.REWORDED: _("reworded"),
        Kind.SPLIT: _("split up"),
        Kind.MERGED: _("merged"),
        Kind.NEW: _("new clause"),
        Kind.GONE: _("dropped"),
    }[kind]


def _shown(old: list[Said], new: list[Said], matches: list[Match]) -> dict[str, Any]:
    before, after = {each.key: each for each in old}, {each.key: each for each in new}
    shown = []
    for match in matches:
        if match.kind is Kind.SAME:
            continue
        ours, theirs = [before[key] for key in match.old], [after[key] for key in match.new]
        pieces = comparing.differences(_text(ours), _text(theirs)) if ours and theirs and match.kind in GROUPS else []
        badge = GROUPS.get(match.kind, "quiet"), words_of(match.kind)
        shown.append(Shown(match, ours, theirs, badge, pieces))
    shown.sort(key=lambda each: (not each.match.values, ORDER.index(each.match.kind)))
    counts = [(words_of(kind), sum(each.kind is kind for each in matches)) for kind in (*ORDER, Kind.SAME)]
    return {
        "shown": shown,
        "counts": [(words, number) for words, number in counts if number],
        "valued": sum(bool(each.match.values) for each in shown),
        "same": sum(each.kind is Kind.SAME for each in matches),
    }


def _apart(shown: list[Shown]) -> dict[str, Any]:
    """What may only be misread stands behind what differs."""
    misread = [each for each in shown if scanned.may_be_misread(each.match, each.old, each.new)]
    return {"shown": [each for each in shown if each not in misread], "misread": misread, "is_scanned": True}


def _text(clauses: list[Said]) -> str:
    return "\n".join("\n".join(part for part in (each.title, each.text) if part) for each in clauses)
