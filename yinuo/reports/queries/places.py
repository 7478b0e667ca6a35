"""What a person may see of the figures, at one site or at all of theirs."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from yinuo.org import models as org
from yinuo.org.definition import Permission

R = TypeVar("R", bound=Model)


def here(rows: QuerySet[R], person: org.Person, site_id: int | None) -> QuerySet[R]:
    """What the person may see, at one site or all."""
    if site_id is not None:
        rows = rows.filter(site_id=site_id)
    return person.visible(rows, Permission.REPORTS_SEE)
