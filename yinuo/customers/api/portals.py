"""Customers' portals for programs: their list, one with its checks, keeping it, recording that somebody looked."""

from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from yinuo.customers import access, lists, models, queries
from yinuo.customers.actions import portals as acts
from yinuo.customers.forms import portals as forms
from yinuo.kit import api, once, refusals
from yinuo.org.definition import Permission
from yinuo.records import actions as records

router = Router(tags=["customers"])
SEE, EDIT = Permission.CUSTOMERS_SEE, Permission.CUSTOMERS_EDIT
SHOWN = 100  # checks of one portal


class Portal(Schema):
    """A customer's supplier portal: who keeps the account, when it is looked at, what it brought last. `account` is the
    sign-in name; passwords are nowhere."""

    id: int
    name: str
    address: str
    customer: api.Named
    account: str
    keeper: api.Named
    frequency: str
    next_check_on: date | None
    last_check_on: date | None
    last_result: str
    is_active: bool
    version: int
    url: str

    @staticmethod
    def resolve_address(row: Any) -> str:
        return str(row.url)

    @staticmethod
    def resolve_url(row: Any) -> str:
        return str(row.get_absolute_url())


class PortalLooked(Schema):
    """A day on which somebody had to look: who did, and what it brought (nothing_new, something_new or no_access).
    Nobody did where there is no `checked_at`. Its proof is a file of `customers.portal_check`."""

    id: int
    checked_at: datetime | None
    by: str
    result: str
    note: str
    was_due_on: date | None
    days_late: int | None

    @staticmethod
    def resolve_by(row: Any) -> str:
        return row.by.name if row.by else ""


class OnePortal(Portal):
    """A portal with its latest checks, a hundred at most."""

    deputy: api.Named | None
    escalate_after: int
    note: str
    checks: list[PortalLooked]

    @staticmethod
    def resolve_checks(row: Any) -> list[Any]:
        return list(queries.checks(row)[:SHOWN])


class WrittenPortal(api.Asked):
    """What is said of a portal. In a change, what is left out stays and null empties."""

    name: str | None = Field(None, max_length=200)
    address: str | None = Field(None, max_length=500)
    account: str | None = Field(None, max_length=100)
    keeper: int | None = None
    deputy: int | None = None
    frequency: str | None = Field(None, max_length=20)
    next_check_on: date | None = None
    escalate_after: int | None = None
    note: str | None = Field(None, max_length=300)
    is_active: bool | None = None


class NewCheck(api.Asked):
    """What looking at the portal brought: nothing_new, something_new or no_access (both in words)."""

    result: str = Field(max_length=20)
    note: str = Field("", max_length=4000)


def _rows(request: api.Request) -> Any:
    return queries.portals(request.user).select_related("customer", "keeper", "deputy", "last_check_by")


def _told(request: api.Request, response: HttpResponse, key: int, *, is_new: bool = False) -> models.Portal:
    row: models.Portal = api.found(_rows(request), pk=key)
    api.tagged(response, row.version, f"/api/v1/portals/{row.pk}" if is_new else "")
    return row


def _said(said: WrittenPortal) -> dict[str, Any]:
    """What was said, as the form of the screen names it."""
    values = said.dict(exclude_unset=True)
    return {("url" if name == "address" else name): value for name, value in values.items()}


@api.call(router, "GET", "/portals", SEE, api.Listed[Portal], sheet=lists.PORTALS)
def portals(request: api.Request) -> dict[str, Any]:
    """All portals of customers, those to be looked at first."""
    return api.listed(request, lists.PORTALS, _rows(request))


@api.call(router, "GET", "/portals/{int:id}", SEE, OnePortal)
def portal(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """One portal with every look at it."""
    row = _told(request, response, id)
    records.note_reading(subject=row, way="read", by=request.user, now=timezone.now())
    return row


@api.call(router, "POST", "/customers/{int:id}/portals", EDIT, OnePortal, status=201, creates=True)
def portal_add(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: WrittenPortal,
) -> Any:
    """Put a portal of a customer on the list; without a keeper it is oneself."""
    customer = api.found(queries.customers(request.user), pk=id)
    if not access.may_edit(request.user, customer):
        raise refusals.NotAllowed()

    def create(key: str) -> str:
        usual = {"keeper": request.user.pk, "frequency": models.Frequency.WEEKLY, "escalate_after": 2}
        data = api.as_form({**usual, **_said(said), "once": key})
        form = forms.NewPortal(data, person=request.user, customer=customer)
        api.checked(form)
        return str(acts.add(customer=customer, by=request.user, now=timezone.now(), **form.facts()).pk)

    return Status(201, _told(request, response, int(api.create_once(request, create)), is_new=True))


@api.call(router, "PATCH", "/portals/{int:id}", EDIT, OnePortal, changes=True)
def portal_change(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: WrittenPortal,
) -> Any:
    """Change a portal's entry, or put it out of use."""
    row, version = _told(request, response, id), api.expected(request)
    if not access.may_edit(request.user, row):
        raise refusals.NotAllowed()
    as_is = {name: getattr(row, name) for name in acts.FIELDS}
    as_is |= {"keeper": row.keeper_id, "deputy": row.deputy_id}
    form = forms.ChangedPortal(api.as_form({**as_is, **_said(said), "version": version}), row=row)
    api.checked(form)
    acts.change(portal=row, by=request.user, now=timezone.now(), expected=version, **form.facts())
    return _told(request, response, id)


@api.call(router, "POST", "/portals/{int:id}/checks", SEE, OnePortal, changes=True)
def portal_check(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: NewCheck,
) -> Any:
    """Record that one looked at a portal, and what it brought; by its keepers and whoever may edit the list."""
    row, version = _told(request, response, id), api.expected(request)
    data = api.as_form({**said.dict(), "version": version, "once": once.new_key()})
    cleaned = api.checked(forms.PortalCheckForm(data))
    facts = {name: cleaned[name] for name in ("result", "note")}
    acts.record_check(portal=row, by=request.user, now=timezone.now(), expected=version, **facts)
    return _told(request, response, id)
