"""Declared lists: people, posts, the address book, roles and scopes."""

import json
from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from yinuo.kit import lists
from yinuo.org import definition, models, queries


def _words(pair: tuple[str, str]) -> str:
    return pair[1] if (get_language() or "").startswith("en") else pair[0]


def joined(words: Sequence[str]) -> str:
    """Names one after the other, as the language writes it."""
    return ("; " if (get_language() or "").startswith("en") else "、").join(words)


# People ---------------------------------------------------------------------------------------------------------------


def _like(*names: str) -> Any:
    def apply(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        found = Q()
        for name in names:
            found |= Q(**{f"{name}__icontains": text})
        return rows.filter(found)

    return apply


def _posts_of(person: Any) -> str:
    words = [f"{h.post.name}{_('(acting)') if h.is_acting else ''}" for h in person.held_now]
    return joined(words)


def state_of(person: Any) -> tuple[str, Any]:
    """Whether somebody works here, is away, barred or gone, as a badge."""
    if person.left_on and not person.is_active:
        return ("quiet", _("has left"))
    if not person.is_active:
        return ("suspect", _("barred"))
    return ("pending", _("away")) if person.is_away else ("active", _("at work"))


def _sites(person: Any) -> list[tuple[str, str]]:
    return [(str(site.pk), site.name) for site in queries.sites()]


def _departments(person: Any) -> list[tuple[str, str]]:
    return [(str(department.pk), department.name) for department in queries.departments()]


def _in_department(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    if not value.isdecimal():
        return rows.none()
    return rows.filter(pk__in=queries.people_of_department(int(value)))


def _by_number(field: str) -> Any:
    def apply(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return rows.filter(**{field: int(value)}) if value.isdecimal() else rows.none()

    return apply


PEOPLE = lists.Sheet(
    name="org.people",
    title=_("List of people"),
    columns=[
        lists.Column("name", _("Full name"), lambda p: p.name, kind="link", sort="name"),
        lists.Column("posts", _("Posts"), _posts_of),
        lists.Column(
            "departments", _("Department"), lambda p: joined(sorted({h.post.department.name for h in p.held_now}))
        ),
        lists.Column("number", _("Employee number"), lambda p: p.employee_number, sort="employee_number"),
        lists.Column("site", _("Site"), lambda p: p.site.name if p.site else "", sort="site__code", narrow=False),
        lists.Column("phone", _("Phone"), lambda p: p.phone),
        lists.Column("email", _("E-mail"), lambda p: p.email, narrow=False),
        lists.Column("state", _("State"), state_of, kind="badge"),
    ],
    filters=[
        lists.Filter("q", _("Name or number"), _like("name", "name_latin", "employee_number", "sign_in"), kind="text"),
        lists.Filter("department", _("Department"), _in_department, choices=_departments),
        lists.Filter("site", _("Site"), _by_number("site_id"), choices=_sites),
    ],
    sorts={
        "number": (_("By employee number"), "employee_number", False),
        "name": (_("By name"), "name", False),
    },
    empty=_("Nobody works here yet."),
)

# Posts ----------------------------------------------------------------------------------------------------------------


def _holders(post: Any) -> str:
    return joined([f"{h.person.name}{_('(acting)') if h.is_acting else ''}" for h in post.held_then])


def _filled(post: Any) -> tuple[str, Any] | None:
    if not post.is_active:
        return ("quiet", _("out of use"))
    if not post.held_then:
        return ("suspect", _("vacant"))
    return ("pending", _("acting")) if all(h.is_acting for h in post.held_then) else ("active", _("filled"))


POSTS = lists.Sheet(
    name="org.posts",
    title=_("List of posts"),
    columns=[
        lists.Column("name", _("Post"), lambda p: p.name, kind="link", sort="name_zh"),
        lists.Column("department", _("Department"), lambda p: p.department.name, sort="department__code"),
        lists.Column("holders", _("Held by"), _holders),
        lists.Column("filled", _("State"), _filled, kind="badge"),
        lists.Column("superior", _("Post above it"), lambda p: p.superior.name if p.superior else "", narrow=False),
        lists.Column("head", _("Heads the department"), lambda p: "●" if p.is_head else "", narrow=False),
        lists.Column("code", _("Short code"), lambda p: p.code, sort="code", narrow=False),
    ],
    filters=[
        lists.Filter("q", _("Post"), _like("name_zh", "name_en", "code"), kind="text"),
        lists.Filter("department", _("Department"), _by_number("department_id"), choices=_departments),
    ],
    sorts={
        "department": (_("By department"), "department__code", False),
        "name": (_("By name"), "name_zh", False),
        "code": (_("By code"), "code", False),
    },
    empty=_("No posts yet. Create the posts that procedures name."),
)

# Address book ---------------------------------------------------------------------------------------------------------


def kinds_of(organisation: Any) -> str:
    """What an organisation is to us, in words."""
    return joined([_words(definition.ORGANISATION_KINDS.get(kind, (kind, kind))) for kind in organisation.kinds])


def _of_kind(rows: QuerySet[Any], kind: str) -> QuerySet[Any]:
    if kind not in definition.ORGANISATION_KINDS:
        return rows.none()
    return rows.annotate(kinds_text=Cast("kinds", TextField())).filter(kinds_text__contains=f'"{kind}"')


def _named(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """By any name. Lists are searched as text: PostgreSQL keeps it as written, SQLite with escaped letters."""
    return rows.annotate(aliases_text=Cast("aliases", TextField())).filter(
        Q(name_zh__icontains=text)
        | Q(name_en__icontains=text)
        | Q(aliases_text__icontains=text)
        | Q(aliases_text__icontains=json.dumps(text)[1:-1])
    )


def _kinds(person: Any) -> list[tuple[str, str]]:
    return [(key, _words(words)) for key, words in definition.ORGANISATION_KINDS.items()]


ADDRESS_BOOK = lists.Sheet(
    name="org.address_book",
    title=_("Address book"),
    columns=[
        lists.Column("name", _("Organisation"), lambda o: o.name, kind="link", sort="name_zh"),
        lists.Column("kinds", _("What it is to us"), kinds_of),
        lists.Column("aliases", _("Other names"), lambda o: joined(o.aliases)),
        lists.Column("country", _("Country"), lambda o: o.country, sort="country", narrow=False),
        lists.Column("address", _("Address"), lambda o: o.address, narrow=False),
        lists.Column(
            "state",
            _("State"),
            lambda o: (
                ("suspect", _("confidential")) if o.scope_id else None if o.is_active else ("quiet", _("out of use"))
            ),
            kind="badge",
        ),
    ],
    filters=[
        lists.Filter("q", _("Name or alias"), _named, kind="text"),
        lists.Filter("kind", _("What it is to us"), _of_kind, choices=_kinds),
    ],
    sorts={"name": (_("By name"), "name_zh", False), "country": (_("By country"), "country", False)},
    empty=_("No organisation yet. Customers enter by themselves; add suppliers, certification bodies and authorities."),
)

# Roles and scopes, laid out by hand on their pages: here as files ---------------------------------------------------


def _role(grant: Any) -> tuple[str, str]:
    role = definition.ROLES[grant.role]
    return _words((role.zh, role.en)), _words((role.for_zh, role.for_en))


ROLES = lists.Sheet(
    name="org.roles",
    title=_("List of roles given"),
    columns=[
        lists.Column("role", _("Role"), lambda grant: _role(grant)[0]),
        lists.Column("purpose", _("What it is for"), lambda grant: _role(grant)[1]),
        lists.Column("person", _("Full name"), lambda grant: grant.person.name, kind="person"),
        lists.Column("number", _("Employee number"), lambda grant: grant.person.employee_number),
        lists.Column("site", _("Site"), lambda grant: grant.site.name if grant.site else _("all sites")),
        lists.Column("from", pgettext_lazy("day", "From"), lambda grant: grant.from_on, kind="day"),
        lists.Column("to", pgettext_lazy("day", "Until"), lambda grant: grant.to_on, kind="day"),
    ],
    sorts={"name": (_("By name"), "person__name", False)},
)


def _with_named(rows: QuerySet[Any]) -> QuerySet[Any]:
    grants = models.ScopeGrant.objects.filter(ended_at=None).select_related("person").order_by("person__name", "pk")
    return rows.prefetch_related(Prefetch("grants", queryset=grants, to_attr="named_now"))


SCOPES = lists.Sheet(
    name="org.scopes",
    title=_("Scopes of confidentiality"),
    columns=[lists.Column("name", _("Scope of confidentiality"), lambda scope: scope.name)],
    further=[
        lists.Column("named", _("How many"), lambda scope: len(scope.named_now), kind="number"),
        lists.Column("people", _("Named people"), lambda scope: joined([each.person.name for each in scope.named_now])),
    ],
    whole=_with_named,
    sorts={"name": (_("By name"), "name_zh", False)},
)
