"""What the organisation's pages have in common: their tabs, and the page of a form that acts."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.kit import forms as kit_forms
from yinuo.kit import once, pages, refusals
from yinuo.org import models
from yinuo.org.forms import working_time


def person(request: HttpRequest) -> models.Person:
    """Who asks; every page but the public ones lets only people of the company in."""
    if not isinstance(request.user, models.Person):
        raise refusals.NotAllowed()
    return request.user


def tabs() -> list[tuple[str, str, int, str]]:
    """The views of the organisation, for `kit/parts/tabs.html`."""
    named = [
        ("structure", _("Structure")),
        ("people", _("People")),
        ("posts", _("Posts")),
        ("skills", _("Skills")),
        ("address_book", _("Address book")),
        ("calendar", _("Working calendar")),
        ("absences", _("Absence and delegation")),
        ("scopes", _("Confidentiality")),
        ("roles", _("Roles and rights")),
        ("letterhead", _("Letterhead")),
    ]
    return [(key, words, 0, reverse(f"org:{key}")) for key, words in named]


def shown(request: HttpRequest, template: str, current: str, **context: Any) -> HttpResponse:
    """A page of the organisation under its tab."""
    return render(request, f"org/{template}.html", {"tabs": tabs(), "current": current, **context})


def acted(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[dict[str, Any]], str],
    *,
    title: str,
    verb: str,
    back: str,
    sentence: str = "",
    said: str = "",
    danger: bool = False,
    offer: tuple[str, str] | None = None,
) -> HttpResponse:
    """The page of a form: shows it, and on a valid POST runs `act`, which gets the data and returns where to go.

    A refusal stands at its field, the input stays. A creating form acts once, however often it is sent.
    `offer`: words and address of what may be done first.
    """
    if request.method == "POST" and form.is_valid():
        data = {key: value for key, value in form.cleaned_data.items() if key != "once"}
        if "version" in data:
            data["expected"] = data.pop("version")
        try:
            if isinstance(form, kit_forms.OnceForm):
                url = once.once(
                    form.cleaned_data["once"],
                    person_id=request.user.pk,
                    now=timezone.now(),
                    create=lambda: act(data),
                )
            else:
                url = act(data)
        except refusals.NotAllowed:
            raise
        except refusals.Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            pages.done(request, said or _("Saved."))
            return redirect(url)
    context = {"form": form, "title": title, "verb": verb, "back": back, "sentence": sentence, "danger": danger}
    context["offer"] = offer
    return render(request, "org/form.html", context, status=422 if form.errors else 200)


def initial_of(row: Any, form: type[forms.Form]) -> dict[str, Any]:
    """What a changing form shows first: the row's own values, and its version."""
    return {name: getattr(row, name) for name in form.base_fields if hasattr(row, name)}


def weekdays() -> list[str]:
    """Monday to Sunday, as the reader calls them."""
    return [str(words) for words in working_time.WEEKDAYS]
