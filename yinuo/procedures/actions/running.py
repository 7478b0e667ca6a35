"""A run as a whole: start, events, hold, end, reopen, newer edition."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yinuo.kit import actors, subjects
from yinuo.org import models as org
from yinuo.procedures import models


def start(
    *,
    procedure_key: str,
    subject: subjects.Subject | subjects.Ref,
    by: actors.Actor,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
) -> models.Run:
    """Start a run of the procedure's current edition for a subject and open its first tasks."""
    raise NotImplementedError


def happened(
    *,
    subject: subjects.Subject | subjects.Ref,
    by: actors.Actor,
    now: datetime,
    event: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Tell the open runs of a subject that an event came, or (without one) that facts may have changed."""
    raise NotImplementedError


def hold(*, run: models.Run, reason: str, by: org.Person, now: datetime, expected: int) -> None:
    """Put a run on hold: people and clocks wait."""
    raise NotImplementedError


def resume(*, run: models.Run, by: org.Person, now: datetime, expected: int) -> None:
    """Go on after a hold: due moments move by the working time that was lost."""
    raise NotImplementedError


def terminate(*, run: models.Run, reason: str, by: org.Person, now: datetime, expected: int) -> None:
    """End a run before its end (终止)."""
    raise NotImplementedError


def reopen(*, run: models.Run, to: str, reason: str, by: org.Person, now: datetime, expected: int) -> None:
    """Open an ended run again at the step `to` (`queries.runs.reopenings_of` lists them)."""
    raise NotImplementedError


def move_to_edition(
    *, run: models.Run, edition: models.Edition, reason: str, by: org.Person, now: datetime, expected: int
) -> None:
    """Move a run to a newer edition of its procedure."""
    raise NotImplementedError


def effect_done(*, task: models.Task, data: Mapping[str, Any], by: actors.Actor, now: datetime) -> None:
    """Report that a slow effect (one that answered `LATER`) has succeeded."""
    raise NotImplementedError


def effect_failed(*, task: models.Task, reason: str, by: actors.Actor, now: datetime) -> None:
    """Report that a slow effect has failed."""
    raise NotImplementedError
