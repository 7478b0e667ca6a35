"""The list of items that comes back changed in a workbook: whose each is, until when, its nature and its result."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yinuo.cases import access, models
from yinuo.cases.actions import items
from yinuo.cases.lists import items as lists
from yinuo.cases.queries import cases as case_queries
from yinuo.customers.intake import naming
from yinuo.kit import plugs
from yinuo.kit.lists import Sheet
from yinuo.kit.sheets.mapping import Field
from yinuo.org import models as org
from yinuo.org.definition import Permission

DESCRIBED = {"kind": "kind", "owner": "owner", "due": "due_on", "result": "result"}


class Named:
    """Which people cells name."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], person: org.Person) -> None:
        self._named = naming.Named(person, [{"keeper": row.get("owner")} for row in rows])

    def told(self, key: str, value: Any) -> str | None:
        found = self._named.person_of(value) if key == "owner" and value else None
        return found.name if found is not None else None

    def problems(self, values: Mapping[str, Any]) -> list[tuple[str, str]]:
        wrong = self._named.problems({"keeper": values["owner"]}) if values.get("owner") else []
        return [("owner", sentence) for _key, sentence in wrong]

    def facts(self, values: Mapping[str, Any]) -> dict[str, Any]:
        if problems := self.problems(values):
            raise naming.NotThere(problems[0][1], field=problems[0][0])
        facts = {DESCRIBED[key]: value for key, value in values.items()}
        if "owner" in facts:
            facts["owner"] = self._named.person_of(facts["owner"]) if facts["owner"] else None
        return facts | ({"result": (facts["result"] or "").strip()} if "result" in facts else {})


def fields(_person: org.Person) -> list[Field]:
    return [
        Field("kind", _("Nature"), kind="choice", is_required=True, choices=naming.choices(models.Kind.choices)),
        Field("owner", _("Owner of the item"), longest=100),
        Field("due", _("Due"), kind="day"),
        Field("result", _("Result"), kind="long", longest=20_000),
    ]


def change(
    *, row: models.Item, values: dict[str, Any], names: Named, by: org.Person, now: datetime, expected: int
) -> models.Item:
    return items.describe(item=row, by=by, now=now, expected=expected, **names.facts(values))


def sheet(_now: datetime) -> Sheet:
    return lists.ITEMS


def require(person: org.Person, row: models.Item) -> None:
    access.require_part(person, row.case)
    if row.withdrawn_at:
        raise items.CannotAmend(_("The customer has withdrawn this item."))


plugs.changeables.plug(
    "items", change, zh="要求项清单", en="List of requirements", permission=Permission.CASES_HANDLE, sheet=sheet,
    rows=case_queries.items, fields=fields, names=Named, require=require, label=lambda item: item.subject_label,
    url="cases:items_all",
)  # fmt: skip
