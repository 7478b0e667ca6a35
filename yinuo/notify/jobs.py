"""The poster: sends what is due, one mail after the other, each claimed so that nobody else sends it too.

What a mail went through is told by its row. A try that died before the text was handed over is simply tried again.
One that died afterwards may have been delivered: it is marked uncertain and sent once more under the same Message-ID,
which mail servers and programs recognise; a lost task would be worse than one shown twice.
"""

import logging
import time
from datetime import datetime
from email.message import EmailMessage

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from yinuo.kit import jobs, plugs
from yinuo.notify import models, queries, rules
from yinuo.notify.channels import enclosing, smtp

log = logging.getLogger(__name__)

VISIT = 30.0  # seconds one visit may take before it asks for another
State = models.Mail.State
Ending = models.Mail.Ending


@jobs.job("notify.post", outside=True)
def post() -> None:
    """Send what is due now."""
    if not settings.SMTP_URL:
        return
    try:
        server = smtp.server_of(settings.SMTP_URL)
    except smtp.BadServer:
        log.exception("YINUO_SMTP_URL cannot be used; mail waits in the outbox")
        return
    began = time.monotonic()
    while mail := queries.next_due(timezone.now()):
        if not claim(mail, timezone.now()):
            continue
        if not deliver(mail, server):
            return  # the server is away: what else is due would only wait for it too
        if time.monotonic() - began > VISIT:
            jobs.soon("notify.post", within=1)
            return


@jobs.every(1, "notify.look_for_mail")
def look_for_mail() -> None:
    """Ask for the poster when mail is due: what was held over night, or failed before.

    Mail that found no server for days is not sent unasked any more, but shown as not delivered; urgent mail waits on.
    """
    now = timezone.now()
    stale = models.Mail.objects.filter(
        state=State.WAITING, is_urgent=False, attempts=0, next_at__lt=now - rules.TOO_OLD
    )
    stale.update(state=State.FAILED, error=Ending.NO_SERVER, version=F("version") + 1)
    if settings.SMTP_URL and queries.next_due(now):
        jobs.soon("notify.post", within=1)


def claim(mail: models.Mail, now: datetime) -> bool:
    """Take a mail for sending; false when another worker was faster, or it may not leave now or any more."""
    person = mail.message.person
    may_leave_at = queries.may_leave_at(person, now, urgent=mail.is_urgent)
    if may_leave_at > now:  # it was held up until mail hours were over
        models.Mail.objects.filter(pk=mail.pk, state=mail.state, version=mail.version).update(
            next_at=may_leave_at, version=mail.version + 1
        )
        return False
    was_handed_over = mail.state == State.SENDING and mail.handed_at is not None
    was_uncertain = mail.is_uncertain
    claimed = models.Mail.objects.filter(pk=mail.pk, state=mail.state, version=mail.version).update(
        state=State.SENDING,
        claimed_until=now + rules.LEASE,
        handed_at=None,
        is_uncertain=was_uncertain or was_handed_over,
        attempts=mail.attempts + 1,
        version=mail.version + 1,
    )
    if not claimed:
        return False
    mail.refresh_from_db()
    if was_handed_over and was_uncertain:
        _end(mail, State.FAILED, error=Ending.UNANSWERED)
        return False
    if mail.message.taken_back_at:
        _end(mail, State.CANCELLED, error=Ending.TAKEN_BACK)
        return False
    if mail.message.kind == rules.DIGEST and now - mail.created_at > rules.DIGEST_HOLDS:
        _end(mail, State.CANCELLED, error=Ending.OUT_OF_DATE)
        return False
    if not queries.may_know([person], mail.message.scope_id):
        _end(mail, State.CANCELLED, error=Ending.NOT_FOR_THEM)
        return False
    return True


def deliver(mail: models.Mail, server: smtp.Server) -> bool:
    """Hand a claimed mail to the server and note the outcome; false when the server itself is the trouble."""
    try:
        letter = smtp.letter(
            sender=settings.MAIL_FROM,
            to=mail.to,
            heading=mail.heading,
            text=mail.text,
            header_id=mail.header_id,
            at=mail.created_at.astimezone(mail.message.person.zone),
            language=mail.language,
        )
    except (ValueError, UnicodeError) as error:
        _end(mail, State.FAILED, error=f"{Ending.UNWRITABLE}: {error}")
        return True
    try:
        if not _enclose(letter, mail):
            _end(mail, State.CANCELLED, error=Ending.NOT_FOR_THEM)
            return True
    except Exception as error:  # whatever a room trips over must not keep the mails of the others
        log.exception("what goes with mail %s could not be composed", mail.pk)
        _try_again(mail, smtp.TryAgain(f"{type(error).__name__}: {error}"))
        return True
    try:
        smtp.send(server, letter, handing_over=lambda: _mark_handed_over(mail))
    except smtp.Refused as refused:
        _end(mail, State.FAILED, error=refused.words)
        return True
    except smtp.NotSent as failure:
        _try_again(mail, failure)
        return not isinstance(failure, smtp.Away | smtp.Unknown)
    _end(mail, State.SENT, sent_at=timezone.now())
    return True


def _enclose(letter: EmailMessage, mail: models.Mail) -> bool:
    """Put into the letter what its subject's room encloses; false when the person may not get it any more."""
    if mail.message.subject_type not in plugs.enclosures:
        return True
    plug = plugs.enclosures.get(mail.message.subject_type)
    enclosed = plug.function(mail.message.subject_id, mail.message.person)
    if enclosed is None:
        return False
    enclosing.enclose(letter, enclosed)
    return True


def _mark_handed_over(mail: models.Mail) -> None:
    mail.handed_at = timezone.now()
    models.Mail.objects.filter(pk=mail.pk).update(handed_at=mail.handed_at)


def _try_again(mail: models.Mail, failure: smtp.NotSent) -> None:
    """Back into the outbox with growing delay; an unknown outcome is tried once more only."""
    now = timezone.now()
    unknown = isinstance(failure, smtp.Unknown)
    next_at = None if unknown and mail.is_uncertain else rules.next_try(now, mail.attempts, urgent=mail.is_urgent)
    if next_at is None:
        _end(mail, State.FAILED, error=failure.words, is_uncertain=mail.is_uncertain or unknown)
        return
    _end(
        mail,
        State.WAITING,
        error=failure.words,
        next_at=queries.may_leave_at(mail.message.person, next_at, urgent=mail.is_urgent),
        handed_at=None,
        is_uncertain=mail.is_uncertain or unknown,
    )


def _end(mail: models.Mail, state: str, **values: object) -> None:
    """Note the outcome of a try, if the mail is still ours."""
    models.Mail.objects.filter(pk=mail.pk, state=State.SENDING, version=mail.version).update(
        state=state, claimed_until=None, version=mail.version + 1, **{"error": "", **values}
    )
    if state == State.FAILED:
        log.warning("mail %s failed: %s", mail.pk, values.get("error"))
