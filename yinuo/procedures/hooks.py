"""What procedures plug into the rooms below."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yinuo.kit import duties, jobs, plugs, refusals, subjects
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures import access, models
from yinuo.procedures.actions import handing
from yinuo.procedures.forms import fields
from yinuo.procedures.queries import definitions, drafts, tasks
from yinuo.search import rules as search

CHUNK = 100  # tasks reckoned anew per job


# Finders: people relative to the run ----------------------------------------------------------------------------------


def starter(run: models.Run, argument: str = "") -> list[int]:
    """Whoever started the run."""
    return [run.started_by_id] if run.started_by_id else []


def superior_of_starter(run: models.Run, argument: str = "") -> list[int]:
    """The superior of whoever started the run."""
    superior = org_queries.superior_of(run.started_by, timezone.localdate()) if run.started_by else None
    return [superior.pk] if superior else []


def owner(subject: subjects.Ref, argument: str = "") -> str:
    """The post that owns the procedure (or edition) that the run is about."""
    found = models.Procedure.objects.select_related("owner_post")
    if subject.type == models.Edition.subject_type:
        row = found.filter(editions=subject.id).first()
    else:
        row = found.filter(pk=subject.id).first() if subject.type == models.Procedure.subject_type else None
    return f"post:{row.owner_post.code}" if row is not None and row.owner_post is not None else ""


plugs.finders.plug("procedures.owner", owner, zh="程序负责人", en="owner of the procedure")
plugs.finders.plug("procedures.starter", starter, zh="发起人", en="whoever started it", of_run=True)
plugs.finders.plug(
    "procedures.superior_of_starter", superior_of_starter, zh="发起人的上级", en="the superior of whoever started it",
    of_run=True,
)  # fmt: skip


# Events of the rooms below --------------------------------------------------------------------------------------------


def rescoped(*, type: str, id: int, scope_id: int | None, site_id: Any = ..., **_more: Any) -> None:  # noqa: A002
    """A subject changed its confidential scope (or site): its runs, tasks and copies follow."""
    values = {"scope_id": scope_id} if site_id is ... else {"scope_id": scope_id, "site_id": site_id}
    for model in (models.Run, models.Task, models.Copy):
        model._default_manager.filter(subject_type=type, subject_id=id).update(**values)


def calendar_changed(*, site_ids: Sequence[int | None], now: datetime, **_more: Any) -> None:
    """Working days or hours changed: due moments of open tasks are reckoned anew, in the background."""
    live = models.Task.objects.filter(
        state__in=models.Task.LIVE, due_from__isnull=False, due_unit__in=["working_days", "working_hours"]
    )
    if None not in site_ids:
        live = live.filter(site_id__in=site_ids)
    ids = list(live.order_by("pk").values_list("pk", flat=True))
    mark = uuid4().hex
    for at in range(0, len(ids), CHUNK):
        jobs.enqueue("procedures.recompute_due", key=f"{mark}:{at}", now=now, tasks=ids[at : at + CHUNK])


# Facts ----------------------------------------------------------------------------------------------------------------


def departments(subject: subjects.Ref) -> list[str]:
    """The departments that an edition gives work, as party words."""
    edition = models.Edition.objects.filter(pk=subject.id).first() if subject.type == "procedures.edition" else None
    found = drafts.concerned(definitions.definition_of(edition)) if edition is not None else []
    return [f"department:{each.code}" for each in found]


plugs.facts.plug("procedures.departments", departments, zh="新版涉及的部门", en="departments that the edition concerns")
plugs.events.plug("kit.rescoped/procedures", rescoped)
plugs.events.plug("org.calendar_changed/procedures", calendar_changed)


# Pages of the rooms below ---------------------------------------------------------------------------------------------


def waiting(person: org.Person) -> int:
    """Nobody waits at the list of procedures itself."""
    return 0


def tasks_panel(subject: subjects.Ref, person: org.Person) -> str | None:
    """The open tasks of a person, on their page."""
    return reverse("procedures:person_tasks", args=[subject.id])


plugs.field_kinds.plug(
    "departments", lambda field, subject: fields.Departments(), zh="部门（可多选）", en="departments, several"
)
plugs.menu.plug(
    "procedures", waiting, zh="管理程序", en="Procedures", permission="procedures.see", icon="route",
    url="procedures:procedures", order=80,
)  # fmt: skip
plugs.panels.plug("org.person/procedures", tasks_panel, zh="待办任务", en="Open tasks", icon="checklist")


# Undo -----------------------------------------------------------------------------------------------------------------


def _task(task_id: int, by: org.Person) -> models.Task:
    found = tasks.visible_task(by, task_id)
    if found is None:
        raise refusals.NotAllowed()
    return found


def reassigned(
    *, task: int, holder: int | None, post: int | None, delegate: int | None, expected: int, since: str,
    by: org.Person, now: datetime,
) -> None:  # fmt: skip
    """Whoever had the task has it again, and whoever worked on it on their behalf."""
    to = org.Person.objects.get(pk=holder) if holder else org.Post.objects.get(pk=post or 0)
    handing.give_back(
        task=_task(task, by), to=to, by=by, now=now, expected=expected, since=datetime.fromisoformat(since),
        delegate=org.Person.objects.filter(pk=delegate).first() if delegate else None,
    )  # fmt: skip


def delegated(*, task: int, to: int | None, expected: int, by: org.Person, now: datetime) -> None:
    """Whoever worked on it on one's behalf before, or nobody."""
    before = org.Person.objects.filter(pk=to).first() if to else None
    reason = gettext("Undone.")
    handing.delegate(task=_task(task, by), to=before, reason=reason, by=by, now=now, expected=expected)


