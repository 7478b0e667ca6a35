"""Changing a case: what was registered, its priority and owner, hold and end. Each from the version that was seen.

Calls at one address stand in one router, so these join those of `cases`.
"""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from yinuo.cases import models
from yinuo.cases.actions import steering
from yinuo.cases.api import cases, shapes
from yinuo.cases.forms import dialogs, intake, own_fields
from yinuo.kit import api
from yinuo.org.definition import Permission

router = cases.router
STEER = Permission.CASES_STEER


@api.call(router, "PATCH", "/cases/{number}", Permission.CASES_HANDLE, shapes.Case, changes=True)
def case_correct(request: api.Request, response: HttpResponse, number: str, said: shapes.Corrected) -> models.Case:
    """Correct what was registered."""
    it, person = cases.look(request.user, number), request.user
    version = api.expected(request)
    as_is = intake.Correction(person=person, case=it)
    values: dict[str, Any] = {name: as_is.get_initial_for_field(each, name) for name, each in as_is.fields.items()}
    changed = said.dict(exclude_unset=True)
    values |= cases.own_values(changed.pop("more", {})) | changed | {"version": version}
    form = intake.Correction(api.as_form(values), person=person, case=it)
    cleaned = api.checked(form, own_fields.PREFIX)
    corrected = {name: cleaned[name] for name in steering.CORRECTED if name in cleaned}
    corrected["more"] = own_fields.given("case", cleaned)
    steering.correct(
        case=it, by=person, now=timezone.now(), expected=version, reason=cleaned.get("reason", ""),
        products=list(cleaned["products"]), is_oral=cleaned.get("is_oral"), **corrected,
    )  # fmt: skip
    return cases.shown(request, response, number)


@api.call(router, "POST", "/cases/{number}/priority", STEER, shapes.Case, changes=True)
def case_rank(request: api.Request, response: HttpResponse, number: str, said: shapes.Priority) -> models.Case:
    """Another priority than the table's, with the reason."""
    it, version = cases.look(request.user, number), api.expected(request)
    cleaned = api.checked(dialogs.Rank(api.as_form({**said.dict(), "version": version})))
    steering.change_priority(
        case=it, priority=cleaned["priority"], reason=cleaned["reason"], by=request.user, now=timezone.now(),
        expected=version,
    )  # fmt: skip
    return cases.shown(request, response, number)


@api.call(router, "POST", "/cases/{number}/owner", STEER, shapes.Case, changes=True)
def case_give(request: api.Request, response: HttpResponse, number: str, said: shapes.Owner) -> models.Case:
    """Give the case to another owner, who is told."""
    it, version = cases.look(request.user, number), api.expected(request)
    cleaned = api.checked(dialogs.Owner(api.as_form({"owner": said.owner, "version": version})))
    steering.change_owner(case=it, owner=cleaned["owner"], by=request.user, now=timezone.now(), expected=version)
    return cases.shown(request, response, number)


@api.call(router, "POST", "/cases/{number}/hold", STEER, shapes.Case, changes=True)
def case_hold(request: api.Request, response: HttpResponse, number: str, said: shapes.Reason) -> models.Case:
    """Put the case on hold for the customer."""
    it = cases.look(request.user, number)
    api.require_version(request, it.version)
    steering.hold(case=it, reason=_reason(said), by=request.user, now=timezone.now())
    return cases.shown(request, response, number)


@api.call(router, "POST", "/cases/{number}/resume", STEER, shapes.Case, changes=True)
def case_resume(request: api.Request, response: HttpResponse, number: str) -> models.Case:
    """Go on after a hold."""
    it = cases.look(request.user, number)
    api.require_version(request, it.version)
    steering.resume(case=it, by=request.user, now=timezone.now())
    return cases.shown(request, response, number)


@api.call(router, "POST", "/cases/{number}/terminate", STEER, shapes.Case, changes=True)
def case_terminate(request: api.Request, response: HttpResponse, number: str, said: shapes.Reason) -> models.Case:
    """End the case before its end, with the reason."""
    it = cases.look(request.user, number)
    api.require_version(request, it.version)
    steering.terminate(case=it, reason=_reason(said), by=request.user, now=timezone.now())
    return cases.shown(request, response, number)


def _reason(said: shapes.Reason) -> str:
    """The reason, checked as in its dialog."""
    return str(api.checked(dialogs.Reason(api.as_form(said.dict())))["reason"])
