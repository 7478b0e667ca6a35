"""The inbox, what one wants by mail, and the outbox for administrators."""

from datetime import date
from itertools import groupby

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yinuo.kit import lists as kit_lists
from yinuo.kit import pages, undoing
from yinuo.notify import actions, forms, lists, models, queries
from yinuo.org import models as org_models

PAGE = 50


@pages.page(pages.SIGNED_IN)
def inbox(request: pages.Request) -> HttpResponse:
    """One's messages by day: those unread, or all."""
    unread = queries.unread_count(request.user)
    view = request.GET.get("view") or ("unread" if unread else "all")
    rows = queries.inbox(request.user)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit():
        rows = queries.older_than(rows, int(before[:18]))
    if view == "unread":
        rows = rows.filter(read_at=None)
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    context = {
        "days": [(day, list(group)) for day, group in groupby(shown, key=_day_of)],
        "view": view,
        "unread": unread,
        "newest": max((each.pk for each in shown), default=0),
        "next_before": shown[-1].pk if len(found) > PAGE else None,
        "tabs": [
            ("unread", _("Unread"), unread, f"{reverse('notify:inbox')}?view=unread"),
            ("all", _("All"), 0, f"{reverse('notify:inbox')}?view=all"),
        ],
    }
    return render(request, "notify/inbox.html", context)


def _day_of(message: models.Message) -> date:
    return timezone.localdate(message.at)


@pages.page(pages.SIGNED_IN)
def inbox_count(request: pages.Request) -> HttpResponse:
    """The number beside the bell, and those beside the entries of the menu: what an open page asks for now and then."""
    count = queries.unread_count(request.user)
    context = {"count": count, "many": count >= 100, "menu_counts": pages.counts(request.user)}
    return render(request, "notify/inbox_count.html", context)


@pages.page(pages.SIGNED_IN)
def message(request: pages.Request, key: int) -> HttpResponse:
    """Open a message: it is read then, and leads to its subject."""
    it = get_object_or_404(queries.inbox(request.user), pk=key)
    actions.read(message=it, by=request.user, now=timezone.now())
    url = it.subject_url
    return redirect(url if url_has_allowed_host_and_scheme(url, None) else reverse("notify:inbox"))


@pages.page(pages.SIGNED_IN, methods=("POST",))
def message_read(request: pages.Request, key: int) -> HttpResponse:
    """Mark a message as read without opening its subject."""
    it = get_object_or_404(queries.inbox(request.user), pk=key)
    now = timezone.now()
    actions.read(message=it, by=request.user, now=now)
    pages.done(request, _("Marked as read."), undoing.offer(request.user, "notify.read", read_at=now.isoformat()))
    return redirect(pages.back_to(request, reverse("notify:inbox")))


@pages.page(pages.SIGNED_IN, methods=("POST",))
def all_read(request: pages.Request) -> HttpResponse:
    """Mark everything that was on the page, and older, as read."""
    newest = request.POST.get("newest", "")
    up_to = int(newest[:18]) if newest.isascii() and newest.isdigit() else 0
    now = timezone.now()
    count = actions.read_all(by=request.user, now=now, up_to=up_to)
    said = ngettext("%(n)s message marked as read.", "%(n)s messages marked as read.", count) % {"n": count}
    pages.done(request, said, undoing.offer(request.user, "notify.read", read_at=now.isoformat()) if count else "")
    return redirect("notify:inbox")


@pages.page(pages.SIGNED_IN, methods=("GET", "POST"))
def choices(request: pages.Request) -> HttpResponse:
    """Which mails one wants to get."""
    chosen = queries.choices_of([request.user.pk]).get(request.user.pk, models.Choice.Mails.ALL)
    initial = {"mails": chosen, "digest": queries.digest_wanted(request.user)}
    form = forms.ChoiceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.choose(by=request.user, now=timezone.now(), **form.cleaned_data)
        pages.done(request, _("Saved."))
        return redirect("notify:choices")
    return render(request, "notify/choices.html", {"form": form, "hours": queries.hours_row()})


@pages.page("org.manage")
def outbox(request: pages.Request) -> HttpResponse:
    """All mail with its state, what the mail server said, and what can be done about it."""
    rows = queries.outbox(request.user)
    hours_row = queries.hours_row()
    context = {
        "page": kit_lists.page_of(lists.OUTBOX, rows, request.GET, person=request.user),
        "failed": queries.failed(request.user),
        "tabs": _tabs(request.user),
        "has_server": bool(settings.SMTP_URL),
        "form": forms.HoursForm(
            initial={"starts": hours_row.starts, "ends": hours_row.ends, "version": hours_row.version}
        ),
    }
    return render(request, "notify/outbox.html", context)


def _tabs(person: org_models.Person) -> list[tuple[str, str, int, str]]:
    return [
        ("outbox", _("Outgoing mail"), len(queries.failed(person)), reverse("notify:outbox")),
        ("jobs", _("Background work"), queries.failed_jobs(person).count(), reverse("notify:jobs")),
    ]


@pages.page("org.manage")
def jobs(request: pages.Request) -> HttpResponse:
    """Background work that was given up, with its last fault."""
    failed = queries.failed_jobs(request.user)
    return render(request, "notify/jobs.html", {"jobs": failed[:PAGE], "tabs": _tabs(request.user)})


@pages.page("org.manage", methods=("POST",))
def job_again(request: pages.Request, key: int) -> HttpResponse:
    """Run work again that was given up."""
    job = get_object_or_404(queries.failed_jobs(request.user), pk=key)
    actions.run_again(job=job, by=request.user, now=timezone.now())
    pages.done(request, _("It runs again within a few seconds."))
    return redirect("notify:jobs")


@pages.page("org.manage", methods=("POST",))
def hours(request: pages.Request) -> HttpResponse:
    """Set the hours within which mail leaves."""
    form = forms.HoursForm(request.POST)
    if not form.is_valid():
        raise actions.CannotSet(_("Please give both times."))
    actions.set_hours(
        starts=form.cleaned_data["starts"],
        ends=form.cleaned_data["ends"],
        expected=form.cleaned_data["version"],
        by=request.user,
        now=timezone.now(),
    )
    pages.done(request, _("Saved."))
    return redirect("notify:outbox")


@pages.page("org.manage", methods=("POST",))
def mail_again(request: pages.Request, key: int) -> HttpResponse:
    """Send a failed mail again."""
    mail = get_object_or_404(queries.outbox(request.user), pk=key)
    actions.send_again(mail=mail, expected=_version(request, mail), by=request.user, now=timezone.now())
    pages.done(request, _("The mail is in the outbox again and leaves within mail hours."))
    return redirect(pages.back_to(request, reverse("notify:outbox")))


@pages.page("org.manage", methods=("POST",))
def mail_cancel(request: pages.Request, key: int) -> HttpResponse:
    """Cancel a mail that has not left."""
    mail = get_object_or_404(queries.outbox(request.user), pk=key)
    actions.cancel(mail=mail, expected=_version(request, mail), by=request.user, now=timezone.now())
    pages.done(request, _("The mail is cancelled."))
    return redirect(pages.back_to(request, reverse("notify:outbox")))


def _version(request: pages.Request, mail: models.Mail) -> int:
    said = request.POST.get("version", "")
    return int(said[:9]) if said.isascii() and said.isdigit() else 0
