"""What people have in hand of customers and how it is given to others: windows, portals, roles in project teams."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.customers import access, models, queries
from yinuo.customers.actions import companies, portals, projects
from yinuo.kit import duties, refusals, subjects
from yinuo.org import models as org
from yinuo.org import queries as org_queries

DAY = timedelta(days=1)


class HasTheOtherPart(refusals.Refusal):
    """Whoever takes over has the other part of two that two people have."""


def _pair(row: Any, first: str, second: str, holder: org.Person, to: org.Person) -> dict[str, org.Person | None]:
    """Two parts that two people have, when one of them goes: who succeeds to the first is no longer the second."""
    one, other = getattr(row, f"{first}_id"), getattr(row, f"{second}_id")
    if one == holder.pk:
        return {first: to} | ({second: None} if other in (to.pk, holder.pk) else {})
    if other != holder.pk:
        raise duties.NotTheirs()
    if one == to.pk:
        said = _("%(name)s has the first part here already: choose another deputy.")
        raise HasTheOtherPart(said % {"name": to.name})
    return {second: to}


def _held(rows: Any, by: org.Person, duty: Any) -> duties.Held:
    shown, hidden = org_queries.seen_of(rows, by, queries.SEE)
    return duties.Held([duty(row) for row in shown], hidden)


def windows_of(person: org.Person) -> Any:
    rows = models.Customer.objects.filter(Q(window=person) | Q(window_deputy=person), is_active=True)
    return rows.order_by("path")


def windows_in_hand(person: org.Person, by: org.Person, now: datetime) -> duties.Held:
    """Customers to which somebody is the window, or its deputy."""
    return _held(
        windows_of(person), by,
        lambda row: duties.Duty(
            key=row.pk, version=row.version, label=row.subject_label, url=row.get_absolute_url(),
            subject=subjects.ref(row), may_give=access.may_edit(by, row),
            note=_("window") if row.window_id == person.pk else _("deputy of the window"),
        ),
    )  # fmt: skip


def give_window(
    *, key: int, holder: org.Person, to: org.Person, last_on: date, reason: str, expected: int, by: org.Person,
    now: datetime,
) -> None:  # fmt: skip
    """Another window or deputy; drafts of letters that wait for release wait for whoever it is now."""
    row = windows_of(holder).select_related("organisation", "parent").filter(pk=key).first()
    if row is None:
        raise duties.NotTheirs()
    facts: Any = _pair(row, "window", "window_deputy", holder, to)
    companies.change(customer=row, by=by, now=now, expected=expected, reason=reason, **facts)


def portals_of(person: org.Person) -> Any:
    rows = models.Portal.objects.filter(Q(keeper=person) | Q(deputy=person), is_active=True)
    return rows.select_related("customer").order_by("next_check_on", "pk")


def portals_in_hand(person: org.Person, by: org.Person, now: datetime) -> duties.Held:
    """Portals whose account somebody keeps, or looks after as deputy."""
    return _held(
        portals_of(person), by,
        lambda row: duties.Duty(
            key=row.pk, version=row.version, label=f"{row.customer.name} · {row.name}", url=row.get_absolute_url(),
            subject=subjects.ref(row), due_on=row.next_check_on, may_give=access.may_edit(by, row),
            note=_("keeper of the account") if row.keeper_id == person.pk else _("deputy"),
        ),
    )  # fmt: skip


def give_portal(
    *, key: int, holder: org.Person, to: org.Person, last_on: date, reason: str, expected: int, by: org.Person,
    now: datetime,
) -> None:  # fmt: skip
    """Another keeper or deputy."""
    row = portals_of(holder).filter(pk=key).first()
    if row is None:
        raise duties.NotTheirs()
    facts: Any = _pair(row, "keeper", "deputy", holder, to)
    portals.change(portal=row, by=by, now=now, expected=expected, reason=reason, **facts)


def roles_of(person: org.Person, on: date) -> Any:
    rows = models.Member.objects.filter(Q(to_on=None) | Q(to_on__gt=on), person=person)
    return rows.exclude(project__phase=models.Phase.CLOSED).select_related("project").order_by("project__number", "pk")


def roles_in_hand(person: org.Person, by: org.Person, now: datetime) -> duties.Held:
    """Somebody's roles in the teams of projects that go on."""
    rows = list(roles_of(person, timezone.localdate(now)))
    seen = [row for row in rows if access.may_see(by, row.project)]
    hidden = len([row for row in rows if row not in seen and row.project.scope_id is None])
    found = [
        duties.Duty(
            key=row.pk, version=row.version, label=row.project.subject_label, url=row.project.get_absolute_url(),
            subject=subjects.ref(row.project), due_on=row.to_on, note=row.get_role_display(),
            may_give=access.may_edit(by, row.project),
        )
        for row in seen
    ]  # fmt: skip
    return duties.Held(found, hidden)


def give_role(
    *, key: int, holder: org.Person, to: org.Person, last_on: date, reason: str, expected: int, by: org.Person,
    now: datetime,
) -> None:  # fmt: skip
    """The role ends with the last day; from the next on somebody else has it, if they have not already."""
    row = models.Member.objects.select_related("project", "person").filter(pk=key, person=holder).first()
    if row is None or (row.to_on and row.to_on <= last_on):
        raise duties.NotTheirs()
    until = row.to_on
    projects.leave(member=row, to_on=last_on, by=by, now=now, expected=expected, reason=reason)
    there = row.project.members.filter(Q(to_on=None) | Q(to_on__gt=last_on), person=to, role=row.role)
    if not there.exists():
        projects.join(
            project=row.project, person=to, role=row.role, from_on=last_on + DAY, to_on=until, reason=reason,
            by=by, now=now,
        )  # fmt: skip
