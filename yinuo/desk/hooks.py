"""What the desk plugs into the rooms below."""

from django.utils import timezone

from yinuo.desk import queries
from yinuo.kit import pages, plugs
from yinuo.org import models as org
from yinuo.procedures.queries import tasks as task_queries
from yinuo.watches import queries as watches_queries


def waiting_for(person: org.Person) -> int:
    """Tasks, portals to be checked and pages that changed."""
    watched = queries.portals_of(person).count() + watches_queries.waiting_for(person).count()
    return task_queries.tasks_of(person, timezone.now()).count() + watched


plugs.menu.plug(
    "desk",
    waiting_for,
    zh="工作台",
    en="My work",
    permission=pages.SIGNED_IN,
    icon="layout-dashboard",
    url="desk:work",
    order=10,
)
