"""Background work by name. The row in `kit_job` is the truth; django-q2 delivers it to a worker.

A job's function and the mark that it is done commit together, so what a job writes to the database happens once even
when the worker is killed in the middle: the row is still open, its lease runs out, and it is delivered again.
"""

import logging
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django_q.brokers import orm
from django_q.conf import Conf
from django_q.models import OrmQ, Schedule
from django_q.tasks import async_task

from yinuo.kit import models, plugs

log = logging.getLogger(__name__)

# Longer than django-q2's own time-out of a task, shorter than its pause before it delivers a task again.
LEASE = timedelta(seconds=((Conf.TIMEOUT or Conf.RETRY) + Conf.RETRY) / 2)
BACK_OFF = [timedelta(seconds=s) for s in (10, 60, 300, 1800, 7200, 21600)]
TRIES = len(BACK_OFF) + 1
KEEP_DONE = timedelta(days=30)
KEEP_EXPORTED = timedelta(days=180)  # for so long a workbook that left can come back changed
SHARED = "soon-"  # keys of runs that many commits share


class WorkerLost(Exception):
    """A job's worker was killed whenever it ran the job."""


class Later(orm.ORM):
    """django-q2's database queue, handing a task out only after a while."""

    def __init__(self, seconds: float) -> None:
        super().__init__(Conf.CLUSTER_NAME)
        self.seconds = seconds

    def enqueue(self, task: str) -> int:
        # The queue hands out rows whose lock lies in the past.
        lock = timezone.now() + timedelta(seconds=self.seconds)
        row: OrmQ = self.get_connection().create(key=self.list_key, payload=task, lock=lock)
        return row.pk


def enqueue(name: str, /, *, key: str, now: datetime, after: timedelta = timedelta(0), **arguments: Any) -> None:
    """Ask for the job `name` to run with JSON `arguments`, once per `key`, not before `now + after`.

    The row is written in the caller's transaction: rolled back with it, seen by the worker after its commit.
    """
    plugs.jobs.get(name)
    job, is_new = models.Job.objects.get_or_create(
        key=f"{name}:{key}", defaults={"name": name, "arguments": arguments, "due_at": now + after}
    )
    if is_new:
        _deliver(job.pk, name, after.total_seconds())


def soon(name: str, *, within: int, after: int = 0) -> None:
    """Ask for the job `name` once the caller's transaction is committed: one run per `within` seconds, at their end.

    For work that finds by itself what is waiting (sealing, posting). Many commits share one run, and the row is
    written in a transaction of its own, so no caller waits for another at the shared key. `after`: further seconds.
    """
    plugs.jobs.get(name)
    transaction.on_commit(lambda: _ask_for_run(name, within, after), robust=True)


_asked: dict[str, int] = {}  # the last stretch of time for which this process has asked, per job


def _ask_for_run(name: str, within: int, after: int) -> None:
    now = timezone.now()
    stretch = int(now.timestamp()) // within
    if _asked.get(name) != stretch:
        wait = (stretch + 1) * within - now.timestamp() + after
        with transaction.atomic():
            enqueue(name, key=f"{SHARED}{stretch}", now=now, after=timedelta(seconds=wait))
        _asked[name] = stretch


def _deliver(job_id: int, name: str, seconds: float) -> None:
    longer = (
        plugs.jobs.get(name).about.get("seconds") if name in plugs.jobs else None
    )  # a job may be of an older edition
    limit = {} if longer is None else {"timeout": longer}
    async_task("yinuo.kit.jobs.perform", job_id, broker=Later(seconds), save=False, **limit)


def perform(job_id: int) -> None:
    """Run one job if it is due and nobody holds it. Called by the worker; safe to call any number of times."""
    now = timezone.now()
    free = Q(state=models.Job.State.WAITING) | Q(state=models.Job.State.RUNNING, leased_until__lt=now)
    # A second of grace: the queue's clock and the row's are read a moment apart. The try is counted before it begins,
    # so that a job which takes its worker down with it comes to an end too.
    claimed = models.Job.objects.filter(free, pk=job_id, due_at__lte=now + timedelta(seconds=1)).update(
        state=models.Job.State.RUNNING, leased_until=now + LEASE, attempts=F("attempts") + 1
    )
    if not claimed:
        _come_back(job_id, now)
        return
    job = models.Job.objects.get(pk=job_id)
    if job.attempts > TRIES:
        _try_again(job, WorkerLost("the worker ended in the middle each time"))
        return
    try:
        plug = plugs.jobs.get(job.name)
        if longer := plug.about.get("seconds"):  # its worker has longer, so nobody else takes it over before
            lease = now + LEASE + timedelta(seconds=longer)
            models.Job.objects.filter(pk=job_id).update(leased_until=lease)
        with nullcontext() if plug.about["outside"] else transaction.atomic():
            plug.function(**job.arguments)
            _end(job)
    except Exception as error:
        log.exception("job %s failed", job)
        _try_again(job, error)


