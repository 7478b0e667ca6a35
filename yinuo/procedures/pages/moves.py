"""The moves on a task, each a small form that opens in a dialog and also stands as a page of its own."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yinuo.kit import pages, undoing
from yinuo.procedures.actions import handing, opinions, running, working
from yinuo.procedures.forms import moves as move_forms
from yinuo.procedures.forms import tasks as task_forms
from yinuo.procedures.pages import tasks as task_pages
from yinuo.procedures.queries import task_page as task_queries

Perform = Callable[[dict[str, Any], datetime], Any]


def ask(
    request: pages.Request,
    shown: task_queries.TaskPage,
    form: forms.Form,
    perform: Perform,
    *,
    title: str,
    word: str,
    said: str,
    sentence: str = "",
) -> HttpResponse:
    """Show a move's form; when it comes back valid, make the move and go on.

    `word` is the button's, `sentence` says what will follow, `said` what was done. `perform` may give the address that
    takes it back.
    """
    if form.is_bound and form.is_valid():
        undo = perform(form.cleaned_data, timezone.now())
        pages.done(request, said, undo or "")
        return task_pages.gone(request, task_pages.back_of(request, shown.task))
    context = {
        "about": shown.task, "form": form, "title": title, "word": word, "sentence": sentence,
        "next": pages.back_to(request, ""),
    }  # fmt: skip
    return render(request, "procedures/move.html", context, status=422 if form.is_bound else 200)


def _posted(request: pages.Request) -> Any:
    return request.POST if request.method == "POST" else None


@pages.page("procedures.work", methods=("POST",))
def task_take(request: pages.Request, task_id: int) -> HttpResponse:
    """Take a task that several could do."""
    shown = task_pages.look(request, task_id)
    form = move_forms.MoveForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    working.take(task=shown.task, by=request.user, now=timezone.now(), expected=version)
    pages.done(request, _("The task is yours now."))
    return task_pages.gone(request, pages.back_to(request, shown.task.get_absolute_url()))


@pages.page("procedures.work", methods=("GET", "POST"))
def task_return(request: pages.Request, task_id: int) -> HttpResponse:
    """Return to an earlier step."""
    shown = task_pages.look(request, task_id)
    language = get_language() or "zh"
    steps = [(step.key, step.title.say(language)) for step in shown.returns]
    if not steps:
        raise working.NotYours(_("There is no earlier step to which you could return this."))
    form = move_forms.ToStepForm(_posted(request), version=shown.task.version, steps=steps)

    def perform(values: dict[str, Any], now: datetime) -> None:
        working.return_to(
            task=shown.task, to=values["to"], reason=values["reason"], by=request.user, now=now,
            expected=values["version"],
        )  # fmt: skip

    return ask(
        request, shown, form, perform, title=_("Return"), word=_("Return"), said=_("Returned."),
        sentence=_("Everything after that step is done again. Signatures stay readable as history."),
    )  # fmt: skip


@pages.page("procedures.work", methods=("GET", "POST"))
def task_withdraw(request: pages.Request, task_id: int) -> HttpResponse:
    """Take back what one has finished."""
    shown = task_pages.look(request, task_id)
    form = move_forms.RemarkForm(_posted(request), version=shown.task.version)

    def perform(values: dict[str, Any], now: datetime) -> None:
        working.withdraw(task=shown.task, reason=values["reason"], by=request.user, now=now, expected=values["version"])

    return ask(
        request, shown, form, perform, title=_("Withdraw"), word=_("Withdraw"), said=_("Withdrawn."),
        sentence=_("The task opens for you again with what you entered."),
    )  # fmt: skip


@pages.page("procedures.work", methods=("GET", "POST"))
def task_reassign(request: pages.Request, task_id: int) -> HttpResponse:
    """Hand over for good."""
    shown = task_pages.look(request, task_id)
    but = [shown.task.holder_id] if shown.task.holder_id else []
    form = move_forms.ToPersonForm(_posted(request), version=shown.task.version, task=shown.task, but=but)
    had = {"holder": shown.task.holder_id, "post": shown.task.post_id, "delegate": shown.task.delegate_id}

    def perform(values: dict[str, Any], now: datetime) -> str:
        handing.reassign(
            task=shown.task, to=values["to"], reason=values["reason"], by=request.user, now=now,
            expected=values["version"],
        )  # fmt: skip
        if not (had["holder"] or had["post"]):
            return ""
        back = {**had, "expected": shown.task.version, "since": now.isoformat()}
        return undoing.offer(request.user, "procedures.reassigned", task=shown.task.pk, **back)

    return ask(
        request, shown, form, perform, title=_("Reassign"), word=_("Reassign"), said=_("Handed over."),
        sentence=_("The task and the responsibility for it pass to the person you choose."),
    )  # fmt: skip


@pages.page("procedures.work", methods=("GET", "POST"))
def task_delegate(request: pages.Request, task_id: int) -> HttpResponse:
    """Let somebody work on one's behalf."""
    shown = task_pages.look(request, task_id)
    form = move_forms.ToPersonForm(_posted(request), version=shown.task.version, task=shown.task, but=[request.user.pk])
    before = shown.task.delegate_id

    def perform(values: dict[str, Any], now: datetime) -> str:
        handing.delegate(
            task=shown.task, to=values["to"], reason=values["reason"], by=request.user, now=now,
            expected=values["version"],
        )  # fmt: skip
        return undoing.offer(
            request.user, "procedures.delegated", task=shown.task.pk, expected=shown.task.version, to=before
        )

    return ask(
        request, shown, form, perform, title=_("Delegate"), word=_("Delegate"), said=_("Delegated."),
        sentence=_("They work on your behalf, and it is shown so. You stay responsible and can do it yourself."),
    )  # fmt: skip


