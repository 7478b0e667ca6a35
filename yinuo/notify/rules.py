"""When mail may leave, who gets it, what it may say, and how often sending is tried again."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

UNDO = timedelta(seconds=10)  # what is undone within this time never leaves
URGENT_KINDS = frozenset({"product_safety", "health", "stop_ship"})
USUAL_HOURS = (time(8), time(20))
LEASE = timedelta(seconds=60)  # how long a sender may hold a mail; as long as a job may run
RETRIES = [timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720, 1440)]
URGENT_RETRY = timedelta(hours=1)  # the longest pause between tries of urgent mail, which is never given up
DIGEST = "digest"  # the kind of message by which somebody is told once a day what is due
DIGEST_HOLDS = timedelta(hours=14)
TOO_OLD = timedelta(days=3)  # mail that found no mail server for so long is not sent unless somebody wants it


def is_urgent(kind: str, *, said: bool) -> bool:
    """Whether a message goes out at night and on holidays too."""
    return said or kind in URGENT_KINDS


def wants_mail(choice: str, *, urgent: bool) -> bool:
    """Whether a person with this choice (all, urgent, never) gets a mail."""
    return choice == "all" or (choice == "urgent" and urgent)


def may_leave_at(
    earliest: datetime,
    *,
    urgent: bool,
    zone: ZoneInfo,
    is_working_day: Callable[[date], bool],
    hours: tuple[time, time] = USUAL_HOURS,
) -> datetime:
    """When a mail may leave from a moment on: what is not urgent only within hours of a working day of the receiver.

    What comes at night or on a holiday waits for the next working day's first hour.
    """
    if urgent:
        return earliest
    local = earliest.astimezone(zone)
    if is_working_day(local.date()) and hours[0] <= local.time() < hours[1]:
        return earliest
    day = local.date()
    if local.time() >= hours[0]:
        day += timedelta(days=1)
    for _n in range(366):
        if is_working_day(day):
            break
        day += timedelta(days=1)
    return datetime.combine(day, hours[0], tzinfo=zone)


def next_try(now: datetime, attempts: int, *, urgent: bool) -> datetime | None:
    """When to try again after the n-th failed try; None: not any more, which never happens to urgent mail."""
    if urgent:
        return now + min(RETRIES[min(attempts, len(RETRIES)) - 1], URGENT_RETRY)
    return now + RETRIES[attempts - 1] if attempts <= len(RETRIES) else None


def number_of(label: str) -> str:
    """The number with which a label begins (`CSR-2026-0413 盐雾试验…`), empty when it begins with a word.

    All that a mail may say of a confidential subject.
    """
    first = label.split(" ", 1)[0][:60]
    return first if any(c.isdigit() for c in first) and first.isascii() else ""


def one_line(text: str) -> str:
    """Text for a mail header: no line breaks or control characters, so that nobody adds headers of their own."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
