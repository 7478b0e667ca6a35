"""What of the open requests is due on which day: promised, asked by the customer, due inside."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from yinuo.cases import models as cases
from yinuo.org import models as org
from yinuo.reports.queries import figures, places

PROMISED, WANTED, INNER = "promised", "wanted", "inner"
FIELDS = {PROMISED: "promised_on", WANTED: "wanted_on", INNER: "due_at"}


def within(field: str, first: date | None, last: date | None) -> Q:
    """Rows whose day or moment lies between two days, both included, where the reader is."""
    found = Q()
    if field.endswith("_on"):
        found &= Q(**{f"{field}__gte": first}) if first else Q()
        return found & (Q(**{f"{field}__lte": last}) if last else Q())
    if first:
        found &= Q(**{f"{field}__gte": timezone.make_aware(datetime.combine(first, time(0)))})
    if last:
        found &= Q(**{f"{field}__lt": figures.midnight_after(last)})
    return found


def due_days(person: org.Person, first: date, last: date, site_id: int | None = None) -> dict[date, dict[str, int]]:
    """How many open requests are due on each day, by kind of deadline: one statement a kind.

    Due moments are ends of working days, mostly, so that few differ: which day each is on is told here.
    """
    found: dict[date, dict[str, int]] = defaultdict(dict)
    for kind, field in FIELDS.items():
        rows = places.here(cases.Case.objects.filter(within(field, first, last), ended_at=None), person, site_id)
        for at, count in rows.order_by().values_list(field).annotate(n=Count("*")):
            day = timezone.localtime(at).date() if isinstance(at, datetime) else at
            found[day][kind] = found[day].get(kind, 0) + count
    return found


def month_of(text: str, today: date) -> date:
    """The first day of the month that an address names as 2026-03; else of this month."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return found if 2001 <= found.year < 2100 else today.replace(day=1)


def end_of_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
