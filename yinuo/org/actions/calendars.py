"""Working time: single days, the week, the State Council's years. Each change lets the rooms above recompute."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.kit import plugs, refusals, remembering, rows, subjects
from yinuo.org import access, models, queries, readers
from yinuo.records import actions as records

STATE = "state"  # the source of days as the State Council arranged them; everything else is the company's own word


class CannotSetHours(refusals.Refusal):
    """These working hours cannot be set."""


def _subject(site: models.Site | None) -> subjects.Subject | subjects.Ref:
    """What the trail's entry is about: the site, or the company's calendar."""
    return site or subjects.Ref("org.calendar", 0, str(_("Company calendar")))


def renew(*, site_ids: Sequence[int | None], years: Iterable[int], by: access.Doer, now: datetime) -> None:
    """Let every process read the calendars anew, and tell the rooms above.

    They hear `org.calendar_changed` with the sites concerned (None: the company's default) and the years (none: all),
    and recompute what is due.
    """
    remembering.changed(queries.calendar_stamp)
    models.CalendarStamp.objects.update_or_create(pk=1, defaults={"token": secrets.token_hex(16)})
    plugs.announce("org.calendar_changed", site_ids=list(site_ids), years=sorted(set(years)), by=by, now=now)


def _sites_of(site: models.Site | None) -> list[int | None]:
    """Whose calendar changes with this one's: a site's own, or everybody's with the company's."""
    return [site.pk] if site else [None, *models.Site.objects.order_by("pk").values_list("pk", flat=True)]


@transaction.atomic
def set_day(
    *,
    site: models.Site | None,
    day: date,
    is_working: bool,
    name_zh: str = "",
    name_en: str = "",
    expected: int,
    reason: str = "",
    by: access.Doer,
    now: datetime,
) -> models.CalendarDay:
    """Make a day a working day or a day off, for a site or (None) for the company."""
    access.demand_management(by, site.pk if site else None)
    rows.touch(queries.calendar_row(site), expected=expected)
    values: dict[str, Any] = {"is_working": is_working, "name_zh": name_zh, "name_en": name_en}
    row = models.CalendarDay.objects.filter(site=site, day=day).first()
    if row is None:
        row = models.CalendarDay(site=site, day=day, **values)
        changes = rows.created(row, *values)
    else:
        changes = rows.differences(row, values)
    row.is_working, row.name_zh, row.name_en, row.source = is_working, name_zh, name_en, "company"
    row.save()
    records.write(
        by=by,
        now=now,
        word="org.calendar.day_set",
        subject=_subject(site),
        changes=changes,
        reason=reason,
        note={"day": day.isoformat()},
    )
    renew(site_ids=_sites_of(site), years=[day.year], by=by, now=now)
    return row


@transaction.atomic
def clear_day(
    *, site: models.Site | None, day: date, expected: int, reason: str = "", by: access.Doer, now: datetime
) -> None:
    """Take back what the company said about a day: the State Council's arrangement or the week holds again."""
    access.demand_management(by, site.pk if site else None)
    rows.touch(queries.calendar_row(site), expected=expected)
    row = models.CalendarDay.objects.filter(site=site, day=day).exclude(source=STATE).first()
    if row is None:
        return
    row.delete()
    if site is None:
        arranged = [each for each in readers.state_year(day.year).days if each.day == day]
        models.CalendarDay.objects.bulk_create(_rows_of(arranged))
    records.write(
        by=by,
        now=now,
        word="org.calendar.day_cleared",
        subject=_subject(site),
        changes=[rows.Change("is_working", row.is_working, None)],
        reason=reason,
        note={"day": day.isoformat(), "name": row.name_zh},
    )
    renew(site_ids=_sites_of(site), years=[day.year], by=by, now=now)


@transaction.atomic
def set_week(
    *,
    site: models.Site | None,
    week: Mapping[int, Sequence[tuple[time, time]]],
    expected: int,
    reason: str = "",
    by: access.Doer,
    now: datetime,
) -> None:
    """Set the working hours of each weekday (0 = Monday), for a site or (None) for the company.

    A weekday without hours is free. An empty week gives a site back to the company's hours; the company itself cannot
    be without any.
    """
    access.demand_management(by, site.pk if site else None)
    rows.touch(queries.calendar_row(site), expected=expected)
    if site is None and not any(week.values()):
        raise CannotSetHours(_("The company must work on at least one weekday."))
    for stretches in week.values():
        _check_stretches(stretches)
    before = _told(models.WorkingHours.objects.filter(site=site).values_list("weekday", "starts", "ends"))
    models.WorkingHours.objects.filter(site=site).delete()
    hours = [(weekday, starts, ends) for weekday, day in week.items() for starts, ends in day]
    models.WorkingHours.objects.bulk_create(
        models.WorkingHours(site=site, weekday=weekday, starts=starts, ends=ends) for weekday, starts, ends in hours
    )
    if before == _told(hours):
        return
    records.write(
        by=by,
        now=now,
        word="org.calendar.week_set",
        subject=_subject(site),
        changes=[rows.Change("week", before, _told(hours))],
        reason=reason,
    )
    renew(site_ids=_sites_of(site), years=[], by=by, now=now)


def _check_stretches(stretches: Sequence[tuple[time, time]]) -> None:
    """Each stretch ends after it starts, and none begins before the one in front of it ends."""
    last = None
    for starts, ends in stretches:
        if ends <= starts or (last is not None and starts < last):
            raise CannotSetHours(_("Working hours must follow one another and end after they start."))
        last = ends


def _told(hours: Iterable[tuple[int, time, time]]) -> list[str]:
    return [f"{weekday + 1} {starts:%H:%M}–{ends:%H:%M}" for weekday, starts, ends in sorted(hours)]


@transaction.atomic
def load_state_years(*, years: Iterable[int], by: access.Doer, now: datetime) -> list[int]:
    """Load the State Council's holidays and make-up days of these years; returns the years in which days changed.

    What the company has said about a day stays. A year counts as known only when its make-up days are published; until
    then its holidays are loaded, and due dates reaching it stay provisional. Loading again changes nothing.
    """
    access.demand_management(by, None)
    company = models.SiteCalendar.objects.select_for_update().get(pk=queries.calendar_row(None).pk)
    changed = [year for year in sorted(set(years)) if _load(readers.state_year(year), by=by, now=now)]
    if changed:
        rows.touch(company, expected=company.version)
        renew(site_ids=_sites_of(None), years=changed, by=by, now=now)
    return changed


def _load(arranged: readers.StateYear, *, by: access.Doer, now: datetime) -> bool:
    company = models.CalendarDay.objects.filter(site=None, day__year=arranged.year)
    spoken_for = set(company.exclude(source=STATE).values_list("day", flat=True))
    wanted = _rows_of(each for each in arranged.days if each.day not in spoken_for)
    stored = company.filter(source=STATE)
    is_new = {(row.day, row.is_working, row.name_zh, row.name_en) for row in wanted} != set(
        stored.values_list("day", "is_working", "name_zh", "name_en")
    )
    is_first = arranged.is_complete and not models.CalendarYear.objects.filter(year=arranged.year).exists()
    if not (is_new or is_first):
        return False
    stored.delete()
    models.CalendarDay.objects.bulk_create(wanted)
    if is_first:
        models.CalendarYear.objects.create(year=arranged.year, source=STATE, loaded_at=now)
    records.write(
        by=by,
        now=now,
        word="org.calendar.year_loaded",
        subject=_subject(None),
        note={"year": arranged.year, "days": len(wanted), "complete": arranged.is_complete},
    )
    return True


def _rows_of(arranged: Iterable[readers.StateDay]) -> list[models.CalendarDay]:
    return [
        models.CalendarDay(
            site=None,
            day=each.day,
            is_working=each.is_working,
            name_zh=each.name_zh[:100],
            name_en=each.name_en[:100],
            source=STATE,
        )
        for each in arranged
    ]


@transaction.atomic
def declare_year_known(*, year: int, reason: str, by: access.Doer, now: datetime) -> None:
    """Say that a year's days have been entered and checked by hand: due dates reaching it are no longer provisional."""
    access.demand_management(by, None)
    row, is_new = models.CalendarYear.objects.get_or_create(
        year=year, defaults={"source": str(by.actor_name)[:100], "loaded_at": now}
    )
    if not is_new:
        return
    records.write(
        by=by, now=now, word="org.calendar.year_known", subject=_subject(None), reason=reason, note={"year": row.year}
    )
    renew(site_ids=_sites_of(None), years=[year], by=by, now=now)
