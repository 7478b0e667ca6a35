"""Checking and taking over, block by block, so that a killed worker loses no more than one block."""

import time
from datetime import timedelta

from django.utils import timezone, translation

from yinuo.imports import actions, intake, models, queries
from yinuo.kit import actors, jobs, remembering

SECONDS = 20  # of one round; far below what a worker may take


@jobs.job("imports.check", outside=True)
def check(key_of_import: int) -> None:
    row = models.Import.objects.get(pk=key_of_import)
    if row.state == models.Import.State.CHECKING:
        with _speaking_to(row):
            intake.check(row, timezone.now())


@jobs.job("imports.take_over", outside=True)
def take_over(key_of_import: int, round: int) -> None:  # noqa: A002 - a job's arguments are named where it is asked for
    row = models.Import.objects.get(pk=key_of_import)
    person = queries.whose(row)
    began, more = time.monotonic(), True
    with _speaking_to(row):
        while more and time.monotonic() - began < SECONDS:
            now = timezone.now()
            if person is None:
                actions.give_up(row=row, code="nobody", facts={}, by=actors.PROGRAM, now=now)
                return
            with remembering.page():
                more = actions.take_over(row=row, by=person, now=now)
    if more:
        jobs.enqueue(
            "imports.take_over",
            key=f"{row.pk}-{round + 1}",
            now=timezone.now(),
            after=timedelta(0),
            key_of_import=row.pk,
            round=round + 1,
        )


def _speaking_to(row: models.Import) -> translation.override:
    """Sentences are kept in the language of whoever brought the workbook."""
    person = queries.whose(row)
    return translation.override("en" if getattr(person, "language", "") == "en" else "zh-hans")
