"""What the calls of the API have in common: their permission, their answers, their refusals, what they were asked.

A call is to a program what a page is to a person: the same queries, forms and actions stand below it. Whom a token
stands for is said by the room of people, before anything here runs.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl, urlencode

import pydantic
from django import forms
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema
from ninja import errors as ninja_errors

from yinuo.kit import lists, once, pages, refusals, views
from yinuo.kit import rows as kit_rows

T = TypeVar("T")
M = TypeVar("M", bound=Model)
S = TypeVar("S", bound=Schema)
SAFE = ("GET", "HEAD")
MOST_AT_ONCE = 200
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEY = re.compile(r"[\x21-\x7e]{16,50}")


class Request(pages.Request):
    """A request of a program: `user` is the person for whom it acts, `may_write` whether its token changes anything."""

    may_write: bool
    waits: int  # seconds until the token may call again


class Asked(Schema):
    """What is sent; a name that no call knows is refused, for it would be forgotten in silence."""

    model_config = pydantic.ConfigDict(extra="forbid")

    @pydantic.field_validator("*")
    @classmethod
    def storable(cls, value: Any) -> Any:
        """Words of ours hold no NUL, and PostgreSQL takes none."""
        if isinstance(value, str) and "\x00" in value:
            raise ValueError("NUL")
        return value


class Named(Schema):
    """Something by its key and its name."""

    id: int
    name: str


class Fault(Schema):
    """What is wrong with one field."""

    field: str
    detail: str


class Problem(Schema):
    """A refusal, as RFC 9457 has it. `detail` is a sentence for people, which names the way out."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None
    errors: list[Fault] = []


class Listed(Schema, Generic[T]):
    """One page of a list. `next` leads to the next one; null at the end. Beyond 10,000 nothing is counted."""

    items: list[T]
    next: str | None
    total: int
    is_more_than_total: bool


# Refusals -------------------------------------------------------------------------------------------------------------


class ReadsOnly(refusals.NotAllowed):
    """The token may only read."""


class VersionMissing(refusals.Refusal):
    """A change does not say which version it was made from."""

    status = 428


class TooMany(refusals.Refusal):
    """The token has made too many calls; it waits for so many seconds."""

    status = 429

    def __init__(self, waits: int) -> None:
        super().__init__(_("Too many calls in this minute. Please wait %(n)s seconds.") % {"n": waits})
        self.waits = waits


class Unfit(refusals.Refusal):
    """What was sent does not fit; each fault with its field."""

    status = 422

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__(faults[0][1], field=faults[0][0] or None)
        self.faults = faults


# Calls ----------------------------------------------------------------------------------------------------------------


class Token:
    """Lets a call in: a token's person, who holds the permission; whoever may only read changes nothing."""

    openapi_security_schema = {"type": "http", "scheme": "bearer"}

    def __init__(self, permission: str) -> None:
        self.permission = permission

    def __call__(self, request: Request) -> Any:
        if not request.user.is_authenticated:
            return None
        if request.waits:
            raise TooMany(request.waits)
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404  # nothing of ours holds a NUL, and PostgreSQL takes none
        if self.permission != pages.SIGNED_IN and not request.user.may(self.permission):
            raise refusals.NotAllowed()
        if request.method not in SAFE and not request.may_write:
            raise ReadsOnly(_("This token may only read. Make one that may write."))
        return request.user


IF_MATCH = {
    "name": "If-Match", "in": "header", "required": True, "schema": {"type": "string", "examples": ['"3"']},
    "description": "The ETag of what the change was made from.",
}  # fmt: skip
ONCE = {
    "name": "Idempotency-Key", "in": "header", "required": True, "schema": {"type": "string", "pattern": KEY.pattern},
    "description": "Made up for each new thing; sent again, it leads to what the first one made.",
}  # fmt: skip
IF_NONE_MATCH = {
    "name": "If-None-Match", "in": "header", "required": False, "schema": {"type": "string"},
    "description": "The ETag of the last answer; with nothing new the answer is 304 and empty.",
}  # fmt: skip
BINARY = {"type": "string", "format": "binary"}
ANY_FILE = "application/octet-stream"
ALWAYS = (400, 401, 403, 404, 409, 422, 429, 500)


