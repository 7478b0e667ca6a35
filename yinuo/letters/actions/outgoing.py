"""What goes out to a customer: drafted by anybody, released by the window, sent by hand or by mail (`sending`).

Announced in the caller's transaction: `letters.released` and `letters.sent`, each with `subject` (what the talk is
about), `thread`, `letter`, `by`, `now`.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from yinuo.customers import models as customers
from yinuo.kit import actors, refusals, rows
from yinuo.letters import access, models, queries, rules
from yinuo.letters.actions import story
from yinuo.letters.engine import placeholders
from yinuo.notify import actions as notify
from yinuo.org import models as org

State = models.LetterState


class CannotDraft(refusals.Refusal):
    """Nothing can be written here."""


class CannotRelease(refusals.Refusal):
    """The letter cannot be released."""


class CannotSend(refusals.Refusal):
    """The letter cannot be marked as sent."""


@transaction.atomic
def draft(
    *,
    thread: models.Thread,
    text: str,
    way: str = models.Way.MAIL,
    contact: customers.CustomerContact | None = None,
    speaker: str = "",
    heading: str = "",
    ask: bool = False,
    is_answer: bool = False,
    by: org.Person,
    now: datetime,
) -> models.Letter:
    """Draft a letter to the customer. With `ask` it is put before whoever releases; `is_answer`: it answers
    the request that the talk is about."""
    access.require_writer(by, thread)
    story.check_way(thread=thread, way=way, contact=contact)
    require_answerable(thread, is_answer=is_answer)
    values: dict[str, Any] = {"heading": heading, "asked_at": now if ask else None, "is_answer": is_answer}
    letter = _put(thread, text, way, contact, speaker=speaker, author=by, now=now, **values)
    story.tell(
        thread=thread,
        done="drafted",
        by=by,
        now=now,
        changes=rows.created(letter, "way", "speaker", "heading", "text"),
        letter=letter,
    )
    _ask(letter, was_asked=False, by=by, now=now)
    return letter


@transaction.atomic
def draft_by_plan(
    *,
    thread: models.Thread,
    heading: str,
    text: str,
    contact: customers.CustomerContact | None,
    author: org.Person,
    by: actors.Actor,
    now: datetime,
) -> models.Letter:
    """Draft what is due by a plan of its author's, and put it before whoever releases; the program is who did it."""
    access.require_writer(author, thread)
    way = models.Way.MAIL
    values: dict[str, Any] = {"heading": heading[:200], "asked_at": now, "is_automatic": True}
    letter = _put(thread, text, way, contact, author=author, now=now, **values)
    changes = rows.created(letter, "speaker", "heading", "text")
    story.tell(thread=thread, done="progress_drafted", by=by, now=now, changes=changes, letter=letter)
    return letter


def _put(
    thread: models.Thread,
    text: str,
    way: str,
    contact: customers.CustomerContact | None,
    *,
    speaker: str = "",
    author: org.Person,
    now: datetime,
    **values: Any,
) -> models.Letter:
    """A draft in its talk, with its first version."""
    letter = models.Letter.objects.create(
        thread=thread,
        direction=models.Direction.OUT,
        state=State.DRAFT,
        way=way,
        contact=contact,
        speaker=speaker or (contact.name if contact else ""),
        text=text,
        entered_at=now,
        entered_by=author,
        scope_id=thread.scope_id,
        site_id=thread.site_id,
        **values,
    )
    _keep_version(letter, by=author, now=now)
    story.move(thread=thread, now=now)
    return letter


