"""The poster: sends what is due, lines for one group together in one post.

A post that died before it was handed over told nobody and is simply sent again. One that died afterwards, or got no
answer, may have arrived: a program recognises it by its lasting id, so it is sent again; a group would read it twice,
so it is marked as perhaps delivered and people look at it.
"""

import logging
import time
import uuid
from datetime import datetime, timedelta
from types import ModuleType

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from yinuo.kit import jobs, outgoing, vault
from yinuo.messengers import definition, models, queries, rules
from yinuo.messengers.channels import dingtalk, feishu, webhook, wecom

log = logging.getLogger(__name__)

VISIT = 30.0  # seconds one visit may take before it asks for another
CHANNELS: dict[str, ModuleType] = {
    definition.Kind.WECOM: wecom,
    definition.Kind.DINGTALK: dingtalk,
    definition.Kind.FEISHU: feishu,
    definition.Kind.WEBHOOK: webhook,
}
State = models.Delivery.State
Ending = models.Delivery.Ending
Rows = list[models.Delivery]


@jobs.job("messengers.post", outside=True)
def post() -> None:
    """Send what is due now, one post for each receiver in turn."""
    began = time.monotonic()
    while receivers := queries.ready(timezone.now()):
        for receiver in receivers:
            send(receiver)
            if time.monotonic() - began > VISIT:
                break
        else:
            continue
        break
    _come_again()


@jobs.every(1, "messengers.look")
def look() -> None:
    """Ask for the poster when something is due: what was held over night, or is to be tried again."""
    if queries.ready(timezone.now()):
        jobs.soon("messengers.post", within=1)


def _come_again() -> None:
    """What a messenger's limit held back leaves as soon as it may, not at the next minute."""
    if (at := queries.next_moment()) is not None and at - timezone.now() < timedelta(minutes=1):
        jobs.soon("messengers.post", within=1, after=max(int((at - timezone.now()).total_seconds()), 0))


def send(receiver: models.Receiver) -> None:
    """Claim what is due for a receiver, send it in one post, and note the outcome."""
    found = claim(receiver, timezone.now())
    if not found:
        return
    try:
        wanted = _written(receiver, found, timezone.now())
    except (vault.Unreadable, ValueError):
        _end(found, State.FAILED, error=Ending.UNREADABLE)
        return
    _hand_over(found)
    try:
        outcome = CHANNELS[receiver.kind].outcome(
            outgoing.ask("POST", wanted.address, headers=wanted.headers, content=wanted.body)
        )
    except outgoing.CannotAsk as refusal:
        outcome = definition.Outcome(definition.Verdict.REFUSED, str(refusal))
    except outgoing.Away as away:
        outcome = definition.Outcome(definition.Verdict.LATER, str(away))
    except outgoing.Unknown as unknown:
        _doubt(receiver, found, str(unknown))
        return
    _note(receiver, found, outcome)


def claim(receiver: models.Receiver, now: datetime) -> Rows:
    """Take what goes into the next post: as many lines as fit, one event for a program."""
    with transaction.atomic():
        _settle_dead(receiver, now)
        waiting = receiver.deliveries.filter(state=State.WAITING, next_at__lte=now).order_by("next_at", "pk")
        found = list(waiting.select_for_update()[: 1 if receiver.is_webhook else rules.MOST_LINES])
        if not receiver.is_webhook and found:
            most = CHANNELS[receiver.kind].MOST
            found = found[: rules.taken_together([row.text for row in found], most)]
        together = uuid.uuid4()
        models.Delivery.objects.filter(pk__in=[row.pk for row in found]).update(
            state=State.SENDING, claimed_until=now + rules.LEASE, handed_at=None, post=together,
            attempts=F("attempts") + 1, version=F("version") + 1,
        )  # fmt: skip
        for row in found:
            row.attempts += 1
    return found


def _settle_dead(receiver: models.Receiver, now: datetime) -> None:
    """What a sender that died has left: certainly not sent waits again, perhaps sent is decided by the kind."""
    dead = receiver.deliveries.filter(state=State.SENDING, claimed_until__lt=now)
    dead.filter(handed_at=None).update(state=State.WAITING, version=F("version") + 1)
    then = State.WAITING if receiver.is_webhook else State.UNCERTAIN
    dead.exclude(handed_at=None).update(state=then, version=F("version") + 1, error=Ending.DIED)


def _written(receiver: models.Receiver, found: Rows, now: datetime) -> definition.Post:
    address, secret = vault.unseal(receiver.address_sealed), vault.unseal(receiver.secret_sealed)
    if receiver.is_webhook:
        row = found[0]
        return webhook.post(address=address, secret=secret, key=str(row.key), payload=row.payload, at=now)
    channel = CHANNELS[receiver.kind]
    text = rules.cut("\n".join(row.text for row in found), channel.MOST)
    written: definition.Post = channel.post(address=address, secret=secret, text=text, at=now)
    return written


def _hand_over(found: Rows) -> None:
    models.Delivery.objects.filter(pk__in=[row.pk for row in found]).update(handed_at=timezone.now())


def _note(receiver: models.Receiver, found: Rows, outcome: definition.Outcome) -> None:
    """Taken; refused for good; or later, and then not before the receiver wants."""
    now = timezone.now()
    gap = max(CHANNELS[receiver.kind].GAP, outcome.wait if outcome.is_crowded else 0)
    models.Receiver.objects.filter(pk=receiver.pk).update(next_post_at=now + timedelta(seconds=gap))
    if outcome.verdict == definition.Verdict.TAKEN:
        _end(found, State.SENT, sent_at=now)
    elif outcome.verdict == definition.Verdict.REFUSED:
        _end(found, State.FAILED, error=outcome.words)
    elif outcome.is_crowded:
        again = now + timedelta(seconds=outcome.wait)
        _end(found, State.WAITING, error=outcome.words, next_at=again, attempts=F("attempts") - 1)
    else:
        _try_again(found, outcome.words, outcome.wait)


def _try_again(found: Rows, words: str, wait: int = 0) -> None:
    for row in found:
        at = rules.next_try(timezone.now(), row.attempts, wait)
        if at is None:
            _end([row], State.FAILED, error=words)
        else:
            _end([row], State.WAITING, error=words, next_at=at)


def _doubt(receiver: models.Receiver, found: Rows, words: str) -> None:
    """Handed over, and no answer: a program gets it again under the same id, a group is not told twice."""
    if receiver.is_webhook:
        _try_again(found, words)
    else:
        _end(found, State.UNCERTAIN, error=words)


def _end(found: Rows, state: str, **values: object) -> None:
    """Note the outcome of a try for what is still ours."""
    if "error" in values:
        values["error"] = str(values["error"])[:400]
    models.Delivery.objects.filter(pk__in=[row.pk for row in found], state=State.SENDING).update(
        state=state, claimed_until=None, version=F("version") + 1, **{"error": "", **values}
    )
    if state == State.FAILED:
        log.warning("post of %s lines failed: %s", len(found), values.get("error"))
