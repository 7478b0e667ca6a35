"""Imports: bring a workbook, say what its columns hold, see what would happen, have it taken over.

Checking and writing are jobs; a program asks for the import until its `state` has moved on.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from yinuo.imports import access, actions, forms, intake, lists, models, queries
from yinuo.kit import api, downloads, exported, importing, pages
from yinuo.kit.sheets.definition import Unreadable

router = Router(tags=["imports"])


class ImportField(Schema):
    """What is wanted of each row: text, code, long, day, moment, number, flag, choice, list or mail."""

    key: str
    words: str
    kind: str
    is_required: bool
    choices: list[str]

    @staticmethod
    def resolve_choices(row: Any) -> list[str]:
        return list(row.choices)


class ImportKind(Schema):
    """A kind of row that can be taken over."""

    kind: str
    words: str
    fields: list[ImportField]


class Spelling(Schema):
    """A name in the workbook that may be one of several; `choices` are their labels."""

    key: str
    text: str
    choices: list[str]


class Import(Schema):
    """A workbook from which rows are taken over: mapping (say what its columns hold), checking, checked (to be
    confirmed), writing, done, dropped or broken. `headings`: column → what it is called; `columns`: field → column."""

    id: int
    kind: str
    name: str
    state: str
    sheet: str
    sheets: list[str]
    heading_rows: list[int]
    headings: dict[str, str]
    columns: dict[str, int]
    asked: list[Spelling]
    notes: list[str]
    received_at: datetime
    confirmed_at: datetime | None
    ended_at: datetime | None
    version: int
    url: str

    @staticmethod
    def resolve_asked(row: Any) -> list[dict[str, Any]]:
        return [{**each, "choices": [label for _meant, label, _why in each["choices"]]} for each in row.asked]

    @staticmethod
    def resolve_notes(row: Any) -> list[str]:
        words = {**lists.NOTES, **lists.WHY_UNREADABLE}
        return [lists.said(words, code, facts) for code, facts in row.notes]

    @staticmethod
    def resolve_url(row: Any) -> str:
        return str(row.get_absolute_url())


class OneImport(Import):
    """An import with how many of its rows are new, change, same, fault, asked, part, taken, left or refused."""

    counts: dict[str, int]

    @staticmethod
    def resolve_counts(row: Any) -> dict[str, int]:
        return queries.counts(row)


class CellFault(Schema):
    """What is said of a cell; a doubt keeps no row out."""

    cell: str
    detail: str
    is_doubt: bool


class ImportLine(Schema):
    """One row of the table, by its number in the workbook, with what is said of it."""

    number: int
    state: str
    label: str
    said: list[CellFault]

    @staticmethod
    def resolve_said(row: Any) -> list[dict[str, Any]]:
        return [{"cell": cell, "detail": words, "is_doubt": bool(doubt)} for cell, words, doubt in row.said]


class Columns(api.Asked):
    """Which field stands in which column; null: as it was proposed. `options` are said once for all rows."""

    columns: dict[str, int] | None = None
    options: dict[str, str | bool | int | None] = {}


class TableAt(api.Asked):
    """In which sheet, and in which one to three rows, the headings stand."""

    sheet: str = Field(max_length=100)
    rows: list[int] = Field(min_length=1, max_length=3)


class Answered(api.Asked):
    """Who is meant: key of a spelling → the number of its choice from 0, or null for somebody new."""

    answers: dict[str, int | None] = Field(min_length=1)
    also_keep: bool = False


class TakeOver(api.Asked):
    """Whether rows that would change something are taken over too."""

    with_changes: bool = False


def _look(request: api.Request, key: int) -> models.Import:
    """The import, if the person brought it; else `Import.DoesNotExist`, which is answered with 404."""
    return queries.import_of(request.user, key)


def _told(request: api.Request, response: HttpResponse, key: int, *, is_new: bool = False) -> models.Import:
    row = _look(request, key)
    api.tagged(response, row.version, f"/api/v1/imports/{row.pk}" if is_new else "")
    return row


@api.call(router, "GET", "/imports", pages.SIGNED_IN, api.Listed[Import])
def imports(request: api.Request) -> dict[str, Any]:
    """The workbooks that the person has brought, the latest first."""
    return api.paged(request, models.Import.objects.filter(by_id=request.user.actor_id), newest_first=True)


@api.call(router, "GET", "/imports/kinds", pages.SIGNED_IN, list[ImportKind])
def import_kinds(request: api.Request) -> Any:
    """What can be taken over from workbooks, and what is wanted of each row."""
    is_english = request.LANGUAGE_CODE.startswith("en")
    return [
        {"kind": each.name, "words": str(each.plug.en if is_english else each.plug.zh),
         "fields": each.fields(request.user)}
        for each in importing.kinds_for(request.user)
    ]  # fmt: skip


@api.call(
    router, "POST", "/imports/of/{kind}", pages.SIGNED_IN, OneImport, status=201, creates=True,
    body=api.one_file("file"),
)  # fmt: skip
def import_bring(request: api.Request, response: HttpResponse, kind: str) -> Any:
    """Bring a workbook; its headings are found and its columns proposed."""
    if not access.may_bring(request.user, kind):
        raise models.Import.DoesNotExist

    def create(key: str) -> str:
        file = api.checked(forms.FileForm(api.as_form({"once": key}), request.FILES))["file"]
        content = file.read()
        try:
            if exported.is_ours(content):
                raise Unreadable("exported")
            read = intake.first_look(importing.kind_of(kind), content, file.name, request.user)
        except Unreadable as fault:
            raise api.Unfit([("file", lists.said(lists.WHY_UNREADABLE, fault.code, fault.facts))]) from None
        facts: dict[str, Any] = {"kind": kind, "content": content, "name": file.name, "read": read}
        return actions.receive(**facts, by=request.user, now=timezone.now()).get_absolute_url()

    key = resolve(api.create_once(request, create)).kwargs["pk"]
    return Status(201, _told(request, response, key, is_new=True))


@api.call(router, "GET", "/imports/{int:id}", pages.SIGNED_IN, OneImport)
def import_one(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """Where an import stands."""
    return _told(request, response, id)


@api.call(router, "GET", "/imports/{int:id}/lines", pages.SIGNED_IN, api.Listed[ImportLine])
def import_lines(request: api.Request, id: int) -> Any:  # noqa: A002 - as the address says
    """The rows of the workbook, of one `state` or all, with what is wrong with each."""
    row, state = _look(request, id), request.GET.get("state", "")
    return api.paged(request, queries.lines(row, *[state][: bool(state)]), key="number", known={"state"})


@api.call(router, "GET", "/imports/{int:id}/errors", pages.SIGNED_IN, bytes, file_type=api.WORKBOOK)
def import_errors(request: api.Request, id: int) -> HttpResponseBase:  # noqa: A002 - as the address says
    """The rows that were not taken over, as a workbook in which each says what is wrong; corrected, it comes back."""
    row = _look(request, id)
    answer = StreamingHttpResponse(intake.marked(row, request.user), content_type=api.WORKBOOK)
    answer["Content-Disposition"] = 'attachment; filename="errors.xlsx"'
    return downloads.guarded(answer)


@api.call(router, "POST", "/imports/{int:id}/table", pages.SIGNED_IN, OneImport, changes=True)
def import_table(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: TableAt,
) -> Any:
    """Say where the headings stand, when they were not found rightly."""
    row, version = _look(request, id), api.expected(request)
    cleaned = api.checked(forms.TableForm(api.as_form({**said.dict(), "version": version})))
    try:
        table = intake.chosen(row, cleaned["sheet"], cleaned["rows"], request.user)
    except Unreadable as fault:
        raise api.Unfit([("sheet", lists.said(lists.WHY_UNREADABLE, fault.code, fault.facts))]) from None
    actions.choose_table(row=row, table=table, by=request.user, now=timezone.now(), expected=version)
    return _told(request, response, id)


@api.call(router, "POST", "/imports/{int:id}/columns", pages.SIGNED_IN, OneImport, changes=True)
def import_columns(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: Columns,
) -> Any:
    """Say which field stands in which column; the rows are checked then."""
    row, version = _look(request, id), api.expected(request)
    kind = importing.kind_of(row.kind)
    held: Mapping[str, int] = row.columns if said.columns is None else said.columns
    if strange := [str(n) for n in held.values() if str(n) not in row.headings]:
        raise api.Unfit([("columns", _("There is no column %(n)s.") % {"n": strange[0]})])
    values: dict[str, Any] = {f"column-{column}": key for key, column in held.items()}
    values |= {f"{forms.OPTION}{name}": value for name, value in said.options.items()}
    form = forms.ColumnsForm(
        api.as_form({**values, "version": version}), wanted=kind.fields(request.user), headings=row.headings,
        columns=row.columns, options=kind.options(request.user),
    )  # fmt: skip
    cleaned = api.checked(form, forms.OPTION)
    actions.assign(
        row=row, table={}, columns=cleaned["columns"], options=cleaned["options"], by=request.user,
        now=timezone.now(), expected=version,
    )  # fmt: skip
    return _told(request, response, id)


@api.call(router, "POST", "/imports/{int:id}/reopen", pages.SIGNED_IN, OneImport, changes=True)
def import_reopen(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """Back to the columns of a checked import."""
    row = _look(request, id)
    actions.reopen(row=row, by=request.user, now=timezone.now(), expected=api.expected(request))
    return _told(request, response, id)


@api.call(router, "POST", "/imports/{int:id}/answer", pages.SIGNED_IN, OneImport, changes=True)
def import_answer(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: Answered,
) -> Any:
    """Say who is meant by the spellings that are asked about; the rows are checked anew then."""
    row = _look(request, id)
    offered = {each["key"]: each["choices"] for each in row.asked}
    answers = {}
    for key, n in said.answers.items():
        if key not in offered or not (n is None or 0 <= n < len(offered[key])):
            raise api.Unfit([("answers", _("There is no such answer to give."))])
        answers[key] = ("", "") if n is None else (offered[key][n][0], offered[key][n][1])
    actions.answer(
        row=row, answers=answers, also_keep=said.also_keep, by=request.user, now=timezone.now(),
        expected=api.expected(request),
    )  # fmt: skip
    return _told(request, response, id)


@api.call(router, "POST", "/imports/{int:id}/check", pages.SIGNED_IN, OneImport, changes=True)
def import_check(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """Check the rows anew: what they name has been added meanwhile."""
    row = _look(request, id)
    actions.check_again(row=row, by=request.user, now=timezone.now(), expected=api.expected(request))
    return _told(request, response, id)


@api.call(router, "POST", "/imports/{int:id}/confirm", pages.SIGNED_IN, OneImport, changes=True)
def import_confirm(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: TakeOver,
) -> Any:
    """Have the good rows taken over, each for itself."""
    row, version = _look(request, id), api.expected(request)
    actions.confirm(row=row, with_changes=said.with_changes, by=request.user, now=timezone.now(), expected=version)
    return _told(request, response, id)


@api.call(router, "POST", "/imports/{int:id}/drop", pages.SIGNED_IN, OneImport, changes=True)
def import_drop(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """Take nothing (more) over from a workbook."""
    row = _look(request, id)
    actions.drop(row=row, by=request.user, now=timezone.now(), expected=api.expected(request))
    return _told(request, response, id)
