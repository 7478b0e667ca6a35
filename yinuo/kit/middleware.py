"""What every request carries: the person's language and clock, and pages that no proxy or back button keeps."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers

from yinuo.kit import pages

LANGUAGE_COOKIE = "language"
READING = ("GET", "HEAD", "OPTIONS")


class PersonMiddleware:
    """Speaks the person's language, by their clock; before sign-in the one chosen on the sign-in page, else Chinese."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = getattr(request, "wanted_language", "")  # of programs, which may ask for one
        language = language or getattr(request.user, "language", "") or request.COOKIES.get(LANGUAGE_COOKIE, "")
        zone = getattr(request.user, "zone", None)  # of whoever is signed in; else the company's
        with translation.override("en" if language == "en" else "zh-hans"), timezone.override(zone):
            request.LANGUAGE_CODE = translation.get_language() or "zh-hans"  # as Django's own middleware names it
            response = self.get_response(request)
            if request.method not in READING and request.user.is_authenticated:
                pages.forget_counts(request.user)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        if not response.has_header("Cache-Control"):
            # Confidential pages must not come back from the cache after sign-out.
            add_never_cache_headers(response)
        return response
