"""Splitting a case (拆分): some of its items become a case of their own, with its own number."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.cases import access, models
from yinuo.cases.actions import items as item_actions
from yinuo.cases.actions import linking, merging, opening
from yinuo.cases.queries import joining as queries
from yinuo.kit import refusals, rows, words
from yinuo.org import models as org
from yinuo.procedures.actions import running
from yinuo.records import actions as records
from yinuo.records import queries as records_queries
from yinuo.search import actions as search

CannotJoin = access.CannotJoin


@transaction.atomic
def split(
    *,
    case: models.Case,
    items: Mapping[int, int],
    title: str,
    reason: str,
    by: org.Person,
    now: datetime,
    expected: int,
) -> models.Case:
    """Make a case of its own of some items (by key, with the version seen of each); the others stay, at least one.

    It is the same request in all else: customer, channel, days, originals. It is ranked, assigned and run by the same
    rules as any other. What the customer has been answered about stays where that was said.
    """
    access.require_handler(by, case)
    if not reason.strip():
        raise CannotJoin(_("Please say why the case is split."), field="reason")
    going = _going(case, items)
    rows.touch(case, expected=expected)
    with _originals(case) as originals:
        made = opening.open_case(by=by, now=now, files=originals, **_asked(case, going, title))
    models.Case.objects.filter(pk=made.pk).update(more=case.more)
    copies = {copy.came_from_id: copy for copy in models.Item.objects.filter(case=made).select_related("case")}
    for item in going:
        copy = copies[item.pk]
        _as_it_was_said(item, copy)
        item_actions.leave_off(item, reason=reason, now=now, expected=items[item.pk], moved_to=copy)
    item_actions.settle_oral(made)
    item_actions.settle_oral(case)
    note = {"items": [item.position for item in going], "case": made.number}
    records.write(by=by, now=now, word="cases.case.split", subject=case, reason=reason.strip(), note=note)
    linking.link(case=made, other=case, relation=models.Relation.ORIGIN, reason=reason, by=by, now=now)
    search.refresh(case.subject_type, [case.pk])
    running.happened(subject=case, by=by, now=now)
    return made


def _going(case: models.Case, items: Mapping[int, int]) -> list[models.Item]:
    found = queries.to_split(case)
    going = [each for each in found if each.item.pk in items]
    if len(going) < len(items):
        raise refusals.Stale()
    if not going:
        raise CannotJoin(_("Please choose the items that become a case of their own."), field="items")
    if len(going) == len(found):
        raise CannotJoin(_("At least one item stays. To hand the whole case on, change its owner."), field="items")
    for each in going:
        if each.stays:
            said = _("Item %(n)s: %(fault)s")
            raise CannotJoin(words.filled(said, n=each.item.position, fault=each.stays), field="items")
    return [each.item for each in going]


def _asked(case: models.Case, going: list[models.Item], title: str) -> dict[str, Any]:
    same = ("customer", "channel", "contact", "said_by", "said_at", "notified_at", "wanted_on", "promised_on",
            "project", "site", "is_safety", "stops_line", "text")  # fmt: skip
    return {
        "title": title,
        "items": [merging.as_new(item) for item in going],
        "products": list(case.products.all()),
        **{name: getattr(case, name) for name in same},
    }


@contextmanager
def _originals(case: models.Case) -> Iterator[list[tuple[str, File]]]:
    """The case's originals, opened; stored once, they hang on both cases."""
    with ExitStack() as stack:
        found = records_queries.attachments(case).filter(voided_at=None, kind="original")
        yield [(each.name, File(stack.enter_context(each.blob.path.open("rb")))) for each in found]


def _as_it_was_said(item: models.Item, copy: models.Item) -> None:
    """The new item's wording was said when and by whom the one in force was, and waits for writing as that does."""
    was = models.Wording.objects.get(item=item, number=item.wording_number)
    same = ("channel", "said_by", "said_at", "confirmation", "confirm_due_on", "confirmed_at", "confirmed_how")
    models.Wording.objects.filter(item=copy).update(**{name: getattr(was, name) for name in same})
