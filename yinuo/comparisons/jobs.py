"""Comparing and writing, block by block, so that a killed worker loses no more than one block."""

import time
from datetime import timedelta

from django.utils import timezone, translation

from yinuo.comparisons import actions, models, queries
from yinuo.comparisons.intake import comparing
from yinuo.kit import actors, jobs

SECONDS = 20  # of one round; far below what a worker may take


@jobs.job("comparisons.compare", outside=True)
def compare(key_of_comparison: int) -> None:
    row = models.Comparison.objects.get(pk=key_of_comparison)
    if row.state == models.Comparison.State.COMPARING:
        with _speaking_to(row):
            comparing.compare(row, timezone.now())


@jobs.job("comparisons.write", outside=True)
def write(key_of_comparison: int, round: int) -> None:  # noqa: A002 - a job's arguments are named where it is asked for
    row = models.Comparison.objects.get(pk=key_of_comparison)
    person = queries.whose(row)
    began, more = time.monotonic(), True
    with _speaking_to(row):
        while more and time.monotonic() - began < SECONDS:
            now = timezone.now()
            if person is None:
                actions.give_up(row=row, code="nobody", facts={}, by=actors.PROGRAM, now=now)
                return
            more = actions.write_some(row=row, by=person, now=now)
    if more:
        jobs.enqueue(
            "comparisons.write",
            key=f"{row.pk}-{round + 1}",
            now=timezone.now(),
            after=timedelta(0),
            key_of_comparison=row.pk,
            round=round + 1,
        )


def _speaking_to(row: models.Comparison) -> translation.override:
    """Sentences are kept in the language of whoever brought the file."""
    person = queries.whose(row)
    return translation.override("en" if getattr(person, "language", "") == "en" else "zh-hans")
