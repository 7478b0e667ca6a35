"""Drawing case numbers: unique under concurrency, never twice, without gaps where the company says so."""

from datetime import date

from django.db import connection
from django.db.models import Max

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
        was_changed = convention.version > 1
        if not (was_changed and models.Case.objects.filter(number=number).exists()):
            return number


def _next(convention: models.Convention, on: date) -> int:
    if convention.allows_gaps and connection.vendor == "postgresql":
        return _one("select nextval(%s)", SEQUENCE) or 0
    period = rules.period_of(convention.number_pattern, on)
    count = "update cases_counter set last = last + 1 where period = %s returning last"
    found = _one(count, period)
    if found is None:
        # The first case of a period makes its counter; of two firsts the second waits and finds it made.
        models.Counter.objects.bulk_create([models.Counter(period=period)], ignore_conflicts=True)
        found = _one(count, period)
    return found or 0


def _one(statement: str, value: str) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [value])
        row = cursor.fetchone()
    return int(row[0]) if row else None


def count_on() -> None:
    """From now on numbers may have gaps: the sequence goes on above everything the counters have given."""
    last = models.Counter.objects.aggregate(last=Max("last"))["last"] or 0
    if last and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select setval(%s, greatest(%s, (select last_value from cases_number)))", [SEQUENCE, last])