@transaction.atomic
def change_draft(
    *,
    letter: models.Letter,
    text: str,
    way: str,
    contact: customers.CustomerContact | None = None,
    speaker: str = "",
    heading: str = "",
    ask: bool = False,
    is_answer: bool | None = None,
    by: org.Person,
    now: datetime,
    expected: int,
) -> models.Letter:
    """Write a new version of a draft; earlier ones stay. Refused once it is released."""
    thread = letter.thread
    access.require_writer(by, thread)
    if not rules.may_change(letter.state):
        raise CannotDraft(_("This letter is released; withdraw it to write another."))
    story.check_way(thread=thread, way=way, contact=contact)
    answers = letter.is_answer if is_answer is None else is_answer
    require_answerable(thread, is_answer=answers)
    was, was_asked = letter.text, letter.asked_at is not None
    changes = rows.change(
        letter,
        expected=expected,
        text=text,
        way=way,
        contact=contact,
        speaker=speaker or (contact.name if contact else ""),
        heading=heading,
        asked_at=(letter.asked_at or now) if ask else None,
        sent_back_reason="" if ask else letter.sent_back_reason,
        is_answer=answers,
    )
    if text != was:
        _keep_version(letter, by=by, now=now)
    if changes:
        story.move(thread=thread, now=now)
        story.tell(thread=thread, done="draft_changed", by=by, now=now, changes=changes, letter=letter)
        _ask(letter, was_asked=was_asked, by=by, now=now)
    return letter


@transaction.atomic
def send_back(*, letter: models.Letter, reason: str, by: org.Person, now: datetime, expected: int) -> models.Letter:
    """Whoever releases gives the draft back to be rewritten, with the reason."""
    access.require_releaser(by, letter.thread, now)
    if letter.state != State.DRAFT:
        raise CannotRelease(_("This letter is no longer a draft."))
    if not reason.strip():
        raise CannotRelease(_("Please give the reason."), field="reason")
    changes = rows.change(letter, expected=expected, asked_at=None, sent_back_reason=reason.strip())
    story.tell(
        thread=letter.thread, done="sent_back", by=by, now=now, changes=changes[:1], letter=letter, reason=reason
    )
    _tell_author(letter, "letter_sent_back", _("Your draft to {customer} was sent back: {matter}"), by=by, now=now)
    return letter


@transaction.atomic
def release(*, letter: models.Letter, by: org.Person, now: datetime, expected: int) -> models.Letter:
    """Release a draft in the version seen: only by the customer's window (or deputy, or the post the company named).

    Announces `letters.released`. The text is frozen with it.
    """
    access.require_releaser(by, letter.thread, now)
    if not rules.may_release(letter.state, letter.text):
        raise CannotRelease(_("Only a draft with a text can be released."))
    if placeholders.gaps_in(letter.text):
        raise CannotRelease(_("The text still has gaps that a template left. Please fill them in, then release it."))
    changes = rows.change(letter, expected=expected, state=State.RELEASED, released_at=now, released_by=by)
    story.move(thread=letter.thread, now=now)
    story.tell(thread=letter.thread, done="released", by=by, now=now, changes=changes[:1], letter=letter)
    _tell_author(letter, "letter_released", _("Your draft to {customer} was released: {matter}"), by=by, now=now)
    story.announce(event="letters.released", letter=letter, by=by, now=now)
    return letter


@transaction.atomic
def mark_sent(
    *,
    letter: models.Letter,
    sent_at: datetime,
    way: str = "",
    answer_due_at: datetime | None = None,
    is_answer: bool | None = None,
    by: org.Person,
    now: datetime,
    expected: int,
) -> models.Letter:
    """Record that a released letter went out: when and which way. Proof is attached to the letter.

    Announces `letters.sent`. Where the purpose asks for an answer, the talk waits for the customer.
    """
    thread = letter.thread
    access.require_writer(by, thread)
    if not rules.may_send(letter.state):
        raise CannotSend(_("Only a released letter can go out."))
    require_not_under_way(letter)
    if sent_at > now:
        raise CannotSend(_("It cannot have been sent in the future."), field="sent_at")
    way = way or letter.way
    if way not in models.Way.values:
        raise CannotSend(_("Please choose how it was sent."), field="way")
    answers = letter.is_answer if is_answer is None else is_answer
    require_answerable(thread, is_answer=answers)
    values = {"state": State.SENT, "said_at": sent_at, "sent_by": by, "way": way, "is_answer": answers}
    changes = rows.change(letter, expected=expected, **values)
    _left(letter, changes, answer_due_at, by=by, now=now)
    return letter


