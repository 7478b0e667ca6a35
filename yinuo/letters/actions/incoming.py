"""What comes in from a customer, and whether spoken words are confirmed in writing.

`letters.received` is announced with `subject` (what the talk is about), `thread`, `letter`, `by`, `now`.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from yinuo.customers import models as customers
from yinuo.customers import queries as customers_queries
from yinuo.kit import actors, rows
from yinuo.letters import access, models, rules
from yinuo.letters.actions import story
from yinuo.notify import actions as notify
from yinuo.org import models as org


@transaction.atomic
def record_incoming(
    *,
    thread: models.Thread,
    text: str,
    way: str,
    said_at: datetime,
    contact: customers.CustomerContact | None = None,
    speaker: str = "",
    confirm_due_on: date | None = None,
    confirms: models.Letter | None = None,
    by: org.Person,
    now: datetime,
) -> models.Letter:
    """Record what somebody at the customer said or wrote. Announces `letters.received`.

    Spoken words need a day until which the customer is to confirm them in writing (待书面确认). `confirms` names
    earlier spoken words that this writing confirms. The original is attached to the letter.
    """
    access.require_writer(by, thread)
    story.check_way(thread=thread, way=way, contact=contact)
    if not text.strip():
        raise story.CannotRecord(_("Please write down what was said."), field="text")
    if not (contact or speaker.strip()):
        raise story.CannotRecord(_("Please say who at the customer said it."), field="contact")
    if said_at > now:
        raise story.CannotRecord(_("It cannot have been said in the future."), field="said_at")
    if rules.is_spoken(way) and confirm_due_on is None:
        raise story.CannotRecord(_("Spoken words need a day until which they are confirmed."), field="confirm_due_on")
    letter = models.Letter.objects.create(
        thread=thread,
        direction=models.Direction.IN,
        state=models.LetterState.RECEIVED,
        way=way,
        contact=contact,
        speaker=speaker or (contact.name if contact else ""),
        text=text.strip(),
        said_at=said_at,
        entered_at=now,
        entered_by=by,
        confirmation=models.Confirmation.WAITING if confirm_due_on else models.Confirmation.NOT_NEEDED,
        confirm_due_on=confirm_due_on,
        scope_id=thread.scope_id,
        site_id=thread.site_id,
    )
    story.move(thread=thread, now=now, state=models.ThreadState.OPEN)
    told = rows.created(letter, "way", "speaker", "said_at", "text", "confirmation", "confirm_due_on")
    story.tell(thread=thread, done="received", by=by, now=now, changes=told, letter=letter)
    if confirms is not None:
        _confirm(confirms, letter, models.Confirmation.CONFIRMED, by=by, now=now, expected=confirms.version)
    story.announce(event="letters.received", letter=letter, by=by, now=now)
    return letter


@transaction.atomic
def record_mail(
    *,
    thread: models.Thread,
    text: str,
    said_at: datetime,
    contact: customers.CustomerContact | None,
    speaker: str,
    by: actors.Actor,
    now: datetime,
) -> models.Letter:
    """Put a mail of the customer into its talk, as it came. Announces `letters.received`.

    Whether it belongs here was asked by whoever took the mail in; a mailbox's mails were entered by nobody.
    """
    letter = models.Letter.objects.create(
        thread=thread,
        direction=models.Direction.IN,
        state=models.LetterState.RECEIVED,
        way=models.Way.MAIL,
        contact=contact,
        speaker=speaker or (contact.name if contact else ""),
        text=text.strip(),
        said_at=said_at,
        entered_at=now,
        entered_by=by if isinstance(by, org.Person) else None,
        scope_id=thread.scope_id,
        site_id=thread.site_id,
    )
    story.move(thread=thread, now=now, state=models.ThreadState.OPEN)
    told = rows.created(letter, "way", "speaker", "said_at", "text")
    story.tell(thread=thread, done="received", by=by, now=now, changes=told, letter=letter)
    story.announce(event="letters.received", letter=letter, by=by, now=now)
    return letter


@transaction.atomic
def settle_spoken(
    *,
    letter: models.Letter,
    confirmed: bool,
    in_letter: models.Letter | None = None,
    by: org.Person,
    now: datetime,
    expected: int,
) -> models.Letter:
    """Say whether the customer confirmed spoken words in writing (已书面确认, by which letter) or will not (不予)."""
    access.require_writer(by, letter.thread)
    if confirmed and in_letter is None:
        raise story.CannotRecord(_("Name the letter in which the customer confirmed it."), field="in_letter")
    state = models.Confirmation.CONFIRMED if confirmed else models.Confirmation.REFUSED
    _confirm(letter, in_letter if confirmed else None, state, by=by, now=now, expected=expected)
    return letter


@transaction.atomic
def tell_unconfirmed(*, by: actors.Actor, now: datetime) -> int:
    """Tell whoever recorded spoken words, and the customer's window, once that their confirmation is overdue."""
    rows = models.Letter.objects.filter(
        confirmation=models.Confirmation.WAITING, confirm_due_on__lt=timezone.localdate(now), told_due_at=None
    )
    late = list(rows.select_related("thread__customer", "entered_by").order_by("pk"))
    for letter in late:
        models.Letter.objects.filter(pk=letter.pk).update(told_due_at=now)
        window = customers_queries.window(letter.thread.customer).people
        notify.tell(
            people=dict.fromkeys(each for each in [letter.entered_by, *window[:1]] if each),
            subject=letter.ref,
            kind="spoken_unconfirmed",
            words=format_lazy(
                _("{customer} has not confirmed in writing what was said: {matter}"),
                customer=letter.thread.customer,
                matter=letter.thread.title,
            ),
            discreet=_("Spoken words are not confirmed in writing"),
            now=now,
            by=by,
        )
        story.tell(thread=letter.thread, done="unconfirmed", by=by, now=now, changes=[], letter=letter)
    return len(late)


def _confirm(
    letter: models.Letter, in_letter: models.Letter | None, state: str, *, by: org.Person, now: datetime, expected: int
) -> None:
    if letter.confirmation != models.Confirmation.WAITING:
        raise story.CannotRecord(_("These words do not wait for a confirmation."))
    if in_letter is not None and (
        in_letter.thread_id != letter.thread_id
        or in_letter.direction != models.Direction.IN
        or rules.is_spoken(in_letter.way)
    ):
        raise story.CannotRecord(_("Only something the customer wrote in this talk can confirm spoken words."))
    changes = rows.change(letter, expected=expected, confirmation=state, confirmed_at=now, confirmed_in=in_letter)
    story.tell(thread=letter.thread, done="spoken_settled", by=by, now=now, changes=changes[:1], letter=letter)
