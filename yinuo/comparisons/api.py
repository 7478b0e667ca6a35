"""Exported lists that come back changed: bring one, see what differs, decide conflicts, have it written.

Comparing and writing are jobs; a program asks for the comparison until its `state` has moved on.
"""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import resolve
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from yinuo.comparisons import actions, forms, lists, models, queries
from yinuo.comparisons.intake import reading
from yinuo.kit import api, pages
from yinuo.kit.sheets.definition import Unreadable

router = Router(tags=["comparisons"])


class Comparison(Schema):
    """An exported list that came back: comparing, compared (to be confirmed), writing, done, dropped or broken.
    `columns`: the key of each compared column → what it is called."""

    id: int
    sheet: str
    name: str
    state: str
    exported_at: datetime
    exported_by: str
    columns: dict[str, str]
    notes: list[str]
    received_at: datetime
    confirmed_at: datetime | None
    ended_at: datetime | None
    version: int
    url: str

    @staticmethod
    def resolve_notes(row: Any) -> list[str]:
        return [lists.said({**lists.WHY, **lists.NOTES}, code, facts) for code, facts in row.notes]

    @staticmethod
    def resolve_url(row: Any) -> str:
        return str(row.get_absolute_url())


class OneComparison(Comparison):
    """A comparison with how many of its rows are in which state, and how many conflicts nobody has decided yet."""

    counts: dict[str, int]
    undecided: int

    @staticmethod
    def resolve_counts(row: Any) -> dict[str, int]:
        return queries.counts(row)

    @staticmethod
    def resolve_undecided(row: Any) -> int:
        return queries.undecided(row)


class ComparedCell(Schema):
    """A cell that differs: as it left (base), as the file says (theirs), as it stands here (ours). `state`: theirs,
    ours, both, conflict, error, locked or new; `choice` whose value holds: theirs, ours, or "" while undecided."""

    key: str
    state: str
    base: str
    theirs: str
    ours: str
    choice: str


class ComparedRow(Schema):
    """A row in which the file differs, by its number in the file: conflict, theirs, new, error, barred, said, missing,
    taken, left or refused."""

    number: int
    label: str
    state: str
    cells: list[ComparedCell]
    said: list[str]

    @staticmethod
    def resolve_said(row: Any) -> list[str]:
        return [lists.said(lists.WRONG, code, facts) for code, facts in row.said]


class CellChoice(api.Asked):
    """Whose value one cell is to have: theirs (the file's) or ours."""

    row: int
    key: str = Field(max_length=100)
    choice: str = Field(max_length=10)


class ChoiceForAll(api.Asked):
    """Whose values hold in all conflicts: theirs (the file's) or ours."""

    choice: str = Field(max_length=10)


def _look(request: api.Request, key: int) -> models.Comparison:
    """The comparison, if the person brought the file; else `Comparison.DoesNotExist`, which is answered with 404."""
    return queries.comparison_of(request.user, key)


def _told(request: api.Request, response: HttpResponse, key: int, *, is_new: bool = False) -> models.Comparison:
    row = _look(request, key)
    api.tagged(response, row.version, f"/api/v1/comparisons/{row.pk}" if is_new else "")
    return row


@api.call(router, "GET", "/comparisons", pages.SIGNED_IN, api.Listed[Comparison])
def comparisons(request: api.Request) -> dict[str, Any]:
    """The lists that the person has brought back, the latest first."""
    return api.paged(request, models.Comparison.objects.filter(by_id=request.user.actor_id), newest_first=True)


@api.call(
    router, "POST", "/comparisons", pages.SIGNED_IN, OneComparison, status=201, creates=True,
    body=api.one_file("file"),
)  # fmt: skip
def comparison_bring(request: api.Request, response: HttpResponse) -> Any:
    """Bring back a list that was exported here; it is compared within seconds."""

    def create(key: str) -> str:
        file = api.checked(forms.FileForm(api.as_form({"once": key}), request.FILES))["file"]
        content = file.read()
        try:
            export = reading.export_of(content, file.name, request.user)
        except Unreadable as fault:
            raise api.Unfit([("file", lists.said(lists.WHY, fault.code, fault.facts))]) from None
        made = actions.receive(export=export, content=content, name=file.name, by=request.user, now=timezone.now())
        return made.get_absolute_url()

    key = resolve(api.create_once(request, create)).kwargs["pk"]
    return Status(201, _told(request, response, key, is_new=True))


@api.call(router, "GET", "/comparisons/{int:id}", pages.SIGNED_IN, OneComparison)
def comparison(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """Where a comparison stands."""
    return _told(request, response, id)


@api.call(router, "GET", "/comparisons/{int:id}/rows", pages.SIGNED_IN, api.Listed[ComparedRow])
def comparison_rows(request: api.Request, id: int) -> Any:  # noqa: A002 - as the address says
    """The rows in which the file differs, of one `state` or all."""
    row, state = _look(request, id), request.GET.get("state", "")
    found = row.rows.filter(state=state) if state else row.rows.all()
    return api.paged(request, found, key="number", known={"state"})


@api.call(router, "POST", "/comparisons/{int:id}/decide", pages.SIGNED_IN, OneComparison, changes=True)
def comparison_decide(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: CellChoice,
) -> Any:
    """Say whose value one cell is to have."""
    row = _look(request, id)
    api.require_version(request, row.version)
    actions.decide(
        row=row, number=said.row, key=said.key, choice=said.choice, by=request.user, now=timezone.now()
    )  # fmt: skip
    return _told(request, response, id)


@api.call(router, "POST", "/comparisons/{int:id}/decide-all", pages.SIGNED_IN, OneComparison, changes=True)
def comparison_decide_all(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: ChoiceForAll,
) -> Any:
    """Decide all conflicts alike."""
    row, version = _look(request, id), api.expected(request)
    actions.decide_all(row=row, choice=said.choice, by=request.user, now=timezone.now(), expected=version)
    return _told(request, response, id)


@api.call(router, "POST", "/comparisons/{int:id}/confirm", pages.SIGNED_IN, OneComparison, changes=True)
def comparison_confirm(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address
    """Have what the file says written, each row for itself."""
    row = _look(request, id)
    actions.confirm(row=row, by=request.user, now=timezone.now(), expected=api.expected(request))
    return _told(request, response, id)


@api.call(router, "POST", "/comparisons/{int:id}/drop", pages.SIGNED_IN, OneComparison, changes=True)
def comparison_drop(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """Write nothing (more) from the file."""
    row = _look(request, id)
    actions.drop(row=row, by=request.user, now=timezone.now(), expected=api.expected(request))
    return _told(request, response, id)
