"""The clock's visits to watched pages."""

from django.utils import timezone

from yinuo.kit import actors, jobs
from yinuo.watches import models, queries
from yinuo.watches.actions import pages, visiting

AT_ONCE = 200
LONGEST = 120  # seconds for one visit: more than fetching ever takes


@jobs.every(5, "watches.look_for_due")
def look_for_due() -> None:
    """Every five minutes: which page is to be looked at?"""
    now = timezone.now()
    for page in queries.due(now)[:AT_ONCE]:
        pages.look_soon(page, now)


@jobs.job("watches.look", outside=True, seconds=LONGEST)
def look(page: int) -> None:
    """Look at one page if it is still due."""
    now = timezone.now()
    row = models.Page.objects.filter(pk=page, is_active=True, next_at__lte=now).first()
    if row is not None:
        visiting.look(page=row, by=actors.PROGRAM, now=now)
