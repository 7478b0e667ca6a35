"""The clock's visit: portals whose check is due."""

from django.utils import timezone

from yinuo.customers.actions import portals
from yinuo.kit import actors, jobs


@jobs.every(60, "customers.portals_due")
def portals_due() -> None:
    """Tell the keepers of portals whose check is due."""
    portals.tell_due(by=actors.PROGRAM, now=timezone.now())
