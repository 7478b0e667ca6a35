"""Checks of portals that were not made by their day: kept as missed, and told to those above."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from yinuo.customers import models, queries, rules
from yinuo.kit import actors
from yinuo.notify import actions as notify
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.records import actions as records


@transaction.atomic
def note_missed(*, by: actors.Actor, now: datetime) -> int:
    """Keep each day that has passed without its check; returns how many new ones there are. Idempotent."""
    today = timezone.localdate(now)
    late = models.Portal.objects.filter(is_active=True, next_check_on__lt=today)
    return sum(note(portal, today, by=by, now=now) for portal in late.select_for_update().order_by("pk"))


def note(portal: models.Portal, today: date, *, by: actors.Actor, now: datetime) -> int:
    """The days of one portal that have passed without their check, each once."""
    if not portal.is_active or portal.next_check_on is None or portal.next_check_on >= today:
        return 0
    days = [day for day in due_days(portal, today) if day < today]
    told = portal.checks.filter(was_due_on__gte=days[0]).values_list("was_due_on", flat=True)
    new = [day for day in days if day not in set(told)]
    guard = {"scope_id": portal.scope_id, "site_id": portal.site_id}
    models.PortalCheck.objects.bulk_create(
        models.PortalCheck(portal=portal, keeper_id=portal.keeper_id, was_due_on=day, **guard) for day in new
    )
    if new:
        passed = {"was_due_on": [day.isoformat() for day in new]}
        records.write(by=by, now=now, word="customers.portal.missed", subject=portal, note=passed)
    return len(new)


def due_days(portal: models.Portal, today: date) -> list[date]:
    """The days up to today on which a check is due; the next one alone when that is still to come."""
    first = portal.next_check_on or today
    days = rules.check_days(first, portal.frequency, today, lambda day: next_working_day(portal, day))
    return days or [first]


def next_working_day(portal: models.Portal, day: date) -> date:
    """The day itself when the site works then, else the next one that it does."""
    return org_queries.calendar(portal.site_id).working_day(day, 0)


def days_late(portal: models.Portal, due_on: date | None, today: date) -> int:
    """By how many working days a check made today is late; at least one once its day has passed."""
    if due_on is None or today <= due_on:
        return 0
    return max(org_queries.calendar(portal.site_id).working_days_between(due_on, today), 1)


@transaction.atomic
def escalate(*, by: actors.Actor, now: datetime) -> int:
    """Tell the keeper's deputy and superior, once for each day missed, that a check is long overdue; how many."""
    today = timezone.localdate(now)
    late = models.Portal.objects.filter(is_active=True, next_check_on__lt=today, escalate_after__gt=0)
    late = late.exclude(escalated_for_on=F("next_check_on")).select_related("customer", "keeper", "deputy")
    found = [row for row in late.order_by("pk") if days_late(row, row.next_check_on, today) >= row.escalate_after]
    for portal in found:
        models.Portal.objects.filter(pk=portal.pk).update(escalated_for_on=portal.next_check_on)
        notify.tell(
            people=_above(portal, now),
            subject=portal,
            kind="portal_escalated",
            words=format_lazy(
                _("{keeper} has not checked the portal {portal} of {customer}; it was due on {day}"),
                keeper=portal.keeper.name, portal=portal.name, customer=portal.customer, day=portal.next_check_on,
            ),
            discreet=_("The check of a portal is overdue"),
            now=now,
            by=by,
        )  # fmt: skip
        records.write(by=by, now=now, word="customers.portal.escalated", subject=portal)
    return len(found)


def _above(portal: models.Portal, now: datetime) -> list[org.Person]:
    """The deputy and the superior, as far as they may see the portal."""
    superior = org_queries.superior_of(portal.keeper, timezone.localdate(now))
    found = {each.pk: each for each in (portal.deputy, superior) if each is not None}
    return [each for each in found.values() if each.may(queries.SEE, portal.scope_id, portal.site_id)]
