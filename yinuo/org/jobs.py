"""The clock's visits: the State Council's new years, and people whose last day is over."""

from django.utils import timezone

from yinuo.kit import actors, jobs
from yinuo.org.actions import calendars, people

HOUR = 60


@jobs.every(12 * HOUR, "org.load_state_years")
def load_state_years() -> None:
    """Load what is known of last year, this and the next; a fresh installation gets its calendar this way."""
    now = timezone.now()
    calendars.load_state_years(years=range(now.year - 1, now.year + 2), by=actors.PROGRAM, now=now)


@jobs.every(HOUR, "org.close_accounts")
def close_accounts() -> None:
    """Close the accounts of those who have left."""
    people.close_accounts(by=actors.PROGRAM, now=timezone.now())
