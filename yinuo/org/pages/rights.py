"""Who may do what and who may see what is confidential: roles and scopes."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.kit import lists as kit_lists
from yinuo.kit import pages
from yinuo.org import access, definition, lists, models
from yinuo.org.actions import roles as role_actions
from yinuo.org.actions import scopes as scope_actions
from yinuo.org.definition import Permission
from yinuo.org.forms import company as forms
from yinuo.org.forms import fields
from yinuo.org.forms import people as people_forms
from yinuo.org.pages import showing

GET_POST = ("GET", "HEAD", "POST")


# Roles ----------------------------------------------------------------------------------------------------------------


@pages.page(Permission.ORG_SEE)
def roles(request: HttpRequest) -> HttpResponse:
    """All roles with what they allow, in sentences, and who holds them."""
    held: dict[str, list[models.RoleGrant]] = defaultdict(list)
    in_force = models.RoleGrant.objects.filter(models.in_force(), person__is_active=True)
    in_force = in_force.select_related("person", "site")
    kit_lists.give_file(lists.ROLES, in_force, request.GET, person=showing.person(request))
    for grant in in_force.order_by("person__name", "pk"):
        held[grant.role].append(grant)
    table = [(key, role, held[key]) for key, role in definition.ROLES.items()]
    permissions = [
        (permission, words, [permission in role.permissions for role in definition.ROLES.values()])
        for permission, words in definition.PERMISSION_WORDS.items()
    ]
    return showing.shown(
        request,
        "roles",
        "roles",
        table=table,
        permissions=permissions,
        manages=access.may_manage_somewhere(showing.person(request)),
    )


@pages.page(Permission.ORG_MANAGE, methods=GET_POST)
def role_grant(request: HttpRequest) -> HttpResponse:
    """Give somebody a role."""

    def act(data: dict[str, Any]) -> str:
        grant = role_actions.grant_role(**data, by=showing.person(request), now=timezone.now())
        return grant.person.get_absolute_url()

    initial = {
        "person": request.GET.get("person"),
        "role": request.GET.get("role"),
        "from_on": timezone.localdate(),
    }
    form = forms.RoleForm(request.POST or None, initial=initial)
    back = reverse("org:roles")
    return showing.acted(request, form, act, title=_("Give a role"), verb=_("Give the role"), back=back)


@pages.page(Permission.ORG_MANAGE, methods=GET_POST)
def role_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Say when somebody has a role for the last time."""
    grant = get_object_or_404(models.RoleGrant.objects.select_related("person"), pk=pk)

    def act(data: dict[str, Any]) -> str:
        role_actions.end_role(grant=grant, **data, by=showing.person(request), now=timezone.now())
        return grant.person.get_absolute_url()

    role = definition.ROLES[grant.role]
    initial = {"version": grant.version, "to_on": timezone.localdate() - timedelta(days=1)}
    form = forms.LastDay(request.POST or None, initial=initial)
    return showing.acted(
        request,
        form,
        act,
        title=_("%(name)s no longer has the role %(role)s")
        % {"name": grant.person.name, "role": fields.in_language((role.zh, role.en))},
        sentence=_("Yesterday as last day: from now on."),
        verb=_("Save"),
        back=grant.person.get_absolute_url(),
        danger=True,
    )


# Scopes ---------------------------------------------------------------------------------------------------------------


@pages.page(Permission.ORG_SEE)
def scopes(request: HttpRequest) -> HttpResponse:
    """The scopes one may see, with how many people are named."""
    me = showing.person(request)
    kit_lists.give_file(lists.SCOPES, access.scopes(me), request.GET, person=me)
    named = Count("grants", filter=Q(grants__ended_at=None))
    found = access.scopes(me).annotate(named=named).order_by("name_zh", "pk")
    return showing.shown(request, "scopes", "scopes", scopes=found, manages=access.may_manage(me, None))


@pages.page(Permission.ORG_SEE)
def scope(request: HttpRequest, pk: int) -> HttpResponse:
    """A scope: who is named, who was."""
    me = showing.person(request)
    row = get_object_or_404(access.scopes(me), pk=pk)
    grants = row.grants.select_related("person").order_by("person__name", "pk")
    return showing.shown(
        request,
        "scope",
        "scopes",
        scope=row,
        named=[grant for grant in grants if grant.ended_at is None],
        former=[grant for grant in grants if grant.ended_at is not None],
        organisations=row.organisation_set.order_by("name_zh"),
        manages=access.may_manage(me, None),
    )


@pages.page(Permission.ORG_MANAGE, methods=GET_POST)
def scope_new(request: HttpRequest) -> HttpResponse:
    """Open a scope."""

    def act(data: dict[str, Any]) -> str:
        return scope_actions.open_scope(**data, by=showing.person(request), now=timezone.now()).get_absolute_url()

    form = forms.NewScope(request.POST or None)
    return showing.acted(request, form, act, title=_("New scope"), verb=_("Open scope"), back=reverse("org:scopes"))


@pages.page(Permission.ORG_MANAGE, methods=GET_POST)
def scope_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a scope another name."""
    me = showing.person(request)
    row = get_object_or_404(access.scopes(me), pk=pk)

    def act(data: dict[str, Any]) -> str:
        return scope_actions.rename_scope(scope=row, **data, by=me, now=timezone.now()).get_absolute_url()

    form = forms.ChangeScope(request.POST or None, initial=showing.initial_of(row, forms.ChangeScope))
    return showing.acted(request, form, act, title=row.name, verb=_("Save"), back=row.get_absolute_url())


@pages.page(Permission.ORG_MANAGE, methods=GET_POST)
def scope_let_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Name somebody in a scope."""
    me = showing.person(request)
    row = get_object_or_404(access.scopes(me), pk=pk)

    def act(data: dict[str, Any]) -> str:
        scope_actions.let_in(scope=row, **data, by=me, now=timezone.now())
        return row.get_absolute_url()

    form = forms.LetIn(request.POST or None)
    title = _("Let somebody into %(scope)s") % {"scope": row.name}
    return showing.acted(request, form, act, title=title, verb=_("Let in"), back=row.get_absolute_url())


@pages.page(Permission.ORG_MANAGE, methods=GET_POST)
def scope_take_out(request: HttpRequest, pk: int) -> HttpResponse:
    """End that somebody sees what a scope covers."""
    me = showing.person(request)
    grant = get_object_or_404(models.ScopeGrant.objects.select_related("scope", "person"), pk=pk, ended_at=None)
    get_object_or_404(access.scopes(me), pk=grant.scope_id)

    def act(data: dict[str, Any]) -> str:
        scope_actions.take_out(grant=grant, reason=data["reason"], by=me, now=timezone.now())
        return grant.scope.get_absolute_url()

    return showing.acted(
        request,
        people_forms.OnlyReason(request.POST or None),
        act,
        title=_("%(name)s no longer sees %(scope)s") % {"name": grant.person.name, "scope": grant.scope.name},
        verb=_("Take out"),
        back=grant.scope.get_absolute_url(),
        danger=True,
    )
