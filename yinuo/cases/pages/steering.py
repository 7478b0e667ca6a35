"""Dialogs about the case as a whole: correct, rank, hold, end, reopen; the company's conventions."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.cases import models
from yinuo.cases.actions import convention as conventions
from yinuo.cases.actions import steering
from yinuo.cases.forms import conventions as convention_forms
from yinuo.cases.forms import dialogs, intake, own_fields
from yinuo.cases.pages import cases
from yinuo.cases.queries import conventions as convention_queries
from yinuo.kit import editing, pages, undoing
from yinuo.org.definition import Permission
from yinuo.procedures.queries import runs as run_queries

STEER = Permission.CASES_STEER
Act = Callable[[dict[str, Any], datetime], Any]


def _dialog(
    request: pages.Request,
    case: models.Case,
    form: forms.Form,
    act: Act,
    *,
    title: str,
    verb: str,
    said: str,
    sentence: str = "",
    danger: bool = False,
    undo: Callable[[], str] | None = None,
) -> HttpResponse:
    def do() -> str:
        act(form.cleaned_data, timezone.now())
        return case.get_absolute_url()

    return editing.answer(
        request, form, act=do, said=said, title=title, verb=verb, back=case.get_absolute_url(), sentence=sentence,
        danger=danger, undo=undo,
    )  # fmt: skip


@pages.page(Permission.CASES_HANDLE, methods=editing.READ_WRITE)
def case_correct(request: pages.Request, number: str) -> HttpResponse:
    """Correct what was registered."""
    case = cases.look(request, number)
    form = intake.Correction(*editing.sent(request), person=request.user, case=case)

    def act(said: dict[str, Any], now: datetime) -> None:
        values = {name: said[name] for name in steering.CORRECTED if name in said}
        values["more"] = own_fields.given("case", said)
        steering.correct(
            case=case, by=request.user, now=now, expected=said["version"], reason=said.get("reason", ""),
            products=list(said["products"]),
            is_oral=said.get("is_oral"), **values,
        )  # fmt: skip

    return _dialog(
        request, case, form, act, title=_("Correct %(number)s") % {"number": number}, verb=_("Save"), said=_("Saved.")
    )


@pages.page(STEER, methods=editing.READ_WRITE)
def case_rank(request: pages.Request, number: str) -> HttpResponse:
    """Another priority than the table's."""
    case = cases.look(request, number)
    form = dialogs.Rank(*editing.sent(request), initial={"version": case.version, "priority": case.priority})
    was = {
        "priority": case.priority, "why": [case.priority_zh, case.priority_en], "ranked_by": case.priority_by_id,
    }  # fmt: skip

    def act(said: dict[str, Any], now: datetime) -> None:
        steering.change_priority(
            case=case, priority=said["priority"], reason=said["reason"], by=request.user, now=now,
            expected=said["version"],
        )  # fmt: skip

    sentence = _("Now: %(why)s") % {"why": case.priority_why}
    return _dialog(
        request, case, form, act, title=_("Change the priority"), verb=_("Save"), said=_("Saved."), sentence=sentence,
        undo=lambda: undoing.offer(request.user, "cases.priority", case=case.pk, expected=case.version, **was),
    )  # fmt: skip


@pages.page(STEER, methods=editing.READ_WRITE)
def case_hold(request: pages.Request, number: str) -> HttpResponse:
    """Wait for the customer."""
    case = cases.look(request, number)

    def act(said: dict[str, Any], now: datetime) -> None:
        steering.hold(case=case, reason=said["reason"], by=request.user, now=now)

    return _dialog(
        request, case, dialogs.Reason(*editing.sent(request)), act, title=_("Put on hold for the customer"),
        verb=_("Put on hold"), said=_("On hold."),
        undo=lambda: undoing.offer(request.user, "cases.held", case=case.pk),
        sentence=_("People and clocks wait; the time is counted apart from ours."),
    )  # fmt: skip


@pages.page(STEER, methods=("POST",))
def case_resume(request: pages.Request, number: str) -> HttpResponse:
    """Go on after a hold."""
    case = cases.look(request, number)
    reason = case.hold_reason

    def act(said: dict[str, Any], now: datetime) -> None:
        steering.resume(case=case, by=request.user, now=now)

    form = forms.Form(request.POST)
    return _dialog(
        request, case, form, act, title=_("Resume"), verb=_("Resume"), said=_("Resumed."),
        undo=lambda: undoing.offer(request.user, "cases.resumed", case=case.pk, reason=reason),
    )  # fmt: skip


@pages.page(STEER, methods=editing.READ_WRITE)
def case_terminate(request: pages.Request, number: str) -> HttpResponse:
    """End before the end."""
    case = cases.look(request, number)

    def act(said: dict[str, Any], now: datetime) -> None:
        steering.terminate(case=case, reason=said["reason"], by=request.user, now=now)

    return _dialog(
        request, case, dialogs.Reason(*editing.sent(request)), act, title=_("Terminate the case"), verb=_("Terminate"),
        said=_("Terminated."), sentence=_("Open tasks are closed; everything stays readable."), danger=True,
    )  # fmt: skip


@pages.page(STEER, methods=editing.READ_WRITE)
def case_reopen(request: pages.Request, number: str) -> HttpResponse:
    """Take up a case that is over."""
    case = cases.look(request, number)
    run = run_queries.run_of(case)
    language = request.LANGUAGE_CODE
    found = run_queries.reopenings_of(run) if run is not None and run.ended_at else []
    steps = [(step.key, step.title.say(language)) for step in found if step.kind in ("task", "decision", "opinions")]
    if not steps:
        raise steering.CannotChange(_("This case cannot be reopened."))
    form = dialogs.Reopen(*editing.sent(request), steps=steps)

    def act(said: dict[str, Any], now: datetime) -> None:
        steering.reopen(case=case, to=said["to"], reason=said["reason"], by=request.user, now=now)

    return _dialog(
        request, case, form, act, title=_("Reopen the case"), verb=_("Reopen"), said=_("Reopened."),
        sentence=_("The step and everything after it are done again."),
    )  # fmt: skip


@pages.page(STEER, methods=editing.READ_WRITE)
def convention(request: pages.Request) -> HttpResponse:
    """How the company numbers, ranks and times its cases."""
    row = convention_queries.convention()
    expected = row.version if row.pk else 0
    names = (
        "number_pattern", "allows_gaps", "oral_days", "feedback_days", "priorities", "skills", "procedures",
        "fields",
    )  # fmt: skip
    initial = {name: getattr(row, name) for name in names} | dict(row.due_days) | {"version": expected}
    form = convention_forms.ConventionForm(*editing.sent(request), initial=initial)

    def act() -> str:
        said = form.cleaned_data
        values = {name: said[name] for name in names}
        values["due_days"] = {word: said[word] for word in ("top", "urgent", "normal", "low")}
        conventions.change_convention(by=request.user, now=timezone.now(), expected=said["version"], **values)
        return row.get_absolute_url()

    return editing.answer(
        request,
        form,
        act=act,
        said=_("Saved."),
        title=_("Conventions for cases"),
        verb=_("Save"),
        back=row.get_absolute_url(),
        sentence=_("New cases follow these; numbers that were given stay."),
    )
