"""Search over everything that the person may see."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ninja import Query, Router, Schema

from yinuo.kit import api, pages
from yinuo.search import queries

router = Router(tags=["search"])
MARKS = dict.fromkeys(map(ord, "\ue000\ue001"))


class Hit(Schema):
    """What was found; `key` is its place in the index, for the next page."""

    type: str
    id: int
    kind: str
    label: str
    title: str
    snippet: str
    url: str
    at: datetime
    key: int


class Found(Schema):
    """Hits, the newest first, and how many there are of each kind."""

    hits: list[Hit]
    counts: dict[str, int]
    is_capped: bool


@api.call(router, "GET", "/search", pages.SIGNED_IN, Found)
def search(
    request: api.Request,
    q: str = Query(..., min_length=1, max_length=200),
    kind: str = Query("", max_length=60),
    before: int | None = Query(None, ge=0, lt=2**63),
    limit: int = Query(20, ge=1, le=50),
) -> Mapping[str, Any]:
    """What contains all the words; of one kind, page by page with `before`."""
    found = queries.search(request.user, q.strip(), kinds=[kind] if kind else None, limit=limit, before=before)
    hits = sorted((hit for group in found.hits.values() for hit in group), key=lambda hit: hit.at, reverse=True)
    plain = [{**vars(hit), **{name: getattr(hit, name).translate(MARKS) for name in ("label", "title", "snippet")}}
             for hit in hits]  # fmt: skip
    return {"hits": plain, "counts": found.counts, "is_capped": found.is_capped}
