"""What clauses cite and whether it is held, for programs."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from yinuo.kit import api
from yinuo.org.definition import Permission
from yinuo.sources import forms, models, queries
from yinuo.sources.actions import citing as acts
from yinuo.sources.lists import citing as lists
from yinuo.sources.queries import citing

router = Router(tags=["cited documents"])
SEE, EDIT = Permission.SOURCES_SEE, Permission.SOURCES_EDIT
SHOWN = 300  # places of one document


class CitedDocument(Schema):
    """A document that clauses in force name, in the edition that they say ("": none). `state`: how what we hold answers
    it; `held` is the edition that is meant; `clauses` name it."""

    id: int
    designation: str
    edition: str
    kind: str
    state: str
    held: str
    clauses: int
    is_by_hand: bool
    reason: str
    version: int
    url: str

    @staticmethod
    def resolve_held(row: Any) -> str:
        return row.held.label if row.held else ""

    @staticmethod
    def resolve_url(row: Any) -> str:
        return str(row.get_absolute_url())


class CitationPlace(Schema):
    """A place of a clause, by the clause's key, with the words around it."""

    key: str
    number: str
    document: api.Named
    edition: api.Named
    customer: api.Named | None
    before: str
    printed: str
    after: str


class OneCitedDocument(CitedDocument):
    """A cited document with the clauses that name it, three hundred at most. `document`: the one on record; `talk`: in
    which a customer is asked for it."""

    document: api.Named | None
    talk: int | None
    by: str
    at: datetime | None
    places: list[CitationPlace]
    is_cut: bool

    @staticmethod
    def resolve_document(row: Any) -> Any:
        return {"id": row.shown_document.pk, "name": row.shown_document.title} if row.shown_document else None

    @staticmethod
    def resolve_talk(row: Any) -> int | None:
        return row.thread_id

    @staticmethod
    def resolve_by(row: Any) -> str:
        return row.by.name if row.by else ""

    @staticmethod
    def resolve_places(row: Any) -> list[Any]:
        return [_place(each) for each in row.shown_places[:SHOWN]]

    @staticmethod
    def resolve_is_cut(row: Any) -> bool:
        return len(row.shown_places) > SHOWN


class MeantDocument(api.Asked):
    """The document on record that is meant."""

    document: int


class NotNeeded(api.Asked):
    """Why it need not be held."""

    reason: str = Field(max_length=1000)


class KeptElsewhere(api.Asked):
    """Where it is kept."""

    where: str = Field(max_length=1000)


class AskedCustomer(api.Asked):
    """Which customer is asked, and the matter of the talk."""

    customer: int
    title: str = Field(min_length=1, max_length=200)


# Cited documents ------------------------------------------------------------------------------------------------------


def _look(request: api.Request, key: int) -> models.Reference:
    return api.found(citing.references(request.user).select_related("document", "held", "by"), pk=key)


def _told(request: api.Request, response: HttpResponse, key: int) -> Any:
    """The cited document as it is now, and the one on record for whoever may see that."""
    row: Any = _look(request, key)
    row.shown_places = citing.around(citing.places(request.user, row)[: SHOWN + 1])
    row.shown_document = queries.documents(request.user).filter(pk=row.document_id or 0).first()
    api.tagged(response, row.version)
    return row


def _place(place: citing.Place) -> dict[str, Any]:
    text = place.citation.text
    document = text.edition.document
    return {
        "key": str(text.pk), "number": text.number, "document": {"id": document.pk, "name": document.title},
        "edition": {"id": text.edition_id, "name": text.edition.label}, "customer": document.customer,
        "before": place.before, "printed": place.citation.printed, "after": place.after,
    }  # fmt: skip


@api.call(router, "GET", "/cited-documents", SEE, api.Listed[CitedDocument], sheet=lists.CITED)
def cited_documents(request: api.Request) -> dict[str, Any]:
    """All documents that clauses in force name; annexes of the very documents when they are asked for."""
    rows = lists.reference_rows(citing.references(request.user))
    if request.GET.get("kind") != models.CitedKind.ANNEX:
        rows = rows.exclude(kind=models.CitedKind.ANNEX)
    return api.listed(request, lists.CITED, rows)


@api.call(router, "GET", "/cited-documents/{int:id}", SEE, OneCitedDocument)
def cited_document(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """One cited document: whether we hold it, and every clause that names it."""
    return _told(request, response, id)


@api.call(router, "POST", "/cited-documents/{int:id}/link", EDIT, OneCitedDocument, changes=True)
def cited_link(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: MeantDocument,
) -> Any:
    """Say which document on record is meant."""
    row, version = _look(request, id), api.expected(request)
    rows = citing.linkable(request.user, row)
    form = forms.LinkReference(api.as_form({**said.dict(), "version": version}), rows=rows)
    document = api.checked(form)["document"]
    acts.link(reference=row, document=document, by=request.user, now=timezone.now(), expected=version)
    return _told(request, response, id)


@api.call(router, "POST", "/cited-documents/{int:id}/put-aside", EDIT, OneCitedDocument, changes=True)
def cited_put_aside(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: NotNeeded,
) -> Any:
    """Say why a cited document need not be held."""
    row, version = _look(request, id), api.expected(request)
    cleaned = api.checked(forms.PutAside(api.as_form({**said.dict(), "version": version})))
    acts.put_aside(reference=row, reason=cleaned["reason"], by=request.user, now=timezone.now(), expected=version)
    return _told(request, response, id)


@api.call(router, "POST", "/cited-documents/{int:id}/know", EDIT, OneCitedDocument, changes=True)
def cited_know(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: KeptElsewhere,
) -> Any:
    """Say where a document is kept that is not on record here."""
    row, version = _look(request, id), api.expected(request)
    where = api.checked(forms.Know(api.as_form({"reason": said.where, "version": version})))["reason"]
    acts.know(reference=row, where=where, by=request.user, now=timezone.now(), expected=version)
    return _told(request, response, id)


@api.call(router, "POST", "/cited-documents/{int:id}/ask", EDIT, OneCitedDocument, changes=True)
def cited_ask(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: AskedCustomer,
) -> Any:
    """Open a talk in which a customer whose clauses name the document is asked for it; `talk` leads there."""
    row, version = _look(request, id), api.expected(request)
    rows = citing.naming_customers(request.user, row)
    cleaned = api.checked(forms.AskFor(api.as_form({**said.dict(), "version": version}), rows=rows))
    acts.ask(
        reference=row, customer=cleaned["customer"], title=cleaned["title"], by=request.user, now=timezone.now(),
        expected=version,
    )  # fmt: skip
    return _told(request, response, id)


@api.call(router, "POST", "/cited-documents/{int:id}/follow", EDIT, OneCitedDocument, changes=True)
def cited_follow(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """Take back what was said by hand: the reference follows what is on record."""
    row, version = _look(request, id), api.expected(request)
    acts.follow_again(reference=row, by=request.user, now=timezone.now(), expected=version)
    return _told(request, response, id)
