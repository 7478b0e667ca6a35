"""Group robots and webhooks: the list, one with its log, and steering what did not arrive."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yinuo.kit import editing, pages, refusals, rows
from yinuo.kit import lists as kit_lists
from yinuo.messengers import forms, lists, models, queries
from yinuo.messengers.actions import keeping, telling
from yinuo.org.definition import Permission

LAST = 10  # lines of the log on a receiver's own page
State = models.Delivery.State


def _demand(request: pages.Request) -> None:
    """Whoever manages one site only does not keep the company's groups."""
    if not queries.may_manage(request.user):
        raise refusals.NotAllowed()


@pages.page(Permission.MESSENGERS_SEE)
def receivers(request: pages.Request) -> HttpResponse:
    """All groups and programs that are told, with what waits and what failed."""
    _demand(request)
    found = list(queries.with_counts())
    failed = sum(each.failed for each in found if each.is_on)
    return render(request, "messengers/receivers.html", {"receivers": found, "sentence": _sentence(found, failed)})


def _sentence(found: list[Any], failed: int) -> str:
    if not found:
        return _("Nobody is told outside the product yet.")
    if failed:
        return ngettext("%(n)s line did not arrive.", "%(n)s lines did not arrive.", failed) % {"n": failed}
    return _("Everything has arrived.")


@pages.page(Permission.MESSENGERS_SEE, methods=editing.READ_WRITE)
def receiver_add(request: pages.Request) -> HttpResponse:
    """Put a group or program on the list."""
    _demand(request)
    now = timezone.now()
    form = forms.NewReceiver(*editing.sent(request))

    def add() -> str:
        return keeping.add(by=request.user, now=now, **form.facts()).get_absolute_url()

    return editing.answer(
        request,
        form,
        act=lambda: editing.create_once(request, form, now, add),
        said=_("Added. Send a test to see whether it arrives."),
        title=_("Add a group robot or webhook"),
        verb=_("Add"),
        back=reverse("messengers:receivers"),
    )


@pages.page(Permission.MESSENGERS_SEE)
def receiver(request: pages.Request, pk: int) -> HttpResponse:
    """One receiver with its log."""
    _demand(request)
    it = get_object_or_404(queries.with_counts(), pk=pk)
    log = queries.deliveries().filter(receiver=it)
    open_troubles = log.filter(state__in=[State.FAILED, State.UNCERTAIN]).order_by("-pk")[:20]
    context = {
        "receiver": it,
        "troubles": open_troubles,
        "last": log.order_by("-pk")[:LAST],
    }
    return render(request, "messengers/receiver.html", context)


@pages.page(Permission.MESSENGERS_SEE)
def deliveries(request: pages.Request) -> HttpResponse:
    """The log of everything that was sent, to whom and with what answer."""
    _demand(request)
    page = kit_lists.page_of(lists.DELIVERIES, queries.deliveries(), request.GET, person=request.user)
    return render(request, "messengers/deliveries.html", {"page": page})


@pages.page(Permission.MESSENGERS_SEE, methods=editing.READ_WRITE)
def receiver_change(request: pages.Request, pk: int) -> HttpResponse:
    """Change a receiver's entry."""
    _demand(request)
    it = get_object_or_404(queries.receivers(), pk=pk)
    initial = {**{key: getattr(it, key) for key in keeping.FIELDS}, "version": it.version}
    form = forms.ChangedReceiver(*editing.sent(request), initial=initial)

    def change() -> str:
        keeping.change(
            receiver=it, by=request.user, now=timezone.now(), expected=form.cleaned_data["version"], **form.facts()
        )
        return it.get_absolute_url()

    return editing.answer(
        request,
        form,
        act=change,
        said=_("Saved."),
        title=_("Change %(name)s") % {"name": it.name},
        verb=_("Save"),
        back=it.get_absolute_url(),
    )


@pages.page(Permission.MESSENGERS_SEE, methods=("POST",))
def receiver_switch(request: pages.Request, pk: int) -> HttpResponse:
    """Take a receiver out of use, or into use again."""
    it = get_object_or_404(queries.receivers(), pk=pk)
    keeping.switch(receiver=it, is_on=not it.is_on, by=request.user, now=timezone.now(), expected=_version(request))
    pages.done(request, _("In use again.") if it.is_on else _("Out of use: what waits stays here."))
    return redirect(it.get_absolute_url())


@pages.page(Permission.MESSENGERS_SEE, methods=("POST",))
def receiver_test(request: pages.Request, pk: int) -> HttpResponse:
    """Send a test."""
    it = get_object_or_404(queries.receivers(), pk=pk)
    telling.send_test(receiver=it, by=request.user, now=timezone.now())
    pages.done(request, _("The test is on its way; reload in a few seconds to see the answer."))
    return redirect(it.get_absolute_url())


@pages.page(Permission.MESSENGERS_SEE, methods=("POST",))
def receiver_secret(request: pages.Request, pk: int) -> HttpResponse:
    """Show a webhook's signing secret."""
    it = get_object_or_404(queries.receivers(), pk=pk)
    secret = keeping.show_secret(receiver=it, by=request.user, now=timezone.now())
    return render(request, "messengers/secret.html", {"receiver": it, "secret": secret})


@pages.page(Permission.MESSENGERS_SEE, methods=("POST",))
def delivery_again(request: pages.Request, pk: int) -> HttpResponse:
    """Send again what did not arrive, or perhaps did."""
    row = get_object_or_404(queries.deliveries(), pk=pk)
    telling.send_again(delivery=row, expected=_version(request), by=request.user, now=timezone.now())
    pages.done(request, _("It leaves within a few seconds."))
    return redirect(row.receiver.get_absolute_url())


def _version(request: pages.Request) -> int:
    return rows.key_in(request.POST.get("version", "")) or 0
