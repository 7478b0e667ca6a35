"""Who at us can analyse, and who at the customer may ask."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.cases import models
from yinuo.cases.queries import conventions as convention_queries
from yinuo.customers import models as customers
from yinuo.customers import queries as customers_queries
from yinuo.org import models as org
from yinuo.org import queries as org_queries

ANALYSIS_LEVEL = 2  # of a skill: 1 knows, 2 can, 3 teaches


@dataclass(frozen=True)
class Competence:
    """The skill that an item's analysis needs, and whose is on record; None where the company keeps no such skill."""

    skill: org.Skill | None
    people: tuple[org.Person, ...]

    def covers(self, person: org.Person) -> bool:
        return self.skill is None or person in self.people

    @property
    def names(self) -> str:
        return "、".join(person.name for person in self.people)


def competence_for(kinds: Collection[str], on: date) -> dict[str, Competence]:
    """For each kind of requirement who is competent to analyse it on a day (S5 2(3))."""
    wanted = convention_queries.convention().skills
    codes = {kind: wanted.get(kind, kind) for kind in kinds}
    skills = {skill.code: skill for skill in org.Skill.objects.filter(code__in=set(codes.values()))}
    people = {code: tuple(org_queries.competent(code, on, ANALYSIS_LEVEL)) for code in skills}
    return {kind: Competence(skills.get(code), people.get(code, ())) for kind, code in codes.items()}


def analysts(it: models.Case, on: date) -> list[org.Person]:
    """Who is competent to analyse the case's items on a day: those who can judge most of them first."""
    kinds = set(models.Item.objects.filter(case=it, withdrawn_at=None).values_list("kind", flat=True))
    found = [each for each in competence_for(kinds, on).values() if each.skill is not None]
    people = list(dict.fromkeys(person for each in found for person in each.people))
    most = max((sum(person in each.people for each in found) for person in people), default=0)
    return [person for person in people if sum(person in each.people for each in found) == most]


AUTHORITY = {
    models.Kind.TECHNICAL: customers.Authority.TECHNICAL,
    models.Kind.QUALITY: customers.Authority.QUALITY,
    models.Kind.COMMERCIAL: customers.Authority.COMMERCIAL,
}


def authorities_for(kinds: Iterable[str]) -> list[str]:
    """What somebody at the customer must be authorised to say to ask for these kinds."""
    return list(dict.fromkeys(str(AUTHORITY[kind]) for kind in map(models.Kind, kinds) if kind in AUTHORITY))


def authority_gap(it: models.Case, wanted: Collection[str]) -> str:
    """A warning where the case's contact is not on record for an authority that is wanted, with those who are.

    "" where the contact has them, or where nothing is on record for the contact at all.
    """
    if it.contact is None or not it.contact.authority:
        return ""
    missing = [each for each in wanted if each not in it.contact.authority]
    if not missing:
        return ""
    what = "、".join(str(customers.Authority(each).label) for each in missing)
    on = timezone.localdate(it.notified_at)
    able = [contact.name for each in missing for contact in customers_queries.contacts_on(it.customer, on, each)]
    words = _("%(name)s is not on record for: %(what)s.") % {"name": it.contact.name, "what": what}
    return words + (_(" On record: %(names)s.") % {"names": "、".join(dict.fromkeys(able))} if able else "")
