"""What waits for a person, as the desk shows it."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from yinuo.cases import models as cases
from yinuo.customers import models as customers
from yinuo.customers import queries as customers_queries
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures import models as procedures
from yinuo.procedures.queries import tasks as task_queries
from yinuo.watches import models as watches
from yinuo.watches import queries as watches_queries

SHOWN = 300  # open tasks on one desk; whoever has more needs the board, not a longer page


@dataclass(frozen=True)
class Row:
    """One open task, whose customer it is about, and how many working days it is overdue."""

    task: procedures.Task
    customer: str
    overdue: int


@dataclass(frozen=True)
class Work:
    """A person's open tasks by group (overdue, today, week, later), each by due moment."""

    groups: dict[str, list[Row]]
    portals: list[customers.Portal] = field(default_factory=list)
    pages: list[watches.Page] = field(default_factory=list)

    @property
    def watched(self) -> int:
        """Portals whose check is due, and watched pages that changed."""
        return len(self.portals) + len(self.pages)

    @property
    def tasks(self) -> int:
        return sum(len(rows) for rows in self.groups.values())

    @property
    def count(self) -> int:
        return self.tasks + self.watched

    @property
    def overdue_days(self) -> int:
        """The longest that anything is overdue, in working days."""
        return max((row.overdue for row in self.groups["overdue"]), default=0)


def _customers_of(tasks: list[procedures.Task]) -> dict[int, str]:
    """The customers of the cases that tasks are about, by the case's key; one query."""
    ids = {task.subject_id for task in tasks if task.subject_type == cases.Case.subject_type}
    rows = cases.Case.objects.filter(pk__in=ids).select_related("customer")
    return {row.pk: row.customer.name for row in rows.only("customer__name_zh", "customer__name_en")}


def portals_of(person: org.Person) -> QuerySet[customers.Portal]:
    """Portals whose check is due and that the person keeps, or stands in for."""
    return customers_queries.portals_waiting_for(person, timezone.localdate()).select_related("customer", "keeper")


def work_of(person: org.Person, now: datetime) -> Work:
    """The person's open tasks in the groups of the day."""
    calendar = org_queries.calendar(person.site_id)
    tasks = task_queries.tasks_of(person, now).select_related("run__procedure", "run__started_by", "post", "holder")
    shown = list(tasks[:SHOWN])
    whose = _customers_of(shown)
    groups = task_queries.grouped(shown, now)

    def rows(tasks: list[procedures.Task], late: bool = False) -> list[Row]:
        return [
            Row(
                task,
                whose.get(task.subject_id, "") if task.subject_type == cases.Case.subject_type else "",
                calendar.overdue_working_days(task.due_at, now) if late and task.due_at else 0,
            )
            for task in tasks
        ]

    return Work(
        {
            "overdue": rows(groups.overdue, late=True),
            "today": rows(groups.today),
            "week": rows(groups.week),
            "later": rows(groups.later),
        },
        portals=list(portals_of(person)[:SHOWN]),
        pages=list(watches_queries.waiting_for(person)[:SHOWN]),
    )
