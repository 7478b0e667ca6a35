"""Sending saved reports: to whom, in which rhythm, now, and no longer.

What a mail says and encloses is composed for its receiver when it leaves (`pages.mailing`), from what they may see
then. Here is only who is told when. A visit of the clock tells, notes and moves on in one transaction: a worker that
dies in between has told nobody, and tells the next time.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.kit import actors, refusals, rows, subjects, words
from yinuo.notify import actions as notify
from yinuo.notify import models as notify_models
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org.definition import Permission
from yinuo.records import actions as records
from yinuo.reports import access, models
from yinuo.reports.actions import giving, saving
from yinuo.reports.engine import rhythms
from yinuo.reports.queries import saved

MOST = 50  # receivers of a report
BATCH = 20  # reports in one visit of the clock
SUBJECT = "reports.sending"


class CannotSend(refusals.Refusal):
    """The report cannot be sent like this."""


@transaction.atomic
def set_sending(
    *,
    report: models.SavedReport,
    rhythm: str,
    on_day: int,
    at_hour: int,
    people: Iterable[org.Person],
    by: org.Person,
    now: datetime,
    expected: int,
) -> models.SavedReport:
    """Say when one's own report is sent, and to whom. Whoever did not want it any more is not added again."""
    saving.demand_own(report, by)
    wanted = {person.pk: person for person in people}
    _check(rhythm, on_day, at_hour, wanted)
    before = [each.person for each in saved.receivers(report)]
    at = rhythms.next_at(rhythm, on_day, at_hour, now, org_queries.calendar(report.site_id)) if rhythm else None
    changes = rows.change(report, expected=expected, rhythm=rhythm, on_day=on_day, at_hour=at_hour, next_at=at)
    models.Receiver.objects.filter(report=report, left_at=None).exclude(person__in=wanted).delete()
    left = {each.person_id for each in models.Receiver.objects.filter(report=report).exclude(left_at=None)}
    kept = {person.pk for person in before}
    models.Receiver.objects.bulk_create(
        models.Receiver(report=report, person=person, added_at=now)
        for key, person in wanted.items()
        if key not in kept and key not in left
    )
    after = [each.person for each in saved.receivers(report)]
    if {each.pk for each in before} != {each.pk for each in after}:
        changes.append(rows.Change("receivers", [each.name for each in before], [each.name for each in after]))
        if report.version == expected:
            rows.touch(report, expected=expected)
    if changes:
        records.write(by=by, now=now, word="reports.saved.sending_set", subject=report, changes=changes)
    return report


def _check(rhythm: str, on_day: int, at_hour: int, people: dict[int, org.Person]) -> None:
    if rhythm and not people:
        raise CannotSend(_("Please choose who gets the report."), field="people")
    if len(people) > MOST:
        raise CannotSend(_("A report goes to at most %(n)s people.") % {"n": MOST}, field="people")
    if rhythm == rhythms.WEEKLY and not 1 <= on_day <= 7:
        raise CannotSend(_("Please choose a day of the week."), field="weekday")
    if not 1 <= on_day <= rhythms.LAST_DAY or not 0 <= at_hour <= 23:
        raise CannotSend(_("Please choose a day of the month and an hour."), field="month_day")
    for person in people.values():
        if not person.is_active or not person.may(Permission.REPORTS_SEE):
            said = {"name": person.name}
            raise CannotSend(_("%(name)s may not see figures, so no report goes to them.") % said, field="people")


@transaction.atomic
def leave(*, report: models.SavedReport, by: org.Person, now: datetime) -> None:
    """Not wanting a report any more: for oneself; whoever saved it does not send it to one again."""
    found = models.Receiver.objects.filter(report=report, person=by, left_at=None)
    if found.update(left_at=now):
        records.write(by=by, now=now, word="reports.saved.left", subject=report)


@transaction.atomic
def come_back(*, report: models.SavedReport, by: org.Person, now: datetime) -> None:
    """Undo: wanting it after all."""
    found = models.Receiver.objects.filter(report=report, person=by).exclude(left_at=None)
    if report.voided_at is None and found.update(left_at=None):
        records.write(by=by, now=now, word="reports.saved.came_back", subject=report)


@transaction.atomic
def send_me_one(*, report: models.SavedReport, by: org.Person, now: datetime) -> models.Sending:
    """Send the report to oneself now; asked twice within a minute it comes once."""
    if not access.may_open(by, report.pk):
        raise refusals.NotAllowed()
    if not by.email:
        raise CannotSend(_("You have no mail address. Whoever manages the organisation enters it at your name."))
    return _tell(report, by, now.replace(second=0, microsecond=0), now, is_asked=True)


@transaction.atomic
def send_due(*, by: actors.Program, now: datetime) -> int:
    """Tell the receivers of the reports that are due, and say when they are due again; returns how many were."""
    due = models.SavedReport.objects.select_for_update().filter(next_at__lte=now, voided_at=None)
    found = list(due.select_related("owner").order_by("next_at", "pk")[:BATCH])
    for report in found:
        due_at = report.next_at
        assert due_at is not None  # noqa: S101  the query asks for it
        if not giving.may_send(report.owner):
            giving.stop(report=report, by=by, now=now)
            continue
        for receiver in saved.receivers(report):
            _tell(report, receiver.person, due_at, now)
        calendar = org_queries.calendar(report.site_id)
        at = rhythms.next_at(report.rhythm, report.on_day, report.at_hour, now, calendar) if report.rhythm else None
        models.SavedReport.objects.filter(pk=report.pk).update(next_at=at)
    return len(found)


def _tell(
    report: models.SavedReport, person: org.Person, due_at: datetime, now: datetime, *, is_asked: bool = False
) -> models.Sending:
    """One line and one mail for one person, once for the moment at which it was due."""
    state = models.Sending.State.TOLD
    if not person.is_active:
        state = models.Sending.State.GONE
    elif not person.may(Permission.REPORTS_SEE):
        state = models.Sending.State.MAY_NOT
    row, is_new = models.Sending.objects.get_or_create(
        report=report, person=person, due_at=due_at, defaults={"state": state, "is_asked": is_asked}
    )
    if not is_new or state != models.Sending.State.TOLD:
        return row
    subject = subjects.Ref(SUBJECT, row.pk, report.name, report.get_absolute_url())
    said = words.filled(_("The report “%(name)s” is here."), name=report.name)
    told = notify.tell(people=[person], subject=subject, kind="report", words=said, now=now, by=report.owner)
    mail = notify_models.Mail.objects.filter(message__in=told).first()
    if mail is not None:
        models.Sending.objects.filter(pk=row.pk).update(mail=mail.pk)
        row.mail = mail.pk
    return row
