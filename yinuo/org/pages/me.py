"""My settings: language, password, signing PIN, where I am signed in, my absence."""

from typing import Any

from django.contrib.auth import HASH_SESSION_KEY
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from yinuo.kit import pages
from yinuo.org import access, models, queries
from yinuo.org.actions import people, signing, signing_in
from yinuo.org.definition import ROLES
from yinuo.org.forms import own as forms
from yinuo.org.pages import showing

GET_POST = ("GET", "HEAD", "POST")


@pages.page(pages.SIGNED_IN)
def me(request: HttpRequest) -> HttpResponse:
    """Everything I may set myself, on one page."""
    row, now = showing.person(request), timezone.now()
    today = timezone.localtime(now).date()
    held = {(grant.role, grant.site) for grant in row.role_grants.filter(models.in_force(today)).select_related("site")}
    return showing.shown(
        request,
        "me",
        "",
        person=row,
        posts=queries.posts_on(row, today),
        superior=queries.superior_of(row, today),
        roles=[(ROLES[role], site) for role, site in held if role in ROLES],
        absences=row.absences.filter(cancelled_at=None, to_at__gt=now).select_related("delegate").order_by("from_at"),
        presences=row.presences.filter(session__expire_date__gt=now).order_by("-seen_at"),
        tokens=access.tokens_of(row, now),
        this_session=request.session.session_key,
    )


@pages.page(pages.SIGNED_IN, methods=GET_POST)
def me_edit(request: HttpRequest) -> HttpResponse:
    """Change my language, e-mail and phone."""
    row = showing.person(request)

    def act(data: dict[str, Any]) -> str:
        people.change_own(**data, by=row, now=timezone.now())
        return reverse("org:me")

    form = forms.OwnForm(request.POST or None, initial=showing.initial_of(row, forms.OwnForm))
    return showing.acted(request, form, act, title=_("My details"), verb=_("Save"), back=reverse("org:me"))


@sensitive_post_parameters("old", "password", "again")
@pages.page(pages.SIGNED_IN, methods=GET_POST)
def password(request: HttpRequest) -> HttpResponse:
    """Change my password; I stay signed in here, every other session ends."""
    row = showing.person(request)

    def act(data: dict[str, Any]) -> str:
        keep = request.session.session_key or ""
        signing_in.change_password(old=data["old"], new=data["password"], keep=keep, by=row, now=timezone.now())
        request.session[HASH_SESSION_KEY] = row.get_session_auth_hash()
        return reverse("org:me")

    return showing.acted(
        request,
        forms.ChangePasswordForm(request.POST or None, person=row),
        act,
        title=_("Change password"),
        sentence=_("You stay signed in here and are signed out everywhere else."),
        verb=_("Change password"),
        back=reverse("org:me"),
        said=_("Your password is changed."),
    )


@sensitive_post_parameters("password", "pin")
@pages.page(pages.SIGNED_IN, methods=GET_POST)
def pin(request: HttpRequest) -> HttpResponse:
    """Set my signing PIN."""
    row = showing.person(request)

    def act(data: dict[str, Any]) -> str:
        signing.set_pin(**data, by=row, now=timezone.now())
        return reverse("org:me")

    return showing.acted(
        request,
        forms.PinForm(request.POST or None),
        act,
        title=_("Signing PIN"),
        sentence=_("Whoever signs types the password or this PIN again."),
        verb=_("Set PIN"),
        back=reverse("org:me"),
    )


@pages.page(pages.SIGNED_IN, methods=("POST",))
def pin_remove(request: HttpRequest) -> HttpResponse:
    """Sign with the password only."""
    signing.remove_pin(by=showing.person(request), now=timezone.now())
    pages.done(request, _("The PIN is removed."))
    return redirect("org:me")


@pages.page(pages.SIGNED_IN, methods=("POST",))
def session_end(request: HttpRequest, handle: str) -> HttpResponse:
    """Sign me out in one other place."""
    row = showing.person(request)
    found = [presence for presence in row.presences.all() if presence.handle == handle]
    if not found:
        raise Http404
    signing_in.end_presences(person=row, only=found[0], by=row, now=timezone.now())
    pages.done(request, _("Signed out there."))
    return redirect("org:me")


@pages.page(pages.SIGNED_IN, methods=("POST",))
def sessions_end(request: HttpRequest) -> HttpResponse:
    """Sign me out everywhere else."""
    row = showing.person(request)
    signing_in.end_presences(person=row, keep=request.session.session_key or "", by=row, now=timezone.now())
    pages.done(request, _("Signed out everywhere else."))
    return redirect("org:me")
