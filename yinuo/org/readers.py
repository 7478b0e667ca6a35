"""Reading the State Council's yearly arrangement of holidays and make-up working days (调休)."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

WEEKEND = (5, 6)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class StateDay:
    """One day that differs from Monday to Friday, and why."""

    day: date
    is_working: bool
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class StateYear:
    """A year's arrangement. Complete once its make-up days are published (late in the year before)."""

    year: int
    days: tuple[StateDay, ...]
    is_complete: bool


@cache
def state_year(year: int) -> StateYear:
    """The arrangement for China as the `holidays` library knows it.

    The library lists the weekdays off and the festival days themselves, but not the ordinary Saturday or Sunday that
    touches them. The published arrangement counts those in, and whoever works on Saturdays has them off: so they are
    added.
    """
    import holidays  # takes over a second to load, and is needed only when a year is loaded

    around = range(year - 1, year + 2)  # an arrangement may reach over the turn of the year
    zh = holidays.country_holidays("CN", years=around, language="zh_CN")
    en = holidays.country_holidays("CN", years=around, language="en_US")
    made_up = {day for day in zh.weekend_workdays if day.year in around}
    off = {day: (str(zh[day]), str(en[day])) for day in zh}
    for day in _weekends_touching(set(off), made_up):
        off[day] = ("节日连休", "Weekend of the holiday")
    days = [StateDay(day, False, *names) for day, names in off.items() if day not in made_up]
    days += [StateDay(day, True, "调休上班", "Make-up working day") for day in made_up]
    ours = sorted((day for day in days if day.day.year == year), key=lambda each: each.day)
    return StateYear(year, tuple(ours), any(day.year == year for day in made_up))


def _weekends_touching(off: set[date], made_up: set[date]) -> set[date]:
    """Saturdays and Sundays that join a stretch of days off, unless they are worked."""
    found: set[date] = set()
    for start in off:
        for step in (ONE_DAY, -ONE_DAY):
            day = start + step
            while day.weekday() in WEEKEND and day not in off | made_up:
                found.add(day)
                day += step
    return found
