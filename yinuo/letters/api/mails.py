"""Mails as they came, mailboxes that are looked at, and the words letters begin with."""

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema, Status
from pydantic import Field

from yinuo.kit import api
from yinuo.letters import forms, lists, models, queries
from yinuo.letters.actions import mailboxes as mailbox_acts
from yinuo.letters.actions import mails as acts
from yinuo.letters.actions import senders
from yinuo.letters.actions import wording as wording_acts
from yinuo.letters.intake import receiving
from yinuo.letters.queries import wording
from yinuo.org.definition import Permission
from yinuo.records import actions as records

router = Router(tags=["mails"])
SEE, WRITE, MANAGE = Permission.LETTERS_SEE, Permission.LETTERS_WRITE, Permission.ORG_MANAGE


class Mail(Schema):
    """A mail as it came. `outcome`: sorting (waits to be sorted), talk (part of a talk) or kept; `led_to` what was made
    of it."""

    id: int
    heading: str
    sender: str
    address: str
    kind: str
    outcome: str
    customer: api.Named | None
    said_at: datetime | None
    notified_at: datetime
    entered_at: datetime
    led_to_type: str
    led_to_id: int | None
    url: str

    @staticmethod
    def resolve_url(row: Any) -> str:
        return str(row.get_absolute_url())


class OneMail(Mail):
    """A mail with its words; `letter` is the letter of the talk that it joined. Its original is
    one of `/files/of/letters.mail/{id}`."""

    text: str
    letter: int | None

    @staticmethod
    def resolve_letter(row: Any) -> int | None:
        key = row.letter_id
        return int(key) if key is not None else None


class TakenIn(Schema):
    """A mail that was taken in; null where it belongs to a customer that the person may not see."""

    mail: OneMail | None


class MailServer(Schema):
    """The server through which letters leave from a mailbox's address."""

    name: str
    host: str
    port: int
    way: str
    user: str
    sent_folder: str
    is_active: bool
    state: str
    error: str
    version: int


class Mailbox(Schema):
    """A mailbox that is looked at: new, well or in trouble (`error` says why). Its password is never told."""

    id: int
    name: str
    address: str
    host: str
    port: int
    way: str
    user: str
    folder: str
    since_on: date
    site: api.Named | None
    scope: api.Named | None
    is_active: bool
    state: str
    error: str
    looked_at: datetime | None
    well_at: datetime | None
    sender: MailServer | None
    version: int

    @staticmethod
    def resolve_sender(row: Any) -> Any:
        return getattr(row, "sender", None)


class NewMailbox(api.Asked):
    """A mailbox to set up."""

    name: str = Field(min_length=1, max_length=100)
    address: str = Field(max_length=254)
    host: str = Field(max_length=253)
    user: str = Field(max_length=254)
    password: str = Field(max_length=500)
    since_on: date
    way: str = Field("imaps", max_length=10)
    port: int = 993
    folder: str = Field("INBOX", max_length=200)
    site: int | None = None
    scope: int | None = None
    is_active: bool = True


class ChangedMailbox(api.Asked):
    """What changes; what is left out stays, the password too."""

    name: str | None = Field(None, max_length=100)
    address: str | None = Field(None, max_length=254)
    host: str | None = Field(None, max_length=253)
    user: str | None = Field(None, max_length=254)
    password: str | None = Field(None, max_length=500)
    since_on: date | None = None
    way: str | None = Field(None, max_length=10)
    port: int | None = None
    folder: str | None = Field(None, max_length=200)
    site: int | None = None
    scope: int | None = None
    is_active: bool | None = None


class LetterTemplate(Schema):
    """What letters of one kind begin with in one language; version 0: the words that came with the product."""

    kind: str
    language: str
    heading: str
    text: str
    is_offered: bool
    version: int


class ChangedTemplate(api.Asked):
    """A new edition of a template; what is left out stays."""

    heading: str | None = Field(None, max_length=150)
    text: str | None = Field(None, max_length=20_000)
    is_offered: bool | None = None


