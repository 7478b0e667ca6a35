"""Saved views of lists: save, rename, share, begin with, bring up to date, delete and bring back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.kit import editing, pages, refusals
from yinuo.org import access, models
from yinuo.org.actions import views as actions
from yinuo.org.forms import keeping as forms
from yinuo.org.forms import people as people_forms


def _go_to(request: pages.Request, url: str) -> HttpResponse:
    """To another address of the list; from a dialog too."""
    if not request.htmx:
        return redirect(url)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = url
    return response


def _answer(request: pages.Request, form: Any, act: Callable[[dict[str, Any]], str], **words: str) -> HttpResponse:
    """The dialog of a form; when it is right, act, say so and go to the list."""
    pages.stand_at(request, words["back"])
    if form.is_bound and form.is_valid():
        said = words.pop("said")
        try:
            url = act(form.cleaned_data)
        except refusals.NotAllowed:
            raise
        except refusals.Refusal as refusal:
            editing.refuse(form, refusal)
        else:
            pages.done(request, said)
            return _go_to(request, url)
    return render(request, "kit/edit.html", {"form": form, **words}, status=422 if form.is_bound else 200)


@pages.page(pages.SIGNED_IN, methods=editing.READ_WRITE)
def view_new(request: pages.Request) -> HttpResponse:
    """Save what a list shows now."""
    place = forms.Place(request.GET)
    if not place.is_valid() or not pages.local_address(place.cleaned_data["path"], request):
        raise Http404
    at, me, now = place.cleaned_data, request.user, timezone.now()

    def act(data: dict[str, Any]) -> str:
        def create() -> str:
            view = actions.save_view(
                sheet=at["list"],
                path=at["path"],
                beside=at["beside"],
                query=at["query"],
                name=data["name"],
                is_shared=data.get("is_shared", False),
                is_first=data["is_first"],
                by=me,
                now=now,
            )
            return view.get_absolute_url()

        return editing.create_once(request, form, now, create)

    form = forms.NewView(request.POST or None, may_share=access.may_share_views(me))
    back = at["path"]
    return _answer(
        request, form, act, said=_("The view is saved."), title=_("Save as a view"), verb=_("Save"), back=back
    )


@pages.page(pages.SIGNED_IN, methods=editing.READ_WRITE)
def view_edit(request: pages.Request, pk: int) -> HttpResponse:
    """Give one's view another name, share it or no longer."""
    view = _mine(request, pk)

    def act(data: dict[str, Any]) -> str:
        actions.change_view(
            view=view,
            by=request.user,
            now=timezone.now(),
            expected=data["version"],
            name=data["name"],
            is_shared=data.get("is_shared"),
        )
        return view.get_absolute_url()

    shown = {"name": view.name, "is_shared": view.is_shared, "version": view.version}
    may_share = view.is_shared or access.may_share_views(request.user)
    form = forms.ChangedView(request.POST or None, initial=shown, may_share=may_share)
    words = {"title": _("View “%(name)s”") % {"name": view.name}, "verb": _("Save"), "back": view.get_absolute_url()}
    return _answer(request, form, act, said=_("Saved."), **words)


@pages.page(pages.SIGNED_IN, methods=("POST",))
def view_update(request: pages.Request, pk: int) -> HttpResponse:
    """Let one's view say what the list shows now."""
    view, form = _mine(request, pk), forms.Shown(request.POST)
    if not form.is_valid():
        raise refusals.Stale()
    actions.change_view(
        view=view,
        by=request.user,
        now=timezone.now(),
        expected=form.cleaned_data["version"],
        query=form.cleaned_data["query"],
    )
    pages.done(request, _("“%(name)s” now says what the list shows.") % {"name": view.name})
    return redirect(view.get_absolute_url())


@pages.page(pages.SIGNED_IN, methods=("POST",))
def view_first(request: pages.Request, pk: int) -> HttpResponse:
    """Open the list with a view from now on; or no longer, if it did."""
    view = get_object_or_404(models.SavedView, pk=pk)
    wanted = not models.FirstView.objects.filter(person=request.user.pk, view=view).exists()
    actions.begin_with(view=view, by=request.user, now=timezone.now(), wanted=wanted)
    said = _("The list now opens with “%(name)s”.") if wanted else _("The list no longer opens with “%(name)s”.")
    pages.done(request, said % {"name": view.name})
    return redirect(view.get_absolute_url())


@pages.page(pages.SIGNED_IN, methods=("POST",))
def view_delete(request: pages.Request, pk: int) -> HttpResponse:
    """Delete one's view; for ten seconds it can be brought back."""
    view, form = _mine(request, pk), people_forms.Seen(request.POST)
    if not form.is_valid():
        raise refusals.Stale()
    actions.delete_view(view=view, by=request.user, now=timezone.now(), expected=form.cleaned_data["version"])
    said = _("The view “%(name)s” is deleted.") % {"name": view.name}
    messages.success(request, said, extra_tags=f"undo:{reverse('org:view_restore', args=[view.pk])}")
    return redirect(f"{view.path}?{view.beside}")


@pages.page(pages.SIGNED_IN, methods=("POST",))
def view_restore(request: pages.Request, pk: int) -> HttpResponse:
    """Bring back a view just deleted."""
    view = get_object_or_404(models.SavedView, pk=pk, owner=request.user.pk)
    actions.restore_view(view=view, by=request.user, now=timezone.now())
    pages.done(request, _("The view “%(name)s” is back.") % {"name": view.name})
    return redirect(view.get_absolute_url())


def _mine(request: pages.Request, pk: int) -> models.SavedView:
    return get_object_or_404(models.SavedView, pk=pk, owner=request.user.pk, voided_at=None)
