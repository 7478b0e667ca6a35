"""The company: its tree of departments with posts and holders, its sites and places."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.kit import pages
from yinuo.org import access, models, queries
from yinuo.org.actions import places, posts
from yinuo.org.definition import Permission
from yinuo.org.forms import company as forms
from yinuo.org.pages import showing

GET_POST = ("GET", "HEAD", "POST")


@dataclass
class Branch:
    """A department in the tree with its posts (each with `held_then`) and its sections."""

    department: models.Department
    posts: list[models.Post] = field(default_factory=list)
    sections: list["Branch"] = field(default_factory=list)


def _tree() -> tuple[list[Branch], list[models.Post]]:
    """The departments in use from the top, and all their posts."""
    branches = {d.pk: Branch(d) for d in queries.departments().select_related("site")}
    found = list(queries.posts_then(timezone.localdate()).filter(is_active=True).order_by("-is_head", "pk"))
    for post in found:
        if post.department_id in branches:
            branches[post.department_id].posts.append(post)
    top: list[Branch] = []
    for branch in sorted(branches.values(), key=lambda each: each.department.pk):
        above = branches.get(branch.department.parent_id or 0)
        (above.sections if above else top).append(branch)
    return top, found


@pages.page(Permission.ORG_SEE)
def structure(request: HttpRequest) -> HttpResponse:
    """The whole company on one page: departments, posts, holders; vacant posts marked."""
    top, found = _tree()
    return showing.shown(
        request,
        "structure",
        "structure",
        top=top,
        sites=queries.sites(),
        post_count=len(found),
        vacant=[post for post in found if not getattr(post, "held_then", ())],
        people_count=queries.people().count(),
        manages=access.may_manage(showing.person(request), None),
    )


# Sites ----------------------------------------------------------------------------------------------------------------


@pages.page(Permission.ORG_SEE)
def site(request: HttpRequest, pk: int) -> HttpResponse:
    """A site: places, departments, working hours."""
    row = get_object_or_404(models.Site, pk=pk)
    calendar = queries.calendar(row.pk)
    return showing.shown(
        request,
        "site",
        "structure",
        site=row,
        places=row.locations.order_by("name_zh"),
        departments=row.departments.filter(is_active=True).order_by("pk"),
        people_count=row.people.filter(is_active=True).count(),
        week=[(words, calendar.week.get(number, ())) for number, words in enumerate(showing.weekdays())],
        manages=access.may_manage(showing.person(request), row.pk),
    )


@pages.page(Permission.ORG_MANAGE, methods=GET_POST)
def site_new(request: HttpRequest) -> HttpResponse:
    """Open a site."""

    def act(data: dict[str, Any]) -> str:
        return places.open_site(**data, by=showing.person(request), now=_now()).get_absolute_url()

    form = forms.NewSite(request.POST or None)
    return showing.acted(request, form, act, title=_("New site"), verb=_("Open site"), back=reverse("org:structure"))


@pages.page(Permission.ORG_MANAGE, methods=GET_POST)
def site_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change or close a site."""
    row = get_object_or_404(models.Site, pk=pk)

    def act(data: dict[str, Any]) -> str:
        return places.change_site(site=row, **data, by=showing.person(request), now=_now()).get_absolute_url()

    form = forms.ChangeSite(request.POST or None, initial=showing.initial_of(row, forms.ChangeSite))
    return showing.acted(request, form, act, title=row.name, verb=_("Save"), back=row.get_absolute_url())


@pages.page(Permission.ORG_MANAGE, methods=GET_POST)
def location_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a place to a site."""
    row = get_object_or_404(models.Site, pk=pk)

    def act(data: dict[str, Any]) -> str:
        places.add_location(site=row, **data, by=showing.person(request), now=_now())
        return row.get_absolute_url()

    form = forms.NewLocation(request.POST or None)
    return showing.acted(request, form, act, title=_("New workplace"), verb=_("Add it"), back=row.get_absolute_url())


@pages.page(Permission.ORG_MANAGE, methods=GET_POST)
def location_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a place another name."""
    row = get_object_or_404(models.Location.objects.select_related("site"), pk=pk)

    def act(data: dict[str, Any]) -> str:
        places.change_location(location=row, **data, by=showing.person(request), now=_now())
        return row.site.get_absolute_url()

    form = forms.ChangeLocation(request.POST or None, initial=showing.initial_of(row, forms.ChangeLocation))
    return showing.acted(request, form, act, title=row.name, verb=_("Save"), back=row.site.get_absolute_url())


# Departments ----------------------------------------------------------------------------------------------------------


@pages.page(Permission.ORG_SEE)
def department(request: HttpRequest, pk: int) -> HttpResponse:
    """A department: its posts with holders, its sections."""
    row = get_object_or_404(models.Department.objects.select_related("site", "parent"), pk=pk)
    today = timezone.localdate()
    return showing.shown(
        request,
        "department",
        "structure",
        department=row,
        posts=queries.posts_then(today).filter(department=row).order_by("-is_active", "-is_head", "pk"),
        sections=row.sections.order_by("pk"),
        heads=queries.heads(row.code, today),
        manages=access.may_manage(showing.person(request), row.site_id),
    )


@pages.page(Permission.ORG_MANAGE, methods=GET_POST)
def department_new(request: HttpRequest) -> HttpResponse:
    """Open a department or section."""

    def act(data: dict[str, Any]) -> str:
        return posts.open_department(**data, by=showing.person(request), now=_now()).get_absolute_url()

    initial = {"parent": request.GET.get("parent"), "site": showing.person(request).site_id}
    form = forms.NewDepartment(request.POST or None, initial=initial)
    back = reverse("org:structure")
    return showing.acted(request, form, act, title=_("New department"), verb=_("Open department"), back=back)


@pages.page(Permission.ORG_MANAGE, methods=GET_POST)
def department_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change, move or close a department."""
    row = get_object_or_404(models.Department, pk=pk)

    def act(data: dict[str, Any]) -> str:
        return posts.change_department(
            department=row, **data, by=showing.person(request), now=_now()
        ).get_absolute_url()

    form = forms.ChangeDepartment(request.POST or None, initial=showing.initial_of(row, forms.ChangeDepartment))
    return showing.acted(request, form, act, title=row.name, verb=_("Save"), back=row.get_absolute_url())


def _now() -> datetime:
    return timezone.now()
