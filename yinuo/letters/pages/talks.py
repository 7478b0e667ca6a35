"""Reading talks: the list of all, those about one subject as a panel, one alone; opening, agreeing, closing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from yinuo.customers import models as customers_models
from yinuo.kit import editing, pages, subjects
from yinuo.kit import lists as kit_lists
from yinuo.letters import access, forms, lists, models, queries
from yinuo.letters.actions import releasers
from yinuo.letters.actions import threads as thread_actions
from yinuo.letters.queries import wording
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.records import actions as record_actions
from yinuo.records import models as records


@dataclass
class Said:
    """One letter as it is shown: with its files, and what the person at the screen may do with it."""

    letter: models.Letter
    files: list[records.Attachment]
    state: tuple[str, str]
    confirmation: tuple[str, str] | None
    is_ours: bool
    may_release: bool
    mail: models.Dispatch | None = None
    may_mail: bool = False

    @property
    def has_steps(self) -> bool:
        """Whether anything is left to do with it."""
        to_go = self.letter.state in (models.LetterState.DRAFT, models.LetterState.RELEASED)
        return to_go or self.is_under_way or self.letter.confirmation == models.Confirmation.WAITING

    @property
    def is_under_way(self) -> bool:
        """Whether a mail carries it of which nobody knows the end."""
        return self.mail is not None and self.mail.state in models.Dispatch.OPEN


@dataclass
class Talk:
    """One thread as it is shown: its letters, who releases, and the form for the next draft."""

    thread: models.Thread
    letters: list[Said]
    state: tuple[str, str]
    releasers: list[org.Person]
    may_write: bool
    compose: django_forms.Form | None
    is_begun: bool = False


def talks_of(
    found: Iterable[models.Thread], person: org.Person, now: datetime, forms_of: dict[int, Any] | None = None
) -> list[Talk]:
    """Threads as they are shown; a fixed number of queries for all of them. `forms_of`: forms sent with faults."""
    rows = list(found)
    letters = queries.letters_of(rows)
    files = queries.files_of(each for of_thread in letters.values() for each in of_thread)
    mails = queries.dispatches_of(each for of_thread in letters.values() for each in of_thread)
    named = access.releasers_of(rows, now)
    sends = queries.some_mailbox_sends()
    return [
        _talk(each, letters[each.pk], files, mails, named[each.pk], person, (forms_of or {}).get(each.pk), sends)
        for each in rows
    ]


def _talk(
    thread: models.Thread,
    letters: list[models.Letter],
    files: dict[int, list[records.Attachment]],
    mails: dict[int, models.Dispatch],
    named: list[org.Person],
    person: org.Person,
    form: Any,
    sends: bool,
) -> Talk:
    is_open = thread.state != models.ThreadState.CLOSED
    may_write = is_open and access.may_write(person, thread.scope_id, thread.site_id)
    said = [
        Said(
            letter=letter,
            files=files[letter.pk],
            state=(lists.LETTER_GROUPS[models.LetterState(letter.state)], letter.get_state_display()),
            confirmation=(
                lists.CONFIRMATION_GROUPS[models.Confirmation(letter.confirmation)],
                letter.get_confirmation_display(),
            )
            if letter.confirmation != models.Confirmation.NOT_NEEDED
            else None,
            is_ours=letter.direction == models.Direction.OUT,
            may_release=may_write and person in named,
            mail=mails.get(letter.pk),
            may_mail=sends and may_write and person in named,
        )
        for letter in letters
    ]
    compose = (form or _blank(thread, letters, person)) if may_write else None
    state = (lists.STATE_GROUPS[models.ThreadState(thread.state)], thread.get_state_display())
    return Talk(thread, said, state, named, may_write, compose, form is not None)


def _blank(thread: models.Thread, letters: list[models.Letter], person: org.Person) -> forms.NewDraft:
    initial = {"is_answer": queries.is_answer_at_first(thread, letters)}
    answers = queries.answerable(thread)
    return forms.NewDraft(person=person, customer=thread.customer, answers=answers, initial=initial)


def context_of(thread: models.Thread, person: org.Person, form: Any = None) -> dict[str, Any]:
    """What the templates need to show one talk."""
    now = timezone.now()
    talk = talks_of([thread], person, now, {thread.pk: form} if form else None)[0]
    return {"talk": talk, "now": now, "token": queries.token_of(thread) if talk.may_write else ""}


def seen(request: pages.Request, pk: int) -> models.Thread:
    """The talk, if the person may see it; else 404."""
    rows = queries.threads(request.user).select_related("customer", "opened_by", "outcome_by", "closed_by")
    return get_object_or_404(rows, pk=pk)


# Reading -------------------------------------------------------------------------------------------------------------


@pages.page(Permission.LETTERS_SEE)
def talks(request: pages.Request) -> HttpResponse:
    """All talks the person may see, and the drafts that wait for their release."""
    waiting = queries.drafts_to_release(request.user, timezone.now())
    page = kit_lists.page_of(
        lists.THREADS, queries.threads(request.user).select_related("customer"), request.GET, person=request.user
    )
    unconfirmed = queries.unconfirmed(request.user, timezone.localdate()).count()
    return render(
        request,
        "letters/talks.html",
        {"page": page, "waiting": waiting, "sentence": sentence_of(len(waiting), unconfirmed)},
    )


def sentence_of(waiting: int, unconfirmed: int) -> str:
    """「2 份回复待您审核发出；1 项口头要求逾期未书面确认」 — what the page answers."""
    parts = []
    if waiting:
        parts.append(
            ngettext("%(n)s draft waits for your release.", "%(n)s drafts wait for your release.", waiting)
            % {"n": waiting}
        )
    if unconfirmed:
        parts.append(
            ngettext(
                "%(n)s spoken statement is to be confirmed in writing by today.",
                "%(n)s spoken statements are to be confirmed in writing by today.",
                unconfirmed,
            )
            % {"n": unconfirmed}
        )
    return " ".join(parts) or _("Nothing waits for your release.")


@pages.page(Permission.LETTERS_SEE)
def threads(request: pages.Request, subject_type: str, subject_id: int) -> HttpResponse:
    """The talks about one subject: a panel on its page, or a page by itself."""
    person = request.user
    about = subjects.Ref(subject_type, subject_id, "")
    if subject_type == customers_models.Customer.subject_type:
        found = queries.threads_with(subject_id, person)
    else:
        found = queries.threads_about(about, person)
    shown = list(found[:50])
    context = {
        "talks": talks_of(shown, person, timezone.now()),
        "subject_type": subject_type,
        "subject_id": subject_id,
        "label": shown[0].subject_label if shown else "",
        "may_open": access.openable(person, subject_type, subject_id) is not None,
        "plan": wording.plan_of(about),
        "now": timezone.now(),
    }
    template = "letters/threads_part.html" if request.htmx else "letters/threads.html"
    return render(request, template, context)


@pages.page(Permission.LETTERS_SEE)
def thread(request: pages.Request, pk: int) -> HttpResponse:
    """One talk as a conversation."""
    row = seen(request, pk)
    record_actions.note_reading(subject=row.ref, way="read", by=request.user, now=timezone.now())
    template = "letters/talk.html" if request.htmx else "letters/thread.html"
    return render(request, template, context_of(row, request.user, _begun(request, row)))


def _begun(request: pages.Request, row: models.Thread) -> Any:
    """The next letter as the chosen template begins it; None when none is chosen, or nothing can be written here."""
    chosen = wording.template(request.GET.get("template", ""), request.GET.get("language", ""))
    if chosen is None or not access.may_write(request.user, row.scope_id, row.site_id):
        return None
    initial = wording.begun(row, chosen, timezone.now())
    answers = queries.answerable(row)
    return forms.NewDraft(person=request.user, customer=row.customer, answers=answers, initial=initial)


# Opening, agreeing, closing ------------------------------------------------------------------------------------------


@pages.page(Permission.LETTERS_WRITE, methods=editing.READ_WRITE)
def thread_open(request: pages.Request, subject_type: str, subject_id: int) -> HttpResponse:
    """Open a talk with the subject's customer."""
    now = timezone.now()
    found = access.openable(request.user, subject_type, subject_id)
    if found is None:
        raise Http404
    about, customer = found
    form = forms.OpenThread(*editing.sent(request))

    def act() -> str:
        said = form.cleaned_data
        opened = thread_actions.open_thread(
            subject=about,
            customer=customer,
            title=said["title"],
            purpose=said["purpose"],
            due_at=said["due_at"],
            by=request.user,
            now=now,
        )
        return opened.get_absolute_url()

    return editing.answer(
        request,
        form,
        act=lambda: editing.create_once(request, form, now, act),
        said=_("Talk opened."),
        title=_("Open a talk with %(customer)s") % {"customer": customer.name},
        sentence=about.label,
        verb=pgettext("talk", "Open"),
        back=about.url,
    )


