"""People of the company: joining, changing, barred from signing in, leaving."""

import re
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yinuo.kit import plugs, refusals, rows
from yinuo.org import access, models, rules
from yinuo.org.actions import invitations, signing_in
from yinuo.records import actions as records

OWN = ("language", "phone", "email")
SIGN_IN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,59}")
TOLD = ("sign_in", "name", "name_latin", "employee_number", "email", "phone", "site", "superior", "capacity")


class CannotSetPerson(refusals.Refusal):
    """This person cannot be entered like this."""


class CannotLeave(refusals.Refusal):
    """This person cannot leave like this."""


@transaction.atomic
def add_person(
    *, sign_in: str, name: str, site: models.Site | None = None, by: access.Doer, now: datetime, **values: Any
) -> tuple[models.Person, str]:
    """Add somebody to the company; returns them and the token of their invitation (see `invitations.invite`).

    `values`: `name_latin`, `employee_number`, `email`, `phone`, `language`, `location`, `superior`, `capacity`.
    """
    access.demand_management(by, site.pk if site else None)
    values = _checked(None, {"sign_in": sign_in, "name": name, "site": site, **values})
    person = models.Person(**values)
    person.set_unusable_password()
    person.save(force_insert=True)
    records.write(by=by, now=now, word="org.person.added", subject=person, changes=rows.created(person, *TOLD))
    plugs.announce("org.renamed", type=person.subject_type, ids=[person.pk])
    return person, invitations.invite(person=person, by=by, now=now)


@transaction.atomic
def change_person(
    *, person: models.Person, expected: int, by: access.Doer, now: datetime, reason: str = "", **values: Any
) -> models.Person:
    """Change what is known of somebody; `values` as for `add_person`."""
    site = values.get("site", person.site)
    access.demand_management(by, site.pk if site else None)
    access.demand_management_of(by, person)
    changes = rows.change(person, expected=expected, **_checked(person, values))
    if changes:
        records.write(by=by, now=now, word="org.person.changed", subject=person, changes=changes, reason=reason)
        plugs.announce("org.renamed", type=person.subject_type, ids=[person.pk])
    return person


@transaction.atomic
def change_own(*, expected: int, by: models.Person, now: datetime, **values: Any) -> models.Person:
    """Change one's own `language`, `phone` or `email`."""
    if set(values) - set(OWN):
        raise refusals.NotAllowed()
    changes = rows.change(by, expected=expected, **values)
    if changes:
        records.write(by=by, now=now, word="org.person.changed", subject=by, changes=changes)
    return by


def _checked(person: models.Person | None, values: dict[str, Any]) -> dict[str, Any]:
    """The values as they are stored, or a refusal naming the field."""
    others = models.Person.objects.exclude(pk=person.pk) if person else models.Person.objects.all()
    if "sign_in" in values:
        values["sign_in"] = values["sign_in"].strip().lower()
        if not SIGN_IN.fullmatch(values["sign_in"]):
            raise CannotSetPerson(
                _("A sign-in name has 2 to 60 letters a to z, digits, dots, hyphens or underscores."), field="sign_in"
            )
        if others.filter(sign_in=values["sign_in"]).exists():
            raise CannotSetPerson(_("Somebody else has this sign-in name."), field="sign_in")
    if "employee_number" in values:
        values["employee_number"] = values["employee_number"] or None
        if values["employee_number"] and others.filter(employee_number=values["employee_number"]).exists():
            raise CannotSetPerson(_("Somebody else has this employee number."), field="employee_number")
    superior = values.get("superior")
    above = dict(models.Person.objects.values_list("pk", "superior_id"))
    if person and superior and rules.would_circle(above, person.pk, superior.pk):
        raise CannotSetPerson(_("Nobody can be their own superior, not even through others."), field="superior")
    location, site = values.get("location"), values.get("site", person.site if person else None)
    if location and location.site_id != (site.pk if site else None):
        raise CannotSetPerson(_("This place is at another site."), field="location")
    return values


@transaction.atomic
def bar(*, person: models.Person, expected: int, reason: str, by: access.Doer, now: datetime) -> None:
    """Keep somebody from signing in, at once and everywhere."""
    access.demand_management_of(by, person)
    changes = rows.change(person, expected=expected, is_active=False)
    access.demand_an_administrator(now)
    if changes:
        records.write(by=by, now=now, word="org.person.barred", subject=person, changes=changes, reason=reason)
        signing_in.end_presences(person=person, by=by, now=now)


@transaction.atomic
def admit(*, person: models.Person, expected: int, reason: str, by: access.Doer, now: datetime) -> None:
    """Let somebody sign in again; who had left has come back (posts and roles are given anew)."""
    access.demand_management_of(by, person)
    changes = rows.change(person, expected=expected, is_active=True, left_on=None)
    if changes:
        records.write(by=by, now=now, word="org.person.admitted", subject=person, changes=changes, reason=reason)


@transaction.atomic
def leave(
    *, person: models.Person, on: date, expected: int, reason: str = "", by: access.Doer, now: datetime
) -> models.Person:
    """Somebody leaves the company; `on` is the last day. Posts and roles end with it; what they signed stays theirs.

    Rooms above hear `org.person_left` (`person_id`, `on`) when the last day is over; until then the person works on.
    """
    access.demand_management_of(by, person)
    late = person.holdings.filter(from_on__gt=on).select_related("post").first()
    if late:
        sentence = _("From %(day)s on this person is to hold the post %(post)s. End that first.")
        raise CannotLeave(sentence % {"day": late.from_on, "post": late.post.name}, field="on")
    changes = rows.change(person, expected=expected, left_on=on)
    still = Q(to_on=None) | Q(to_on__gt=on)
    for holding in person.holdings.filter(still):
        rows.change(holding, expected=holding.version, to_on=on)
    for grant in person.role_grants.filter(still):
        rows.change(grant, expected=grant.version, to_on=max(on, grant.from_on))
    access.demand_an_administrator(now)
    records.write(by=by, now=now, word="org.person.leaves", subject=person, changes=changes, reason=reason)
    if on < now.astimezone(person.zone).date():
        _close_account(person, by, now)
    return person


@transaction.atomic
def close_accounts(*, by: access.Doer, now: datetime) -> int:
    """Close the accounts of everybody whose last day is over where they work; returns how many."""
    access.demand_management(by, None)
    leaving = models.Person.objects.filter(is_active=True, left_on__isnull=False).select_related("site")
    gone = [person for person in leaving if person.left_on and person.left_on < now.astimezone(person.zone).date()]
    for person in gone:
        _close_account(person, by, now)
    return len(gone)


def _close_account(person: models.Person, by: access.Doer, now: datetime) -> None:
    changes = rows.change(person, expected=person.version, is_active=False)
    person.scope_grants.filter(ended_at=None).update(ended_at=now)
    records.write(by=by, now=now, word="org.person.left", subject=person, changes=changes)
    signing_in.end_presences(person=person, by=by, now=now)
    plugs.announce("org.person_left", person_id=person.pk, on=person.left_on, by=by, now=now)
