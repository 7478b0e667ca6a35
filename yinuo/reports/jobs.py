"""The clock's visits."""

from django.utils import timezone

from yinuo.kit import actors, jobs
from yinuo.reports.actions import accounting, counting, repeating, sending

ROUNDS = 20  # batches in one visit; what is left waits for the next


@jobs.every(1, "reports.roll_up")
def roll_up() -> None:
    """Every minute: requests that changed are counted for the statistics, and what was counted is put together."""
    for _round in range(ROUNDS):
        if accounting.count_changed(by=actors.PROGRAM, now=timezone.now()) < accounting.BATCH:
            break
    for _round in range(ROUNDS):
        if counting.roll_up(by=actors.PROGRAM, now=timezone.now()) < counting.BATCH:
            return


@jobs.every(1, "reports.look_for_repeats")
def look_for_repeats() -> None:
    """Every minute: ask for a run outside of this visit, which is one transaction."""
    jobs.soon("reports.find_repeats", within=30)


@jobs.job("reports.find_repeats", outside=True)
def find_repeats() -> None:
    """Look at the items that are new or whose wording changed; each is written by itself, so nobody waits for it."""
    repeating.find(by=actors.PROGRAM, now=timezone.now())


@jobs.every(1, "reports.send_due")
def send_due() -> None:
    """Every minute: saved reports that are due are sent to whom they are for. What is left waits for the next visit."""
    sending.send_due(by=actors.PROGRAM, now=timezone.now())