plugs.undos.plug("procedures.reassigned", reassigned, zh="转办", en="a task was reassigned")
plugs.undos.plug("procedures.delegated", delegated, zh="委托代理", en="a task was delegated")


# Search ---------------------------------------------------------------------------------------------------------------


def documents(ids: Iterable[int]) -> list[search.Document]:
    """Procedures as the index knows them: number, title, purpose, scope and the steps' instructions."""
    found = []
    for procedure in models.Procedure.objects.filter(pk__in=list(ids)).select_related("current"):
        if procedure.current is None:
            continue
        definition = definitions.definition_of(procedure.current)
        found.append(
            search.Document(
                type=models.Procedure.subject_type,
                id=procedure.pk,
                title=f"{procedure.name_zh} {procedure.name_en}".strip(),
                label=procedure.number,
                text=definitions.text_of(definition),
                url=procedure.get_absolute_url(),
                scope_id=None,
                site_id=None,
                at=procedure.current.published_at,
            )
        )
    return found


plugs.index_sources.plug(models.Procedure.subject_type, documents, zh="管理程序", en="Procedures")


# What somebody has in hand --------------------------------------------------------------------------------------------


def tasks_in_hand(person: org.Person, by: org.Person, now: datetime) -> duties.Held:
    """The open tasks that are somebody's own; what they had begun to enter goes with them."""
    shown, hidden = org_queries.seen_of(tasks.in_hand(person), by, access.P.PROCEDURES_SEE)
    found = [_duty(task, by) for task in shown]
    return duties.Held(found, hidden)


def _duty(task: models.Task, by: org.Person) -> duties.Duty:
    return duties.Duty(
        key=task.pk,
        version=task.version,
        label=str(task),
        url=task.get_absolute_url(),
        subject=task.subject,
        due_at=task.due_at,
        note=_("with what was entered so far") if task.draft else "",
        may_give=access.may_steer(by, task),
    )


def give_task(
    *, key: int, holder: org.Person, to: org.Person, last_on: date, reason: str, expected: int, by: org.Person,
    now: datetime,
) -> None:  # fmt: skip
    """The task is reassigned; whoever gets it hears of it with everything else."""
    task = tasks.in_hand(holder).filter(pk=key).first()
    if task is None:
        raise duties.NotTheirs()
    handing.reassign(task=task, to=to, reason=reason, by=by, now=now, expected=expected, quietly=True)


plugs.duties.plug(
    "procedures.task", tasks_in_hand, zh="待办任务", en="Tasks", give=give_task, order=10,
    sees=access.P.PROCEDURES_SEE, needs=access.P.PROCEDURES_STEER, counted=("{n} 项待办", "{n} task", "{n} tasks"),
)  # fmt: skip
