"""The clock's visits: spoken words that were to be confirmed in writing by now."""

from django.utils import timezone

from yinuo.kit import actors, jobs
from yinuo.letters.actions import incoming


@jobs.every(60, "letters.unconfirmed")
def unconfirmed() -> None:
    """Tell who recorded spoken words that their written confirmation is overdue."""
    incoming.tell_unconfirmed(by=actors.PROGRAM, now=timezone.now())
