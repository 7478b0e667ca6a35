"""Mails of ours that came back: shown at the letter, for each recipient and why; whoever sent it is told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from yinuo.kit import actors, plugs
from yinuo.kit import words as kit_words
from yinuo.letters import models, queries, rules
from yinuo.letters.actions import story
from yinuo.notify import actions as notify

State = models.Recipient.State


def note(
    *,
    mail: models.Mail,
    came: Sequence[str],
    reported: Sequence[tuple[str, str]],
    by: actors.Actor,
    now: datetime,
) -> None:
    """Note at our letter whom a server could not reach; `came` are the numbers its mail is about. What is about no
    letter of ours is only kept."""
    dispatch = queries.dispatch_reported(came, f"{mail.heading}\n{mail.text}")
    if dispatch is None:
        return
    reached = dispatch.recipients.exclude(state=State.REFUSED)
    failed = rules.bounced_among([each.address for each in reached], reported, mail.text)
    if not failed:
        return
    for row in reached.filter(address__in=list(failed)):
        models.Recipient.objects.filter(pk=row.pk).update(
            state=State.BOUNCED, words=failed[row.address][:1000], told_at=now
        )
    letter = dispatch.letter
    models.Mail.objects.filter(pk=mail.pk).update(
        customer=letter.thread.customer, site=letter.site_id, scope=letter.scope_id, led_to_type=letter.ref.type,
        led_to_id=letter.pk, led_to_url=letter.get_absolute_url(),
    )  # fmt: skip
    if mail.scope_id != letter.scope_id:
        mark = {"type": mail.subject_type, "id": mail.pk, "scope_id": letter.scope_id, "was": mail.scope_id}
        plugs.announce("kit.rescoped", by=by, now=now, **mark)
    story.tell(
        thread=letter.thread, done="bounced", by=by, now=now, changes=[], reason=", ".join(failed), letter=letter
    )
    tell_trouble(dispatch, ", ".join(failed), now=now)


def tell_trouble(dispatch: models.Dispatch, about: str, *, now: datetime) -> None:
    """Tell whoever sent a letter that it did not reach somebody."""
    words = _("A letter to %(customer)s did not reach %(who)s: %(matter)s")
    tell(dispatch, "letter_undelivered", words, who=about[:200], now=now)


def tell(dispatch: models.Dispatch, kind: str, words: Any, *, now: datetime, **facts: str) -> None:
    """Tell whoever sent a letter what became of it."""
    letter = dispatch.letter
    customer, matter = letter.thread.customer, letter.thread.title
    notify.tell(
        people=[dispatch.asked_by],
        subject=letter.ref,
        kind=kind,
        words=kit_words.filled(words, customer=customer, matter=matter, **facts),
        discreet=_("A letter to a customer"),
        now=now,
    )