@pages.page(Permission.LETTERS_WRITE, methods=editing.READ_WRITE)
def thread_outcome(request: pages.Request, pk: int) -> HttpResponse:
    """Record the wording both sides agreed on."""
    row = seen(request, pk)
    form = forms.OutcomeForm(*editing.sent(request), initial={"version": row.version, "wording": row.outcome})

    def act() -> None:
        said = form.cleaned_data
        thread_actions.record_outcome(
            thread=row, wording=said["wording"], by=request.user, now=timezone.now(), expected=said["version"]
        )

    return editing.answer(
        request,
        form,
        act=act,
        said=_("Agreed wording recorded."),
        title=_("Record the agreed wording"),
        verb=_("Record and close"),
        back=row.get_absolute_url(),
    )


def reasoned(
    request: pages.Request, row: models.Thread | models.Letter, step: Callable[..., Any], **words: Any
) -> HttpResponse:
    """A step of a talk or letter that needs its reason; `words` as `editing.answer` takes them."""
    form = forms.Reasoned(*editing.sent(request), initial={"version": row.version})

    def act() -> None:
        given = form.cleaned_data
        step(reason=given["reason"], by=request.user, now=timezone.now(), expected=given["version"])

    return editing.answer(request, form, act=act, back=row.get_absolute_url(), **words)


