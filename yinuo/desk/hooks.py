"""What the desk plugs into the rooms below."""

from django.utils import timezone

from yinuo.kit import pages, plugs
from yinuo.org import models as org
from yinuo.procedures.queries import tasks as task_queries


def waiting_for(person: org.Person) -> int:
    return task_queries.tasks_of(person, timezone.now()).count()


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
