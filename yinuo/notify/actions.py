"""Telling people, taking back, reading, and steering the outbox."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.functional import Promise

from yinuo.kit import actors, subjects
from yinuo.org import models as org_models


def tell(
    *,
    people: Iterable[org_models.Person],
    subject: subjects.Subject | subjects.Ref,
    kind: str,
    words: str | Promise,
    now: datetime,
    urgent: bool = False,
    by: actors.Actor | None = None,
    discreet: str | Promise = "",
) -> None:
    """Tell people something about a subject, in the caller's transaction.

    Each gets a line in the inbox (`words`, a lazy sentence, stored in both languages) and, as they chose, a mail ten
    seconds after the commit at the earliest. `kind` is the sort of message (`task_assigned`); `urgent`, and the kinds
    product_safety, health and stop_ship, go out at night too. Nobody is told who may not see the subject's scope. A
    mail about a confidential subject says only `discreet` (number and step).
    """


def take_back(*, subject: subjects.Subject | subjects.Ref, kind: str, by: actors.Actor, now: datetime) -> None:
    """Undo what was told about a subject: unread lines disappear, mail that has not left is cancelled."""
