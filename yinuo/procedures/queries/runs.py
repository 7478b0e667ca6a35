"""Runs: a subject's, started by somebody, copied to somebody."""

from django.db.models import QuerySet

from yinuo.kit import subjects
from yinuo.org import models as org
from yinuo.procedures import models


def run_of(subject: subjects.Subject | subjects.Ref, procedure_key: str = "") -> models.Run | None:
    """The subject's open run, else its latest."""
    raise NotImplementedError


def started_by(person: org.Person) -> QuerySet[models.Run]:
    """The runs that the person started, latest first."""
    raise NotImplementedError


def copied_to(person: org.Person) -> QuerySet[models.Copy]:
    """What was copied to the person, latest first."""
    raise NotImplementedError
