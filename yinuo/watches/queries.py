"""Reading watched pages and their visits. Whatever takes a person returns only what that person may see."""

from datetime import datetime

from django.db.models import Q, QuerySet

from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.watches import models

SEE = Permission.WATCHES_SEE
WAITING = (models.State.CHANGED, models.State.UNREACHABLE)


def pages(person: org.Person) -> QuerySet[models.Page]:
    """Watched pages the person may see."""
    return person.visible(models.Page.objects.all(), SEE)


def visits(page: models.Page) -> QuerySet[models.Visit]:
    """The looks at a page, latest first, without their texts."""
    return page.visits.select_related("by", "decided_by").defer("text").order_by("-pk")


def due(now: datetime) -> QuerySet[models.Page]:
    """Pages whose time has come."""
    return models.Page.objects.filter(is_active=True, next_at__lte=now).order_by("next_at", "pk")


def waiting(person: org.Person) -> QuerySet[models.Page]:
    """Pages that changed or cannot be reached, the longest waiting first."""
    rows = pages(person).filter(is_active=True, state__in=WAITING)
    return rows.select_related("customer", "keeper", "deputy").order_by("since", "pk")


def waiting_for(person: org.Person) -> QuerySet[models.Page]:
    """Those of them of which the person is told."""
    return waiting(person).filter(told(person))


def told(person: org.Person) -> Q:
    """Pages of which the person is told."""
    also = models.Page.others.through._default_manager.filter(person=person)
    return Q(keeper=person) | Q(deputy=person) | Q(pk__in=also.values("page"))
