"""Handing over what somebody has in hand (工作移交): each thing is an act of its own; what cannot be given stays and
says why."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yinuo.kit import duties, jobs, plugs, refusals
from yinuo.org import access, models, queries
from yinuo.org.actions import people
from yinuo.records import actions as records

log = logging.getLogger(__name__)

AT_ONCE = 50  # rows done while the person waits; more are done in the background
STEP = 10  # rows between two looks at the clock in the background
POST = "org.post"
AGAIN = timedelta(minutes=1)  # when the background looks whether what was done at once came to its end


class CannotHandOver(refusals.Refusal):
    """It cannot be handed over like this."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One duty for one successor: the plug's name, the row's key, the version that was seen."""

    duty: str
    key: int
    expected: int
    to: models.Person


@transaction.atomic
def begin(
    *, person: models.Person, choices: Sequence[Choice], reason: str, last_on: date, leaves: bool, expected: int,
    by: models.Person, now: datetime,
) -> models.HandOver:  # fmt: skip
    """Write down who gets what, and (`leaves`) that the person leaves the company with the last day.

    What the person has no longer, or `by` may not see, is passed by. `carry_on` does what is written here; should it
    not come to that, the background does.
    """
    _check(person, choices, reason, leaves, by=by, now=now)
    there = {each.plug.name: {d.key: d for d in each.held.duties} for each in queries.in_hand(person, by, now)}
    hand_over = models.HandOver.objects.create(
        person=person, by=by, at=now, last_on=last_on, reason=reason.strip()[:300]
    )
    found = [(choice, there.get(choice.duty, {}).get(choice.key)) for choice in choices]
    rows = [_row(hand_over, choice, duty) for choice, duty in found if duty is not None]
    if leaves:
        _let_leave(hand_over, rows, expected=expected, by=by, now=now)
    models.HandedOver.objects.bulk_create(rows)
    records.write(
        by=by,
        now=now,
        word="org.person.hand_over_began",
        subject=person,
        reason=hand_over.reason,
        note={"things": len(rows), "to": sorted({row.to.name for row in rows})},
    )
    after = timedelta(0) if len(rows) > AT_ONCE else AGAIN
    jobs.enqueue("org.hand_over", key=f"{hand_over.pk}-{len(rows)}", now=now, after=after, hand_over=hand_over.pk)
    return hand_over


def _check(
    person: models.Person, choices: Sequence[Choice], reason: str, leaves: bool, *, by: models.Person, now: datetime
) -> None:
    superior = queries.superior_of(person, timezone.localtime(now).date())
    if not access.may_hand_over(by, person, superior):
        raise refusals.NotAllowed()
    if not reason.strip():
        raise CannotHandOver(_("Please give a reason."), field="reason")
    if not choices and not leaves:
        raise CannotHandOver(_("Nothing would be handed over: choose who takes over."), field="to")
    for to in {choice.to for choice in choices}:
        if to.pk == person.pk:
            raise CannotHandOver(_("Choose somebody else."), field="to")
        if not to.is_active:
            raise CannotHandOver(_("%(name)s does not work here any more.") % {"name": to.name}, field="to")


def _let_leave(
    hand_over: models.HandOver, rows: Sequence[models.HandedOver], *, expected: int, by: models.Person, now: datetime
) -> None:
    """The person leaves with the last day, which ends their posts: rows that saw them as they were still do."""
    person = hand_over.person
    before = dict(person.holdings.values_list("pk", "version"))
    people.leave(person=person, on=hand_over.last_on, expected=expected, reason=hand_over.reason, by=by, now=now)
    after = dict(person.holdings.values_list("pk", "version"))
    for row in rows:
        if row.duty == POST and before.get(row.key) == row.expected:
            row.expected = after[row.key]


