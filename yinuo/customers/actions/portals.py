"""Keeping the list of supplier portals (门户网站清单), and recording that somebody looked."""

from datetime import date, datetime
from typing import Any, TypedDict, Unpack, cast

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from yinuo.customers import access, models, queries, rules
from yinuo.customers.actions import missing, scoping
from yinuo.kit import actors, plugs, refusals, rows
from yinuo.notify import actions as notify
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.records import actions as records


class CannotKeep(refusals.Refusal):
    """What was said about the portal does not fit together."""


class Facts(TypedDict, total=False):
    """What people say about a portal."""

    name: str
    url: str
    account: str
    keeper: org.Person
    deputy: org.Person | None
    frequency: str
    next_check_on: date | None
    escalate_after: int
    note: str
    is_active: bool


FIELDS = tuple(Facts.__annotations__)


@transaction.atomic
def add(*, customer: models.Customer, by: org.Person, now: datetime, **facts: Unpack[Facts]) -> models.Portal:
    """Add a portal. Without a first day it is to be looked at today."""
    if not access.may_edit(by, customer):
        raise refusals.NotAllowed()
    row = models.Portal(customer=customer, scope_id=customer.scope_id, site_id=customer.site_id, added_at=now, **facts)
    _check_keepers(row.keeper, row.deputy, row)
    row.next_check_on = row.next_check_on or timezone.localdate(now)
    row.save(force_insert=True)
    records.write(by=by, now=now, word="customers.portal.added", subject=row, changes=rows.created(row, *FIELDS))
    scoping.index(portals=[row.pk])
    return row


@transaction.atomic
def change(
    *, portal: models.Portal, by: org.Person, now: datetime, expected: int, reason: str = "", **facts: Unpack[Facts]
) -> models.Portal:
    """Change what `facts` name. Another frequency moves the next check, unless another day is named as well; without
    a day the next check follows from the last one, or is today."""
    if not access.may_edit(by, portal):
        raise refusals.NotAllowed()
    values: dict[str, Any] = dict(facts)
    today = timezone.localdate(now)
    missing.note(portal, today, by=by, now=now)  # what was missed stays, whatever day is named now
    _check_keepers(values.get("keeper", portal.keeper), values.get("deputy", portal.deputy), portal)
    values["next_check_on"] = _next_check_on(portal, values, today)
    changes = rows.change(portal, expected=expected, **values)
    if changes:
        records.write(by=by, now=now, word="customers.portal.changed", subject=portal, changes=changes, reason=reason)
        scoping.index(portals=[portal.pk])
    return portal


@transaction.atomic
def record_check(
    *, portal: models.Portal, result: str, note: str = "", by: org.Person, now: datetime, expected: int
) -> models.PortalCheck:
    """Record that `by` looked at the portal and what it brought; the next check moves on by the frequency.

    It stands for the last day on which one was due; earlier days that passed stay as missed. Something new or no
    access needs words. Announces `customers.portal_checked`.
    """
    if not access.may_check(by, portal):
        raise refusals.NotAllowed()
    if result not in models.Result.values:
        raise CannotKeep(_("Please say what the check brought."), field="result")
    if result != models.Result.NOTHING_NEW and not note:
        raise CannotKeep(_("Please say what you found."), field="note")
    if not portal.is_active:
        raise CannotKeep(_("This portal is no longer in use."))
    today = timezone.localdate(now)
    missing.note(portal, today, by=by, now=now)
    check = _made(portal, today, checked_at=now, by=by, result=result, note=note)
    changes = rows.change(
        portal,
        expected=expected,
        last_check_on=today,
        last_check_by=by,
        last_result=result,
        next_check_on=missing.next_working_day(portal, rules.next_check_on(today, portal.frequency)),
    )
    records.write(
        by=by, now=now, word="customers.portal.checked", subject=portal, changes=changes, note={"found": note}
    )
    plugs.announce("customers.portal_checked", portal=portal, check=check, by=by, now=now)
    return check


def _made(portal: models.Portal, today: date, **said: Any) -> models.PortalCheck:
    """The check for the last day on which one was due: late when that day has passed, else on time."""
    due_on = missing.due_days(portal, today)[-1] if portal.next_check_on else None
    said |= {"days_late": missing.days_late(portal, due_on, today)}
    passed = models.PortalCheck.objects.filter(portal=portal, was_due_on=due_on, checked_at=None).first()
    if passed is not None:
        models.PortalCheck.objects.filter(pk=passed.pk).update(**said)
        passed.refresh_from_db()
        return passed
    guard = {"scope_id": portal.scope_id, "site_id": portal.site_id}
    return models.PortalCheck.objects.create(portal=portal, keeper=portal.keeper, was_due_on=due_on, **said, **guard)


@transaction.atomic
def tell_due(*, by: actors.Actor, now: datetime) -> int:
    """Tell each keeper (or whoever stands in) once that a portal is to be looked at; returns how many portals.

    Which day somebody was told for stands on the portal, so that asking again tells nobody twice.
    """
    due = models.Portal.objects.filter(is_active=True, next_check_on__lte=timezone.localdate(now))
    due = due.exclude(told_for_on=F("next_check_on")).select_related("customer", "keeper", "deputy")
    told = list(due.order_by("pk"))
    for portal in told:
        models.Portal.objects.filter(pk=portal.pk).update(told_for_on=portal.next_check_on)
        notify.tell(
            people=_asked(portal, now),
            subject=portal,
            kind="portal_due",
            words=format_lazy(
                _("Please check the portal {portal} of {customer}"), portal=portal.name, customer=portal.customer
            ),
            discreet=_("A portal is to be checked"),
            now=now,
            by=by,
        )
        records.write(by=by, now=now, word="customers.portal.due", subject=portal)
    return len(told)


def _asked(portal: models.Portal, now: datetime) -> list[org.Person]:
    """The keeper; while away the deputy, else who stands in for the keeper, else the keeper all the same."""
    if org_queries.present(portal.keeper, now):
        return [portal.keeper]
    if portal.deputy is not None and org_queries.present(portal.deputy, now):
        return [portal.deputy]
    return [org_queries.delegate_of(portal.keeper, now) or portal.keeper]


def _next_check_on(portal: models.Portal, values: dict[str, Any], today: date) -> date:
    """The day somebody named, else the one that the frequency asks for after the last check."""
    named = values.get("next_check_on", portal.next_check_on)
    frequency = values.get("frequency", portal.frequency)
    is_same_day = named == portal.next_check_on
    if named is not None and (frequency == portal.frequency or not is_same_day or portal.last_check_on is None):
        return cast(date, named)
    if portal.last_check_on is None:
        return today
    return missing.next_working_day(portal, rules.next_check_on(portal.last_check_on, frequency))


def _check_keepers(keeper: org.Person, deputy: org.Person | None, row: models.Guarded) -> None:
    """Keeper and deputy are two people who may see the portal."""
    if deputy is not None and keeper.pk == deputy.pk:
        raise CannotKeep(_("The deputy must be somebody else."), field="deputy")
    for field, person in (("keeper", keeper), ("deputy", deputy)):
        if person is not None and not person.may(queries.SEE, row.scope_id, row.site_id):
            raise CannotKeep(_("%(person)s may not see this customer.") % {"person": person.name}, field=field)
