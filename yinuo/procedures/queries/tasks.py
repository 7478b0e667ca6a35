"""Tasks: mine, done, a subject's."""

from datetime import datetime

from django.db.models import QuerySet

from yinuo.kit import subjects
from yinuo.org import models as org
from yinuo.procedures import models


def tasks_of(person: org.Person, now: datetime) -> QuerySet[models.Task]:
    """The open tasks that the person may work on now: own, of posts held, candidacies, and of people covered."""
    raise NotImplementedError


def done_by(person: org.Person) -> QuerySet[models.Task]:
    """What the person has finished or returned, latest first."""
    raise NotImplementedError


def open_tasks(subject: subjects.Subject | subjects.Ref) -> QuerySet[models.Task]:
    """The open tasks for a subject (also waits), by due moment."""
    raise NotImplementedError
