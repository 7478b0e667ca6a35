"""Roles: who may do what, at which site, from when to when."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yinuo.kit import refusals, rows
from yinuo.org import access, definition, models
from yinuo.records import actions as records


class CannotGrant(refusals.Refusal):
    """This role cannot be given like this."""


@transaction.atomic
def grant_role(
    *,
    person: models.Person,
    role: str,
    from_on: date,
    to_on: date | None = None,
    site: models.Site | None = None,
    reason: str = "",
    by: access.Doer,
    now: datetime,
) -> models.RoleGrant:
    """Give somebody a role (a key of `definition.ROLES`), for all sites or one."""
    access.demand_management(by, person.site_id, site.pk if site else None)
    if role not in definition.ROLES:
        raise CannotGrant(_("There is no such role."), field="role")
    if to_on and to_on < from_on:
        raise CannotGrant(_("The last day is before the first."), field="to_on")
    same = person.role_grants.filter(role=role, site=site)
    overlapping = same.filter(Q(to_on=None) | Q(to_on__gte=from_on))
    if (overlapping.filter(from_on__lte=to_on) if to_on else overlapping).exists():
        raise CannotGrant(_("This person already has this role in that time."), field="role")
    grant = models.RoleGrant.objects.create(person=person, role=role, site=site, from_on=from_on, to_on=to_on)
    person.forget_rights()
    changes = rows.created(grant, "role", "site", "from_on", "to_on")
    records.write(by=by, now=now, word="org.role.granted", subject=person, changes=changes, reason=reason)
    return grant


@transaction.atomic
def end_role(
    *, grant: models.RoleGrant, to_on: date, expected: int, reason: str = "", by: access.Doer, now: datetime
) -> models.RoleGrant:
    """Say on which day somebody has a role for the last time (yesterday: not any more from now on)."""
    access.demand_management(by, grant.person.site_id, grant.site_id)
    if to_on < grant.from_on:
        # Given today and taken back today: the shortest grant there is, over before today.
        changes = rows.change(grant, expected=expected, from_on=to_on, to_on=to_on)
    else:
        changes = rows.change(grant, expected=expected, to_on=to_on)
    grant.person.forget_rights()
    access.demand_an_administrator(now)
    if changes:
        records.write(
            by=by,
            now=now,
            word="org.role.ended",
            subject=grant.person,
            changes=changes,
            reason=reason,
            note={"role": grant.role},
        )
    return grant
