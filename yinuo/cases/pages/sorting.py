"""The sorting inbox: one click makes a case of a report, joins it to one, or dismisses it with a reason."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yinuo.cases import lists, models, rules
from yinuo.cases.actions import reminding
from yinuo.cases.actions import sorting as acts
from yinuo.cases.forms import asking, intake, steps
from yinuo.cases.forms import findings as forms
from yinuo.cases.pages import opening, reporting
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import findings as finding_queries
from yinuo.kit import editing, pages, refusals
from yinuo.kit import lists as kit_lists
from yinuo.org import models as org
from yinuo.org.definition import Permission

SHOWN = 50


@dataclass(frozen=True)
class Row:
    """One report as the inbox shows it."""

    finding: models.Finding
    files: dict[str, list[Any]]
    is_late: bool


@pages.page(Permission.CASES_OPEN)
def sorting(request: pages.Request) -> HttpResponse:
    """What waits to be sorted, the oldest first; what waits for oneself on top."""
    now = timezone.now()
    waiting = finding_queries.findings_to_sort(request.user)
    kit_lists.give_file(_file_for(request.user), waiting, request.GET, person=request.user)
    shown = list(waiting[:SHOWN])
    mine, files = finding_queries.mine_to_sort(request.user, shown), reporting.files_of(shown)
    late = reminding.late_among(shown, now)
    found = [Row(each, files[each.pk], each.pk in late) for each in shown]
    groups = [
        ("mine", _("For you"), [row for row in found if row.finding.pk in mine]),
        ("others", _("For others"), [row for row in found if row.finding.pk not in mine]),
    ]
    context = {
        "groups": [group for group in groups if group[2]],
        "sentence": _sentence(len(shown) if len(shown) < SHOWN else waiting.count(), found),
    }
    return render(request, "cases/findings/sorting.html", context)


def _file_for(person: org.Person) -> kit_lists.Sheet:
    """What waits to be sorted, as a file: what is said of reports, with all of their words."""
    words = kit_lists.Column("rest", _("Further words"), lambda finding: finding.rest, kind="long")
    oldest = {key: each for key, each in lists.FINDINGS.sorts.items() if key == "oldest"}
    return replace(
        lists.findings_for(person), name="findings_to_sort", title=_("To be sorted"), further=[words], sorts=oldest
    )


def _sentence(total: int, found: list[Row]) -> str:
    """「3 条上报信息待分拣，1 条已超过 1 个工作日。」"""
    if not total:
        return ""
    said = ngettext("%(n)s report waits to be sorted", "%(n)s reports wait to be sorted", total) % {"n": total}
    late = sum(row.is_late for row in found)
    if not late:
        return _("%(what)s.") % {"what": said}
    return ngettext(
        "%(what)s, %(n)s of them for longer than a working day.",
        "%(what)s, %(n)s of them for longer than a working day.",
        late,
    ) % {"what": said, "n": late}


@pages.page(Permission.CASES_OPEN)
def finding_similar(request: pages.Request, pk: int) -> HttpResponse:
    """Open cases that resemble a report, to join it to one of them."""
    it = reporting.look(request, pk)
    context = {"finding": it, "alike": finding_queries.open_cases_like(request.user, it)}
    return render(request, "cases/findings/finding_similar.html", context)


# Deciding -------------------------------------------------------------------------------------------------------------


def _decided(request: pages.Request, finding: models.Finding, said: str, back: str = "") -> HttpResponse:
    """Say what was done, offer to undo it, and go on with the next one."""
    undo = reverse("cases:finding_put_back", args=[finding.pk])
    messages.success(request, said, extra_tags=f"undo:{undo}")
    return redirect(back or pages.back_to(request, reverse("cases:sorting")))


def _at_once(request: pages.Request, pk: int, act: Callable[[models.Finding, int, datetime], str]) -> HttpResponse:
    """A decision of one click. Who comes second is told what became of it, and finds the inbox as it is now."""
    it, form = reporting.look(request, pk), forms.Seen(request.POST)
    if not form.is_valid():
        raise refusals.Stale()
    try:
        said = act(it, form.cleaned_data["version"], timezone.now())
    except acts.AlreadySorted as refusal:
        messages.warning(request, str(refusal))
        return redirect("cases:sorting")
    return _decided(request, it, said)


@pages.page(Permission.CASES_OPEN, methods=("POST",))
def finding_open_now(request: pages.Request, pk: int) -> HttpResponse:
    """A case of it by one click."""

    def act(it: models.Finding, expected: int, now: datetime) -> str:
        return _made(acts.make_case_at_once(finding=it, by=request.user, now=now, expected=expected))

    return _at_once(request, pk, act)


def _made(case: models.Case) -> str:
    return _("The case is made: %(case)s") % {"case": case.subject_label}


@pages.page(Permission.CASES_OPEN, methods=editing.READ_WRITE)
def finding_open(request: pages.Request, pk: int) -> HttpResponse:
    """A case of it by the intake form, filled in with what is known. We were notified when it was reported."""
    it, now, about = reporting.look(request, pk), timezone.now(), opening.complained_about(request)
    if not it.is_waiting:
        messages.warning(request, str(acts.sorted_words(it)))
        return redirect(it)
    form = intake.NewCase(*editing.sent(request), person=request.user, initial=_known(it))
    form.fields["notified_at"].disabled = True
    if not form.is_bound:
        texts, kind = rules.split(it.text), rules.kind_of(it.text)
        form.fields["items"] = steps.NewItemsField(texts, kind, label=form.fields["items"].label)
    if form.is_bound and form.is_valid():
        try:
            case = _make(request, it, form.cleaned_data, about, now)
        except refusals.NotAllowed:
            raise
        except acts.AlreadySorted as refusal:
            messages.warning(request, str(refusal))
            return redirect("cases:sorting")
        except refusals.Refusal as refusal:
            editing.refuse(form, refusal)
        else:
            return _decided(request, it, _made(case), case.get_absolute_url())
    context = {
        "form": form,
        "finding": it,
        "about": about,
        "files": reporting.files_of([it])[it.pk],
        "title": _("Make a case"),
        "sentence": _("Reported by %(name)s; the files become originals of the case.") % {"name": it.reporter},
        "verb": _("Make a case"),
        "back": reverse("cases:sorting"),
    }
    return render(request, "cases/findings/finding_open.html", context, status=422 if form.is_bound else 200)


def _make(
    request: pages.Request, it: models.Finding, said: dict[str, Any], about: models.Case | None, now: datetime
) -> models.Case:
    asked = asking.asked_in(said) | ({"about": about} if about is not None else {})
    return acts.make_case(finding=it, by=request.user, now=now, expected=it.version, **asked)


def _known(it: models.Finding) -> dict[str, Any]:
    """What the finding says, for the fields of the intake form."""
    return {
        "customer": it.customer_id or "",
        "channel": it.channel,
        "title": rules.title_of(it.text) if it.text.strip() else "",
        "text": it.text,
        "said_by": it.said_by,
        "said_at": it.said_at,
        "notified_at": it.reported_at,
        "site": it.site_id,
    }


@pages.page(Permission.CASES_OPEN, methods=editing.READ_WRITE)
def finding_join(request: pages.Request, pk: int) -> HttpResponse:
    """It belongs to a case: by the number of one, or by one click on a similar one."""
    it = reporting.look(request, pk)
    form = forms.Join(request.POST or None, initial={"version": it.version})
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        case = case_queries.joinable_case(request.user, said["case"])
        if case is None:
            form.add_error("case", _("There is no open case of this number that you may see."))
        else:
            return _or_refused(request, form, it, lambda now: _joined(request, it, case, said["version"], now))
    return _dialog(request, form, it, title=_("Join to a case"), verb=_("Join"))


def _joined(request: pages.Request, it: models.Finding, case: models.Case, expected: int, now: datetime) -> str:
    acts.join(finding=it, case=case, by=request.user, now=now, expected=expected)
    return _("Joined to %(case)s.") % {"case": case.subject_label}


@pages.page(Permission.CASES_OPEN, methods=editing.READ_WRITE)
def finding_dismiss(request: pages.Request, pk: int) -> HttpResponse:
    """It is not handled, with the reason."""
    it = reporting.look(request, pk)
    form = forms.Dismiss(request.POST or None, initial={"version": it.version})
    if form.is_bound and form.is_valid():
        said = form.cleaned_data

        def act(now: datetime) -> str:
            reason = said["reason"]
            acts.dismiss(finding=it, reason=reason, by=request.user, now=now, expected=said["version"])
            return _("Not handled; the reporter is told the reason.")

        return _or_refused(request, form, it, act)
    return _dialog(request, form, it, title=_("Not to be handled"), verb=_("Not to be handled"))


def _or_refused(request: pages.Request, form: Any, it: models.Finding, act: Callable[[datetime], str]) -> HttpResponse:
    try:
        said = act(timezone.now())
    except refusals.NotAllowed:
        raise
    except acts.AlreadySorted as refusal:
        messages.warning(request, str(refusal))
        return redirect("cases:sorting")
    except refusals.Refusal as refusal:
        editing.refuse(form, refusal)
        return _dialog(request, form, it, title=it.title, verb=_("Try again"))
    return _decided(request, it, said)


def _dialog(request: pages.Request, form: Any, it: models.Finding, *, title: str, verb: str) -> HttpResponse:
    context = {"form": form, "title": title, "verb": verb, "sentence": it.title, "back": reverse("cases:sorting")}
    return render(request, "kit/edit.html", context, status=422 if form.is_bound else 200)


@pages.page(Permission.CASES_OPEN, methods=("POST",))
def finding_put_back(request: pages.Request, pk: int) -> HttpResponse:
    """Undo: it waits to be sorted again."""
    it = reporting.look(request, pk)
    acts.put_back(finding=it, by=request.user, now=timezone.now(), expected=it.version)
    pages.done(request, _("It waits to be sorted again."))
    return redirect(pages.back_to(request, reverse("cases:sorting")))
