"""Mailboxes that are looked at, for administrators: how each fares, setting up, changing, looking now."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yinuo.kit import editing, pages
from yinuo.letters import forms, models, queries
from yinuo.letters.actions import mailboxes as acts
from yinuo.letters.actions import senders

GROUPS = {
    models.Mailbox.State.NEW: "pending",
    models.Mailbox.State.WELL: "done",
    models.Mailbox.State.TROUBLE: "late",
}

SENDER_GROUPS = {
    models.Sender.State.NEW: "pending",
    models.Sender.State.WELL: "done",
    models.Sender.State.TROUBLE: "late",
}


@pages.page("org.manage")
def mailboxes(request: pages.Request) -> HttpResponse:
    """All mailboxes with how they fare, what their server said, and when they are looked at next."""
    found = list(queries.mailboxes())
    senders = {each.mailbox_id: each for each in models.Sender.objects.all()}
    shown = [(each, _badge(each), senders.get(each.pk), _sender_badge(senders.get(each.pk))) for each in found]
    context = {"mailboxes": shown, "sentence": _sentence(found)}
    return render(request, "letters/mailboxes.html", context)


def _badge(mailbox: models.Mailbox) -> tuple[str, str]:
    if not mailbox.is_active:
        return "quiet", _("not looked at")
    return GROUPS[models.Mailbox.State(mailbox.state)], mailbox.get_state_display()


def _sender_badge(sender: models.Sender | None) -> tuple[str, str] | None:
    if sender is None:
        return None
    return SENDER_GROUPS[models.Sender.State(sender.state)], sender.get_state_display()


def _sentence(found: list[models.Mailbox]) -> str:
    """「2 个邮箱正常收取。」 — whether mail comes in."""
    used = [each for each in found if each.is_active]
    bad = sum(each.state == models.Mailbox.State.TROUBLE for each in used)
    if bad:
        return ngettext(
            "%(n)s mailbox cannot be reached. Its mail stays on its server and comes in as soon as it can.",
            "%(n)s mailboxes cannot be reached. Their mail stays on their server and comes in as soon as it can.",
            bad,
        ) % {"n": bad}
    return _("Mail is fetched every few minutes. On the server nothing is changed, marked or deleted.") if used else ""


@pages.page("org.manage", methods=editing.READ_WRITE)
def mailbox_add(request: pages.Request) -> HttpResponse:
    """Set up a mailbox."""
    now = timezone.now()
    initial = {"port": 993, "folder": "INBOX", "since_on": acts.usual_start(timezone.localdate(now)), "is_active": True}
    form = forms.NewMailbox(*editing.sent(request), initial=initial)

    def act() -> str:
        def create() -> str:
            return acts.add(by=request.user, now=now, **form.values).get_absolute_url()

        return editing.create_once(request, form, now, create)

    return editing.answer(
        request,
        form,
        act=act,
        said=_("The mailbox is looked at within a minute."),
        title=_("Set up a mailbox"),
        sentence=_("Its mail is read, never changed, marked or deleted. The password is kept sealed."),
        verb=_("Set up"),
        back=reverse("letters:mailboxes"),
    )


@pages.page("org.manage", methods=editing.READ_WRITE)
def mailbox_change(request: pages.Request, pk: int) -> HttpResponse:
    """Change a mailbox, or stop looking at it."""
    mailbox = get_object_or_404(models.Mailbox, pk=pk)
    initial: dict[str, Any] = {field: getattr(mailbox, field) for field in acts.FIELDS}
    form = forms.ChangedMailbox(*editing.sent(request), initial={**initial, "version": mailbox.version})

    def act() -> None:
        expected = form.cleaned_data["version"]
        acts.change(mailbox=mailbox, by=request.user, now=timezone.now(), expected=expected, **form.values)

    return editing.answer(
        request,
        form,
        act=act,
        said=_("Saved. The mailbox is looked at within a minute."),
        title=_("Change the mailbox"),
        verb=_("Save"),
        back=reverse("letters:mailboxes"),
    )


@pages.page("org.manage", methods=("POST",))
def mailbox_look(request: pages.Request, pk: int) -> HttpResponse:
    """Look for mail now."""
    acts.look_now(mailbox=get_object_or_404(models.Mailbox, pk=pk), by=request.user, now=timezone.now())
    pages.done(request, _("It is looked at within a few seconds."))
    return redirect("letters:mailboxes")


@pages.page("org.manage", methods=editing.READ_WRITE)
def sender(request: pages.Request, pk: int) -> HttpResponse:
    """Set up or change through which server letters leave from a mailbox's address."""
    mailbox = get_object_or_404(models.Mailbox, pk=pk)
    row = models.Sender.objects.filter(mailbox=mailbox).first()
    if row is not None:
        initial: dict[str, Any] = {field: getattr(row, field) for field in senders.FIELDS}
    else:
        host = mailbox.host.replace("imap.", "smtp.", 1) if mailbox.host.startswith("imap.") else ""
        initial = {"host": host, "user": mailbox.user, "port": 465, "is_active": True}
    form = forms.SenderForm(*editing.sent(request), initial={**initial, "version": row.version if row else 0})

    def act() -> None:
        expected = form.cleaned_data["version"]
        senders.set_sender(mailbox=mailbox, by=request.user, now=timezone.now(), expected=expected, **form.values)

    return editing.answer(
        request,
        form,
        act=act,
        said=_("Saved. Released letters can leave from this address."),
        title=_("Send from %(address)s") % {"address": mailbox.address},
        sentence=_("Answers come back into the mailbox and into their talk. The password is kept sealed."),
        verb=_("Save"),
        back=reverse("letters:mailboxes"),
    )
