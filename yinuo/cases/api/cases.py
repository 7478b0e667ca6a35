"""Cases: their list, one with all that belongs to it, registering one, an item more."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Router, Status

from yinuo.cases import lists, models
from yinuo.cases.actions import items, opening
from yinuo.cases.api import shapes
from yinuo.cases.forms import asking, dialogs, intake, own_fields
from yinuo.cases.queries import cases as case_queries
from yinuo.kit import api
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.procedures.queries import tasks as task_queries
from yinuo.records import actions as records

router = Router(tags=["cases"])
SEE = Permission.CASES_SEE


def look(person: org.Person, number: str) -> models.Case:
    """The case, if the person may see it; else `Case.DoesNotExist`, which is answered with 404."""
    return case_queries.case(person, number)


def shown(request: api.Request, response: HttpResponse, number: str, *, is_new: bool = False) -> models.Case:
    """The case as it is now, with what belongs to it."""
    it: Any = look(request.user, number)
    it.shown_items = case_queries.items_of(it)
    waiting = task_queries.open_tasks(it) if request.user.may(Permission.PROCEDURES_SEE) else ()
    it.shown_tasks = [task for task in waiting if task.is_for_people]
    api.tagged(response, it.version, f"/api/v1/cases/{it.number}" if is_new else "")
    return it


@api.call(router, "GET", "/cases", SEE, api.Listed[shapes.CaseLine], sheet=lists.CASES)
def cases(request: api.Request) -> dict[str, Any]:
    """All cases, filtered and in order."""
    rows = lists.case_rows(case_queries.cases(request.user))
    return api.listed(request, lists.cases_at(timezone.now()), rows)


@api.call(router, "GET", "/cases/{number}", SEE, shapes.Case)
def case(request: api.Request, response: HttpResponse, number: str) -> models.Case:
    """One case: what was asked, item by item, where it stands, what waits."""
    it = shown(request, response, number)
    records.note_reading(subject=it, way="read", by=request.user, now=timezone.now())
    return it


@api.call(router, "POST", "/cases", Permission.CASES_OPEN, shapes.Case, status=201, creates=True)
def case_open(request: api.Request, response: HttpResponse, said: shapes.NewCase) -> Any:
    """Register what a customer asks; its procedure starts."""
    now, person = timezone.now(), request.user

    def create(key: str) -> str:
        form = intake.NewCase(api.as_form(_asked(said, key, now), tables=("items",)), person=person)
        asked = asking.asked_in(api.checked(form, own_fields.PREFIX))
        return opening.open_case(by=person, now=now, **asked).number

    number = api.create_once(request, create)
    return Status(201, shown(request, response, number, is_new=True))


def _asked(said: shapes.NewCase, key: str, now: datetime) -> dict[str, Any]:
    """The request as the form of intake has it."""
    values = said.dict()
    lines = [{**line, **own_values(line.pop("more"), "yes", "no")} for line in values["items"]]
    at = values["notified_at"] or now
    return {**values, **own_values(values.pop("more")), "items": lines, "notified_at": at, "once": key}


def own_values(more: shapes.More, yes: str = "true", no: str = "false") -> dict[str, Any]:
    """The company's own fields, as a form or a line of a table names and says them."""
    words: dict[Any, str] = {True: yes, False: no}
    return {own_fields.PREFIX + key: words[value] if isinstance(value, bool) else value for key, value in more.items()}


@api.call(
    router, "POST", "/cases/{number}/items", Permission.CASES_HANDLE, shapes.Case, status=201, creates=True
)  # fmt: skip
def item_add(request: api.Request, response: HttpResponse, number: str, said: shapes.LaterItem) -> Any:
    """The customer asks one thing more: the case goes back to analysis for it."""
    it, now = look(request.user, number), timezone.now()

    def create(key: str) -> str:
        values = said.dict()
        form = dialogs.NewItem(api.as_form({**values, **own_values(values.pop("more")), "once": key}), case=it)
        cleaned = api.checked(form, own_fields.PREFIX)
        names = ("text", "kind", "owner", "due_on", "channel", "said_by", "said_at", "is_oral")
        more = own_fields.given("item", cleaned)
        new = opening.NewItem(
            **{name: cleaned[name] for name in names}, **opening.reach_of(cleaned["applies"]), more=more
        )
        items.add_item(case=it, new=new, reason=cleaned["reason"], by=request.user, now=now)
        return reverse("cases:case", args=[it.number])

    api.create_once(request, create)
    return Status(201, shown(request, response, it.number, is_new=True))