@pages.page(Permission.LETTERS_WRITE, methods=editing.READ_WRITE)
def thread_close(request: pages.Request, pk: int) -> HttpResponse:
    """Close a talk without an agreed wording."""
    row = seen(request, pk)
    return reasoned(
        request, row, partial(thread_actions.close, thread=row), said=_("Talk closed."),
        title=_("Close the talk without an agreed wording"), verb=_("Close the talk"),
    )  # fmt: skip


@pages.page(Permission.LETTERS_WRITE, methods=editing.READ_WRITE)
def thread_reopen(request: pages.Request, pk: int) -> HttpResponse:
    """Take up a closed talk again."""
    row = seen(request, pk)
    return reasoned(
        request, row, partial(thread_actions.reopen, thread=row), said=_("Talk opened again."),
        title=_("Take up the talk again"), verb=_("Open again"),
    )  # fmt: skip


# Who releases --------------------------------------------------------------------------------------------------------


@pages.page(Permission.PROCEDURES_PUBLISH, methods=editing.READ_WRITE)
def release_rules(request: pages.Request) -> HttpResponse:
    """Who releases what goes out: the window, or a post per purpose."""
    form = forms.ReleaserForm(*editing.sent(request))
    rules = models.Releaser.objects.select_related("post__department").order_by("purpose")

    def act() -> None:
        said = form.cleaned_data
        releasers.let_post_release(purpose=said["purpose"], post=said["post"], by=request.user, now=timezone.now())

    return editing.answer(
        request, form, act=act, said=_("Saved."), title=_("Who releases"), verb=_("Save"),
        back=reverse("letters:release_rules"), template="letters/release_rules.html",
        rules=[(row.get_purpose_display() if row.purpose else _("all purposes"), row.post) for row in rules],
    )  # fmt: skip
