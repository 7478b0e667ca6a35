"""What of clauses and customers' names is no longer so, and what is known to be withdrawn, for programs."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Schema, Status
from pydantic import Field

from yinuo.kit import api
from yinuo.org.definition import Permission
from yinuo.sources import forms, models
from yinuo.sources.actions import obsolete as settling
from yinuo.sources.api import citing as cited
from yinuo.sources.lists import citing as lists
from yinuo.sources.queries import citing

router = cited.router
SEE, EDIT = Permission.SOURCES_SEE, Permission.SOURCES_EDIT
WHERE = next(each for each in lists.OBSOLETE.columns if each.key == "where")


class AskedAbout(api.Asked):
    """The matter of the talk."""

    title: str = Field(min_length=1, max_length=200)


class ObsoleteFound(Schema):
    """Words of a clause, or a customer's name, that are no longer so. `entry` says what is known: `what` happened
    (`name`, `successor`, `since`, `source`); `key` is the clause's, "" where a name is meant; `talk`: in which the
    customer is asked."""

    id: int
    printed: str
    where: str
    key: str
    customer: api.Named | None
    entry: str
    name: str
    successor: str
    source: str
    state: str
    reason: str
    by: str
    at: datetime | None
    found_at: datetime
    talk: int | None
    version: int
    url: str


class Settled(api.Asked):
    """What became of it; why, where it is accepted as it stands."""

    state: str = Field(max_length=12)
    reason: str = Field("", max_length=1000)


class Entry(Schema):
    """What is withdrawn, renamed, merged, replaced or split, since when, by what, and where this is known from. `also`:
    other names of it, one on each line; `before`: only editions before this one are meant."""

    id: int
    name: str
    also: str
    before: str
    what: str
    since: str
    successor: str
    source: str
    is_active: bool
    version: int


class SuppliedEntry(Schema):
    """An entry that came with the program, by its key."""

    key: str
    name: str
    what: str
    since: str
    successor: str
    source: str


class WrittenEntry(api.Asked):
    """What is said of an entry. In a change, what is left out stays and null empties."""

    name: str | None = Field(None, max_length=200)
    also: str | None = Field(None, max_length=2000)
    before: str | None = Field(None, max_length=40)
    what: str | None = Field(None, max_length=10)
    since: str | None = Field(None, max_length=10)
    successor: str | None = Field(None, max_length=300)
    source: str | None = Field(None, max_length=300)
    is_active: bool | None = None


# What is no longer so -------------------------------------------------------------------------------------------------


def _found(row: models.Obsolete) -> dict[str, Any]:
    entry = citing.entry_of(row)
    names = ("id", "printed", "entry", "state", "reason", "at", "found_at", "version")
    return {
        **{name: getattr(row, name) for name in names},
        "where": str(WHERE.value(row)), "key": str(row.text_id or ""),
        "customer": row.customer or (row.text.edition.document.customer if row.text else None),
        "name": entry.name if entry else "", "successor": entry.successor if entry else "",
        "source": entry.source if entry else "", "by": row.by.name if row.by else "", "talk": row.thread_id,
        "url": row.get_absolute_url(),
    }  # fmt: skip


def _seen(request: api.Request, key: int) -> models.Obsolete:
    return api.found(lists.obsolete_list(citing.obsolete_rows(request.user)), pk=key)


def _answered(request: api.Request, response: HttpResponse, key: int) -> dict[str, Any]:
    row = _seen(request, key)
    api.tagged(response, row.version)
    return _found(row)


@api.call(router, "GET", "/obsolete", SEE, api.Listed[ObsoleteFound], sheet=lists.OBSOLETE)
def obsolete(request: api.Request) -> dict[str, Any]:
    """The obsolescence check: what clauses in force and customers' names say that is withdrawn, renamed or replaced."""
    page = api.listed(request, lists.OBSOLETE, lists.obsolete_list(citing.obsolete_rows(request.user)))
    return {**page, "items": [_found(each) for each in page["items"]]}


@api.call(router, "GET", "/obsolete/{int:id}", SEE, ObsoleteFound)
def obsolete_one(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """One finding: what is said and where, what is known of it, what became of it."""
    return _answered(request, response, id)


@api.call(router, "POST", "/obsolete/{int:id}/settle", EDIT, ObsoleteFound, changes=True)
def obsolete_settle(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: Settled,
) -> Any:
    """Say what became of it."""
    row, version = _seen(request, id), api.expected(request)
    cleaned = api.checked(forms.SettleObsolete(api.as_form({**said.dict(), "version": version})))
    facts = {name: cleaned[name] for name in ("state", "reason")}
    settling.settle(row=row, by=request.user, now=timezone.now(), expected=version, **facts)
    return _answered(request, response, id)


@api.call(router, "POST", "/obsolete/{int:id}/ask", EDIT, ObsoleteFound, changes=True)
def obsolete_ask(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: AskedAbout,
) -> Any:
    """Open a talk with the customer about it; `talk` leads there."""
    row, version = _seen(request, id), api.expected(request)
    title = api.checked(forms.AskCustomer(api.as_form({**said.dict(), "version": version})))["title"]
    settling.ask(row=row, title=title, by=request.user, now=timezone.now(), expected=version)
    return _answered(request, response, id)


# What is known to be withdrawn ----------------------------------------------------------------------------------------


@api.call(router, "GET", "/withdrawn", SEE, api.Listed[Entry], sheet=lists.WITHDRAWN)
def withdrawn(request: api.Request) -> dict[str, Any]:
    """The company's own entries of what is withdrawn, renamed or replaced."""
    return api.listed(request, lists.WITHDRAWN, models.Withdrawn.objects.all())


@api.call(router, "GET", "/withdrawn/supplied", SEE, list[SuppliedEntry])
def withdrawn_supplied(request: api.Request) -> Any:
    """The entries that came with the program."""
    api.refuse_unknown(request, ())
    return list(citing.came_along())


@api.call(router, "POST", "/withdrawn", EDIT, Entry, status=201, creates=True)
def withdrawn_add(request: api.Request, response: HttpResponse, said: WrittenEntry) -> Any:
    """Record what is withdrawn, renamed or replaced; all clauses are looked through within a minute."""

    def create(key: str) -> str:
        values = {"what": models.Withdrawn.What.REPLACED, **said.dict(exclude_unset=True), "once": key}
        cleaned = api.checked(forms.NewEntry(api.as_form(values)))
        facts = {name: value for name, value in cleaned.items() if name != "once"}
        return str(settling.add_entry(by=request.user, now=timezone.now(), **facts).pk)

    row = models.Withdrawn.objects.get(pk=int(api.create_once(request, create)))
    api.tagged(response, row.version)
    return Status(201, row)


@api.call(router, "PATCH", "/withdrawn/{int:id}", EDIT, Entry, changes=True)
def withdrawn_change(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: WrittenEntry,
) -> Any:
    """Change an entry of the company's own, or put it out of use."""
    row, version = api.found(models.Withdrawn.objects.all(), pk=id), api.expected(request)
    as_is = {name: getattr(row, name) for name in settling.ENTRY}
    values = {**as_is, **said.dict(exclude_unset=True), "version": version}
    cleaned = api.checked(forms.ChangedEntry(api.as_form(values)))
    facts = {name: value for name, value in cleaned.items() if name != "version"}
    settling.change_entry(row=row, by=request.user, now=timezone.now(), expected=version, **facts)
    api.tagged(response, row.version)
    return row
