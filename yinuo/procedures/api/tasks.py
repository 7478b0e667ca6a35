"""Tasks: what waits for the person, one with its form, finishing it, returning it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema
from pydantic import Field

from yinuo.kit import api
from yinuo.org.actions import signing as org_signing
from yinuo.org.definition import Permission
from yinuo.procedures import lists
from yinuo.procedures.actions import signing, working
from yinuo.procedures.forms import described
from yinuo.procedures.forms import moves as move_forms
from yinuo.procedures.forms import tasks as task_forms
from yinuo.procedures.queries import task_page as task_pages
from yinuo.procedures.queries import tasks as task_queries

router = Router(tags=["tasks"])
WITH_FILES = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["said"],
                "description": "`said`: what /submit takes, as JSON. Files under the key of their field of the form.",
                "properties": {"said": {"type": "string", "contentMediaType": "application/json"}},
                "additionalProperties": {"type": "array", "items": {"type": "string", "format": "binary"}},
            }
        }
    },
}
Value = str | bool | int | float | list[str] | dict[str, dict[str, str | bool | int | float | None]] | None


class Subject(Schema):
    """What a task is about."""

    type: str
    id: int
    label: str
    url: str


class TaskLine(Schema):
    """A task as it stands in a list; `url` is its page."""

    id: int
    title: str
    kind: str
    state: str
    step: str
    responsible: str
    subject: Subject
    opened_at: datetime
    due_at: datetime | None
    version: int
    url: str

    @staticmethod
    def resolve_url(row: Any) -> str:
        return str(row.get_absolute_url())


class FormFile(Schema):
    """A file of a form; `token` leads to its bytes."""

    token: str
    name: str
    sha256: str


class Step(Schema):
    """A step by its key."""

    key: str
    title: str


class Task(TaskLine):
    """A task with the form it asks for (JSON Schema), the files of each field, and where it may be returned to."""

    may_work: bool
    is_signed: bool
    form: dict[str, Any] | None
    files: dict[str, list[FormFile]]
    returns: list[Step]


class Submitted(api.Asked):
    """What is entered, as the task's form describes it. `secret`: password or PIN where the step is signed."""

    values: dict[str, Value] = {}
    outcome: str = Field("", max_length=60)
    verdict: str = Field("", max_length=20)
    condition: str = Field("", max_length=20_000)
    secret: str = Field("", max_length=200)


class Returned(api.Asked):
    """To which step it is returned, and why."""

    to: str = Field(max_length=80)
    reason: str = Field(max_length=2000)


@api.call(router, "GET", "/tasks", Permission.PROCEDURES_WORK, api.Listed[TaskLine], sheet=lists.WORK)
def tasks(request: api.Request) -> dict[str, Any]:
    """What waits for the person, also of colleagues for whom they stand in."""
    return api.listed(request, lists.WORK, task_queries.tasks_of(request.user, timezone.now()))


@api.call(router, "GET", "/tasks/{int:id}", Permission.PROCEDURES_SEE, Task)
def task(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """One task with its form."""
    return told(response, look(request, id))


@api.call(router, "POST", "/tasks/{int:id}/submit", Permission.PROCEDURES_WORK, Task, changes=True)
def task_submit(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: Submitted,
) -> Any:
    """Finish the task."""
    return _submitted(request, response, id, said, MultiValueDict())


@api.call(
    router, "POST", "/tasks/{int:id}/submit-with-files", Permission.PROCEDURES_WORK, Task, changes=True, body=WITH_FILES
)  # fmt: skip
def task_submit_with_files(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address
    """Finish the task, with files of its form."""
    return _submitted(request, response, id, api.part(request, "said", Submitted), request.FILES)


def _submitted(
    request: api.Request,
    response: HttpResponse,
    task_id: int,
    said: Submitted,
    files: MultiValueDict[str, Any],
) -> Any:
    """Submit as the screen does: the same form, the same action."""
    now, version = timezone.now(), api.expected(request)
    shown = look(request, task_id)
    if not shown.task.is_live:
        raise working.already_done(shown.task)
    form = _form(shown, described.as_form(said.dict(), version), described.files_of(files))
    described.demand_fields(form, files)
    cleaned = api.checked(form, "f-")
    proof = _proof(request, cleaned, now) if shown.signs else None
    working.submit(
        task=shown.task, by=request.user, now=now, expected=version, data=form.values, files=form.new_files,
        proof=proof, outcome=form.answer("outcome"), verdict=form.answer("verdict"),
        condition=form.answer("condition"),
    )  # fmt: skip
    return told(response, look(request, task_id))


@api.call(router, "POST", "/tasks/{int:id}/return", Permission.PROCEDURES_WORK, Task, changes=True)
def task_return(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: Returned,
) -> Any:
    """Return it to an earlier step; everything after that step is done again."""
    version, shown = api.expected(request), look(request, id)
    if not shown.returns:
        raise working.NotYours(_("There is no earlier step to which you could return this."))
    steps = [(step.key, step.title.say(_language())) for step in shown.returns]
    form = move_forms.ToStepForm(api.as_form({**said.dict(), "version": version}), steps=steps)
    cleaned = api.checked(form)
    working.return_to(
        task=shown.task, to=cleaned["to"], reason=cleaned["reason"], by=request.user, now=timezone.now(),
        expected=version,
    )  # fmt: skip
    return told(response, look(request, id))


def _language() -> str:
    return get_language() or "zh"


def look(request: api.Request, task_id: int) -> task_pages.TaskPage:
    """What the person sees of a task; 404 when they may not see it."""
    shown = task_pages.task_page(request.user, task_id, timezone.now())
    if shown is None:
        raise Http404
    return shown


def _form(shown: task_pages.TaskPage, data: Any = None, files: Any = None) -> task_forms.TaskForm:
    return task_forms.form_for(shown, data, files)


def _proof(request: api.Request, cleaned: Mapping[str, Any], now: datetime) -> org_signing.Proof:
    """The person's own proof: a token signs nothing."""
    secret = cleaned.get("secret", "")
    if not secret:
        raise signing.SignatureMissing(_("Please sign with your password or PIN."), field="secret")
    return org_signing.check_signature(secret=secret, by=request.user, now=now)


def told(response: HttpResponse, shown: task_pages.TaskPage) -> Any:
    """The task as it is now."""
    task: Any = shown.task
    api.tagged(response, task.version)
    task.may_work, task.is_signed = shown.may_work, shown.signs
    task.form = described.schema_of(_form(shown)) if shown.may_work else None
    task.files = described.kept_files(shown.form, task.draft if task.is_live else task.data)
    task.returns = [{"key": step.key, "title": step.title.say(_language())} for step in shown.returns]
    return task