@pages.page("procedures.work", methods=("GET", "POST"))
def task_end_delegation(request: pages.Request, task_id: int) -> HttpResponse:
    """Work on it oneself again."""
    shown = task_pages.look(request, task_id)
    form = move_forms.RemarkForm(_posted(request), version=shown.task.version)
    before = shown.task.delegate_id

    def perform(values: dict[str, Any], now: datetime) -> str:
        handing.delegate(
            task=shown.task, to=None, reason=values["reason"], by=request.user, now=now, expected=values["version"]
        )
        return undoing.offer(
            request.user, "procedures.delegated", task=shown.task.pk, expected=shown.task.version, to=before
        )

    return ask(
        request, shown, form, perform, title=_("End the delegation"), word=_("End the delegation"),
        said=_("The delegation has ended."), sentence=_("From now on only you work on this task."),
    )  # fmt: skip


@pages.page("procedures.work", methods=("GET", "POST"))
def task_add_signer(request: pages.Request, task_id: int) -> HttpResponse:
    """Ask one more to sign."""
    shown = task_pages.look(request, task_id)
    form = move_forms.SignerForm(_posted(request), version=shown.task.version, task=shown.task, but=[request.user.pk])

    def perform(values: dict[str, Any], now: datetime) -> None:
        handing.add_signer(
            task=shown.task, signer=values["to"], before=values["when"] == "before", reason=values["reason"],
            by=request.user, now=now, expected=values["version"],
        )  # fmt: skip

    return ask(
        request, shown, form, perform, title=_("Add a signer"), word=_("Add signer"), said=_("The signer was asked.")
    )


@pages.page("procedures.see", methods=("GET", "POST"))
def task_copy(request: pages.Request, task_id: int) -> HttpResponse:
    """Bring to others' notice."""
    shown = task_pages.look(request, task_id)
    form = move_forms.CopyForm(_posted(request), run=shown.task)

    def perform(values: dict[str, Any], now: datetime) -> None:
        handing.copy_to(
            run=shown.run, task=shown.task, people=list(values["people"]), note=values["note"], by=request.user, now=now
        )

    return ask(request, shown, form, perform, title=_("Copy to"), word=_("Copy to"), said=_("Copied."))


@pages.page("procedures.see", methods=("POST",))
def task_remind(request: pages.Request, task_id: int) -> HttpResponse:
    """Urge whoever has it."""
    shown = task_pages.look(request, task_id)
    handing.remind(task=shown.task, by=request.user, now=timezone.now())
    pages.done(request, _("Reminder sent."))
    return task_pages.gone(request, pages.back_to(request, shown.task.get_absolute_url()))


@pages.page("procedures.steer", methods=("POST",))
def task_retry(request: pages.Request, task_id: int) -> HttpResponse:
    """Run a failed effect again."""
    shown = task_pages.look(request, task_id)
    form = move_forms.MoveForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    running.retry_effect(task=shown.task, by=request.user, now=timezone.now(), expected=version)
    pages.done(request, _("Tried again."))
    return task_pages.gone(request, pages.back_to(request, shown.task.get_absolute_url()))


