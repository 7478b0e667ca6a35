"""Opinions given in a meeting or by phone, entered by a recorder, counting once their owner confirms them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yinuo.org import models as org
from yinuo.procedures import models


def enter_opinion(
    *,
    task: models.Task,
    said_by: org.Person,
    said_at: datetime,
    way: str,
    by: org.Person,
    now: datetime,
    expected: int,
    verdict: str = "",
    condition: str = "",
    outcome: str = "",
    data: Mapping[str, Any] | None = None,
) -> models.Opinion:
    """Enter what somebody said; the task stays theirs until they confirm."""
    raise NotImplementedError


def confirm_opinion(
    *, opinion: models.Opinion, by: org.Person, now: datetime, expected: int, secret: str = ""
) -> models.Run:
    """The owner confirms what was entered: the task is finished with it. `expected` is the task's version."""
    raise NotImplementedError


def reject_opinion(*, opinion: models.Opinion, reason: str, by: org.Person, now: datetime, expected: int) -> None:
    """The owner says that this is not what they said; the task stays open."""
    raise NotImplementedError
