"""Runs: the flow strip of a subject, the chart with the live position, steering a run."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yinuo.kit import pages
from yinuo.procedures import access, models
from yinuo.procedures.actions import running
from yinuo.procedures.engine import chart
from yinuo.procedures.forms import moves as move_forms
from yinuo.procedures.pages import tasks as task_pages
from yinuo.procedures.queries import runs as run_queries
from yinuo.procedures.queries import tasks as task_queries


def _look(request: pages.Request, run_id: int) -> models.Run:
    found = run_queries.visible_run(request.user, run_id)
    if found is None:
        raise Http404
    return found


def _steps(run: models.Run) -> list[tuple[str, str, str]]:
    language = get_language() or "zh"
    return [(mark.key, mark.title.say(language), mark.mark) for mark in run_queries.strip_of(run)]


@pages.page("procedures.see")
def run_chart(request: pages.Request, run_id: int) -> HttpResponse:
    """Where a run stands in its swim lanes, and everything that was done."""
    found = _look(request, run_id)
    task_pages.note_reading(request, found)
    language = get_language() or "zh"
    svg = chart.draw(run_queries.definition_of(found), run_queries.state_of(found), lang=language[:2], selectable=True)
    now = timezone.now()
    shown = [task for task in task_queries.tasks_in(found) if task.kind != models.Task.Kind.EFFECT]
    context = {
        "run": found,
        "subject": found.subject,
        "steps": _steps(found),
        "chart": svg,
        "history": task_queries.with_overdue(shown, now),
        "turns": run_queries.turns_of(found),
        "now": now,
        "may_steer": access.may_steer(request.user, found),
        "newer": found.ended_at is None and found.procedure.current_id != found.edition_id,
        "copies": found.copies.select_related("person", "by").order_by("pk"),
    }
    return render(request, "procedures/run_chart.html", context)


# Steering -------------------------------------------------------------------------------------------------------------


def _steer(
    request: pages.Request,
    found: models.Run,
    form: forms.Form,
    perform: Callable[[dict[str, Any], datetime], Any],
    *,
    title: str,
    said: str,
    sentence: str,
    danger: bool = False,
) -> HttpResponse:
    if form.is_bound and form.is_valid():
        perform(form.cleaned_data, timezone.now())
        pages.done(request, said)
        return task_pages.gone(request, pages.back_to(request, found.get_absolute_url()))
    context = {
        "about": found, "form": form, "title": title, "word": title, "sentence": sentence, "danger": danger,
        "next": pages.back_to(request, ""),
    }  # fmt: skip
    return render(request, "procedures/move.html", context, status=422 if form.is_bound else 200)


def _posted(request: pages.Request) -> Any:
    return request.POST if request.method == "POST" else None


@pages.page("procedures.steer", methods=("GET", "POST"))
def run_hold(request: pages.Request, run_id: int) -> HttpResponse:
    """Put on hold."""
    found = _look(request, run_id)

    def perform(values: dict[str, Any], now: datetime) -> None:
        running.hold(run=found, reason=values["reason"], by=request.user, now=now, expected=values["version"])

    form = move_forms.ReasonForm(_posted(request), version=found.version)
    sentence = _("People and clocks wait until it is resumed.")
    return _steer(request, found, form, perform, title=_("Put on hold"), said=_("On hold."), sentence=sentence)


@pages.page("procedures.steer", methods=("GET", "POST"))
def run_resume(request: pages.Request, run_id: int) -> HttpResponse:
    """Go on after a hold."""
    found = _look(request, run_id)

    def perform(values: dict[str, Any], now: datetime) -> None:
        running.resume(run=found, by=request.user, now=now, expected=values["version"])

    form = move_forms.MoveForm(_posted(request), version=found.version)
    sentence = _("What was left until each due moment is left again.")
    return _steer(request, found, form, perform, title=_("Resume"), said=_("Resumed."), sentence=sentence)


@pages.page("procedures.steer", methods=("GET", "POST"))
def run_terminate(request: pages.Request, run_id: int) -> HttpResponse:
    """End before the end."""
    found = _look(request, run_id)

    def perform(values: dict[str, Any], now: datetime) -> None:
        running.terminate(run=found, reason=values["reason"], by=request.user, now=now, expected=values["version"])

    form = move_forms.ReasonForm(_posted(request), version=found.version)
    sentence = _("Open tasks are closed; what was done stays readable.")
    return _steer(
        request, found, form, perform, title=_("Terminate"), said=_("Terminated."), sentence=sentence, danger=True
    )


@pages.page("procedures.steer", methods=("GET", "POST"))
def run_reopen(request: pages.Request, run_id: int) -> HttpResponse:
    """Open an ended run again at a step."""
    found = _look(request, run_id)
    language = get_language() or "zh"
    steps = [(step.key, step.title.say(language)) for step in run_queries.reopenings_of(found)]
    if not steps:
        raise running.CannotStart(_("This run cannot be reopened."))

    def perform(values: dict[str, Any], now: datetime) -> None:
        running.reopen(
            run=found, to=values["to"], reason=values["reason"], by=request.user, now=now, expected=values["version"]
        )

    form = move_forms.ToStepForm(_posted(request), version=found.version, steps=steps)
    sentence = _("The step and everything after it are done again.")
    return _steer(request, found, form, perform, title=_("Reopen"), said=_("Reopened."), sentence=sentence)


@pages.page("procedures.steer", methods=("GET", "POST"))
def run_migrate(request: pages.Request, run_id: int) -> HttpResponse:
    """Move to a newer edition of the procedure."""
    found = _look(request, run_id)

    def perform(values: dict[str, Any], now: datetime) -> None:
        running.move_to_edition(
            run=found, edition=values["edition"], reason=values["reason"], by=request.user, now=now,
            expected=values["version"],
        )  # fmt: skip

    form = move_forms.EditionForm(_posted(request), version=found.version, run=found)
    sentence = _("What is done stays done; from here on the new edition holds.")
    return _steer(
        request, found, form, perform, title=_("Move to a newer edition"), said=_("Moved."), sentence=sentence
    )
