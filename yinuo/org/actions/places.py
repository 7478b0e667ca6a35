"""Sites and the places at them."""

from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.kit import refusals, rows
from yinuo.org import access, models
from yinuo.org.actions import calendars
from yinuo.records import actions as records


class CannotSetSite(refusals.Refusal):
    """This site cannot be set up like this."""


@transaction.atomic
def open_site(
    *, code: str, name_zh: str, name_en: str = "", time_zone: str = "Asia/Shanghai", by: access.Doer, now: datetime
) -> models.Site:
    """Open a site of our company. `code` is its lasting short name, `time_zone` an IANA name."""
    access.demand_management(by, None)
    _check_zone(time_zone)
    if models.Site.objects.filter(code__iexact=code).exists():
        raise CannotSetSite(_("Another site has this code."), field="code")
    site = models.Site.objects.create(code=code, name_zh=name_zh, name_en=name_en, time_zone=time_zone)
    records.write(
        by=by, now=now, word="org.site.opened", subject=site, changes=rows.created(site, "code", "name_zh", "time_zone")
    )
    calendars.renew(site_ids=[site.pk], years=[], by=by, now=now)
    return site


@transaction.atomic
def change_site(
    *, site: models.Site, expected: int, by: access.Doer, now: datetime, reason: str = "", **values: Any
) -> models.Site:
    """Change a site's `name_zh`, `name_en`, `time_zone` or `is_active`."""
    access.demand_management(by, site.pk)
    _check_zone(values.get("time_zone", site.time_zone))
    if not values.get("is_active", True) and site.people.filter(is_active=True).exists():
        raise CannotSetSite(_("People still work at this site. Give them another site first."), field="is_active")
    changes = rows.change(site, expected=expected, **values)
    if changes:
        records.write(by=by, now=now, word="org.site.changed", subject=site, changes=changes, reason=reason)
    if any(change.field == "time_zone" for change in changes):
        calendars.renew(site_ids=[site.pk], years=[], by=by, now=now)
    return site


@transaction.atomic
def add_location(
    *, site: models.Site, name_zh: str, name_en: str = "", by: access.Doer, now: datetime
) -> models.Location:
    """Add a place (building, shop, line) to a site."""
    access.demand_management(by, site.pk)
    location = models.Location.objects.create(site=site, name_zh=name_zh, name_en=name_en)
    records.write(by=by, now=now, word="org.location.added", subject=site, note={"location": location.name_zh})
    return location


@transaction.atomic
def change_location(
    *, location: models.Location, expected: int, by: access.Doer, now: datetime, **values: Any
) -> models.Location:
    """Rename a place: `name_zh`, `name_en`."""
    access.demand_management(by, location.site_id)
    changes = rows.change(location, expected=expected, **values)
    if changes:
        records.write(by=by, now=now, word="org.location.changed", subject=location.site, changes=changes)
    return location


def _check_zone(time_zone: str) -> None:
    if time_zone not in available_timezones():
        raise CannotSetSite(_("There is no time zone of this name."), field="time_zone")
