"""Linking cases, merging one into another, taking it back out, splitting."""

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from yinuo.cases import access, models
from yinuo.cases.actions import linking, merging, splitting, steering
from yinuo.cases.forms import dialogs
from yinuo.cases.forms import joining as forms
from yinuo.cases.pages import cases
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import joining as queries
from yinuo.kit import editing, pages
from yinuo.org.definition import Permission
from yinuo.procedures.queries import runs as run_queries

HANDLE, STEER, SEE = Permission.CASES_HANDLE, Permission.CASES_STEER, Permission.CASES_SEE
SUGGESTIONS = 20


# Links ----------------------------------------------------------------------------------------------------------------


@pages.page(SEE)
def case_related(request: pages.Request, number: str) -> HttpResponse:
    """The cases linked with one, and those merged into it, beside the case."""
    it = cases.look(request, number)
    context = {
        "case": it,
        "related": queries.related_to(request.user, it),
        "merged": list(queries.merged_into(request.user, it)),
        "may_relate": access.may_handle(request.user, it),
    }
    return render(request, "cases/joining/case_related.html", context)


@pages.page(SEE)
def case_suggestions(request: pages.Request) -> HttpResponse:
    """Cases whose number or title contains `q`, those of the customer of the case `for` first."""
    it = cases.look(request, request.GET.get("for", "")[:40])
    found = queries.cases_like(request.user, it, request.GET.get("q", "").strip()[:100])[:SUGGESTIONS]
    rows = [{"value": str(each.pk), "text": f"{each.subject_label} · {each.state_words}"} for each in found]
    return JsonResponse(rows, safe=False)


@pages.page(HANDLE, methods=editing.READ_WRITE)
def case_relate(request: pages.Request, number: str) -> HttpResponse:
    """Link a case with another one."""
    it, now = cases.look(request, number), timezone.now()
    form = forms.Relate(*editing.sent(request), person=request.user, case=it)

    def create() -> str:
        said = form.cleaned_data
        linking.link(
            case=it, other=said["other"], relation=said["relation"], reason=said["reason"], by=request.user, now=now
        )
        return it.get_absolute_url()

    return editing.answer(
        request,
        form,
        act=lambda: editing.create_once(request, form, now, create),
        said=_("Linked."),
        title=_("Link a case"),
        verb=_("Link"),
        back=it.get_absolute_url(),
        sentence=_("Both cases show it to whoever may see both."),
    )


@pages.page(HANDLE, methods=editing.READ_WRITE)
def case_unrelate(request: pages.Request, number: str, pk: int) -> HttpResponse:
    """A link that does not hold."""
    it = cases.look(request, number)
    link = queries.link_of(request.user, it, pk)
    if link is None:
        raise Http404
    form = dialogs.VersionedReason(*editing.sent(request), initial={"version": link.version})

    def act() -> None:
        said = form.cleaned_data
        linking.void_link(
            link=link, reason=said["reason"], by=request.user, now=timezone.now(), expected=said["version"]
        )

    return editing.answer(
        request, form, act=act, said=_("The link is void."), title=_("Void the link"), verb=_("Void"),
        back=it.get_absolute_url(), sentence=link.end_of(it).subject_label, danger=True,
    )  # fmt: skip


# Merging --------------------------------------------------------------------------------------------------------------


@pages.page(STEER)
def case_merge(request: pages.Request, number: str) -> HttpResponse:
    """Choose the case into which one is merged: one that resembles it, or by number or title."""
    it = cases.look(request, number)
    access.require_steerer(request.user, it)
    access.require_open(it)
    form = forms.Sought(request.GET or None)
    sought = form.cleaned_data["q"].strip() if form.is_bound and form.is_valid() else ""
    found = queries.proposed_survivors(request.user, it, sought)
    context = {"case": it, "form": form, "sought": sought, "found": found}
    return render(request, "cases/joining/case_merge.html", context)


