"""What is asked again and again: one requirement with who asked it; said to be apart, or to belong here too.

Calls at one address stand in one router, so these join those of `figures`.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

from yinuo.cases.queries import cases as case_queries
from yinuo.kit import api
from yinuo.org.definition import Permission
from yinuo.reports import forms, models
from yinuo.reports.actions import repeating
from yinuo.reports.api import figures
from yinuo.reports.queries import repeats

router = figures.router
SEE, HANDLE = Permission.REPORTS_SEE, Permission.CASES_HANDLE
SHOWN = 60  # members of one group


class AskedHere(Schema):
    """An item that asks the same. `percent`: how alike it is; `version` is what `If-Match` of taking it out says."""

    item: int
    case: str
    position: int
    text: str
    customer: api.Named
    registered_at: datetime
    percent: int
    version: int

    @staticmethod
    def resolve_item(row: Any) -> int:
        return int(row.item_id)

    @staticmethod
    def resolve_case(row: Any) -> str:
        return str(row.case.number)

    @staticmethod
    def resolve_position(row: Any) -> int:
        return int(row.item.position)

    @staticmethod
    def resolve_text(row: Any) -> str:
        return str(row.item.text)

    @staticmethod
    def resolve_customer(row: Any) -> Any:
        return row.case.customer

    @staticmethod
    def resolve_registered_at(row: Any) -> Any:
        return row.case.registered_at


class OneRepeat(figures.RepeatLine):
    """A requirement that was asked more than once, with who asked it, the latest first; sixty at most."""

    members: list[AskedHere]
    is_cut: bool

    @staticmethod
    def resolve_members(row: Any) -> list[Any]:
        return list(row.shown_members[:SHOWN])

    @staticmethod
    def resolve_is_cut(row: Any) -> bool:
        return len(row.shown_members) > SHOWN


class LeftRepeat(Schema):
    """`is_left`: whether two requests still ask it; else the group is no more."""

    is_left: bool


class SaidApart(api.Asked):
    """Why it is not the same; may be left out."""

    reason: str = Field("", max_length=500)


class SaidSame(api.Asked):
    """The number of the case that asks the same, and why."""

    case: str = Field(min_length=1, max_length=40)
    reason: str = Field("", max_length=500)


def _look(request: api.Request, key: int) -> models.Repeat:
    return api.found(repeats.repeats(request.user), pk=key)


def _told(request: api.Request, key: int) -> Any:
    row: Any = _look(request, key)
    row.shown_members = list(repeats.members(request.user, row.pk)[: SHOWN + 1])
    return row


@api.call(router, "GET", "/repeats/{int:id}", SEE, OneRepeat)
def repeat(request: api.Request, id: int) -> Any:  # noqa: A002 - as the address says
    """One requirement that was asked more than once: who asked it when."""
    return _told(request, id)


@api.call(router, "POST", "/repeats/{int:id}/items/{int:item}/apart", HANDLE, LeftRepeat, changes=True)
def repeat_apart(
    request: api.Request,
    id: int,  # noqa: A002 - as the address says
    item: int,
    said: SaidApart,
) -> Any:
    """This item asks something else: it leaves the group for good. `If-Match` is the member's version."""
    row, version = _look(request, id), api.expected(request)
    asking = api.found(repeats.members(request.user, row.pk), item=item)
    reason = api.checked(forms.Apart(api.as_form({**said.dict(), "version": version})))["reason"]
    repeating.set_apart(asking=asking, reason=reason, by=request.user, now=timezone.now(), expected=version)
    return {"is_left": repeats.repeats(request.user).filter(pk=row.pk).exists()}


@api.call(router, "POST", "/repeats/{int:id}/bring", HANDLE, OneRepeat, creates=True)
def repeat_bring(
    request: api.Request,
    id: int,  # noqa: A002 - as the address says
    said: SaidSame,
) -> Any:
    """Another case asks this too; of its items, the one that resembles the group most comes in."""
    row = _look(request, id)
    first = api.found(repeats.members(request.user, row.pk))

    def act(_key: str) -> str:
        case = case_queries.cases(request.user).filter(number=said.case.strip()).values_list("pk", flat=True).first()
        form = forms.Bring(api.as_form({**said.dict(), "case": case or 0}), person=request.user, case=first.case)
        cleaned = api.checked(form)
        asking = repeats.most_alike(cleaned["case"], row)
        if asking is None:
            raise repeating.CannotJoin(_("This request has no item that counts. Choose another one."), field="case")
        repeating.bring_in(asking=asking, repeat=row, reason=cleaned["reason"], by=request.user, now=timezone.now())
        return str(asking.pk)

    api.create_once(request, act)
    return _told(request, id)