def call(
    router: Router,
    method: str,
    path: str,
    permission: str,
    answer: Any,
    *,
    status: int = 200,
    sheet: lists.Sheet | None = None,
    changes: bool = False,
    creates: bool = False,
    body: Mapping[str, Any] | None = None,
    remembered: bool = False,
    file_type: str = ANY_FILE,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a call: the permission it needs and what it answers. `sheet` is the list whose filters it takes;
    `changes` something of a version, `creates` something once; `body` describes what is read beside the arguments;
    `remembered`: whoever has the answer already, as its ETag says, is told only that. An
    answer of `bytes` is a file of `file_type`."""

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        headers = [IF_MATCH] * changes + [ONCE] * creates + [IF_NONE_MATCH] * remembered
        extra: dict[str, Any] = {"x-permission": str(permission), "parameters": headers}
        if sheet is not None:
            extra["x-list"] = sheet
            extra["responses"] = {status: {"content": {WORKBOOK: {"schema": BINARY}}}}
        if answer is bytes:
            extra["responses"] = {status: {"content": {file_type: {"schema": BINARY}}}}
        if remembered:
            extra["responses"] = {304: {"description": "Nothing else than what you have."}}
        if body is not None:
            extra["requestBody"] = body
        codes = (*ALWAYS, *([412, 428] * changes), *([413] * (method != "GET")))
        router.api_operation(
            [method],
            path,
            auth=Token(permission),
            response={status: None if answer is bytes else answer, **dict.fromkeys(codes, Problem)},
            operation_id=view.__name__,
            summary=(view.__doc__ or "").split("\n")[0],
            openapi_extra=extra,
        )(view)
        view.permission, view.method = permission, method  # type: ignore[attr-defined]
        return view

    return declare


def found(rows: QuerySet[M], **by: Any) -> M:
    """The one row, if the person may see it; else 404."""
    row = rows.filter(**by).first()
    if row is None:
        raise Http404
    return row


def parameters_of(sheet: lists.Sheet) -> list[dict[str, Any]]:
    """The parameters of a list as its description has them."""
    made = [
        {"name": each.key, "in": "query", "required": False, "description": str(each.label),
         "schema": {"type": "string", "maxLength": 200, **({"format": "date"} if each.kind == "day" else {})}}
        for each in sheet.filters
    ]  # fmt: skip
    order = {"type": "string", "enum": list(sheet.sorts)}
    count = {"type": "integer", "minimum": 1, "maximum": MOST_AT_ONCE, "default": 50}
    named = [("sort", order, "The order"), ("limit", count, "How many at once"),
             ("after", {"type": "string"}, "Where to go on, as `next` says")]  # fmt: skip
    return made + [
        {"name": name, "in": "query", "required": False, "schema": schema, "description": words}
        for name, schema, words in named
    ]


def listed(request: HttpRequest, sheet: lists.Sheet, rows: QuerySet[Any], size: int = 50) -> dict[str, Any]:
    """One page of a declared list, by the same filters and orders as on the screen."""
    said = {key: str(value) for key, value in request.GET.items()}
    known = {"sort", "after", "limit", *(each.key for each in sheet.filters)}
    faults = _unknown(said, known)
    if said.get("sort", next(iter(sheet.sorts))) not in sheet.sorts:
        faults.append(("sort", str(_("There is no such order here."))))
    limit = said.pop("limit", str(size))
    faults += _unfit_limit(limit)
    if faults:
        raise Unfit(faults)
    if WORKBOOK in request.headers.get("Accept", ""):
        said[lists.FILE] = sheet.name  # raises `lists.AsFile`, which the API answers as the screen does
    page = lists.page_of(sheet, rows, {**said, views.PARAMETER: views.ALL}, person=request.user, size=int(limit))
    following = urlencode([*parse_qsl(page.next_query), ("limit", limit)])
    return {
        "items": [row for row, _cells in page.rows],
        "next": f"{request.path}?{following}" if page.next_query else None,
        "total": page.total,
        "is_more_than_total": page.more_than_total,
    }


def _unfit_limit(limit: str) -> list[tuple[str, str]]:
    if limit.isascii() and limit.isdecimal() and len(limit) < 4 and 1 <= int(limit) <= MOST_AT_ONCE:
        return []
    return [("limit", str(_("Please give a number from 1 to %(n)s.") % {"n": MOST_AT_ONCE}))]


def paged(
    request: HttpRequest,
    rows: QuerySet[Any],
    *,
    key: str = "pk",
    newest_first: bool = False,
    known: Collection[str] = (),
) -> dict[str, Any]:
    """One page of rows that no screen declares as a list, by a number that each has for itself. `known`: the filters
    that the call has read."""
    limit, after = request.GET.get("limit", "50"), request.GET.get("after", "")
    faults = _unknown(request.GET, {"limit", "after", *known}) + _unfit_limit(limit)
    at = kit_rows.key_in(after) if after else None
    if after and at is None:
        faults.append(("after", str(_("Please go on as “next” says."))))
    if faults:
        raise Unfit(faults)
    found = rows if at is None else rows.filter(**{f"{key}__{'lt' if newest_first else 'gt'}": at})
    shown = list(found.order_by(f"-{key}" if newest_first else key)[: int(limit) + 1])
    total = rows.order_by().values("pk")[: lists.COUNT_LIMIT + 1].count()
    query = {**{name: request.GET[name] for name in known if name in request.GET}, "limit": limit}
    is_more = len(shown) > int(limit)
    following = urlencode({**query, "after": getattr(shown[int(limit) - 1], key)}) if is_more else ""
    return {
        "items": shown[: int(limit)],
        "next": f"{request.path}?{following}" if is_more else None,
        "total": min(total, lists.COUNT_LIMIT),
        "is_more_than_total": total > lists.COUNT_LIMIT,
    }


def refuse_unknown(request: HttpRequest, known: Collection[str]) -> None:
    """Refuse what a call does not know, where it reads its parameters by itself."""
    if faults := _unknown(request.GET, known):
        raise Unfit(faults)


def _unknown(said: Iterable[str], known: Collection[str]) -> list[tuple[str, str]]:
    return [(key, str(_("There is no such parameter here."))) for key in said if key not in known]


# What a call was asked ------------------------------------------------------------------------------------------------


def expected(request: HttpRequest) -> int:
    """The version from which a change was made, as `If-Match` says it."""
    said = request.headers.get("If-Match", "").strip()
    if not said:
        raise VersionMissing(_("Please send the ETag of what you change as If-Match."))
    version = re.fullmatch(r'(?:W/)?"?(\d{1,9})"?', said, re.ASCII)
    if version is None:
        raise refusals.Stale()
    return int(version[1])


def require_version(request: HttpRequest, version: int) -> int:
    """Refuse a change that was made from another version, where the act itself does not ask for it."""
    if expected(request) != version:
        raise refusals.Stale()
    return version


def one_file(name: str) -> dict[str, Any]:
    """What a call describes that is sent one file in a form."""
    schema = {"type": "object", "required": [name], "properties": {name: BINARY}}
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}


def part(request: HttpRequest, name: str, shape: type[S]) -> S:
    """What stands as JSON in one part of a form with files."""
    try:
        return shape.model_validate_json(request.POST.get(name) or "null")
    except pydantic.ValidationError as error:
        raise ninja_errors.ValidationError([dict(each) for each in error.errors()]) from None


def create_once(request: HttpRequest, create: Callable[[str], str]) -> str:
    """Create with the key of the request; sent again, the answer is what the first one made. `create` is given the
    key, as forms want it."""
    key = request.headers.get("Idempotency-Key", "")
    if not KEY.fullmatch(key):
        raise once.KeyMissing(_("Please send an Idempotency-Key of 16 to 50 letters and digits, a new one for each."))
    own = f"{key} {hashlib.sha256(request.path.encode()).hexdigest()[:24]}"  # at another address it is another key
    return once.once(own, person_id=request.user.pk, now=timezone.now(), create=lambda: create(key))


def tagged(response: HttpResponse, version: int, location: str = "") -> None:
    """Say the version of what is answered, and where it is when it is new."""
    response["ETag"] = f'"{version}"'
    if location:
        response["Location"] = location


def as_form(said: Mapping[str, Any], *, tables: tuple[str, ...] = ()) -> QueryDict:
    """What was sent as a form of the screen reads it, so that both are checked by the same form. `tables`: names
    whose value is a list of lines."""
    data = QueryDict(mutable=True)
    for name, value in said.items():
        if name in tables:
            for at, line in enumerate(value):
                for key, each in as_form(line).items():
                    data[f"{name}-n{at}-{key}"] = str(each)
        elif isinstance(value, list | tuple):
            data.setlist(name, [str(each) for each in value])
        elif isinstance(value, date):
            data[name] = value.isoformat()
        elif value is True:
            data[name] = "on"
        elif value is not None and value is not False:  # a nought says something
            data[name] = str(value)
    return data


def checked(form: forms.BaseForm, *prefixes: str) -> dict[str, Any]:
    """What the form says; every fault with its field, without what the screen puts before its name."""
    if form.is_valid():
        cleaned: dict[str, Any] = form.cleaned_data
        return cleaned
    faults = []
    for name, sentences in form.errors.items():
        plain = next((name.removeprefix(each) for each in prefixes if name.startswith(each)), name)
        faults += [("" if name == "__all__" else plain, str(sentence)) for sentence in sentences]
    raise Unfit(faults)
