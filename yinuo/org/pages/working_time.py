"""The working calendar: a year at a glance, one day, the week, the State Council's arrangement."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.kit import pages, rows
from yinuo.org import access, models, queries, rules
from yinuo.org.actions import calendars as actions
from yinuo.org.definition import Permission
from yinuo.org.forms import working_time as forms
from yinuo.org.pages import showing

GET_POST = ("GET", "HEAD", "POST")
YEARS = range(2001, 2100)


def _site(request: HttpRequest) -> models.Site | None:
    """The site asked for in the address; none means the company's calendar."""
    wanted = request.GET.get("site", "")
    if not wanted:
        return None
    return get_object_or_404(models.Site, pk=rows.key_in(wanted))


def _address(site: models.Site | None, year: int) -> str:
    return f"{reverse('org:calendar')}?year={year}" + (f"&site={site.pk}" if site else "")


@pages.page(Permission.ORG_SEE)
def calendar(request: HttpRequest) -> HttpResponse:
    """A year of a site or the company: which days are worked, and why not."""
    site, today = _site(request), timezone.localdate()
    wanted = request.GET.get("year", "")
    year = rows.key_in(wanted) or 0
    year = year if year in YEARS else today.year
    working = queries.calendar(site.pk if site else None)
    months = rules.months_of(working, year)
    named = queries.named_days(site.pk if site else None, year)
    sources = {
        day: row.source if row.source == actions.STATE else "site" if row.site_id else "company"
        for day, row in named.items()
    }
    special = rules.specials([(day, row.is_working, sources[day], row.name) for day, row in named.items()])
    return showing.shown(
        request,
        "calendar",
        "calendar",
        site=site,
        sites=queries.sites(),
        year=year,
        years=(year - 1, year + 1),
        months=months,
        named=named,
        specials=special,
        working_days=sum(day.is_working for month in months for day in month.days),
        is_known=year in working.known_years,
        week=[(words, working.week.get(number, ())) for number, words in enumerate(showing.weekdays())],
        weekdays=[words[-1] if words[0] == "星" else words[:2] for words in showing.weekdays()],
        own_week=site is not None and site.working_hours.exists(),
        today=today,
        manages=access.may_manage(showing.person(request), site.pk if site else None),
    )


@pages.page(Permission.ORG_MANAGE, methods=GET_POST)
def calendar_day(request: HttpRequest, day: str) -> HttpResponse:
    """Say what a day is: working, free, or as the rule has it."""
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    if on.year not in YEARS:
        raise Http404
    site, me = _site(request), showing.person(request)
    access.demand_management(me, site.pk if site else None)

    def act(data: dict[str, Any]) -> str:
        now, kind = timezone.now(), data.pop("kind")
        if kind == "rule":
            told = {"expected": data["expected"], "reason": data["reason"]}
            actions.clear_day(site=site, day=on, **told, by=me, now=now)
        else:
            actions.set_day(site=site, day=on, is_working=kind == "work", **data, by=me, now=now)
        return _address(site, on.year)

    version = queries.calendar_row(site).version
    row = models.CalendarDay.objects.filter(site=site, day=on).first()
    working = queries.calendar(site.pk if site else None).is_working_day(on)
    initial: dict[str, Any] = {"kind": "off" if working else "work"}  # the change one comes for
    if row is not None and row.source != actions.STATE:
        initial = {"kind": "work" if row.is_working else "off", "name_zh": row.name_zh, "name_en": row.name_en}
    form = forms.DayForm(request.POST or None, initial=initial | {"version": version})
    return showing.acted(
        request,
        form,
        act,
        title=f"{on.isoformat()} {showing.weekdays()[on.weekday()]}",
        sentence=_("For the whole company") if site is None else _("For the site %(site)s only") % {"site": site.name},
        verb=_("Save"),
        back=_address(site, on.year),
    )


@pages.page(Permission.ORG_MANAGE, methods=GET_POST)
def week(request: HttpRequest) -> HttpResponse:
    """Set the working hours of the week."""
    site, me = _site(request), showing.person(request)
    access.demand_management(me, site.pk if site else None)

    def act(data: dict[str, Any]) -> str:
        told = {"expected": data["expected"], "reason": data["reason"]}
        actions.set_week(site=site, week=form.week(), **told, by=me, now=timezone.now())
        return _address(site, timezone.localdate().year)

    now = queries.calendar(site.pk if site else None).week
    version = queries.calendar_row(site).version
    form = forms.WeekForm(request.POST or None, week=dict(now), initial={"version": version})
    return showing.acted(
        request,
        form,
        act,
        title=_("Working hours"),
        sentence=_("For the whole company")
        if site is None
        else _("For the site %(site)s only; all empty: the company's hours") % {"site": site.name},
        verb=_("Save"),
        back=_address(site, timezone.localdate().year),
    )


@pages.page(Permission.ORG_MANAGE, methods=("POST",))
def year_load(request: HttpRequest, year: int) -> HttpResponse:
    """Load the State Council's arrangement of a year."""
    if year not in YEARS:
        raise Http404
    changed = actions.load_state_years(years=[year], by=showing.person(request), now=timezone.now())
    pages.done(request, _("The year was loaded.") if changed else _("Nothing new is known about this year."))
    return redirect(_address(None, year))


@pages.page(Permission.ORG_MANAGE, methods=GET_POST)
def year_known(request: HttpRequest, year: int) -> HttpResponse:
    """Say that a year's days were entered by hand."""
    if year not in YEARS:
        raise Http404

    def act(data: dict[str, Any]) -> str:
        actions.declare_year_known(year=year, **data, by=showing.person(request), now=timezone.now())
        return _address(None, year)

    return showing.acted(
        request,
        forms.KnownYear(request.POST or None),
        act,
        title=_("The days of %(year)s are complete") % {"year": year},
        sentence=_("Due dates reaching this year are no longer provisional and are computed again."),
        verb=_("Confirm"),
        back=_address(None, year),
    )
