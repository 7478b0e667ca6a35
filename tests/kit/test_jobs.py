"""Background work: asked for in the caller's transaction, done once, tried again, on time, killed or not."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import TestCase
from django.utils import timezone
from django_q.models import OrmQ, Schedule
from django_q.signing import SignedPackage

from tests import cast
from yinuo.kit import jobs, models, plugs

State = models.Job.State


@pytest.fixture
def done() -> Iterator[list[Any]]:
    """What the test's jobs did."""
    did: list[Any] = []

    def work(what: str = "", fail: bool = False) -> None:
        did.append(what)
        if fail:
            raise ValueError("on purpose")

    plugs.jobs.plug("test.work", work, outside=False)
    plugs.jobs.plug("test.outside", work, outside=True)
    yield did
    for name in ("test.work", "test.outside"):
        del plugs.jobs._plugs[name]


def enqueue(key: str = "1", name: str = "test.work", **more: Any) -> models.Job:
    jobs.enqueue(name, key=key, **{"now": timezone.now(), **more})
    return models.Job.objects.get(key=f"{name}:{key}")


# Asking --------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_asking_twice_with_one_key_is_asking_once(done: list[Any]) -> None:
    first, second = enqueue(what="a"), enqueue(what="b")
    assert first == second
    assert OrmQ.objects.count() == 1
    jobs.perform(first.pk)
    jobs.perform(first.pk)
    assert done == ["a"]
    assert enqueue(what="c") == first
    assert OrmQ.objects.count() == 1


@pytest.mark.django_db
def test_an_unknown_job_is_refused_at_once() -> None:
    with pytest.raises(plugs.UnknownPlug):
        enqueue(name="test.nothing")


@pytest.mark.django_db(transaction=True)
def test_a_job_is_rolled_back_with_its_action(done: list[Any]) -> None:
    def action() -> None:
        with transaction.atomic():
            enqueue()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        action()
    assert not models.Job.objects.exists()
    assert not OrmQ.objects.exists()


@pytest.mark.django_db
def test_a_job_waits_for_its_time(done: list[Any]) -> None:
    job = enqueue(after=timedelta(minutes=5))
    assert OrmQ.objects.get().lock - job.due_at < timedelta(seconds=2)  # not handed out before
    jobs.perform(job.pk)
    assert done == []
    assert OrmQ.objects.count() == 2  # a delivery that came early comes again
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        jobs.perform(job.pk)
    assert done == [""]


# Trying again --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_failing_job_is_tried_again_with_growing_delay_then_says_why(done: list[Any]) -> None:
    job = enqueue(fail=True)
    moment, waits = timezone.now(), []
    for _n in range(len(jobs.BACK_OFF) + 3):
        with time_machine.travel(moment, tick=False):
            jobs.perform(job.pk)
            job.refresh_from_db()
            waits.append(job.due_at - moment)
            moment = job.due_at
    assert waits[: len(jobs.BACK_OFF)] == jobs.BACK_OFF
    assert len(done) == len(jobs.BACK_OFF) + 1
    assert job.state == State.FAILED
    assert job.error == "ValueError: on purpose"


@pytest.mark.django_db
def test_a_job_that_kills_its_worker_is_given_up(done: list[Any]) -> None:
    job = enqueue()
    moment = timezone.now()
    # Each time the worker was gone before it could say anything.
    models.Job.objects.update(state=State.RUNNING, leased_until=moment, attempts=jobs.TRIES)
    with time_machine.travel(moment + timedelta(seconds=1), tick=False):
        jobs.perform(job.pk)
    job.refresh_from_db()
    assert done == []
    assert (job.state, job.error) == (State.FAILED, "WorkerLost: the worker ended in the middle each time")


@pytest.mark.django_db
def test_a_try_counts_before_it_begins() -> None:
    counted: list[int] = []
    plugs.jobs.plug(
        "test.count", lambda: counted.extend(models.Job.objects.values_list("attempts", flat=True)), outside=True
    )
    try:
        jobs.perform(enqueue(name="test.count").pk)
    finally:
        del plugs.jobs._plugs["test.count"]
    assert counted == [1]


@pytest.mark.django_db
def test_a_failed_job_gets_all_its_tries_anew(done: list[Any]) -> None:
    job = enqueue(fail=True)
    models.Job.objects.update(state=State.FAILED, attempts=jobs.TRIES, error="x")
    assert jobs.run_again(job.pk, timezone.now())
    assert not jobs.run_again(job.pk, timezone.now())
    jobs.perform(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.WAITING, 1)


