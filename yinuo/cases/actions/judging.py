"""Judging items: analysis by somebody competent, the departments' verdicts, alternatives and the customer's answer."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.cases import access, models, rules
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import competence as competence_queries
from yinuo.kit import actors, refusals, rows
from yinuo.org import models as org
from yinuo.procedures.actions import running
from yinuo.records import actions as records
from yinuo.search import actions as search


class NotCompetent(refusals.Refusal):
    """The analysis of this kind belongs to people whose competence is on record."""

    status = 403


MOST_PIECES = 2**31 - 1  # what both databases hold


class CannotJudge(refusals.Refusal):
    """The judgement is not complete."""


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """What an analyst says of one item (S5 2(1), 2(3)); `expected` is the version seen, where a dialog showed one."""

    item: models.Item
    expected: int | None = None
    is_authentic: bool
    is_feasible: bool
    is_reasonable: bool
    words: str = ""


@transaction.atomic
def analyse(*, case: models.Case, analyses: Sequence[Analysis], by: actors.Actor, now: datetime) -> None:
    """Keep the analysis of items: authentic, feasible, reasonable, each by a person competent in its kind.

    Refused with the names of those who could, where the company keeps a skill for the kind and `by` has it not.
    """
    access.require_part(by, case)
    competence = competence_queries.competence_for({each.item.kind for each in analyses}, timezone.localdate(now))
    for each in analyses:
        item, needed = each.item, competence[each.item.kind]
        if item.withdrawn_at:
            raise CannotJudge(_("Item %(n)s was withdrawn by the customer.") % {"n": item.position})
        if isinstance(by, org.Person) and not needed.covers(by):
            raise _not_competent(item, needed)
        if not (each.is_authentic and each.is_feasible and each.is_reasonable) and not each.words.strip():
            raise CannotJudge(
                _("Item %(n)s: please say why it is not authentic, feasible or reasonable.") % {"n": item.position}
            )
        changes = rows.change(
            item,
            expected=item.version if each.expected is None else each.expected,
            is_authentic=each.is_authentic,
            is_feasible=each.is_feasible,
            is_reasonable=each.is_reasonable,
            analysis=each.words.strip(),
            analysed_by=by if isinstance(by, org.Person) else None,
            analysed_at=now,
            analysed_as=needed.skill.name_zh if needed.skill else "",
        )
        told = [change for change in changes if not change.field.startswith("analysed_")]
        _tell(case, item, "cases.item.analysed", told, by=by, now=now)


def _not_competent(item: models.Item, needed: competence_queries.Competence) -> NotCompetent:
    words = {"n": item.position, "skill": needed.skill, "names": needed.names}
    if needed.people:
        return NotCompetent(
            _(
                "Item %(n)s must be analysed by somebody competent in %(skill)s: %(names)s. Leave its line empty, and "
                "have it analysed by them at the item; or hand the step over."
            )
            % words
        )
    return NotCompetent(_("Item %(n)s: nobody's competence in %(skill)s is on record. Have it recorded first.") % words)


def require_all_analysed(case: models.Case, on: date) -> None:
    """Refuse to go on while items that are still asked for are not analysed; name who can analyse each."""
    missing = [item for item in case_queries.standing_items(case) if item.analysed_at is None]
    if not missing:
        return
    competence = competence_queries.competence_for({item.kind for item in missing}, on)
    lines = [
        _("item %(n)s (%(who)s)") % {"n": item.position, "who": competence[item.kind].names or item.get_kind_display()}
        for item in missing
    ]
    raise CannotJudge(
        _("Not analysed yet: %(items)s. Each is analysed at the item (its menu, “Analyse”); then submit this step.")
        % {"items": "、".join(map(str, lines))}
    )


def _tell(
    case: models.Case, item: models.Item, word: str, changes: Sequence[rows.Change], *, by: actors.Actor, now: datetime,
    reason: str = "",
) -> None:  # fmt: skip
    if changes:
        records.write(
            by=by, now=now, word=word, subject=case, changes=changes, reason=reason, note={"item": item.position}
        )
        search.refresh(case.subject_type, [case.pk])


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one department says to one item."""

    item_id: int
    verdict: str
    condition: str = ""
    party: str = ""


