"""Steering a case: its facts, priority, owner; hold, end and reopening; following a change of scope."""

import copy
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from yinuo.cases import access, definition, models, rules
from yinuo.cases.actions import items, opening, own_fields
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import circles as circle_queries
from yinuo.cases.queries import conventions as convention_queries
from yinuo.customers import models as customers
from yinuo.kit import actors, plugs, refusals, rows
from yinuo.kit import words as kit_words
from yinuo.notify import actions as notify
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures import models as procedures
from yinuo.procedures.actions import running
from yinuo.procedures.definition.texts import Text
from yinuo.procedures.queries import runs as run_queries
from yinuo.records import actions as records
from yinuo.search import actions as search


class CannotRank(refusals.Refusal):
    """The priority cannot be set like this."""


class CannotChange(refusals.Refusal):
    """The case cannot be changed like this."""


@transaction.atomic
def change_priority(
    *, case: models.Case, priority: int, reason: str, by: org.Person, now: datetime, expected: int
) -> models.Case:
    """Set another priority than the table's, with a reason; the due moment follows.

    Health and safety stay top unless somebody who steers gives the reason (S7 2).
    """
    access.require_steerer(by, case)
    access.require_open(case)
    if priority not in models.Priority.values:
        raise CannotRank(_("Please choose a priority."), field="priority")
    if not reason.strip():
        raise CannotRank(_("Please give the reason for the other priority."), field="reason")
    before = (case.due_at, case.is_provisional, case.priority, case.priority_zh, case.priority_en)
    why = Text(f"{by.name}：{reason.strip()}", f"{by.name}: {reason.strip()}")
    opening.put_priority(case, priority, why, convention_queries.convention(), org_queries.calendar(case.site_id))
    columns = ("due_at", "is_provisional", "priority", "priority_zh", "priority_en")
    values = {name: getattr(case, name) for name in columns}
    for name, old in zip(columns, before, strict=True):
        setattr(case, name, old)
    changes = rows.change(case, expected=expected, **values, priority_by=by)
    told = [change for change in changes if change.field in ("priority", "due_at")]
    note = {"lowers_safety": rules.lowers_safety(case.is_safety, definition.Priority(priority))}
    records.write(by=by, now=now, word="cases.case.ranked", subject=case, changes=told, reason=reason, note=note)
    return case


@transaction.atomic
def change_owner(
    *, case: models.Case, owner: org.Person, by: org.Person, now: datetime, expected: int, reason: str = "",
    quietly: bool = False,
) -> models.Case:  # fmt: skip
    """Give the case to another owner, who is told; `quietly`: one of many, of which they are told as a whole."""
    access.require_steerer(by, case)
    access.require_open(case)
    access.require_can_see(owner, case, "owner")
    changes = rows.change(case, expected=expected, owner=owner)
    if changes:
        records.write(by=by, now=now, word="cases.case.given", subject=case, changes=changes, reason=reason)
    if changes and not quietly:
        words: str | Promise = format_lazy(_("You are now the owner: {case}"), case=case.subject_label)
        if reason:
            said = _("You are now the owner: %(case)s. Reason: %(reason)s")
            words = kit_words.filled(said, case=case.subject_label, reason=reason[:300])
        notify.tell(people=[owner], subject=case, kind="case_given", words=words, by=by, now=now)
    return case


CORRECTED = (
    "title", "text", "customer", "said_by", "contact", "channel", "said_at", "notified_at", "wanted_on", "promised_on",
    "project", "site", "is_safety", "stops_line", "more",
)  # fmt: skip


@transaction.atomic
def correct(
    *,
    case: models.Case,
    by: org.Person,
    now: datetime,
    expected: int,
    reason: str = "",
    products: Sequence[customers.Product] | None = None,
    is_oral: bool | None = None,
    **values: Any,
) -> models.Case:
    """Correct what was registered; it must fit together as at registration, and the case stays as confidential as
    what it is about. `is_oral`: whether it was only spoken and waits for writing; what is confirmed stays confirmed.

    What bears on the priority ranks the case anew, unless a person has ranked it; health and safety always do. Only
    somebody who steers takes the mark of safety away, with a `reason`.
    """
    access.require_handler(by, case)
    unknown = set(values) - set(CORRECTED)
    if unknown:
        raise ValueError(f"not corrected: {sorted(unknown)}")
    lowers = case.is_safety and values.get("is_safety") is False
    if lowers:
        access.require_steerer(by, case)
        if not reason.strip():
            raise CannotChange(_("Please say why health or safety is not concerned."), field="reason")
    if lowers or (not case.is_safety and values.get("is_safety")):
        values["priority_by"] = None
    _check_corrected(case, values, products, by=by, now=now)
    changes = [each for each in rows.change(case, expected=expected, **values) if each.field != "priority_by"]
    changes = own_fields.in_words("case", changes)
    changes += _set_products(case, products)
    if is_oral is not None and is_oral != (case.oral == models.Confirmation.WAITING):
        changes += items.set_oral(case, is_oral, now)
    if not changes:
        return case
    changes += _rank_anew(case) if case.priority_by_id is None else []
    note = {"lowers_safety": True} if lowers else {}
    records.write(by=by, now=now, word="cases.case.corrected", subject=case, changes=changes, reason=reason, note=note)
    rescope(cases=[case], by=by, now=now)
    search.refresh(case.subject_type, [case.pk])
    running.happened(subject=case, by=by, now=now)
    return case


