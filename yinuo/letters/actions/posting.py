"""What a try to send a mail leaves behind: claimed, handed over, taken, refused, unsure. Called by the poster only.

A try that died before the text was handed over sent nothing and is made again. One that died after it may have sent
the mail: that is what the letter says then, and a person decides.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.kit import actors
from yinuo.letters import models, rules
from yinuo.letters.actions import bouncing, outgoing, sending, story
from yinuo.records import actions as records

State = models.Dispatch.State
Reached = models.Recipient.State
SENT_KIND = "sent"


@transaction.atomic
def claim(*, dispatch: models.Dispatch, by: actors.Actor, now: datetime) -> bool:
    """Take a mail for sending; false when another worker was faster, its letter was withdrawn, or nobody knows whether
    it left."""
    row = models.Dispatch.objects.filter(pk=dispatch.pk, state=dispatch.state, version=dispatch.version)
    next_version = dispatch.version + 1
    if dispatch.state == State.SENDING and dispatch.handed_at is not None:
        if row.update(state=State.UNCERTAIN, claimed_until=None, version=next_version):
            _tell_unsure(dispatch, by=by, now=now)
        return False
    if dispatch.letter.state not in (models.LetterState.RELEASED, models.LetterState.SENT):
        row.update(state=State.CANCELLED, claimed_until=None, version=next_version)
        return False
    dispatch.attempts += 1
    dispatch.handed_at = None
    values = {"claimed_until": now + rules.SENDING_LEASE, "handed_at": None, "attempts": dispatch.attempts}
    claimed = row.update(state=State.SENDING, version=next_version, **values)
    dispatch.state, dispatch.version = State.SENDING, next_version
    return claimed == 1


@transaction.atomic
def handing_over(*, dispatch: models.Dispatch, addresses: list[str], by: actors.Actor, now: datetime) -> None:
    """The text is about to be handed over for these."""
    models.Dispatch.objects.filter(pk=dispatch.pk).update(handed_at=now)
    dispatch.recipients.filter(address__in=addresses).update(state=Reached.HANDED, told_at=now)
    dispatch.handed_at = now


def _locked(dispatch: models.Dispatch) -> bool:
    """Whether the outcome of this try is still wanted: nobody has decided about it meanwhile."""
    found = models.Dispatch.objects.select_for_update().filter(
        pk=dispatch.pk, attempts=dispatch.attempts, state__in=[State.SENDING, State.UNCERTAIN]
    )
    return found.first() is not None


@transaction.atomic
def outcome(
    *, dispatch: models.Dispatch, said: Mapping[str, tuple[str, str]], content: bytes, by: actors.Actor, now: datetime
) -> None:
    """Note what the server said of each address: (state, its words)."""
    if not _locked(dispatch):
        return
    for address, (state, words) in said.items():
        row = dispatch.recipients.filter(address=address)
        row.update(state=state, words=words[:1000], told_at=now)
    if any(state == Reached.TAKEN for state, _words in said.values()):
        _keep(dispatch, content, now)
    _go_on(dispatch, now)
    refused = [address for address, (state, _words) in said.items() if state == Reached.REFUSED]
    if refused:
        _tell_refused(dispatch, refused, by=by, now=now)


def _keep(dispatch: models.Dispatch, content: bytes, now: datetime) -> None:
    """What left hangs on its letter, byte for byte; with the first who took it, the letter is sent."""
    letter = models.Letter.objects.select_related("thread__customer").get(pk=dispatch.letter_id)
    if dispatch.sent_at is None:
        name = f"{dispatch.heading[:80]}.eml"
        records.attach(subject=letter.ref, content=content, name=name, by=dispatch.asked_by, now=now, kind=SENT_KIND)
    models.Dispatch.objects.filter(pk=dispatch.pk, sent_at=None).update(sent_at=dispatch.handed_at or now)
    if letter.state == models.LetterState.RELEASED:
        due = dispatch.answer_due_at
        outgoing.note_left(
            letter=letter, sent_at=dispatch.handed_at or now, answer_due_at=due, by=dispatch.asked_by, now=now
        )


def _go_on(dispatch: models.Dispatch, now: datetime) -> None:
    """To be tried again for those whom it has not reached, as long as there is hope; else it is over."""
    waiting = dispatch.recipients.filter(state=Reached.WAITING)
    next_at = rules.next_try(now, dispatch.attempts)
    if waiting.exists() and next_at is not None:
        models.Dispatch.objects.filter(pk=dispatch.pk).update(
            state=State.WAITING, next_at=next_at, claimed_until=None, error=""
        )
        return
    waiting.update(state=Reached.REFUSED)
    taken = dispatch.recipients.filter(state=Reached.TAKEN).exists()
    sending.finish(dispatch=dispatch, state=State.SENT if taken else State.FAILED, now=now, error="")


@transaction.atomic
def not_now(*, dispatch: models.Dispatch, words: str, for_good: bool = False, by: actors.Actor, now: datetime) -> None:
    """Nothing was handed over: again later, ever more seldom, and not at all after two days; the letter says why."""
    if not _locked(dispatch):
        return
    next_at = None if for_good else rules.next_try(now, dispatch.attempts)
    row = models.Dispatch.objects.filter(pk=dispatch.pk)
    if next_at is not None:
        row.update(state=State.WAITING, next_at=next_at, claimed_until=None, error=words[:1000])
        return
    dispatch.recipients.filter(state=Reached.WAITING).update(state=Reached.REFUSED, words=words[:1000], told_at=now)
    taken = dispatch.recipients.filter(state=Reached.TAKEN).exists()
    sending.finish(dispatch=dispatch, state=State.SENT if taken else State.FAILED, now=now, error=words[:1000])
    _tell_refused(
        dispatch, [each.address for each in dispatch.recipients.filter(state=Reached.REFUSED)], by=by, now=now
    )


@transaction.atomic
def unsure(*, dispatch: models.Dispatch, words: str, by: actors.Actor, now: datetime) -> None:
    """The text was handed over and no answer came."""
    if not _locked(dispatch):
        return
    models.Dispatch.objects.filter(pk=dispatch.pk).update(state=State.UNCERTAIN, claimed_until=None, error=words[:1000])
    _tell_unsure(dispatch, by=by, now=now)


def _tell_refused(dispatch: models.Dispatch, refused: list[str], *, by: actors.Actor, now: datetime) -> None:
    who = ", ".join(refused)
    story.tell(
        thread=dispatch.letter.thread, done="refused", by=by, now=now, letter=dispatch.letter,
        changes=[], note={"to": who},
    )  # fmt: skip
    bouncing.tell_trouble(dispatch, who, now=now)


def _tell_unsure(dispatch: models.Dispatch, *, by: actors.Actor, now: datetime) -> None:
    """Whoever sent it decides whether it arrived; the trail says that nobody knows."""
    letter = dispatch.letter
    story.tell(thread=letter.thread, done="perhaps_sent", by=by, now=now, letter=letter, changes=[])
    bouncing.tell(
        dispatch, "letter_uncertain", _("A letter to %(customer)s was perhaps sent, please decide: %(matter)s"), now=now
    )


@transaction.atomic
def copied(*, dispatch: models.Dispatch, words: str, by: actors.Actor, now: datetime) -> None:
    """A copy lies in the mailbox (no words), or could not be put there, which is tried a few times."""
    copy = models.Dispatch.Copy
    tries = dispatch.copy_tries + 1
    next_at = rules.next_try(now, tries, rules.COPY_RETRIES) if words else None
    state = copy.KEPT if not words else copy.WANTED if next_at else copy.FAILED
    models.Dispatch.objects.filter(pk=dispatch.pk, copy=copy.WANTED).update(
        copy=state, copy_tries=tries, next_at=next_at or now
    )