@pytest.mark.django_db
def test_what_a_failed_try_wrote_is_gone() -> None:
    def half() -> None:
        models.OneTimeKey.objects.create(key="half", used_at=timezone.now())
        raise ValueError

    plugs.jobs.plug("test.half", half, outside=False)
    try:
        jobs.perform(enqueue(name="test.half").pk)
    finally:
        del plugs.jobs._plugs["test.half"]
    assert not models.OneTimeKey.objects.exists()


@pytest.mark.django_db
def test_a_held_job_is_left_alone_until_its_lease_ends(done: list[Any]) -> None:
    job = enqueue()
    models.Job.objects.update(state=State.RUNNING, leased_until=timezone.now() + jobs.LEASE)
    jobs.perform(job.pk)
    assert done == []
    with time_machine.travel(timezone.now() + jobs.LEASE + timedelta(seconds=1), tick=False):
        jobs.perform(job.pk)
    assert done == [""]


@pytest.mark.django_db
def test_an_outside_job_runs_without_a_transaction_around_it(done: list[Any]) -> None:
    depths: list[int] = []
    plugs.jobs.plug("test.depth", lambda: depths.append(len(connection.savepoint_ids)), outside=True)
    plugs.jobs.plug("test.depth_in", lambda: depths.append(len(connection.savepoint_ids)), outside=False)
    try:
        jobs.perform(enqueue(name="test.depth").pk)
        jobs.perform(enqueue(name="test.depth_in").pk)
    finally:
        del plugs.jobs._plugs["test.depth"], plugs.jobs._plugs["test.depth_in"]
    assert depths[1] == depths[0] + 1


@pytest.mark.django_db
def test_the_sweep_delivers_what_was_lost(done: list[Any]) -> None:
    lost, held = enqueue("lost"), enqueue("held")
    OrmQ.objects.all().delete()
    later = timezone.now() + timedelta(minutes=5)
    models.Job.objects.filter(pk=held.pk).update(state=State.RUNNING, leased_until=later)
    with time_machine.travel(later, tick=False):
        jobs.sweep()
        assert OrmQ.objects.count() == 1
        jobs.perform(lost.pk)
    assert done == [""]


@pytest.mark.django_db
def test_old_done_jobs_are_forgotten(done: list[Any]) -> None:
    job = enqueue()
    jobs.perform(job.pk)
    jobs.forget()
    assert models.Job.objects.filter(pk=job.pk).exists()
    with time_machine.travel(timezone.now() + jobs.KEEP_DONE + timedelta(days=1), tick=False):
        jobs.forget()
    assert not models.Job.objects.filter(pk=job.pk).exists()


# Shared runs ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_many_commits_share_one_run(done: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_asked", {})
    with time_machine.travel(cast.NOW, tick=False) as clock:
        for _n in range(5):
            with TestCase.captureOnCommitCallbacks(execute=True):
                jobs.soon("test.work", within=10, after=3)
        (job,) = models.Job.objects.all()
        assert job.due_at == cast.NOW + timedelta(seconds=13)
        clock.shift(timedelta(seconds=10))
        with TestCase.captureOnCommitCallbacks(execute=True):
            jobs.soon("test.work", within=10)
        assert models.Job.objects.count() == 2
        clock.shift(timedelta(seconds=20))
        for each in models.Job.objects.all():
            jobs.perform(each.pk)
    assert len(done) == 2
    assert not models.Job.objects.exists()  # a shared run leaves nothing behind


