"""Signing in and out, the language, invitations: what one meets before the product."""

from datetime import datetime, timedelta
from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import authenticate, logout
from django.db.models import Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from yinuo.kit import actors, middleware, pages
from yinuo.org import models, queries
from yinuo.org.actions import invitations, people
from yinuo.org.actions import signing_in as actions
from yinuo.org.forms import own as forms
from yinuo.org.pages import presence

YEAR = 365 * 24 * 3600
LOOPBACK = ("127.0.0.1", "::1")
PASSED_ON = ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "Via")  # what a proxy adds to a visitor's request

# Failed tries within the lock-out's time, beyond the five per person and address: many addresses guessing one person's
# password, and one address guessing many people's. A company's own people may share an address.
PER_PERSON = 20
PER_ADDRESS = 100


@sensitive_post_parameters("password")
@pages.page(pages.PUBLIC, methods=("GET", "HEAD", "POST"))
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; in the demo company everybody by one click."""
    target = pages.back_to(request, settings.LOGIN_REDIRECT_URL)
    if request.user.is_authenticated:
        return redirect(target)
    form = forms.SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name, now = form.cleaned_data["name"], timezone.now()
        if _is_guessing(name, _address(request), now):
            return locked_out(request, credentials={"username": name})
        person = authenticate(request, username=name, password=form.cleaned_data["password"])
        if isinstance(person, models.Person):
            presence.begin(request, person, now)
            return redirect(target)
        address = _address(request)
        actions.note_failure(name=name, address=address, by=actors.Outsider(address or "?"), now=now)
        form.add_error(None, _("Sign-in name or password is not right."))
    context = {
        "form": form,
        "next": target,
        "people": queries.people_with_posts(timezone.localdate()) if _may_choose_anybody(request) else [],
    }
    return render(request, "org/sign_in.html", context, status=422 if form.errors else 200)


def _may_choose_anybody(request: HttpRequest) -> bool:
    """Whether the visitor sits at this very machine and the demo company runs on it."""
    return settings.DEMO and _address(request) in LOOPBACK and not any(name in request.headers for name in PASSED_ON)


@pages.page(pages.PUBLIC, methods=("POST",))
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo company's people."""
    if not _may_choose_anybody(request):
        raise Http404
    person = get_object_or_404(queries.people(), sign_in=request.POST.get("person", ""))
    if request.user.is_authenticated:
        logout(request)
    presence.begin(request, person, timezone.now())
    return redirect(pages.back_to(request, settings.LOGIN_REDIRECT_URL))


@pages.page(pages.PUBLIC, methods=("POST",))
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out; the session is gone for good."""
    if isinstance(request.user, models.Person):
        actions.note_sign_out(by=request.user, now=timezone.now())
    logout(request)
    return redirect(settings.LOGIN_URL)


@pages.page(pages.PUBLIC, methods=("POST",))
def language(request: HttpRequest) -> HttpResponse:
    """Speak Chinese or English from now on."""
    chosen = "en" if request.POST.get("language") == "en" else "zh"
    person = request.user
    if isinstance(person, models.Person):
        people.change_own(expected=person.version, language=chosen, by=person, now=timezone.now())
    response = redirect(pages.back_to(request, "/"))
    response.set_cookie(
        middleware.LANGUAGE_COOKIE,
        chosen,
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


@sensitive_post_parameters("password", "again")
@pages.page(pages.PUBLIC, methods=("GET", "HEAD", "POST"))
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Set one's own password by a link, and be signed in."""
    now = timezone.now()
    person = queries.invited(token, now)
    if person is None:
        return render(request, "org/invitation_spent.html", status=404)
    form = forms.NewPasswordForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        invitations.accept_invitation(token=token, password=form.cleaned_data["password"], by=person, now=now)
        if request.user.is_authenticated:
            logout(request)
        presence.begin(request, person, now)
        pages.done(request, _("Your password is set. Welcome."))
        return redirect(settings.LOGIN_REDIRECT_URL)
    context = {"form": form, "person": person}
    return render(request, "org/invitation.html", context, status=422 if form.errors else 200)


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """After too many failed tries: when one may try again."""
    name = str((credentials or {}).get("username") or request.POST.get("name", "")).strip().lower()
    attempts = AccessAttempt.objects.filter(Q(username=name) | Q(ip_address=_address(request)))
    last = attempts.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    until = (last or timezone.now()) + (get_cool_off(request) or timedelta(0))
    return render(request, "org/locked.html", {"until": until}, status=429)


def _is_guessing(name: str, address: str, now: datetime) -> bool:
    """Whether too many tries failed lately for this person from anywhere, or from this address for anybody."""
    lately = AccessAttempt.objects.filter(attempt_time__gt=now - (get_cool_off() or timedelta(0)))
    tries = lately.aggregate(
        person=Sum("failures_since_start", filter=Q(username=name), default=0),
        address=Sum("failures_since_start", filter=Q(ip_address=address), default=0),
    )
    return tries["person"] >= PER_PERSON or tries["address"] >= PER_ADDRESS


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
