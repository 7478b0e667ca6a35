"""Items and their wordings: adding, describing, amending, confirming in writing, splitting, withdrawing."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from yinuo.cases import access, models, rules
from yinuo.cases.actions import following, opening, own_fields
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import conventions as convention_queries
from yinuo.kit import actors, refusals, rows
from yinuo.letters import models as letters
from yinuo.notify import actions as notify
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures.actions import running
from yinuo.records import actions as records
from yinuo.search import actions as search

Confirmation = models.Confirmation


class CannotAmend(refusals.Refusal):
    """The wording cannot be changed like this."""


class CannotConfirm(refusals.Refusal):
    """There is nothing to be confirmed here."""


@transaction.atomic
def add_item(*, case: models.Case, new: opening.NewItem, reason: str, by: org.Person, now: datetime) -> models.Item:
    """The customer asks one thing more: a new item, and the case goes back to analysis."""
    access.require_handler(by, case)
    if not new.text.strip() or new.kind not in models.Kind.values or new.applies not in models.Applies.values:
        raise CannotAmend(_("Please write down the requirement and choose its nature."), field="text")
    if new.channel not in models.Channel.values:
        raise CannotAmend(_("Please choose how it reached us."), field="channel")
    if not new.said_by.strip():
        raise CannotAmend(_("Please say who at the customer said it."), field="said_by")
    if new.said_at and new.said_at > now:
        raise CannotAmend(_("It cannot have been said in the future."), field="said_at")
    products = list(case.products.all())
    opening.check_reach(new, case.project, products)
    if new.more is not None and new.came_from is None:
        own_fields.check("item", new.more)
    access.require_can_see(new.owner, case, "owner")
    try:
        with transaction.atomic():
            item = models.Item.objects.create(
                case=case,
                position=_next_position(case),
                text=new.text.strip(),
                kind=new.kind,
                applies=new.applies,
                product=opening.only_product(new.applies, new.product, products),
                site=new.site,
                owner=new.owner,
                due_on=new.due_on,
                more=dict(new.more or {}),
                came_from=new.came_from,
            )
    except IntegrityError:
        raise refusals.Stale() from None  # somebody added one at the same moment and has its position
    wording = opening.first_wording(
        item, channel=new.channel, said_by=new.said_by.strip(), said_at=new.said_at, is_oral=new.is_oral, by=by, now=now
    )
    if new.is_oral:
        wording.confirm_due_on = _oral_due(case, now)
    wording.save()
    _told(case, item, "cases.item.added", rows.created(item, "text", "kind", "owner"), by=by, now=now, reason=reason)
    settle_oral(case)
    _tell_owner(item, by=by, now=now)
    following.send_back(case, reason=reason or item.text, by=by, now=now)
    return item


def _next_position(case: models.Case) -> int:
    last = models.Item.objects.filter(case=case).aggregate(last=Max("position"))["last"]
    return int(last or 0) + 1


def _told(
    case: models.Case,
    item: models.Item,
    word: str,
    changes: Sequence[rows.Change],
    *,
    by: actors.Actor,
    now: datetime,
    reason: str = "",
) -> None:
    """The trail's entry on the case, where people look for it, and the index."""
    records.write(by=by, now=now, word=word, subject=case, changes=changes, reason=reason, note={"item": item.position})
    search.refresh(case.subject_type, [case.pk])


DESCRIBED = ("kind", "applies", "product", "site", "owner", "due_on", "result")