@transaction.atomic
def keep_verdicts(*, case: models.Case, said: Sequence[Said], by: actors.Actor, now: datetime) -> None:
    """The verdict to each item is the worst that a department gave, with all conditions and reasons in words."""
    access.require_part(by, case)
    by_item: dict[int, list[Said]] = defaultdict(list)
    for each in said:
        by_item[each.item_id].append(each)
    for item in case_queries.standing_items(case):
        given = by_item.get(item.pk, [])
        verdict = rules.summary_of(each.verdict for each in given)
        if not verdict:
            continue
        condition = "\n".join(
            f"{each.party}：{each.condition}" if each.party else each.condition for each in given if each.condition
        )
        changes = rows.change(
            item,
            expected=item.version,
            verdict=verdict,
            condition=condition,
            judged_by=by if isinstance(by, org.Person) else None,
            judged_at=now,
        )
        _tell(
            case, item, "cases.item.judged", [c for c in changes if not c.field.startswith("judged_")], by=by, now=now
        )


@transaction.atomic
def judge(
    *, item: models.Item, verdict: str, condition: str, by: org.Person, now: datetime, expected: int
) -> models.Item:
    """Set the verdict to one item by hand, e.g. after talks between departments."""
    access.require_handler(by, item.case)
    if verdict not in models.Verdict.values:
        raise CannotJudge(_("Please choose a verdict."), field="verdict")
    if rules.needs_words(verdict) and not condition.strip():
        raise CannotJudge(_("Please say on what condition it can be met, or why it cannot."), field="condition")
    changes = rows.change(
        item, expected=expected, verdict=verdict, condition=condition.strip(), judged_by=by, judged_at=now
    )
    _tell(item.case, item, "cases.item.judged", changes[:2], by=by, now=now)
    running.happened(subject=item.case, by=by, now=now)
    return item


@transaction.atomic
def propose(
    *,
    item: models.Item,
    reason: str,
    alternative: str,
    by: actors.Actor,
    now: datetime,
    expected: int,
    asked_until_on: date | None = None,
    asked_quantity: int | None = None,
) -> models.Item:
    """Explain why an item cannot be met and propose something else (S5 3(3)), for a time or a quantity where it is a
    deviation; an earlier answer no longer counts."""
    access.require_part(by, item.case)
    if not alternative.strip():
        raise CannotJudge(_("Please propose an alternative."), field="alternative")
    if asked_quantity is not None and not 0 < asked_quantity <= MOST_PIECES:
        raise CannotJudge(_("A quantity is a whole number of pieces from 1."), field="quantity")
    changes = rows.change(
        item,
        expected=expected,
        condition=reason.strip() or item.condition,
        alternative=alternative.strip(),
        asked_until_on=asked_until_on,
        asked_quantity=asked_quantity,
        answer="",
        answer_by="",
        answer_on=None,
        waived_until_on=None,
        waived_quantity=None,
    )
    _tell(item.case, item, "cases.item.proposed", changes, by=by, now=now)
    return item


@transaction.atomic
def record_answer(
    *,
    item: models.Item,
    answer: str,
    answer_by: str,
    answer_on: date,
    by: org.Person,
    now: datetime,
    expected: int,
    waived_until_on: date | None = None,
    waived_quantity: int | None = None,
) -> models.Item:
    """The customer decided about our alternative: accepted, rejected, or waived until a day or for a quantity."""
    access.require_handler(by, item.case)
    today = timezone.localdate(now)
    if answer not in models.Answer.values:
        raise CannotJudge(_("Please choose what the customer decided."), field="answer")
    if not item.alternative:
        raise CannotJudge(_("Nothing has been proposed for this item yet."))
    if not answer_by.strip():
        raise CannotJudge(_("Please say who at the customer decided."), field="answer_by")
    if answer_on > today:
        raise CannotJudge(_("It cannot have been decided in the future."), field="answer_on")
    is_waived = answer == models.Answer.WAIVED
    if is_waived and rules.is_endless(waived_until_on, waived_quantity):
        raise CannotJudge(_("A waiver needs an expiry date or a quantity."), field="waived_until_on")
    if is_waived and waived_until_on and waived_until_on < today:
        raise CannotJudge(_("The waiver would be over already."), field="waived_until_on")
    changes = rows.change(
        item,
        expected=expected,
        answer=answer,
        answer_by=answer_by.strip(),
        answer_on=answer_on,
        waived_until_on=waived_until_on if is_waived else None,
        waived_quantity=waived_quantity if is_waived else None,
        told_waiver_on=None,
    )
    _tell(item.case, item, "cases.item.answered", changes, by=by, now=now)
    running.happened(subject=item.case, by=by, now=now)
    return item
