"""The clock of changes: set when days are known, set anew when calendars change, and what people are told of it."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from yinuo.changes import models, queries, rules
from yinuo.kit import actors, rows
from yinuo.notify import actions as notify
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.records import actions as records

QUALITY = "quality_manager"  # the post that is told of every clock that ran out
WORDS = {
    rules.Occasion.FIRST: _("{change} is to be reviewed by {day}: five working days are left"),
    rules.Occasion.SECOND: _("{change} is to be reviewed by {day}: two working days are left"),
    rules.Occasion.TODAY: _("{change} is to be reviewed today"),
    rules.Occasion.LATE: _("{change} was to be reviewed by {day} and is overdue"),
}


def reckon(row: models.Change, calendars: queries.Calendars) -> dict[str, object]:
    """When the clock of a change starts and is due, by the rule that it keeps."""
    started = rules.started_on(
        row.start, published=row.published_on, notified=row.notified_on, received=row.received_on
    )
    due = rules.due(calendars.of(row.site_id), started, row.days)
    return {"started_on": started, "due_on": due.on, "is_provisional": due.is_provisional}


# What a field is called in the trail, where another room's word for the same name would mislead.
CALLED = {"due_on": "review_due_on", "what": "what_changed", "level": "submission_level", "answer": "customer_answer"}


def told(changes: Iterable[rows.Change]) -> list[rows.Change]:
    """Changes of a change's fields, as the trail tells them."""
    return [rows.Change(CALLED.get(each.field, each.field), each.old, each.new) for each in changes]


@transaction.atomic
def set_anew(*, by: actors.Actor, now: datetime) -> int:
    """Reckon due days anew after a calendar changed; clocks that were met or dropped stay as they were proved."""
    calendars, moved = queries.Calendars(), 0
    for row in models.Change.objects.filter(queries.waiting()).order_by("pk"):
        changes = rows.change(row, expected=row.version, **reckon(row, calendars))
        if changes:
            moved += 1
            records.write(by=by, now=now, word="changes.change.reckoned", subject=row, changes=told(changes))
    return moved


@transaction.atomic
def remind(*, by: actors.Actor, now: datetime) -> int:
    """Tell people of clocks that run out, within the working time of each site; returns of how many changes.

    What people were told stands beside the change in the same transaction: a visit that was broken off has told nobody,
    and one that is repeated tells nobody twice.
    """
    calendars, number = queries.Calendars(), 0
    waiting = models.Change.objects.filter(queries.waiting()).select_related("responsible").prefetch_related("nudges")
    for row in waiting.order_by("due_on", "pk"):
        calendar = calendars.of(row.site_id)
        if not calendar.is_working_moment(now):
            continue
        known = {each.occasion for each in row.nudges.all() if each.due_on == row.due_on}
        occasion = rules.to_tell(calendar, row.started_on, row.due_on, calendar.day_of(now), known)
        if occasion is not None:
            _tell(row, occasion, by, now, calendar.day_of(now))
            number += 1
    return number


def _tell(row: models.Change, occasion: rules.Occasion, by: actors.Actor, now: datetime, today: date) -> None:
    models.Nudge.objects.create(change=row, occasion=occasion, due_on=row.due_on, told_at=now)
    people = asked(row, now)
    if occasion is rules.Occasion.LATE:
        people += _above(row, today)
    words = format_lazy(WORDS[occasion], change=row.subject_label, day=row.due_on.isoformat())
    kind = "change_late" if occasion is rules.Occasion.LATE else "change_due"
    discreet = format_lazy(_("{number} is to be reviewed"), number=row.number)
    notify.tell(
        people=list({each.pk: each for each in people}.values()), subject=row, kind=kind, words=words,
        discreet=discreet, brief=discreet, now=now, by=by,
    )  # fmt: skip
    note = {"occasion": str(occasion), "review_due_on": row.due_on.isoformat()}
    records.write(by=by, now=now, word="changes.change.reminded", subject=row, note=note)


def asked(row: models.Change, now: datetime) -> list[org.Person]:
    """Whoever answers for the change; while away whoever stands in."""
    if org_queries.present(row.responsible, now):
        return [row.responsible]
    return [org_queries.delegate_of(row.responsible, now) or row.responsible]


def _above(row: models.Change, today: date) -> list[org.Person]:
    """Who is told when a clock ran out: the superior, and whoever holds the post of the quality manager."""
    superior = org_queries.superior_of(row.responsible, today)
    return [*([superior] if superior else []), *org_queries.holders(QUALITY, today)]
