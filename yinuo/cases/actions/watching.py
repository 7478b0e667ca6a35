"""Days that run out: items due, oral words not confirmed, waivers and objects near their end; each told once."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from yinuo.cases import models
from yinuo.customers import queries as customers_queries
from yinuo.kit import actors, rows
from yinuo.notify import actions as notify
from yinuo.org import models as org
from yinuo.records import actions as records

WAIVER_AHEAD = timedelta(days=14)
OBJECT_AHEAD = timedelta(days=30)
MOST = 200  # told per visit; the others at the next


@transaction.atomic
def tell_what_runs_out(*, by: actors.Actor, now: datetime) -> int:
    """Tell the people concerned; returns how many things were told. Called by the clock, any number of times."""
    today = timezone.localdate(now)
    visits = (_oral_words, _waivers, _items, _objects)
    return sum(visit(today, by=by, now=now) for visit in visits)


def _oral_words(today: date, *, by: actors.Actor, now: datetime) -> int:
    """The window is told that the customer has not confirmed in writing by the day (待书面确认)."""
    waiting = models.Wording.objects.filter(
        confirmation=models.Confirmation.WAITING, confirm_due_on__lt=today, told_on=None, item__case__ended_at=None
    ).select_related("item__case__customer")
    found = list(waiting.order_by("confirm_due_on")[:MOST])
    for wording in found:
        case = wording.item.case
        words = _("Not confirmed in writing by {day}: {case}")
        _tell(_window(case), case, "oral_overdue", format_lazy(words, day=wording.confirm_due_on, case=case), now=now)
        models.Wording.objects.filter(pk=wording.pk).update(told_on=today)
        _note(case, "oral_overdue", wording.item.position, by=by, now=now)
    return len(found)


def _waivers(today: date, *, by: actors.Actor, now: datetime) -> int:
    """Owner and window are told before a waiver ends, so that it is prolonged or the requirement met."""
    ending = models.Item.objects.filter(
        answer=models.Answer.WAIVED, waived_until_on__lte=today + WAIVER_AHEAD, told_waiver_on=None, withdrawn_at=None
    ).select_related("case__customer", "case__owner", "owner")
    found = list(ending.order_by("waived_until_on")[:MOST])
    for item in found:
        case = item.case
        people = [person for person in (item.owner or case.owner, *_window(case)) if person is not None]
        words = _("The waiver of item {n} ends on {day}: {case}")
        said = format_lazy(words, n=item.position, day=item.waived_until_on, case=case)
        _tell(people, case, "waiver_ends", said, now=now)
        models.Item.objects.filter(pk=item.pk).update(told_waiver_on=today)
        _note(case, "waiver_ends", item.position, by=by, now=now)
    return len(found)


def _items(today: date, *, by: actors.Actor, now: datetime) -> int:
    """The owner is told on an item's due day, while it is neither verified nor withdrawn."""
    due = models.Item.objects.filter(
        due_on__isnull=False, due_on__lte=today, told_due_on=None, is_met=None, withdrawn_at=None, case__ended_at=None
    ).select_related("case__owner", "owner")
    found = list(due.order_by("due_on")[:MOST])
    for item in found:
        case, person = item.case, item.owner or item.case.owner
        words = _("Item {n} is due on {day}: {case}")
        said = format_lazy(words, n=item.position, day=item.due_on, case=case)
        _tell([person] if person else [], case, "item_due", said, now=now)
        models.Item.objects.filter(pk=item.pk).update(told_due_on=today)
        _note(case, "item_due", item.position, by=by, now=now)
    return len(found)


def _objects(today: date, *, by: actors.Actor, now: datetime) -> int:
    """The keeper is told before a sealed sample, colour master or gauge expires."""
    ending = models.Sample.objects.filter(
        voided_at=None, valid_until_on__lte=today + OBJECT_AHEAD, told_on=None
    ).select_related("case", "keeper")
    found = list(ending.order_by("valid_until_on")[:MOST])
    for sample in found:
        words = _("{sample} is valid until {day}: {case}")
        said = format_lazy(words, sample=sample, day=sample.valid_until_on, case=sample.case)
        _tell([sample.keeper], sample.case, "object_expires", said, now=now)
        models.Sample.objects.filter(pk=sample.pk).update(told_on=today)
        _note(sample.case, "object_expires", None, by=by, now=now)
    return len(found)


def _window(case: models.Case) -> list[org.Person]:
    return customers_queries.window(case.customer).people


def _tell(people: Sequence[org.Person], case: models.Case, kind: str, words: Promise | str, *, now: datetime) -> None:
    if people:
        notify.tell(people=people, subject=case, kind=kind, words=words, now=now)


def _note(case: models.Case, what: str, item: int | None, *, by: actors.Actor, now: datetime) -> None:
    told = [rows.Change("told", None, what)]
    records.write(by=by, now=now, word="cases.case.reminded", subject=case, changes=told, note={"item": item or ""})
