"""Watched pages that somebody has in hand, and giving them to others."""

from datetime import date, datetime
from typing import Any

from yinuo.kit import duties, subjects
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.watches import access, models, queries
from yinuo.watches.actions import pages


def _of(person: org.Person) -> Any:
    return models.Page.objects.filter(queries.told(person), is_active=True).order_by("name", "pk")


def in_hand(person: org.Person, by: org.Person, now: datetime) -> duties.Held:
    """Pages of whose changes somebody is told."""
    shown, hidden = org_queries.seen_of(_of(person), by, queries.SEE)
    found = [
        duties.Duty(
            key=row.pk, version=row.version, label=row.name, url=row.get_absolute_url(), subject=subjects.ref(row),
            note=row.get_state_display(), may_give=access.may_edit(by, row),
        )
        for row in shown
    ]  # fmt: skip
    return duties.Held(found, hidden)


def give(
    *, key: int, holder: org.Person, to: org.Person, last_on: date, reason: str, expected: int, by: org.Person,
    now: datetime,
) -> None:  # fmt: skip
    """Somebody else is told of its changes."""
    row = _of(holder).select_related("keeper", "deputy", "customer", "document__customer").filter(pk=key).first()
    if row is None:
        raise duties.NotTheirs()
    others = [each for each in row.others.all() if each.pk not in (holder.pk, to.pk)]
    facts: Any = {"others": others}
    if row.keeper_id == holder.pk:
        facts |= {"keeper": to} | ({"deputy": None} if row.deputy_id == to.pk else {})
    elif row.deputy_id == holder.pk:
        facts["deputy"] = None if row.keeper_id == to.pk else to
    elif to.pk not in (row.keeper_id, row.deputy_id):
        facts["others"] = [*others, to]
    pages.change(page=row, by=by, now=now, expected=expected, reason=reason, **facts)
