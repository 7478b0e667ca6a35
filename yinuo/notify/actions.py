"""Telling people, taking back, reading, and steering the outbox."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, time
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yinuo.kit import actors, jobs, plugs, refusals, rows, subjects
from yinuo.kit import models as kit_models
from yinuo.kit import words as kit_words
from yinuo.notify import models, queries, rules
from yinuo.org import models as org_models
from yinuo.records import actions as records_actions
from yinuo.records import rules as records_rules

POST_WITHIN = 3  # seconds: mails written meanwhile share one visit of the poster


class CannotSteer(refusals.Refusal):
    """This mail cannot be changed any more."""


class CannotSet(refusals.Refusal):
    """These mail hours cannot be."""


@transaction.atomic
def tell(
    *,
    people: Iterable[org_models.Person],
    subject: subjects.Subject | subjects.Ref,
    kind: str,
    words: str | Promise,
    now: datetime,
    urgent: bool = False,
    by: actors.Actor | None = None,
    discreet: str | Promise = "",
    brief: str | Promise = "",
) -> list[models.Message]:
    """Tell people something about a subject, in the caller's transaction.

    Each gets a line in the inbox (`words`, a lazy sentence, stored in both languages) and, as they chose, a mail ten
    seconds after the commit at the earliest. `kind` is the sort of message (`task_assigned`); `urgent`, and the kinds
    product_safety, health and stop_ship, go out at night too. Nobody is told who may not see the subject's scope. A
    mail about a confidential subject says only `discreet` (number and step; the number alone when empty). `brief` is
    what may be said where others listen: no titles, no reasons (`notify.told`).
    """
    it = subjects.ref(subject)
    told = queries.may_know(people, it.scope_id)
    is_urgent = rules.is_urgent(kind, said=urgent)
    said = _said_in_zones(words, told)
    messages = models.Message.objects.bulk_create(
        models.Message(
            **subjects.columns(it),
            person=person,
            kind=kind,
            words_zh=said[person.zone][0],
            words_en=said[person.zone][1],
            is_urgent=is_urgent,
            by_name=by.actor_name if by else "",
            at=now,
        )
        for person in told
    )
    hints = None if it.scope_id is None else [hint or rules.number_of(it.label) for hint in kit_words.both(discreet)]
    _put_into_outbox(messages, hints, now)
    if messages:
        plugs.announce("notify.told", people=told, subject=it, kind=kind, brief=brief, urgent=is_urgent, now=now)
    return messages


def _said_in_zones(words: str | Promise, people: list[org_models.Person]) -> dict[ZoneInfo, tuple[str, str]]:
    """The sentence in Chinese and English, with its moments as the clocks of the people's sites show them."""
    prefetch_related_objects(people, "site")
    said = {}
    for zone in {person.zone for person in people}:
        with timezone.override(zone):
            zh, en = map(records_rules.storable, kit_words.both(words))
        said[zone] = (zh[:500], en[:500])
    return said


def _put_into_outbox(messages: list[models.Message], hints: list[str] | None, now: datetime) -> None:
    """A mail for each message whose person wants one; of what is confidential it says the hint (zh, en) only."""
    choices = queries.choices_of([message.person_id for message in messages])
    mails = []
    for message in messages:
        person = message.person
        if person.email and rules.wants_mail(choices.get(person.pk, "all"), urgent=message.is_urgent):
            zh, en = hints or (message.words_zh, message.words_en)
            said = en if person.language == "en" else zh
            heading, text = queries.mail_words(message, said, person.language)
            mails.append(
                models.Mail(
                    message=message,
                    to=person.email,
                    language="en" if person.language == "en" else "zh-Hans",
                    heading=rules.one_line(heading)[:300],
                    text=text,
                    header_id=f"<{uuid.uuid4()}@{urlsplit(settings.BASE_URL).hostname}>",
                    is_urgent=message.is_urgent,
                    created_at=now,
                    next_at=queries.may_leave_at(person, now + rules.UNDO, urgent=message.is_urgent),
                )
            )
    if mails:
        models.Mail.objects.bulk_create(mails)
        jobs.soon("notify.post", within=POST_WITHIN, after=int(rules.UNDO.total_seconds()))


@transaction.atomic
def take_back(
    *,
    subject: subjects.Subject | subjects.Ref,
    kind: str,
    by: actors.Actor,
    now: datetime,
    since: datetime | None = None,
) -> int:
    """Undo what was told about a subject: unread lines disappear, mail that has not left is cancelled.

    Returns how many lines were taken back. What was read, or has left, stays; so does what was told before `since`.
    """
    it = subjects.ref(subject)
    told = models.Message.objects.filter(subject_type=it.type, subject_id=it.id, kind=kind, read_at=None)
    if since is not None:
        told = told.filter(at__gte=since)
    models.Mail.objects.filter(message__in=told, state=models.Mail.State.WAITING).update(
        state=models.Mail.State.CANCELLED,
        error=f"{models.Mail.Ending.TAKEN_BACK}: {by.actor_name}"[:1000],
        version=F("version") + 1,
    )
    plugs.announce("notify.taken_back", subject=it, kind=kind)
    return told.filter(taken_back_at=None).update(taken_back_at=now)


