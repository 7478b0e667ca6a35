"""The clock's visits: the State Council's new years, people whose last day is over, traces of signing in."""

import time
from datetime import timedelta

from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.models import Session
from django.utils import timezone, translation

from yinuo.kit import actors, jobs
from yinuo.org import models
from yinuo.org.actions import batches, calendars, handing_over, people

HOUR = 60
VISIT = 20.0  # seconds that one visit of a hand-over takes
KEEP_TRIES = timedelta(days=30)
KEEP_BATCHES = timedelta(days=30)


@jobs.every(12 * HOUR, "org.load_state_years")
def load_state_years() -> None:
    """Load what is known of last year, this and the next; a fresh installation gets its calendar this way."""
    now = timezone.now()
    calendars.load_state_years(years=range(now.year - 1, now.year + 2), by=actors.PROGRAM, now=now)


@jobs.every(HOUR, "org.close_accounts")
def close_accounts() -> None:
    """Close the accounts of those who have left."""
    people.close_accounts(by=actors.PROGRAM, now=timezone.now())


@jobs.every(24 * HOUR, "org.forget_sign_ins")
def forget_sign_ins() -> None:
    """Drop sessions that are over (where one was signed in goes with them) and old tries; the trail keeps both."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    for tries in (AccessAttempt, AccessLog):
        tries.objects.filter(attempt_time__lt=now - KEEP_TRIES).delete()


@jobs.job("org.hand_over", outside=True)
def hand_over(hand_over: int) -> None:
    """Go on with a handing over of many things for a while, each in a transaction of its own; then ask for another
    visit until all are done."""
    until = time.monotonic() + VISIT
    while left := handing_over.go_on(hand_over_id=hand_over, now=timezone.now()):
        if time.monotonic() > until:
            jobs.enqueue("org.hand_over", key=f"{hand_over}-{left}", now=timezone.now(), hand_over=hand_over)
            return


@jobs.job("org.batch", outside=True)
def batch(batch: int) -> None:
    """Do with many rows what somebody asked for, in their language; what is done already stays done."""
    found = models.Batch.objects.select_related("person").filter(pk=batch, ended_at=None).first()
    if found is not None:
        with translation.override("en" if found.person.language == "en" else "zh-hans"):
            batches.carry_out(batch=found, now=timezone.now())


@jobs.every(24 * HOUR, "org.forget_batches")
def forget_batches() -> None:
    """Drop the outcomes of what was done together long ago; the trail of each row keeps it."""
    batches.forget(before=timezone.now() - KEEP_BATCHES)
