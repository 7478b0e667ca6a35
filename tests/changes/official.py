"""The state's calendar of 2025 and 2026 as its notices announce it, typed in by hand: days off, weekends that are
worked. Nothing here is read from the product, so that a count by it is a second opinion."""

from datetime import date, timedelta

OFF = [  # first and last day of each holiday, both off
    ("2025-01-01", "2025-01-01"), ("2025-01-28", "2025-02-04"), ("2025-04-04", "2025-04-06"),
    ("2025-05-01", "2025-05-05"), ("2025-05-31", "2025-06-02"), ("2025-10-01", "2025-10-08"),
    ("2026-01-01", "2026-01-03"), ("2026-02-15", "2026-02-23"), ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"), ("2026-06-19", "2026-06-21"), ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
]  # fmt: skip
WORKED = [  # Saturdays and Sundays that are worked instead
    "2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11",
    "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10",
]  # fmt: skip


def is_off(day: date) -> bool:
    """Whether nobody works on a day, by the notices and else by the week."""
    text = day.isoformat()
    if text in WORKED:
        return False
    return day.isoweekday() > 5 or any(first <= text <= last for first, last in OFF)


def nth_working_day(start: date, n: int) -> date:
    """The n-th working day after a day, one day at a time."""
    day = start
    while n > 0:
        day = day + timedelta(days=1)
        if not is_off(day):
            n = n - 1
    return day
