"""Opening talks with customers, recording what was agreed, closing them.

`letters.outcome` is announced with `subject` (what the talk is about), `thread`, `by`, `now`.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.customers import models as customers
from yinuo.kit import actors, plugs, refusals, rows, subjects
from yinuo.letters import access, models
from yinuo.letters.actions import story
from yinuo.org import models as org

UNSENT = (models.LetterState.DRAFT, models.LetterState.RELEASED)


@transaction.atomic
def open_thread(
    *,
    subject: "subjects.Subject | subjects.Ref",
    customer: customers.Customer,
    title: str,
    purpose: str,
    due_at: datetime | None = None,
    by: org.Person,
    now: datetime,
) -> models.Thread:
    """Open a talk with a customer about a subject. It is as confidential as the subject, else as the customer."""
    it = subjects.ref(subject)
    scope_id = it.scope_id or customer.scope_id
    if not access.may_write(by, scope_id, it.site_id) or not access.may_write(by, customer.scope_id, customer.site_id):
        raise refusals.NotAllowed()
    access.require_going_on(it)
    if purpose not in models.Purpose.values or not title.strip():
        raise story.CannotRecord(_("A talk needs a matter and a purpose."), field="title")
    thread = models.Thread.objects.create(
        **{**subjects.columns(it), "scope_id": scope_id},
        customer=customer,
        title=title.strip(),
        purpose=purpose,
        due_at=due_at,
        opened_at=now,
        opened_by=by,
        last_at=now,
    )
    story.tell(
        thread=thread,
        done="opened",
        by=by,
        now=now,
        changes=rows.created(thread, "title", "purpose", "customer", "due_at"),
    )
    return thread


@transaction.atomic
def record_outcome(
    *, thread: models.Thread, wording: str, by: org.Person, now: datetime, expected: int
) -> models.Thread:
    """Record the wording both sides agreed on; the talk is closed with it. Announces `letters.outcome`."""
    access.require_writer(by, thread)
    if not wording.strip():
        raise story.CannotRecord(_("Please write down the agreed wording."), field="wording")
    if thread.letters.filter(state__in=UNSENT).exists():
        raise story.CannotRecord(_("A letter of this talk has not gone out yet. Send or withdraw it first."))
    changes = rows.change(
        thread,
        expected=expected,
        outcome=wording.strip(),
        outcome_at=now,
        outcome_by=by,
        state=models.ThreadState.CLOSED,
        closed_at=now,
        closed_by=by,
        last_at=now,
    )
    story.tell(
        thread=thread,
        done="agreed",
        by=by,
        now=now,
        changes=[each for each in changes if each.field in ("outcome", "state")],
    )
    plugs.announce("letters.outcome", subject=thread.subject, thread=thread, by=by, now=now)
    return thread


@transaction.atomic
def close(*, thread: models.Thread, reason: str, by: org.Person, now: datetime, expected: int) -> models.Thread:
    """Close a talk without an agreed wording, with the reason."""
    access.require_writer(by, thread)
    if not reason.strip():
        raise story.CannotRecord(_("Please give the reason."), field="reason")
    if thread.letters.filter(state__in=UNSENT).exists():
        raise story.CannotRecord(_("A letter of this talk has not gone out yet. Send or withdraw it first."))
    changes = rows.change(
        thread, expected=expected, state=models.ThreadState.CLOSED, closed_at=now, closed_by=by, last_at=now
    )
    story.tell(thread=thread, done="closed", by=by, now=now, changes=changes[:1], reason=reason)
    return thread


@transaction.atomic
def end_with(*, subject: subjects.Ref, by: actors.Actor, now: datetime) -> None:
    """What the talks are about is over: they close with it, and what had not gone out is withdrawn."""
    found = models.Thread.objects.filter(subject_type=subject.type, subject_id=subject.id)
    closed_by = by if isinstance(by, org.Person) else None
    for thread in found.exclude(state=models.ThreadState.CLOSED):
        mails = models.Dispatch.objects.filter(letter__thread=thread)
        mails.filter(state=models.Dispatch.State.WAITING).update(state=models.Dispatch.State.CANCELLED)
        leaving = mails.filter(state__in=models.Dispatch.OPEN).values("letter")
        unsent = thread.letters.filter(state__in=UNSENT).exclude(pk__in=leaving)
        unsent.update(state=models.LetterState.WITHDRAWN, asked_at=None)
        state = rows.Change("state", thread.state, str(models.ThreadState.CLOSED))
        story.move(thread=thread, now=now, state=models.ThreadState.CLOSED, closed_at=now, closed_by=closed_by)
        story.tell(thread=thread, done="ended", by=by, now=now, changes=[state])


@transaction.atomic
def reopen(*, thread: models.Thread, reason: str, by: org.Person, now: datetime, expected: int) -> models.Thread:
    """Take up a closed talk again, with the reason. The wording agreed before stays until another is."""
    if not access.may_write(by, thread.scope_id, thread.site_id):
        raise refusals.NotAllowed()
    if thread.state != models.ThreadState.CLOSED:
        raise story.CannotRecord(_("This talk is open."))
    access.require_going_on(thread.subject)
    if not reason.strip():
        raise story.CannotRecord(_("Please give the reason."), field="reason")
    changes = rows.change(
        thread, expected=expected, state=models.ThreadState.OPEN, closed_at=None, closed_by=None, last_at=now
    )
    story.tell(thread=thread, done="reopened", by=by, now=now, changes=changes[:1], reason=reason)
    return thread


@transaction.atomic
def move_to(*, thread: models.Thread, subject: subjects.Ref, by: actors.Actor, now: datetime) -> models.Thread:
    """The talk goes on about another subject (two cases were merged, or parted again), as confidential as that one.

    Called by other rooms' actions, which have asked whether the person may.
    """
    was, scope_id = thread.scope_id, subject.scope_id or thread.customer.scope_id
    columns = {**subjects.columns(subject), "scope_id": scope_id}
    story.move(thread=thread, now=thread.last_at, **columns)
    thread.letters.update(scope_id=scope_id, site_id=subject.site_id)
    if scope_id != was:
        plugs.announce("kit.rescoped", type=thread.ref.type, id=thread.pk, scope_id=scope_id)
        for key in thread.letters.values_list("pk", flat=True):
            plugs.announce("kit.rescoped", type="letters.letter", id=key, scope_id=scope_id)
    story.tell(thread=thread, done="moved", by=by, now=now, changes=[])
    return thread
