"""Letters that the product sends by mail: wished for by whoever releases, taken back, decided about when unsure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.customers import models as customers
from yinuo.kit import jobs, refusals, rows
from yinuo.letters import access, models, queries, rules
from yinuo.letters.actions import outgoing, story
from yinuo.org import models as org
from yinuo.records import models as records

State = models.Dispatch.State
Reached = models.Recipient.State
Contacts = Sequence[customers.CustomerContact]


class CannotSend(refusals.Refusal):
    """The letter cannot be sent like this."""


@transaction.atomic
def send(
    *,
    letter: models.Letter,
    sender: models.Sender,
    to: Contacts,
    cc: Contacts = (),
    heading: str,
    files: Sequence[records.Attachment] = (),
    answer_due_at: datetime | None = None,
    is_answer: bool | None = None,
    by: org.Person,
    now: datetime,
    expected: int,
) -> models.Dispatch:
    """Have a released letter sent by mail, ten seconds from now at the earliest. Only who releases may: whom it goes
    to and what is enclosed goes out with it."""
    thread = letter.thread
    access.require_releaser(by, thread, now)
    if not rules.may_send(letter.state):
        raise CannotSend(_("Only a released letter can go out."))
    outgoing.require_not_under_way(letter)
    _check(letter, sender, to, cc, heading, files, by)
    answers = letter.is_answer if is_answer is None else is_answer
    outgoing.require_answerable(thread, is_answer=answers)
    if answers == letter.is_answer:
        rows.touch(letter, expected=expected)
        changes = []
    else:
        changes = rows.change(letter, expected=expected, is_answer=answers)
    ids = queries.header_ids(thread)
    dispatch = models.Dispatch.objects.create(
        letter=letter,
        sender=sender,
        heading=rules.heading_with(heading, queries.token_of(thread)),
        header_id=queries.new_header_id(thread, sender.mailbox.address),
        answers=ids[-1] if ids else "",
        references=" ".join(ids[-20:]),
        files=[each.pk for each in files],
        answer_due_at=answer_due_at,
        asked_by=by,
        asked_at=now,
        next_at=now + rules.UNDO,
    )
    _address(dispatch, to, cc)
    note = {"to": "、".join(str(each) for each in dispatch.recipients.order_by("pk")), "heading": dispatch.heading}
    if files:
        note["files"] = "、".join(each.name for each in files)
    story.tell(thread=thread, done="to_be_sent", by=by, now=now, changes=changes, letter=letter, note=note)
    jobs.soon("letters.post", within=1, after=int(rules.UNDO.total_seconds()))
    return dispatch


def _address(dispatch: models.Dispatch, to: Contacts, cc: Contacts) -> None:
    kinds = [(models.Recipient.Kind.TO, to), (models.Recipient.Kind.CC, cc)]
    chosen = {each.email.lower(): (kind, each) for kind, people in reversed(kinds) for each in people}
    models.Recipient.objects.bulk_create(
        models.Recipient(dispatch=dispatch, kind=kind, contact=each, name=each.name, address=each.email)
        for kind, each in sorted(chosen.values(), key=lambda it: (it[0] != models.Recipient.Kind.TO, it[1].pk))
    )


def _check(
    letter: models.Letter,
    sender: models.Sender,
    to: Contacts,
    cc: Contacts,
    heading: str,
    files: Sequence[records.Attachment],
    by: org.Person,
) -> None:
    if not to:
        raise CannotSend(_("Please choose to whom it goes."), field="to")
    if len(to) + len(cc) > rules.MOST_RECIPIENTS:
        raise CannotSend(_("At most %(n)s recipients.") % {"n": rules.MOST_RECIPIENTS}, field="cc")
    for field, people in (("to", to), ("cc", cc)):
        for each in people:
            story.check_way(thread=letter.thread, way=models.Way.MAIL, contact=each)
            if not each.email:
                words = _("%(name)s has no mail address on record. Enter it with the contact, or choose somebody else.")
                raise CannotSend(words % {"name": each.name}, field=field)
            if each.to_on is not None and each.to_on < timezone.localdate():
                words = _("%(name)s is not at the customer any more.")
                raise CannotSend(words % {"name": each.name}, field=field)
    if not heading.strip():
        raise CannotSend(_("Please write a subject line."), field="heading")
    if not queries.senders(letter.thread).filter(pk=sender.pk).exists():
        raise CannotSend(_("Please choose from which mailbox it leaves."), field="sender")
    lawful = {each.pk for part in queries.enclosable(letter, by) for each in part}
    if any(each.pk not in lawful for each in files):
        raise CannotSend(_("One of these files may not be enclosed. Please choose again."), field="files")
    size = sum(each.blob.size for each in files)
    if size > rules.MOST_BYTES:
        words = _(
            "The files have %(size)s MB together; at most %(most)s MB go by mail. Put the large ones on the portal."
        )
        facts = {"size": round(size / 1024 / 1024, 1), "most": rules.MOST_BYTES // 1024 // 1024}
        raise CannotSend(words % facts, field="files")


def under_way(letter: models.Letter) -> models.Dispatch | None:
    """The mail that carries the letter now, as long as nobody knows its end."""
    return models.Dispatch.objects.filter(letter=letter, state__in=models.Dispatch.OPEN).first()


@transaction.atomic
def cancel(*, letter: models.Letter, by: org.Person, now: datetime) -> models.Dispatch:
    """Take back a mail that has not left: within the ten seconds, or while it waits for another try."""
    access.require_writer(by, letter.thread)
    dispatch = under_way(letter)
    held = models.Dispatch.objects.filter(pk=dispatch.pk if dispatch else 0, state=State.WAITING)
    # What some servers have taken already cannot be taken back from the others unseen: it is a letter sent to some.
    if dispatch is None or not held.update(state=State.CANCELLED, version=dispatch.version + 1):
        raise CannotSend(_("It has left already, or is just leaving."))
    dispatch.refresh_from_db()
    story.tell(thread=letter.thread, done="sending_cancelled", by=by, now=now, changes=[], letter=letter)
    if dispatch.recipients.filter(state=Reached.TAKEN).exists():
        finish(dispatch=dispatch, state=State.CANCELLED, now=now)
    return dispatch


@transaction.atomic
def decide(*, letter: models.Letter, arrived: bool, by: org.Person, now: datetime) -> models.Dispatch:
    """Of a mail that was perhaps sent a person says that it went out, or has it sent once more (under the same number,
    so that a program shows it once)."""
    access.require_releaser(by, letter.thread, now)
    dispatch = under_way(letter)
    if dispatch is None or dispatch.state != State.UNCERTAIN:
        raise CannotSend(_("Nothing is unsure about this letter any more."))
    handed = dispatch.recipients.filter(state=Reached.HANDED)
    if arrived:
        handed.update(state=Reached.TAKEN, told_at=now, words="")
        story.tell(thread=letter.thread, done="said_to_have_left", by=by, now=now, changes=[], letter=letter)
        finish(dispatch=dispatch, state=State.SENT, now=now)
        return dispatch
    handed.update(state=Reached.WAITING)
    models.Dispatch.objects.filter(pk=dispatch.pk).update(
        state=State.WAITING, next_at=now, attempts=0, handed_at=None, error="", version=dispatch.version + 1
    )
    story.tell(thread=letter.thread, done="to_be_sent_again", by=by, now=now, changes=[], letter=letter)
    jobs.soon("letters.post", within=1)
    return dispatch


@transaction.atomic
def try_now(*, letter: models.Letter, by: org.Person, now: datetime) -> None:
    """Do not wait for the next try: the server is said to be well again."""
    access.require_writer(by, letter.thread)
    waiting = models.Dispatch.objects.filter(letter=letter, state=State.WAITING, attempts__gt=0)
    if not waiting.update(next_at=now):
        raise CannotSend(_("No mail with this letter waits for another try."))
    story.tell(thread=letter.thread, done="tried_now", by=by, now=now, changes=[], letter=letter)
    jobs.soon("letters.post", within=1)


def finish(*, dispatch: models.Dispatch, state: str, now: datetime, **values: Any) -> None:
    """Every recipient has had their say: the letter is sent if one took it. In the caller's transaction."""
    taken = dispatch.recipients.filter(state=Reached.TAKEN).exists()
    sent_at = dispatch.handed_at or now
    wants_copy = taken and bool(dispatch.sender.sent_folder)
    models.Dispatch.objects.filter(pk=dispatch.pk).update(
        state=state,
        sent_at=sent_at if taken else None,
        claimed_until=None,
        copy=models.Dispatch.Copy.WANTED if wants_copy else models.Dispatch.Copy.NONE,
        next_at=now,
        **values,
    )
    letter = models.Letter.objects.select_related("thread__customer").get(pk=dispatch.letter_id)
    if taken and letter.state == models.LetterState.RELEASED:
        outgoing.note_left(
            letter=letter, sent_at=sent_at, answer_due_at=dispatch.answer_due_at, by=dispatch.asked_by, now=now
        )
