"""Tasks: mine, done, a subject's. Every list of a person begins with what the person may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from yinuo.kit import subjects
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures import access, models

LIVE = list(models.Task.LIVE)
SHOWN_OF_PEOPLE = {"id", "name", "name_latin", "sign_in", "employee_number", "is_active"}


def names_only(*relations: str) -> list[str]:
    """For `defer`: of people joined in, everything but what a page says of them. It halves the cost of the query."""
    rest = [field.name for field in org.Person._meta.fields if field.name not in SHOWN_OF_PEOPLE]
    return [f"{relation}__{name}" for relation in relations for name in rest]


def _with_people(tasks: QuerySet[models.Task]) -> QuerySet[models.Task]:
    """With all that a row of a list shows, without the bulk of run and edition."""
    return tasks.select_related("run__procedure", "run__started_by", "post", "holder", "delegate").defer(
        "run__state", "run__facts", "data", "nudges", *names_only("run__started_by", "holder", "delegate")
    )


def tasks_of(person: org.Person, now: datetime) -> QuerySet[models.Task]:
    """The open tasks that the person may work on now, by due moment: own ones, of posts held today, candidacies, given
    on one's behalf, and of absent people for whom the person stands in. Tasks of runs on hold wait elsewhere.

    A wait joins them when it is overdue: whoever follows it must look after it. Three queries: who is covered, the
    posts held, the tasks.
    """
    people = [person.pk, *access.covered_by(person, now)]
    on = timezone.localtime(now).date()
    posts = list(org_queries.holdings_on(on).filter(person__in=people).values_list("post_id", flat=True))
    live = models.Task.objects.filter(state=models.Task.State.OPEN, closed_at=None)
    arms = [live.filter(holder__in=people), live.filter(delegate=person), _as_candidate(people)]
    if posts:
        arms.append(live.filter(holder=None, post__in=posts))
    mine = arms[0].values("pk").union(*(arm.values("pk") for arm in arms[1:]))
    to_do = Q(kind__in=models.Task.PEOPLE_KINDS) | Q(due_at__lte=now)
    tasks = live.filter(to_do, pk__in=mine, run__held_at=None)
    return _with_people(person.visible(tasks, access.P.PROCEDURES_WORK)).order_by(
        F("due_at").asc(nulls_last=True), "pk"
    )


def in_hand(person: org.Person) -> QuerySet[models.Task]:
    """The live tasks that are somebody's own: held, or theirs alone to take. What waits at a post is the post's."""
    others = models.Candidate.objects.filter(task=OuterRef("pk"), person__is_active=True).exclude(person=person)
    alone = Q(holder=None, post=None, pk__in=models.Candidate.objects.filter(person=person).values("task"))
    live = models.Task.objects.filter(closed_at=None, kind__in=models.Task.PEOPLE_KINDS)
    mine = Q(holder=person) | (alone & ~Exists(others))
    return live.filter(mine).defer("data", "nudges").order_by(F("due_at").asc(nulls_last=True), "pk")


def _as_candidate(people: list[int]) -> QuerySet[models.Task]:
    return models.Task.objects.filter(
        state=models.Task.State.OPEN, closed_at=None, holder=None, candidacies__person__in=people
    ).order_by()


@dataclass(frozen=True)
class Groups:
    """Tasks by when they are due, as days of the reader's time zone; this week ends on Sunday."""

    overdue: list[models.Task]
    today: list[models.Task]
    week: list[models.Task]
    later: list[models.Task]


def grouped(tasks: Iterable[models.Task], now: datetime) -> Groups:
    """Tasks into overdue, today, this week and later (which holds those without a due moment)."""
    here = timezone.localtime(now)
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    sunday = midnight + timedelta(days=6 - here.weekday())
    groups = Groups([], [], [], [])
    for task in tasks:
        if task.due_at is None or task.due_at >= sunday:
            groups.later.append(task)
        elif task.due_at < now:
            groups.overdue.append(task)
        elif task.due_at < midnight:
            groups.today.append(task)
        else:
            groups.week.append(task)
    return groups


def done_by(person: org.Person) -> QuerySet[models.Task]:
    """What the person has finished or returned, also on others' behalf, latest first."""
    done = models.Task.objects.filter(closed_by=person, closed_at__isnull=False)
    return _with_people(person.visible(done, access.P.PROCEDURES_SEE)).order_by("-closed_at", "-pk")


def open_tasks(subject: subjects.Subject | subjects.Ref) -> QuerySet[models.Task]:
    """The open tasks for a subject (blocked ones and waits too), by due moment."""
    it = subjects.ref(subject)
    tasks = models.Task.objects.filter(subject_type=it.type, subject_id=it.id, state__in=LIVE)
    return _with_people(tasks).order_by(F("due_at").asc(nulls_last=True), "pk")


def with_overdue(tasks: Iterable[models.Task], now: datetime) -> list[models.Task]:
    """The tasks, each knowing by how many working days of its site it is overdue (as `task.overdue`)."""
    found = list(tasks)
    late = {task.pk: task.due_at for task in found if task.is_live and task.due_at is not None and task.due_at < now}
    calendars = {site_id: org_queries.calendar(site_id) for site_id in {t.site_id for t in found if t.pk in late}}
    for task in found:
        due_at = late.get(task.pk)
        days = calendars[task.site_id].overdue_working_days(due_at, now) if due_at else 0
        task.overdue = days  # type: ignore[attr-defined]
    return found


def tasks_in(run: models.Run) -> QuerySet[models.Task]:
    """All tasks of a run as they were opened, with their signatures and the opinions confirmed."""
    signatures = models.Signature.objects.select_related("person", "on_behalf_of", "entered_by")
    opinions = models.Opinion.objects.filter(confirmed_at__isnull=False).select_related("entered_by")
    people = ("holder", "delegate", "closed_by", "on_behalf_of")
    return (
        models.Task.objects.filter(run=run)
        .select_related("post", *people)
        .defer("data", "draft", "nudges", "condition", *names_only(*people))
        .prefetch_related(
            Prefetch("signatures", signatures.defer(*names_only("person", "on_behalf_of", "entered_by"))),
            Prefetch("opinions", opinions.defer(*names_only("entered_by"))),
        )
        .order_by("pk")
    )


def visible_task(person: org.Person, task_id: int) -> models.Task | None:
    """One task with its run, if the person may see it."""
    people = ("holder", "delegate", "closed_by", "on_behalf_of", "run__started_by")
    tasks = models.Task.objects.filter(pk=task_id).select_related("run__procedure", "run__edition", "post", *people)
    tasks = tasks.defer("run__edition__definition", "run__edition__source", *names_only(*people))
    return person.visible(tasks, access.P.PROCEDURES_SEE).first()


def without_people(person: org.Person) -> QuerySet[models.Task]:
    """Open tasks for which nobody was found: they wait for somebody who steers to give them to a person."""
    tasks = models.Task.objects.filter(
        Q(warning_zh__gt=""),
        state__in=LIVE,
        holder=None,
        post=None,
        candidacies=None,
        kind__in=models.Task.PEOPLE_KINDS,
    )
    return _with_people(person.visible(tasks, access.P.PROCEDURES_STEER)).order_by("opened_at")
