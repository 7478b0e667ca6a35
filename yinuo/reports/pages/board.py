"""The team's board: who has what to do until when, who is away, and moving work from desk to desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from yinuo.kit import pages, rows
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org.definition import Permission
from yinuo.reports import lists, rules
from yinuo.reports.definition import Column
from yinuo.reports.engine import drawing
from yinuo.reports.pages import cards, overview
from yinuo.reports.queries import board as board_queries
from yinuo.reports.queries import counted, people


@dataclass(frozen=True)
class Chosen:
    """What the address asks for: a department (None: whoever holds no post), a site, from which person on."""

    department: org.Department | None
    departments: list[org.Department]
    site: int | None
    first: int

    @property
    def query(self) -> dict[str, Any]:
        asked: dict[str, Any] = {"department": self.department.pk if self.department else people.NO_POST}
        return {**asked, **({"site": self.site} if self.site else {}), **({"first": self.first} if self.first else {})}


def chosen_in(request: pages.Request, sites: list[org.Site], now: datetime) -> Chosen:
    """The choice in the address; without one the person's own department."""
    departments = list(org_queries.departments())
    wanted = request.GET.get("department", "")
    found = next((each for each in departments if each.pk == rows.key_in(wanted)), None)
    if found is None and wanted != people.NO_POST:
        own = people.department_of(request.user, now)
        found = own or next(iter(departments), None)
    first = rows.key_in(request.GET.get("first", "")) or 0
    return Chosen(found, departments, overview.site_of(request, sites), min(first, 100_000))


def staff_of(person: org.Person, chosen: Chosen, now: datetime, most: int) -> people.Staff:
    """Whose desks the page shows, at the sites whose figures the person may see."""
    homes = [chosen.site] if chosen.site else person.rights.sites_for(Permission.REPORTS_SEE)
    if chosen.department is None:
        return people.without_post(now, homes, chosen.first, most)
    departments = people.inside(chosen.department.pk, chosen.departments)
    return people.staff_of(departments, now, homes, chosen.first, most)


@pages.page(Permission.REPORTS_SEE)
def board(request: pages.Request) -> HttpResponse:
    """A lane for each desk of a department, its open tasks by when they are due."""
    person, now = request.user, timezone.now()
    sites = lists.sites(person)
    chosen = chosen_in(request, sites, now)
    staff = staff_of(person, chosen, now, board_queries.LANES)
    calendars = counted.Calendars()
    columns = rules.spans(timezone.localtime(now).date(), calendars[chosen.site or person.site_id])
    found = board_queries.board(person, staff, columns, now, chosen.site)
    movable = person.may(Permission.PROCEDURES_STEER)
    drawn = cards.Drawing(found, columns, now, calendars, movable=movable, query=chosen.query)
    context = {
        "sentence": _sentence(found),
        "tabs": overview.tabs_of(request, sites),
        "current": str(chosen.site or ""),
        "chosen": chosen,
        "no_post": people.NO_POST,
        "columns": [(span.column, cards.words_of(span), _days_of(span)) for span in columns],
        "lanes": _lanes(found, drawn, chosen),
        "waiting": _waiting(found.waiting, drawn, chosen),
        "movable": drawn.movable,
        "move_url": drawn.move_url,
        "here": f"{request.path}?{urlencode(chosen.query)}",
        "more": _further(request, chosen, board_queries.LANES) if staff.has_more else "",
        "back": _further(request, chosen, -board_queries.LANES) if chosen.first else "",
    }
    return render(request, "reports/board.html", context)


def _further(request: pages.Request, chosen: Chosen, by: int) -> str:
    return f"{request.path}?{urlencode({**chosen.query, 'first': max(chosen.first + by, 0)})}"


def _days_of(span: rules.Span) -> str:
    """11-26, or 11-28 – 11-29."""
    if span.first is None or span.last is None:
        return ""
    if span.first == span.last or span.column == Column.NEXT:
        return f"{span.last:%m-%d}"
    return f"{span.first:%m-%d} – {span.last:%m-%d}"


