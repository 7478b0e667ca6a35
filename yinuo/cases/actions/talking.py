"""What goes to the customer in the course of a case: receipt, questions, alternatives, the reply."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from yinuo.cases import access, models
from yinuo.kit import actors, refusals, rows, subjects, words
from yinuo.letters import access as letters_access
from yinuo.letters import models as letters
from yinuo.letters.actions import outgoing, threads
from yinuo.org import models as org
from yinuo.records import actions as records
from yinuo.records import queries as records_queries


class CannotTalk(refusals.Refusal):
    """This cannot be said to the customer like this."""


def language_of(case: models.Case) -> str:
    """In which language the customer is written to: Chinese, else English."""
    language = case.contact.language if case.contact else case.customer.language
    return "zh-hans" if language.startswith("zh") else "en"


TITLES = {
    letters.Purpose.CLARIFICATION: _("Clarification: {case}"),
    letters.Purpose.ALTERNATIVE: _("Alternative: {case}"),
    letters.Purpose.REPLY: _("Reply: {case}"),
    letters.Purpose.NOTICE: _("Progress: {case}"),
}


@transaction.atomic
def acknowledge(
    *, case: models.Case, at: datetime, way: str, to_whom: str, by: actors.Actor, now: datetime
) -> models.Case:
    """Keep when, how and to whom receipt was confirmed (S5 1(3), C04)."""
    access.require_part(by, case)
    if way not in letters.Way.values:
        raise CannotTalk(_("Please choose how it was said."), field="way")
    if at > now:
        raise CannotTalk(_("Receipt cannot have been confirmed in the future."), field="sent_at")
    if at < case.notified_at:
        raise CannotTalk(_("Receipt cannot have been confirmed before we were notified."), field="sent_at")
    changes = _change(case, acknowledged_at=at, acknowledged_way=way)
    records.write(
        by=by, now=now, word="cases.case.acknowledged", subject=case, changes=changes, note={"to": to_whom.strip()}
    )
    return case


def _change(case: models.Case, **values: object) -> list[rows.Change]:
    """Set columns that no person edits by hand; the version stays, so that nobody's open dialog is refused."""
    changes = rows.differences(case, values)
    models.Case.objects.filter(pk=case.pk).update(**values)
    for name, value in values.items():
        setattr(case, name, value)
    return changes


@transaction.atomic
def decline(
    *, case: models.Case, reason: str, by: actors.Actor, now: datetime, field: str = "decline_reason"
) -> models.Case:
    """Keep why a request is not accepted, or its plan refused; `field` is where the reason is asked."""
    access.require_part(by, case)
    if not reason.strip():
        raise CannotTalk(_("Please say why it is not accepted."), field=field)
    changes = _change(case, end_reason=reason.strip())
    records.write(by=by, now=now, word="cases.case.declined", subject=case, changes=changes, reason=reason)
    return case


@transaction.atomic
def promise(*, case: models.Case, promised_on: date | None, by: actors.Actor, now: datetime) -> models.Case:
    """Keep the day that we promise to the customer."""
    access.require_part(by, case)
    if promised_on is not None and (changes := _change(case, promised_on=promised_on)):
        records.write(by=by, now=now, word="cases.case.promised", subject=case, changes=changes)
    return case


def _thread_of(case: models.Case, purpose: str, item: models.Item | None = None) -> letters.Thread | None:
    """The open talk of this purpose about the case (or the item)."""
    about = item.ref if item is not None else subjects.ref(case)
    found = letters.Thread.objects.select_related("customer").exclude(state=letters.ThreadState.CLOSED)
    return found.filter(subject_type=about.type, subject_id=about.id, purpose=purpose).order_by("pk").last()


@transaction.atomic
def say(
    *,
    case: models.Case,
    purpose: str,
    text: str,
    by: org.Person,
    now: datetime,
    item: models.Item | None = None,
    way: str = "",
    sent_at: datetime | None = None,
    must_release: bool = False,
) -> letters.Letter:
    """Put a letter into the talk of this purpose (opened when there is none) and release it if the person may.

    Whoever releases says the way and moment it was sent. Somebody who does not release asks for it, unless
    `must_release`: then it is refused with the names of those who do.
    """
    access.require_part(by, case)
    if not text.strip():
        raise CannotTalk(_("Please write down what the customer is to be told."), field="text")
    thread = _thread_of(case, purpose, item)
    if thread is None:
        title = words.both(
            format_lazy(TITLES[letters.Purpose(purpose)], case=item.subject_label if item else case.number)
        )
        thread = threads.open_thread(
            subject=item.ref if item else case,
            customer=case.customer,
            title=title[1] if language_of(case) == "en" else title[0],
            purpose=purpose,
            by=by,
            now=now,
        )
    if must_release:
        letters_access.require_releaser(by, thread, now)
    releases = letters_access.may_release(by, thread, now)
    if releases and way not in letters.Way.values:
        raise CannotTalk(_("Please say how it was sent."), field="way")
    if releases and sent_at is not None and sent_at > now:
        raise CannotTalk(_("It cannot have been sent in the future."), field="sent_at")
    letter = outgoing.draft(
        thread=thread,
        text=text,
        way=way or letters.Way.MAIL,
        contact=case.contact,
        speaker=case.said_by,
        ask=not releases,
        is_answer=purpose == letters.Purpose.REPLY and item is None,
        by=by,
        now=now,
    )
    return outgoing.release(letter=letter, by=by, now=now, expected=letter.version) if releases else letter


@transaction.atomic
def enclose(
    *, letter: letters.Letter, case: models.Case, tokens: Sequence[str], by: actors.Actor, now: datetime
) -> None:
    """Files of the case go with a letter: they hang on it too."""
    access.require_part(by, case)
    for file in records_queries.attachments(case).filter(token__in=tokens, voided_at=None):
        with file.blob.path.open("rb") as content:
            records.attach(subject=letter.ref, content=content, name=file.name, by=by, now=now, kind="file")


@transaction.atomic
def note_sent(
    *, case: models.Case, purpose: str, way: str, sent_at: datetime, by: org.Person, now: datetime,
    item: models.Item | None = None,
) -> letters.Letter | None:  # fmt: skip
    """Note that the released letter of this purpose went out; the reply is what tells the customer (S5 4(1))."""
    thread = _thread_of(case, purpose, item)
    letter = thread.letters.filter(state=letters.LetterState.RELEASED).last() if thread else None
    if letter is None:
        return None
    outgoing.mark_sent(letter=letter, sent_at=sent_at, way=way, by=by, now=now, expected=letter.version)
    if letter.is_answer:
        case.answered_at = sent_at  # kept as the letter went out
    elif purpose == letters.Purpose.REPLY:  # drafted before letters said so themselves
        answer(case=case, at=sent_at, by=by, now=now)
    return letter


@transaction.atomic
def answer(*, case: models.Case, at: datetime, by: actors.Actor, now: datetime) -> None:
    """A letter that answers the request went out, in a step of its procedure or beside it: the customer is told."""
    if changes := _change(case, answered_at=at):
        records.write(by=by, now=now, word="cases.case.answered", subject=case, changes=changes)
