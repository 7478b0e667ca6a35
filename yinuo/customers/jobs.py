"""The clock's visit: portals whose check is due, was missed, or is long overdue."""

from django.utils import timezone

from yinuo.customers.actions import missing, portals
from yinuo.kit import actors, jobs


@jobs.every(60, "customers.portals_due")
def portals_due() -> None:
    """Tell the keepers whose check is due, keep what was missed, tell those above what is long overdue."""
    now = timezone.now()
    missing.note_missed(by=actors.PROGRAM, now=now)
    portals.tell_due(by=actors.PROGRAM, now=now)
    missing.escalate(by=actors.PROGRAM, now=now)
