"""The open tasks that press most: read once, and both the overdue and the load are told from them."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any, NamedTuple

from django.db.models import QuerySet

from yinuo.org import models as org
from yinuo.procedures import models as procedures
from yinuo.reports.queries import counted, places

MOST = 500  # tasks looked at one by one, the first due first; the list behind the figure counts on
PEOPLE = frozenset(map(str, procedures.Task.PEOPLE_KINDS))


class Row(NamedTuple):
    """What is read of a task."""

    pk: int
    holder_id: int | None
    post_id: int | None
    due_at: datetime | None
    kind: str
    subject_type: str


@dataclass(frozen=True)
class Pressing:
    """The first due open tasks; all there are where `is_whole`. `tasks`: where they were read from."""

    rows: list[Row]
    is_whole: bool
    tasks: QuerySet[procedures.Task]

    def overdue(self, now: datetime) -> list[Row]:
        """Those that are overdue, the longest overdue first."""
        return list(takewhile(lambda row: row.due_at is not None and row.due_at < now, self.rows))

    def late(self, now: datetime) -> list[Row]:
        """Those of requests that are overdue, the longest overdue first."""
        return [row for row in self.overdue(now) if row.subject_type == counted.SUBJECT]

    def has_more_late(self, now: datetime) -> bool:
        """Whether there may be overdue ones that were not looked at."""
        last = self.rows[-1].due_at if self.rows else None
        return not self.is_whole and last is not None and last < now


def due_before(late: list[Row], moment: datetime) -> int:
    """How many of the overdue tasks were due before a moment."""
    return bisect_left(late, moment, key=lambda row: row.due_at or moment)


def live(person: org.Person, site_id: int | None) -> QuerySet[procedures.Task]:
    """Open tasks of people, and waits; a run on hold waits, and nobody is late."""
    tasks = procedures.Task.objects.filter(closed_at=None, kind__in=counted.KINDS)
    return places.here(tasks.exclude(run__in=on_hold()), person, site_id)


def on_hold() -> QuerySet[procedures.Run, Any]:
    """The runs on hold: few, and read from an index of their own, where joining each task's run reads all of it."""
    return procedures.Run.objects.filter(held_at__isnull=False).values("pk")


def pressing(person: org.Person, site_id: int | None = None) -> Pressing:
    """The open tasks in the order of their due moments, those without one last: two statements at most."""
    tasks = live(person, site_id)
    columns = tasks.order_by("due_at").values_list(*Row._fields)
    rows = list(map(Row._make, columns.filter(due_at__isnull=False)[:MOST]))
    if len(rows) < MOST:
        rows += map(Row._make, columns.filter(due_at=None).order_by()[: MOST - len(rows)])
    return Pressing(rows, len(rows) < MOST, tasks)
