"""When a report is sent next: a day of the week or month and an hour; a day off moves it to the next working day."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from yinuo.org.rules import Calendar

WEEKLY, MONTHLY = "weekly", "monthly"
LAST_DAY = 31  # of a month: its last one, however many it has


def next_at(rhythm: str, on_day: int, at_hour: int, after: datetime, calendar: Calendar) -> datetime:
    """The first moment after `after`, by the clock of the site. `on_day`: 1 to 7 from Monday, or a day of the month."""
    local = after.astimezone(calendar.zone)
    for day in _days(rhythm, on_day, local.date()):
        worked = day
        while not calendar.is_working_day(worked):
            worked += timedelta(days=1)
        at = datetime.combine(worked, time(at_hour), tzinfo=calendar.zone)
        if at > after:
            return at
    raise AssertionError("days do not end")


def _days(rhythm: str, on_day: int, today: date) -> Iterator[date]:
    """The days meant by the rhythm, from one that may still be put off until today."""
    if rhythm == WEEKLY:
        day = today - timedelta(days=today.isoweekday() - on_day + 35)
        while True:
            yield day
            day += timedelta(days=7)
    month = (today.replace(day=1) - timedelta(days=32)).replace(day=1)
    while True:
        last = monthrange(month.year, month.month)[1]
        yield month.replace(day=min(on_day, last))
        month = (month + timedelta(days=31)).replace(day=1)
