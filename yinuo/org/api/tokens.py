"""Whom a token stands for: asked before every call, and how many calls it makes."""

import re
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language_from_request

from yinuo.org import access, models
from yinuo.org.actions import tokens

CALLS = "/api/v1/"


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
            made.may_write, made.waits = found.may_write, given.waits(found, now)
            tokens.note_used(token=found, by=found.person, now=now)
        if {"zh", "en"} & set(re.findall("[a-z]+", request.headers.get("Accept-Language", "").lower())):
            made.wanted_language = "en" if get_language_from_request(request).startswith("en") else "zh"
        return self.get_response(request)


REFUSED = -1


class Given:
    """How many calls this process may still let in, by token; what is given out, the database counts."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.minute = 0
        self.left: dict[str, int] = {}  # by a token's digest, in this minute

    def waits(self, token: models.Token, now: datetime) -> int:
        """For how many seconds a token has to wait that has made too many calls in this minute; 0: it has not."""
        left = self._take(token.digest, int(now.timestamp()) // 60)
        if left == 0:
            more = tokens.give_out_calls(token=token, by=token.person, now=now)
            left = self._put(token.digest, more)
        return 60 - now.second if left == REFUSED else 0

    def _take(self, token: str, minute: int) -> int:
        """Let one call in, if there is one; how many there were."""
        with self.lock:
            if minute > self.minute:
                self.minute, self.left = minute, {}
            left = self.left.get(token, 0)
            if left > 0:
                self.left[token] = left - 1
            return left

    def _put(self, token: str, more: int) -> int:
        """Take note of what was given out, one call of which is let in at once; of nothing, that others have it all."""
        with self.lock:
            left = self.left.get(token, 0)
            if more or left <= 0:
                self.left[token] = max(left, 0) + more - 1 if more else REFUSED
            return more or REFUSED


given = Given()