def _check_corrected(
    case: models.Case, values: dict[str, Any], products: Sequence[customers.Product] | None, *, by: org.Person,
    now: datetime,
) -> None:  # fmt: skip
    """What the case would say must fit together; `by` must be allowed to register where it would stand then."""
    if "more" in values:
        values["more"] = own_fields.merged("case", case.more, values["more"])
    if values.get("contact") and not values.get("said_by", case.said_by).strip():
        values["said_by"] = values["contact"].name
    as_corrected = copy.copy(case)
    for name, value in values.items():
        setattr(as_corrected, name, value)
    products = list(case.products.all()) if products is None else products
    about = (as_corrected.customer, as_corrected.project, products)
    as_corrected.scope_id = circle_queries.scope_of(*about, stays=case.scope_id)
    opening.check_case(as_corrected, now)
    if as_corrected.site_id != case.site_id and not access.may_open(by, case.scope_id, as_corrected.site_id):
        raise refusals.NotAllowed()
    narrowed = models.Item.objects.filter(case=case, withdrawn_at=None, applies=models.Applies.PROJECT)
    if as_corrected.project is None and narrowed.exists():
        raise CannotChange(_("An item applies to the project; change the item first."), field="project")


def _set_products(case: models.Case, products: Sequence[customers.Product] | None) -> list[rows.Change]:
    """The products that the case is about, as given; those to which an item is narrowed stay."""
    there = list(case.products.order_by("pk"))
    if products is None or {each.pk for each in products} == {each.pk for each in there}:
        return []
    needed = models.Item.objects.filter(case=case, withdrawn_at=None, product__isnull=False)
    if needed.exclude(product__in=products).exists():
        raise CannotChange(_("An item applies to a product that is left out; change the item first."), field="products")
    case.products.set(products)
    before, after = (", ".join(each.number for each in found) for found in (there, products))
    return [rows.Change("products", before, after)]


def _rank_anew(case: models.Case) -> list[rows.Change]:
    columns = ("priority", "priority_zh", "priority_en", "due_at", "is_provisional")
    before = {name: getattr(case, name) for name in columns}
    kinds = [item.kind for item in case_queries.standing_items(case)]
    opening.rank(case, kinds, convention_queries.convention(), org_queries.calendar(case.site_id))
    after = {name: getattr(case, name) for name in columns}
    models.Case.objects.filter(pk=case.pk).update(**after)
    return [
        rows.Change(name, rows.plain(before[name]), rows.plain(after[name]))
        for name in ("priority", "due_at")
        if before[name] != after[name]
    ]


# Hold, end, reopening ------------------------------------------------------------------------------------------------


def _run(case: models.Case) -> procedures.Run:
    run = run_queries.run_of(case)
    if run is None:
        raise CannotChange(_("No procedure is under way for this case."))
    return run


@transaction.atomic
def hold(*, case: models.Case, reason: str, by: org.Person, now: datetime) -> models.Case:
    """Put the case on hold for the customer; the time is counted apart from ours."""
    access.require_steerer(by, case)
    run = _run(case)
    running.hold(run=run, reason=reason, by=by, now=now, expected=run.version)
    case.refresh_from_db()
    return case


@transaction.atomic
def resume(*, case: models.Case, by: org.Person, now: datetime) -> models.Case:
    """Go on after a hold."""
    access.require_steerer(by, case)
    run = _run(case)
    running.resume(run=run, by=by, now=now, expected=run.version)
    case.refresh_from_db()
    return case


@transaction.atomic
def terminate(*, case: models.Case, reason: str, by: org.Person, now: datetime) -> models.Case:
    """End the case before its end (终止), with the reason."""
    access.require_steerer(by, case)
    access.require_open(case)
    run = _run(case)
    running.terminate(run=run, reason=reason, by=by, now=now, expected=run.version)
    case.refresh_from_db()
    return case


@transaction.atomic
def reopen(*, case: models.Case, to: str, reason: str, by: org.Person, now: datetime) -> models.Case:
    """Take up a case that is over again, at the step `to`, with the reason; what was merged is taken out instead."""
    access.require_steerer(by, case)
    if case.is_merged:
        access.require_open(case)
    run = _run(case)
    running.reopen(run=run, to=to, reason=reason, by=by, now=now, expected=run.version)
    case.refresh_from_db()
    return case


# Scope ---------------------------------------------------------------------------------------------------------------


@transaction.atomic
def rescope(*, cases: list[models.Case], by: actors.Actor, now: datetime) -> None:
    """Customer, project or product became confidential or open: the cases follow, and all that hangs on them."""
    for case in cases:
        about = (case.customer, case.project, list(case.products.all()))
        scope_id = circle_queries.scope_of(*about, stays=case.scope_id)
        if scope_id == case.scope_id:
            continue
        changes, was = [rows.Change("scope", case.scope_id, scope_id)], case.scope_id
        models.Case.objects.filter(pk=case.pk).update(scope_id=scope_id)
        case.scope_id = scope_id
        models.Lesson.objects.filter(case=case).update(scope_id=scope_id)
        plugs.announce("kit.rescoped", type=case.subject_type, id=case.pk, scope_id=scope_id, was=was)
        for item in case.items.all():
            plugs.announce("kit.rescoped", type=item.subject_type, id=item.pk, scope_id=scope_id)
        for sample in case.samples.all():
            plugs.announce("kit.rescoped", type=sample.subject_type, id=sample.pk, scope_id=scope_id)
        search.refresh(models.Sample.subject_type, list(case.samples.values_list("pk", flat=True)))
        for feedback in case.feedbacks.all():
            plugs.announce("kit.rescoped", type=feedback.subject_type, id=feedback.pk, scope_id=scope_id)
        records.write(by=by, now=now, word="cases.case.rescoped", subject=case, changes=changes)
        search.refresh(case.subject_type, [case.pk])
        search.refresh(models.Lesson.subject_type, list(case.lessons.values_list("pk", flat=True)))
