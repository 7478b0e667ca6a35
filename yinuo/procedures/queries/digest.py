"""What a group's daily digest says: the overdue tasks of a department, number, step and person, without titles."""

from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from yinuo.messengers import models as messengers
from yinuo.notify import rules as notify_rules
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures import models

MOST = 15  # tasks named
COUNTED = 500


def overdue_of(group: messengers.Receiver, now: datetime) -> QuerySet[models.Task]:
    """Live tasks of people past their moment, longest first: of a department's people and posts, or of all."""
    found = models.Task.objects.filter(
        closed_at=None, state__in=models.Task.LIVE, kind__in=models.Task.PEOPLE_KINDS, due_at__lt=now
    )
    if not group.with_confidential:
        found = found.filter(scope_id=None)
    if group.department_id is not None:
        people = org_queries.people_of_department(group.department_id)
        posts = org.Post.objects.filter(department__in=org_queries.departments_below(group.department_id))
        found = found.filter(Q(holder__in=people) | Q(holder=None, post__in=posts))
    return found.order_by("due_at", "pk")


def lines(group: messengers.Receiver, now: datetime) -> list[str]:
    """The digest, line by line; nothing when nothing is overdue."""
    found = overdue_of(group, now)
    count = len(found.values_list("pk")[:COUNTED])
    if not count:
        return []
    with override("en" if group.language == "en" else "zh-hans"):
        said = [ngettext("Overdue: %(n)s task", "Overdue: %(n)s tasks", count) % {"n": _counted(count)}]
        said += [_line(task, now) for task in found.select_related("holder", "post")[:MOST]]
        if count > MOST:
            said.append(_("… and %(n)s more") % {"n": _counted(count - MOST)})
    return [*said, settings.BASE_URL]


def _counted(count: int) -> str:
    return f"{count}+" if count >= COUNTED - MOST else str(count)


def _line(task: models.Task, now: datetime) -> str:
    days = org_queries.calendar(task.site_id).overdue_working_days(task.due_at, now) if task.due_at else 0
    late = ngettext("%(n)s working day overdue", "%(n)s working days overdue", days) % {"n": days}
    who = task.holder or task.post or _("nobody")
    step = models.words(task.title_zh, task.title_en)
    return f"{notify_rules.number_of(task.subject_label)} · {step}（{who}）{late}"
