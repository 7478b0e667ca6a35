"""The list of cases that comes back changed in a workbook: what was registered is corrected, each case by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yinuo.cases import access, lists, models
from yinuo.cases.actions import steering
from yinuo.cases.queries import cases as case_queries
from yinuo.customers import models as customers
from yinuo.customers import queries as customers_queries
from yinuo.customers.intake import naming
from yinuo.kit import plugs
from yinuo.kit.lists import Sheet
from yinuo.kit.sheets.mapping import Field
from yinuo.org import models as org
from yinuo.org.definition import Permission

CORRECTED = {
    "title": "title", "text": "text", "customer": "customer", "said_by": "said_by", "channel": "channel",
    "project": "project", "said": "said_at", "notified": "notified_at", "wanted": "wanted_on",
    "promised": "promised_on",
}  # fmt: skip


class Named:
    """Which customers and projects cells name."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], person: org.Person) -> None:
        self._named = naming.Named(person, [{"customer": row.get("customer")} for row in rows])
        texts = {str(row["project"]).strip() for row in rows if row.get("project")}
        numbers = texts | {text.split(" ")[0] for text in texts}
        found = customers_queries.projects(person).filter(number__in=numbers) if texts else []
        self._projects = {words: each for each in found for words in (each.number, each.subject_label)}

    def of(self, key: str, text: Any) -> customers.Customer | customers.Project | None:
        return self._named.customer(text) if key == "customer" else self._projects.get(str(text).strip())

    def told(self, key: str, value: Any) -> str | None:
        found = self.of(key, value) if key in ("customer", "project") and value else None
        if found is None:
            return None
        return found.subject_label if isinstance(found, customers.Project) else found.name

    def problems(self, values: Mapping[str, Any]) -> list[tuple[str, str]]:
        wrong = self._named.problems({"customer": values["customer"]}) if values.get("customer") else []
        if (text := values.get("project")) and self.of("project", text) is None:
            wrong.append(("project", _("There is no project “%(name)s”.") % {"name": text}))
        return wrong

    def facts(self, values: Mapping[str, Any]) -> dict[str, Any]:
        if problems := self.problems(values):
            raise naming.NotThere(problems[0][1], field=problems[0][0])
        return {
            CORRECTED[key]: (self.of(key, value) if value else None) if key in ("customer", "project") else value
            for key, value in values.items()
        }


def fields(_person: org.Person) -> list[Field]:
    return [
        Field("title", _("Title"), is_required=True, longest=200),
        Field("customer", _("Customer"), is_required=True, longest=200),
        Field("text", _("What was asked"), kind="long"),
        Field("said_by", _("Who said it"), is_required=True, longest=100),
        Field("channel", _("Channel"), kind="choice", is_required=True, choices=naming.choices(models.Channel.choices)),
        Field("project", _("Project")),
        Field("said", _("Said or published"), kind="moment"),
        Field("notified", _("Notified"), kind="moment", is_required=True),
        Field("wanted", _("Asked by the customer for"), kind="day"),
        Field("promised", _("Promised for"), kind="day"),
    ]


def change(
    *, row: models.Case, values: dict[str, Any], names: Named, by: org.Person, now: datetime, expected: int
) -> models.Case:
    return steering.correct(case=row, by=by, now=now, expected=expected, **names.facts(values))


def sheet(now: datetime) -> Sheet:
    """The list, with rows that are read whole: whether a case may be changed asks more than the list shows."""
    return replace(
        lists.cases_at(now), whole=lambda rows: rows.select_related("customer", "owner", "project", "contact")
    )


plugs.changeables.plug(
    "cases", change, zh="案件清单", en="List of cases", permission=Permission.CASES_HANDLE, sheet=sheet,
    rows=case_queries.cases, fields=fields, names=Named, require=access.require_handler,
    label=lambda case: case.subject_label, url="cases:cases",
)  # fmt: skip
