"""The address book of outside organisations."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.kit import plugs, refusals, rows
from yinuo.org import access, definition, models
from yinuo.records import actions as records


class CannotSetOrganisation(refusals.Refusal):
    """This organisation cannot be entered like this."""


@transaction.atomic
def add_organisation(
    *,
    name_zh: str,
    kinds: Sequence[str],
    name_en: str = "",
    aliases: Sequence[str] = (),
    scope: models.Scope | None = None,
    by: access.Doer,
    now: datetime,
    **values: Any,
) -> models.Organisation:
    """Enter an outside organisation; `kinds` are keys of `definition.ORGANISATION_KINDS`, `aliases` its other names.

    `values`: `country`, `address`, `website`. With a scope, only the people named there see it.
    """
    _demand(by, scope)
    values |= {"name_zh": name_zh, "name_en": name_en, "kinds": list(kinds), "aliases": list(aliases)}
    _check(None, values, by)
    organisation = models.Organisation.objects.create(scope=scope, **values)
    changes = rows.created(organisation, "name_zh", "name_en", "kinds", "aliases", "country", "address", "website")
    records.write(by=by, now=now, word="org.organisation.added", subject=organisation, changes=changes)
    plugs.announce("org.renamed", type=organisation.subject_type, ids=[organisation.pk])
    return organisation


@transaction.atomic
def change_organisation(
    *,
    organisation: models.Organisation,
    expected: int,
    by: access.Doer,
    now: datetime,
    reason: str = "",
    **values: Any,
) -> models.Organisation:
    """Change an organisation; `values` as for `add_organisation`, and `is_active`. Its scope moves what hangs on it."""
    _demand(by, organisation.scope)
    if values.get("scope") not in (None, organisation.scope):
        _demand(by, values["scope"])
    _check(organisation, values, by)
    changes = rows.change(organisation, expected=expected, **values)
    if not changes:
        return organisation
    records.write(by=by, now=now, word="org.organisation.changed", subject=organisation, changes=changes, reason=reason)
    plugs.announce("org.renamed", type=organisation.subject_type, ids=[organisation.pk])
    if any(change.field == "scope" for change in changes):
        plugs.announce(
            "kit.rescoped", type=organisation.subject_type, id=organisation.pk, scope_id=organisation.scope_id
        )
    return organisation


def _demand(by: access.Doer, scope: models.Scope | None) -> None:
    """Whoever may edit the address book, and is named in the scope or manages all scopes."""
    allowed = access.may_edit_address_book(by)
    if scope is not None and not access.may_manage(by, None):
        allowed = allowed and isinstance(by, models.Person) and scope.pk in by.rights.scope_ids
    if not allowed:
        raise refusals.NotAllowed()


def _check(organisation: models.Organisation | None, values: dict[str, Any], by: access.Doer) -> None:
    """Kinds that exist, and names that no other organisation bears (names of one are never those of another).

    Only organisations that the person may see are compared: a refusal must not tell that a confidential one exists.
    """
    if "kinds" in values and (not values["kinds"] or set(values["kinds"]) - set(definition.ORGANISATION_KINDS)):
        raise CannotSetOrganisation(_("Say what kind of organisation this is."), field="kinds")
    if "aliases" in values:
        values["aliases"] = list(dict.fromkeys(alias.strip() for alias in values["aliases"] if alias.strip()))
    own = [values.get("name_zh", ""), *values.get("aliases", [])]
    seen = access.organisations(by) if isinstance(by, models.Person) else models.Organisation.objects.all()
    for pk, name_zh, aliases in seen.values_list("pk", "name_zh", "aliases"):
        if organisation is not None and pk == organisation.pk:
            continue
        shared = {name.casefold() for name in own if name} & {name.casefold() for name in [name_zh, *aliases]}
        if shared:
            sentence = _("“%(name)s” is already a name of another organisation (no. %(number)s).")
            raise CannotSetOrganisation(sentence % {"name": shared.pop(), "number": pk}, field="name_zh")
