"""Drawing case numbers: unique under concurrency, never twice, without gaps where the company says so."""

from datetime import date

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Max

from yinuo.cases import models, rules

SEQUENCE = "cases_number"


def draw(convention: models.Convention, on: date) -> str:
    """The next number by the company's pattern, in the caller's transaction.

    Without gaps, the counter's row stays locked until the caller commits, and a rolled back registration gives its
    number back; so this is called when everything else is ready. With gaps allowed PostgreSQL counts by a sequence
    that nobody waits for. A number that an earlier pattern has given is passed over.
    """
    while True:
        number = rules.number_of(convention.number_pattern, _next(convention, on), on)
        if not models.Case.objects.filter(number=number).exists():
            return number


def _next(convention: models.Convention, on: date) -> int:
    if convention.allows_gaps and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select nextval(%s)", [SEQUENCE])
            return int(cursor.fetchone()[0])
    period = rules.period_of(convention.number_pattern, on)
    if not models.Counter.objects.filter(period=period).update(last=F("last") + 1):
        _begin(period)
        models.Counter.objects.filter(period=period).update(last=F("last") + 1)
    return models.Counter.objects.values_list("last", flat=True).get(period=period)


def _begin(period: str) -> None:
    """The first case of a period makes its counter; of two firsts the second waits and finds it made."""
    try:
        with transaction.atomic():
            models.Counter.objects.create(period=period)
    except IntegrityError:
        pass


def count_on() -> None:
    """From now on numbers may have gaps: the sequence goes on above everything the counters have given."""
    last = models.Counter.objects.aggregate(last=Max("last"))["last"] or 0
    if last and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select setval(%s, greatest(%s, (select last_value from cases_number)))", [SEQUENCE, last])
