"""Acts that count, the job that puts together, and readers, all at the same moment: nothing is lost or told twice."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from yinuo.kit import actors
from yinuo.reports import models
from yinuo.reports.actions import counting
from yinuo.reports.definition import Key, Measure
from yinuo.reports.definition import Sum as Part

WRITERS, EACH, DAYS = 3, 25, 3


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one writer in after the other anyway")
@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_or_told_twice() -> None:
    done, seen = threading.Event(), []

    def write(_number: int) -> None:
        try:
            for n in range(EACH):
                key = Key(Measure.REGISTERED, date(2026, 3, 2 + n % DAYS), "", 0, None, None)
                counting.append({key: Part(1)})
        finally:
            connection.close()

    def roll(_number: int) -> None:
        try:
            while not done.is_set():
                counting.roll_up(by=actors.PROGRAM, now=timezone.now())
        finally:
            connection.close()

    def read() -> None:
        try:
            while not done.is_set():
                seen.append(models.Tally.objects.aggregate(n=Sum("amount"))["n"] or 0)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS + 3) as pool:
        rolling = [pool.submit(roll, number) for number in range(2)]
        reading = pool.submit(read)
        try:
            list(pool.map(write, range(WRITERS)))
        finally:
            done.set()
        for each in (*rolling, reading):
            each.result()

    assert seen == sorted(seen)  # a reader never sees a part twice or not at all
    while counting.roll_up(by=actors.PROGRAM, now=timezone.now()):
        pass
    assert dict(models.Tally.objects.values_list("on").annotate(n=Sum("amount"))) == {
        date(2026, 3, 2 + day): WRITERS * len(range(day, EACH, DAYS)) for day in range(DAYS)
    }
