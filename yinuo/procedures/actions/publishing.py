"""Publishing editions of procedures."""

from datetime import datetime

from yinuo.kit import actors
from yinuo.org import models as org
from yinuo.procedures import models


def publish(
    *,
    source: str,
    file: str,
    by: org.Person,
    now: datetime,
    reason: str = "",
    secret: str = "",
    owner_post: org.Post | None = None,
) -> models.Edition:
    """Publish a new edition of a procedure from its YAML `source`, signed with the person's password or PIN."""
    raise NotImplementedError


def load_library(*, by: actors.Actor, now: datetime) -> list[models.Edition]:
    """Publish the shipped procedures that this installation does not have yet. Idempotent."""
    raise NotImplementedError


def set_owner(*, procedure: models.Procedure, post: org.Post, by: org.Person, now: datetime, expected: int) -> None:
    """Make a post answer for the procedure."""
    raise NotImplementedError
