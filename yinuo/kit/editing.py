"""What form pages share: show a form in a dialog or on a page, act when it is right, say what was done, or refused."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render

from yinuo.kit import once, pages, refusals

READ_WRITE = ("GET", "HEAD", "POST")


def sent(request: pages.Request) -> tuple[Any, Any]:
    """Data and files of a sent form; None when the page is only looked at."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def create_once(request: pages.Request, form: forms.Form, now: datetime, create: Callable[[], str]) -> str:
    """Create with the form's one-time key: sent twice, it leads to what the first one made."""
    return once.once(form.cleaned_data["once"], person_id=request.user.pk, now=now, create=create)


def refuse(form: forms.Form, refusal: refusals.Refusal) -> None:
    """A refusal stands at its field, or above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def _led_on(request: pages.Request, url: str) -> HttpResponse:
    """To where it goes on. A script that sent the form cannot read a redirection, so it is told the address."""
    if getattr(request.htmx, "boosted", False):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


def led_away(request: pages.Request, answered: HttpResponse) -> HttpResponse:
    """From a dialog on to where `answered` redirects, instead of back to the page beneath it."""
    if not request.htmx or answered.status_code != HTTPStatus.FOUND:
        return answered
    return HttpResponse(status=204, headers={"HX-Redirect": answered["Location"]})


def answer(
    request: pages.Request,
    form: forms.Form,
    *,
    act: Callable[[], str | None],
    said: str,
    title: str,
    verb: str,
    back: str,
    template: str = "kit/edit.html",
    undo: Callable[[], str] | None = None,
    **context: Any,
) -> HttpResponse:
    """Show the form; when it is sent and right, `act` (which may return where to go, else `back`) and say so.

    After a refusal the input stays. `undo` gives the address that takes it back (`undoing.offer`). The template also
    knows a `sentence`, and `danger` for a step that is not undone.
    """
    if form.is_bound and form.is_valid():
        try:
            url = act() or back
        except refusals.NotAllowed:
            raise
        except refusals.Refusal as refusal:
            refuse(form, refusal)
        else:
            pages.done(request, said, undo() if undo else "")
            return _led_on(request, url)
    whole = {"form": form, "title": title, "verb": verb, "back": back, **context}
    return render(request, template, whole, status=422 if form.is_bound else 200)
