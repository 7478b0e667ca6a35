"""What every act in a talk leaves behind: an entry of the trail on what the talk is about, its last moment, what is
found of it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from yinuo.customers import models as customers
from yinuo.kit import actors, plugs, refusals, rows
from yinuo.letters import models
from yinuo.records import actions as records
from yinuo.search import actions as search


class CannotRecord(refusals.Refusal):
    """What was said about the talk does not fit together."""


def check_way(*, thread: models.Thread, way: str, contact: customers.CustomerContact | None) -> None:
    """A known way, and a contact of this customer or of one above or below it."""
    if way not in models.Way.values:
        raise CannotRecord(_("Please choose how it was said."), field="way")
    if contact is None:
        return
    here, there = thread.customer.path, contact.customer.path
    if not (here.startswith(there) or there.startswith(here)):
        raise CannotRecord(_("This contact belongs to another customer."), field="contact")


def move(*, thread: models.Thread, now: datetime, **values: Any) -> None:
    """Note that something happened in the talk; nobody's own change, so the version seen stays good."""
    models.Thread.objects.filter(pk=thread.pk).update(last_at=now, **values)
    for field, value in {"last_at": now, **values}.items():
        setattr(thread, field, value)


def tell(
    *,
    thread: models.Thread,
    done: str,
    by: actors.Actor,
    now: datetime,
    changes: list[rows.Change],
    letter: models.Letter | None = None,
    reason: str = "",
    note: dict[str, Any] | None = None,
) -> None:
    """One entry of the trail, on what the talk is about: there people look for it. The index follows."""
    word = f"letters.{'letter' if letter else 'thread'}.{done}"
    facts = {"thread": thread.title, **(note or {})}
    records.write(by=by, now=now, word=word, subject=thread.subject, changes=changes, reason=reason, note=facts)
    search.refresh(thread.ref.type, [thread.pk])


def announce(*, event: str, letter: models.Letter, by: actors.Actor, now: datetime) -> None:
    """Let the rooms above hear of a letter."""
    thread = letter.thread
    plugs.announce(event, subject=thread.subject, thread=thread, letter=letter, by=by, now=now)
