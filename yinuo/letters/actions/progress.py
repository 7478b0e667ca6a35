"""Reports of progress (S7): how often they are drafted, and drafting them. What is drafted waits for the window."""

from calendar import monthrange
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.customers import models as customers
from yinuo.kit import actors, refusals, rows, subjects
from yinuo.kit import words as kit_words
from yinuo.letters import access, models
from yinuo.letters.actions import outgoing, threads
from yinuo.letters.queries import wording
from yinuo.notify import actions as notify
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.records import actions as records

Every = models.ProgressPlan.Every
KIND = models.Template.Kind.PROGRESS


class CannotPlan(refusals.Refusal):
    """Reports cannot be planned like this."""


@transaction.atomic
def plan(
    *,
    subject: "subjects.Subject | subjects.Ref",
    customer: customers.Customer,
    every: str,
    next_on: date,
    language: str,
    contact: customers.CustomerContact | None = None,
    is_active: bool = True,
    by: org.Person,
    now: datetime,
    expected: int,
) -> models.ProgressPlan:
    """Have a report drafted regularly about a subject: a case, or the customer with all its cases (`expected` is 0 when
    there is no plan yet)."""
    it = subjects.ref(subject)
    scope_id = it.scope_id or customer.scope_id
    if not access.may_write(by, scope_id, it.site_id) or not access.may_write(by, customer.scope_id, customer.site_id):
        raise refusals.NotAllowed()
    if is_active:
        access.require_going_on(it)
    _check(customer, every, next_on, language, contact, timezone.localdate(now))
    values = {"every": every, "next_on": next_on, "language": language, "contact": contact, "is_active": is_active}
    values |= {"keeper": by, "trouble": ""}
    row = models.ProgressPlan.objects.filter(subject_type=it.type, subject_id=it.id).first()
    if row is None:
        if expected:
            raise refusals.Stale()
        columns = {**subjects.columns(it), "scope_id": scope_id}
        row = models.ProgressPlan.objects.create(**columns, customer=customer, **values)
        changes = rows.created(row, "every", "next_on", "language", "contact")
    else:
        changes = [each for each in rows.change(row, expected=expected, **values) if each.field != "trouble"]
    records.write(by=by, now=now, word="letters.progress.planned", subject=it, changes=changes)
    return row


def _check(
    customer: customers.Customer,
    every: str,
    next_on: date,
    language: str,
    contact: customers.CustomerContact | None,
    today: date,
) -> None:
    if every not in Every.values:
        raise CannotPlan(_("Please choose how often."), field="every")
    if next_on < today:
        raise CannotPlan(_("Please choose today or a later day."), field="next_on")
    if wording.template(KIND, language) is None:
        raise CannotPlan(
            _("There is no template in this language. Write one first, under Templates."), field="language"
        )
    if contact is not None and not (
        customer.path.startswith(contact.customer.path) or contact.customer.path.startswith(customer.path)
    ):
        raise CannotPlan(_("This contact belongs to another customer."), field="contact")


# Drafting -------------------------------------------------------------------------------------------------------------


def draft_due(*, now: datetime) -> int:
    """Draft what is due, within the working hours of the subject's site; returns how many were drafted."""
    drafted = 0
    for row in wording.plans_due(timezone.localdate(now)):
        calendar = org_queries.calendar(row.site_id)
        if calendar.is_working_moment(now):
            drafted += draft_one(plan=row, by=actors.PROGRAM, now=now)
    return drafted


@transaction.atomic
def draft_one(*, plan: models.ProgressPlan, by: actors.Actor, now: datetime) -> bool:
    """Draft one report and put it before the window; the next is due after its span of time. False when it cannot be
    drafted: the plan says why, or ends with its subject."""
    due = models.ProgressPlan.objects.filter(pk=plan.pk, next_on=plan.next_on, is_active=True)
    if not due.update(next_on=next_day(plan.every, plan.next_on, timezone.localdate(now))):
        return False  # another worker was faster
    row, about = models.ProgressPlan.objects.filter(pk=plan.pk), plan.subject
    try:
        access.require_going_on(about)
        author = _author(plan, now)
        letter = _draft(plan, about, author, by=by, now=now)
    except access.SubjectOver:
        row.update(is_active=False, trouble="")
        return False
    except refusals.Refusal as refusal:
        row.update(trouble=str(refusal)[:500])
        return False
    row.update(last_at=now, trouble="")
    _tell(plan, letter, author, now)
    return True


def _author(plan: models.ProgressPlan, now: datetime) -> org.Person:
    """In whose name it is drafted: who planned it, as long as they may; else the window."""
    thread = models.Thread(customer=plan.customer, purpose=models.Purpose.NOTICE, scope_id=plan.scope_id)
    for person in [plan.keeper, *access.releasers_of([thread], now)[thread.pk]]:
        if person.is_active and access.may_write(person, plan.scope_id, plan.site_id):
            return person
    raise CannotPlan(_("Nobody is named as window to this customer. Name one on the customer's page."))


def _draft(
    plan: models.ProgressPlan, about: subjects.Ref, author: org.Person, *, by: actors.Actor, now: datetime
) -> models.Letter:
    found = wording.template(KIND, plan.language)
    if found is None:
        raise CannotPlan(_("There is no template in this language. Write one first, under Templates."))
    heading, text = wording.drafted(
        found, about=about, customer=plan.customer, contact=plan.contact, matter=about.label, now=now
    )
    talks = models.Thread.objects.filter(subject_type=about.type, subject_id=about.id, customer=plan.customer)
    talks = talks.filter(purpose=models.Purpose.NOTICE).exclude(state=models.ThreadState.CLOSED)
    thread = talks.select_related("customer").order_by("pk").last()
    if thread is None:
        thread = threads.open_thread(
            subject=about,
            customer=plan.customer,
            title=heading[:200],
            purpose=models.Purpose.NOTICE,
            by=author,
            now=now,
        )
    _withdraw_older(thread, author, now)
    return outgoing.draft_by_plan(
        thread=thread, heading=heading, text=text, contact=plan.contact, author=author, by=by, now=now
    )


def _withdraw_older(thread: models.Thread, author: org.Person, now: datetime) -> None:
    """A report that nobody touched since it was drafted is out of date with the next one."""
    drafts = thread.letters.filter(state=models.LetterState.DRAFT, is_automatic=True, version=1)
    for letter in drafts:
        outgoing.withdraw(
            letter=letter, reason=str(_("A newer report takes its place.")), by=author, now=now, expected=letter.version
        )


def _tell(plan: models.ProgressPlan, letter: models.Letter, author: org.Person, now: datetime) -> None:
    """Whoever releases is told that a draft stands before them."""
    words = _("A report of progress for %(customer)s is drafted and waits for your release: %(matter)s")
    notify.tell(
        people=access.releasers(letter.thread, now) or [author],
        subject=letter.ref,
        kind="letter_to_release",
        words=kit_words.filled(words, customer=plan.customer, matter=letter.thread.title),
        discreet=_("A letter to a customer"),
        now=now,
    )


def next_day(every: str, last: date, today: date) -> date:
    """The next day after today that is whole spans of time after the last one."""
    day = last
    while day <= today:
        if every == Every.MONTH:
            year, month = (day.year + day.month // 12, day.month % 12 + 1)
            day = date(year, month, min(last.day, monthrange(year, month)[1]))
        else:
            day += timedelta(days=14 if every == Every.TWO_WEEKS else 7)
    return day
