"""Cases that have to do with each other: linked, merged into one, taken back out, split.

Calls at one address stand in one router, so these join those of `cases`.
"""

from typing import Any, Literal

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Schema, Status
from pydantic import Field

from yinuo.cases import access, models
from yinuo.cases.actions import linking, merging, splitting, steering
from yinuo.cases.api import cases, shapes
from yinuo.cases.api import steering as changing
from yinuo.cases.forms import dialogs
from yinuo.cases.forms import joining as forms
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import joining as queries
from yinuo.kit import api
from yinuo.org.definition import Permission
from yinuo.procedures.queries import runs as run_queries

router = changing.router
SEE, HANDLE, STEER = Permission.CASES_SEE, Permission.CASES_HANDLE, Permission.CASES_STEER
Takes = Literal["priority", "wanted_on", "promised_on", "due_at"]


class RelatedCase(Schema):
    """A linked case. `words` say how the case that was asked for stands to it; `version` is the link's."""

    id: int
    number: str
    title: str
    relation: str
    words: str
    reason: str
    version: int


class MergedCase(Schema):
    """A case that was merged into the one asked for."""

    number: str
    title: str


class RelatedCases(Schema):
    """The cases that have to do with one, as far as the person may see them; `merged_into` where it goes on."""

    links: list[RelatedCase]
    merged: list[MergedCase]
    merged_into: str | None


class NewRelation(api.Asked):
    """The number of the other case, and what this one is to it: related, duplicate, origin (it comes from the other) or
    complaint (about the other)."""

    other: str = Field(min_length=1, max_length=40)
    relation: str = Field(max_length=10)
    reason: str = Field("", max_length=500)


class SeenItem(api.Asked):
    """An item of a case, with its version as it was seen."""

    id: int = Field(ge=0, lt=10**18)
    version: int = Field(ge=0, lt=10**9)


class IntoSurvivor(api.Asked):
    """The number of the case that goes on, with its version as it was seen; the items that go over; in what it becomes
    as urgent as this one was."""

    survivor: str = Field(min_length=1, max_length=40)
    survivor_version: int = Field(ge=0, lt=10**9)
    reason: str = Field(max_length=4000)
    items: list[SeenItem] = Field([], max_length=100)
    takes: list[Takes] = Field([], max_length=4)


class GoesOnAlone(api.Asked):
    """The step at which it goes on, by its key, and why."""

    to: str = Field(max_length=80)
    reason: str = Field(max_length=4000)


class SplitOff(api.Asked):
    """The items that become a case of their own."""

    items: list[SeenItem] = Field(min_length=1, max_length=100)
    title: str = Field(min_length=1, max_length=200)
    reason: str = Field(max_length=4000)


def _picked(items: list[SeenItem]) -> list[str]:
    """Items as the forms of the screen name them."""
    return [f"{each.id}:{each.version}" for each in items]


# Links ----------------------------------------------------------------------------------------------------------------


def _related(request: api.Request, it: models.Case) -> dict[str, Any]:
    into = queries.seen_survivor(request.user, it)
    return {
        "links": [
            {
                "id": each.link.pk, "number": each.case.number, "title": each.case.title,
                "relation": each.link.relation, "words": str(each.words), "reason": each.link.reason,
                "version": each.link.version,
            }
            for each in queries.related_to(request.user, it)
        ],
        "merged": list(queries.merged_into(request.user, it)),
        "merged_into": into.number if into else None,
    }  # fmt: skip


@api.call(router, "GET", "/cases/{number}/related", SEE, RelatedCases)
def case_related(request: api.Request, number: str) -> Any:
    """The cases linked with one, those merged into it, and into which it was merged."""
    return _related(request, cases.look(request.user, number))


@api.call(router, "POST", "/cases/{number}/related", HANDLE, RelatedCases, status=201, creates=True)
def case_relate(request: api.Request, number: str, said: NewRelation) -> Any:
    """Link a case with another one."""
    it = cases.look(request.user, number)

    def create(key: str) -> str:
        other = case_queries.cases(request.user).filter(number=said.other.strip()).values_list("pk", flat=True).first()
        data = api.as_form({**said.dict(), "other": other or 0, "once": key})
        cleaned = api.checked(forms.Relate(data, person=request.user, case=it))
        facts = {name: cleaned[name] for name in ("other", "relation", "reason")}
        return str(linking.link(case=it, by=request.user, now=timezone.now(), **facts).pk)

    api.create_once(request, create)
    return Status(201, _related(request, it))


