"""What a page of the feed of changes costs, first, in the middle and at the end, beside its SQL alone.

    python -m tests.bench.run <sqlite | postgres://user@host/name> following <entries>

The database is empty and migrated before.
"""

import statistics
import time
from collections.abc import Callable

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import cast
from yinuo.kit import actors, subjects
from yinuo.org.actions import tokens
from yinuo.records import actions, jobs, models

ROUNDS, AT_ONCE = 40, 2000


def fill(wanted: int) -> None:
    """As many entries as wanted, of some customers, one in ten confidential, chained as they always are."""
    have = models.Entry.objects.count()
    for start in range(have, wanted, AT_ONCE):
        told = [
            (subjects.Ref("customers.customer", n % 500 + 1, f"C{n % 500}", scope_id=None if n % 10 else 1), {"n": n})
            for n in range(start, min(start + AT_ONCE, wanted))
        ]
        actions.write_all(by=actors.PROGRAM, now=timezone.now(), word="customers.customer.changed", told=told)
    while models.Seal.objects.count() < wanted:
        jobs.seal()


def median_ms(work: Callable[[], object]) -> float:
    times = []
    for _n in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def _read(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def main(size: str) -> None:
    call_command("migrate", verbosity=0)
    if not models.Entry.objects.exists():
        cast.company()
    person = cast.models.Person.objects.get(sign_in="lina")
    fill(int(size))
    if connection.vendor == "postgresql":
        connection.cursor().execute("analyze")
    token = tokens.make_token(name="bench", may_write=False, days=1, by=person, now=timezone.now())
    client = Client(headers={"Authorization": f"Bearer {token}", "host": "127.0.0.1"})
    tokens.MOST_A_MINUTE = 10**9
    last = models.Seal.objects.order_by("-number").first().number
    for words, number in (("first page", 0), ("middle", last // 2), ("the last 50", last - 50), ("nothing new", last)):
        seal = models.Seal.objects.filter(number=number).first()
        url = f"/api/v1/changes?limit=50&after={f'{number}-{seal.chain[:8]}' if seal else ''}"
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(url)
        assert answer.status_code == 200, answer.content
        count = len(seen)
        sql = [each["sql"] for each in seen if "records_" in each["sql"]]
        bare = median_ms(lambda: [_read(each) for each in sql])  # noqa: B023
        call = median_ms(lambda: client.get(url))  # noqa: B023
        print(f"| {words} | {int(size):,} | {call:.1f} | {count} | {bare:.2f} | {len(answer.json()['items'])} |")