@transaction.atomic
def note_left(
    *, letter: models.Letter, sent_at: datetime, answer_due_at: datetime | None, by: org.Person, now: datetime
) -> models.Letter:
    """The product itself sent the letter by mail, for whoever had asked for it. Announces `letters.sent`."""
    values = {"state": State.SENT, "said_at": sent_at, "sent_by": by, "way": models.Way.MAIL}
    changes = rows.change(letter, expected=letter.version, **values)
    _left(letter, changes, answer_due_at, by=by, now=now)
    return letter


def _left(
    letter: models.Letter, changes: list[rows.Change], answer_due_at: datetime | None, *, by: org.Person, now: datetime
) -> None:
    """It is out: the talk may wait for the customer now, and the rooms above hear of it."""
    thread = letter.thread
    values: dict[str, Any] = {}
    if thread.state != models.ThreadState.CLOSED and rules.is_waiting_after(thread.purpose, letter.direction):
        values = {"state": models.ThreadState.WAITING, "due_at": answer_due_at or thread.due_at}
    story.move(thread=thread, now=now, **values)
    told = [c for c in changes if c.field != "sent_by"]
    story.tell(thread=thread, done="sent", by=by, now=now, changes=told, letter=letter)
    story.announce(event="letters.sent", letter=letter, by=by, now=now)


def require_answerable(thread: models.Thread, *, is_answer: bool) -> None:
    """Refuse to call a letter an answer where nothing was asked."""
    if is_answer and not queries.answerable(thread):
        raise CannotDraft(_("Only a letter about a request can answer it."), field="is_answer")


def require_not_under_way(letter: models.Letter) -> None:
    """Refuse while a mail carries the letter, or perhaps did."""
    open_mails = models.Dispatch.objects.filter(letter=letter, state__in=models.Dispatch.OPEN)
    state = open_mails.values_list("state", flat=True).first()
    if state == models.Dispatch.State.UNCERTAIN:
        raise CannotSend(_("It was perhaps sent. Say first whether it arrived, or have it sent again."))
    if state is not None:
        raise CannotSend(_("A mail with this letter is about to leave. Cancel the mail first."))


@transaction.atomic
def withdraw(*, letter: models.Letter, reason: str, by: org.Person, now: datetime, expected: int) -> models.Letter:
    """Take back a letter that did not go out: a draft by whoever may write, a released one by whoever releases."""
    if letter.state == State.RELEASED:
        access.require_releaser(by, letter.thread, now)
    else:
        access.require_writer(by, letter.thread)
    if not rules.may_withdraw(letter.state):
        raise CannotDraft(_("What went out cannot be withdrawn. Write another letter."))
    require_not_under_way(letter)
    if not reason.strip():
        raise CannotDraft(_("Please give the reason."), field="reason")
    changes = rows.change(letter, expected=expected, state=State.WITHDRAWN, asked_at=None)
    story.tell(
        thread=letter.thread, done="withdrawn", by=by, now=now, changes=changes[:1], letter=letter, reason=reason
    )
    return letter


def _keep_version(letter: models.Letter, *, by: org.Person, now: datetime) -> None:
    letter.versions.create(number=letter.versions.count() + 1, text=letter.text, by=by, at=now)


def _ask(letter: models.Letter, *, was_asked: bool, by: org.Person, now: datetime) -> None:
    """Tell whoever releases that a draft waits for them."""
    if letter.asked_at is None or was_asked:
        return
    people = [person for person in access.releasers(letter.thread, now) if person != by]
    words = _("A draft to {customer} waits for your release: {matter}")
    _say(letter, people, "letter_to_release", words, by=by, now=now)


def _tell_author(letter: models.Letter, kind: str, words: Any, *, by: org.Person, now: datetime) -> None:
    _say(letter, [letter.entered_by] if letter.entered_by not in (None, by) else [], kind, words, by=by, now=now)


def _say(
    letter: models.Letter, people: list[org.Person], kind: str, words: Any, *, by: org.Person, now: datetime
) -> None:
    thread = letter.thread
    notify.tell(
        people=people,
        subject=letter.ref,
        kind=kind,
        words=format_lazy(words, customer=thread.customer, matter=thread.title),
        discreet=_("A letter to a customer"),
        now=now,
        by=by,
    )