@api.call(router, "POST", "/cases/{number}/related/{int:link}/void", HANDLE, RelatedCases, changes=True)
def case_unrelate(request: api.Request, number: str, link: int, said: shapes.Reason) -> Any:
    """A link that does not hold is void, with the reason. `If-Match` is the link's version."""
    it, version = cases.look(request.user, number), api.expected(request)
    row = queries.link_of(request.user, it, link)
    if row is None:
        raise Http404
    reason = api.checked(dialogs.VersionedReason(api.as_form({**said.dict(), "version": version})))["reason"]
    linking.void_link(link=row, reason=reason, by=request.user, now=timezone.now(), expected=version)
    return _related(request, it)


# Merging and splitting ------------------------------------------------------------------------------------------------


@api.call(router, "POST", "/cases/{number}/merge", STEER, shapes.Case, changes=True)
def case_merge(request: api.Request, response: HttpResponse, number: str, said: IntoSurvivor) -> models.Case:
    """Merge a case into another that asks the same; the case that goes on is answered."""
    it, version = cases.look(request.user, number), api.expected(request)
    into = case_queries.cases(request.user).filter(number=said.survivor.strip()).first()
    if into is None:
        raise api.Unfit([("survivor", str(_("There is no such case, or you may not see it.")))])
    merging.check(it, into, by=request.user)
    going = [] if queries.why_all_stay(into) else queries.going_over(it, into)
    sooner = dict.fromkeys(queries.sooner(it, into), "")
    values: dict[str, Any] = {"version": version, "survivor_version": said.survivor_version, "reason": said.reason}
    values |= {"items": _picked(said.items), **{f"takes_{name}": True for name in said.takes}}
    form = forms.Merge(api.as_form(values), going=going, sooner=sooner)
    cleaned = api.checked(form)
    merging.merge(
        case=it, survivor=into, reason=cleaned["reason"], carry=cleaned["items"], takes=form.takes, by=request.user,
        now=timezone.now(), expected=version, expected_survivor=said.survivor_version,
    )  # fmt: skip
    return cases.shown(request, response, into.number)


@api.call(router, "POST", "/cases/{number}/take-out", STEER, shapes.Case, changes=True)
def case_take_out(request: api.Request, response: HttpResponse, number: str, said: GoesOnAlone) -> models.Case:
    """A case that was merged goes on by itself after all."""
    it, version = cases.look(request.user, number), api.expected(request)
    run = run_queries.run_of(it)
    if queries.seen_survivor(request.user, it) is None:
        raise Http404
    found = run_queries.reopenings_of(run) if run is not None and run.ended_at else []
    steps = [(step.key, step.key) for step in found if step.kind in ("task", "decision", "opinions")]
    if not steps:
        raise steering.CannotChange(_("This case cannot be reopened."))
    cleaned = api.checked(forms.TakeOut(api.as_form({**said.dict(), "version": version}), steps=steps))
    facts = {name: cleaned[name] for name in ("to", "reason")}
    merging.take_out(case=it, by=request.user, now=timezone.now(), expected=version, **facts)
    return cases.shown(request, response, number)


@api.call(router, "POST", "/cases/{number}/split", HANDLE, shapes.Case, status=201, changes=True, creates=True)
def case_split(request: api.Request, response: HttpResponse, number: str, said: SplitOff) -> Any:
    """Some items become a case of their own, which is answered; the others stay, at least one."""
    it, version = cases.look(request.user, number), api.expected(request)
    access.require_handler(request.user, it)

    def create(key: str) -> str:
        values = {"title": said.title, "reason": said.reason, "version": version, "once": key}
        data = api.as_form({**values, "items": _picked(said.items)})
        cleaned = api.checked(forms.Split(data, going=queries.to_split(it)))
        facts = {name: cleaned[name] for name in ("items", "title", "reason")}
        made = splitting.split(case=it, by=request.user, now=timezone.now(), expected=version, **facts)
        return made.number

    return Status(201, cases.shown(request, response, api.create_once(request, create), is_new=True))
