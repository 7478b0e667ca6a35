"""Taking mails in: each once, with its original; what becomes of it stands on it.

`letters.mail_came` is announced with `mail` (the row), `files` (name, bytes), `answers` (mails on record that it
answers), `by`, `now`: a room above makes of it what it is there, and says so with `lead`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.kit import actors, plugs, refusals, rows, subjects
from yinuo.letters import access, models, queries
from yinuo.letters.actions import bouncing, incoming
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.records import actions as records

MOST_FILES = 50
Outcome = models.Mail.Outcome


class CannotTakeIn(refusals.Refusal):
    """This file is no mail that can be taken in."""


@dataclass(frozen=True)
class Came:
    """A mail as its reader understood it: the columns of its row, its original, its files, and what it answers."""

    columns: dict[str, Any]
    original: bytes
    original_name: str
    files: Sequence[tuple[str, bytes]] = ()
    answers: Sequence[str] = ()
    contact: Any = None
    about: Sequence[str] = ()  # numbers of the mails that a server's word is about
    reported: Sequence[tuple[str, str]] = ()  # whom a server could not reach, and why


def require_bringer(by: actors.Actor) -> None:
    """Refuse unless `by` may bring mails: whoever may write in talks, and the program itself."""
    if isinstance(by, org.Person) and not (by.is_active and by.may(Permission.LETTERS_WRITE)):
        raise refusals.NotAllowed()


@transaction.atomic
def take_in(*, came: Came, by: actors.Actor, now: datetime) -> tuple[models.Mail, bool]:
    """Put a mail on record, unless it is there already; returns it, and whether it is new.

    An answer joins its talk. What is nobody's request is only kept. Everything else is announced, to be sorted.
    """
    require_bringer(by)
    there = models.Mail.objects.filter(key=came.columns["key"]).first()
    if there is not None:
        return there, False
    bringer = by if isinstance(by, org.Person) else None
    thread = _thread_of(came) if came.columns["outcome"] != Outcome.KEPT else None
    columns = dict(came.columns)
    if thread is not None:
        columns |= {"outcome": Outcome.TALK, "customer": thread.customer, "site_id": thread.site_id}
        columns |= {"scope_id": thread.scope_id}
    mail = models.Mail.objects.create(**columns, brought_by=bringer, entered_at=now)
    told = rows.created(mail, "address", "customer", "said_at", "passed_on_by", "notified_at")
    records.write(by=by, now=now, word="letters.mail.came", subject=mail, changes=told)
    records.attach(subject=mail, content=came.original, name=came.original_name, by=by, now=now, kind="original")
    files = [(name, content) for name, content in came.files if content][:MOST_FILES]
    if thread is not None:
        _join(mail, thread, came, files, by=by, now=now)
    elif mail.kind == models.MailKind.BOUNCE:
        bouncing.note(mail=mail, came=came.about, reported=came.reported, by=by, now=now)
    elif mail.outcome == Outcome.SORTING:
        answers = queries.mails_answered(came.answers)
        whole = [(came.original_name, came.original), *files]
        plugs.announce("letters.mail_came", mail=mail, files=whole, answers=answers, by=by, now=now)
    return mail, True


def _thread_of(came: Came) -> models.Thread | None:
    """The open talk that an answer belongs to: named by our token in its subject, by the mail it answers, or, where
    programs on the way took both, by our token in the words it quotes."""
    columns = came.columns
    thread = (
        queries.thread_named(columns["heading"])
        or queries.thread_answered(came.answers)
        or queries.thread_named(columns["text"])
    )
    if thread is None or thread.state == models.ThreadState.CLOSED:
        return None
    customer = came.columns["customer"]
    if customer is None or not _are_related(customer.path, thread.customer.path):
        return None  # whoever else got to know the token says nothing in the customer's name
    return thread


def _are_related(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _join(
    mail: models.Mail,
    thread: models.Thread,
    came: Came,
    files: Sequence[tuple[str, bytes]],
    *,
    by: actors.Actor,
    now: datetime,
) -> None:
    letter = incoming.record_mail(
        thread=thread,
        text=mail.own_text or mail.text or mail.title,
        said_at=min(mail.said_at or mail.notified_at, now),
        contact=came.contact,
        speaker=mail.sender[:100],
        by=by,
        now=now,
    )
    models.Mail.objects.filter(pk=mail.pk).update(
        letter=letter, led_to_type=letter.ref.type, led_to_id=letter.pk, led_to_url=letter.get_absolute_url()
    )
    mail.letter, mail.led_to_url = letter, letter.get_absolute_url()
    records.attach(subject=letter.ref, content=came.original, name=came.original_name, by=by, now=now, kind="original")
    for name, content in files:
        records.attach(subject=letter.ref, content=content, name=name, by=by, now=now)


@transaction.atomic
def lead(*, mail: models.Mail, subject: "subjects.Subject | subjects.Ref", by: actors.Actor, now: datetime) -> None:
    """Say what was made of a mail in a room above."""
    it = subjects.ref(subject)
    if mail.led_to_type:
        raise CannotTakeIn(_("Something was made of this mail already."))
    models.Mail.objects.filter(pk=mail.pk).update(led_to_type=it.type, led_to_id=it.id, led_to_url=it.url)
    mail.led_to_type, mail.led_to_id, mail.led_to_url = it.type, it.id, it.url
    records.write(by=by, now=now, word="letters.mail.led", subject=mail, note={"to": it.label})


@transaction.atomic
def hand_on(*, mail: models.Mail, by: org.Person, now: datetime) -> models.Mail:
    """A mail that was only kept is a request after all: it goes to be sorted, with its original."""
    access.require_mail_writer(by, mail)
    locked = models.Mail.objects.select_for_update().get(pk=mail.pk)
    if locked.outcome != Outcome.KEPT:
        raise CannotTakeIn(_("This mail was handed on already."))
    models.Mail.objects.filter(pk=mail.pk).update(outcome=Outcome.SORTING)
    mail.outcome = Outcome.SORTING
    records.write(by=by, now=now, word="letters.mail.handed_on", subject=mail)
    files = [(each.name, each.blob.path.read_bytes()) for each in queries.originals_of(mail)]
    plugs.announce("letters.mail_came", mail=mail, files=files, answers=[], by=by, now=now)
    return mail
