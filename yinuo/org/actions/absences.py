"""Being away, and who stands in meanwhile (委托代理)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.kit import refusals, rows
from yinuo.org import access, models, queries, rules
from yinuo.records import actions as records


class CannotBeAway(refusals.Refusal):
    """This absence cannot be entered like this."""


@transaction.atomic
def enter_absence(
    *,
    person: models.Person,
    from_at: datetime,
    to_at: datetime,
    delegate: models.Person | None = None,
    reason: str = "",
    by: access.Doer,
    now: datetime,
) -> models.Absence:
    """Enter that somebody is away from a moment to a moment, and who acts for them.

    People do it for themselves, their superior or the administrators for them.
    """
    _demand(by, person, now)
    _check(None, person, delegate, from_at, to_at, now)
    absence = models.Absence.objects.create(
        person=person, delegate=delegate, from_at=from_at, to_at=to_at, reason=reason
    )
    changes = rows.created(absence, "from_at", "to_at", "delegate")
    records.write(by=by, now=now, word="org.absence.entered", subject=person, changes=changes)
    return absence


@transaction.atomic
def change_absence(
    *, absence: models.Absence, expected: int, by: access.Doer, now: datetime, **values: Any
) -> models.Absence:
    """Change `from_at`, `to_at`, `delegate` or `reason`; an early return is a new `to_at`."""
    _demand(by, absence.person, now)
    if absence.cancelled_at:
        raise CannotBeAway(_("This absence was cancelled."))
    wanted = {name: values.get(name, getattr(absence, name)) for name in ("delegate", "from_at", "to_at")}
    _check(absence, absence.person, wanted["delegate"], wanted["from_at"], wanted["to_at"], now)
    changes = [c for c in rows.change(absence, expected=expected, **values) if c.field != "reason"]
    if changes:
        records.write(by=by, now=now, word="org.absence.changed", subject=absence.person, changes=changes)
    return absence


@transaction.atomic
def cancel_absence(*, absence: models.Absence, expected: int, by: access.Doer, now: datetime) -> None:
    """Call an absence off."""
    _demand(by, absence.person, now)
    if rows.change(absence, expected=expected, cancelled_at=absence.cancelled_at or now):
        note = {"from_at": absence.from_at, "to_at": absence.to_at}
        records.write(by=by, now=now, word="org.absence.cancelled", subject=absence.person, note=note)


def _demand(by: access.Doer, person: models.Person, now: datetime) -> None:
    if not access.may_enter_absence(by, person, queries.superior_of(person, timezone.localtime(now).date())):
        raise refusals.NotAllowed()


def _check(
    absence: models.Absence | None,
    person: models.Person,
    delegate: models.Person | None,
    from_at: datetime,
    to_at: datetime,
    now: datetime,
) -> None:
    """Ordered, not over yet, not twice at once, and nobody stands in for themself through others."""
    if to_at <= from_at:
        raise CannotBeAway(_("The end is before the beginning."), field="to_at")
    if to_at <= now:
        raise CannotBeAway(_("This time is over already."), field="to_at")
    others = models.Absence.objects.filter(cancelled_at=None, from_at__lt=to_at, to_at__gt=from_at)
    if absence is not None:
        others = others.exclude(pk=absence.pk)
    if others.filter(person=person).exists():
        raise CannotBeAway(_("Another absence is entered for that time already."), field="from_at")
    if delegate is None:
        return
    if not delegate.is_active:
        raise CannotBeAway(_("The delegate does not work here any more."), field="delegate")
    delegates: dict[int, int | None] = dict(others.values_list("person_id", "delegate_id"))
    if rules.would_circle(delegates, person.pk, delegate.pk):
        raise CannotBeAway(
            _("The delegate is away as well, and this person stands in for them: choose somebody else."),
            field="delegate",
        )
