"""What waits for a person, as the desk shows it."""

from dataclasses import dataclass
from datetime import datetime

from yinuo.cases import models as cases
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures import models as procedures
from yinuo.procedures.queries import tasks as task_queries

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

    @property
    def count(self) -> int:
        return sum(len(rows) for rows in self.groups.values())

    @property
    def overdue_days(self) -> int:
        """The longest that anything is overdue, in working days."""
        return max((row.overdue for row in self.groups["overdue"]), default=0)


def _customers_of(tasks: list[procedures.Task]) -> dict[int, str]:
    """The customers of the cases that tasks are about, by the case's key; one query."""
    ids = {task.subject_id for task in tasks if task.subject_type == cases.Case.subject_type}
    rows = cases.Case.objects.filter(pk__in=ids).select_related("customer")
    return {row.pk: row.customer.name for row in rows.only("customer__name_zh", "customer__name_en")}


def work_of(person: org.Person, now: datetime) -> Work:
    """The person's open tasks in the groups of the day."""
    calendar = org_queries.calendar(person.site_id)
    tasks = task_queries.tasks_of(person, now).select_related("run__procedure", "run__started_by", "post", "holder")
    shown = list(tasks[:SHOWN])
    customers = _customers_of(shown)
    groups = task_queries.grouped(shown, now)

    def rows(tasks: list[procedures.Task], late: bool = False) -> list[Row]:
        return [
            Row(
                task,
                customers.get(task.subject_id, "") if task.subject_type == cases.Case.subject_type else "",
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
        }
    )