@transaction.atomic
def describe(
    *, item: models.Item, by: actors.Actor, now: datetime, expected: int, reason: str = "", quietly: bool = False,
    **values: Any,
) -> models.Item:  # fmt: skip
    """Set kind, reach, product, site, owner, due day or result of an item (not its words); its result until it is
    verified. `quietly`: one of many, of which whoever gets them is told as a whole."""
    access.require_part(by, item.case)
    unknown = set(values) - set(DESCRIBED)
    if unknown:
        raise ValueError(f"not described: {sorted(unknown)}")
    after = {name: values.get(name, getattr(item, name)) for name in DESCRIBED}
    products = list(item.case.products.all())
    after["product"] = opening.only_product(after["applies"], after["product"], products)
    after["site"] = after["site"] if after["applies"] == models.Applies.SITE else None
    reach = {name: after[name] for name in ("kind", "applies", "product", "site")}
    opening.check_reach(opening.NewItem(text=item.text, **reach), item.case.project, products)
    access.require_can_see(after["owner"], item.case, "owner")
    if after["result"] != item.result and item.is_met is not None:
        raise CannotAmend(_("This result was verified. Verify the item again to change it."), field="result")
    if after["due_on"] != item.due_on:
        after["told_due_on"] = None
    changes = [change for change in rows.change(item, expected=expected, **after) if change.field != "told_due_on"]
    if changes:
        records.write(
            by=by, now=now, word="cases.item.described", subject=item.case, changes=changes, reason=reason,
            note={"item": item.position},
        )  # fmt: skip
    if any(change.field == "result" for change in changes):
        search.refresh(item.case.subject_type, [item.case_id])
    if not quietly and any(change.field == "owner" for change in changes):
        _tell_owner(item, by=by, now=now)
    return item


def _tell_owner(item: models.Item, *, by: actors.Actor, now: datetime) -> None:
    """Whoever is named as an item's owner hears of it, with its due day; the case's own owner knows anyway."""
    if item.owner is None or item.owner == by or item.owner_id == item.case.owner_id:
        return
    said = _("You own item {n}, due {day}: {case}") if item.due_on else _("You own item {n}: {case}")
    words = format_lazy(said, n=item.position, day=item.due_on, case=item.case.subject_label)
    notify.tell(people=[item.owner], subject=item.case, kind="item_given", words=words, by=by, now=now)


@transaction.atomic
def amend(
    *,
    item: models.Item,
    text: str,
    reason: str,
    by: org.Person,
    now: datetime,
    expected: int,
    channel: str = "",
    said_by: str = "",
    said_at: datetime | None = None,
    is_oral: bool = False,
) -> models.Wording:
    """The customer says it otherwise: a new wording beside the old one, which says what it reopens (C45).

    Whatever was analysed, judged, decided, planned or verified rested on the old words: it is done again, and the
    case goes back to analysis. What was there before stays in the trail.
    """
    access.require_handler(by, item.case)
    if not reason.strip():
        raise CannotAmend(_("Please say why the wording changes."), field="reason")
    return _reword(
        item,
        text,
        models.Wording.Source.AMENDED,
        by=by,
        now=now,
        expected=expected,
        reason=reason,
        told={"channel": channel, "said_by": said_by or item.case.speaker, "said_at": said_at},
        is_oral=is_oral,
    )


@transaction.atomic
def agree(
    *,
    item: models.Item,
    text: str,
    thread: letters.Thread | None,
    by: actors.Actor,
    now: datetime,
    expected: int,
) -> models.Wording | None:
    """A clarification ended with these words (S5 2(2)): the agreed wording, or None when the words stay as they are.

    Agreed before departments judged it, it reopens nothing; afterwards it reopens like an amendment.
    """
    access.require_part(by, item.case)
    if text.strip() == item.text or not isinstance(by, org.Person):
        return None
    return _reword(
        item, text, models.Wording.Source.AGREED, by=by, now=now, expected=expected, reason="", told={"thread": thread}
    )


