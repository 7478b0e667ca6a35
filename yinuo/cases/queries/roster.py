"""The people of pools as they stand: skills, places, rights, absences, load. Read at once, so that the number of
queries does not grow with pools, people or cases."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from yinuo.cases import models
from yinuo.cases.engine.pools import Pool
from yinuo.cases.engine.ranking import Candidate
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org import rules as org_rules
from yinuo.org.definition import Permission
from yinuo.procedures import models as procedures
from yinuo.procedures.definition.texts import Text
from yinuo.procedures.queries import load as load_queries

REMEMBERED = timedelta(days=365)  # how far back it counts that somebody knows a customer
KNOWN_CUSTOMERS = 500


@dataclass
class Standing:
    """What is known of one person; skills with level and last day, departments with those above."""

    person: org.Person
    skills: dict[str, tuple[int, date | None]] = field(default_factory=dict)
    departments: set[str] = field(default_factory=set)
    posts: set[str] = field(default_factory=set)
    rights: org_rules.Rights = field(default_factory=org_rules.Rights)
    away: list[tuple[datetime, datetime]] = field(default_factory=list)
    load: int = 0

    def level_in(self, pool: Pool, on: date) -> int | None:
        """The level with which the person belongs to the pool on a day (0: it asks for no skill); None: not of it."""
        if pool.department and pool.department not in self.departments:
            return None
        if pool.post and pool.post not in self.posts:
            return None
        if not pool.skill:
            return 0
        level, until = self.skills.get(pool.skill, (0, None))
        return level if level >= pool.level and (until is None or until >= on) else None

    def absent_until(self, at: datetime) -> datetime | None:
        """Until when the person is away, as the company's clock says it; None when they are there."""
        ends = [to_at for from_at, to_at in self.away if from_at <= at < to_at]
        return max(ends).astimezone(org.zone_of(None)) if ends else None


@dataclass
class Roster:
    """Everybody who may be asked; `knows`: cases of a customer that somebody handled in the last year."""

    people: list[Standing]
    knows: Counter[tuple[int, int]]
    skills: dict[str, Text]

    def candidates(
        self, pool: Pool, case: models.Case, at: datetime, more: Counter[int] | None = None
    ) -> list[Candidate]:
        """The pool's people who may handle the case, as they stand at a moment. `more`: load beside what was read."""
        on, found = at.astimezone(org.zone_of(None)).date(), []
        for each in self.people:
            level = each.level_in(pool, on)
            allowed = each.rights.allow(Permission.CASES_HANDLE, scope_id=case.scope_id, site_id=case.site_id)
            if level is None or not allowed:
                continue
            person, own = each.person, case.pk is not None and case.owner_id == each.person.pk
            found.append(
                Candidate(
                    person=person.pk,
                    name=person.name,
                    level=level,
                    load=each.load + (more[person.pk] if more else 0),
                    capacity=person.capacity,
                    same_site=case.site_id is None or person.site_id == case.site_id,
                    absent_until=each.absent_until(at),
                    knows=max(0, self.knows[person.pk, case.customer_id] - own),
                )
            )
        return found


