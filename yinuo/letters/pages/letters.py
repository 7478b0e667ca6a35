"""Steps of one letter: drafting, releasing, sending back, sent, withdrawn; what came in, and its confirmation."""

from functools import partial
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.kit import editing, pages, refusals, rows
from yinuo.letters import forms, models, queries, rules
from yinuo.letters.actions import incoming, outgoing
from yinuo.letters.pages import talks
from yinuo.org import queries as org_queries
from yinuo.org.definition import Permission
from yinuo.records import actions as records


def _seen(request: pages.Request, pk: int) -> models.Letter:
    rows = models.Letter.objects.filter(thread__in=queries.threads(request.user))
    return get_object_or_404(rows.select_related("thread__customer", "contact", "entered_by"), pk=pk)


def _attach(request: pages.Request, letter: models.Letter, files: list[Any], kind: str) -> None:
    for file in files:
        records.attach(subject=letter.ref, content=file, name=file.name, by=request.user, now=timezone.now(), kind=kind)


# What goes out -------------------------------------------------------------------------------------------------------


@pages.page(Permission.LETTERS_WRITE, methods=("POST",))
def draft_add(request: pages.Request, pk: int) -> HttpResponse:
    """Draft a letter, in the talk itself; with `ask` it is put before whoever releases."""
    thread = talks.seen(request, pk)
    now = timezone.now()
    facts: dict[str, Any] = {"person": request.user, "customer": thread.customer}
    form = forms.NewDraft(request.POST, request.FILES, answers=queries.answerable(thread), **facts)

    @transaction.atomic
    def create() -> str:
        said = form.cleaned_data
        letter = outgoing.draft(
            thread=thread,
            text=said["text"],
            way=said["way"],
            contact=said["contact"],
            heading=said["heading"],
            ask="ask" in request.POST,
            is_answer=said.get("is_answer", False),
            by=request.user,
            now=now,
        )
        _attach(request, letter, said["attached"], "file")
        return letter.get_absolute_url()

    url = ""
    if form.is_valid():
        try:
            url = editing.create_once(request, form, now, create)
        except refusals.NotAllowed:
            raise
        except refusals.Refusal as refusal:
            editing.refuse(form, refusal)
    if request.htmx:
        shown = None if url else form
        return render(
            request, "letters/talk.html", talks.context_of(thread, request.user, shown), status=200 if url else 422
        )
    if url:
        pages.done(request, _("Draft saved."))
        return redirect(url)
    return render(request, "letters/thread.html", talks.context_of(thread, request.user, form), status=422)


@pages.page(Permission.LETTERS_WRITE, methods=editing.READ_WRITE)
def draft_change(request: pages.Request, pk: int) -> HttpResponse:
    """Write a new version of a draft."""
    letter = _seen(request, pk)
    initial = {
        "text": letter.text,
        "way": letter.way,
        "contact": letter.contact_id,
        "heading": letter.heading,
        "is_answer": letter.is_answer,
        "version": letter.version,
    }
    facts: dict[str, Any] = {"person": request.user, "customer": letter.thread.customer}
    answers = queries.answerable(letter.thread)
    form = forms.ChangedDraft(*editing.sent(request), answers=answers, initial=initial, **facts)

    @transaction.atomic
    def act() -> None:
        said = form.cleaned_data
        outgoing.change_draft(
            letter=letter,
            text=said["text"],
            way=said["way"],
            contact=said["contact"],
            heading=said["heading"],
            ask="ask" in request.POST,
            is_answer=said.get("is_answer"),
            by=request.user,
            now=timezone.now(),
            expected=said["version"],
        )
        _attach(request, letter, said["attached"], "file")

    return editing.answer(
        request,
        form,
        act=act,
        said=_("Draft saved."),
        title=_("Change the draft"),
        verb=_("Save draft"),
        back=letter.get_absolute_url(),
        template="letters/step.html",
        ask=True,
    )


@pages.page(Permission.LETTERS_WRITE, methods=("POST",))
def letter_release(request: pages.Request, pk: int) -> HttpResponse:
    """Release a draft in the version shown."""
    letter = _seen(request, pk)
    version = rows.key_in(request.POST.get("version", "")) or 0
    outgoing.release(letter=letter, by=request.user, now=timezone.now(), expected=version)
    if request.htmx:
        return render(request, "letters/talk.html", talks.context_of(letter.thread, request.user))
    pages.done(request, _("Released. Send it, and record that it went out."))
    return redirect(letter.get_absolute_url())


@pages.page(Permission.LETTERS_WRITE, methods=editing.READ_WRITE)
def letter_send_back(request: pages.Request, pk: int) -> HttpResponse:
    """Give a draft back to be rewritten."""
    letter = _seen(request, pk)
    return talks.reasoned(
        request, letter, partial(outgoing.send_back, letter=letter), said=_("Draft sent back."),
        title=_("Send the draft back"), verb=_("Send back"),
    )  # fmt: skip