def _reword(
    item: models.Item,
    text: str,
    source: str,
    *,
    by: org.Person,
    now: datetime,
    expected: int,
    reason: str,
    told: Mapping[str, Any],
    is_oral: bool = False,
) -> models.Wording:
    """The new wording with what it reopens; results that rested on the old one are taken back."""
    text = text.strip()
    if not text:
        raise CannotAmend(_("Please write down the new wording."), field="text")
    if text == item.text:
        raise CannotAmend(_("This is the wording already in force."), field="text")
    if item.withdrawn_at:
        raise CannotAmend(_("The customer has withdrawn this item."))
    reopened = rules.reopened_by(progress_of(item))
    if source == models.Wording.Source.AGREED:
        # Whoever analyses judges the customer's answer in the same step.
        reopened = tuple(part for part in reopened if part != "analysed")
    due_on = _oral_due(item.case, now) if is_oral else None
    # Before the wording: of two people rewording at once the second is told here.
    number = item.wording_number + 1
    changes = rows.change(item, expected=expected, text=text, wording_number=number, **cleared(reopened))
    wording = models.Wording.objects.create(
        item=item,
        number=number,
        text=text,
        source=source,
        reopened=list(reopened),
        reason=reason[:500],
        by=by,
        at=now,
        confirmation=Confirmation.WAITING if is_oral else Confirmation.NOT_NEEDED,
        confirm_due_on=due_on,
        **told,
    )
    _replace_waiting(item, except_number=number)
    models.Measure.objects.filter(item=item, state=models.Measure.State.VERIFIED).update(
        state=models.Measure.State.DONE
    )
    word = "cases.item.amended" if source == models.Wording.Source.AMENDED else "cases.item.agreed"
    _told(item.case, item, word, changes, by=by, now=now, reason=reason)
    settle_oral(item.case)
    if reopened or source == models.Wording.Source.AMENDED:
        following.send_back(item.case, reason=reason or text, by=by, now=now)
    else:
        running.happened(subject=item.case, by=by, now=now)
    return wording


def _oral_due(case: models.Case, now: datetime) -> date:
    """By which day words spoken now are to be confirmed in writing."""
    return org_queries.calendar(case.site_id).working_day(now, convention_queries.convention().oral_days)


def _replace_waiting(item: models.Item, *, except_number: int = 0) -> None:
    """Spoken words that were replaced or withdrawn wait for no confirmation any more."""
    waiting = models.Wording.objects.filter(item=item, confirmation=Confirmation.WAITING).exclude(number=except_number)
    waiting.update(confirmation=Confirmation.NOT_NEEDED, confirm_due_on=None)


def progress_of(item: models.Item) -> rules.Progress:
    """How far an item has come."""
    return rules.Progress(
        analysed=item.analysed_at is not None,
        judged=bool(item.verdict),
        decided=bool(item.answer or item.alternative),
        planned=item.measures.exclude(state=models.Measure.State.DROPPED).exists(),
        verified=item.is_met is not None,
    )


RESTS_ON: dict[str, dict[str, Any]] = {
    "analysed": {
        "is_authentic": None, "is_feasible": None, "is_reasonable": None, "analysis": "", "analysed_by": None,
        "analysed_at": None, "analysed_as": "",
    },
    "judged": {"verdict": "", "condition": "", "judged_by": None, "judged_at": None},
    "decided": {
        "alternative": "", "answer": "", "answer_by": "", "answer_on": None, "waived_until_on": None,
        "waived_quantity": None, "asked_until_on": None, "asked_quantity": None, "told_waiver_on": None,
    },
    "planned": {},
    "verified": {"result": "", "is_met": None, "verification": "", "verified_by": None, "verified_at": None},
}  # fmt: skip


def cleared(parts: Sequence[str]) -> dict[str, Any]:
    """The empty values of the columns that rest on the wording."""
    return {name: value for part in parts for name, value in RESTS_ON[part].items()}


