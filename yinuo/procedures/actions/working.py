"""Working on a task: take, draft, submit, return, withdraw."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yinuo.org import models as org
from yinuo.procedures import models


def take(*, task: models.Task, by: org.Person, now: datetime, expected: int) -> None:
    """Take a task that several people could do: the taker becomes its holder."""
    raise NotImplementedError


def save_draft(*, task: models.Task, data: Mapping[str, Any], by: org.Person, now: datetime, expected: int) -> None:
    """Keep unfinished input (暂存)."""
    raise NotImplementedError


def submit(
    *,
    task: models.Task,
    by: org.Person,
    now: datetime,
    expected: int,
    data: Mapping[str, Any] | None = None,
    outcome: str = "",
    verdict: str = "",
    condition: str = "",
    secret: str = "",
    paper: object = None,
) -> models.Run:
    """Finish a task (提交 / 办结). Returns its run as it stands after."""
    raise NotImplementedError


def return_to(*, task: models.Task, to: str, reason: str, by: org.Person, now: datetime, expected: int) -> None:
    """Send the run back (退回) to the earlier step `to`."""
    raise NotImplementedError


def withdraw(*, task: models.Task, reason: str, by: org.Person, now: datetime, expected: int) -> None:
    """Take back one's own finished task (撤回) while nothing that depends on it has been done."""
    raise NotImplementedError