@pytest.mark.django_db
def test_a_run_is_asked_for_after_the_commit_only(done: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_asked", {})
    with TestCase.captureOnCommitCallbacks() as waiting:
        jobs.soon("test.work", within=10)
        assert not models.Job.objects.exists()
    assert len(waiting) == 1


# Schedules -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_schedule_table_says_what_the_rooms_plugged_in() -> None:
    Schedule.objects.create(name="gone.long_ago", func="x", schedule_type=Schedule.MINUTES, minutes=1)
    jobs.sync_schedules()
    jobs.sync_schedules()
    assert sorted(Schedule.objects.values_list("name", flat=True)) == plugs.schedules.names()
    sweep = Schedule.objects.get(name="kit.sweep")
    assert (sweep.minutes, sweep.repeats) == (1, -1)


@pytest.mark.django_db
def test_the_clocks_visit_is_one_transaction() -> None:
    def visit() -> None:
        models.OneTimeKey.objects.create(key="visit", used_at=timezone.now())
        raise ValueError

    plugs.schedules.plug("test.visit", visit, minutes=1)
    try:
        with pytest.raises(ValueError):  # noqa: PT011 - any would do
            jobs.run_scheduled("test.visit")
    finally:
        del plugs.schedules._plugs["test.visit"]
    assert not models.OneTimeKey.objects.exists()


# A real worker, killed in the middle ---------------------------------------------------------------------------------

ROOT = Path(__file__).resolve().parents[2]
ASK = """
from datetime import timedelta
from django.utils import timezone
from yinuo.kit import jobs
now = timezone.now()
for number in range(6):
    jobs.enqueue("workshop.piece", key=str(number), now=now, name=f"piece {number}", seconds=0.8)
jobs.enqueue("workshop.piece", key="late", now=now, after=timedelta(seconds=18), name="late", seconds=0)
"""
STATES = "SELECT state FROM kit_job WHERE key <> 'workshop.piece:late'"
DID = "SELECT result_url FROM kit_onetimekey ORDER BY result_url"
LATE = "SELECT (julianday(done_at) - julianday(due_at)) * 86400 FROM kit_job WHERE key = 'workshop.piece:late'"


class Workshop:
    """A data folder and a real `manage.py worker` on it, in a process group of its own."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "jobs.sqlite3"
        self.env = {
            **os.environ,
            "YINUO_DATA": str(folder),
            "DATABASE_URL": f"sqlite:///{self.database}",
            "DJANGO_SETTINGS_MODULE": "tests.kit.worker_settings",
        }
        self.log = folder / "worker.log"
        self.worker: subprocess.Popen[bytes] | None = None
        self.manage("migrate", "--verbosity", "0")

    def manage(self, *arguments: str) -> None:
        """Run `manage.py` with the arguments to its end."""
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.env, check=True)

    def seen(self, statement: str) -> list[Any]:
        """The first column of what stands in the database, seen from outside."""
        with contextlib.closing(sqlite3.connect(self.database, timeout=20)) as database:
            return [row[0] for row in database.execute(statement)]

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.worker = subprocess.Popen(
                [sys.executable, "manage.py", "worker"],
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """SIGKILL to the worker and everything it started."""
        if self.worker is not None:
            os.killpg(self.worker.pid, signal.SIGKILL)
            self.worker.wait()
            self.worker = None

    def until(self, statement: str, wanted: Callable[[list[Any]], bool], seconds: float = 60) -> list[Any]:
        limit = time.monotonic() + seconds
        while not wanted(found := self.seen(statement)):
            if time.monotonic() > limit:
                raise AssertionError(f"{found}\n{self.log.read_text()[-3000:]}")
            time.sleep(0.05)
        return found


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    shop = Workshop(tmp_path)
    yield shop
    shop.kill()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="process groups are killed by signal")
def test_a_worker_killed_in_the_middle_loses_nothing_and_does_nothing_twice(workshop: Workshop) -> None:
    workshop.manage("shell", "--no-imports", "-c", ASK)
    workshop.start()
    workshop.until(STATES, lambda states: "running" in states)
    workshop.kill()
    states, did = workshop.seen(STATES), workshop.seen(DID)
    assert len(states) == 6  # nothing is lost
    assert "running" in states  # it died holding one
    assert len(did) == states.count("done")  # what was not committed did not happen

    workshop.start()
    workshop.until(STATES, lambda states: set(states) == {"done"})
    assert workshop.until(DID, lambda did: len(did) == 7) == ["late", *(f"piece {number}" for number in range(6))]
    (lateness,) = workshop.seen(LATE)
    assert 0 <= lateness < 5  # a delayed job neither comes early nor is forgotten


@pytest.mark.django_db
def test_a_job_that_takes_long_keeps_its_worker_for_so_long(done: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(plugs.jobs.get("test.work").about, "seconds", 300)
    job = enqueue()
    assert SignedPackage.loads(OrmQ.objects.get().payload)["timeout"] == 300
    seen: list[Any] = []
    monkeypatch.setattr(jobs, "_end", lambda row: seen.append(models.Job.objects.get(pk=row.pk).leased_until))
    began = timezone.now()
    jobs.perform(job.pk)
    assert seen[0] - began > timedelta(seconds=300)
