"""What has changed since a point: every entry of the trail that the person may see, once and in order."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.http import parse_etags
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router, Schema
from pydantic import Field

from yinuo.kit import api, pages, refusals
from yinuo.records import lists, queries

router = Router(tags=["changes"])
LATEST = "latest"
CURSOR = r"^(latest|[0-9]{1,18}-[0-9a-f]{8})?$"


class LostPlace(refusals.Refusal):
    """The cursor belongs to a story that this database does not tell."""

    status = 409


class About(Schema):
    """What a change is about. `number`: where it has one; `version`: the one it has now."""

    type: str
    id: int
    number: str | None
    label: str
    url: str
    version: int | None


class Change(Schema):
    """Something was done: `act` is its name, `words` the same for people, `fields` what it set."""

    cursor: str
    at: datetime
    act: str
    words: str
    by_name: str
    about: About
    fields: list[str]


class Changes(Schema):
    """What was done, oldest first. `cursor` is where to go on, also when nothing is told; `more`: at once."""

    items: list[Change]
    cursor: str
    more: bool


class Asking(api.Asked):
    """From where, how much at once, and of what alone."""

    after: str = Field("", max_length=40, pattern=CURSOR, description="The last cursor; empty: from the beginning")
    limit: int = Field(50, ge=1, le=api.MOST_AT_ONCE, description="How many at once")
    type: str = Field("", max_length=60, description="Of this type alone, e.g. cases.case")


@api.call(router, "GET", "/changes", pages.SIGNED_IN, Changes, remembered=True)
def changes(request: api.Request, response: HttpResponse, asked: Query[Asking]) -> Any:
    """What has changed since a point, each change once and in order."""
    api.refuse_unknown(request, Asking.model_fields)
    told = _told(request, asked)
    etag = f'"{hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()[:32]}"'
    known = {each.removeprefix("W/") for each in parse_etags(request.headers.get("If-None-Match", ""))}
    if known & {etag, "*"}:
        return HttpResponse(status=304, headers={"ETag": etag})
    response["ETag"] = etag
    return told


def _told(request: api.Request, asked: Asking) -> dict[str, Any]:
    """One page of the feed as it is answered."""
    if asked.after == LATEST:
        return {"items": [], "cursor": queries.place_of(queries.last_seal()), "more": False}
    place, _dash, proof = asked.after.partition("-")
    number = int(place or 0)
    if number and not queries.is_place(number, proof):
        raise LostPlace(_("This cursor does not belong to this database any more: read the lists anew, then go on "
                          "from “latest”."), field="after")  # fmt: skip
    found = queries.changes(request.user, after=number, limit=asked.limit, of_type=asked.type)
    now = queries.as_they_are([entry for _seal, entry in found.entries])
    return {
        "items": [_change(queries.place_of(seal), entry, now) for seal, entry in found.entries],
        "cursor": queries.place_of(found.last) if found.last else asked.after,
        "more": found.is_more,
    }


def _change(cursor: str, entry: Any, now: dict[tuple[str, int], dict[str, Any]]) -> dict[str, Any]:
    it = now.get((entry.subject_type, entry.subject_id), {})
    return {
        "cursor": cursor,
        "at": entry.at,
        "act": entry.word,
        "words": lists.word_of(entry.word),
        "by_name": lists.who(entry),
        "about": {
            "type": entry.subject_type,
            "id": entry.subject_id,
            "number": it.get("number"),
            "label": entry.subject_label,
            "url": entry.subject_url,
            "version": it.get("version"),
        },
        "fields": [change["field"] for change in entry.changes],
    }
