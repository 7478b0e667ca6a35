"""The sums of a span of days: from the tallies for whole months, from the accounts for the months at its edges.

Tallies know months, which is why they are few. A span that begins or ends within a month reads what the requests of
that month were counted for, one by one: of two months at most, however long the span.
"""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.db.models import Sum as SumOf

from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.reports import models, rules
from yinuo.reports.definition import Account, Measure, Sum
from yinuo.reports.queries import counted, deadlines, places

COLUMNS = [each.name for each in fields(Account)]


def sums(
    person: org.Person, measure: Measure, first: date, last: date, site_id: int | None, *, by_month: bool = False
) -> Iterator[tuple[date, str, int, Sum]]:
    """Month (the first one, unless asked by month), figure with whose it is, bucket, and how much of it."""
    months = rules.months_of(first.replace(day=1), last.replace(day=1))
    whole = [each for each in months if first <= each and deadlines.end_of_month(each) <= last]
    if whole:
        yield from _of_months(person, measure, whole, site_id, by_month=by_month)
    if edges := [each for each in months if each not in whole]:
        for on, what, bucket, each in _of_days(person, measure, edges, site_id):
            if first <= on <= last:
                yield on.replace(day=1), what, bucket, each


def _of_months(
    person: org.Person, measure: Measure, months: list[date], site_id: int | None, *, by_month: bool
) -> Iterator[tuple[date, str, int, Sum]]:
    tallies = models.Tally.objects.filter(measure=measure, on__gte=months[0], on__lte=months[-1])
    tallies = places.here(tallies, person, site_id).order_by()
    columns = ("on", "what", "bucket") if by_month else ("what", "bucket")
    for *key, bucket, amount, seconds in tallies.values_list(*columns).annotate(n=SumOf("amount"), s=SumOf("seconds")):
        yield (key[0] if by_month else months[0]), key[-1], bucket, Sum(amount, seconds)


def _of_days(
    person: org.Person, measure: Measure, months: list[date], site_id: int | None
) -> Iterator[tuple[date, str, int, Sum]]:
    """What requests that came or ended in some months count for, each on its day."""
    calendars = counted.Calendars()
    rows = models.Account.objects.filter(Q(month__in=months) | Q(ended_month__in=months))
    found = places.here(rows, person, site_id).order_by().values(*COLUMNS, "case__registered_at", "case__ended_at")
    for row in found.iterator(chunk_size=2000):
        came_at, ended_at = row.pop("case__registered_at"), row.pop("case__ended_at")
        account, calendar = Account(**row), calendars[row["site_id"]]
        ended_on = calendar.day_of(ended_at) if account.ended_month and ended_at else account.ended_month
        told = replace(account, month=calendar.day_of(came_at), ended_month=ended_on)
        for key, each in rules.of_account(told).items():
            if key.measure == measure and key.on is not None and key.on.replace(day=1) in months:
                yield key.on, key.what, key.bucket, each


def since(column: str, moment: str, day: date, prefix: str = "") -> Q:
    """Requests that came (or ended) from a day on: `column` of the account is the month, `moment` of the request."""
    month = f"{prefix}account__{column}"
    if day.day == 1:
        return Q(**{f"{month}__gte": day})
    after = Q(**{f"{month}__gt": day.replace(day=1)})
    return after | Q(**{month: day.replace(day=1)}) & _at("gte", f"{prefix}{moment}", f"{prefix}site", day)


def until(column: str, moment: str, day: date, prefix: str = "") -> Q:
    """Requests that came (or ended) up to a day."""
    month = f"{prefix}account__{column}"
    if day == deadlines.end_of_month(day.replace(day=1)):
        return Q(**{f"{month}__lte": day})
    before = Q(**{f"{month}__lt": day.replace(day=1)})
    following = day + timedelta(days=1)
    return before | Q(**{month: day.replace(day=1)}) & _at("lt", f"{prefix}{moment}", f"{prefix}site", following)


def _at(how: str, moment: str, site: str, day: date) -> Q:
    """Moments before (lt) or from (gte) the beginning of a day on, as the clock of each site has it."""
    zones: dict[ZoneInfo, list[int]] = {}
    for key in org.Site.objects.order_by("pk").values_list("pk", flat=True):
        zones.setdefault(org_queries.calendar(key).zone, []).append(key)
    usual = datetime.combine(day, time(0), org_queries.calendar(None).zone)
    found = Q(**{f"{site}__isnull": True, f"{moment}__{how}": usual})
    for zone, ids in zones.items():
        found |= Q(**{f"{site}__in": ids, f"{moment}__{how}": datetime.combine(day, time(0), zone)})
    return found