def _come_back(job_id: int, now: datetime) -> None:
    """A delivery that came too early (another machine's clock) is repeated in time; any other one is superfluous."""
    early = models.Job.objects.filter(pk=job_id, state=models.Job.State.WAITING, due_at__gt=now).first()
    if early:
        _deliver(job_id, early.name, (early.due_at - now).total_seconds())


def _end(job: models.Job) -> None:
    """Mark a job as done; a shared run leaves no row, as its stretch of time is over and nobody asks for it again."""
    row = models.Job.objects.filter(pk=job.pk)
    if job.key.startswith(f"{job.name}:{SHARED}"):
        row.delete()
    else:
        row.update(state=models.Job.State.DONE, done_at=timezone.now(), error="")


def _try_again(job: models.Job, error: Exception) -> None:
    """Put a failed job back with growing delay; after the last delay it is failed for good and says why."""
    final = job.attempts >= TRIES
    delay = timedelta(0) if final else BACK_OFF[job.attempts - 1]
    models.Job.objects.filter(pk=job.pk).update(
        state=models.Job.State.FAILED if final else models.Job.State.WAITING,
        due_at=timezone.now() + delay,
        error=f"{type(error).__name__}: {error}"[:2000],
    )
    if not final:
        _deliver(job.pk, job.name, delay.total_seconds())


def run_again(job_id: int, now: datetime) -> bool:
    """Give a job that failed for good all its tries anew; false when it is not failed (any more)."""
    failed = models.Job.objects.filter(pk=job_id, state=models.Job.State.FAILED)
    name = failed.values_list("name", flat=True).first()
    if name is None or not failed.update(state=models.Job.State.WAITING, due_at=now, attempts=0, error=""):
        return False
    _deliver(job_id, name, 0)
    return True


def sweep() -> None:
    """Deliver again what is overdue: its delivery was lost with a killed process."""
    now = timezone.now()
    overdue = models.Job.objects.filter(
        Q(state=models.Job.State.WAITING, due_at__lt=now - timedelta(seconds=30))
        | Q(state=models.Job.State.RUNNING, leased_until__lt=now - timedelta(seconds=30))
    ).values_list("pk", "name")
    for job_id, name in list(overdue[:1000]):
        _deliver(job_id, name, 0)


def forget() -> None:
    """Drop the rows of jobs done and forms sent long ago (their keys may be used again then), and of old exports."""
    long_ago = timezone.now() - KEEP_DONE
    models.Job.objects.filter(state=models.Job.State.DONE, done_at__lt=long_ago).delete()
    models.OneTimeKey.objects.filter(used_at__lt=long_ago).delete()
    models.Exported.objects.filter(at__lt=timezone.now() - KEEP_EXPORTED).delete()
    models.Exported.objects.filter(at__lt=timezone.now() - timedelta(days=1), is_whole=False).delete()


def run_scheduled(name: str) -> None:
    """One visit of the clock: the scheduled plug is called in a transaction of its own."""
    with transaction.atomic():
        plugs.schedules.get(name).function()


def job(
    name: str, *, outside: bool = False, seconds: int | None = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Plug the decorated function in as the job `name` (it must be idempotent; its arguments are JSON).

    `outside`: the job talks to the outside world, so it runs without a surrounding transaction (which would hold a
    lock while a mail server thinks) and marks its own progress. `seconds`: how long it may take, where that is more
    than the usual minute.
    """

    def declare(function: Callable[..., None]) -> Callable[..., None]:
        plugs.jobs.plug(name, function, outside=outside, seconds=seconds)
        return function

    return declare


def every(minutes: int, name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Plug the decorated function in as work that recurs every `minutes`."""

    def declare(function: Callable[[], None]) -> Callable[[], None]:
        plugs.schedules.plug(name, function, minutes=minutes)
        return function

    return declare


every(1, "kit.sweep")(sweep)
every(24 * 60, "kit.forget")(forget)


def sync_schedules() -> None:
    """Make django-q2's schedule table say what the rooms have plugged in."""
    for plug in plugs.schedules:
        Schedule.objects.update_or_create(
            name=plug.name,
            defaults={
                "func": "yinuo.kit.jobs.run_scheduled",
                "args": repr((plug.name,)),
                "schedule_type": Schedule.MINUTES,
                "minutes": plug.about["minutes"],
                "repeats": -1,
            },
        )
    Schedule.objects.exclude(name__in=plugs.schedules.names()).delete()