# Mails ----------------------------------------------------------------------------------------------------------------


@api.call(router, "GET", "/mails", SEE, api.Listed[Mail], sheet=lists.MAILS)
def mails(request: api.Request) -> dict[str, Any]:
    """All mails that came, with what became of each."""
    return api.listed(request, lists.MAILS, queries.mails(request.user).select_related("customer"))


@api.call(router, "GET", "/mails/{int:id}", SEE, OneMail)
def mail(request: api.Request, id: int) -> Any:  # noqa: A002 - as the address says
    """One mail."""
    row = api.found(queries.mails(request.user).select_related("customer"), pk=id)
    records.note_reading(subject=row, way="read", by=request.user, now=timezone.now())
    return row


@api.call(router, "POST", "/mails", WRITE, TakenIn, status=201, creates=True, body=api.one_file("file"))
def mail_add(request: api.Request, response: HttpResponse) -> Any:
    """Take in a mail that was saved as a file (.eml, .msg); the same mail again is on record once."""

    def create(key: str) -> str:
        files = request.FILES.copy()
        files.setlist("files", files.getlist("file"))
        given = api.checked(forms.MailFiles(api.as_form({"once": key}), files))["files"]
        if len(given) != 1:
            raise api.Unfit([("file", str(_("Please send one mail.")))])
        row, _is_new = receiving.receive(
            given[0].read(), name=given[0].name or "", by=request.user, now=timezone.now()
        )  # fmt: skip
        return str(row.pk)

    key = int(api.create_once(request, create))
    row = queries.mails(request.user).select_related("customer").filter(pk=key).first()
    if row is not None:
        response["Location"] = f"/api/v1/mails/{row.pk}"
    return Status(201, {"mail": row})


@api.call(router, "POST", "/mails/{int:id}/hand-on", WRITE, OneMail, creates=True)
def mail_hand_on(request: api.Request, id: int) -> Any:  # noqa: A002 - as the address says
    """A mail that was only kept asks for something after all: it goes to be sorted."""
    row = api.found(queries.mails(request.user), pk=id)

    def act(_key: str) -> str:
        return str(acts.hand_on(mail=row, by=request.user, now=timezone.now()).pk)

    api.create_once(request, act)
    return api.found(queries.mails(request.user).select_related("customer"), pk=id)


# Mailboxes ------------------------------------------------------------------------------------------------------------


def _mailbox(response: HttpResponse, key: int, *, is_new: bool = False) -> models.Mailbox:
    row = api.found(models.Mailbox.objects.select_related("site", "scope", "sender"), pk=key)
    api.tagged(response, row.version, "/api/v1/mailboxes" if is_new else "")
    return row


@api.call(router, "GET", "/mailboxes", MANAGE, list[Mailbox])
def mailboxes(request: api.Request) -> Any:
    """All mailboxes, and how each fares."""
    return list(queries.mailboxes().select_related("site", "scope", "sender"))


@api.call(router, "POST", "/mailboxes", MANAGE, Mailbox, status=201, creates=True)
def mailbox_add(request: api.Request, response: HttpResponse, said: NewMailbox) -> Any:
    """Set up a mailbox; it is looked at within a minute."""

    def create(key: str) -> str:
        form = forms.NewMailbox(api.as_form({**said.dict(), "once": key}))
        api.checked(form)
        return str(mailbox_acts.add(by=request.user, now=timezone.now(), **form.values).pk)

    return Status(201, _mailbox(response, int(api.create_once(request, create)), is_new=True))


