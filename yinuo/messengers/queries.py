"""Reading receivers and what they were sent."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q, QuerySet

from yinuo.messengers import models, rules
from yinuo.org import access as org_access
from yinuo.org import models as org
from yinuo.org import queries as org_queries

State = models.Delivery.State


def may_manage(person: org.Person) -> bool:
    """Whoever manages the whole company keeps its groups and webhooks."""
    return org_access.may_manage(person, None)


def receivers() -> QuerySet[models.Receiver]:
    return models.Receiver.objects.select_related("department").order_by("-is_on", "name")


def with_counts() -> QuerySet[Any]:
    """All receivers, each with what waits, what failed or is uncertain, and when it last took something."""
    failed = Q(deliveries__state__in=[State.FAILED, State.UNCERTAIN])
    return receivers().annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state__in=[State.WAITING, State.SENDING])),
        failed=Count("deliveries", filter=failed),
        last_at=Max("deliveries__sent_at"),
    )


def groups_for(kind: str, *, urgent: bool) -> list[models.Receiver]:
    """The groups in use that hear messages of a kind."""
    found = models.Receiver.objects.filter(is_on=True).exclude(kind=models.Receiver.Kind.WEBHOOK)
    return [group for group in found if rules.wants(group.tells, kind, urgent=urgent)]


def webhooks() -> list[models.Receiver]:
    return list(models.Receiver.objects.filter(is_on=True, kind=models.Receiver.Kind.WEBHOOK))


def deliveries() -> QuerySet[models.Delivery]:
    return models.Delivery.objects.select_related("receiver")


def failed_count() -> int:
    """What an administrator should look at."""
    return models.Delivery.objects.filter(state__in=[State.FAILED, State.UNCERTAIN], receiver__is_on=True).count()


def ready(now: datetime) -> list[models.Receiver]:
    """The receivers for which something is due, or was left by a sender that died, and that may be posted to now."""
    waits = Q(state=State.WAITING, next_at__lte=now) | Q(state=State.SENDING, claimed_until__lt=now)
    wanted = models.Delivery.objects.filter(waits).values("receiver")
    may = Q(next_post_at=None) | Q(next_post_at__lte=now)
    return list(models.Receiver.objects.filter(may, pk__in=wanted, is_on=True).order_by("pk"))


def next_moment() -> datetime | None:
    """When the next thing that waits may leave."""
    rows = models.Delivery.objects.filter(state=State.WAITING, receiver__is_on=True)
    found = rows.order_by("next_at").values_list("next_at", "receiver__next_post_at").first()
    return max(each for each in found if each is not None) if found else None


def digests_due(now: datetime) -> list[models.Receiver]:
    """The groups whose daily digest is to be made, by the clock and calendar of their department's site."""
    asked = receivers().filter(is_on=True).exclude(digest_at=None)
    return [each for each in asked if _is_digest_due(each, now)]


def _is_digest_due(group: models.Receiver, now: datetime) -> bool:
    calendar, local = org_queries.calendar(_site_id(group)), _local(group, now)
    is_working_day = calendar.is_working_day(local.date())
    return rules.is_digest_due(group.digest_at, group.digest_on, local, is_working_day=is_working_day)


def today_of(group: models.Receiver, now: datetime) -> date:
    """The day at the site of a group's department."""
    return _local(group, now).date()


def _local(group: models.Receiver, now: datetime) -> datetime:
    return now.astimezone(ZoneInfo(str(org_queries.calendar(_site_id(group)).zone)))


def _site_id(group: models.Receiver) -> int | None:
    return group.department.site_id if group.department else None
