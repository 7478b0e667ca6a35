"""The list of projects, one project with its team."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from yinuo.customers import access, lists, models, queries
from yinuo.customers.actions import projects as actions
from yinuo.customers.forms import projects as forms
from yinuo.customers.pages import customers
from yinuo.kit import editing, pages
from yinuo.kit import lists as kit_lists
from yinuo.org.definition import Permission
from yinuo.records import actions as records


@pages.page(Permission.CUSTOMERS_SEE)
def projects(request: pages.Request) -> HttpResponse:
    """All projects, with filters."""
    rows = queries.projects(request.user).select_related("customer", "department")
    page = kit_lists.page_of(lists.PROJECTS, rows, request.GET, person=request.user)
    return render(request, "customers/projects.html", {"page": page, "views": customers.views_of(request.user)})


@pages.page(Permission.CUSTOMERS_SEE)
def project(request: pages.Request, pk: int) -> HttpResponse:
    """One project: for whom, who is responsible, who was in the team on a day."""
    person = request.user
    rows = queries.projects(person).select_related("customer", "department", "site", "scope")
    row = get_object_or_404(rows, pk=pk)
    on = _day_of(request.GET.get("on", "")) or timezone.localdate()
    team = list(queries.team(row, on))
    leader = next((each.person for each in team if each.role == models.TeamRole.LEADER), None)
    context = {
        "project": row,
        "on": on,
        "team": team,
        "leader": leader,
        "others": [each for each in queries.team(row) if each not in team],
        "products": queries.products(person).filter(projects=row).order_by("number"),
        "may_edit": access.may_edit(person, row),
        "today": timezone.localdate(),
    }
    records.note_reading(subject=row, way="read", by=person, now=timezone.now())
    return render(request, "customers/project.html", context)


def _day_of(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


@pages.page(Permission.CUSTOMERS_EDIT, methods=editing.READ_WRITE)
def project_add(request: pages.Request) -> HttpResponse:
    """Add a project."""
    now = timezone.now()
    initial = {"customer": request.GET.get("customer", "")}
    form = forms.NewProject(*editing.sent(request), person=request.user, initial=initial)

    def add() -> str:
        return actions.add(by=request.user, now=now, **form.facts()).get_absolute_url()

    return editing.answer(
        request,
        form,
        act=lambda: editing.create_once(request, form, now, add),
        said=_("Project added."),
        title=_("Add a project"),
        verb=_("Add"),
        back=reverse("customers:projects"),
    )


@pages.page(Permission.CUSTOMERS_EDIT, methods=editing.READ_WRITE)
def project_change(request: pages.Request, pk: int) -> HttpResponse:
    """Change a project."""
    row = get_object_or_404(queries.projects(request.user).select_related("customer"), pk=pk)
    if not access.may_edit(request.user, row):
        return pages.forbidden(request)
    initial = {
        **{key: getattr(row, key) for key in actions.COLUMNS},
        "products": queries.products(request.user).filter(projects=row),
        "scope": row.own_scope_id,
        "version": row.version,
    }
    form = forms.ChangedProject(*editing.sent(request), person=request.user, row=row, initial=initial)

    def change() -> str:
        expected = form.cleaned_data["version"]
        actions.change(project=row, by=request.user, now=timezone.now(), expected=expected, **form.facts())
        return row.get_absolute_url()

    return editing.answer(
        request,
        form,
        act=change,
        said=_("Saved."),
        title=_("Change %(label)s") % {"label": row.number},
        verb=_("Save"),
        back=row.get_absolute_url(),
    )


@pages.page(Permission.CUSTOMERS_EDIT, methods=editing.READ_WRITE)
def member_add(request: pages.Request, pk: int) -> HttpResponse:
    """Put somebody into the team."""
    now = timezone.now()
    row = get_object_or_404(queries.projects(request.user), pk=pk)
    if not access.may_edit(request.user, row):
        return pages.forbidden(request)
    form = forms.NewMember(*editing.sent(request))

    def add() -> str:
        said = form.cleaned_data
        actions.join(
            project=row,
            person=said["person"],
            role=said["role"],
            from_on=said["from_on"],
            to_on=said["to_on"],
            by=request.user,
            now=now,
        )
        return row.get_absolute_url()

    return editing.answer(
        request,
        form,
        act=lambda: editing.create_once(request, form, now, add),
        said=_("Added to the team."),
        title=_("Add somebody to the team of %(project)s") % {"project": row.name},
        verb=_("Add"),
        back=row.get_absolute_url(),
    )


@pages.page(Permission.CUSTOMERS_EDIT, methods=editing.READ_WRITE)
def member_leave(request: pages.Request, pk: int, member: int) -> HttpResponse:
    """Somebody leaves the team on a day."""
    row = get_object_or_404(queries.projects(request.user), pk=pk)
    if not access.may_edit(request.user, row):
        return pages.forbidden(request)
    leaving = get_object_or_404(row.members.select_related("person", "project"), pk=member)
    initial = {"to_on": leaving.to_on or timezone.localdate(), "version": leaving.version}
    form = forms.LeavingMember(*editing.sent(request), initial=initial)

    def leave() -> str:
        said = form.cleaned_data
        actions.leave(
            member=leaving, to_on=said["to_on"], by=request.user, now=timezone.now(), expected=said["version"]
        )
        return row.get_absolute_url()

    return editing.answer(
        request,
        form,
        act=leave,
        said=_("Saved."),
        title=_("%(person)s leaves the team") % {"person": leaving.person.name},
        verb=_("Save"),
        back=row.get_absolute_url(),
    )
