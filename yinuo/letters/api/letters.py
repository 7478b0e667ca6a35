"""Letters of a talk: drafted, released, sent, taken back; what came in, and its confirmation."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Status

from yinuo.kit import api
from yinuo.letters import forms, models, queries, rules
from yinuo.letters.actions import incoming, outgoing, sending
from yinuo.letters.api import shapes, talks
from yinuo.org import models as org

router = talks.router
SEE, WRITE = talks.SEE, talks.WRITE
FACTS = ("text", "way", "contact", "heading")


def _look(person: org.Person, key: int) -> models.Letter:
    rows = models.Letter.objects.filter(thread__in=queries.threads(person))
    return api.found(rows.select_related("thread__customer", "contact", "entered_by"), pk=key)


def _told(request: api.Request, response: HttpResponse, key: int, *, is_new: bool = False) -> models.Letter:
    row = talks.with_all([_look(request.user, key)])[0]
    api.tagged(response, row.version, f"/api/v1/letters/{row.pk}" if is_new else "")
    return row


@api.call(router, "GET", "/letters/{int:id}", SEE, shapes.OneLetter)
def letter(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """One letter with its files, and what became of its mail."""
    return _told(request, response, id)


# What goes out --------------------------------------------------------------------------------------------------------


@api.call(router, "POST", "/talks/{int:id}/letters", WRITE, shapes.OneLetter, status=201, creates=True)
def letter_draft(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: shapes.NewLetter,
) -> Any:
    """Draft a letter; with `ask` it waits for its release."""
    row = talks.look(request.user, id)

    def create(key: str) -> str:
        values = said.dict()
        own = {"ask": values.pop("ask"), "is_answer": values.pop("is_answer")}
        data = api.as_form({**values, "once": key})
        cleaned = api.checked(forms.NewDraft(data, person=request.user, customer=row.customer))
        facts = {name: cleaned[name] for name in FACTS}
        return str(outgoing.draft(thread=row, **own, by=request.user, now=timezone.now(), **facts).pk)

    return Status(201, _told(request, response, int(api.create_once(request, create)), is_new=True))


@api.call(router, "PATCH", "/letters/{int:id}", WRITE, shapes.OneLetter, changes=True)
def letter_change(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: shapes.ChangedLetter,
) -> Any:
    """Write a new version of a draft."""
    row, version = _look(request.user, id), api.expected(request)
    as_is = {"text": row.text, "way": row.way, "contact": row.contact_id, "heading": row.heading}
    changed = said.dict(exclude_unset=True, exclude={"ask", "is_answer"})
    data = api.as_form(as_is | changed | {"version": version})
    cleaned = api.checked(forms.ChangedDraft(data, person=request.user, customer=row.thread.customer))
    outgoing.change_draft(
        letter=row, ask=row.asked_at is not None if said.ask is None else said.ask, by=request.user, now=timezone.now(),
        expected=version, is_answer=said.is_answer, **{name: cleaned[name] for name in FACTS},
    )  # fmt: skip
    return _told(request, response, id)


@api.call(router, "POST", "/letters/{int:id}/release", WRITE, shapes.OneLetter, changes=True)
def letter_release(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """Release a draft in the version seen; only who releases to this customer may."""
    row = _look(request.user, id)
    outgoing.release(letter=row, by=request.user, now=timezone.now(), expected=api.expected(request))
    return _told(request, response, id)


@api.call(router, "POST", "/letters/{int:id}/send-back", WRITE, shapes.OneLetter, changes=True)
def letter_send_back(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: shapes.TalkReason,
) -> Any:
    """Give a draft back to be rewritten."""
    row, version = _look(request.user, id), api.expected(request)
    why = talks.reason(said, version)
    outgoing.send_back(letter=row, reason=why, by=request.user, now=timezone.now(), expected=version)
    return _told(request, response, id)


@api.call(router, "POST", "/letters/{int:id}/withdraw", WRITE, shapes.OneLetter, changes=True)
def letter_withdraw(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: shapes.TalkReason,
) -> Any:
    """Take back a letter that did not go out."""
    row, version = _look(request.user, id), api.expected(request)
    why = talks.reason(said, version)
    outgoing.withdraw(letter=row, reason=why, by=request.user, now=timezone.now(), expected=version)
    return _told(request, response, id)


@api.call(router, "POST", "/letters/{int:id}/sent", WRITE, shapes.OneLetter, changes=True)
def letter_sent(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: shapes.Sent,
) -> Any:
    """Record that a released letter went out another way; its proof is hung on it afterwards."""
    row, version = _look(request.user, id), api.expected(request)
    values = said.dict() | {"way": said.way or row.way, "version": version}
    form = forms.SentForm(api.as_form(values))
    if not rules.is_waiting_after(row.thread.purpose, row.direction):
        del form.fields["answer_due_at"]
    cleaned = api.checked(form)
    outgoing.mark_sent(
        letter=row, sent_at=cleaned["sent_at"], way=cleaned["way"], answer_due_at=cleaned.get("answer_due_at"),
        is_answer=said.is_answer, by=request.user, now=timezone.now(), expected=version,
    )  # fmt: skip
    return _told(request, response, id)


@api.call(router, "POST", "/letters/{int:id}/mail", WRITE, shapes.OneLetter, changes=True)
def letter_mail(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: shapes.ByMail,
) -> Any:
    """Have a released letter sent by mail; it leaves in ten seconds and can be taken back until then."""
    row, version = _look(request.user, id), api.expected(request)
    senders = list(queries.senders(row.thread))
    if not senders:
        raise sending.CannotSend(_("No mailbox sends mail yet. An administrator sets that up under Mailboxes."))
    parts = queries.enclosable(row, request.user)
    there = {each.token: each for part in parts for each in part}
    if unknown := [token for token in said.files if token not in there]:
        raise api.Unfit([("files", str(_("There is no such file: %(name)s.") % {"name": unknown[0]}))])
    values = said.dict(exclude={"files"}) | {"heading": said.heading or row.heading or row.thread.title}
    form = forms.MailForm(
        api.as_form({**values, "sender": senders[0].pk, "version": version}), person=request.user,
        customer=row.thread.customer, senders=senders, files=([], []),
    )  # fmt: skip
    if not rules.is_waiting_after(row.thread.purpose, row.direction):
        del form.fields["answer_due_at"]
    cleaned = api.checked(form)
    sending.send(
        letter=row, sender=form.sender, to=list(cleaned["to"]), cc=list(cleaned["cc"]), heading=cleaned["heading"],
        files=[there[token] for token in said.files], answer_due_at=cleaned.get("answer_due_at"),
        is_answer=said.is_answer, by=request.user, now=timezone.now(), expected=version,
    )  # fmt: skip
    return _told(request, response, id)


@api.call(router, "POST", "/letters/{int:id}/mail/cancel", WRITE, shapes.OneLetter, changes=True)
def letter_mail_cancel(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address
    """Take back a mail that has not left."""
    row = _look(request.user, id)
    api.require_version(request, row.version)
    sending.cancel(letter=row, by=request.user, now=timezone.now())
    return _told(request, response, id)


@api.call(router, "POST", "/letters/{int:id}/mail/now", WRITE, shapes.OneLetter, changes=True)
def letter_mail_now(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address
    """Do not wait for the next try."""
    row = _look(request.user, id)
    api.require_version(request, row.version)
    sending.try_now(letter=row, by=request.user, now=timezone.now())
    return _told(request, response, id)


@api.call(router, "POST", "/letters/{int:id}/mail/decide", WRITE, shapes.OneLetter, changes=True)
def letter_mail_decide(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: shapes.Decided,
) -> Any:
    """Say of a mail that was perhaps sent that it arrived, or have it sent once more."""
    row = _look(request.user, id)
    api.require_version(request, row.version)
    sending.decide(letter=row, arrived=said.arrived, by=request.user, now=timezone.now())
    return _told(request, response, id)


# What comes in --------------------------------------------------------------------------------------------------------


@api.call(router, "POST", "/talks/{int:id}/received", WRITE, shapes.OneLetter, status=201, creates=True)
def letter_received(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: shapes.Received,
) -> Any:
    """Record what the customer said or wrote; its original is hung on it afterwards."""
    row = talks.look(request.user, id)
    waiting = list(row.letters.filter(confirmation=models.Confirmation.WAITING).order_by("pk"))
    if said.confirms is not None and said.confirms not in {each.pk for each in waiting}:
        raise api.Unfit([("confirms", str(_("These words do not wait for a confirmation.")))])

    def create(key: str) -> str:
        data = api.as_form({**said.dict(), "once": key})
        form = forms.IncomingForm(data, person=request.user, customer=row.customer, waiting=waiting)
        cleaned = api.checked(form)
        facts = {name: cleaned[name] for name in ("text", "way", "said_at", "contact", "speaker")}
        made = incoming.record_incoming(
            thread=row, confirm_due_on=cleaned["confirm_due_on"] if rules.is_spoken(cleaned["way"]) else None,
            confirms=next((each for each in waiting if each.pk == said.confirms), None), by=request.user,
            now=timezone.now(), **facts,
        )  # fmt: skip
        return str(made.pk)

    return Status(201, _told(request, response, int(api.create_once(request, create)), is_new=True))


@api.call(router, "POST", "/letters/{int:id}/confirmation", WRITE, shapes.OneLetter, changes=True)
def letter_settle(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: shapes.ConfirmedBy,
) -> Any:
    """Say by which letter the customer confirmed spoken words, or that they do not."""
    row, version = _look(request.user, id), api.expected(request)
    written = row.thread.letters.filter(direction=models.Direction.IN).exclude(way__in=rules.SPOKEN)
    by_letter = api.found(written, pk=said.letter) if said.letter is not None else None
    incoming.settle_spoken(
        letter=row, confirmed=by_letter is not None, in_letter=by_letter, by=request.user, now=timezone.now(),
        expected=version,
    )  # fmt: skip
    return _told(request, response, id)
