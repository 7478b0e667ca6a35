"""Findings that nobody sorts: once a day those who sort are told, after one working day."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.cases import models
from yinuo.cases.queries import findings as finding_queries
from yinuo.kit import actors, rows, subjects, words
from yinuo.notify import actions as notify
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.records import actions as records

DAYS = 1  # working days that a finding may wait
MOST = 500


@transaction.atomic
def remind_of_findings(*, by: actors.Actor, now: datetime) -> int:
    """Tell everybody who sorts how many findings wait for longer than a working day; returns how many wait.

    Called by the clock, any number of times: each finding is told of once a day, on working days of its site.
    """
    today = timezone.localdate(now)
    waiting = [each for each in _waiting(now) if each.reminded_on != today]
    late_ids = late_among(waiting, now)
    late = [each for each in waiting if each.pk in late_ids]
    counts: dict[org.Person, int] = defaultdict(int)
    for finding_id, people in finding_queries.sorters(late).items():
        for person in people:
            counts[person] += 1
        models.Finding.objects.filter(pk=finding_id).update(reminded_on=today)
    for person, count in counts.items():
        it = subjects.Ref(models.Finding.subject_type, late[0].pk, "", reverse("cases:sorting"))
        said = words.filled(_("%(n)s reports wait to be sorted for longer than a working day."), n=count)
        notify.tell(people=[person], subject=it, kind="findings_wait", words=said, now=now)
    for finding in late:
        told = [rows.Change("told", None, "findings_wait")]
        records.write(by=by, now=now, word="cases.finding.reminded", subject=finding, changes=told)
    return len(late)


def _waiting(now: datetime) -> list[models.Finding]:
    waiting = models.Finding.objects.filter(state=models.Finding.State.WAITING, reported_at__lt=now - timedelta(days=1))
    return list(waiting.select_related("customer", "reported_by").order_by("reported_at")[:MOST])


def late_among(found: Sequence[models.Finding], now: datetime) -> set[int]:
    """The keys of those that wait for longer than they may, on working days of their sites."""
    calendars = {site_id: org_queries.calendar(site_id) for site_id in {each.site_id for each in found}}
    late = set()
    for each in found:
        calendar = calendars[each.site_id]
        if calendar.is_working_day(calendar.day_of(now)) and calendar.add_working_days(each.reported_at, DAYS).at < now:
            late.add(each.pk)
    return late
