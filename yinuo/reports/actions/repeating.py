"""Finding what is asked again: each item is looked at once, when it is new or its wording changed, and put to the group
with which it asks the same. What somebody says about it holds.

What costs time (seeking and comparing) is done before the transaction; inside, only that item and its group are held.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.cases import access
from yinuo.cases import models as cases
from yinuo.kit import actors, refusals, rows
from yinuo.org import models as org
from yinuo.records import actions as records
from yinuo.reports import models
from yinuo.reports.actions import accounting
from yinuo.reports.engine import grouping
from yinuo.reports.queries import repeats as queries
from yinuo.search.engine import meaning

BATCH = 300  # items in one visit, a minute's work at most


class CannotJoin(refusals.Refusal):
    """The request does not come into this group."""


def find(*, by: actors.Actor, now: datetime) -> int:
    """Look at some of the items that wait; returns how many there were."""
    found = queries.items(queries.waiting(BATCH))
    for item in found:
        look_at(item=item)
    return len(found)


def look_at(*, item: cases.Item) -> None:
    """Put an item to the group with which it asks the same, or take it out of one."""
    is_standing = item.withdrawn_at is None and item.moved_to_id is None
    near = queries.near(item) if is_standing else []
    with transaction.atomic():
        asking, is_new = models.Asking.objects.get_or_create(item=item, defaults={"case_id": item.case_id})
        asking = models.Asking.objects.select_for_update().get(pk=asking.pk)
        if not is_new and asking.wording and asking.wording != item.wording_number:
            accounting.note(case_id=item.case_id)
        asking.wording = item.wording_number
        asking.topics = sorted(meaning.understand(queries.said_by(item)).topics)
        was = asking.repeat_id
        if not is_standing:
            _put(asking, None)
        elif not asking.is_settled:
            apart = asking.apart.filter(ended_at=None).values_list("repeat_id", flat=True)
            _place(asking, item, grouping.choose(near, set(apart), asking.repeat_id))
        asking.version += 1
        asking.save()
        _refresh({was, asking.repeat_id})


def _place(asking: models.Asking, item: cases.Item, choice: grouping.Choice) -> None:
    """Where the item belongs now; single items with which it asks the same begin a group with it."""
    if choice.best is None:
        _put(asking, None)
        return
    repeat_id = choice.repeat_id
    if repeat_id is None:
        repeat_id = _begin(item, choice)
        if repeat_id is None:
            _put(asking, None)
            return
    _put(asking, repeat_id, choice.best, queries.said_by(item))


def _begin(item: cases.Item, choice: grouping.Choice) -> int | None:
    """A new group of the single items; None when all of them have found another one meanwhile."""
    keys = [each.item_id for each in choice.founders]
    free = models.Asking.objects.select_for_update().filter(pk__in=keys, repeat=None, is_settled=False)
    found = {each.pk: each for each in free.select_related("item__case__customer")}
    if choice.best is None or choice.best.item_id not in found:
        return None
    repeat = models.Repeat.objects.create(scope_id=item.case.scope_id)
    for each in choice.founders:
        if (other := found.get(each.item_id)) is not None:
            back = grouping.Near(item.pk, None, each.likeness)
            _put(other, repeat.pk, back, queries.said_by(other.item))
            other.version += 1
            other.save()
    return repeat.pk


def _put(asking: models.Asking, repeat_id: int | None, best: grouping.Near | None = None, text: str = "") -> None:
    """Set the group of an item, and why."""
    asking.repeat_id = repeat_id
    asking.percent = best.likeness.percent if best and repeat_id else 0
    asking.shares = {}
    if best and repeat_id:
        words = meaning.shown(best.likeness.words, text)
        asking.shares = {"with": best.item_id, "topics": sorted(best.likeness.topics), "words": words[:12]}
    if repeat_id is None:
        asking.is_settled = False


def _refresh(groups: Iterable[int | None]) -> None:
    """What the groups' members say of them now."""
    for key in sorted({each for each in groups if each is not None}):
        models.Repeat.objects.select_for_update().get(pk=key)
        models.Repeat.objects.filter(pk=key).update(**queries.figures_of(key))


def rescoped(*, case_id: int) -> None:
    """A request belongs to another circle now: at once it leaves the groups of the old one, and is looked at again."""
    found = list(models.Asking.objects.select_for_update().filter(case=case_id))
    was = {each.repeat_id for each in found}
    for asking in found:
        _put(asking, None)
        asking.wording, asking.version = 0, asking.version + 1
        asking.save()
    _refresh(was)


# What somebody says ---------------------------------------------------------------------------------------------------


@transaction.atomic
def set_apart(*, asking: models.Asking, reason: str, by: org.Person, now: datetime, expected: int) -> None:
    """This item does not ask what its group asks (不是同一要求): it leaves the group for good."""
    _require(by, asking.case)
    repeat_id = asking.repeat_id
    if repeat_id is None:
        raise CannotJoin(_("The request is not in a group any more. Reload the page."))
    rows.change(asking, expected=expected, repeat_id=None, percent=0, shares={}, is_settled=False)
    models.Apart.objects.create(asking=asking, repeat_id=repeat_id, by=by, at=now, reason=reason)
    _refresh([repeat_id])
    _tell("reports.repeat.set_apart", asking, repeat_id, reason, by, now)


@transaction.atomic
def bring_in(*, asking: models.Asking, repeat: models.Repeat, reason: str, by: org.Person, now: datetime) -> None:
    """This item asks what the group asks (属于同一要求), whatever the program says."""
    _require(by, asking.case)
    asking = models.Asking.objects.select_for_update().select_related("case").get(pk=asking.pk)
    if asking.case.scope_id != repeat.scope_id:
        raise CannotJoin(_("The request is not seen by the same people as this group."), field="case")
    if asking.repeat_id == repeat.pk:
        raise CannotJoin(_("The request is in this group already."), field="case")
    was = asking.repeat_id
    asking.apart.filter(repeat=repeat, ended_at=None).update(ended_at=now)
    rows.change(asking, expected=asking.version, repeat_id=repeat.pk, percent=100, shares={}, is_settled=True)
    _refresh({was, repeat.pk})
    _tell("reports.repeat.brought_in", asking, repeat.pk, reason, by, now)


def _require(by: org.Person, case: cases.Case) -> None:
    """Whoever handles the request says with what it belongs, also when it is over: nothing of it changes."""
    if not access.may_handle(by, case):
        raise refusals.NotAllowed()


def _tell(word: str, asking: models.Asking, repeat_id: int, reason: str, by: org.Person, now: datetime) -> None:
    """On the request itself, so that whoever may see it reads it, and nobody else."""
    note = {"repeat": repeat_id, "item": asking.item.position}
    records.write(by=by, now=now, word=word, subject=asking.case, reason=reason, note=note)
