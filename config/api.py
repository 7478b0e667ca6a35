"""The API: the calls of all rooms under one address, their refusals, their description (OpenAPI 3.1)."""

import logging
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    BadRequest,
    ObjectDoesNotExist,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja import errors as ninja_errors
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder

from yinuo.cases.api import joining, sorting
from yinuo.changes import api as engineering_changes
from yinuo.comparisons import api as comparisons
from yinuo.customers.api import portals
from yinuo.customers.api import writing as customers
from yinuo.imports import api as imports
from yinuo.kit import api as calls
from yinuo.kit import exports, lists, pages, refusals
from yinuo.letters.api import letters, mails, plans
from yinuo.org import definition
from yinuo.org.api import company
from yinuo.procedures.api import moves as procedures
from yinuo.records.api import changes, files
from yinuo.reports.api import repeats as reports
from yinuo.search import api as search
from yinuo.sources.api import judging, matrix, obsolete, standards
from yinuo.watches import api as watches

log = logging.getLogger("yinuo.api")
PROBLEM = "application/problem+json"
METHODS = ("get", "post", "patch")


class Renderer(JSONRenderer):
    """JSON in which Chinese stays readable."""

    encoder_class = NinjaJSONEncoder
    json_dumps_params = {"ensure_ascii": False}


class Api(NinjaAPI):
    """Describes what it answers as it answers it."""

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        schema = super().get_openapi_schema(**kwargs)
        for path in schema["paths"].values():
            for operation in path.values():
                _complete(operation)
        return schema


def _complete(operation: dict[str, Any]) -> None:
    """The filters of a list, in the reader's language; refusals under their own type."""
    sheet = operation.pop("x-list", None)
    if sheet is not None:
        operation["parameters"] = [*operation["parameters"], *calls.parameters_of(sheet)]
    for code, answer in operation["responses"].items():
        if int(code) >= HTTPStatus.BAD_REQUEST and "content" in answer:
            answer["content"] = {PROBLEM: next(iter(answer["content"].values()))}


api = Api(
    title="Yinuo 一诺",
    version="1",
    openapi_url=None,
    docs_url=None,
    renderer=Renderer(),
    description="What the screens do, for programs: the same acts, permissions and refusals.",
)
for room in (
    company, customers, portals, joining, sorting, letters, mails, plans, procedures, standards, judging, matrix,
    obsolete, watches, imports, comparisons, reports, changes, files, search, engineering_changes,
):  # fmt: skip
    api.add_router("", room.router)


# Refusals -------------------------------------------------------------------------------------------------------------


def problem(
    request: HttpRequest,
    status: int,
    detail: str,
    field: str | None = None,
    faults: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    """A refusal as RFC 9457 has it."""
    said = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "field": field,
        "errors": [{"field": name, "detail": sentence} for name, sentence in faults or ()],
    }
    response = HttpResponse(Renderer().render(request, said, response_status=status), status=status)
    response["Content-Type"] = PROBLEM
    return response


@api.exception_handler(lists.AsFile)
def as_workbook(request: HttpRequest, asked: lists.AsFile) -> HttpResponseBase:
    """A list as the workbook that its screen gives, for whoever says so in `Accept`."""
    return exports.response(request.user, asked, path=request.path, now=timezone.now())


@api.exception_handler(refusals.Refusal)
def refused(request: HttpRequest, refusal: refusals.Refusal) -> HttpResponse:
    """One clear sentence; a stale version is a condition that failed."""
    status = HTTPStatus.PRECONDITION_FAILED if isinstance(refusal, refusals.Stale) else refusal.status
    return problem(request, status, str(refusal), refusal.field, getattr(refusal, "faults", None))


@api.exception_handler(ninja_errors.AuthenticationError)
def unknown(request: HttpRequest, _error: Exception) -> HttpResponse:
    """No token, or one that opens nothing (any more)."""
    response = problem(request, 401, _("Please send a token that is valid: Authorization: Bearer …"))
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(calls.TooMany)
def too_many(request: HttpRequest, refusal: calls.TooMany) -> HttpResponse:
    response = problem(request, refusal.status, str(refusal))
    response["Retry-After"] = str(refusal.waits)
    return response


@api.exception_handler(ninja_errors.ValidationError)
def misshapen(request: HttpRequest, error: ninja_errors.ValidationError) -> HttpResponse:
    """What was sent has not the shape that the call describes."""
    faults = []
    for each in error.errors:
        where = [str(part) for part in each["loc"] if part not in ("body", "query", "path", "said")]
        words = _("This field is required.") if each["type"] == "missing" else _("This does not fit here.")
        faults.append((".".join(where), words))
    first = faults[0] if faults else ("", _("This does not fit here."))
    return problem(request, 422, first[1], first[0] or None, faults)


@api.exception_handler(Http404)
@api.exception_handler(ObjectDoesNotExist)
def not_there(request: HttpRequest, _error: Exception) -> HttpResponse:
    return problem(request, 404, _("There is no such thing, or you may not see it."))


@api.exception_handler(ninja_errors.HttpError)
@api.exception_handler(BadRequest)
@api.exception_handler(MultiPartParserError)
def unreadable(request: HttpRequest, _error: Exception) -> HttpResponse:
    return problem(request, 400, _("This could not be read."))


@api.exception_handler(RequestDataTooBig)
@api.exception_handler(TooManyFieldsSent)
@api.exception_handler(TooManyFilesSent)
def too_big(request: HttpRequest, _error: Exception) -> HttpResponse:
    return problem(request, 413, _("This is too much at once."))


@api.exception_handler(Exception)
def broken(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("%s %s", request.method, request.path, exc_info=error)
    return problem(request, 500, _("Something went wrong here, and nothing was changed. Please try again later."))


@csrf_exempt
def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """No call stands at this address."""
    return problem(request, 404, _("There is no call at this address."))


# Description ----------------------------------------------------------------------------------------------------------


@pages.page(pages.SIGNED_IN)
def schema(request: pages.Request) -> HttpResponse:
    """The description for programs."""
    return HttpResponse(
        Renderer().render(request, api.get_openapi_schema(path_prefix="/api/v1/"), response_status=200),
        content_type="application/json",
    )


@pages.page(pages.SIGNED_IN)
def docs(request: pages.Request) -> HttpResponse:
    """The description for people: every call with what it needs, in the reader's words."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items():
        for method, operation in operations.items():
            call = {**operation, "method": method.upper(), "path": path, "words": _(operation["summary"])}
            call["needs"] = _needs(operation["x-permission"])
            call["sent"] = next(iter(operation.get("requestBody", {}).get("content", ())), "")
            groups.setdefault(_(f"api.{operation['tags'][0]}"), []).append(call)
    return render(request, "kit/api.html", {"groups": groups})


def _needs(permission: str) -> str:
    """The permission in words."""
    if permission == pages.SIGNED_IN:
        return _("any token")
    zh, en = definition.PERMISSION_WORDS[definition.Permission(permission)]
    return en if (get_language() or "").startswith("en") else zh
