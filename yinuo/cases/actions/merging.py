"""Merging a case into another that asks the same (合并), and taking it back out (拆回).

Of two people who merge at once the second finds the case ended, and is told.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yinuo.cases import access, models, rules
from yinuo.cases.actions import items as item_actions
from yinuo.cases.actions import opening, steering
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import conventions as convention_queries
from yinuo.cases.queries import joining as queries
from yinuo.kit import refusals, rows, subjects, words
from yinuo.letters import models as letters
from yinuo.letters.actions import threads as letter_threads
from yinuo.notify import actions as notify
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures.actions import running, telling
from yinuo.procedures.definition.texts import Text
from yinuo.procedures.queries import runs as run_queries
from yinuo.procedures.queries import tasks as task_queries
from yinuo.records import actions as records
from yinuo.search import actions as search

CannotJoin = access.CannotJoin
DAYS = ("wanted_on", "promised_on")


@transaction.atomic
def merge(
    *,
    case: models.Case,
    survivor: models.Case,
    reason: str,
    by: org.Person,
    now: datetime,
    expected: int,
    expected_survivor: int,
    carry: Mapping[int, int] | None = None,
    takes: Collection[str] = (),
) -> models.Case:
    """The same was asked twice: the case ends, and goes on in the survivor.

    `carry`: the items that go over, by key, with the version seen of each; `takes`: in what the survivor becomes as
    urgent as the case was (of `queries.joining.sooner`). The mark of safety always goes over, and so do open talks.
    Files, objects and reports stay, and are seen from the survivor.
    """
    case, survivor = _both(case.pk, survivor.pk)
    check(case, survivor, by=by)
    if not reason.strip():
        raise CannotJoin(_("Please give the reason."), field="reason")
    if survivor.version != expected_survivor:
        raise refusals.Stale()
    workers = _workers(case, now)
    _take_over(survivor, case, takes, reason=reason, by=by, now=now)
    copies = _carry(case, survivor, carry or {}, reason=reason, by=by, now=now)
    rows.change(case, expected=expected, merged_into=survivor)
    moved = _move_talks(case, survivor, copies, by=by, now=now)
    models.Merge.objects.create(case=case, survivor=survivor, reason=reason.strip()[:500], threads=moved, by=by, at=now)
    _note("merged", case, survivor, by=by, now=now, reason=reason, items=len(copies))
    _end(case, reason=reason, by=by, now=now)
    said = _("%(case)s was merged into %(survivor)s. Please go on there.")
    _tell(workers, survivor, "case_merged", words.filled(said, case=case.number, survivor=survivor), by=by, now=now)
    search.refresh(case.subject_type, [case.pk, survivor.pk])
    case.refresh_from_db()
    return case


def _both(case: int, survivor: int) -> tuple[models.Case, models.Case]:
    """Both cases as they are now, locked until the transaction ends; always in the same order."""
    found = {
        each.pk: each for each in models.Case.objects.select_for_update().filter(pk__in=[case, survivor]).order_by("pk")
    }
    return found[case], found[survivor]


def check(case: models.Case, survivor: models.Case, *, by: org.Person) -> None:
    """Refuse what cannot be merged, naming the way out. Whoever merges ends one case and adds to the other: they steer
    the one and handle the other."""
    access.require_steerer(by, case)
    if not access.may_see(by, survivor) or not access.may_handle(by, survivor):
        raise refusals.NotAllowed()
    facts = {"number": survivor.number, "state": survivor.state_words, "customer": survivor.customer.name}
    if case.pk == survivor.pk:
        raise CannotJoin(_("A case is not merged into itself. Please choose another one."))
    access.require_open(case)
    if not survivor.is_open:
        said = _("%(number)s is %(state)s. Reopen it first, or link the two cases instead.")
        raise CannotJoin(words.filled(said, **facts))
    if survivor.held_at is not None:
        raise CannotJoin(
            words.filled(_("%(number)s is on hold. Resume it first, or link the two cases instead."), **facts)
        )
    if not opening.same_tree(case.customer, survivor.customer):
        said = _("%(number)s belongs to another customer, %(customer)s. Link the two cases instead.")
        raise CannotJoin(words.filled(said, **facts))
    if case.scope_id != survivor.scope_id:
        raise CannotJoin(_("The two cases are seen by different circles of people. Link them instead."))


def _workers(case: models.Case, now: datetime) -> list[org.Person]:
    """Who works on the case: owner, and everybody who has an open task of it."""
    found = [person for task in task_queries.open_tasks(case) for person in telling.workers(task, now)]
    return list(dict.fromkeys([*([case.owner] if case.owner else []), *found]))


def _take_over(
    survivor: models.Case, case: models.Case, takes: Collection[str], *, reason: str, by: org.Person, now: datetime
) -> None:
    """The survivor becomes as urgent as was agreed; its due moment last, as priority and days move it too."""
    sooner = {name: value for name, value in queries.sooner(case, survivor).items() if name in takes}
    values: dict[str, Any] = {name: sooner[name] for name in DAYS if name in sooner}
    if case.is_safety and not survivor.is_safety:
        values["is_safety"] = True
    products = {each.pk: each for each in [*survivor.products.all(), *case.products.all()]}
    steering.correct(
        case=survivor,
        by=by,
        now=now,
        expected=survivor.version,
        reason=reason,
        products=list(products.values()),
        **values,
    )
    changed: dict[str, Any] = {}
    if queries.PRIORITY in sooner and sooner[queries.PRIORITY] < survivor.priority:
        changed |= _ranked(survivor, case, reason, by)
    due = rules.earlier(case.due_at, changed.get("due_at", survivor.due_at))
    if queries.DUE in sooner and due is not None:
        changed["due_at"] = due
    if changed:
        changes = rows.change(survivor, expected=survivor.version, **changed)
        told = [each for each in changes if each.field in ("priority", "due_at")]
        note = {"case": case.number}
        records.write(
            by=by, now=now, word="cases.case.ranked", subject=survivor, changes=told, reason=reason, note=note
        )


def _ranked(survivor: models.Case, case: models.Case, reason: str, by: org.Person) -> dict[str, Any]:
    """The survivor's priority as the merged case had it, with why, and the due moment that follows."""
    columns = ("priority", "priority_zh", "priority_en", "due_at", "is_provisional")
    before = {name: getattr(survivor, name) for name in columns}
    why = Text(f"{by.name}：{case.number} 合并，{reason.strip()}", f"{by.name}: {case.number} merged, {reason.strip()}")
    calendar = org_queries.calendar(survivor.site_id)
    opening.put_priority(survivor, case.priority, why, convention_queries.convention(), calendar)
    values = {name: getattr(survivor, name) for name in columns}
    for name, value in before.items():
        setattr(survivor, name, value)
    return {**values, "priority_by": by}


