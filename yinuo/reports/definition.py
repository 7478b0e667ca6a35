"""What is counted of requests and their tasks, and the columns of the board, as plain data."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple


class Measure(StrEnum):
    """What a tally counts. `on` is the site's day, but for steps the Monday of its week, and for what waits none.

    registered  cases, by the day they were registered
    ended       cases that are over, by the day they ended; `what` says whether completed or terminated
    late        tasks that ended late: one more on the day they were due, one less on the day they ended, so that the
                sum up to a day is how many were overdue at its end
    waiting     tasks that are open now; `what` is the step
    worked      finished tasks and the working seconds they took; `what` is the step, `bucket` how long they took

    The cuts of the statistics: `on` is the first of a month, `what` a figure and whose it is (`new`/7: customer 7). A
    request counts for each of its topics and products.
    """

    REGISTERED = "registered"
    ENDED = "ended"
    LATE = "late"
    WAITING = "waiting"
    WORKED = "worked"
    BY_CUSTOMER = "by_customer"
    BY_DEPARTMENT = "by_dept"
    BY_KIND = "by_kind"
    BY_TOPIC = "by_topic"
    BY_PRODUCT = "by_product"


CUTS = (Measure.BY_CUSTOMER, Measure.BY_DEPARTMENT, Measure.BY_KIND, Measure.BY_TOPIC, Measure.BY_PRODUCT)


COMPLETED, TERMINATED = "completed", "terminated"

BUCKET_HOURS = (0.5, 1, 2, 4, 6, 8, 12, 16, 24, 32, 40, 56, 72, 96, 120, 160, 240, 400)
"""Up to how many working hours each bucket of durations reaches; the last bucket has no end."""


class Key(NamedTuple):
    """What one sum is about."""

    measure: Measure
    on: date | None
    what: str
    bucket: int
    site_id: int | None
    scope_id: int | None


class Sum(NamedTuple):
    """How many, and the working seconds they took."""

    amount: int
    seconds: int = 0


Sums = dict[Key, Sum]


@dataclass(frozen=True)
class CaseFacts:
    """What of a case is counted."""

    registered_at: datetime
    ended_at: datetime | None
    is_terminated: bool
    site_id: int | None
    scope_id: int | None


class Standing(StrEnum):
    """How far a request has come: over, somebody works on it, nobody has begun."""

    SOLVED = "solved"
    DOING = "doing"
    PENDING = "pending"


class Result(StrEnum):
    """How a request ended. The first three were answered: their handling time and punctuality count."""

    ASKED = "asked"
    ALTERNATIVE = "alternative"
    REFUSED = "refused"
    TERMINATED = "terminated"
    MERGED = "merged"


ANSWERED = (Result.ASKED, Result.ALTERNATIVE, Result.REFUSED)
ON_TIME, LATE = "on_time", "late"
REGISTERED = "registered"
ITEMS, TOOK, HELD, REOPENED = "items", "took", "held", "reopened"

POINTS = {REGISTERED: 1, LATE: 2, Result.REFUSED: 2, REOPENED: 3}
"""How heavy a request weighs in a problem area: by itself, and further when it was late, refused, taken up again."""


@dataclass(frozen=True)
class Account:
    """What a request counts for in the statistics; months by their first day. `timely` is empty without a deadline.

    `topics` (terms of the field) and `products` are keys between blanks: ` salt_spray control_plan `.
    """

    month: date
    customer_id: int
    department_id: int | None
    kind: str
    site_id: int | None
    scope_id: int | None
    items: int
    standing: str
    ended_month: date | None = None
    result: str = ""
    seconds: int = 0
    held_seconds: int = 0
    timely: str = ""
    topics: str = ""
    products: str = ""
    reopened: int = 0


Stretch = tuple[datetime, datetime | None]


@dataclass(frozen=True)
class TaskFacts:
    """What of a task is counted. `held`: when its run was on hold, which is not our handling time."""

    step: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    is_cancelled: bool
    site_id: int | None
    scope_id: int | None
    held: tuple[Stretch, ...] = ()


class Column(StrEnum):
    """When a task on the board is due."""

    LATE = "late"
    TODAY = "today"
    NEXT = "next"
    WEEK = "week"
    NEXT_WEEK = "next_week"
    LATER = "later"
