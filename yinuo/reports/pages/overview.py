"""The managers' overview: four figures, what changed, where the work waits, who has how much to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yinuo.kit import pages, rows
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org.definition import Permission
from yinuo.reports import lists, rules
from yinuo.reports.engine import drawing
from yinuo.reports.pages import keeping, telling
from yinuo.reports.queries import figures, load, pressing


def site_of(request: pages.Request, sites: list[org.Site]) -> int | None:
    """The site in the address, if it is one whose figures the person may see; None: all of them."""
    return site_in(request.GET, sites)


def site_in(parameters: Mapping[str, str], sites: list[org.Site]) -> int | None:
    """The same of parameters, wherever they stand."""
    wanted = rows.key_in(parameters.get("site", ""))
    return wanted if wanted in {site.pk for site in sites} else None


def tabs_of(request: pages.Request, sites: list[org.Site]) -> list[tuple[str, str, int, str]]:
    """All sites and each; nothing where there is one."""
    if len(sites) < 2:
        return []
    kept = {key: value for key, value in request.GET.items() if key != "site"}
    named = [("", pgettext("sites", "All sites")), *((str(site.pk), site.name) for site in sites)]
    return [
        (key, words, 0, f"{request.path}?{urlencode({**kept, 'site': key} if key else kept)}") for key, words in named
    ]


@dataclass(frozen=True)
class Card:
    """A figure as the page shows it."""

    key: str
    label: str
    number: str
    unit: str
    change: str
    spark: SafeString
    url: str
    is_bad: bool = False


@pages.page(Permission.REPORTS_SEE)
def overview(request: pages.Request) -> HttpResponse:
    """How things stand, in one sentence, four figures, two tables; each with its rows one click away."""
    person, now = request.user, timezone.now()
    sites = lists.sites(person)
    site = site_of(request, sites)
    tasks = pressing.pressing(person, site)
    found = figures.figures(person, now, tasks, site)
    steps = figures.steps(person, now, site)
    day = rules.seconds_of_day(org_queries.calendar(site))
    is_empty = not (found.open.now or any(found.registered.trend) or steps)
    context = {
        "sentence": "" if is_empty else telling.sentence_of(found, steps, day),
        "is_empty": is_empty,
        "tabs": tabs_of(request, sites),
        "current": str(site or ""),
        "site": site or "",
        **keeping.context(request, "overview"),
        "cards": _cards(found, site),
        "weeks": _weeks(found),
        "steps": _steps(steps, day, site),
        "loads": _loads(load.loads(now, tasks), site),
    }
    return render(request, "reports/overview.html", context)


def _cards(found: figures.Figures, site: int | None) -> list[Card]:
    first, last = found.stretches[-1]
    week = {"since": first.isoformat(), "until": last.isoformat()}
    requests, tasks = reverse("reports:requests"), reverse("reports:tasks")
    lately = _("last 7 days")
    made = (
        (
            "open",
            pgettext("figure", "Under way"),
            _("requests"),
            found.open,
            requests,
            {"what": lists.OPEN, "sort": "due"},
        ),
        (
            "registered",
            pgettext("figure", "Newly registered"),
            lately,
            found.registered,
            requests,
            {"what": lists.REGISTERED, **week},
        ),
        (
            "completed",
            pgettext("figure", "Completed"),
            lately,
            found.completed,
            requests,
            {"what": lists.COMPLETED, **week},
        ),
        ("late", _("Overdue"), pgettext("unit", "tasks"), found.late, tasks, {"late": "yes", "sort": "due"}),
    )
    return [
        Card(
            key=key,
            label=label,
            number=telling.count_words(figure),
            unit=unit,
            change=telling.change_words(figure),
            spark=_drawn(drawing.sparkline(
                figure.trend, id=f"spark-{key}", title=label, description=telling.trend_words(figure)
            )),
            url=_address(url, query, site),
            is_bad=key == "late" and figure.now > 0,
        )
        for key, label, unit, figure, url, query in made
    ]  # fmt: skip


def _drawn(svg: str) -> SafeString:
    return mark_safe(svg)  # drawn by us; its words are escaped there


def _address(url: str, query: dict[str, Any], site: int | None) -> str:
    return f"{url}?{urlencode({**query, **({'site': site} if site else {})})}"


def _weeks(found: figures.Figures) -> list[tuple[date, date, int, int, int, int]]:
    """The table behind the sparklines, the latest week first."""
    trends = (found.open.trend, found.registered.trend, found.completed.trend, found.late.trend)
    lines = [(*stretch, *numbers) for stretch, numbers in zip(found.stretches, zip(*trends, strict=True), strict=True)]
    return list(reversed(lines))


@dataclass(frozen=True)
class StepRow:
    """A step as the page shows it: means in working days."""

    title: str
    procedure: str
    is_ours: bool
    is_slowest: bool
    bar: SafeString
    mean: str
    ninety: str
    count: int
    change: str
    is_longer: bool
    waiting: int
    url: str


def _steps(steps: list[figures.StepTime], day: float, site: int | None) -> list[StepRow]:
    most = max((step.now.ninety for step in steps if step.now), default=0.0)
    slowest = telling.slowest(steps)
    several = len({step.procedure for step in steps}) > 1
    found = []
    for step in steps:
        taken, change = step.now, telling.step_change(step, day)
        kind = "" if step.is_ours else "theirs"
        bar = drawing.bar(taken.mean, 0, most=most, tick=taken.ninety, kind=kind) if taken else ""
        found.append(
            StepRow(
                title=step.title,
                procedure=step.procedure if several else "",
                is_ours=step.is_ours,
                is_slowest=step is slowest,
                bar=_drawn(bar),
                mean=telling.days(taken.mean, day) if taken else "",
                ninety=telling.days(taken.ninety, day) if taken else "",
                count=taken.count if taken else 0,
                change=telling.signed(change, 1) if change else "",
                is_longer=change > 0,
                waiting=step.waiting,
                url=_address(reverse("reports:tasks"), {"step": step.key, "sort": "due"}, site),
            )
        )
    return found


@dataclass(frozen=True)
class LoadRow:
    """A desk as the page shows it."""

    name: str
    is_post: bool
    bar: SafeString
    tasks: int
    late: int
    capacity: int | None
    away_until: datetime | None
    url: str


def _loads(found: load.Loads, site: int | None) -> dict[str, Any]:
    most = max((row.tasks for row in found.rows), default=0)
    shown = []
    for row in found.rows:
        which = {"holder": row.person.pk} if row.person else {"post": row.post.pk if row.post else ""}
        shown.append(
            LoadRow(
                name=row.name,
                is_post=row.person is None,
                bar=_drawn(drawing.bar(row.late, row.tasks, most=most, kind="load")),
                tasks=row.tasks,
                late=row.late,
                capacity=row.person.capacity if row.person and row.person.capacity != 100 else None,
                away_until=row.away_until,
                url=_address(reverse("reports:tasks"), {**which, "sort": "due"}, site),
            )
        )
    return {"rows": shown, "others": found.others, "is_whole": found.is_whole}