def _carry(
    case: models.Case, survivor: models.Case, carry: Mapping[int, int], *, reason: str, by: org.Person, now: datetime
) -> dict[int, models.Item]:
    """The items that go over, as further items of the survivor, each noting whence it came."""
    going = {each.item.pk: each for each in queries.going_over(case, survivor)}
    if carry and (why := queries.why_all_stay(survivor)):
        raise CannotJoin(why, field="items")
    copies: dict[int, models.Item] = {}
    for pk, version in carry.items():
        each = going.get(pk)
        if each is None:
            raise refusals.Stale()
        if each.stays:
            said = _("Item %(n)s: %(fault)s")
            raise CannotJoin(words.filled(said, n=each.item.position, fault=each.stays), field="items")
        new = as_new(each.item, survivor)
        copies[pk] = item_actions.add_item(case=survivor, new=new, reason=reason, by=by, now=now)
        rows.change(each.item, expected=version, moved_to=copies[pk])
    return copies


def as_new(item: models.Item, to: models.Case | None = None) -> opening.NewItem:
    """An item as another case asks it: in its words as they stand now, said by whoever said them."""
    wording = models.Wording.objects.get(item=item, number=item.wording_number)
    case = item.case
    owner = item.owner if item.owner is None or access.may_see(item.owner, to or case) else None
    return opening.NewItem(
        text=item.text,
        kind=item.kind,
        applies=item.applies,
        product=item.product,
        site=item.site,
        owner=owner,
        due_on=item.due_on,
        channel=wording.channel or case.channel,
        said_by=wording.said_by or case.speaker or case.said_by,
        said_at=wording.said_at,
        is_oral=wording.confirmation == models.Confirmation.WAITING,
        more=item.more or None,
        came_from=item,
    )


def _end(case: models.Case, *, reason: str, by: org.Person, now: datetime) -> None:
    run = run_queries.run_of(case)
    if run is None:
        raise steering.CannotChange(_("No procedure is under way for this case."))
    running.terminate(run=run, reason=reason, by=by, now=now, expected=run.version)


# Talks ----------------------------------------------------------------------------------------------------------------


def _move_talks(
    case: models.Case, survivor: models.Case, copies: Mapping[int, models.Item], *, by: org.Person, now: datetime
) -> list[list[Any]]:
    """Open talks go on at the survivor, those about an item at its copy; returns where each was."""
    about = Q(subject_type=case.subject_type, subject_id=case.pk)
    keys = models.Item.objects.filter(case=case).values("pk")
    about |= Q(subject_type=models.Item.subject_type, subject_id__in=keys)
    moved = []
    for thread in letters.Thread.objects.filter(about).exclude(state=letters.ThreadState.CLOSED).order_by("pk"):
        moved.append([thread.pk, thread.subject_type, thread.subject_id])
        copy = copies.get(thread.subject_id) if thread.subject_type == models.Item.subject_type else None
        to = subjects.ref(copy if copy is not None else survivor)
        letter_threads.move_to(thread=thread, subject=to, by=by, now=now)
    return moved


