"""Findings: reporting what was learned from a customer, and what became of it."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router, Status

from yinuo.cases import access, lists, models
from yinuo.cases.actions import sorting
from yinuo.cases.api import shapes
from yinuo.cases.forms import findings as forms
from yinuo.cases.queries import findings as finding_queries
from yinuo.kit import api, pages
from yinuo.org import models as org
from yinuo.records import actions as records

router = Router(tags=["findings"])
FACTS = ("text", "channel", "customer", "said_by", "said_at")
BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "text": {"type": "string", "maxLength": 20_000},
                    "channel": {"type": "string", "maxLength": 20},
                    "customer": {"type": "integer"},
                    "said_by": {"type": "string", "maxLength": 100},
                    "said_at": {"type": "string", "format": "date-time"},
                    "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
                },
            }
        }
    },
}


@api.call(router, "GET", "/findings", pages.SIGNED_IN, api.Listed[shapes.Finding], sheet=lists.FINDINGS)
def findings(request: api.Request) -> dict[str, Any]:
    """What was reported, as far as the person may see it; their own always."""
    rows = finding_queries.findings(request.user).select_related("customer", "reported_by", "case")
    page = api.listed(request, lists.findings_for(request.user), rows)
    return {**page, "items": [plain(request.user, row) for row in page["items"]]}


@api.call(router, "GET", "/findings/{int:id}", pages.SIGNED_IN, shapes.Finding)
def finding(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """One report."""
    it = finding_queries.finding(request.user, id)
    records.note_reading(subject=it, way="read", by=request.user, now=timezone.now())
    api.tagged(response, it.version)
    return plain(request.user, it)


@api.call(router, "POST", "/findings", pages.SIGNED_IN, shapes.Finding, status=201, creates=True, body=BODY)
def finding_report(request: api.Request, response: HttpResponse) -> Any:
    """Report it, with files; whoever is the window to the customer is told."""
    person, now = request.user, timezone.now()

    def create(key: str) -> str:
        said = {name: request.POST.get(name, "") for name in FACTS}
        form = forms.Report(api.as_form({**said, "once": key}), request.FILES, person=person)
        cleaned = api.checked(form)
        files = [(file.name, file) for file in cleaned["all_files"]]
        facts: dict[str, Any] = {name: cleaned.get(name) for name in FACTS}
        return str(sorting.report(by=person, now=now, files=files, **facts).pk)

    it = finding_queries.finding(person, int(api.create_once(request, create)))
    api.tagged(response, it.version, f"/api/v1/findings/{it.pk}")
    return Status(201, plain(person, it))


def plain(person: org.Person, it: models.Finding) -> dict[str, Any]:
    """The finding; the number of a case stands there for whoever may see the case."""
    names = (
        "id", "text", "channel", "customer", "said_by", "said_at", "reported_at", "reporter", "state", "reason",
        "version",
    )  # fmt: skip
    case = it.case.number if it.case is not None and access.may_see(person, it.case) else None
    return {**{name: getattr(it, name) for name in names}, "case": case, "url": it.get_absolute_url()}
