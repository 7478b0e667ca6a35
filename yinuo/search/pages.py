"""One search box over everything the person may see."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yinuo.kit import pages, plugs
from yinuo.search import queries, rules

OF_EACH = 5
OF_ONE = 20
SUGGESTED = 8
LONGEST = 200


@pages.page(pages.SIGNED_IN)
def search(request: pages.Request) -> HttpResponse:
    """Hits by kind, the newest first; one kind on its own, page by page."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    kind = request.GET.get("kind", "")[:60]
    before = request.GET.get("before", "")
    is_kind = before.isascii() and before.isdigit()
    everything = queries.search(request.user, text, limit=0 if kind else OF_EACH)  # the tabs need the counts only
    found = everything
    if kind:
        found = queries.search(
            request.user, text, kinds=[kind], limit=OF_ONE, before=int(before[:18]) if is_kind else None
        )
    hits = found.hits.get(kind, [])
    context = {
        "q": text,
        "kind": kind,
        "found": found,
        "groups": [_group(text, name, found) for name in found.counts if found.hits.get(name)],
        "tabs": _tabs(text, everything),
        "next_url": _url(text, kind, hits[-1].key) if kind and len(hits) == OF_ONE else "",
        "is_first": not is_kind,
        "has_words": bool(found.asked),
    }
    return render(request, "search/search.html", context)


@pages.page(pages.SIGNED_IN)
def suggest(request: pages.Request) -> HttpResponse:
    """What the box offers while somebody types: the newest hits of all kinds, the last word being open."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    found = queries.search(request.user, text, limit=SUGGESTED, is_open=True)
    hits = sorted((hit for group in found.hits.values() for hit in group), key=lambda hit: hit.at, reverse=True)
    context = {
        "q": text,
        "hits": [(hit, _source_of(hit.kind)) for hit in hits[:SUGGESTED]],
        "has_words": bool(found.asked),
        "all_url": _url(text),
    }
    return render(request, "search/suggest.html", context)


def _source_of(kind: str) -> "plugs.Plug[Any] | None":
    return plugs.index_sources.get(kind) if kind in plugs.index_sources else None


def _url(text: str, kind: str = "", before: int | None = None) -> str:
    wanted = {"q": text, "kind": kind, "before": before or ""}
    return f"{reverse('search:search')}?{urlencode({key: value for key, value in wanted.items() if value})}"


def _group(text: str, kind: str, found: queries.Found) -> dict[str, Any]:
    """One kind of hit as the page shows it."""
    source = _source_of(kind)
    hits: list[rules.Hit] = found.hits[kind]
    return {
        "kind": kind,
        "source": source,
        "icon": (source.about.get("icon") if source else "") or "file-search",
        "count": found.counts[kind],
        "hits": hits,
        "all_url": _url(text, kind) if found.counts[kind] > len(hits) else "",
    }


def _tabs(text: str, found: queries.Found) -> list[tuple[str, Any, str, str]]:
    """All kinds, then each that has hits, with counts."""
    plus = "+" if found.is_capped else ""
    tabs: list[tuple[str, Any, str, str]] = [
        ("", _("All"), f"{min(found.total, queries.COUNT_LIMIT)}{plus}", _url(text))
    ]
    for kind, count in found.counts.items():
        tabs.append((kind, _source_of(kind) or kind, f"{count}{plus}", _url(text, kind)))
    return tabs if len(tabs) > 2 else []
