"""What every page has in common: its permission, its refusals, its frame, and keys that work once."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import quote, urlsplit, urlunsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from yinuo.kit import exports, lists, plugs, printing, refusals, remembering

P = ParamSpec("P")


class Request(HttpRequest):
    """A request as pages see it: with a page's permission asked before it runs, `user` is an `org.Person`; `htmx` says
    whether a part of a page is asked for."""

    user: Any
    htmx: Any


View = Callable[Concatenate[Request, P], HttpResponseBase]

PUBLIC = "public"  # no sign-in needed (sign-in itself, signed links)
SIGNED_IN = "signed in"  # any person of the company
COUNTS_SEEN = 300  # seconds for which the last counts of the menu are shown until the page has asked anew


def page(permission: str, *, methods: tuple[str, ...] = ("GET", "HEAD")) -> Callable[[View[P]], View[P]]:
    """Declare the permission a page needs, and its methods.

    The person must hold the permission somewhere (`person.may(permission)`); whether it holds for the very row is
    asked by the room's queries (invisible rows are 404) and actions. An expired session leads to sign-in and back,
    for htmx too. A `Refusal` that the page lets through becomes one clear sentence.
    """

    def declare(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
                return not_found(request)  # no link of ours holds a NUL, and PostgreSQL takes none
            if permission != PUBLIC:
                if not request.user.is_authenticated:
                    return _to_sign_in(request)
                if permission != SIGNED_IN and not request.user.may(permission):
                    return forbidden(request)
            try:
                return _answered(view, request, *args, **kwargs)
            except refusals.Refusal as refusal:
                return refused(request, refusal)

        guarded.permission = permission  # type: ignore[attr-defined]
        guarded.methods = methods  # type: ignore[attr-defined]
        return guarded

    return declare


def _answered(view: View[P], request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
    """What the page answers; or, where the address asks for it, one of its lists as a file."""
    try:
        with remembering.page():
            return view(request, *args, **kwargs)
    except lists.AsFile as asked:
        way = printing if asked.on_paper else exports
        return way.response(request.user, asked, path=request.path, now=timezone.now())


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """To sign-in and back to where the person was; htmx must reload the whole page for that."""
    if getattr(request, "htmx", None):
        # htmx says the page's whole address; only what follows the host is kept, so that it leads nowhere else.
        page = urlsplit(request.headers.get("HX-Current-URL", "/"))
        back = local_address(urlunsplit(("", "", page.path, page.query, "")), request) or "/"
        response = HttpResponse(status=204)
        response["HX-Redirect"] = f"{reverse(settings.LOGIN_URL)}?next={quote(back, safe='/')}"
        return response
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")


def refused(request: HttpRequest, refusal: refusals.Refusal) -> HttpResponse:
    """A refusal as a sentence: beside the page for htmx, else as a page with the way back."""
    if getattr(request, "htmx", None):
        response = render(request, "kit/refusal_part.html", {"refusal": refusal}, status=refusal.status)
        response["HX-Retarget"] = "#notices"
        response["HX-Reswap"] = "beforeend"
        return response
    return render(request, "kit/refusal.html", {"refusal": refusal}, status=refusal.status)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refused(request, refusals.NotAllowed())


class NotOurForm(refusals.Refusal):
    """The form did not come from a page of ours, or from one that was open too long."""

    status = 403


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's answer to a form without its token; what exactly was missing is nobody's business."""
    return refused(request, NotOurForm(_("This page was open too long. Please reload it and send the form again.")))


class Unreadable(refusals.Refusal):
    """What was sent is no form of ours: too long, cut short, or for another host."""

    status = 400


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    sentence = _("This could not be read. If you sent a very long text, please send less of it.")
    return refused(request, Unreadable(sentence))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "kit/not_found.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    return render(request, "kit/broken.html", status=500)


def done(request: HttpRequest, sentence: str, undo: str = "") -> None:
    """Tell the person what was done, on the next page they see; `undo`: the address that takes it back."""
    messages.success(request, sentence, extra_tags=f"undo:{undo}" if undo else "")


def back_to(request: HttpRequest, default: str) -> str:
    """The local address in `next`, else `default`: never another host's."""
    return local_address(request.POST.get("next") or request.GET.get("next") or "", request) or default


def local_address(wanted: str, request: HttpRequest) -> str:
    """The address if it is a path of this very host, else nothing."""
    is_local = wanted.startswith("/") and wanted.isprintable() and len(wanted) < 2000
    return wanted if is_local and url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else ""


def frame(request: HttpRequest) -> dict[str, Any]:
    """What the frame of every page shows: the menu of rooms the person may enter, demo mark, language.

    The counts beside the entries are those that the person saw last; the page asks for today's once it is there (see
    `counts`), so no page waits for them. A page that belongs to another one's subject says so by `stand_at`.
    """
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated or getattr(request, "htmx", None):
        return {"DEMO": settings.DEMO}
    seen = cache.get(_counts_key(person), {})
    entries = [
        {
            "name": plug.name,
            "zh": plug.zh,
            "en": plug.en,
            "icon": plug.about["icon"],
            "url": reverse(plug.about["url"]),
            "order": plug.about["order"],
            "count": seen.get(plug.name, 0),
        }
        for plug in _menu(person)
    ]
    path = getattr(request, "stands_at", request.path)
    here = [entry["url"] for entry in entries if path.startswith(entry["url"])]
    for entry in entries:
        is_start = entry["url"] == "/" != path  # what lies below the start is not the start
        entry["is_here"] = not is_start and entry["url"] == max(here, key=len, default="")
    return {"DEMO": settings.DEMO, "menu": sorted(entries, key=lambda entry: entry["order"])}


def stand_at(request: HttpRequest, url: str) -> None:
    """Let the menu mark the room of another page, from which one has come."""
    request.stands_at = urlsplit(url).path  # type: ignore[attr-defined]


def counts(person: Any) -> list[tuple[str, int]]:
    """How much waits for the person behind each entry of the menu, counted now."""
    found = [(plug.name, plug.function(person)) for plug in _menu(person)]
    cache.set(_counts_key(person), dict(found), COUNTS_SEEN)
    return found


def forget_counts(person: Any) -> None:
    """The person has just acted: what was counted before is no longer true."""
    cache.delete(_counts_key(person))


def _menu(person: Any) -> list[plugs.Plug[Any]]:
    return [
        plug for plug in plugs.menu if plug.about["permission"] == SIGNED_IN or person.may(plug.about["permission"])
    ]


def _counts_key(person: Any) -> str:
    return f"menu-counts-{person.pk}"