# Opinions entered for others ------------------------------------------------------------------------------------------


@pages.page("procedures.work", methods=("GET", "POST"))
def opinion_enter(request: pages.Request, task_id: int) -> HttpResponse:
    """Enter what somebody said in a meeting or by phone."""
    now = timezone.now()
    shown = task_pages.look(request, task_id, now)
    posted = _posted(request)
    form = task_forms.form_for(shown, posted, request.FILES if posted is not None else None, signs=False)
    owners = [person for person in task_queries.owners_of(shown.task, now) if person.pk != request.user.pk]
    said = move_forms.SaidForm(posted, owners=owners)
    if posted is not None and form.is_valid() and said.is_valid():
        opinions.enter_opinion(
            task=shown.task, by=request.user, now=now, expected=form.cleaned_data["version"], data=form.values,
            said_by=said.cleaned_data["said_by"], said_at=said.cleaned_data["said_at"], way=said.cleaned_data["way"],
            outcome=form.answer("outcome"), verdict=form.answer("verdict"), condition=form.answer("condition"),
            files=form.new_files,
        )  # fmt: skip
        pages.done(request, _("Entered. It counts once %(who)s confirms it.") % {"who": said.cleaned_data["said_by"]})
        return task_pages.gone(request, task_pages.back_of(request, shown.task))
    context = {
        "task": shown.task, "shown": shown, "form": form, "extra": said, "title": _("Enter an opinion given"),
        "sentence": _("It counts only once the person confirms it."), "next": pages.back_to(request, ""),
    }  # fmt: skip
    return render(request, "procedures/task_entry.html", context, status=422 if posted is not None else 200)


def _opinion(shown: task_queries.TaskPage) -> Any:
    if shown.opinion is None:
        raise opinions.CannotConfirm(_("This has already been answered."))
    return shown.opinion


@pages.page("procedures.work", methods=("GET", "POST"))
def opinion_confirm(request: pages.Request, task_id: int) -> HttpResponse:
    """Confirm what was entered for oneself."""
    shown = task_pages.look(request, task_id)
    opinion = _opinion(shown)
    form = move_forms.ConfirmForm(_posted(request), version=shown.task.version, signs=shown.signs)

    def perform(values: dict[str, Any], now: datetime) -> None:
        proof = task_pages.prove(request, values["secret"], now) if shown.signs else None
        opinions.confirm_opinion(opinion=opinion, by=request.user, now=now, expected=values["version"], proof=proof)

    return ask(
        request, shown, form, perform, title=_("Confirm what was entered"), word=_("Confirm"), said=_("Confirmed."),
        sentence=_("With this the task is finished as entered."),
    )  # fmt: skip


@pages.page("procedures.work", methods=("GET", "POST"))
def opinion_reject(request: pages.Request, task_id: int) -> HttpResponse:
    """Say that this is not what one said."""
    shown = task_pages.look(request, task_id)
    opinion = _opinion(shown)
    form = move_forms.ReasonForm(_posted(request), version=shown.task.version)

    def perform(values: dict[str, Any], now: datetime) -> None:
        opinions.reject_opinion(
            opinion=opinion, reason=values["reason"], by=request.user, now=now, expected=values["version"]
        )

    return ask(
        request, shown, form, perform, title=_("This is not what I said"), word=_("Send"), said=_("Sent back."),
        sentence=_("The task stays open with you."),
    )  # fmt: skip


@pages.page("procedures.work", methods=("GET", "POST"))
def opinion_withdraw(request: pages.Request, task_id: int) -> HttpResponse:
    """Take back what one entered for somebody."""
    shown = task_pages.look(request, task_id)
    opinion = _opinion(shown)
    form = move_forms.MoveForm(_posted(request), version=shown.task.version)

    def perform(values: dict[str, Any], now: datetime) -> None:
        opinions.withdraw_opinion(opinion=opinion, by=request.user, now=now, expected=values["version"])

    return ask(
        request, shown, form, perform, title=_("Withdraw what was entered"), word=_("Withdraw"), said=_("Withdrawn."),
        sentence=_("It can be entered again, corrected."),
    )  # fmt: skip
