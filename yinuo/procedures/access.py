"""Who may do what with runs and tasks."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from yinuo.kit import actors
from yinuo.org import definition
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org import rules as org_rules
from yinuo.procedures import models

P = definition.Permission


def may_see(person: org.Person, run: models.Run | models.Task) -> bool:
    """Whether the person may see a run and its tasks."""
    return person.may(P.PROCEDURES_SEE, run.scope_id, run.site_id)


def may_steer(person: org.Person, run: models.Run | models.Task) -> bool:
    """Whether the person may steer others' work here: reassign, remind, hold, terminate, reopen."""
    return person.may(P.PROCEDURES_STEER, run.scope_id, run.site_id)


def may_remind(person: org.Person, task: models.Task) -> bool:
    """Whether the person may urge whoever has an open task: who started the run, has worked in it, or steers."""
    if task.state != models.Task.State.OPEN or not task.is_for_people or task.run.held_at is not None:
        return False
    if task.run.started_by_id == person.pk or may_steer(person, task):
        return True
    took_part = Q(closed_by=person) | Q(holder=person)
    return models.Task.objects.filter(took_part, run=task.run_id).exists()


def may_start(by: actors.Actor, scope_id: int | None, site_id: int | None) -> bool:
    """Whether somebody may start a run for a subject; the program always may."""
    return not isinstance(by, org.Person) or by.may(P.PROCEDURES_WORK, scope_id, site_id)


def may_publish(person: org.Person) -> bool:
    return person.may(P.PROCEDURES_PUBLISH)


def able(people: Iterable[org.Person], permission: str, scope_id: int | None, site_id: int | None) -> list[org.Person]:
    """Those of the people who hold the permission for rows of this scope and site, in the same order; one query."""
    people = list(people)
    roles = [name for name, role in definition.ROLES.items() if permission in role.permissions]
    granted = Q(role__in=roles) & org.in_force(timezone.localdate())
    if site_id is not None:
        granted &= Q(site_id=None) | Q(site_id=site_id)
    grants = org.RoleGrant.objects.filter(granted, person__in=people, person__is_active=True)
    if scope_id is not None:
        grants = grants.filter(person__scope_grants__scope_id=scope_id, person__scope_grants__ended_at=None)
    allowed = set(grants.values_list("person_id", flat=True))
    return [person for person in people if person.pk in allowed]


def covered_by(person: org.Person, now: datetime) -> list[int]:
    """The ids of the absent people for whom this person stands in now, chains of delegates followed."""
    away = dict(org_queries.absences_at(now).order_by("pk").values_list("person_id", "delegate_id"))
    return [absent for absent in away if org_rules.stand_in(absent, away) == person.pk]


def in_whose_name(person: org.Person, task: models.Task, now: datetime) -> tuple[bool, org.Person | None]:
    """Whether the task is the person's to do now, and on whose behalf, when they stand in for somebody.

    One's own right goes before standing in.
    """
    if not person.may(P.PROCEDURES_WORK, task.scope_id, task.site_id):
        return False, None
    if task.holder_id == person.pk:
        return True, None
    if task.delegate_id == person.pk:
        return True, task.holder
    theirs = whose(task, now)
    if task.holder_id is None and person.pk in theirs:
        return True, None
    for absent in covered_by(person, now):
        if absent == task.holder_id or (task.holder_id is None and absent in theirs):
            return True, org.Person.objects.get(pk=absent)
    return False, None


def whose(task: models.Task, now: datetime) -> list[int]:
    """The ids of the people who may take a task that has no holder: of its post today, and its candidates."""
    found = list(task.candidacies.values_list("person_id", flat=True))
    if task.post_id is not None:
        holdings = org_queries.holdings_on(timezone.localtime(now).date()).filter(post=task.post_id)
        found += holdings.values_list("person_id", flat=True)
    return found