@api.call(router, "PATCH", "/mailboxes/{int:id}", MANAGE, Mailbox, changes=True)
def mailbox_change(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: ChangedMailbox,
) -> Any:
    """Change a mailbox, or stop looking at it."""
    row, version = _mailbox(response, id), api.expected(request)
    as_is = {name: getattr(row, "site_id" if name == "site" else "scope_id" if name == "scope" else name)
             for name in mailbox_acts.FIELDS}  # fmt: skip
    form = forms.ChangedMailbox(api.as_form(as_is | said.dict(exclude_unset=True) | {"version": version}))
    api.checked(form)
    mailbox_acts.change(mailbox=row, by=request.user, now=timezone.now(), expected=version, **form.values)
    return _mailbox(response, id)


class ChangedServer(api.Asked):
    """What changes of the server beside a mailbox; what is left out stays, the password too."""

    name: str | None = Field(None, max_length=100)
    host: str | None = Field(None, max_length=253)
    user: str | None = Field(None, max_length=254)
    password: str | None = Field(None, max_length=500)
    way: str | None = Field(None, max_length=10)
    port: int | None = None
    sent_folder: str | None = Field(None, max_length=200)
    is_active: bool | None = None


@api.call(router, "PATCH", "/mailboxes/{int:id}/sender", MANAGE, Mailbox, changes=True)
def mailbox_sender(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: ChangedServer,
) -> Any:
    """Set up or change the server through which letters leave. `If-Match` is the version of `sender`, else 0."""
    box, version = _mailbox(response, id), api.expected(request)
    row = models.Sender.objects.filter(mailbox=box).first()
    usual = {"port": 465, "way": models.Sender.Way.SMTPS, "user": box.user, "is_active": True}
    as_is = {name: getattr(row, name) for name in senders.FIELDS} if row else usual
    form = forms.SenderForm(api.as_form(as_is | said.dict(exclude_unset=True) | {"version": version}))
    api.checked(form)
    senders.set_sender(mailbox=box, by=request.user, now=timezone.now(), expected=version, **form.values)
    return _mailbox(response, id)


@api.call(router, "POST", "/mailboxes/{int:id}/look", MANAGE, Mailbox, creates=True)
def mailbox_look(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """Look for mail within a few seconds."""
    row = _mailbox(response, id)

    def act(_key: str) -> str:
        mailbox_acts.look_now(mailbox=row, by=request.user, now=timezone.now())
        return str(row.pk)

    api.create_once(request, act)
    return _mailbox(response, id)


# The words letters begin with -----------------------------------------------------------------------------------------


@api.call(router, "GET", "/letter-templates", SEE, list[LetterTemplate])
def letter_templates(request: api.Request) -> Any:
    """All templates, by what the letter is for."""
    return wording.templates()


@api.call(router, "GET", "/letter-templates/{kind}/{language}", SEE, LetterTemplate)
def letter_template(request: api.Request, response: HttpResponse, kind: str, language: str) -> Any:
    """One template."""
    it = wording.template(kind, language)
    if it is None:
        raise Http404
    api.tagged(response, it.version)
    return it


@api.call(
    router, "PATCH", "/letter-templates/{kind}/{language}", Permission.LETTERS_TEMPLATES, LetterTemplate, changes=True
)  # fmt: skip
def letter_template_keep(
    request: api.Request, response: HttpResponse, kind: str, language: str, said: ChangedTemplate
) -> Any:
    """Keep a new edition of a template, or the first one in a language (from version 0)."""
    it, version = wording.template(kind, language), api.expected(request)
    as_is = {"heading": it.heading, "text": it.text, "is_active": it.is_offered} if it else {"is_active": True}
    changed = {("is_active" if name == "is_offered" else name): value
               for name, value in said.dict(exclude_unset=True).items()}  # fmt: skip
    cleaned = api.checked(forms.TemplateForm(api.as_form(as_is | changed | {"version": version})))
    wording_acts.keep_template(
        kind=kind, language=language, heading=cleaned["heading"], text=cleaned["text"], is_active=cleaned["is_active"],
        by=request.user, now=timezone.now(), expected=version,
    )  # fmt: skip
    return letter_template(request, response, kind, language)