def _row(hand_over: models.HandOver, choice: Choice, duty: duties.Duty) -> models.HandedOver:
    about = duty.subject
    return models.HandedOver(
        hand_over=hand_over,
        duty=choice.duty,
        key=choice.key,
        expected=choice.expected,
        label=duty.label[:300],
        url=duty.url,
        to=choice.to,
        subject_type=about.type,
        subject_id=about.id,
        subject_label=about.label,
        subject_url=about.url,
        scope_id=about.scope_id,
        site_id=about.site_id,
    )


def carry_on(*, hand_over: models.HandOver, by: models.Person, now: datetime, most: int = AT_ONCE) -> bool:
    """Do what still waits, each thing in a transaction of its own, in the order of the page; True when it is over."""
    waiting = hand_over.rows.filter(state=models.HandedOver.State.WAITING).select_related("to").order_by("pk")
    for row in waiting[:most]:
        _try(hand_over, row, by=by, now=now)
    return _finish(hand_over=hand_over, by=by, now=now)


def _try(hand_over: models.HandOver, row: models.HandedOver, *, by: models.Person, now: datetime) -> None:
    """Give one thing away, or note why not. Whoever comes second finds that it does not wait any more."""
    waiting = models.HandedOver.objects.filter(pk=row.pk, state=models.HandedOver.State.WAITING)
    try:
        with transaction.atomic():
            if waiting.update(state=models.HandedOver.State.DONE, tried_at=now):
                plugs.duties.get(row.duty).about["give"](
                    key=row.key, holder=hand_over.person, to=row.to, last_on=hand_over.last_on,
                    reason=hand_over.reason, expected=row.expected, by=by, now=now,
                )  # fmt: skip
    except refusals.Stale:
        why = gettext("Somebody changed it meanwhile. Look at it, then hand it over again.")
    except refusals.NotAllowed as refusal:
        why = (
            gettext("You may see it, but not give it to somebody else.") if type(refusal) is refusals.NotAllowed else ""
        )
        why = why or str(refusal)
    except refusals.Refusal as refusal:
        why = str(refusal)
    except Exception:
        log.exception("handing over %s %s", row.duty, row.key)
        why = gettext("It could not be handed over: an error of the program. Please tell whoever looks after it.")
    else:
        return
    waiting.update(state=models.HandedOver.State.LEFT, tried_at=now, why=why[:500])


@transaction.atomic
def _finish(*, hand_over: models.HandOver, by: models.Person, now: datetime) -> bool:
    """When nothing waits any more: each successor is told once of all they got."""
    if hand_over.rows.filter(state=models.HandedOver.State.WAITING).exists():
        return False
    if not models.HandOver.objects.filter(pk=hand_over.pk, finished_at=None).update(finished_at=now):
        return True
    done: dict[models.Person, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    left = 0
    for row in hand_over.rows.select_related("to").order_by("pk"):
        if row.state == models.HandedOver.State.DONE:
            done[row.to][row.duty] += 1
        else:
            left += 1
    given = sum(sum(counts.values()) for counts in done.values())
    records.write(
        by=by,
        now=now,
        word="org.person.hand_over_ended",
        subject=hand_over.person,
        note={"handed_over": given, "not_handed_over": left},
    )
    for to, counts in done.items():
        words = [queries.counted(plugs.duties.get(name), n) for name, n in counts.items()]
        plugs.announce("org.handed_over", hand_over=hand_over, to=to, counted=words, by=by, now=now)
    return True


def go_on(*, hand_over_id: int, now: datetime) -> int:
    """A step of the background, in the language of whoever asked; how many things still wait."""
    hand_over = models.HandOver.objects.select_related("person", "by").filter(pk=hand_over_id, finished_at=None).first()
    if hand_over is None:
        return 0
    language = "en" if hand_over.by.language == "en" else "zh-hans"
    with translation.override(language), timezone.override(hand_over.by.zone):
        carry_on(hand_over=hand_over, by=hand_over.by, now=now, most=STEP)
    return hand_over.rows.filter(state=models.HandedOver.State.WAITING).count()
