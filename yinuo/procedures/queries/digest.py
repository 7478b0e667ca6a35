"""What the daily digests say: a group hears the overdue tasks of a department, a person by mail those to work on that
are overdue or due soon. Number, step and person, without titles: what is confidential is told by its number alone."""

from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from yinuo.messengers import models as messengers
from yinuo.notify import rules as notify_rules
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures import models
from yinuo.procedures.queries import tasks

MOST = 15  # tasks named
MOST_OF_ONE = 40
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
    who = task.holder or task.post or _("nobody")
    step = models.words(task.title_zh, task.title_en)
    return f"{notify_rules.number_of(task.subject_label)} · {step}（{who}）{_late(task, now)}"


def _late(task: models.Task, now: datetime) -> str:
    days = org_queries.calendar(task.site_id).overdue_working_days(task.due_at, now) if task.due_at else 0
    return ngettext("%(n)s working day overdue", "%(n)s working days overdue", days) % {"n": days}


# For one person -------------------------------------------------------------------------------------------------------


def due_for(person: org.Person, now: datetime) -> tuple[list[models.Task], list[models.Task]]:
    """What the person may work on and is overdue, and what is due by the end of their next working day."""
    calendar = org_queries.calendar(person.site_id)
    until = calendar.closing(calendar.working_day(now, 1))
    mine = tasks.tasks_of(person, now).filter(kind__in=models.Task.PEOPLE_KINDS, due_at__lte=until)
    found = list(mine[:COUNTED])
    late = [task for task in found if task.due_at is not None and task.due_at < now]
    return late, found[len(late) :]  # they come by due moment


def lines_for(person: org.Person, now: datetime) -> tuple[str, list[str]]:
    """Heading and lines of a person's digest, in their language and by their clock; none when nothing is due."""
    late, soon = due_for(person, now)
    if not late and not soon:
        return "", []
    with override("en" if person.language == "en" else "zh-hans"), timezone.override(person.zone):
        heads = {
            "late": ngettext("%(n)s task overdue", "%(n)s tasks overdue", len(late)) % {"n": len(late)},
            "soon": ngettext("%(n)s task due soon", "%(n)s tasks due soon", len(soon)) % {"n": len(soon)},
        }
        said: list[str] = []
        for name, found in (("late", late), ("soon", soon)):
            if found:
                said += [heads[name], *(_own_line(task, now) for task in found[:MOST_OF_ONE])]
                said += [_("… and %(n)s more") % {"n": len(found) - MOST_OF_ONE}] if len(found) > MOST_OF_ONE else []
                said.append("")
        both = [heads[name] for name, found in (("late", late), ("soon", soon)) if found]
        heading = (", " if person.language == "en" else "，").join(both)
    return heading, said[:-1]


def _own_line(task: models.Task, now: datetime) -> str:
    number = notify_rules.number_of(task.subject_label)
    if not number:
        number = _("a confidential matter") if task.scope_id else task.subject_label[:60]
    is_late = task.due_at is not None and task.due_at < now
    when = _late(task, now) if is_late else f"{timezone.localtime(task.due_at):%m-%d %H:%M}"
    step = models.words(task.title_zh, task.title_en)
    return f"- {number} · {step} · {when}\n  {settings.BASE_URL}{task.get_absolute_url()}"
