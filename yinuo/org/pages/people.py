"""People: the list, one person, joining, changing, barring, leaving, competence."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.kit import lists as kit_lists
from yinuo.kit import pages, rows
from yinuo.org import access, definition, lists, models, queries, rules
from yinuo.org.actions import competence, invitations
from yinuo.org.actions import people as actions
from yinuo.org.definition import Permission
from yinuo.org.forms import people as forms
from yinuo.org.pages import handing_over, showing

GET_POST = ("GET", "HEAD", "POST")
INVITATION = "invitation"  # where a fresh link waits in the administrator's session to be shown once


@pages.page(Permission.ORG_SEE)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who works here; who has left, on demand."""
    gone = request.GET.get("gone") == "1"
    me, now = showing.person(request), timezone.now()
    page = kit_lists.page_of(lists.PEOPLE, queries.staff(gone=gone, now=now), request.GET, person=me)
    away = queries.absences_at(now).values("person").distinct().count()
    return showing.shown(
        request, "people", "people", page=page, gone=gone, away=away, manages=access.may_manage_somewhere(me)
    )


@pages.page(Permission.ORG_SEE)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """A person: posts held, competence, absence, roles."""
    row = get_object_or_404(models.Person.objects.select_related("site", "location", "superior"), pk=pk)
    me, now = showing.person(request), timezone.now()
    today = timezone.localtime(now).date()
    superior = queries.superior_of(row, today)
    manages = access.may_manage_person(me, row)
    holdings = list(row.holdings.select_related("post__department").order_by("-from_on", "pk"))
    return showing.shown(
        request,
        "person",
        "people",
        person=row,
        holdings=list(zip(holdings, rules.bars([(h.from_on, h.to_on) for h in holdings], today), strict=True)),
        posts=queries.posts_on(row, today),
        skills=row.skills.filter(level__gt=0).select_related("skill").order_by("-level", "skill__name_zh"),
        absences=row.absences.filter(cancelled_at=None, to_at__gt=now).select_related("delegate").order_by("from_at"),
        absent=not queries.present(row, now) and row.is_active,
        delegate=queries.delegate_of(row, now),
        sees_reasons=access.may_enter_absence(me, row, superior),
        grants=_grants(row),
        superior=superior,
        reports=row.reports.filter(is_active=True).order_by("name"),
        manages=manages,
        hands_over=access.may_hand_over(me, row, superior),
        sees_trail=manages or row == me or me.may(Permission.RECORDS_AUDIT),
        invitation=_fresh_invitation(request, row) if manages else "",
        open_invitation=manages and row.invitations.filter(used_at=None, revoked_at=None, expires_at__gt=now).last(),
        tokens=access.tokens_of(row, now) if manages else (),
        today=today,
    )


def _grants(row: models.Person) -> list[tuple[models.RoleGrant, definition.Role]]:
    """The roles of a person, past ones too, with their words."""
    grants = row.role_grants.select_related("site").order_by("-from_on", "pk")
    return [(grant, definition.ROLES[grant.role]) for grant in grants if grant.role in definition.ROLES]


def _fresh_invitation(request: HttpRequest, row: models.Person) -> str:
    """The address of the link just made for this person: shown once, then forgotten."""
    waiting = request.session.get(INVITATION)
    if not waiting or waiting["person"] != row.pk:
        return ""
    del request.session[INVITATION]
    return settings.BASE_URL + reverse("org:invitation", args=[str(waiting["token"])])


@pages.page(Permission.ORG_MANAGE, methods=GET_POST)
def person_new(request: HttpRequest) -> HttpResponse:
    """Add somebody; the next page shows the link with which they set their password."""
    me = showing.person(request)

    def act(data: dict[str, Any]) -> str:
        row, token = actions.add_person(**data, by=me, now=timezone.now())
        request.session[INVITATION] = {"person": row.pk, "token": token}
        return row.get_absolute_url()

    form = forms.NewPerson(request.POST or None, initial={"site": me.site_id})
    return showing.acted(request, form, act, title=_("New person"), verb=_("Add it"), back=reverse("org:people"))


@pages.page(Permission.ORG_MANAGE, methods=GET_POST)
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known of somebody."""
    row = get_object_or_404(models.Person, pk=pk)

    def act(data: dict[str, Any]) -> str:
        actions.change_person(person=row, **data, by=showing.person(request), now=timezone.now())
        return row.get_absolute_url()

    form = forms.ChangePerson(request.POST or None, initial=showing.initial_of(row, forms.ChangePerson))
    return showing.acted(request, form, act, title=row.name, verb=_("Save"), back=row.get_absolute_url())


@pages.page(Permission.ORG_MANAGE, methods=("POST",))
def person_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link for somebody who has not signed in yet, or forgot the password."""
    row = get_object_or_404(models.Person, pk=pk)
    token = invitations.invite(person=row, by=showing.person(request), now=timezone.now())
    request.session[INVITATION] = {"person": row.pk, "token": token}
    return redirect(row.get_absolute_url())


