"""Reading the organisation: who holds a post, who is superior, who stands in, who is competent, when a site works.

Days are `date`s, moments aware `datetime`s. Lists of people are in the order in which they should be asked: holders
before those acting for them, then by seniority in the post.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection
from django.db.models import Exists, Model, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from yinuo.kit import duties, plugs, remembering, views
from yinuo.org import definition, models, rules

R = TypeVar("R", bound=Model)

# Places and people ----------------------------------------------------------------------------------------------------


def sites() -> QuerySet[models.Site]:
    """Our sites in use."""
    return models.Site.objects.filter(is_active=True).order_by("code")


@remembering.kept(models.Site)
def sites_in_use() -> tuple[models.Site, ...]:
    """The same, read."""
    return tuple(sites())


def departments() -> QuerySet[models.Department]:
    """The departments in use, down to the sections; in the order of their codes."""
    return models.Department.objects.filter(is_active=True).order_by("code")


def posts() -> QuerySet[models.Post]:
    """The posts in use, with their departments."""
    return models.Post.objects.filter(is_active=True).select_related("department").order_by("department__code", "code")


def people() -> QuerySet[models.Person]:
    """Everybody who works here now."""
    return models.Person.objects.filter(is_active=True).order_by("name", "pk")


def _working_on(on: date) -> Q:
    """Holdings of people who worked here that day. Whoever is barred may not act from today on, but held it before."""
    if on < timezone.localdate():
        return Q(person__left_on=None) | Q(person__left_on__gte=on)
    return Q(person__is_active=True) | Q(person__left_on__gte=on)


# Posts ----------------------------------------------------------------------------------------------------------------


def holdings_on(on: date) -> QuerySet[models.Holding]:
    """Who held which post on a day: holders first, then those acting, the longest-serving first."""
    return (
        models.Holding.objects.filter(models.in_force(on), _working_on(on))
        .select_related("person", "post__department")
        .order_by("is_acting", "from_on", "pk")
    )


def holders(post_code: str, on: date) -> list[models.Person]:
    """The people holding a post on a day, those acting (代理) behind; nobody when it was vacant."""
    return _each_once(holding.person for holding in holdings_on(on).filter(post__code=post_code))


def heads(department_code: str, on: date) -> list[models.Person]:
    """The heads of a department on a day; of a section without one, the heads of what it belongs to."""
    tree = {d.code: d for d in models.Department.objects.select_related("parent")}
    department = tree.get(department_code)
    seen: set[str] = set()
    while department is not None and department.code not in seen:
        seen.add(department.code)
        found = holdings_on(on).filter(post__department=department.pk, post__is_head=True)
        if heads_of_it := _each_once(holding.person for holding in found):
            return heads_of_it
        department = tree.get(department.parent.code) if department.parent else None
    return []


def posts_on(person: models.Person, on: date) -> list[models.Post]:
    """All posts a person held on a day, own posts before acting ones."""
    return [holding.post for holding in holdings_on(on).filter(person=person)]


def post_on(person: models.Person, on: date) -> models.Post | None:
    """The post in which a person signs on a day: the own one held longest, else one held acting."""
    return next(iter(posts_on(person, on)), None)


def superior_of(person: models.Person, on: date) -> models.Person | None:
    """A person's superior: the one named for them, else whoever holds the next post above theirs that is not vacant.

    Nobody is their own superior; None at the top.
    """
    named = person.superior
    if named and (named.left_on >= on if named.left_on else named.is_active or on < timezone.localdate()):
        return named
    held = post_on(person, on)
    above = held.superior if held else None
    seen: set[int] = set()
    while above is not None and above.pk not in seen:
        seen.add(above.pk)
        for candidate in holders(above.code, on):
            if candidate.pk != person.pk:
                return candidate
        above = above.superior
    return None


def reports_of(person: models.Person, on: date) -> list[int]:
    """The ids of those whose superior somebody is: named as such, or in a post right below one of theirs."""
    named = Q(superior=person)
    below = holdings_on(on).filter(post__superior__in=posts_on(person, on)).values("person_id")
    return list(people().filter(named | Q(superior=None, pk__in=below)).values_list("pk", flat=True))


def _each_once(people_found: Iterable[models.Person]) -> list[models.Person]:
    return list({person.pk: person for person in people_found}.values())


def without_password() -> QuerySet[models.Person]:
    """Who may sign in and has never set a password."""
    rows = models.Person.objects.filter(is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return rows.select_related("site").order_by("name", "pk")


def staff(*, gone: bool, now: datetime) -> QuerySet[models.Person]:
    """Those who work here, or those who have left, each with `held_now` (holdings) and `is_away`."""
    today = timezone.localtime(now).date()
    held = models.Holding.objects.filter(models.in_force(today)).select_related("post__department")
    left = Q(is_active=False, left_on__lt=today)
    return (
        models.Person.objects.filter(left if gone else ~left)
        .select_related("site")
        .prefetch_related(Prefetch("holdings", held.order_by("is_acting", "from_on"), to_attr="held_now"))
        .annotate(is_away=Exists(absences_at(now).filter(person=OuterRef("pk"))))
    )


def posts_then(on: date) -> QuerySet[models.Post]:
    """All posts, each with `held_then`: who held it on a day."""
    held = holdings_on(on)
    return models.Post.objects.select_related("department", "superior").prefetch_related(
        Prefetch("holdings", held, to_attr="held_then")
    )


def departments_below(department_id: int) -> set[int]:
    """The ids of a department and of all its sections, however deep."""
    above = dict(models.Department.objects.values_list("pk", "parent_id"))
    inside = {department_id}
    while more := {pk for pk, parent in above.items() if parent in inside} - inside:
        inside |= more
    return inside


def people_of_department(department_id: int) -> list[int]:
    """The ids of those who hold a post in a department or one of its sections today."""
    today = timezone.localdate()
    holding = holdings_on(today).filter(post__department__in=departments_below(department_id))
    return list(holding.values_list("person_id", flat=True))


def people_with_posts(on: date) -> list[tuple[models.Person, list[models.Post]]]:
    """Everybody who works here with the posts they hold on a day; those without a post last."""
    held: dict[int, list[models.Post]] = defaultdict(list)
    for holding in holdings_on(on):
        held[holding.person_id].append(holding.post)
    found = [(person, held[person.pk]) for person in people().order_by("employee_number", "pk")]
    return sorted(found, key=lambda each: not each[1])


def invited(token: str, now: datetime) -> models.Person | None:
    """Whom an invitation link is for, as long as it holds."""
    found = (
        models.Invitation.objects.filter(token_digest=rules.token_digest(token), used_at=None, revoked_at=None)
        .filter(expires_at__gt=now, person__is_active=True)
        .select_related("person")
        .first()
    )
    return found.person if found else None


# Absence --------------------------------------------------------------------------------------------------------------


def absences_at(at: datetime) -> QuerySet[models.Absence]:
    """Who is away at a moment."""
    return models.Absence.objects.filter(from_at__lte=at, to_at__gt=at, cancelled_at=None)


def present(person: models.Person, at: datetime) -> bool:
    """Whether a person can be asked to act at a moment: works here and is not away."""
    return person.is_active and not absences_at(at).filter(person=person).exists()


def delegate_of(person: models.Person, at: datetime) -> models.Person | None:
    """Who stands in for a person who is away (委托代理), along the chain of delegates.

    None when the person is present, named nobody, or the chain ends with nobody.
    """
    away: dict[int, int | None] = dict(absences_at(at).order_by("pk").values_list("person_id", "delegate_id"))
    found = rules.stand_in(person.pk, away)
    return people().filter(pk=found).first() if found else None


# Competence -----------------------------------------------------------------------------------------------------------


def competent(skill_code: str, on: date, level: int = 1) -> list[models.Person]:
    """People whose competence in a skill is on record and valid on a day, at least of that level; the best first."""
    valid = Q(skills__valid_until=None) | Q(skills__valid_until__gte=on)
    return list(
        people()
        .filter(valid, skills__skill__code=skill_code, skills__level__gte=level)
        .order_by("-skills__level", "name", "pk")
    )


# What somebody has in hand ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class InHand:
    """What somebody has in hand of one kind, as far as whoever looks may see it."""

    plug: plugs.Plug[Any]
    held: duties.Held

    @property
    def counted(self) -> tuple[str, str]:
        """How much it is, in Chinese and English: 7 项任务."""
        return counted(self.plug, len(self.held.duties))


def counted(plug: plugs.Plug[Any], n: int) -> tuple[str, str]:
    """So many duties of a kind, in Chinese and English."""
    zh, one, many = plug.about["counted"]
    return zh.format(n=n), (one if n == 1 else many).format(n=n)


def in_hand(person: models.Person, by: models.Person, now: datetime) -> list[InHand]:
    """What somebody has in hand, by kind, as far as `by` may see it; kinds of which there is nothing are left out."""
    asked = sorted(plugs.duties, key=lambda plug: plug.about["order"])
    found = [InHand(plug, plug.function(person, by, now)) for plug in asked]
    return [each for each in found if each.held.duties or each.held.hidden]


def seen_of(rows: QuerySet[R], by: models.Person, permission: str) -> tuple[QuerySet[R], int]:
    """Those of the rows that somebody may see, and how many more are confidential to nobody. Of what is confidential
    to others not even the number is told."""
    open_ones = rows.filter(scope_id=None)
    return by.visible(rows, permission), open_ones.count() - by.visible(open_ones, permission).count()


def handed_over(hand_over: models.HandOver, by: models.Person) -> QuerySet[models.HandedOver]:
    """The things of a hand-over that somebody may see: as far as they may see what each is about."""
    rows = models.HandedOver.objects.filter(hand_over=hand_over)
    arms = [
        by.visible(rows.filter(duty=plug.name), plug.about["sees"]).order_by().values("pk") for plug in plugs.duties
    ]
    return rows.filter(pk__in=arms[0].union(*arms[1:])).select_related("to").order_by("pk")


def who_may(permission: str, *, besides: Iterable[int], on: date) -> list[models.Person]:
    """Three of those who hold a permission at all sites."""
    roles = [name for name, role in definition.ROLES.items() if permission in role.permissions]
    grants = models.RoleGrant.objects.filter(models.in_force(on), role__in=roles, site=None)
    return list(people().filter(pk__in=grants.values("person")).exclude(pk__in=list(besides))[:3])


@dataclass(frozen=True)
class Successor:
    """Somebody who could take over: in which relation to whoever leaves, holding which posts, until when away, and
    which of the skills on record they lack."""

    person: models.Person
    relation: str
    posts: list[models.Post]
    away_until: datetime | None
    lacks: list[models.Skill]


def successors(person: models.Person, now: datetime) -> list[Successor]:
    """Who is proposed to take over, the nearest first: whoever stands in now, the superior, those of the same post,
    those of the same department; eight at most."""
    on = timezone.localtime(now).date()
    standing_in, superior = delegate_of(person, now), superior_of(person, on)
    near = [("delegate", standing_in)] if standing_in else []
    near += [("superior", superior)] if superior and superior.is_active else []
    posts = posts_on(person, on)
    held = holdings_on(on).exclude(person=person).filter(person__is_active=True)
    near += [("post", each.person) for each in held.filter(post__in=posts)]
    near += [("department", each.person) for each in held.filter(post__department__in=[p.department_id for p in posts])]
    first: dict[int, tuple[str, models.Person]] = {}
    for relation, who in near:
        first.setdefault(who.pk, (relation, who))
    chosen = dict(list(first.items())[:8])
    theirs = defaultdict(list)
    for holding in holdings_on(on).filter(person__in=chosen):
        theirs[holding.person_id].append(holding.post)
    away = {each.person_id: each.to_at for each in absences_at(now).filter(person__in=chosen)}
    lacks = _lacks(person, list(chosen), on)
    return [Successor(who, relation, theirs[pk], away.get(pk), lacks[pk]) for pk, (relation, who) in chosen.items()]


def _lacks(person: models.Person, others: list[int], on: date) -> dict[int, list[models.Skill]]:
    """Which skills that somebody has on record the others lack."""
    valid = Q(valid_until=None) | Q(valid_until__gte=on)
    recorded = models.PersonSkill.objects.filter(valid, level__gt=0)
    wanted = [each.skill for each in recorded.filter(person=person).select_related("skill").order_by("skill__name_zh")]
    has = set(recorded.filter(person__in=others).values_list("person_id", "skill_id"))
    return {pk: [skill for skill in wanted if (pk, skill.pk) not in has] for pk in others}


# Working time ---------------------------------------------------------------------------------------------------------

_read: tuple[str, dict[int | None, rules.Calendar]] = ("", {})  # what this process read last, under which stamp


def calendar(site_id: int | None) -> rules.Calendar:
    """When a site works (None, or no such site: the company's default).

    One query a page while nothing changes: calendars are kept per process under the stamp that every change of a
    calendar renews. A token never comes back, so a change that was rolled back leaves nothing behind.
    """
    global _read
    stamp = calendar_stamp()
    if stamp is None or stamp != _read[0]:
        found = _calendars()
        if stamp is not None:
            _read = (stamp, found)
    else:
        found = _read[1]
    return found.get(site_id) or found[None]


@remembering.once
def calendar_stamp() -> str | None:
    """Under which the calendars stand now."""
    return models.CalendarStamp.objects.values_list("token", flat=True).first()


def _calendars() -> dict[int | None, rules.Calendar]:
    """The calendars of all sites and the company's default, from four queries."""
    zones: dict[int | None, str] = {None: settings.TIME_ZONE}
    zones.update(models.Site.objects.values_list("pk", "time_zone"))
    weeks: dict[int | None, dict[int, list[rules.Stretch]]] = defaultdict(lambda: defaultdict(list))
    hours = models.WorkingHours.objects.order_by("weekday", "starts")
    for site, weekday, starts, ends in hours.values_list("site_id", "weekday", "starts", "ends"):
        weeks[site][weekday].append((starts, ends))
    days: dict[int | None, dict[date, bool]] = defaultdict(dict)
    for site, day, is_working in models.CalendarDay.objects.values_list("site_id", "day", "is_working"):
        days[site][day] = is_working
    known = frozenset(models.CalendarYear.objects.values_list("year", flat=True))
    return {
        site: rules.calendar_of(
            zone,
            company_week={weekday: tuple(stretches) for weekday, stretches in weeks[None].items()},
            site_week={weekday: tuple(stretches) for weekday, stretches in weeks[site].items()},
            company_days=days[None],
            site_days=days[site] if site is not None else {},
            known_years=known,
        )
        for site, zone in zones.items()
    }


def calendar_row(site: models.Site | None) -> models.SiteCalendar:
    """The working time of a site (None: of the company) as a row with its version; made on first use."""
    return models.SiteCalendar.objects.get_or_create(site=site)[0]


def named_days(site_id: int | None, year: int) -> dict[date, models.CalendarDay]:
    """The days of a year that differ from the week, as the site or else the company names them."""
    days = models.CalendarDay.objects.filter(day__year=year).filter(Q(site=None) | Q(site=site_id))
    own = {row.day: row for row in sorted(days, key=lambda row: row.site_id is not None)}
    return dict(sorted(own.items()))


# Lists ----------------------------------------------------------------------------------------------------------------


# In SQL, as every list asks it whenever it is shown: putting the same query together by objects costs 1 ms.
VIEWS = """
    SELECT v.id, v.name, v.query, v.version, v.owner_id, p.name, v.is_shared,
           EXISTS (SELECT 1 FROM org_firstview f WHERE f.view_id = v.id AND f.person_id = %(person)s)
    FROM org_savedview v JOIN org_person p ON p.id = v.owner_id
    WHERE v.list = %(list)s AND v.voided_at IS NULL AND (v.owner_id = %(person)s OR v.is_shared)
    ORDER BY v.name, v.id LIMIT 100
"""


def views_of(sheet: str, person: models.Person) -> list[views.View]:
    """The views of a list for somebody: their own by name, then those that others share."""
    with connection.cursor() as cursor:
        cursor.execute(VIEWS, {"person": person.pk, "list": sheet})
        found = cursor.fetchall()
    told = [
        views.View(pk, name, query, version, "" if owner == person.pk else by, bool(is_shared), bool(is_first))
        for pk, name, query, version, owner, by, is_shared, is_first in found
    ]
    return sorted(told, key=lambda view: bool(view.by))
