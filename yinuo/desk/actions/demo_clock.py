"""The demo company's time: working days and hours before the moment at which it is set up."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yinuo.org import rules as org_rules


@dataclass(frozen=True)
class Clock:
    """Past moments in working hours, counted back from `now`.

    After work, and on days off, whoever signs in first does so on the next working day: that one is "today", and what
    should have happened today or the day before happened on the last day worked.
    """

    calendar: org_rules.Calendar
    now: datetime

    @property
    def _worked(self) -> date:
        """The last day on which work has begun."""
        today = self.calendar.day_of(self.now)
        has_begun = self.calendar.is_working_day(today) and self.calendar.opening(today) < self.now
        return today if has_begun else self.calendar.working_day(today, -1)

    @property
    def _is_over(self) -> bool:
        return self.now >= self.calendar.closing(self._worked)

    def day(self, days: int) -> date:
        """The working day so many days before "today"; after it when negative."""
        return self.calendar.working_day(self._worked, (1 if self._is_over else 0) - days)

    def at(self, days: int, part: float) -> datetime:
        """A moment so many working days ago; `part` of that day's hours (of those until now) have passed by then."""
        if self._is_over:
            days, part = max(0, days - 1), part if days > 1 else part / 2 + (0.5 if days == 0 else 0)
        day = self.calendar.working_day(self._worked, -days)
        opening = self.calendar.opening(day)
        worked = self.calendar.working_time_between(opening, min(self.calendar.closing(day), self.now))
        return self.after(opening, part * worked)

    def pace(self, start: datetime, end: datetime, steps: int) -> timedelta:
        """The working time that each of so many steps takes from `start` to `end`."""
        return self.calendar.working_time_between(start, end) / max(1, steps)

    def after(self, at: datetime, time: timedelta) -> datetime:
        """The moment so much working time later."""
        return self.calendar.add_working_hours(at, time / timedelta(hours=1)).at