def _sentence(found: board_queries.Board) -> str:
    """「5 人，23 项待办，4 项已逾期；王强明显超出应摊数量。」"""
    people_shown = len(found.lanes)
    if not people_shown:
        return ""
    tasks = sum(lane.count for lane in (*found.lanes, found.waiting))
    late = sum(lane.late for lane in (*found.lanes, found.waiting))
    said = ngettext("%(n)s person", "%(n)s people", people_shown) % {"n": people_shown}
    parts = [said, ngettext("%(n)s open task", "%(n)s open tasks", tasks) % {"n": tasks}]
    if late:
        parts.append(_("%(n)s of them overdue") % {"n": late})
    if found.waiting.count:
        parts.append(_("%(n)s with nobody yet") % {"n": found.waiting.count})
    there = [lane for lane in found.lanes if not lane.is_away]
    fullest = max(there, key=lambda lane: lane.count - lane.share, default=None)
    if fullest and fullest.colleague and fullest.count >= fullest.share + 2 and fullest.count >= 1.5 * fullest.share:
        said = _("%(name)s has clearly more than their share") % {"name": fullest.colleague.name}
        return _("%(parts)s; %(most)s.") % {"parts": _(", ").join(parts), "most": said}
    return _("%(what)s.") % {"what": _(", ").join(parts)}


@dataclass(frozen=True)
class LaneRow:
    """A lane as the page shows it."""

    key: str
    name: str
    posts: str
    bar: SafeString
    load: str
    late: str
    is_over: bool
    away: list[str]
    body: SafeString
    others: str
    url: str
    person_url: str
    is_free: bool


def _lanes(found: board_queries.Board, drawn: cards.Drawing, chosen: Chosen) -> list[LaneRow]:
    most = max((max(lane.count, lane.share) for lane in found.lanes), default=0.0)
    shown = []
    for lane in found.lanes:
        it = lane.colleague
        assert it is not None  # noqa: S101  only what waits has no colleague
        shown.append(
            LaneRow(
                key=str(it.pk),
                name=it.name,
                posts=pgettext("list", ", ").join(it.posts),
                bar=_bar(lane, most),
                load=_load_words(lane),
                late=_late_words(lane),
                is_over=lane.count > lane.share + 1 and not lane.is_away,
                away=[cards.away_words(each) for each in lane.away],
                body=drawn.body(lane),
                others=_others_words(lane),
                url=_rows({"holder": it.pk}),
                person_url=reverse("org:person", args=[it.pk]),
                is_free=not lane.is_away,
            )
        )
    return shown


def _bar(lane: board_queries.Lane, most: float) -> SafeString:
    drawn = drawing.bar(lane.late, lane.count, most=most, kind="load", tick=lane.share or None)
    return mark_safe(drawn)  # drawn by us; it holds no words


def _load_words(lane: board_queries.Lane) -> str:
    """7 项 · 应摊 5 项 · 产能 80 %."""
    parts = [ngettext("%(n)s task", "%(n)s tasks", lane.count) % {"n": lane.count}]
    if lane.share:
        parts.append(_("fair share %(n)s") % {"n": f"{lane.share:.0f}"})
    if lane.colleague and lane.colleague.capacity != 100:
        parts.append(_("capacity %(n)s %%") % {"n": lane.colleague.capacity})
    return " · ".join(parts)


def _late_words(lane: board_queries.Lane) -> str:
    return _("%(n)s overdue") % {"n": lane.late} if lane.late else ""


def _others_words(lane: board_queries.Lane) -> str:
    """How many more there are than cards."""
    others = lane.count - len(lane.cards)
    return ngettext("%(n)s more", "%(n)s more", others) % {"n": others} if others else ""


def _rows(query: dict[str, Any]) -> str:
    return f"{reverse('reports:tasks')}?{urlencode({**query, 'sort': 'due'})}"


def _waiting(lane: board_queries.Lane, drawn: cards.Drawing, chosen: Chosen) -> dict[str, Any] | None:
    """What waits for several people or nobody, with the list behind each post; nothing where nothing waits."""
    if not lane.count:
        return None
    site = {"site": chosen.site} if chosen.site else {}
    posts: Iterable[org.Post] = org.Post.objects.in_bulk(list(lane.at_posts)).values() if lane.at_posts else ()
    return {
        "count": lane.count,
        "load": ngettext("%(n)s task", "%(n)s tasks", lane.count) % {"n": lane.count},
        "late": _late_words(lane),
        "others": _others_words(lane),
        "posts": [(post.name, lane.at_posts[post.pk], _rows({"post": post.pk, **site})) for post in posts],
        "body": drawn.body(lane),
    }
