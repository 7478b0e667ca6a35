"""Drawing case numbers: unique under concurrency, never twice, without gaps where the company says so."""

from datetime import date

from django.db import connection
from django.db.models import Max

from yinuo.cases import models, rules

SEQUENCE = "cases_number"


def draw(convention: models.Convention, on: date) -> str:
    """The next number by the company's pattern, in the caller's transaction (`draw_all`)."""
    return draw_all(convention, on, 1)[0]


def draw_all(convention: models.Convention, on: date, count: int) -> list[str]:
    """The next numbers by the company's pattern, in the caller's transaction.

    Without gaps, the counter's row stays locked until the caller commits, and a rolled back registration gives its
    number back; so this is called when everything else is ready. With gaps allowed PostgreSQL counts by a sequence
    that nobody waits for. A number that an earlier pattern has given is passed over.
    """
    found: list[str] = []
    while len(found) < count:
        counted = _next(convention, on, count - len(found))
        numbers = [rules.number_of(convention.number_pattern, each, on) for each in counted]
        given = _given(convention, numbers)
        found += [each for each in numbers if each not in given]
    return found


def _given(convention: models.Convention, numbers: list[str]) -> set[str]:
    """Which of the numbers an earlier pattern has given."""
    if convention.version == 1:
        return set()
    return set(models.Case.objects.filter(number__in=numbers).values_list("number", flat=True))


def _next(convention: models.Convention, on: date, count: int) -> list[int]:
    if convention.allows_gaps and connection.vendor == "postgresql":
        return _asked("select nextval(%s) from generate_series(1, %s)", SEQUENCE, count)
    period = rules.period_of(convention.number_pattern, on)
    statement = "update cases_counter set last = last + %s where period = %s returning last"
    found = _asked(statement, count, period)
    if not found:
        # The first case of a period makes its counter; of two firsts the second waits and finds it made.
        models.Counter.objects.bulk_create([models.Counter(period=period)], ignore_conflicts=True)
        found = _asked(statement, count, period)
    return list(range(found[0] - count + 1, found[0] + 1))


def _asked(statement: str, *values: str | int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [int(row[0]) for row in cursor.fetchall()]


def count_on() -> None:
    """From now on numbers may have gaps: the sequence goes on above everything the counters have given."""
    last = models.Counter.objects.aggregate(last=Max("last"))["last"] or 0
    if last and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select setval(%s, greatest(%s, (select last_value from cases_number)))", [SEQUENCE, last])
