"""How long a sign-in lasts: noted when it begins, renewed while it is used, over after four idle hours or twelve."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from yinuo.org import models
from yinuo.org.actions import signing_in

IDLE_LIMIT = timedelta(hours=4)
LIMIT = timedelta(seconds=settings.SESSION_COOKIE_AGE)  # however busy one was
NOTED_EVERY = timedelta(minutes=5)  # so that looking at pages does not write to the database each time
BACKEND = "django.contrib.auth.backends.ModelBackend"
BEGAN = "began_at"
SEEN = "seen_at"
POLLED = {"notify:inbox_count"}  # asked for by an open page on its own, which is nobody's presence


def begin(request: HttpRequest, person: models.Person, now: datetime) -> None:
    """Sign the person in, in a session with a new key."""
    login(request, person, backend=BACKEND)
    request.session[BEGAN] = request.session[SEEN] = now.isoformat()
    signing_in.begin_presence(
        session_key=request.session.session_key or "",
        agent=request.headers.get("User-Agent", ""),
        address=request.META.get("REMOTE_ADDR", ""),
        by=person,
        now=now,
    )


class PresenceMiddleware:
    """Ends a session that was idle too long; notes now and then that it is in use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        seen = request.session.get(SEEN)
        if not seen or not isinstance(request.user, models.Person):
            return
        now = timezone.now()
        idle = now - datetime.fromisoformat(seen)
        if idle > IDLE_LIMIT or now - datetime.fromisoformat(request.session[BEGAN]) > LIMIT:
            logout(request)
        elif idle > NOTED_EVERY and request.resolver_match and request.resolver_match.view_name not in POLLED:
            request.session[SEEN] = now.isoformat()
            signing_in.note_seen(session_key=request.session.session_key or "", by=request.user, now=now)
