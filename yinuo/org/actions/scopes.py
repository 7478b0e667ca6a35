"""Scopes: the named people who alone may see something confidential (IATF 16949 8.1.2)."""

import dataclasses
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.kit import plugs, refusals, rows, subjects
from yinuo.org import access, models
from yinuo.records import actions as records


class CannotName(refusals.Refusal):
    """This person cannot be named."""


@transaction.atomic
def open_scope(*, name_zh: str, name_en: str = "", reason: str = "", by: access.Doer, now: datetime) -> models.Scope:
    """Open a scope; nobody is named in it yet."""
    access.demand_management(by, None)
    scope = models.Scope.objects.create(name_zh=name_zh, name_en=name_en)
    changes = rows.created(scope, "name_zh", "name_en")
    records.write(by=by, now=now, word="org.scope.opened", subject=scope, changes=changes, reason=reason)
    return scope


@transaction.atomic
def rename_scope(
    *, scope: models.Scope, expected: int, name_zh: str, name_en: str = "", by: access.Doer, now: datetime
) -> models.Scope:
    """Give a scope another name."""
    access.demand_management(by, None)
    changes = rows.change(scope, expected=expected, name_zh=name_zh, name_en=name_en)
    if changes:
        records.write(by=by, now=now, word="org.scope.renamed", subject=scope, changes=changes)
    return scope


@transaction.atomic
def let_in(
    *, scope: models.Scope, person: models.Person, reason: str, by: access.Doer, now: datetime
) -> models.ScopeGrant:
    """Name somebody in a scope: from now on they see what it covers, as far as their roles allow.

    A room may refuse: where it keeps the scope inside another, only those are let in who belong to the outer one.
    """
    access.demand_management(by, None)
    if not person.is_active:
        raise CannotName(_("This person may not sign in."), field="person")
    if scope.grants.filter(person=person, ended_at=None).exists():
        raise CannotName(_("This person is named already."), field="person")
    grant = models.ScopeGrant.objects.create(scope=scope, person=person, granted_at=now)
    person.forget_rights()
    plugs.announce("org.let_in", scope=scope, person=person)
    _tell(grant, "org.scope.let_in", reason, by, now)
    return grant


@transaction.atomic
def take_out(*, grant: models.ScopeGrant, reason: str, by: access.Doer, now: datetime) -> None:
    """End that somebody sees what a scope covers; refused while they belong to one inside it."""
    access.demand_management(by, None)
    if models.ScopeGrant.objects.filter(pk=grant.pk, ended_at=None).update(ended_at=now):
        grant.person.forget_rights()
        plugs.announce("org.taken_out", scope=grant.scope, person=grant.person)
        _tell(grant, "org.scope.taken_out", reason, by, now)


def _tell(grant: models.ScopeGrant, word: str, reason: str, by: access.Doer, now: datetime) -> None:
    """On the scope's trail and on the person's; both for the named only, as both name the scope."""
    note = {"person": grant.person.name, "scope": grant.scope.name_zh}
    about_person = dataclasses.replace(subjects.ref(grant.person), scope_id=grant.scope_id)
    for subject in (grant.scope, about_person):
        records.write(by=by, now=now, word=word, subject=subject, reason=reason, note=note)
