"""Oneself, and the names by which calls refer to colleagues, departments and sites."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from ninja import Router, Schema

from yinuo.kit import api, pages
from yinuo.org import lists, queries
from yinuo.org.definition import Permission

router = Router(tags=["company"])


class Me(Schema):
    """For whom the token acts, and what it may do."""

    id: int
    name: str
    sign_in: str
    language: str
    site: api.Named | None
    permissions: list[str]
    may_write: bool
    now: datetime


class Department(api.Named):
    """A department, and to which it belongs."""

    code: str
    parent_id: int | None


class Site(api.Named):
    """One of our sites."""

    code: str
    time_zone: str


@api.call(router, "GET", "/me", pages.SIGNED_IN, Me)
def me(request: api.Request) -> dict[str, Any]:
    """For whom the token acts."""
    person = request.user
    may = [str(each) for each in Permission if person.may(each)]
    names = ("id", "name", "sign_in", "language", "site")
    said = {name: getattr(person, name) for name in names}
    return {**said, "permissions": may, "may_write": request.may_write, "now": timezone.localtime()}


@api.call(router, "GET", "/people", Permission.ORG_SEE, api.Listed[api.Named], sheet=lists.PEOPLE)
def people(request: api.Request) -> dict[str, Any]:
    """Everybody who works here, by name."""
    return api.listed(request, lists.PEOPLE, queries.staff(gone=False, now=timezone.now()))


@api.call(router, "GET", "/departments", Permission.ORG_SEE, list[Department])
def departments(request: api.Request) -> Any:
    """The departments in use."""
    return list(queries.departments())


@api.call(router, "GET", "/sites", Permission.ORG_SEE, list[Site])
def sites(request: api.Request) -> Any:
    """Our sites in use."""
    return list(queries.sites())
