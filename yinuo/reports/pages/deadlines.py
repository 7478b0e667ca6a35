"""The calendar of deadlines: a month, and what is due on which day."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from yinuo.kit import pages
from yinuo.org import queries as org_queries
from yinuo.org import rules as org_rules
from yinuo.org.definition import Permission
from yinuo.reports import lists, rules
from yinuo.reports.pages import overview
from yinuo.reports.queries import deadlines as queries


@dataclass(frozen=True)
class Due:
    """So many requests of one kind of deadline on a day, and where they are listed."""

    kind: str
    words: str
    count: int
    url: str


@dataclass(frozen=True)
class Cell:
    """A day of the grid. `special` says why it differs from the week: a holiday, a make-up working day."""

    day: date
    weekday: str
    is_working: bool
    special: str
    is_today: bool
    is_past: bool
    due: list[Due]


@pages.page(Permission.REPORTS_SEE)
def deadlines(request: pages.Request) -> HttpResponse:
    """What of the open requests is due on which day of a month."""
    person, today = request.user, timezone.localdate()
    sites = lists.sites(person)
    site = overview.site_of(request, sites)
    first = queries.month_of(request.GET.get("month", ""), today)
    last = queries.end_of_month(first)
    found = queries.due_days(person, first, last, site)
    month = org_rules.months_of(org_queries.calendar(site), first.year)[first.month - 1]
    named = org_queries.named_days(site, first.year)
    weeks = [[_cell(it, named, found, today, site) if it else None for it in week] for week in month.weeks]
    context = {
        "sentence": _sentence(found, first, today),
        "tabs": overview.tabs_of(request, sites),
        "current": str(site or ""),
        "first": first,
        "weeks": weeks,
        "weekdays": weekdays(),
        "is_empty": not found,
        "before": _address(first - rules.WEEK, site),
        "after": _address(last + rules.WEEK, site),
        "this": _address(today, site) if first != today.replace(day=1) else "",
        "kinds": [(kind, words(kind)) for kind in queries.FIELDS],
    }
    return render(request, "reports/deadlines.html", context)


def words(kind: str) -> str:
    """A kind of deadline in one word, for a day of the grid."""
    return {
        queries.PROMISED: pgettext("deadline", "Promised"),
        queries.WANTED: pgettext("deadline", "Asked for"),
        queries.INNER: pgettext("deadline", "Inside"),
    }[kind]


def weekdays() -> list[str]:
    """Monday to Sunday, in one character each in Chinese."""
    return [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]


def _address(day: date, site: int | None) -> str:
    query: dict[str, Any] = {"month": f"{day:%Y-%m}", **({"site": site} if site else {})}
    return f"{reverse('reports:deadlines')}?{urlencode(query)}"


def _cell(
    it: org_rules.DayShown, named: dict[date, Any], found: dict[date, dict[str, int]], today: date, site: int | None
) -> Cell:
    row = named.get(it.day)
    special = ""
    if it.is_exception:
        special = _short(row.name if row else "") or (_("working day") if it.is_working else _("day off"))
    list_url = reverse("reports:requests")
    due = []
    for kind in queries.FIELDS:
        if count := found.get(it.day, {}).get(kind, 0):
            query: dict[str, Any] = {"what": kind, "since": it.day.isoformat(), "until": it.day.isoformat()}
            query |= {"site": site} if site else {}
            due.append(Due(kind, words(kind), count, f"{list_url}?{urlencode(query)}"))
    day = it.day
    return Cell(day, weekdays()[day.weekday()], it.is_working, special, day == today, day < today, due)


def _short(name: str) -> str:
    """A day's name without the remark in brackets that says which day it was exchanged for."""
    return name.partition("（")[0].partition(" (")[0]


def _sentence(found: dict[date, dict[str, int]], first: date, today: date) -> str:
    """「本月 12 项期限，其中 3 项已过、今天 1 项。」"""
    total = sum(sum(kinds.values()) for kinds in found.values())
    if not total:
        return _("Nothing open is due in this month.")
    said = ngettext("%(n)s deadline in this month", "%(n)s deadlines in this month", total) % {"n": f"{total:,}"}
    parts = []
    if past := sum(sum(kinds.values()) for day, kinds in found.items() if day < today):
        parts.append(_("%(n)s missed") % {"n": f"{past:,}"})
    if now := sum(found.get(today, {}).values()):
        parts.append(_("%(n)s today") % {"n": f"{now:,}"})
    return _("%(what)s.") % {"what": _(", ").join([said, *parts])}
