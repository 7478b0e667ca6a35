"""Load per person: from the small indexes of live tasks, with a bound."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures import models as procedures
from yinuo.reports.queries import pressing

SHOWN = 15


@dataclass(frozen=True)
class Load:
    """What lies on one desk: a person's, with what waits at a post that they alone hold; or a post's."""

    person: org.Person | None
    post: org.Post | None
    tasks: int
    late: int
    away_until: datetime | None = None

    @property
    def name(self) -> str:
        return str(self.person or self.post)


@dataclass(frozen=True)
class Loads:
    """The desks with most overdue, then most to do. `others`: desks not shown. `is_whole`: every live task was looked
    at; else the first due ones decided whose desks these are, and all tasks of these were counted."""

    rows: list[Load]
    others: int
    is_whole: bool


Desk = tuple[int | None, int | None]  # a person's key, or a post's
Counts = tuple[Counter[Desk], Counter[Desk]]


def sole_holders(posts: set[int], now: datetime) -> dict[int, int]:
    """Posts that one person alone holds today, with that person: what waits there is theirs."""
    if not posts:
        return {}
    holders: dict[int, set[int]] = defaultdict(set)
    holdings = org_queries.holdings_on(timezone.localtime(now).date()).filter(post__in=posts)
    for post, holder in holdings.order_by().values_list("post_id", "person_id"):
        holders[post].add(holder)
    return {post: next(iter(people)) for post, people in holders.items() if len(people) == 1}


def on_desk(holder: int, now: datetime) -> Q:
    """Tasks that lie on a person's desk: held, or waiting at a post that is theirs alone."""
    held = org_queries.holdings_on(timezone.localtime(now).date()).filter(person=holder)
    posts = sole_holders(set(held.values_list("post_id", flat=True)), now)
    return Q(holder=holder) | Q(holder=None, post__in=posts)


def loads(now: datetime, looked_at: pressing.Pressing) -> Loads:
    """Whose desks are fullest, of all open tasks or of those first due."""
    mine = [row for row in looked_at.rows if row.kind in pressing.PEOPLE]
    alone = sole_holders({row.post_id for row in mine if row.post_id and not row.holder_id}, now)
    overdue = Counter((row.holder_id, row.post_id) for row in looked_at.overdue(now) if row.kind in pressing.PEOPLE)
    seen = Counter((row.holder_id, row.post_id) for row in mine)
    tasks, late = _counted(((*place, n, overdue[place]) for place, n in seen.items()), alone)
    chosen = _fullest(tasks, late)[:SHOWN]
    others = len(tasks) - len(chosen)
    if not looked_at.is_whole:
        live = looked_at.tasks.filter(kind__in=procedures.Task.PEOPLE_KINDS)
        tasks, late = _counted(_all_of(chosen, alone, live, now), alone)
        chosen = [desk for desk in _fullest(tasks, late) if desk in set(chosen)]
    people = org.Person.objects.only("name", "capacity").in_bulk([holder for holder, _post in chosen if holder])
    posts = org.Post.objects.in_bulk([post for _holder, post in chosen if post])
    away = dict(org_queries.absences_at(now).filter(person__in=people).order_by("to_at").values_list("person", "to_at"))
    shown = [
        Load(people.get(desk[0] or 0), posts.get(desk[1] or 0), tasks[desk], late[desk], away.get(desk[0] or 0))
        for desk in chosen
    ]
    return Loads(shown, others, looked_at.is_whole)


def _counted(rows: Iterable[tuple[int | None, int | None, int, int]], alone: dict[int, int]) -> Counts:
    """Rows of (holder, post, tasks, overdue ones) by desk; what has neither is on nobody's."""
    tasks: Counter[Desk] = Counter()
    late: Counter[Desk] = Counter()
    for holder, post, count, overdue in rows:
        whose = holder or alone.get(post or 0)
        desk = (whose, None if whose else post)
        if desk != (None, None):
            tasks[desk] += count
            late[desk] += overdue
    return tasks, late


def _fullest(tasks: Counter[Desk], late: Counter[Desk]) -> list[Desk]:
    return sorted(tasks, key=lambda desk: (-late[desk], -tasks[desk], desk[0] or 0, desk[1] or 0))


def _all_of(chosen: list[Desk], alone: dict[int, int], live: QuerySet[procedures.Task], now: datetime) -> list[Any]:
    """All tasks of some desks, by the indexes of holders and posts."""
    people = [holder for holder, _post in chosen if holder]
    posts = [post for _holder, post in chosen if post] + [post for post, whose in alone.items() if whose in people]
    theirs = Q(holder__in=people) | Q(holder=None, post__in=posts)
    grouped = live.filter(theirs).order_by().values_list("holder", "post")
    return list(grouped.annotate(n=Count("*"), late=Count("pk", filter=Q(due_at__lt=now))))
