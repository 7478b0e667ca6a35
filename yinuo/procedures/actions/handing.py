"""Bringing others in: reassign, delegate, add a signer, copy, remind."""

from collections.abc import Sequence
from datetime import datetime

from yinuo.org import models as org
from yinuo.procedures import models


def reassign(*, task: models.Task, to: org.Person, reason: str, by: org.Person, now: datetime, expected: int) -> None:
    """Hand a task over for good (转办)."""
    raise NotImplementedError


def delegate(
    *, task: models.Task, to: org.Person | None, reason: str, by: org.Person, now: datetime, expected: int
) -> None:
    """Let somebody work on one's task on one's behalf (委托代理); None ends it."""
    raise NotImplementedError


def add_signer(
    *, task: models.Task, signer: org.Person, before: bool, reason: str, by: org.Person, now: datetime, expected: int
) -> None:
    """Ask one more to sign (加签), before or after the holder."""
    raise NotImplementedError


def copy_to(
    *, run: models.Run, people: Sequence[org.Person], note: str, by: org.Person, now: datetime,
    task: models.Task | None = None,
) -> None:  # fmt: skip
    """Bring a run to others' notice (抄送): they may see it as far as its scope lets them."""
    raise NotImplementedError


def remind(*, task: models.Task, by: org.Person, now: datetime) -> None:
    """Urge whoever has the task (催办), at most once an hour."""
    raise NotImplementedError
