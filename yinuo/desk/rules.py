"""How a day's work is grouped and put into one sentence."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

GROUPS = ("overdue", "today", "week", "later")


def group_of(due_on: date | None, is_late: bool, today: date) -> str:
    """Which group a task stands in: overdue; due today; due by the coming Sunday; later or without a date."""
    if is_late:
        return "overdue"
    if due_on is None:
        return "later"
    if due_on <= today:
        return "today"
    return "week" if due_on <= today + timedelta(days=6 - today.weekday()) else "later"


@dataclass
class Work:
    """A person's open tasks by group; `overdue_days` is the largest number of working days overdue."""

    groups: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in GROUPS})
    overdue_days: int = 0

    @property
    def count(self) -> int:
        return sum(len(tasks) for tasks in self.groups.values())
