"""Departments, posts and who holds them from when to when."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yinuo.kit import plugs, refusals, rows
from yinuo.org import access, models, queries, rules
from yinuo.records import actions as records


class CannotSetDepartment(refusals.Refusal):
    """This department cannot be set up like this."""


class CannotSetPost(refusals.Refusal):
    """This post cannot be set up like this."""


class CannotAppoint(refusals.Refusal):
    """This person cannot be appointed like this."""


# Departments ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def open_department(
    *,
    code: str,
    name_zh: str,
    name_en: str = "",
    site: models.Site | None = None,
    parent: models.Department | None = None,
    by: access.Doer,
    now: datetime,
) -> models.Department:
    """Open a department, or a section (课) below `parent`. `code` is the lasting name that procedures use."""
    access.demand_management(by, site.pk if site else None)
    if models.Department.objects.filter(code=code).exists():
        raise CannotSetDepartment(_("Another department has this code."), field="code")
    department = models.Department.objects.create(code=code, name_zh=name_zh, name_en=name_en, site=site, parent=parent)
    changes = rows.created(department, "code", "name_zh", "site", "parent")
    records.write(by=by, now=now, word="org.department.opened", subject=department, changes=changes)
    plugs.announce("org.renamed", type=department.subject_type, ids=[department.pk])
    return department


@transaction.atomic
def change_department(
    *, department: models.Department, expected: int, by: access.Doer, now: datetime, reason: str = "", **values: Any
) -> models.Department:
    """Change a department's `name_zh`, `name_en`, `site`, `parent` or `is_active` (closing it)."""
    site = values.get("site", department.site)
    access.demand_management(by, department.site_id, site.pk if site else None)
    parent = values.get("parent", department.parent)
    above = dict(models.Department.objects.values_list("pk", "parent_id"))
    if parent and rules.would_circle(above, department.pk, parent.pk):
        raise CannotSetDepartment(_("A department cannot belong to itself or to one of its sections."), field="parent")
    if not values.get("is_active", True) and (
        department.sections.filter(is_active=True).exists() or department.posts.filter(is_active=True).exists()
    ):
        raise CannotSetDepartment(_("It still has sections or posts. Close them first."), field="is_active")
    changes = rows.change(department, expected=expected, **values)
    if changes:
        records.write(by=by, now=now, word="org.department.changed", subject=department, changes=changes, reason=reason)
        plugs.announce("org.renamed", type=department.subject_type, ids=[department.pk])
    return department


# Posts ----------------------------------------------------------------------------------------------------------------


@transaction.atomic
def create_post(
    *,
    code: str,
    name_zh: str,
    department: models.Department,
    name_en: str = "",
    superior: models.Post | None = None,
    is_head: bool = False,
    by: access.Doer,
    now: datetime,
) -> models.Post:
    """Create a post in a department. `code` is the lasting name that procedures use; `superior` the post above it."""
    access.demand_management(by, department.site_id)
    if models.Post.objects.filter(code=code).exists():
        raise CannotSetPost(_("Another post has this code."), field="code")
    post = models.Post.objects.create(
        code=code, name_zh=name_zh, name_en=name_en, department=department, superior=superior, is_head=is_head
    )
    changes = rows.created(post, "code", "name_zh", "department", "superior", "is_head")
    records.write(by=by, now=now, word="org.post.created", subject=post, changes=changes)
    plugs.announce("org.renamed", type=post.subject_type, ids=[post.pk])
    return post


@transaction.atomic
def change_post(
    *, post: models.Post, expected: int, by: access.Doer, now: datetime, reason: str = "", **values: Any
) -> models.Post:
    """Change a post's `name_zh`, `name_en`, `department`, `superior`, `is_head` or `is_active` (closing it)."""
    department = values.get("department", post.department)
    access.demand_management(by, post.department.site_id, department.site_id)
    superior = values.get("superior", post.superior)
    above = dict(models.Post.objects.values_list("pk", "superior_id"))
    if superior and rules.would_circle(above, post.pk, superior.pk):
        raise CannotSetPost(_("A post cannot stand above itself."), field="superior")
    today = queries.calendar(post.department.site_id).day_of(now)
    if not values.get("is_active", True) and post.holdings.filter(Q(to_on=None) | Q(to_on__gte=today)).exists():
        raise CannotSetPost(_("Somebody still holds this post. End that first."), field="is_active")
    changes = rows.change(post, expected=expected, **values)
    if changes:
        records.write(by=by, now=now, word="org.post.changed", subject=post, changes=changes, reason=reason)
        plugs.announce("org.renamed", type=post.subject_type, ids=[post.pk])
    return post


# Holding a post -------------------------------------------------------------------------------------------------------


@transaction.atomic
def appoint(
    *,
    post: models.Post,
    person: models.Person,
    from_on: date,
    to_on: date | None = None,
    is_acting: bool = False,
    reason: str = "",
    by: access.Doer,
    now: datetime,
) -> models.Holding:
    """Let a person hold a post from a day on, for good or until a day; `is_acting` (代理) for somebody standing in."""
    access.demand_management(by, post.department.site_id)
    if to_on and to_on < from_on:
        raise CannotAppoint(_("The last day is before the first."), field="to_on")
    if not post.is_active:
        raise CannotAppoint(_("This post is closed."), field="post")
    if person.left_on and (to_on is None or to_on > person.left_on):
        raise CannotAppoint(_("This person leaves the company before that."), field="person")
    overlapping = post.holdings.filter(person=person).filter(Q(to_on=None) | Q(to_on__gte=from_on))
    if (overlapping.filter(from_on__lte=to_on) if to_on else overlapping).exists():
        raise CannotAppoint(_("This person already holds this post in that time."), field="from_on")
    holding = models.Holding.objects.create(post=post, person=person, from_on=from_on, to_on=to_on, is_acting=is_acting)
    _tell(holding, "org.holding.began", rows.created(holding, "from_on", "to_on", "is_acting"), reason, by, now)
    return holding


@transaction.atomic
def end_holding(
    *, holding: models.Holding, to_on: date, expected: int, reason: str = "", by: access.Doer, now: datetime
) -> models.Holding:
    """Say on which day a person holds a post for the last time."""
    access.demand_management(by, holding.post.department.site_id)
    if to_on < holding.from_on:
        raise CannotAppoint(_("The last day is before the first."), field="to_on")
    changes = rows.change(holding, expected=expected, to_on=to_on)
    if changes:
        _tell(holding, "org.holding.ended", changes, reason, by, now)
    return holding


def _tell(
    holding: models.Holding, word: str, changes: list[rows.Change], reason: str, by: access.Doer, now: datetime
) -> None:
    """On the post's trail and on the person's: both are asked who held what when."""
    note = {"person": holding.person.name, "post": holding.post.name_zh}
    for subject in (holding.post, holding.person):
        records.write(by=by, now=now, word=word, subject=subject, changes=changes, reason=reason, note=note)
