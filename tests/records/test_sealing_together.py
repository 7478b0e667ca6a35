"""Sealing while others write: ids that appear late, two sealers at once. On PostgreSQL, where writers do not queue."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from tests import cast
from tests.records.conftest import CASE
from yinuo.kit import actors
from yinuo.records import actions, jobs, models, queries
from yinuo.records.engine import chain

pytestmark = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time")


def write(note: str) -> models.Entry:
    return actions.write(by=actors.PROGRAM, now=cast.NOW, word="x.y", subject=CASE, note={"what": note})


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


def findings() -> list[tuple[str, int, int]]:
    walk = chain.Walk()
    while queries.walk_on(walk):
        pass
    queries.end_walk(walk, cast.NOW)
    return walk.findings


@pytest.mark.django_db(transaction=True)
def test_a_smaller_id_committed_later_is_sealed_without_breaking_the_chain() -> None:
    has_written, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            write("slow")
            has_written.set()
            may_commit.wait(20)

    thread = beside(slow)
    assert has_written.wait(20)
    quick = [write("quick") for _n in range(3)]
    for _n in range(3):
        jobs.seal()  # the slow one is still invisible
    assert list(models.Seal.objects.order_by("number").values_list("entry_id", flat=True)) == [e.pk for e in quick]
    may_commit.set()
    thread.join()
    jobs.seal()
    late = models.Entry.objects.get(note__what="slow")
    assert late.pk < quick[0].pk
    last = queries.last_seal()
    assert last is not None
    assert (last.number, last.entry_id) == (4, late.pk)
    assert findings() == []


@pytest.mark.django_db(transaction=True)
def test_the_sealer_need_not_look_back_once_all_have_ended() -> None:
    write("a")
    wanted = queries.entries(CASE)[0].pk
    for _n in range(200):  # until whatever else the database server is busy with has ended too
        jobs.seal()
        if models.Head.objects.get().settled_id == wanted:
            return
        time.sleep(0.05)
    raise AssertionError("the sealer still looks back")


@pytest.mark.django_db(transaction=True)
def test_two_sealers_and_many_writers_at_once() -> None:
    stop = threading.Event()

    def keep_sealing() -> None:
        while not stop.is_set():
            jobs.seal()

    sealers = [beside(keep_sealing) for _n in range(2)]
    writers = [beside(lambda: [write("w") for _n in range(40)] and None) for _n in range(3)]
    for each in writers:
        each.join()
    stop.set()
    for each in sealers:
        each.join()
    jobs.seal()
    assert models.Seal.objects.count() == models.Entry.objects.count() == 120
    assert findings() == []