@transaction.atomic
def confirm_wording(
    *, wording: models.Wording, confirmed: bool, how: str, by: org.Person, now: datetime
) -> models.Wording:
    """The customer confirmed oral words in writing (已书面确认), or will not (顾客不予书面确认); `how` says by what."""
    case = wording.item.case
    access.require_handler(by, case)
    if not how.strip():
        raise CannotConfirm(_("Please say in which mail or letter, or who refused."), field="how")
    state = Confirmation.CONFIRMED if confirmed else Confirmation.REFUSED
    done = models.Wording.objects.filter(pk=wording.pk, confirmation=Confirmation.WAITING).update(
        confirmation=state, confirmed_at=now, confirmed_how=how.strip()[:300]
    )
    if not done:
        raise CannotConfirm(_("These words do not wait for a confirmation."))
    wording.confirmation, wording.confirmed_at, wording.confirmed_how = state, now, how.strip()[:300]
    changes = [rows.Change("confirmation", str(Confirmation.WAITING), str(state))]
    _told(case, wording.item, "cases.item.confirmed", changes, by=by, now=now, reason=how)
    settle_oral(case)
    running.happened(subject=case, by=by, now=now)
    return wording


def set_oral(case: models.Case, is_oral: bool, now: datetime) -> list[rows.Change]:
    """The request was only spoken, or was not, other than registered: its wordings in force wait for writing or not."""
    before = case.oral
    of_case = models.Wording.objects.filter(item__case=case, item__withdrawn_at=None, number=F("item__wording_number"))
    if is_oral:
        spoken = of_case.filter(confirmation=Confirmation.NOT_NEEDED)
        spoken.update(confirmation=Confirmation.WAITING, confirm_due_on=_oral_due(case, now))
    else:
        written = of_case.filter(confirmation=Confirmation.WAITING)
        written.update(confirmation=Confirmation.NOT_NEEDED, confirm_due_on=None)
    settle_oral(case)
    return [rows.Change("oral", before, case.oral)] if case.oral != before else []


def settle_oral(case: models.Case) -> None:
    """The case's own columns say how its wordings in force stand, and by which day the first is to be confirmed."""
    standing = case_queries.standing_items(case)
    numbers = {item.pk: item.wording_number for item in standing}
    wordings = models.Wording.objects.filter(item__in=standing)
    in_force = [each for each in wordings if each.number == numbers[each.item_id]]
    oral = rules.oral_of(each.confirmation for each in in_force)
    waiting = [each.confirm_due_on for each in in_force if each.confirmation == Confirmation.WAITING]
    due = min(filter(None, waiting), default=case.oral_due_on)
    if (oral, due) != (case.oral, case.oral_due_on):
        models.Case.objects.filter(pk=case.pk).update(oral=oral, oral_due_on=due)
        case.oral, case.oral_due_on = oral, due


@transaction.atomic
def withdraw_item(*, item: models.Item, reason: str, by: org.Person, now: datetime, expected: int) -> models.Item:
    """The customer no longer asks this item; it stays readable. A case keeps at least one."""
    access.require_handler(by, item.case)
    if not reason.strip():
        raise CannotAmend(_("Please say who withdrew it and why."), field="reason")
    if item.withdrawn_at:
        raise CannotAmend(_("The customer has withdrawn this item."))
    if len(case_queries.standing_items(item.case)) < 2:
        raise CannotAmend(_("This is the last item. Terminate the case instead."))
    changes = leave_off(item, reason=reason, now=now, expected=expected)
    _told(item.case, item, "cases.item.withdrawn", changes[:1], by=by, now=now, reason=reason)
    settle_oral(item.case)
    running.happened(subject=item.case, by=by, now=now)
    return item


def leave_off(
    item: models.Item, *, reason: str, now: datetime, expected: int, moved_to: models.Item | None = None
) -> list[rows.Change]:
    """The case goes on without the item: withdrawn, or gone over to another case as `moved_to`. It stays readable."""
    gone = {"withdrawn_at": now, "withdrawn_reason": reason.strip()[:500], "moved_to": moved_to}
    changes = rows.change(item, expected=expected, **gone)
    models.Measure.objects.filter(item=item, state=models.Measure.State.OPEN).update(state=models.Measure.State.DROPPED)
    _replace_waiting(item)
    return [change for change in changes if change.field != "moved_to"]
