"""Files that are given out: they are kept, never shown, and nothing in them may run."""

from typing import TypeVar

from django.http import HttpResponseBase

R = TypeVar("R", bound=HttpResponseBase)


def guarded(response: R) -> R:
    """Nothing in a file may run, load or frame anything, whatever it is and whoever made it."""
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