def _return_talks(merge: models.Merge, *, by: org.Person, now: datetime) -> None:
    """The talks that had gone over go back to what they were about."""
    items = {item.pk: item for item in models.Item.objects.filter(case=merge.case).select_related("case")}
    for pk, subject_type, subject_id in merge.threads:
        thread = letters.Thread.objects.get(pk=pk)
        item = items.get(subject_id) if subject_type == models.Item.subject_type else None
        letter_threads.move_to(thread=thread, subject=subjects.ref(item or merge.case), by=by, now=now)


# Taking back out ------------------------------------------------------------------------------------------------------


@transaction.atomic
def take_out(*, case: models.Case, to: str, reason: str, by: org.Person, now: datetime, expected: int) -> models.Case:
    """The case goes on by itself after all, at the step `to`; the survivor goes on without its items.

    Words that the customer changed meanwhile go back with an item; what else was done for it stays to be read there.
    """
    found = queries.merge_of(case)
    if found is None:
        raise CannotJoin(_("This case is not merged into another one."))
    case, survivor = _both(found.case_id, found.survivor_id)
    found.case, found.survivor = case, survivor
    access.require_steerer(by, case)
    if not access.may_handle(by, survivor):
        raise refusals.NotAllowed()
    if not reason.strip():
        raise CannotJoin(_("Please give the reason."), field="reason")
    if not survivor.is_open:
        said = _("%(number)s is %(state)s. Reopen it first; then the case can be taken back out.")
        raise CannotJoin(words.filled(said, number=survivor.number, state=survivor.state_words))
    _bring_back(case, survivor, reason=reason, by=by, now=now)
    _return_talks(found, by=by, now=now)
    rows.change(case, expected=expected, merged_into=None)
    undone = {"undone_at": now, "undone_by": by, "undo_reason": reason.strip()[:500]}
    models.Merge.objects.filter(pk=found.pk).update(**undone)
    _note("taken_out", case, survivor, by=by, now=now, reason=reason)
    steering.reopen(case=case, to=to, reason=reason, by=by, now=now)
    item_actions.settle_oral(case)
    item_actions.settle_oral(survivor)
    running.happened(subject=survivor, by=by, now=now)
    said = _("%(case)s was taken back out of %(survivor)s and goes on by itself.")
    people = list(dict.fromkeys(each for each in (case.owner, survivor.owner) if each is not None))
    _tell(people, case, "case_merged", words.filled(said, case=case, survivor=survivor.number), by=by, now=now)
    search.refresh(case.subject_type, [case.pk, survivor.pk])
    return case


def _bring_back(case: models.Case, survivor: models.Case, *, reason: str, by: org.Person, now: datetime) -> None:
    gone = list(models.Item.objects.filter(case=case, moved_to__case=survivor).select_related("moved_to"))
    standing = {item.pk for item in case_queries.standing_items(survivor)}
    if standing <= {item.moved_to_id for item in gone}:
        said = _("Nothing would be left of %(number)s. Terminate it, or add what it asks by itself first.")
        raise CannotJoin(words.filled(said, number=survivor.number))
    for item in gone:
        copy = item.moved_to
        if copy is None:
            continue
        values: dict[str, Any] = {"moved_to": None}
        if copy.text != item.text:
            values |= _reworded(item, copy)
        if copy.withdrawn_at is not None:
            values |= {"withdrawn_at": copy.withdrawn_at, "withdrawn_reason": copy.withdrawn_reason}
        else:
            copy.case = survivor
            item_actions.leave_off(copy, reason=reason, now=now, expected=copy.version, moved_to=item)
        rows.change(item, expected=item.version, **values)


def _reworded(item: models.Item, copy: models.Item) -> dict[str, Any]:
    """The wording in force of the copy becomes that of the item; what rested on the earlier one is done again."""
    latest = models.Wording.objects.get(item=copy, number=copy.wording_number)
    reopened = rules.reopened_by(item_actions.progress_of(item))
    number = item.wording_number + 1
    latest.pk, latest.item, latest.number, latest.reopened = None, item, number, list(reopened)
    latest._state.adding = True
    latest.save(force_insert=True)
    return {"text": copy.text, "wording_number": number, **item_actions.cleared(reopened)}


# Telling --------------------------------------------------------------------------------------------------------------


def _note(
    done: str, case: models.Case, survivor: models.Case, *, by: org.Person, now: datetime, reason: str, items: int = 0
) -> None:
    """An entry on both cases; none names the other to people who may not see it."""
    for subject, other, word in ((case, survivor, done), (survivor, case, f"{done}_here")):
        note: dict[str, Any] = {"case": other.number} if access.names_openly(subject, other) else {}
        note |= {"items": items} if items else {}
        records.write(by=by, now=now, word=f"cases.case.{word}", subject=subject, reason=reason.strip(), note=note)


def _tell(
    people: Collection[org.Person], subject: models.Case, kind: str, said: Promise, *, by: org.Person, now: datetime
) -> None:
    told = [person for person in people if person != by and access.may_see(person, subject)]
    notify.tell(people=told, subject=subject, kind=kind, words=said, by=by, now=now)
