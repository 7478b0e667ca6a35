"""Assigning, telling the customer how the request stands, looking again at what waits."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as say

from yinuo.cases.actions import progress
from yinuo.cases.hooks.effects import reading
from yinuo.cases.queries import cases as case_queries
from yinuo.kit import actors, plugs, subjects
from yinuo.procedures import models as procedures
from yinuo.procedures.actions import handing, running
from yinuo.procedures.queries import people


def keep_owner(*, subject: subjects.Ref, data: dict[str, Any], by: actors.Actor, now: datetime, **_more: Any) -> None:
    """Whoever was chosen at the step owns the case from now on."""
    progress.give(
        case=case_queries.case_of(subject.id),
        owner=people.person_of(str(data.get("owner") or "").removeprefix("person:")),
        reason=str(data.get("reason") or ""),
        by=by,
        now=now,
    )


def send_progress(
    *, subject: subjects.Ref, task_id: int | None, data: dict[str, Any], by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """The progress report went out, as its form says when and how; nothing goes out where the reply will tell it."""
    if reading.outcome(task_id) != "sent":
        return
    case = case_queries.case_of(subject.id)
    way, sent_at = reading.sending(data, now)
    progress.report(
        case=case,
        text=str(data.get("body") or ""),
        way=way,
        sent_at=sent_at,
        by=reading.by_person(by, case),
        now=now,
    )


def ask_anew(*, subject: subjects.Ref, by: actors.Actor, now: datetime, **_more: Any) -> None:
    """Waits of the case look again whether what they wait for has come: a step is done that they ask about."""
    running.happened(subject=subject, by=by, now=now)


def to_owner(
    *, subject: subjects.Ref, run_id: int, task_id: int | None, by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """A step that is done again is its owner's of today, not of whoever did it before the case was given away."""
    step, owner = reading.task(task_id), case_queries.case_of(subject.id).owner
    if step is None or owner is None:
        return
    again = procedures.Task.objects.filter(run=run_id, step=step.step, state__in=procedures.Task.LIVE, attempt__gt=1)
    for task in again.exclude(holder=owner):
        handing.pass_on(task=task, to=owner, reason=say("The owner has changed."), by=by, now=now)


for _name, _function, _zh, _en in (
    ("keep_owner", keep_owner, "按分派单指定负责人", "makes the chosen person the owner"),
    ("send_progress", send_progress, "发出进展报告", "sends the progress report"),
    ("to_owner", to_owner, "任务交给现任负责人", "gives the task to the owner of today"),
    ("ask_anew", ask_anew, "重新核对等待条件", "looks again at what waits"),
):
    plugs.effects.plug(f"cases.{_name}", _function, zh=_zh, en=_en)
