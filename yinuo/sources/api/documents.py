"""Customers' documents: record one with its file, ask how far reading is, compare and accept its editions."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.urls import resolve
from django.utils import timezone
from ninja import Router, Schema, Status

from yinuo.kit import api, rows
from yinuo.org.definition import Permission
from yinuo.records import actions as records
from yinuo.sources import forms, lists, models, queries
from yinuo.sources.actions import correcting, documents
from yinuo.sources.intake import sentences
from yinuo.sources.queries import trees

router = Router(tags=["documents"])
SEE, EDIT = Permission.SOURCES_SEE, Permission.SOURCES_EDIT
TEXT, DAY = {"type": "string"}, {"type": "string", "format": "date"}
EDITION = {
    "label": TEXT,
    "received_on": DAY,
    "notified_on": DAY,
    "effective_on": DAY,
    "dated_on": DAY,
    "way": {"type": "string", "enum": models.Way.values, "default": "portal"},
    "standing": {"type": "string", "enum": models.Standing.values, "default": "in_force"},
    "round": {"type": "integer"},
    "language": {"type": "string", "enum": models.Language.values, "default": "zh"},
    "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
}
DOCUMENT = {
    "kind": {"type": "string", "enum": models.DocumentKind.values},
    "title": TEXT,
    "number": TEXT,
    "customer": {"type": "integer"},
    **EDITION,
}
USUAL = {"way": "portal", "standing": "in_force", "language": "zh"}


def _body(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    schema = {"type": "object", "required": list(required), "properties": properties}
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}


class EditionFile(Schema):
    """A file of an edition, and what was said of it when it was read. `token` leads to its bytes (`/files/{token}`)."""

    name: str
    token: str
    state: str
    format: str
    pages: int
    unread_pages: list[int]
    remarks: list[str]

    @staticmethod
    def resolve_name(row: Any) -> str:
        return str(row.attachment.name)

    @staticmethod
    def resolve_token(row: Any) -> str:
        return str(row.attachment.token)

    @staticmethod
    def resolve_pages(row: Any) -> int:
        return len(row.pages)

    @staticmethod
    def resolve_unread_pages(row: Any) -> list[int]:
        return list(row.unread)

    @staticmethod
    def resolve_remarks(row: Any) -> list[str]:
        return sentences.all_of(row.remarks)


class Edition(Schema):
    """One edition of a document. `clauses`: reading, failed, draft (to be checked) or accepted."""

    id: int
    label: str
    standing: str
    received_on: date
    notified_on: date | None
    effective_on: date | None
    language: str
    clauses: str
    version: int
    url: str

    @staticmethod
    def resolve_url(row: Any) -> str:
        return str(row.get_absolute_url())


class OneEdition(Edition):
    """An edition with its document and files."""

    document: int
    files: list[EditionFile]

    @staticmethod
    def resolve_document(row: Any) -> int:
        return int(row.document_id)

    @staticmethod
    def resolve_files(row: Any) -> list[Any]:
        return list(row.files.select_related("attachment"))


class Document(Schema):
    """A document of a customer (none: a law or a standard); `current` is the edition that holds."""

    id: int
    number: str
    title: str
    kind: str
    customer: api.Named | None
    current: Edition | None
    is_confidential: bool
    is_active: bool
    version: int
    added_at: datetime
    url: str

    @staticmethod
    def resolve_is_confidential(row: Any) -> bool:
        return row.scope_id is not None

    @staticmethod
    def resolve_url(row: Any) -> str:
        return str(row.get_absolute_url())


class OneDocument(Document):
    """A document with all its editions, the newest first."""

    note: str
    editions: list[Edition]

    @staticmethod
    def resolve_editions(row: Any) -> list[Any]:
        return list(row.editions.order_by("-received_on", "-pk"))


@api.call(router, "GET", "/documents", SEE, api.Listed[Document], sheet=lists.DOCUMENTS)
def sources(request: api.Request) -> dict[str, Any]:
    """All documents of customers, laws and standards."""
    return api.listed(request, lists.DOCUMENTS, lists.document_rows(queries.documents(request.user)))


@api.call(router, "GET", "/documents/{int:id}", SEE, OneDocument)
def source(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """One document with its editions."""
    row = api.found(lists.document_rows(queries.documents(request.user)), pk=id)
    records.note_reading(subject=row, way="read", by=request.user, now=timezone.now())
    api.tagged(response, row.version)
    return row


@api.call(
    router, "POST", "/documents", EDIT, OneEdition, status=201, creates=True,
    body=_body(DOCUMENT, "kind", "title", "label", "received_on", "files"),
)  # fmt: skip
def source_add(request: api.Request, response: HttpResponse) -> Any:
    """Record a document with its first edition; it is read within seconds.

    Ask for the edition until its clauses are there.
    """

    @transaction.atomic
    def create(key: str) -> str:
        form = forms.NewDocument(_said(request, key), request.FILES, person=request.user)
        files = api.checked(form)["files"]
        now = timezone.now()
        row = documents.add(by=request.user, now=now, **form.document())
        made = documents.add_edition(document=row, files=files, by=request.user, now=now, **form.edition())
        return made.get_absolute_url()

    return _made(request, response, api.create_once(request, create))


@api.call(
    router, "POST", "/documents/{int:id}/editions", EDIT, OneEdition, status=201, creates=True,
    body=_body(EDITION, "label", "received_on", "files"),
)  # fmt: skip
def edition_add(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """Record a further edition of a document."""
    row = api.found(queries.documents(request.user), pk=id)

    def create(key: str) -> str:
        form = forms.NewEdition(_said(request, key), request.FILES)
        files = api.checked(form)["files"]
        made = documents.add_edition(document=row, files=files, by=request.user, now=timezone.now(), **form.edition())
        return made.get_absolute_url()

    return _made(request, response, api.create_once(request, create))


@api.call(router, "GET", "/editions/{int:id}", SEE, OneEdition)
def edition(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """One edition: how far its clauses are, its files with what was said of them."""
    row = api.found(queries.editions(request.user), pk=id)
    records.note_reading(subject=row, way="read", by=request.user, now=timezone.now())
    api.tagged(response, row.version)
    return row


class Value(Schema):
    """A number with its unit, before and after; "" where it came or went."""

    old: str
    new: str


class Matched(Schema):
    """What became of clauses: same, moved, renumbered, reworded, split, merged, new or gone. Keys are those of
    `/clauses`; numbers are printed ones."""

    kind: str
    old: list[str]
    new: list[str]
    old_numbers: list[str]
    new_numbers: list[str]
    score: float
    values: list[Value]


class Compared(Schema):
    """Two editions. `changed`, `moved` and `unchanged` are pairs of printed numbers, old and new; a clause whose number
    changed stands in `moved` too. `matches` says all of it, in the order of the new edition."""

    old: Edition
    new: Edition
    added: list[str]
    removed: list[str]
    changed: list[list[str]]
    moved: list[list[str]]
    unchanged: list[list[str]]
    matches: list[Matched]


@api.call(router, "GET", "/editions/{int:id}/compare", SEE, Compared)
def edition_compare(request: api.Request, id: int) -> Any:  # noqa: A002 - as the address says
    """What changed in an edition, from the one before or from `with`, another edition of the same document."""
    api.refuse_unknown(request, {"with"})
    mine = queries.editions(request.user).select_related("follows")
    row = api.found(mine, pk=id)
    asked = rows.key_in(request.GET.get("with", "")) if "with" in request.GET else row.follows_id
    before = api.found(mine.filter(document=row.document_id).exclude(pk=row.pk), pk=asked or 0)
    return {"old": before, "new": row, **trees.compared(before, row)}


@api.call(router, "POST", "/editions/{int:id}/accept", EDIT, OneEdition, changes=True)
def edition_accept(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """The clauses are right as they stand: they are frozen, and can be found. `If-Match` is the edition's version."""
    row = api.found(queries.editions(request.user), pk=id)
    api.require_version(request, row.version)
    draft = models.Draft.objects.filter(edition=row).first()
    expected = draft.version if draft else 0
    correcting.accept(edition=row, by=request.user, now=timezone.now(), expected=expected)
    row.refresh_from_db()
    api.tagged(response, row.version)
    return row


def _said(request: api.Request, key: str) -> Any:
    """What the form of the screen reads: what was sent, and what is usual."""
    return api.as_form({**USUAL, **request.POST.dict(), "once": key})


def _made(request: api.Request, response: HttpResponse, url: str) -> Any:
    row = api.found(queries.editions(request.user), pk=resolve(url).kwargs["pk"])
    api.tagged(response, row.version, location=f"/api/v1/editions/{row.pk}")
    return Status(201, row)