@transaction.atomic
def send_digest(
    *, person: org_models.Person, heading: str, lines: list[str], on: date, by: actors.Actor, now: datetime
) -> bool:
    """The day's digest for one person, by mail; the day is noted whether or not there is anything to say, so that it
    comes once. In the inbox it lies as read: every line of it was told before."""
    row, is_new = models.Digest.objects.get_or_create(person=person, defaults={"on": on})
    noted = is_new or models.Digest.objects.filter(pk=row.pk).exclude(on=on).update(on=on)
    if not noted or not lines:
        return False
    said = records_rules.storable(heading)[:300]
    message = models.Message.objects.create(
        subject_type=person.subject_type, subject_id=person.pk, subject_label="", subject_url="/", person=person,
        kind=rules.DIGEST, words_zh=said, words_en=said, at=now, read_at=now, site_id=person.site_id,
    )  # fmt: skip
    models.Mail.objects.create(
        message=message,
        to=person.email,
        language="en" if person.language == "en" else "zh-Hans",
        heading=rules.one_line(heading)[:300],
        text=queries.digest_words(person, lines),
        header_id=f"<{uuid.uuid4()}@{urlsplit(settings.BASE_URL).hostname}>",
        created_at=now,
        next_at=queries.may_leave_at(person, now + rules.UNDO, urgent=False),
    )
    jobs.soon("notify.post", within=POST_WITHIN, after=int(rules.UNDO.total_seconds()))
    return True


# The inbox -----------------------------------------------------------------------------------------------------------


def read(*, message: models.Message, by: org_models.Person, now: datetime) -> None:
    """Mark one's own message as read."""
    models.Message.objects.filter(pk=message.pk, person=by, read_at=None).update(read_at=now)


def read_all(*, by: org_models.Person, now: datetime, up_to: int) -> int:
    """Mark all one's own messages up to the one seen on top as read; what came meanwhile stays unread."""
    return queries.inbox(by).filter(read_at=None, pk__lte=up_to).update(read_at=now)


def unread(*, by: org_models.Person, now: datetime, read_at: datetime) -> int:
    """Undo: one's own messages that were read at that very moment are unread again."""
    return queries.inbox(by).filter(read_at=read_at).update(read_at=None)


@transaction.atomic
def choose(*, by: org_models.Person, now: datetime, mails: str, digest: bool = True) -> models.Choice:
    """Say which mails one wants to get."""
    choice, _is_new = models.Choice.objects.get_or_create(person=by)
    changes = rows.change(choice, expected=choice.version, mails=mails, digest=digest)
    if changes:
        records_actions.write(by=by, now=now, word="notify.choice.changed", subject=choice, changes=changes)
    return choice


# The outbox ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def send_again(*, mail: models.Mail, expected: int, by: org_models.Person, now: datetime) -> None:
    """Put a failed or cancelled mail back into the outbox, to leave at once; within mail hours if it is not urgent."""
    if not by.may("org.manage"):
        raise refusals.NotAllowed()
    if mail.state not in (models.Mail.State.FAILED, models.Mail.State.CANCELLED, models.Mail.State.WAITING):
        raise CannotSteer(_("Only mail that waits, failed or was cancelled can be sent again."))
    next_at = queries.may_leave_at(mail.message.person, now, urgent=mail.is_urgent)
    changes = rows.change(
        mail, expected=expected, state=models.Mail.State.WAITING, next_at=next_at, attempts=0, error="", handed_at=None
    )
    records_actions.write(by=by, now=now, word="notify.mail.sent_again", subject=mail, changes=changes)
    jobs.soon("notify.post", within=POST_WITHIN)


@transaction.atomic
def cancel(*, mail: models.Mail, expected: int, by: org_models.Person, now: datetime) -> None:
    """Cancel a mail that has not left."""
    if not by.may("org.manage"):
        raise refusals.NotAllowed()
    if mail.state not in (models.Mail.State.WAITING, models.Mail.State.FAILED):
        raise CannotSteer(_("Only mail that waits or failed can be cancelled."))
    changes = rows.change(mail, expected=expected, state=models.Mail.State.CANCELLED)
    records_actions.write(by=by, now=now, word="notify.mail.cancelled", subject=mail, changes=changes)


@transaction.atomic
def set_hours(*, starts: time, ends: time, expected: int, by: org_models.Person, now: datetime) -> models.MailHours:
    """Say between which hours of a working day mail leaves. Mail that waits already keeps its time."""
    if not by.may("org.manage"):
        raise refusals.NotAllowed()
    if starts >= ends:
        raise CannotSet(_("The end must be later than the beginning."), field="ends")
    hours = queries.hours_row()
    changes = rows.change(hours, expected=expected, starts=starts, ends=ends)
    if changes:
        records_actions.write(by=by, now=now, word="notify.hours.changed", subject=hours, changes=changes)
    return hours


@transaction.atomic
def run_again(*, job: kit_models.Job, by: org_models.Person, now: datetime) -> None:
    """Try background work once more that was given up."""
    if not queries.failed_jobs(by).filter(pk=job.pk).exists() or not jobs.run_again(job.pk, now):
        raise CannotSteer(_("Only work that failed can be run again."))
    subject = subjects.Ref("kit.job", job.pk, job.name, reverse("notify:jobs"))
    records_actions.write(by=by, now=now, word="notify.job.run_again", subject=subject)
