"""The feed of changes while many write: a reader that polls all the time is told each change once, in one order."""

import random
import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from tests import cast
from yinuo.kit import actors, subjects
from yinuo.org import models as org
from yinuo.records import actions, jobs, models, queries

pytestmark = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time")
WRITERS, ACTS = 12, 30
CUSTOMER = subjects.Ref("customers.customer", 7, "某主机厂（示例）")


def beside(work: Callable[[], None]) -> threading.Thread:
    """Do it on a connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def write_slowly(seed: int) -> None:
    """Acts of one to three entries that stay open for a while; one in five is given up."""
    chance = random.Random(seed)
    for number in range(ACTS):
        with transaction.atomic():
            for part in range(chance.randint(1, 3)):
                note = {"writer": seed, "act": number, "part": part}
                actions.write(by=actors.PROGRAM, now=cast.NOW, word="x.y", subject=CUSTOMER, note=note)
                time.sleep(chance.random() * 0.02)
            if chance.random() < 0.2:
                transaction.set_rollback(True)


def read_all(person: org.Person, after: int, limit: int, told: list[tuple[int, int]]) -> int:
    """Read on to the end, one page after the other; where the reader stands then."""
    while True:
        found = queries.changes(person, after=after, limit=limit)
        told += [(seal.number, entry.pk) for seal, entry in found.entries]
        after = found.last.number if found.last else after
        if not found.is_more:
            return after


@pytest.mark.django_db(transaction=True)
def test_every_change_is_told_once_and_in_order() -> None:
    reader = cast.company().lina
    start = models.Entry.objects.count()
    is_over = threading.Event()
    told: dict[int, list[tuple[int, int]]] = {1: [], 3: [], 50: []}

    def keep_sealing() -> None:
        while not is_over.is_set():
            jobs.seal()

    def keep_reading(limit: int) -> None:
        person, after = org.Person.objects.get(pk=reader.pk), 0
        while not is_over.is_set():
            after = read_all(person, after, limit, told[limit])
        read_all(person, after, limit, told[limit])

    sealers = [beside(keep_sealing) for _n in range(2)]
    readers = [beside(lambda limit=limit: keep_reading(limit)) for limit in told]  # type: ignore[misc]
    for each in [beside(lambda seed=seed: write_slowly(seed)) for seed in range(WRITERS)]:  # type: ignore[misc]
        each.join()
    jobs.seal()
    is_over.set()
    for each in (*sealers, *readers):
        each.join()

    written = models.Entry.objects.filter(subject_type=CUSTOMER.type).count()
    assert models.Entry.objects.count() > start
    assert written > WRITERS * ACTS
    ids = [[entry for _number, entry in each] for each in told.values()]
    of_customer = set(models.Entry.objects.filter(subject_type=CUSTOMER.type).values_list("pk", flat=True))
    for each, mine in zip(told.values(), ids, strict=True):
        assert [number for number, _entry in each] == sorted({number for number, _entry in each})
        assert len(mine) == len(set(mine))
        assert of_customer <= set(mine)
    assert ids[0] == ids[1] == ids[2]
    # Without this the test would show nothing: ids alone were not in order.
    assert ids[0] != sorted(ids[0])
