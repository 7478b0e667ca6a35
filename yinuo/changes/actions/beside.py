"""What follows a change: our own documents to be changed, and suppliers who must know of it."""

from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from yinuo.changes import access, models, queries
from yinuo.kit import refusals, rows
from yinuo.notify import actions as notify
from yinuo.org import models as org
from yinuo.records import actions as records


class CannotKeep(refusals.Refusal):
    """What was said does not fit together."""


class DocumentFacts(TypedDict, total=False):
    """What people say about an own document that follows a change."""

    kind: str
    number: str
    title: str
    responsible: org.Person
    due_on: date


class SupplierFacts(TypedDict, total=False):
    """What people say about a supplier whom a change concerns."""

    name: str
    told_on: date | None
    acknowledged_on: date | None
    note: str


DOCUMENT = tuple(DocumentFacts.__annotations__)
SUPPLIER = tuple(SupplierFacts.__annotations__)


@transaction.atomic
def add_document(
    *, change: models.Change, by: org.Person, now: datetime, **facts: Unpack[DocumentFacts]
) -> models.OwnDocument:
    """An own document is to be changed; whoever is to do it is told."""
    _demand(by, change)
    row = models.OwnDocument(change=change, **facts)
    _check_document(row, change)
    row.save(force_insert=True)
    told = _said(rows.created(row, *DOCUMENT))
    records.write(by=by, now=now, word="changes.document.added", subject=change, changes=told, note={"of": str(row)})
    _tell(row, change, by, now)
    return row


@transaction.atomic
def change_document(
    *, document: models.OwnDocument, by: org.Person, now: datetime, expected: int, reason: str = "",
    **facts: Unpack[DocumentFacts],
) -> models.OwnDocument:  # fmt: skip
    """Set right which own document it is, who changes it and until when."""
    change = document.change
    _demand(by, change)
    wanted = models.OwnDocument(**{key: facts.get(key, getattr(document, key)) for key in DOCUMENT})
    _check_document(wanted, change)
    was = document.responsible_id
    changes = rows.change(document, expected=expected, **facts)
    if changes:
        records.write(
            by=by, now=now, word="changes.document.changed", subject=change, changes=_said(changes), reason=reason,
            note={"of": str(document)},
        )  # fmt: skip
        if document.responsible_id != was:
            _tell(document, change, by, now)
    return document


@transaction.atomic
def finish_document(
    *, document: models.OwnDocument, on: date, new_edition: str, by: org.Person, now: datetime, expected: int
) -> models.OwnDocument:
    """The own document was changed: on which day, and which edition of it is the new one."""
    change = document.change
    _demand(by, change, or_is=document.responsible)
    if document.done_on is not None:
        raise CannotKeep(_("This document is done already."))
    if on > timezone.localdate(now):
        raise CannotKeep(_("This day is still to come."), field="on")
    changes = rows.change(document, expected=expected, done_on=on, done_by=by, new_edition=new_edition.strip()[:40])
    note = {"of": str(document)}
    records.write(by=by, now=now, word="changes.document.done", subject=change, changes=changes, note=note)
    return document


@transaction.atomic
def reopen_document(
    *, document: models.OwnDocument, by: org.Person, now: datetime, expected: int
) -> models.OwnDocument:
    """It was not done after all."""
    change = document.change
    _demand(by, change, or_is=document.responsible)
    if document.done_on is None:
        raise CannotKeep(_("This document is not done yet."))
    changes = rows.change(document, expected=expected, done_on=None, done_by=None, new_edition="")
    note = {"of": str(document)}
    records.write(by=by, now=now, word="changes.document.reopened", subject=change, changes=changes, note=note)
    return document


@transaction.atomic
def add_supplier(
    *, change: models.Change, by: org.Person, now: datetime, **facts: Unpack[SupplierFacts]
) -> models.Supplier:
    """A supplier must know of the change."""
    _demand(by, change)
    row = models.Supplier(change=change, **facts)
    _check_supplier(row, now)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise _there() from None
    told = rows.created(row, *SUPPLIER)
    records.write(by=by, now=now, word="changes.supplier.added", subject=change, changes=told, note={"of": row.name})
    return row


@transaction.atomic
def change_supplier(
    *, supplier: models.Supplier, by: org.Person, now: datetime, expected: int, **facts: Unpack[SupplierFacts]
) -> models.Supplier:
    """When a supplier was told, and when it said that it knows."""
    change = supplier.change
    _demand(by, change)
    _check_supplier(models.Supplier(**{key: facts.get(key, getattr(supplier, key)) for key in SUPPLIER}), now)
    try:
        with transaction.atomic():
            changes = rows.change(supplier, expected=expected, **facts)
    except IntegrityError:
        raise _there() from None
    if changes:
        note = {"of": supplier.name}
        records.write(by=by, now=now, word="changes.supplier.changed", subject=change, changes=changes, note=note)
    return supplier


def _said(changes: list[rows.Change]) -> list[rows.Change]:
    """Changes of an own document as the trail tells them: its due day is not that of the review."""
    return [rows.Change("due_by" if each.field == "due_on" else each.field, each.old, each.new) for each in changes]


def _there() -> CannotKeep:
    return CannotKeep(_("This supplier stands there already."), field="name")


def _demand(by: org.Person, change: models.Change, or_is: org.Person | None = None) -> None:
    """Whoever works on the change, or is to do this very thing and may see it."""
    is_theirs = or_is is not None and or_is.pk == by.pk and by.may(queries.SEE, change.scope_id, change.site_id)
    if not access.may_edit(by, change) and not is_theirs:
        raise refusals.NotAllowed()


def _check_document(row: models.OwnDocument, change: models.Change) -> None:
    if row.kind not in models.DocumentKind.values:
        raise CannotKeep(_("Please say which kind of document it is."), field="kind")
    if not row.number.strip() and not row.title.strip():
        raise CannotKeep(_("Please give the number or the title of the document."), field="number")
    if not row.responsible.may(queries.SEE, change.scope_id, None):
        words = _("%(person)s may not see this change. Please choose somebody who may.")
        raise CannotKeep(words % {"person": row.responsible.name}, field="responsible")


def _check_supplier(row: models.Supplier, now: datetime) -> None:
    if not row.name.strip():
        raise CannotKeep(_("Please give the name of the supplier."), field="name")
    today = timezone.localdate(now)
    for key in ("told_on", "acknowledged_on"):
        day = getattr(row, key)
        if day is not None and day > today:
            raise CannotKeep(_("This day is still to come."), field=key)
    if row.acknowledged_on is not None and (row.told_on is None or row.acknowledged_on < row.told_on):
        raise CannotKeep(_("A supplier can only acknowledge what it was told before."), field="acknowledged_on")


def _tell(row: models.OwnDocument, change: models.Change, by: org.Person, now: datetime) -> None:
    """Whoever is to change a document hears of it, unless they wrote it down themselves."""
    if row.responsible_id == by.pk:
        return
    said: dict[str, Any] = {"document": str(row), "change": change.subject_label, "day": row.due_on.isoformat()}
    notify.tell(
        people=[row.responsible], subject=change, kind="change_document",
        words=format_lazy(_("{document} is to be changed by {day}, because of {change}"), **said),
        discreet=format_lazy(_("A document is to be changed, because of {number}"), number=change.number),
        brief=format_lazy(_("A document is to be changed, because of {number}"), number=change.number),
        now=now, by=by,
    )  # fmt: skip
