"""Saved reports: the list, one with its preview and what was sent, saving, sharing, sending, deleting."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.kit import downloads, editing, pages, refusals, undoing
from yinuo.org.definition import Permission
from yinuo.reports import forms, models
from yinuo.reports.actions import saving, sending
from yinuo.reports.engine import rhythms
from yinuo.reports.pages import mailing, told
from yinuo.reports.queries import saved as queries


def look(request: pages.Request, pk: int) -> models.SavedReport:
    """The saved report, if the person may open it; else 404."""
    return get_object_or_404(queries.reports_of(request.user), pk=pk)


def _mine(request: pages.Request, pk: int) -> models.SavedReport:
    return get_object_or_404(models.SavedReport, pk=pk, owner=request.user.pk, voided_at=None)


@pages.page(Permission.REPORTS_SEE)
def saved(request: pages.Request) -> HttpResponse:
    """All saved reports that the person may open."""
    reports = list(queries.with_receivers(queries.reports_of(request.user)))
    rows = [(each, rhythm_words(each), [one for one in each.receivers.all() if not one.left_at]) for each in reports]
    own = [row for row in rows if row[0].owner_id == request.user.pk]
    others = [row for row in rows if row[0].owner_id != request.user.pk]
    return render(request, "reports/saved.html", {"groups": [(_("My reports"), own), (_("Shared with me"), others)]})


def rhythm_words(report: models.SavedReport) -> str:
    """每周一 08:00；每月 1 日 08:00；不发送."""
    hour = f"{report.at_hour:02}:00"
    if report.rhythm == rhythms.WEEKLY:
        day = str(dict(forms.WEEKDAYS)[report.on_day])
        return _("every %(day)s, %(hour)s") % {"day": day, "hour": hour}
    if report.rhythm == rhythms.MONTHLY and report.on_day == rhythms.LAST_DAY:
        return _("on the last day of the month, %(hour)s") % {"hour": hour}
    if report.rhythm == rhythms.MONTHLY:
        return _("on day %(day)s of the month, %(hour)s") % {"day": report.on_day, "hour": hour}
    return _("not sent")


@pages.page(Permission.REPORTS_SEE)
def saved_report(request: pages.Request, pk: int) -> HttpResponse:
    """What it says now, as its mail would say it to the reader; to whom it goes, and what was sent."""
    report, now = look(request, pk), timezone.now()
    it = told.told(request.user, report.page, report.query, now)
    receivers = queries.receivers(report)
    context = {
        "report": report,
        "it": it,
        "rhythm": rhythm_words(report),
        "receivers": receivers,
        "is_own": report.owner_id == request.user.pk,
        "gets_it": any(each.person_id == request.user.pk for each in receivers),
        "sent": queries.sent(report) if report.owner_id == request.user.pk else [],
        "picture": reverse("reports:saved_picture", args=[pk]) if it.chart else "",
    }
    return render(request, "reports/saved_report.html", context)


@pages.page(Permission.REPORTS_SEE)
def saved_picture(request: pages.Request, pk: int) -> HttpResponse:
    """The picture of the mail, as the reader would get it."""
    report = look(request, pk)
    content = mailing.picture_of(told.told(request.user, report.page, report.query, timezone.now()))
    if not content:
        raise Http404
    return downloads.guarded(HttpResponse(content, content_type="image/png"))


@pages.page(Permission.REPORTS_SEE, methods=editing.READ_WRITE)
def saved_new(request: pages.Request) -> HttpResponse:
    """Save what a page shows under a name."""
    page, query = request.GET.get("page", ""), queries.normal(request.GET.get("query", ""))
    if page not in models.SavedReport.Page.values:
        raise Http404
    form, now = forms.NewReport(request.POST or None), timezone.now()

    def act() -> str:
        def create() -> str:
            said = {key: form.cleaned_data[key] for key in ("name", "posts", "departments")}
            return saving.save_report(**said, page=page, query=query, by=request.user, now=now).get_absolute_url()

        return editing.create_once(request, form, now, create)

    back = reverse(f"reports:{page}")
    return editing.answer(
        request, form, act=act, said=_("The report is saved."), title=_("Save as a report"), verb=_("Save"),
        back=f"{back}?{query}" if query else back,
        sentence=_("It keeps what this page shows; a span like “last month” goes along with time."),
    )  # fmt: skip


@pages.page(Permission.REPORTS_SEE, methods=editing.READ_WRITE)
def saved_edit(request: pages.Request, pk: int) -> HttpResponse:
    """Give one's report another name, or share it."""
    report = _mine(request, pk)
    shown = {"name": report.name, "posts": report.posts.all(), "departments": report.departments.all(),
             "version": report.version}  # fmt: skip
    form = forms.ChangedReport(request.POST or None, initial=shown)

    def act() -> None:
        said: dict[str, Any] = dict(form.cleaned_data)
        expected = said.pop("version")
        saving.change_report(report=report, **said, by=request.user, now=timezone.now(), expected=expected)

    title = _("Report “%(name)s”") % {"name": report.name}
    back = report.get_absolute_url()
    return editing.answer(request, form, act=act, said=_("Saved."), title=title, verb=_("Save"), back=back)