@pages.page(STEER, methods=editing.READ_WRITE)
def case_merge_into(request: pages.Request, number: str, survivor: str) -> HttpResponse:
    """What goes over and what stays, side by side; then the two are one."""
    it, into = cases.look(request, number), cases.look(request, survivor)
    merging.check(it, into, by=request.user)
    all_stay = queries.why_all_stay(into)
    going = [] if all_stay else queries.going_over(it, into)
    sooner = queries.sooner(it, into)
    form = forms.Merge(
        *editing.sent(request), going=going, sooner={name: _then(name, it, into) for name in sooner},
        initial={"version": it.version, "survivor_version": into.version},
    )  # fmt: skip

    def act() -> str:
        said = form.cleaned_data
        merging.merge(
            case=it, survivor=into, reason=said["reason"], carry=said["items"], takes=form.takes, by=request.user,
            now=timezone.now(), expected=said["version"], expected_survivor=said["survivor_version"],
        )  # fmt: skip
        return into.get_absolute_url()

    return editing.answer(
        request,
        form,
        act=act,
        said=_("%(case)s is merged into %(survivor)s.") % {"case": number, "survivor": survivor},
        title=_("Merge %(case)s into %(survivor)s") % {"case": number, "survivor": survivor},
        verb=_("Merge"),
        back=it.get_absolute_url(),
        template="cases/joining/case_merge_into.html",
        case=it,
        survivor=into,
        going=going or queries.going_over(it, into),
        all_stay=all_stay,
        sides=[(it, queries.holdings_of(it)), (into, queries.holdings_of(into))],
        there=case_queries.standing_items(into),
    )


def _then(name: str, it: models.Case, into: models.Case) -> str:
    """「2026-12-18 → 2026-12-04」: as it is in the survivor, and as it would be."""
    if name == queries.PRIORITY:
        return f"{into.get_priority_display()} → {it.get_priority_display()}"
    was, then = getattr(into, name), getattr(it, name)
    return f"{_day(was)} → {_day(then)}"


def _day(value: Any) -> str:
    if value is None:
        return "—"
    return (
        date_format(timezone.localtime(value), "Y-m-d H:i") if hasattr(value, "hour") else date_format(value, "Y-m-d")
    )


@pages.page(STEER, methods=editing.READ_WRITE)
def case_take_out(request: pages.Request, number: str) -> HttpResponse:
    """A case that was merged goes on by itself after all."""
    it = cases.look(request, number)
    into, run = queries.seen_survivor(request.user, it), run_queries.run_of(it)
    if into is None:
        raise Http404
    found = run_queries.reopenings_of(run) if run is not None and run.ended_at else []
    language = request.LANGUAGE_CODE
    steps = [(step.key, step.title.say(language)) for step in found if step.kind in ("task", "decision", "opinions")]
    if not steps:
        raise steering.CannotChange(_("This case cannot be reopened."))
    form = forms.TakeOut(*editing.sent(request), steps=steps, initial={"version": it.version})

    def act() -> None:
        said = form.cleaned_data
        merging.take_out(
            case=it, to=said["to"], reason=said["reason"], by=request.user, now=timezone.now(),
            expected=said["version"],
        )  # fmt: skip

    return editing.answer(
        request, form, act=act, said=_("%(case)s goes on by itself.") % {"case": number},
        title=_("Take %(case)s back out") % {"case": number}, verb=_("Take back out"), back=it.get_absolute_url(),
        sentence=_("Its items and talks come back from %(survivor)s; what was done for them there stays to be read.")
        % {"survivor": into.number},
    )  # fmt: skip


# Splitting ------------------------------------------------------------------------------------------------------------


@pages.page(HANDLE, methods=editing.READ_WRITE)
def case_split(request: pages.Request, number: str) -> HttpResponse:
    """Some items become a case of their own."""
    it, now = cases.look(request, number), timezone.now()
    access.require_handler(request.user, it)
    going = queries.to_split(it)
    initial = {"version": it.version, "title": it.title}
    form = forms.Split(*editing.sent(request), going=going, initial=initial)

    def create() -> str:
        said = form.cleaned_data
        made = splitting.split(
            case=it, items=said["items"], title=said["title"], reason=said["reason"], by=request.user, now=now,
            expected=said["version"],
        )  # fmt: skip
        return made.get_absolute_url()

    return editing.answer(
        request,
        form,
        act=lambda: editing.create_once(request, form, now, create),
        said=_("Split off as a case of its own."),
        title=_("Split %(case)s") % {"case": number},
        verb=_("Split"),
        back=it.get_absolute_url(),
        template="cases/joining/case_split.html",
        sentence=_("The chosen items become a case of their own: same customer, channel, days and originals."),
        going=going,
        may_split=len(going) > 1 and not all(each.stays for each in going),
        case=it,
    )