def read(
    pools: Iterable[Pool], customers: Collection[int], now: datetime, *, since: datetime | None = None,
    without: Collection[int] = (),
) -> Roster:  # fmt: skip
    """The roster for some pools and customers. `since`: absences from then on count too; `without`: cases whose work
    is not counted as load."""
    pools, on = list(pools), now.astimezone(org.zone_of(None)).date()
    skills = {pool.skill for pool in pools if pool.skill}
    people: dict[int, Standing] = {}
    of_skill: dict[int, dict[str, tuple[int, date | None]]] = defaultdict(dict)
    recorded = org.PersonSkill.objects.filter(skill__code__in=skills)
    for person, code, level, until in recorded.values_list("person_id", "skill__code", "level", "valid_until"):
        of_skill[person][code] = (level, until)
    departments, posts = _places(on) if any(pool.department or pool.post for pool in pools) else ({}, {})
    placed = {person for person, codes in departments.items() if codes & {pool.department for pool in pools}}
    placed |= {person for person, codes in posts.items() if codes & {pool.post for pool in pools}}
    for found in org_queries.people().filter(pk__in=placed | set(of_skill)):
        pk = found.pk
        people[pk] = Standing(found, of_skill[pk], departments.get(pk, set()), posts.get(pk, set()))
    _with_rights(people)
    away = org.Absence.objects.filter(person__in=people, cancelled_at=None, from_at__lte=now, to_at__gt=since or now)
    for pk, from_at, to_at in away.values_list("person_id", "from_at", "to_at"):
        people[pk].away.append((from_at, to_at))
    for pk, count in _load(people, on, without).items():
        people[pk].load = count
    names = org.Skill.objects.filter(code__in=skills).values_list("code", "name_zh", "name_en")
    return Roster(
        people=list(people.values()),
        knows=_knows(people, customers, now),
        skills={code: Text(zh or en, en or zh) for code, zh, en in names},
    )


def _places(on: date) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    """Of everybody with a post: the departments, those above included, and the posts."""
    tree = {pk: (code, parent) for pk, code, parent in org.Department.objects.values_list("pk", "code", "parent_id")}
    departments: dict[int, set[str]] = defaultdict(set)
    posts: dict[int, set[str]] = defaultdict(set)
    held = org_queries.holdings_on(on).values_list("person_id", "post__code", "post__department_id")
    for person, post, department in held:
        posts[person].add(post)
        at: int | None = department
        while at is not None and tree[at][0] not in departments[person]:
            departments[person].add(tree[at][0])
            at = tree[at][1]
    return departments, posts


def _with_rights(people: dict[int, Standing]) -> None:
    """What each may do and see today."""
    roles: dict[int, list[org_rules.RoleHeld]] = defaultdict(list)
    grants = org.RoleGrant.objects.filter(org.in_force(), person__in=people)
    for person, role, site in grants.values_list("person_id", "role", "site_id"):
        roles[person].append(org_rules.RoleHeld(role=role, site_id=site))
    scopes: dict[int, set[int]] = defaultdict(set)
    named = org.ScopeGrant.objects.filter(person__in=people, ended_at=None)
    for person, scope in named.values_list("person_id", "scope_id"):
        scopes[person].add(scope)
    for pk, each in people.items():
        each.rights = org_rules.Rights(roles=tuple(roles[pk]), scope_ids=frozenset(scopes[pk]))


def _load(people: Collection[int], on: date, without: Collection[int]) -> Counter[int]:
    """Open tasks, and open cases owned in which nothing lies with the owner just now: they come back."""
    theirs = Q(subject_type=models.Case.subject_type, subject_id__in=list(without))
    load = load_queries.open_tasks(people, on, except_for=theirs if without else None)
    held = procedures.Task.objects.filter(
        subject_type=models.Case.subject_type, subject_id=OuterRef("pk"), holder=OuterRef("owner"), closed_at=None
    )
    owned = models.Case.objects.filter(~Exists(held), owner__in=people, ended_at=None, held_at=None)
    owned = owned.exclude(pk__in=list(without)) if without else owned
    for person, count in owned.order_by().values_list("owner_id").annotate(n=Count("pk")):
        load[person] += count
    return load


def _knows(people: Collection[int], customers: Collection[int], now: datetime) -> Counter[tuple[int, int]]:
    owned = models.Case.objects.filter(
        owner__in=people, customer__in=list(customers)[:KNOWN_CUSTOMERS], registered_at__gte=now - REMEMBERED
    )
    counted = owned.order_by().values_list("owner_id", "customer_id").annotate(n=Count("pk"))
    return Counter({(person, customer): count for person, customer, count in counted})
