"""Whose desks stand on the board: the people of a department with the sections below it, and the posts that are theirs.

The number of queries does not grow with people.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures import models as procedures

NO_POST = "none"  # in an address: those who hold no post


@dataclass
class Colleague:
    """Somebody of the board with the posts they hold in the department; `alone`: posts that nobody else holds."""

    pk: int
    name: str
    capacity: int
    posts: list[str] = field(default_factory=list)
    alone: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Staff:
    """One page of a department's people, and its posts at which a task waits for several people or nobody."""

    people: list[Colleague]
    shared: list[int]
    has_more: bool


def department_of(person: org.Person, now: datetime) -> org.Department | None:
    """The department that a manager looks at first: that of their own post."""
    post = org_queries.post_on(person, timezone.localtime(now).date())
    return post.department if post else None


def inside(department: int, all_of_them: Iterable[org.Department]) -> set[int]:
    """A department and everything below it."""
    parents = {each.pk: each.parent_id for each in all_of_them}
    found = {department}
    while more := {pk for pk, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def at_sites(sites: Iterable[int] | None) -> Q:
    """People whose home is one of the sites, or none in particular."""
    return Q() if sites is None else Q(site=None) | Q(site__in=list(sites))


def staff_of(departments: set[int], now: datetime, sites: Iterable[int] | None, first: int, most: int) -> Staff:
    """People of some departments from the `first` on; heads first, then by name."""
    on = timezone.localtime(now).date()
    there = org.Person.objects.filter(at_sites(sites), is_active=True).values("pk")
    held = org_queries.holdings_on(on).filter(post__department__in=departments, person__in=there)
    columns = ("person_id", "person__name", "person__capacity", "post__name_zh", "post__name_en")
    people: dict[int, Colleague] = {}
    ordered = held.order_by("post__department__code", "-post__is_head", "person__name", "person_id")
    for pk, name, capacity, zh, en in ordered.values_list(*columns):
        post = procedures.words(zh, en)
        each = people.setdefault(pk, Colleague(pk, name, capacity))
        if post not in each.posts:
            each.posts.append(post)
    shown = list(people.values())[first : first + most]
    holders = _holders([each.pk for each in shown], departments, on)
    by_key = {each.pk: each for each in shown}
    for post_id, whose in holders.items():
        if len(whose) == 1 and (only := next(iter(whose))) in by_key:
            by_key[only].alone.append(post_id)
    of_them = org.Post.objects.filter(department__in=departments).order_by("pk").values_list("pk", flat=True)
    return Staff(shown, [pk for pk in of_them if len(holders.get(pk, ())) != 1], len(people) > first + most)


def _holders(people: list[int], departments: set[int], on: date) -> dict[int, set[int]]:
    """Who holds the posts of the departments, and those that the people hold elsewhere."""
    held = org_queries.holdings_on(on)
    theirs = Q(post__in=held.filter(person__in=people).order_by().values("post_id"))
    found: dict[int, set[int]] = defaultdict(set)
    for post, person in (
        held.filter(theirs | Q(post__department__in=departments)).order_by().values_list("post_id", "person_id")
    ):
        found[post].add(person)
    return found


def without_post(now: datetime, sites: Iterable[int] | None, first: int, most: int) -> Staff:
    """Whoever works here and holds no post today: their tasks must not be out of sight."""
    held = org.Holding.objects.filter(org.in_force(timezone.localtime(now).date()), person=OuterRef("pk"))
    rows = org_queries.people().filter(at_sites(sites), ~Exists(held))
    people = [
        Colleague(pk, name, capacity)
        for pk, name, capacity in rows.values_list("pk", "name", "capacity")[first : first + most + 1]
    ]
    return Staff(people[:most], [], len(people) > most)


def absences_of(people: Iterable[int], now: datetime, until: datetime) -> QuerySet[org.Absence]:
    """When some people are away from now until a moment, the first absence first."""
    away = org.Absence.objects.filter(person__in=list(people), cancelled_at=None, to_at__gt=now, from_at__lt=until)
    return away.order_by("from_at", "pk")
