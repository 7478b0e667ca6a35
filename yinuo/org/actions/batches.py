"""Doing the same with several rows of a list (批量操作), each for itself: done whole, or left with the reason."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yinuo.kit import bulk, jobs, refusals
from yinuo.org import models

log = logging.getLogger(__name__)
State = models.BatchRow.State
UNDO_WITHIN = timedelta(minutes=1)  # the page offers it for ten seconds, longer while one points at it
TAKE_UP = timedelta(minutes=2)  # what a page had begun and its process did not end, the worker does


class CannotAct(refusals.Refusal):
    """Nothing can be done with these rows."""


@transaction.atomic
def begin(
    *,
    act: bulk.Act,
    picks: Sequence[bulk.Pick],
    asked: dict[str, Any],
    back: str,
    by: models.Person,
    now: datetime,
) -> models.Batch:
    """Take up what is to be done with the rows picked; up to `bulk.AT_ONCE` by the page itself, more by the worker."""
    if not act.may(by):
        raise refusals.NotAllowed()
    if not picks:
        raise CannotAct(gettext_lazy("Please choose at least one row."))
    batch = models.Batch.objects.create(person=by, act=act.plug.name, asked=asked, back=back[:1000], begun_at=now)
    models.BatchRow.objects.bulk_create(
        models.BatchRow(batch=batch, row=pick.row, expected=pick.version) for pick in picks[: bulk.MOST]
    )
    after = timedelta(0) if len(picks) > bulk.AT_ONCE else TAKE_UP
    jobs.enqueue("org.batch", key=str(batch.pk), now=now, after=after, batch=batch.pk)
    return batch


def carry_out(*, batch: models.Batch, now: datetime) -> None:
    """Do what is still to be done, row by row, each in a transaction of its own. Safe to call any number of times."""
    act, person = bulk.act_of(batch.act), batch.person
    form = act.form(person, MultiValueDict(batch.asked))
    values = form.cleaned_data if form.is_valid() else None
    for row_id in list(batch.rows.filter(state=State.WAITING).order_by("pk").values_list("pk", flat=True)):
        _one(act, row_id, values, by=person, now=now)
    models.Batch.objects.filter(pk=batch.pk, ended_at=None).update(ended_at=now)


@transaction.atomic
def _one(act: bulk.Act, row_id: int, values: dict[str, Any] | None, *, by: models.Person, now: datetime) -> None:
    """One row. Whoever comes second finds it taken."""
    if not models.BatchRow.objects.filter(pk=row_id, state=State.WAITING).update(state=State.DONE):
        return
    it = models.BatchRow.objects.get(pk=row_id)
    row = act.rows(by).filter(pk=it.row).first() if by.is_active and act.may(by) else None
    if row is None:
        _leave(it, _("No longer there, or you may not see it."))
        return
    it.label, it.url = act.label(row), _url(row)
    if values is None:
        _leave(it, _("What was filled in can no longer be chosen."))
        return
    try:
        with transaction.atomic():
            it.kept = act.plug.function(row=row, by=by, now=now, expected=it.expected, **values)
    except refusals.Stale:
        _leave(it, _("Somebody changed this after you had opened the list. Look at it and decide anew."))
    except refusals.Refusal as refusal:
        _leave(it, str(refusal))
    except Exception:
        log.exception("%s failed at row %s", act.plug.name, it.row)
        _leave(it, _("This did not work; nothing was changed here. Try it on the row's own page."))
    else:
        it.save()


def _leave(it: models.BatchRow, why: str) -> None:
    it.state, it.said = State.LEFT, why
    it.save()


def _url(row: Any) -> str:
    return str(row.get_absolute_url())[:300] if hasattr(row, "get_absolute_url") else ""


def may_undo(person: models.Person, batch: models.Batch, now: datetime) -> bool:
    """Whether what was done can be taken back: soon after, where the act has an exact inverse."""
    recent = batch.ended_at is not None and now - batch.ended_at <= UNDO_WITHIN
    return batch.person_id == person.pk and recent and bulk.act_of(batch.act).undo is not None


def undo(*, batch: models.Batch, by: models.Person, now: datetime) -> None:
    """Take back what was done with each row that nobody has changed since."""
    if batch.undone_at is not None:
        return
    if not may_undo(by, batch, now):
        raise CannotAct(gettext_lazy("This was done too long ago to be undone. Change the rows one by one."))
    if not models.Batch.objects.filter(pk=batch.pk, undone_at=None).update(undone_at=now):
        return
    act = bulk.act_of(batch.act)
    for row_id in list(batch.rows.filter(state=State.DONE).order_by("pk").values_list("pk", flat=True)):
        _undo_one(act, row_id, by=by, now=now)


@transaction.atomic
def _undo_one(act: bulk.Act, row_id: int, *, by: models.Person, now: datetime) -> None:
    if not models.BatchRow.objects.filter(pk=row_id, state=State.DONE).update(state=State.UNDONE):
        return
    it = models.BatchRow.objects.get(pk=row_id)
    row = act.rows(by).filter(pk=it.row).first()
    try:
        with transaction.atomic():
            if row is None or act.undo is None:
                raise refusals.NotAllowed()
            act.undo(row=row, kept=it.kept, by=by, now=now)
    except refusals.Refusal as refusal:
        it.state, it.said = State.DONE, _("Not undone: %(why)s") % {"why": refusal}
        it.save()


def forget(*, before: datetime) -> int:
    """Drop what became of rows long ago: it tells nothing that their trails do not."""
    return models.Batch.objects.filter(begun_at__lt=before).delete()[0]
