"""What goes into which group, how lines share a post, and when a failed one is tried again."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum

UNDO = timedelta(seconds=10)  # what is undone within this time never leaves
LEASE = timedelta(seconds=60)  # how long a sender may hold lines; as long as a job may run
RETRIES = [timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720, 1440)]
NAMED = 3  # people named in a line; of more, how many
MOST_LINES = 20  # lines of one post
LATE_KINDS = frozenset(
    {
        "task_overdue", "task_escalated", "task_nobody", "task_unattended", "spoken_unconfirmed", "customer_overdue",
        "portal_due", "portal_escalated", "case_unassigned", "change_late",
    }
)  # fmt: skip


class Tells(StrEnum):
    """Which messages a group gets beside its digest."""

    ALL = "all"
    LATE = "late"
    URGENT = "urgent"
    NONE = "none"


def wants(tells: str, kind: str, *, urgent: bool) -> bool:
    """Whether a group with this choice gets a message of a kind."""
    if tells == Tells.NONE:
        return False
    return urgent or tells == Tells.ALL or (tells == Tells.LATE and kind in LATE_KINDS)


def taken_together(lines: Sequence[str], most: int) -> int:
    """How many of the lines, from the first, fit into one post of `most` bytes: at least one, which is then cut."""
    size = count = 0
    for line in lines[:MOST_LINES]:
        size += len(line.encode()) + 1
        if count and size > most:
            break
        count += 1
    return count


def cut(text: str, most: int) -> str:
    """The text in at most `most` bytes, without half a character; what is cut ends in an ellipsis."""
    raw = text.encode()
    return text if len(raw) <= most else raw[: most - 3].decode(errors="ignore") + "…"


def next_try(now: datetime, attempts: int, wait: int) -> datetime | None:
    """When to try again after the n-th failed try, not before the receiver's `wait` is over; None: not any more."""
    if attempts > len(RETRIES):
        return None
    return now + max(RETRIES[attempts - 1], timedelta(seconds=wait))


def is_digest_due(at: time | None, last_on: object, local: datetime, *, is_working_day: bool) -> bool:
    """Whether a group's daily digest is to be sent: once a working day, from its time on."""
    return at is not None and is_working_day and last_on != local.date() and local.time() >= at
