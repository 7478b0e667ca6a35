"""Reports that are sent in somebody's name: given to somebody else, or stopped when their owner is gone."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.kit import actors, duties, refusals, rows, subjects, words
from yinuo.notify import actions as notify
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org.definition import Permission
from yinuo.records import actions as records
from yinuo.reports import models
from yinuo.reports.engine import rhythms

QUALITY = "quality_manager"  # the post that is told when a report has nobody any more


class CannotTakeOver(refusals.Refusal):
    """The successor may not see what the report shows."""


def sent_by(person: org.Person) -> QuerySet[models.SavedReport]:
    """Saved reports of somebody's that are sent to people."""
    return models.SavedReport.objects.filter(owner=person, voided_at=None).exclude(rhythm="").order_by("name", "pk")


def reports_in_hand(person: org.Person, by: org.Person, now: datetime) -> duties.Held:
    """What is sent in somebody's name; reports that they keep for themselves alone go with them."""
    found = list(sent_by(person))
    if not by.may(Permission.REPORTS_SEE):
        return duties.Held([], len(found))
    return duties.Held([
        duties.Duty(
            key=row.pk, version=row.version, label=row.name, url=row.get_absolute_url(), subject=subjects.ref(row),
            due_at=row.next_at, note=row.get_rhythm_display(),
        )
        for row in found
    ])  # fmt: skip


@transaction.atomic
def give_report(
    *, key: int, holder: org.Person, to: org.Person, last_on: date, reason: str, expected: int, by: org.Person,
    now: datetime,
) -> None:  # fmt: skip
    """Another owner: it is sent in their name, also when it had stopped; whoever it is sent to goes on getting it."""
    row = sent_by(holder).select_for_update().filter(pk=key).first()
    if row is None:
        raise duties.NotTheirs()
    if not to.may(Permission.REPORTS_SEE):
        raise CannotTakeOver(_("%(name)s may not see figures. Choose somebody else.") % {"name": to.name}, field="to")
    name = row.name
    if models.SavedReport.objects.filter(owner=to, name=name, voided_at=None).exists():
        name = f"{name[:40]} · {holder.name} {row.pk}"[:60]
    next_at = row.next_at or rhythms.next_at(row.rhythm, row.on_day, row.at_hour, now, org_queries.calendar(to.site_id))
    changes = rows.change(row, expected=expected, owner=to, name=name, next_at=next_at)
    told = [each for each in changes if each.field != "next_at"]
    records.write(by=by, now=now, word="reports.saved.given", subject=row, changes=told, reason=reason)


def may_send(owner: org.Person) -> bool:
    """Whether figures may go out in somebody's name: they work here and may see them."""
    return owner.is_active and owner.may(Permission.REPORTS_SEE)


@transaction.atomic
def stop(*, report: models.SavedReport, by: actors.Actor, now: datetime) -> None:
    """It is not sent any more, as its owner is gone or sees no figures; who can give it to somebody else is told."""
    if not models.SavedReport.objects.filter(pk=report.pk, next_at__isnull=False).update(next_at=None):
        return
    owner, today = report.owner, timezone.localdate(now)
    records.write(by=by, now=now, word="reports.saved.stopped", subject=report, note={"owner": owner.name})
    superior = org_queries.superior_of(owner, today)
    people = [*([superior] if superior else []), *org_queries.holders(QUALITY, today)]
    url = reverse("org:person_hand_over", args=[owner.pk])
    said = _(
        "The report “%(report)s” is not sent any more: %(name)s, who saved it, has left or may no longer see figures. "
        "Hand it over to somebody, or save it anew."
    )
    notify.tell(
        people=dict.fromkeys(people), subject=subjects.Ref(report.subject_type, report.pk, report.name, url),
        kind="report_stopped", words=words.filled(said, report=report.name, name=owner.name), now=now, by=by,
    )  # fmt: skip


def stop_of(*, person_id: int, by: actors.Actor, now: datetime) -> None:
    """Somebody's last day is over: what is still sent in their name stops."""
    for report in models.SavedReport.objects.filter(owner=person_id, next_at__isnull=False).select_related("owner"):
        stop(report=report, by=by, now=now)
