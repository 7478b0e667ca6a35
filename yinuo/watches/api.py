"""Watched pages and the visits to them."""

from datetime import datetime
from typing import Any

from ninja import Router, Schema

from yinuo.kit import api
from yinuo.org.definition import Permission
from yinuo.watches import lists, queries

router = Router(tags=["watches"])
SEE = Permission.WATCHES_SEE
MOST = 200


class WatchedPage(Schema):
    """A page on the web. `state`: new, unchanged, changed (to be looked at) or unreachable, `since` when."""

    id: int
    name: str
    address: str
    customer: api.Named | None
    state: str
    since: datetime | None
    last_at: datetime | None
    next_at: datetime | None
    is_active: bool
    version: int
    url: str

    @staticmethod
    def resolve_url(row: Any) -> str:
        return str(row.get_absolute_url())


class Visit(Schema):
    """One look at a page. `outcome`: first, same, changed, back (as before again) or failed, then with `trouble`."""

    id: int
    at: datetime
    outcome: str
    status: int
    trouble: str
    size: int
    fingerprint: str
    decision: str
    remark: str


@api.call(router, "GET", "/watches", SEE, api.Listed[WatchedPage], sheet=lists.PAGES)
def watches(request: api.Request) -> dict[str, Any]:
    """All watched pages."""
    return api.listed(request, lists.PAGES, lists.page_rows(queries.pages(request.user)))


@api.call(router, "GET", "/watches/{int:id}/visits", SEE, list[Visit])
def watch_visits(request: api.Request, id: int) -> Any:  # noqa: A002 - as the address says
    """The latest 200 visits to a page."""
    return list(queries.visits(api.found(queries.pages(request.user), pk=id))[:MOST])
