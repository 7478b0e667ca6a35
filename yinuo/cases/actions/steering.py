"""Steering a case: its facts, priority, owner; hold, end and reopening; following a change of scope."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from yinuo.cases import access, definition, models, queries, rules
from yinuo.cases.actions import opening
from yinuo.kit import actors, plugs, refusals, rows
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
    opening.put_priority(case, priority, why, queries.convention(), org_queries.calendar(case.site_id))
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
def change_owner(*, case: models.Case, owner: org.Person, by: org.Person, now: datetime, expected: int) -> models.Case:
    """Give the case to another owner, who is told."""
    access.require_steerer(by, case)
    access.require_open(case)
    if not access.may_see(owner, case):
        raise CannotChange(_("%(name)s may not see this case.") % {"name": owner.name}, field="owner")
    changes = rows.change(case, expected=expected, owner=owner)
    if changes:
        records.write(by=by, now=now, word="cases.case.given", subject=case, changes=changes)
        words = format_lazy(_("You are now the owner: {case}"), case=case.subject_label)
        notify.tell(people=[owner], subject=case, kind="case_given", words=words, by=by, now=now)
    return case


CORRECTED = (
    "title", "text", "said_by", "contact", "channel", "said_at", "wanted_on", "promised_on", "project", "is_safety",
    "stops_line",
)  # fmt: skip


@transaction.atomic
def correct(*, case: models.Case, by: org.Person, now: datetime, expected: int, **values: Any) -> models.Case:
    """Correct what was registered. What bears on the priority ranks the case anew, unless a person has ranked it."""
    access.require_handler(by, case)
    unknown = set(values) - set(CORRECTED)
    if unknown:
        raise ValueError(f"not corrected: {sorted(unknown)}")
    if "title" in values and not values["title"].strip():
        raise CannotChange(_("Please give the request a title."), field="title")
    if case.is_safety and values.get("is_safety") is False:
        access.require_steerer(by, case)
    changes = rows.change(case, expected=expected, **values)
    if not changes:
        return case
    ranked = _rank_anew(case) if case.priority_by_id is None else []
    records.write(by=by, now=now, word="cases.case.corrected", subject=case, changes=[*changes, *ranked])
    search.refresh(case.subject_type, [case.pk])
    running.happened(subject=case, by=by, now=now)
    return case


def _rank_anew(case: models.Case) -> list[rows.Change]:
    columns = ("priority", "priority_zh", "priority_en", "due_at", "is_provisional")
    before = {name: getattr(case, name) for name in columns}
    kinds = [item.kind for item in queries.standing_items(case)]
    opening.rank(case, kinds, queries.convention(), org_queries.calendar(case.site_id))
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
    """Take up a case that is over again, at the step `to`, with the reason."""
    access.require_steerer(by, case)
    run = _run(case)
    running.reopen(run=run, to=to, reason=reason, by=by, now=now, expected=run.version)
    case.refresh_from_db()
    return case


# Scope ---------------------------------------------------------------------------------------------------------------


@transaction.atomic
def rescope(*, cases: list[models.Case], by: actors.Actor, now: datetime) -> None:
    """Customer, project or product became confidential or open: the cases follow, and all that hangs on them."""
    for case in cases:
        scope_id = opening.scope_of(case.customer, case.project, list(case.products.all()))
        if scope_id == case.scope_id:
            continue
        changes = [rows.Change("scope", case.scope_id, scope_id)]
        models.Case.objects.filter(pk=case.pk).update(scope_id=scope_id)
        case.scope_id = scope_id
        models.Lesson.objects.filter(case=case).update(scope_id=scope_id)
        plugs.announce("kit.rescoped", type=case.subject_type, id=case.pk, scope_id=scope_id)
        for item in case.items.all():
            plugs.announce("kit.rescoped", type=item.subject_type, id=item.pk, scope_id=scope_id)
        for sample in case.samples.all():
            plugs.announce("kit.rescoped", type=sample.subject_type, id=sample.pk, scope_id=scope_id)
        for feedback in case.feedbacks.all():
            plugs.announce("kit.rescoped", type=feedback.subject_type, id=feedback.pk, scope_id=scope_id)
        records.write(by=by, now=now, word="cases.case.rescoped", subject=case, changes=changes)
        search.refresh(case.subject_type, [case.pk])
        search.refresh(models.Lesson.subject_type, list(case.lessons.values_list("pk", flat=True)))
