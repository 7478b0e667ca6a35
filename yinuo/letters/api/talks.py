"""Talks: their list, those about a subject, one with its letters; opening, agreeing, closing."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from ninja import Router, Status

from yinuo.kit import api, subjects
from yinuo.letters import access, forms, lists, models, queries
from yinuo.letters.actions import threads as acts
from yinuo.letters.api import shapes
from yinuo.letters.queries import wording
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.records import actions as records

router = Router(tags=["talks"])
SEE, WRITE = Permission.LETTERS_SEE, Permission.LETTERS_WRITE


def look(person: org.Person, key: int) -> models.Thread:
    """The talk, if the person may see it; else 404."""
    return api.found(queries.threads(person).select_related("customer"), pk=key)


def with_all(rows: list[models.Letter]) -> list[models.Letter]:
    """Letters with their files and mails."""
    files, mails = queries.files_of(rows), queries.dispatches_of(rows)
    for each in rows:
        told: Any = each
        told.shown_files, told.shown_mail = files[each.pk], mails.get(each.pk)
    return rows


def told(request: api.Request, response: HttpResponse, key: int, *, is_new: bool = False) -> Any:
    """The talk as it is now, with its letters."""
    row: Any = look(request.user, key)
    row.shown_letters = with_all(queries.letters_of([row])[row.pk])
    api.tagged(response, row.version, f"/api/v1/talks/{row.pk}" if is_new else "")
    return row


@api.call(router, "GET", "/talks", SEE, api.Listed[shapes.Talk], sheet=lists.THREADS)
def talks(request: api.Request) -> dict[str, Any]:
    """All talks with customers."""
    return api.listed(request, lists.THREADS, queries.threads(request.user).select_related("customer"))


@api.call(router, "GET", "/talks/{int:id}", SEE, shapes.OneTalk)
def talk(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """One talk with its letters."""
    row = look(request.user, id)
    records.note_reading(subject=row.ref, way="read", by=request.user, now=timezone.now())
    return told(request, response, id)


@api.call(router, "GET", "/talks/about/{type}/{int:id}", SEE, list[shapes.Talk])
def talks_about(request: api.Request, type: str, id: int) -> Any:  # noqa: A002 - as the address says
    """The talks about a subject, e.g. about cases.case and its id; the latest first, fifty at most."""
    return list(queries.threads_about(subjects.Ref(type, id, ""), request.user)[:50])


@api.call(router, "POST", "/talks/about/{type}/{int:id}", WRITE, shapes.OneTalk, status=201, creates=True)
def talk_open(
    request: api.Request,
    response: HttpResponse,
    type: str,  # noqa: A002 - as the address says
    id: int,  # noqa: A002 - as the address says
    said: shapes.NewTalk,
) -> Any:
    """Open a talk with the customer of a subject."""
    found = access.openable(request.user, type, id)
    if found is None:
        raise Http404
    about, customer = found

    def create(key: str) -> str:
        values = api.checked(forms.OpenThread(api.as_form({**said.dict(), "once": key})))
        facts = {name: values[name] for name in ("title", "purpose", "due_at")}
        made = acts.open_thread(subject=about, customer=customer, by=request.user, now=timezone.now(), **facts)
        return str(made.pk)

    return Status(201, told(request, response, int(api.create_once(request, create)), is_new=True))


@api.call(router, "POST", "/talks/{int:id}/outcome", WRITE, shapes.OneTalk, changes=True)
def talk_agree(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: shapes.Outcome,
) -> Any:
    """Record the wording both sides agreed on; the talk closes with it."""
    row, version = look(request.user, id), api.expected(request)
    api.checked(forms.OutcomeForm(api.as_form({**said.dict(), "version": version})))
    acts.record_outcome(
        thread=row, wording=said.wording, by=request.user, now=timezone.now(), expected=version
    )  # fmt: skip
    return told(request, response, id)


@api.call(router, "POST", "/talks/{int:id}/close", WRITE, shapes.OneTalk, changes=True)
def talk_close(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: shapes.TalkReason,
) -> Any:
    """Close a talk without an agreed wording, with the reason."""
    row, version = look(request.user, id), api.expected(request)
    acts.close(thread=row, by=request.user, now=timezone.now(), expected=version, reason=reason(said, version))
    return told(request, response, id)


@api.call(router, "POST", "/talks/{int:id}/reopen", WRITE, shapes.OneTalk, changes=True)
def talk_reopen(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: shapes.TalkReason,
) -> Any:
    """Take up a closed talk again, with the reason."""
    row, version = look(request.user, id), api.expected(request)
    acts.reopen(thread=row, by=request.user, now=timezone.now(), expected=version, reason=reason(said, version))
    return told(request, response, id)


@api.call(router, "GET", "/talks/{int:id}/begin/{kind}/{language}", SEE, shapes.Begun)
def talk_begin(request: api.Request, id: int, kind: str, language: str) -> Any:  # noqa: A002 - as the address says
    """What a letter of the talk begins with by a template; nothing is kept."""
    row, template = look(request.user, id), wording.template(kind, language)
    if template is None:
        raise Http404
    return wording.begun(row, template, timezone.now())


def reason(said: shapes.TalkReason, version: int) -> str:
    """The reason, checked as in its dialog."""
    return str(api.checked(forms.Reasoned(api.as_form({**said.dict(), "version": version})))["reason"])
