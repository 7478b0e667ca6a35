"""What waits for a person, as the desk shows it."""

from dataclasses import dataclass
from datetime import datetime

from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures import models as procedures
from yinuo.procedures.queries import tasks as task_queries

SHOWN = 300  # open tasks on one desk; whoever has more needs the board, not a longer page


@dataclass(frozen=True)
class Row:
    """One open task, and how many working days it is overdue."""

    task: procedures.Task
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


def work_of(person: org.Person, now: datetime) -> Work:
    """The person's open tasks in the groups of the day."""
    calendar = org_queries.calendar(person.site_id)
    tasks = task_queries.tasks_of(person, now).select_related("run__procedure", "run__started_by", "post", "holder")
    groups = task_queries.grouped(tasks[:SHOWN], now)

    def rows(tasks: list[procedures.Task], late: bool = False) -> list[Row]:
        return [
            Row(task, calendar.overdue_working_days(task.due_at, now) if late and task.due_at else 0) for task in tasks
        ]

    return Work(
        {
            "overdue": rows(groups.overdue, late=True),
            "today": rows(groups.today),
            "week": rows(groups.week),
            "later": rows(groups.later),
        }
    )
