"""Moves on a task beside finishing and returning it: taking, handing over, delegating, one more signer, urging."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from pydantic import Field

from yinuo.kit import api
from yinuo.org.definition import Permission
from yinuo.procedures import models
from yinuo.procedures.actions import handing, running, working
from yinuo.procedures.api import tasks
from yinuo.procedures.forms import moves as forms

router = tasks.router
WORK, SEE = Permission.PROCEDURES_WORK, Permission.PROCEDURES_SEE


class Remark(api.Asked):
    """A remark, if there is one."""

    reason: str = Field("", max_length=2000)


class ToPerson(api.Asked):
    """To whom, by their id, and why."""

    to: int
    reason: str = Field(max_length=2000)


class Signer(api.Asked):
    """Who signs too: before (one waits for it) or after."""

    to: int
    when: str = Field("before", max_length=10)
    reason: str = Field("", max_length=2000)


class Copied(api.Asked):
    """To whose notice it is brought, by their ids."""

    people: list[int] = Field(min_length=1, max_length=100)
    note: str = Field("", max_length=2000)


def _moved(
    request: api.Request, response: HttpResponse, key: int, move: Callable[[models.Task, int, datetime], Any]
) -> Any:
    """The task after a move from the version that was seen."""
    version, shown = api.expected(request), tasks.look(request, key)
    move(shown.task, version, timezone.now())
    return tasks.told(response, tasks.look(request, key))


@api.call(router, "POST", "/tasks/{int:id}/take", WORK, tasks.Task, changes=True)
def task_take(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """Take a task that several could do."""
    return _moved(
        request, response, id,
        lambda task, version, now: working.take(task=task, by=request.user, now=now, expected=version),
    )  # fmt: skip


@api.call(router, "POST", "/tasks/{int:id}/withdraw", WORK, tasks.Task, changes=True)
def task_withdraw(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: Remark,
) -> Any:
    """Take back what one has finished; the task opens again with what was entered."""

    def move(task: models.Task, version: int, now: datetime) -> None:
        working.withdraw(task=task, reason=said.reason, by=request.user, now=now, expected=version)

    return _moved(request, response, id, move)


@api.call(router, "POST", "/tasks/{int:id}/reassign", WORK, tasks.Task, changes=True)
def task_reassign(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: ToPerson,
) -> Any:
    """Hand the task over for good, with the responsibility for it."""

    def move(task: models.Task, version: int, now: datetime) -> None:
        data = api.as_form({**said.dict(), "version": version})
        but = [task.holder_id] if task.holder_id else []
        given = api.checked(forms.ToPersonForm(data, task=task, but=but))
        facts = {"to": given["to"], "reason": given["reason"]}
        handing.reassign(task=task, by=request.user, now=now, expected=version, **facts)

    return _moved(request, response, id, move)


@api.call(router, "POST", "/tasks/{int:id}/delegate", WORK, tasks.Task, changes=True)
def task_delegate(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: ToPerson,
) -> Any:
    """Let somebody work on it on one's behalf; one stays responsible."""

    def move(task: models.Task, version: int, now: datetime) -> None:
        data = api.as_form({**said.dict(), "version": version})
        given = api.checked(forms.ToPersonForm(data, task=task, but=[request.user.pk]))
        facts = {"to": given["to"], "reason": given["reason"]}
        handing.delegate(task=task, by=request.user, now=now, expected=version, **facts)

    return _moved(request, response, id, move)


@api.call(router, "POST", "/tasks/{int:id}/delegate/end", WORK, tasks.Task, changes=True)
def task_end_delegation(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: Remark,
) -> Any:
    """Work on it oneself again."""

    def move(task: models.Task, version: int, now: datetime) -> None:
        handing.delegate(task=task, to=None, reason=said.reason, by=request.user, now=now, expected=version)

    return _moved(request, response, id, move)


@api.call(router, "POST", "/tasks/{int:id}/signer", WORK, tasks.Task, changes=True)
def task_add_signer(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: Signer,
) -> Any:
    """Ask one more to sign."""

    def move(task: models.Task, version: int, now: datetime) -> None:
        data = api.as_form({**said.dict(), "version": version})
        given = api.checked(forms.SignerForm(data, task=task, but=[request.user.pk]))
        handing.add_signer(
            task=task, signer=given["to"], before=given["when"] == "before", reason=given["reason"], by=request.user,
            now=now, expected=version,
        )  # fmt: skip

    return _moved(request, response, id, move)


@api.call(router, "POST", "/tasks/{int:id}/copy", SEE, tasks.Task, changes=True)
def task_copy(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: Copied,
) -> Any:
    """Bring it to others' notice."""

    def move(task: models.Task, version: int, now: datetime) -> None:
        api.require_version(request, task.version)
        given = api.checked(forms.CopyForm(api.as_form(said.dict()), run=task))
        people = list(given["people"])
        handing.copy_to(run=task.run, task=task, people=people, note=given["note"], by=request.user, now=now)

    return _moved(request, response, id, move)


@api.call(router, "POST", "/tasks/{int:id}/remind", SEE, tasks.Task, changes=True)
def task_remind(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """Urge whoever has it."""

    def move(task: models.Task, _version: int, now: datetime) -> None:
        api.require_version(request, task.version)
        handing.remind(task=task, by=request.user, now=now)

    return _moved(request, response, id, move)


@api.call(router, "POST", "/tasks/{int:id}/retry", Permission.PROCEDURES_STEER, tasks.Task, changes=True)
def task_retry(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """Try an effect again that failed."""
    return _moved(
        request, response, id,
        lambda task, version, now: running.retry_effect(task=task, by=request.user, now=now, expected=version),
    )  # fmt: skip
