"""What a filled-in form of intake asks, as the action takes it: for the page and for programs."""

from typing import Any

from yinuo.cases import models
from yinuo.cases.actions import opening
from yinuo.cases.forms import own_fields, tables
from yinuo.org import queries as org_queries


def asked_in(said: dict[str, Any]) -> dict[str, Any]:
    """What a form that was filled in asks, as `opening.open_case` takes it."""
    products = list(said["products"])
    people = {person.pk: person for person in org_queries.people()} if _owners(said) else {}
    items = [
        opening.NewItem(
            text=line["text"],
            kind=line["kind"],
            owner=people.get(line.get("owner") or 0),
            due_on=tables.day_of(line.get("due_on")),
            more=own_fields.in_line(line),
            **opening.reach_of(line.get("applies") or models.Applies.CUSTOMER),
        )
        for line in said["items"]
    ]
    names = ("customer", "title", "channel", "contact", "said_by", "said_at", "notified_at", "wanted_on", "is_oral",
             "is_safety", "stops_line", "project", "site", "owner", "text")  # fmt: skip
    came = None
    if said["object_number"]:
        came = opening.NewObject(**{name: said[f"object_{name}"] for name in ("kind", "number", "place", "keeper")})
    return {
        "original": came,
        "items": items,
        "products": products,
        "files": [(file.name, file) for file in said["files"]],
        "procedure": said.get("procedure", ""),
        "more": own_fields.given("case", said),
        **{name: said[name] for name in names},
    }


def _owners(said: dict[str, Any]) -> bool:
    return any(line.get("owner") for line in said["items"])
