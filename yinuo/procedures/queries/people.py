"""Who is responsible: from a procedure's "who" to people and posts of today."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from yinuo.kit import in_hand, plugs
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures import access, models
from yinuo.procedures.definition import shapes
from yinuo.procedures.definition.texts import NOTHING, Text

NOBODY = Text("未找到{party}，已转由程序归口岗位处理", "Nobody found for {party}; it went to the procedure's owner")
NOBODY_AT_ALL = Text("未找到{party}，请指定办理人", "Nobody found for {party}; please reassign")


@dataclass(frozen=True)
class Found:
    """Who may do something: the people who may act today, the post they hold if it goes to a post, the party's words.

    `warning` is set when the people wanted were not found and others stand in for them, or nobody.
    """

    party: str
    words: Text = NOTHING
    people: list[org.Person] = field(default_factory=list)
    post: org.Post | None = None
    warning: Text = NOTHING


def who_of(party: str) -> shapes.Who:
    """The "who" behind a party word such as "department:quality"."""
    kind, _, name = party.partition(":")
    return shapes.Who(kind=kind, name=name)  # type: ignore[arg-type]


def party_of(person: org.Person) -> str:
    """The party word of one person: by employee number, which lasts, else by key."""
    return f"person:{person.employee_number or f'#{person.pk}'}"


def person_of(name: str) -> org.Person | None:
    """The person behind the name of a party word: employee number, or # and key."""
    if name.startswith("#"):
        return org.Person.objects.filter(pk=int(name[1:])).first() if name[1:].isdigit() else None
    return org.Person.objects.filter(employee_number=name).first()


def responsible(wanted: Iterable[shapes.Who], *, run: models.Run, now: datetime) -> Found:
    """Who is to do something: the first of those wanted behind whom there are people; else the post that owns the
    procedure, with a warning. Only people who may work on rows of the run's scope and site count.
    """
    first: Found | None = None
    for who in wanted:
        found = find(who, run=run, now=now)
        first = first or found
        if found.people:
            return replace(found, party=first.party, words=first.words)
    first = first or Found(party="")
    name = first.words or Text(first.party, first.party)
    if run.procedure.owner_post is not None:
        owner = find(shapes.Who(kind="post", name=run.procedure.owner_post.code), run=run, now=now)
        if owner.people:
            return replace(owner, party=first.party, warning=_with(NOBODY, name))
    return replace(first, post=None, warning=_with(NOBODY_AT_ALL, name))


def _with(sentence: Text, party: Text) -> Text:
    return Text(sentence.zh.format(party=f"“{party.zh}”"), sentence.en.format(party=f"“{party.en}”"))


def find(who: shapes.Who, *, run: models.Run, now: datetime) -> Found:
    """The people behind one "who" today who may work for the run's subject; maybe nobody."""
    found = _FINDING.get(who.kind, _by_finder)(who, run, now)
    able = access.able(found.people, access.P.PROCEDURES_WORK, run.scope_id, run.site_id)
    return replace(found, people=_present_first(able, now))


def _present_first(people: list[org.Person], now: datetime) -> list[org.Person]:
    """Several people in the order in which they should be asked: whoever is there before whoever is away."""
    if len(people) < 2:
        return people
    away = set(org_queries.absences_at(now).values_list("person_id", flat=True))
    return sorted(people, key=lambda person: person.pk in away)


def _post(who: shapes.Who, run: models.Run, now: datetime) -> Found:
    post = org.Post.objects.filter(code=who.name).first()
    if post is None:
        return Found(party=who.party, words=Text(who.name, who.name))
    return _of_post(who.party, post, now)


def _of_post(party: str, post: org.Post, now: datetime) -> Found:
    people = org_queries.holders(post.code, timezone.localtime(now).date())
    return Found(party=party, words=_name(post), people=people, post=post)


def _name(row: org.Post | org.Department) -> Text:
    return Text(row.name_zh, row.name_en or row.name_zh)


def _department(who: shapes.Who, run: models.Run, now: datetime) -> Found:
    """A department acts through its head: the post when it is held, else the heads of what it belongs to."""
    department = org.Department.objects.filter(code=who.name).first()
    if department is None:
        return Found(party=who.party, words=Text(who.name, who.name))
    post = org.Post.objects.filter(department=department, is_head=True, is_active=True).first()
    if post is not None:
        found = _of_post(who.party, post, now)
        if found.people:
            return replace(found, words=_name(department))
    people = org_queries.heads(department.code, timezone.localtime(now).date())
    return Found(party=who.party, words=_name(department), people=people)


def _person(who: shapes.Who, run: models.Run, now: datetime) -> Found:
    person = person_of(who.name)
    if person is None:
        return Found(party=who.party, words=Text(who.name, who.name))
    return Found(party=who.party, words=Text(person.name, person.name_latin or person.name), people=[person])


def _role(who: shapes.Who, run: models.Run, now: datetime) -> Found:
    """A role of a team ("project:quality"): asked of the finder plugged in with `team="project"`."""
    team, _, role = who.name.partition(":")
    for plug in plugs.finders:
        if plug.about.get("team") == team:
            return _answer(plug, role, who.party, run, now)
    return Found(party=who.party, words=Text(who.name, who.name))


def _by_finder(who: shapes.Who, run: models.Run, now: datetime) -> Found:
    if who.name not in plugs.finders:
        return Found(party=who.party, words=Text(who.name, who.name))
    return _answer(plugs.finders.get(who.name), "", who.party, run, now)


def _answer(plug: plugs.Plug, argument: str, party: str, run: models.Run, now: datetime) -> Found:
    """What a finder found: ids of people, or one party word such as "post:quality_manager". A finder plugged in with
    `of_run` is asked about the run itself, which at its start is not stored yet."""
    words = Text(plug.zh, plug.en)
    answer = plug.function(run if plug.about.get("of_run") else run.subject, argument)
    if isinstance(answer, str):
        if not answer:
            return Found(party=party, words=words)
        found = find(who_of(answer), run=run, now=now)
        return replace(found, party=party)
    ids = list(answer)
    people = {each: person for each in ids if (person := in_hand.held(org.Person, each)) is not None}
    if unknown := [each for each in ids if each not in people]:
        people |= {person.pk: person for person in org.Person.objects.filter(Q(pk__in=unknown))}
    return Found(party=party, words=words, people=[people[each] for each in ids if each in people])


_FINDING = {
    "post": _post,
    "department": _department,
    "person": _person,
    "role": _role,
}


def words_of(party: str) -> Text:
    """The words for a party: "department:quality" → 质量部."""
    who = who_of(party)
    row: org.Post | org.Department | None = None
    if who.kind == "post":
        row = org.Post.objects.filter(code=who.name).first()
    elif who.kind == "department":
        row = org.Department.objects.filter(code=who.name).first()
    elif who.kind == "person" and (person := person_of(who.name)) is not None:
        return Text(person.name, person.name_latin or person.name)
    return _name(row) if row is not None else Text(who.name, who.name)
