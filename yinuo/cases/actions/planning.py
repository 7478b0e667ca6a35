"""The handling plan: its actions with persons and dates, their progress, and what verification found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from yinuo.cases import access, models
from yinuo.cases.queries import cases as case_queries
from yinuo.kit import actors, refusals, rows
from yinuo.org import models as org
from yinuo.records import actions as records
from yinuo.search import actions as search

State = models.Measure.State


class CannotPlan(refusals.Refusal):
    """The plan is not complete."""


class CannotVerify(refusals.Refusal):
    """The item cannot be verified like this."""


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One line of the plan: what, who, until when (S5 3(2)); `measure_id` when it is there already."""

    what: str
    person: org.Person
    due_on: date
    item_id: int | None = None
    measure_id: int | None = None


@transaction.atomic
def keep_plan(*, case: models.Case, lines: Sequence[Planned], by: actors.Actor, now: datetime) -> list[models.Measure]:
    """Make the case's plan say what `lines` say: new ones are added, known ones changed, left out ones dropped.

    What has been verified stays as it is.
    """
    access.require_part(by, case)
    items = {item.pk: item for item in case_queries.standing_items(case)}
    there = {measure.pk: measure for measure in case_queries.measures_of(case)}
    kept: set[int] = set()
    position = max((measure.position for measure in there.values()), default=0)
    for line in lines:
        _check(case, line, items, there)
        known = there.get(line.measure_id or 0)
        if known is None:
            position += 1
            _add(case, line, position, by=by, now=now)
            continue
        kept.add(known.pk)
        if known.state != State.VERIFIED:
            _change(known, line, by=by, now=now)
    for measure in there.values():
        if measure.pk not in kept and measure.state in (State.OPEN, State.DONE):
            changes = rows.change(measure, expected=measure.version, state=State.DROPPED)
            records.write(
                by=by, now=now, word="cases.measure.dropped", subject=case, changes=changes, note=_note(measure)
            )
    search.refresh(case.subject_type, [case.pk])
    return list(case_queries.measures_of(case))


def _check(case: models.Case, line: Planned, items: dict[int, models.Item], there: dict[int, models.Measure]) -> None:
    if not line.what.strip():
        raise CannotPlan(_("Every action of the plan needs words, a person and a date."), field="actions")
    if line.item_id is not None and line.item_id not in items:
        raise CannotPlan(_("An action of the plan names an item that is not asked for."), field="actions")
    if line.measure_id is not None and line.measure_id not in there:
        raise CannotPlan(_("An action of the plan belongs to another case."), field="actions")
    access.require_can_see(line.person, case, "actions")


def _add(case: models.Case, line: Planned, position: int, *, by: actors.Actor, now: datetime) -> None:
    measure = models.Measure.objects.create(
        case=case,
        item_id=line.item_id,
        position=position,
        what=line.what.strip(),
        person=line.person,
        due_on=line.due_on,
    )
    changes = rows.created(measure, "what", "person", "due_on")
    records.write(by=by, now=now, word="cases.measure.planned", subject=case, changes=changes, note=_note(measure))


def _change(measure: models.Measure, line: Planned, *, by: actors.Actor, now: datetime) -> None:
    changes = rows.change(
        measure,
        expected=measure.version,
        what=line.what.strip(),
        person=line.person,
        due_on=line.due_on,
        item_id=line.item_id,
        state=State.OPEN if measure.state == State.DROPPED else measure.state,
    )
    if changes:
        records.write(
            by=by, now=now, word="cases.measure.changed", subject=measure.case, changes=changes, note=_note(measure)
        )


def _note(measure: models.Measure) -> dict[str, object]:
    return {"measure": measure.what[:80]}


@transaction.atomic
def finish_measure(*, measure: models.Measure, remark: str, by: actors.Actor, now: datetime) -> models.Measure:
    """An action of the plan was carried out; what was done is kept for tracking (S5 3(4))."""
    access.require_part(by, measure.case)
    changes = rows.change(measure, expected=measure.version, state=State.DONE, done_at=now, remark=remark.strip())
    records.write(by=by, now=now, word="cases.measure.done", subject=measure.case, changes=changes, note=_note(measure))
    search.refresh(measure.case.subject_type, [measure.case_id])
    return measure


@transaction.atomic
def judge_measure(
    *, measure: models.Measure, passed: bool, finding: str, by: actors.Actor, now: datetime
) -> models.Measure:
    """Verification passed or failed an action. An item all of whose actions passed is verified with the last."""
    case = measure.case
    access.require_part(by, case)
    state = State.VERIFIED if passed else State.OPEN
    changes = rows.change(measure, expected=measure.version, state=state)
    word = "cases.measure.verified" if passed else "cases.measure.failed"
    records.write(by=by, now=now, word=word, subject=case, changes=changes, reason=finding, note=_note(measure))
    item = measure.item
    if passed and item is not None and not _unverified(item).exists():
        verify_item(
            item=item, is_met=True, result=measure.remark, finding=finding, by=by, now=now, expected=item.version
        )
    return measure


def _unverified(item: models.Item) -> QuerySet[models.Measure]:
    return models.Measure.objects.filter(item=item, state__in=[State.OPEN, State.DONE])


@transaction.atomic
def verify_item(
    *,
    item: models.Item,
    is_met: bool,
    result: str,
    finding: str,
    by: actors.Actor,
    now: datetime,
    expected: int,
) -> models.Item:
    """Record what came of an item and whether verification found it met."""
    access.require_part(by, item.case)
    if not finding.strip():
        raise CannotVerify(_("Please say what was checked and found."), field="finding")
    changes = rows.change(
        item,
        expected=expected,
        is_met=is_met,
        result=result.strip() or item.result,
        verification=finding.strip(),
        verified_by=by if isinstance(by, org.Person) else None,
        verified_at=now,
    )
    told = [change for change in changes if change.field in ("is_met", "result", "verification")]
    records.write(
        by=by, now=now, word="cases.item.verified", subject=item.case, changes=told, note={"item": item.position}
    )
    search.refresh(item.case.subject_type, [item.case_id])
    return item
