"""The clock's visits: spoken words that were to be confirmed in writing by now; mailboxes to be looked at."""

from django.utils import timezone

from yinuo.kit import actors, jobs
from yinuo.letters import queries
from yinuo.letters.actions import incoming
from yinuo.letters.intake import polling


@jobs.every(60, "letters.unconfirmed")
def unconfirmed() -> None:
    """Tell who recorded spoken words that their written confirmation is overdue."""
    incoming.tell_unconfirmed(by=actors.PROGRAM, now=timezone.now())


@jobs.job("letters.read_mailboxes", outside=True)
def read_mailboxes() -> None:
    """Take in what is new in the mailboxes whose time it is."""
    if polling.look_at_due(timezone.now()):
        jobs.soon("letters.read_mailboxes", within=1)


@jobs.every(1, "letters.look_at_mailboxes")
def look_at_mailboxes() -> None:
    """Ask for a look where it is time for one."""
    if queries.mailboxes_due(timezone.now()).exists():
        jobs.soon("letters.read_mailboxes", within=1)
