"""Where the time goes: each step of the procedures with how often and how long, the one that took most first."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from yinuo.kit import lists as kit_lists
from yinuo.kit import pages
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org.definition import Permission
from yinuo.reports import lists, rules
from yinuo.reports.engine import drawing
from yinuo.reports.pages import keeping, statistics, telling
from yinuo.reports.queries import bottlenecks as queries
from yinuo.reports.queries import spans


@dataclass(frozen=True)
class Row:
    """A step as the page shows it; times in working days."""

    title: str
    procedure: str
    is_ours: bool
    bar: SafeString
    count: int
    median: str
    ninety: str
    share: str
    url: str


@pages.page(Permission.REPORTS_SEE)
def statistics_steps(request: pages.Request) -> HttpResponse:
    """How often each step was passed in a span, how long it took, and how much of all time that is."""
    asked = statistics.Asked.by(request)
    first, last = asked.span.weeks
    it = shown(request.user, asked, request.GET.get("procedure", ""))
    context = {
        **asked.context("statistics_steps"),
        **keeping.context(request, "statistics_steps"),
        "sentence": it.sentence,
        "rows": it.rows,
        "procedures": it.procedures if len(it.procedures) > 1 else [],
        "procedure": it.procedure,
        "procedure_words": dict(it.procedures).get(it.procedure, ""),
        "first": first,
        "last": last + timedelta(days=6),
    }
    return render(request, "reports/statistics_steps.html", context)


@dataclass(frozen=True)
class Shown:
    """What the page says of a span: its sentence and rows, the procedures to choose from and the one chosen."""

    sentence: str
    rows: list[Row]
    procedures: list[tuple[str, str]]
    procedure: str


def shown(person: org.Person, asked: statistics.Asked, procedure: str) -> Shown:
    """The same for whoever reads it, of one procedure or of all."""
    first, last = asked.span.weeks
    whole = queries.steps(person, first, last, asked.site)
    procedures = sorted({(each.procedure_key, each.procedure) for each in whole if each.procedure})
    wanted = procedure if procedure in dict(procedures) else ""
    found = [each for each in whole if wanted in ("", each.procedure_key)]
    day = rules.seconds_of_day(org_queries.calendar(asked.site))
    rows = _rows(found, asked, day, shows_procedure=len(procedures) > 1 and not wanted)
    return Shown(_sentence(found, asked.span, day), rows, procedures, wanted)


def _rows(found: list[queries.Step], asked: statistics.Asked, day: float, *, shows_procedure: bool) -> list[Row]:
    most = max((each.ninety for each in found), default=0.0)
    whole = sum(each.seconds for each in found)
    first, last = asked.span.weeks
    days = {"since": first, "until": last + timedelta(days=6)}
    return [
        Row(
            title=each.title,
            procedure=each.procedure if shows_procedure else "",
            is_ours=each.is_ours,
            bar=mark_safe(  # drawn by us; it holds no words
                drawing.bar(each.median, 0, most=most, tick=each.ninety, kind="" if each.is_ours else "theirs")
            ),
            count=each.count,
            median=telling.days(each.median, day),
            ninety=telling.days(each.ninety, day),
            share=_share(each.seconds, whole),
            url=spans.address(reverse("reports:statistics_tasks"), step=each.key, **days, site=asked.site),
        )
        for each in found
    ]


def _share(part: int, whole: int) -> str:
    """In per cent; what is little is not nothing."""
    if not part or not whole:
        return "0%"
    return f"{part / whole:.0%}" if part / whole >= 0.01 else "<1%"


def _sentence(found: list[queries.Step], span: spans.Span, day: float) -> str:
    """「2026-01 至 2026-03：耗时最多的是“相关部门评审”，占全部时间的 41%。」"""
    whole = sum(each.seconds for each in found)
    if not whole:
        return ""
    said: dict[str, Any] = {"span": span.words, "step": found[0].title, "share": f"{found[0].seconds / whole:.0%}"}
    return _("%(span)s: most of the time went into “%(step)s”, %(share)s of all.") % said


@pages.page(Permission.REPORTS_SEE)
def statistics_tasks(request: pages.Request) -> HttpResponse:
    """The finished tasks of a step."""
    rows = lists.finished_tasks(request.user)
    page = kit_lists.page_of(lists.finished_at(timezone.now()), rows, request.GET, person=request.user)
    return render(request, "reports/statistics_rows.html", {"page": page, "what": _("Finished tasks")})