@pages.page(Permission.LETTERS_WRITE, methods=editing.READ_WRITE)
def letter_withdraw(request: pages.Request, pk: int) -> HttpResponse:
    """Take back a letter that did not go out."""
    letter = _seen(request, pk)
    return talks.reasoned(
        request, letter, partial(outgoing.withdraw, letter=letter), said=_("Letter withdrawn."),
        title=_("Withdraw the letter"), verb=_("Withdraw"),
    )  # fmt: skip


@pages.page(Permission.LETTERS_WRITE, methods=editing.READ_WRITE)
def letter_sent(request: pages.Request, pk: int) -> HttpResponse:
    """Record that a released letter went out, with proof."""
    letter = _seen(request, pk)
    now = timezone.now()
    initial = {
        "version": letter.version, "way": letter.way, "sent_at": timezone.localtime(now), "is_answer": letter.is_answer,
    }  # fmt: skip
    form = forms.SentForm(*editing.sent(request), initial=initial)
    if not queries.answerable(letter.thread):
        del form.fields["is_answer"]
    if not rules.is_waiting_after(letter.thread.purpose, letter.direction):
        del form.fields["answer_due_at"]

    @transaction.atomic
    def act() -> None:
        said = form.cleaned_data
        outgoing.mark_sent(
            letter=letter,
            sent_at=said["sent_at"],
            way=said["way"],
            answer_due_at=said.get("answer_due_at"),
            is_answer=said.get("is_answer"),
            by=request.user,
            now=timezone.now(),
            expected=said["version"],
        )
        _attach(request, letter, said["attached"], "proof")

    return editing.answer(
        request,
        form,
        act=act,
        said=_("Recorded as sent."),
        title=_("Record that it was sent"),
        verb=_("Record"),
        back=letter.get_absolute_url(),
    )


# What comes in -------------------------------------------------------------------------------------------------------


@pages.page(Permission.LETTERS_WRITE, methods=editing.READ_WRITE)
def incoming_add(request: pages.Request, pk: int) -> HttpResponse:
    """Record what the customer said or wrote, with the original."""
    thread = talks.seen(request, pk)
    now = timezone.now()
    waiting = list(thread.letters.filter(confirmation=models.Confirmation.WAITING).order_by("pk"))
    calendar = org_queries.calendar(thread.site_id)
    initial = {
        "said_at": timezone.localtime(now),
        "confirm_due_on": calendar.working_day(now, rules.CONFIRM_WITHIN_WORKING_DAYS),
    }
    form = forms.IncomingForm(
        *editing.sent(request),
        person=request.user,
        customer=thread.customer,
        waiting=waiting,
        initial=initial,
    )

    @transaction.atomic
    def create() -> str:
        said = form.cleaned_data
        letter = incoming.record_incoming(
            thread=thread,
            text=said["text"],
            way=said["way"],
            said_at=said["said_at"],
            contact=said["contact"],
            speaker=said["speaker"],
            confirm_due_on=said["confirm_due_on"] if rules.is_spoken(said["way"]) else None,
            confirms=next((each for each in waiting if str(each.pk) == said.get("confirms")), None),
            by=request.user,
            now=now,
        )
        _attach(request, letter, said["attached"], "original")
        return letter.get_absolute_url()

    return editing.answer(
        request,
        form,
        act=lambda: editing.create_once(request, form, now, create),
        said=_("Recorded."),
        title=_("Record what %(customer)s said") % {"customer": thread.customer.name},
        verb=_("Record"),
        back=thread.get_absolute_url(),
    )


@pages.page(Permission.LETTERS_WRITE, methods=editing.READ_WRITE)
def spoken_settle(request: pages.Request, pk: int) -> HttpResponse:
    """Say whether the customer confirmed spoken words in writing."""
    letter = _seen(request, pk)
    written = letter.thread.letters.filter(direction=models.Direction.IN).exclude(way__in=rules.SPOKEN)
    writings = list(written.order_by("-pk"))
    form = forms.Settled(*editing.sent(request), writings=writings, initial={"version": letter.version})

    def act() -> None:
        said = form.cleaned_data
        incoming.settle_spoken(
            letter=letter,
            confirmed=said["answer"] != "no",
            in_letter=next((each for each in writings if str(each.pk) == said["answer"]), None),
            by=request.user,
            now=timezone.now(),
            expected=said["version"],
        )

    return editing.answer(
        request,
        form,
        act=act,
        said=_("Recorded."),
        title=_("Were these words confirmed in writing?"),
        sentence=str(letter),
        verb=_("Record"),
        back=letter.get_absolute_url(),
    )