@pages.page(Permission.REPORTS_SEE, methods=editing.READ_WRITE)
def saved_sending(request: pages.Request, pk: int) -> HttpResponse:
    """Say when one's report is sent, and to whom."""
    report = _mine(request, pk)
    shown = {
        "rhythm": report.rhythm, "weekday": min(report.on_day, 7), "month_day": report.on_day,
        "at_hour": report.at_hour, "version": report.version,
        "people": [each.person_id for each in queries.receivers(report)],
    }  # fmt: skip
    form = forms.SendingForm(request.POST or None, initial=shown)

    def act() -> None:
        said = form.cleaned_data
        on_day = said["weekday"] if said["rhythm"] == rhythms.WEEKLY else said["month_day"]
        sending.set_sending(
            report=report, rhythm=said["rhythm"], on_day=on_day or 1, at_hour=said["at_hour"], people=said["people"],
            by=request.user, now=timezone.now(), expected=said["version"],
        )  # fmt: skip

    title = _("Send “%(name)s”") % {"name": report.name}
    back = report.get_absolute_url()
    return editing.answer(request, form, act=act, said=_("Saved."), title=title, verb=_("Save"), back=back)


@pages.page(Permission.REPORTS_SEE, methods=("POST",))
def saved_send(request: pages.Request, pk: int) -> HttpResponse:
    """Send the report to oneself now."""
    report = look(request, pk)
    row = sending.send_me_one(report=report, by=request.user, now=timezone.now())
    said = _("The report is on its way to you.") if row.mail else _("The report is in your inbox; you want no mails.")
    pages.done(request, said)
    return redirect(report.get_absolute_url())


@pages.page(Permission.REPORTS_SEE, methods=("POST",))
def saved_leave(request: pages.Request, pk: int) -> HttpResponse:
    """Not wanting a report any more."""
    report = look(request, pk)
    sending.leave(report=report, by=request.user, now=timezone.now())
    said = _("“%(name)s” is not sent to you any more.") % {"name": report.name}
    pages.done(request, said, undoing.offer(request.user, "reports.left", report=report.pk))
    return redirect("reports:saved")


@pages.page(Permission.REPORTS_SEE, methods=("POST",))
def saved_delete(request: pages.Request, pk: int) -> HttpResponse:
    """Delete one's report; for ten seconds it can be brought back."""
    report, form = _mine(request, pk), forms.Seen(request.POST)
    if not form.is_valid():
        raise refusals.Stale()
    next_at = report.next_at.isoformat() if report.next_at else None
    saving.delete_report(report=report, by=request.user, now=timezone.now(), expected=form.cleaned_data["version"])
    said = _("The report “%(name)s” is deleted.") % {"name": report.name}
    pages.done(request, said, undoing.offer(request.user, "reports.saved", report=report.pk, next_at=next_at))
    return redirect("reports:saved")
