"""What people have in hand of changes, and how it is given to others."""

from datetime import date, datetime

from yinuo.changes import access, queries
from yinuo.changes.actions import beside, recording
from yinuo.kit import duties, subjects
from yinuo.org import models as org
from yinuo.org import queries as org_queries


def changes_in_hand(person: org.Person, by: org.Person, now: datetime) -> duties.Held:
    """Changes for which somebody answers, until they are verified."""
    shown, hidden = org_queries.seen_of(queries.responsible_for(person), by, queries.SEE)
    found = [
        duties.Duty(
            key=row.pk, version=row.version, label=row.subject_label, url=row.get_absolute_url(),
            subject=subjects.ref(row), due_on=None if row.reviewed_on else row.due_on,
            may_give=access.may_edit(by, row),
        )
        for row in shown
    ]  # fmt: skip
    return duties.Held(found, hidden)


def give_change(
    *, key: int, holder: org.Person, to: org.Person, last_on: date, reason: str, expected: int, by: org.Person,
    now: datetime,
) -> None:  # fmt: skip
    """Somebody else answers for the change."""
    rows = queries.responsible_for(holder).select_related("customer", "edition__document", "responsible")
    row = rows.filter(pk=key).first()
    if row is None:
        raise duties.NotTheirs()
    recording.change(change=row, by=by, now=now, expected=expected, reason=reason, responsible=to)


def documents_in_hand(person: org.Person, by: org.Person, now: datetime) -> duties.Held:
    """Own documents that somebody is to change."""
    rows = list(queries.documents_of(person))
    seen = [row for row in rows if by.may(queries.SEE, row.change.scope_id, row.change.site_id)]
    hidden = len([row for row in rows if row not in seen and row.change.scope_id is None])
    found = [
        duties.Duty(
            key=row.pk, version=row.version, label=f"{row.change.number} · {row}", due_on=row.due_on,
            url=row.change.get_absolute_url(), subject=subjects.ref(row.change),
            may_give=access.may_edit(by, row.change),
        )
        for row in seen
    ]  # fmt: skip
    return duties.Held(found, hidden)


def give_document(
    *, key: int, holder: org.Person, to: org.Person, last_on: date, reason: str, expected: int, by: org.Person,
    now: datetime,
) -> None:  # fmt: skip
    """Somebody else changes the document, and is told."""
    row = queries.documents_of(holder).filter(pk=key).first()
    if row is None:
        raise duties.NotTheirs()
    beside.change_document(document=row, by=by, now=now, expected=expected, reason=reason, responsible=to)
