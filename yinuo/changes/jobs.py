"""The clock's visits: people are told of reviews that are due; due days follow a calendar that changed."""

from django.utils import timezone

from yinuo.changes.actions import clock
from yinuo.kit import actors, jobs


@jobs.every(15, "changes.remind")
def remind() -> None:
    """Tell people of changes whose review is due or overdue, in working time only."""
    clock.remind(by=actors.PROGRAM, now=timezone.now())


@jobs.job("changes.set_anew")
def set_anew() -> None:
    """Reckon due days anew after a calendar changed."""
    clock.set_anew(by=actors.PROGRAM, now=timezone.now())
