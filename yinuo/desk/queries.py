"""What waits for a person, as the desk shows it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from yinuo.desk import rules
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures import models as procedures
from yinuo.procedures.queries import runs as run_queries
from yinuo.procedures.queries import tasks as task_queries

SHOWN = 300  # open tasks on one desk; whoever has more needs the board, not a longer page


@dataclass
class Row:
    """One open task with what its row says: how many working days it is overdue."""

    task: procedures.Task
    overdue: int


def work_of(person: org.Person, now: datetime) -> rules.Work:
    """The person's open tasks in the groups of the day, each group by due moment."""
    calendar = org_queries.calendar(person.site_id)
    zone: ZoneInfo = calendar.zone
    today = now.astimezone(zone).date()
    work = rules.Work()
    for task in task_queries.tasks_of(person, now)[:SHOWN]:
        is_late = task.due_at is not None and task.due_at < now
        overdue = calendar.overdue_working_days(task.due_at, now) if is_late and task.due_at else 0
        due_on = task.due_at.astimezone(zone).date() if task.due_at else None
        work.groups[rules.group_of(due_on, is_late, today)].append(Row(task, overdue))
        work.overdue_days = max(work.overdue_days, overdue)
    return work


def done_by(person: org.Person) -> QuerySet[procedures.Task]:
    """What the person has finished, as rows of a list."""
    return person.visible(task_queries.done_by(person), "procedures.see")


def started_by(person: org.Person) -> QuerySet[procedures.Run]:
    """The runs that the person started."""
    return person.visible(run_queries.started_by(person), "procedures.see")


def copied_to(person: org.Person) -> QuerySet[procedures.Copy]:
    """What was copied to the person."""
    return person.visible(run_queries.copied_to(person), "procedures.see")
