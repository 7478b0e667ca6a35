"""Sorting what was reported: a case of it, joined to one, dismissed, put back. Each from the version that was seen."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field

from yinuo.cases import models
from yinuo.cases.actions import sorting as acts
from yinuo.cases.api import findings, shapes
from yinuo.cases.forms import findings as forms
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import findings as finding_queries
from yinuo.kit import api
from yinuo.org.definition import Permission

router = findings.router
OPEN = Permission.CASES_OPEN


class JoinTo(api.Asked):
    """The number of the case to which it belongs."""

    case: str = Field(max_length=40)


class NotHandled(api.Asked):
    """Why it is not handled; the reporter reads it."""

    reason: str = Field(max_length=500)


def _told(request: api.Request, response: HttpResponse, key: int) -> Any:
    it = finding_queries.finding(request.user, key)
    api.tagged(response, it.version)
    return findings.plain(request.user, it)


def _look(request: api.Request, key: int) -> models.Finding:
    return finding_queries.finding(request.user, key)


@api.call(router, "POST", "/findings/{int:id}/open", OPEN, shapes.Finding, changes=True)
def finding_open(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """Make a case of it, as it stands; its number stands in the answer."""
    it, version = _look(request, id), api.expected(request)
    acts.make_case_at_once(finding=it, by=request.user, now=timezone.now(), expected=version)
    return _told(request, response, id)


@api.call(router, "POST", "/findings/{int:id}/join", OPEN, shapes.Finding, changes=True)
def finding_join(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: JoinTo,
) -> Any:
    """It belongs to a case that is there."""
    it, version = _look(request, id), api.expected(request)
    cleaned = api.checked(forms.Join(api.as_form({**said.dict(), "version": version})))
    case = case_queries.joinable_case(request.user, cleaned["case"])
    if case is None:
        raise api.Unfit([("case", _("There is no open case of this number that you may see."))])
    acts.join(finding=it, case=case, by=request.user, now=timezone.now(), expected=version)
    return _told(request, response, id)


@api.call(router, "POST", "/findings/{int:id}/dismiss", OPEN, shapes.Finding, changes=True)
def finding_dismiss(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: NotHandled,
) -> Any:
    """It is not handled, with the reason; the reporter is told."""
    it, version = _look(request, id), api.expected(request)
    reason = api.checked(forms.Dismiss(api.as_form({**said.dict(), "version": version})))["reason"]
    acts.dismiss(finding=it, reason=reason, by=request.user, now=timezone.now(), expected=version)
    return _told(request, response, id)


@api.call(router, "POST", "/findings/{int:id}/put-back", OPEN, shapes.Finding, changes=True)
def finding_put_back(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address
    """Put it back among what waits to be sorted."""
    acts.put_back(finding=_look(request, id), by=request.user, now=timezone.now(), expected=api.expected(request))
    return _told(request, response, id)
