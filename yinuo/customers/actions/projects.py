"""Keeping projects and their teams."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yinuo.customers import access, models, queries
from yinuo.customers.actions import scoping
from yinuo.kit import plugs, refusals, rows
from yinuo.org import models as org
from yinuo.records import actions as records


class NumberTaken(refusals.Refusal):
    """The project number is already used."""


class CannotKeep(refusals.Refusal):
    """What was said about the project or its team does not fit together."""


class Facts(TypedDict, total=False):
    """What people say about a project."""

    number: str
    name_zh: str
    name_en: str
    customer: models.Customer
    products: Sequence[models.Product]
    phase: str
    department: org.Department | None
    site: org.Site | None
    vehicle: str
    starts_on: date | None
    sop_on: date | None
    scope: org.Scope | None
    note: str


COLUMNS = (
    "number", "name_zh", "name_en", "customer", "phase", "department", "site", "vehicle", "starts_on", "sop_on", "note",
)  # fmt: skip


@transaction.atomic
def add(*, by: org.Person, now: datetime, **facts: Unpack[Facts]) -> models.Project:
    """Add a project. It is at least as confidential as its customer."""
    if not access.may_edit(by):
        raise refusals.NotAllowed()
    row = models.Project(**{key: facts[key] for key in COLUMNS if key in facts})  # type: ignore[literal-required]
    row.own_scope = facts.get("scope")
    products = list(facts.get("products") or ())
    _check(by, row, products)
    row.scope = scoping.narrowed(row.own_scope, row.customer.scope)
    row.added_at = now
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise _taken(row.number) from None
    row.products.set(products)
    changes = rows.created(row, *COLUMNS, "own_scope")
    if products:
        changes.append(rows.Change("products", [], rows.plain(products)))
    records.write(by=by, now=now, word="customers.project.added", subject=row, changes=changes)
    scoping.index(projects=[row.pk])
    return row


@transaction.atomic
def change(
    *, project: models.Project, by: org.Person, now: datetime, expected: int, reason: str = "", **facts: Unpack[Facts]
) -> models.Project:
    """Change what `facts` name. Products that the person may not see stay as they are."""
    if not access.may_edit(by, project):
        raise refusals.NotAllowed()
    values: dict[str, Any] = {key: facts[key] for key in COLUMNS if key in facts}  # type: ignore[literal-required]
    if "scope" in facts:
        values["own_scope"] = facts["scope"]
    wanted = models.Project(**{key: values.get(key, getattr(project, key)) for key in (*COLUMNS, "own_scope")})
    old = list(queries.products(by).filter(projects=project).order_by("pk"))
    products = sorted(facts.get("products", old), key=lambda each: each.pk)
    _check(by, wanted, [each for each in products if each not in old], was=project)
    old_scope = project.scope_id
    values["scope"] = scoping.narrowed(wanted.own_scope, wanted.customer.scope)
    try:
        with transaction.atomic():
            changes = rows.change(project, expected=expected, **values)
    except IntegrityError:
        raise _taken(wanted.number) from None
    if products != old:
        project.products.remove(*[each for each in old if each not in products])
        project.products.add(*products)
        if not changes:
            rows.touch(project, expected=expected)
        changes.append(rows.Change("products", rows.plain(old), rows.plain(products)))
    if changes:
        records.write(by=by, now=now, word="customers.project.changed", subject=project, changes=changes, reason=reason)
        if project.scope_id != old_scope:
            plugs.announce("kit.rescoped", type=project.subject_type, id=project.pk, scope_id=project.scope_id)
        scoping.index(projects=[project.pk])
    return project


@transaction.atomic
def join(
    *,
    project: models.Project,
    person: org.Person,
    role: str,
    from_on: date,
    to_on: date | None = None,
    reason: str = "",
    by: org.Person,
    now: datetime,
) -> models.Member:
    """Put somebody into the project team in a role, from a day (to a day)."""
    if not access.may_edit(by, project):
        raise refusals.NotAllowed()
    if role not in models.TeamRole.values:
        raise CannotKeep(_("Please choose a role."), field="role")
    scope = project.scope
    if scope is not None and not scope.grants.filter(person=person, ended_at=None).exists():
        sentence = _("%(person)s does not belong to the circle “%(scope)s”.")
        raise CannotKeep(sentence % {"person": person.name, "scope": scope.name}, field="person")
    _check_days(from_on, to_on)
    _check_once(models.Member(project=project, person=person, role=role, from_on=from_on), to_on, field="person")
    row = project.members.create(person=person, role=role, from_on=from_on, to_on=to_on)
    records.write(
        by=by,
        now=now,
        word="customers.member.joined",
        subject=project,
        changes=[*rows.created(row, "person", "from_on", "to_on"), rows.Change("team_role", None, role)],
        reason=reason,
    )
    return row


@transaction.atomic
def leave(
    *, member: models.Member, to_on: date | None, by: org.Person, now: datetime, expected: int, reason: str = ""
) -> models.Member:
    """Somebody's role in the team ends with a day (None: does not end); the row stays, so that earlier teams can be
    read. A day entered wrongly is set right in the same way."""
    if not access.may_edit(by, member.project):
        raise refusals.NotAllowed()
    _check_days(member.from_on, to_on)
    _check_once(member, to_on, field="to_on")
    changes = rows.change(member, expected=expected, to_on=to_on)
    if changes:
        records.write(
            by=by,
            now=now,
            word="customers.member.left",
            subject=member.project,
            changes=changes,
            reason=reason,
            note={"person": member.person.name, "team_role": member.role},
        )
    return member


def _taken(number: str) -> NumberTaken:
    return NumberTaken(_("The number “%(number)s” is already used.") % {"number": number}, field="number")


def _check_days(from_on: date, to_on: date | None) -> None:
    if to_on and to_on < from_on:
        raise CannotKeep(_("The last day is before the first."), field="to_on")


def _check_once(member: models.Member, to_on: date | None, *, field: str) -> None:
    """Nobody has one role twice at one time."""
    overlapping = Q(to_on=None) | Q(to_on__gte=member.from_on)
    if to_on is not None:
        overlapping &= Q(from_on__lte=to_on)
    others = member.project.members.filter(overlapping, person=member.person, role=member.role).exclude(pk=member.pk)
    if others.exists():
        raise CannotKeep(_("This person already has this role in that time."), field=field)


def _check(
    by: org.Person, row: models.Project, products: Sequence[models.Product], was: models.Project | None = None
) -> None:
    """Customer and products the person sees; a scope the person is in."""
    seen: list[models.Customer | models.Product] = [*products]
    if row.customer != getattr(was, "customer", None):
        seen.append(row.customer)
    if not all(by.may(queries.SEE, each.scope_id, each.site_id) for each in seen):
        raise refusals.NotAllowed()
    if row.own_scope != getattr(was, "own_scope", None) and not access.may_make_confidential(by, row.own_scope):
        raise CannotKeep(_("You can only close it to a circle of people that you belong to yourself."), field="scope")
    if row.starts_on and row.sop_on and row.sop_on < row.starts_on:
        raise CannotKeep(_("The start of production is before the project's start."), field="sop_on")
