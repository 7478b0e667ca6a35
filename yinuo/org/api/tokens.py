"""Whom a token stands for: asked before every call, and how many calls it makes."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language_from_request

from yinuo.org import access, models
from yinuo.org.actions import tokens

CALLS = "/api/v1/"
MOST_A_MINUTE = 600


class TokenMiddleware:
    """Calls are made by tokens alone: who is signed in by a cookie is nobody here, so no foreign page calls anything.

    The person speaks their language, or the one the program asks for; both are read by the next middleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(CALLS):
            return self.get_response(request)
        now, asked = timezone.now(), request.headers.get("Authorization", "")
        kind, _space, secret = asked.partition(" ")
        found = access.token(secret.strip(), now) if kind.lower() == "bearer" and len(secret) < 200 else None
        made: Any = request
        made.user, made.may_write, made.waits = found.person if found else AnonymousUser(), False, 0
        if found:
            made.may_write, made.waits = found.may_write, _waits(found, now)
            tokens.note_used(token=found, by=found.person, now=now)
        if {"zh", "en"} & set(re.findall("[a-z]+", request.headers.get("Accept-Language", "").lower())):
            made.wanted_language = "en" if get_language_from_request(request).startswith("en") else "zh"
        return self.get_response(request)


def _waits(token: models.Token, now: datetime) -> int:
    """For how many seconds a token has to wait that has made too many calls in this minute; 0: it has not."""
    key = f"api-calls-{token.pk}-{now:%H%M}"
    cache.add(key, 0, 120)
    try:
        count = cache.incr(key)
    except ValueError:  # dropped in between
        return 0
    return 60 - now.second if count > MOST_A_MINUTE else 0