@pages.page(Permission.ORG_MANAGE, methods=GET_POST)
def person_bar(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep somebody from signing in."""
    row = get_object_or_404(models.Person, pk=pk)
    sentence = _("All sessions of this person end at once.")
    title = _("Bar %(name)s from signing in") % {"name": row.name}
    return _with_reason(
        request, row, actions.bar, title=title, verb=_("Bar from signing in"), sentence=sentence, danger=True,
        offer=handing_over.offer(request, row),
    )  # fmt: skip


@pages.page(Permission.ORG_MANAGE, methods=GET_POST)
def person_admit(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody sign in again."""
    row = get_object_or_404(models.Person, pk=pk)
    sentence = _("Posts and roles that ended are given anew.")
    title = _("Let %(name)s sign in again") % {"name": row.name}
    return _with_reason(
        request, row, actions.admit, title=title, verb=_("Let sign in again"), sentence=sentence, danger=False
    )


def _with_reason(
    request: HttpRequest, row: models.Person, action: Callable[..., None], *, danger: bool,
    offer: tuple[str, str] | None = None, **words: str,
) -> HttpResponse:  # fmt: skip
    def act(data: dict[str, Any]) -> str:
        action(person=row, **data, by=showing.person(request), now=timezone.now())
        return row.get_absolute_url()

    form = forms.WithReason(request.POST or None, initial={"version": row.version})
    return showing.acted(request, form, act, back=row.get_absolute_url(), danger=danger, offer=offer, **words)


@pages.page(Permission.ORG_MANAGE, methods=GET_POST)
def person_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody leaves the company."""
    row = get_object_or_404(models.Person, pk=pk)

    def act(data: dict[str, Any]) -> str:
        actions.leave(person=row, **data, by=showing.person(request), now=timezone.now())
        return row.get_absolute_url()

    form = forms.Leaving(request.POST or None, initial={"version": row.version, "on": timezone.localdate()})
    return showing.acted(
        request,
        form,
        act,
        title=_("%(name)s leaves the company") % {"name": row.name},
        sentence=_("Posts and roles end with the last day; what this person signed stays theirs."),
        verb=_("Save"),
        back=row.get_absolute_url(),
        danger=True,
        offer=handing_over.offer(request, row),
    )


# Competence -----------------------------------------------------------------------------------------------------------


@pages.page(Permission.ORG_MANAGE, methods=GET_POST)
def competence_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a skill of somebody on record, renew or withdraw it."""
    row = get_object_or_404(models.Person, pk=pk)

    def act(data: dict[str, Any]) -> str:
        competence.record_skill(person=row, **data, by=showing.person(request), now=timezone.now())
        return row.get_absolute_url()

    chosen = request.GET.get("skill", "")
    held = row.skills.filter(skill=key).first() if (key := rows.key_in(chosen)) else None
    form = forms.Competence(request.POST or None, initial=showing.initial_of(held, forms.Competence) if held else {})
    title = _("Competence of %(name)s") % {"name": row.name}
    return showing.acted(request, form, act, title=title, verb=_("Put on record"), back=row.get_absolute_url())


@pages.page(Permission.ORG_SEE)
def skills(request: HttpRequest) -> HttpResponse:
    """The skills and who has them: a table of competence."""
    me, today = showing.person(request), timezone.localdate()
    held = models.PersonSkill.objects.filter(level__gt=0, person__is_active=True)
    held = held.select_related("person").order_by("-level", "person__name")
    return showing.shown(
        request,
        "skills",
        "skills",
        skills=models.Skill.objects.prefetch_related(Prefetch("people", held, to_attr="held")).order_by("name_zh"),
        today=today,
        manages=access.may_manage(me, None),
    )


@pages.page(Permission.ORG_SEE)
def skill(request: HttpRequest, pk: int) -> HttpResponse:
    """A skill: who has it, at which level, until when."""
    row = get_object_or_404(models.Skill, pk=pk)
    held = row.people.filter(level__gt=0, person__is_active=True).select_related("person")
    return showing.shown(
        request,
        "skill",
        "skills",
        skill=row,
        held=held.order_by("-level", "person__name"),
        today=timezone.localdate(),
        manages=access.may_manage(showing.person(request), None),
    )


@pages.page(Permission.ORG_MANAGE, methods=GET_POST)
def skill_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a skill another name."""
    row = get_object_or_404(models.Skill, pk=pk)

    def act(data: dict[str, Any]) -> str:
        return competence.rename_skill(
            skill=row, **data, by=showing.person(request), now=timezone.now()
        ).get_absolute_url()

    form = forms.ChangeSkill(request.POST or None, initial=showing.initial_of(row, forms.ChangeSkill))
    return showing.acted(request, form, act, title=row.name, verb=_("Save"), back=row.get_absolute_url())


@pages.page(Permission.ORG_MANAGE, methods=GET_POST)
def skill_new(request: HttpRequest) -> HttpResponse:
    """Name a skill."""

    def act(data: dict[str, Any]) -> str:
        competence.name_skill(**data, by=showing.person(request), now=timezone.now())
        return reverse("org:skills")

    form = forms.NewSkill(request.POST or None)
    return showing.acted(request, form, act, title=_("New skill"), verb=_("Add it"), back=reverse("org:skills"))
