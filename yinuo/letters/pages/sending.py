"""Sending a released letter by mail, taking it back, and deciding about one of which nobody knows whether it left."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.customers import models as customers
from yinuo.kit import editing, pages, undoing
from yinuo.letters import forms, models, queries, rules
from yinuo.letters.actions import sending
from yinuo.org.definition import Permission


def _seen(request: pages.Request, pk: int) -> models.Letter:
    rows = models.Letter.objects.filter(thread__in=queries.threads(request.user))
    return get_object_or_404(rows.select_related("thread__customer", "contact"), pk=pk)


def _form(request: pages.Request, letter: models.Letter) -> forms.MailForm:
    own, more = queries.enclosable(letter, request.user)
    to = letter.contact_id if letter.contact is not None and letter.contact.email else None
    initial = {
        "version": letter.version,
        "to": [to] if to else [],
        "heading": letter.heading or letter.thread.title,
        "files": [str(each.pk) for each in own],
        "is_answer": letter.is_answer,
    }
    form = forms.MailForm(
        *editing.sent(request), person=request.user, customer=letter.thread.customer,
        senders=list(queries.senders(letter.thread)), files=(own, more), initial=initial,
    )  # fmt: skip
    if not rules.is_waiting_after(letter.thread.purpose, letter.direction):
        del form.fields["answer_due_at"]
    if not queries.answerable(letter.thread):
        del form.fields["is_answer"]
    return form


@pages.page(Permission.LETTERS_WRITE, methods=editing.READ_WRITE)
def letter_mail(request: pages.Request, pk: int) -> HttpResponse:
    """Choose to whom a released letter goes and what goes along, and have it sent."""
    letter = _seen(request, pk)
    if not queries.senders(letter.thread).exists():
        raise sending.CannotSend(_("No mailbox sends mail yet. An administrator sets that up under Mailboxes."))
    form = _form(request, letter)

    def act() -> None:
        said = form.cleaned_data
        people: dict[str, list[customers.CustomerContact]] = {name: list(said[name]) for name in ("to", "cc")}
        sending.send(
            letter=letter,
            sender=form.sender,
            to=people["to"],
            cc=people["cc"],
            heading=said["heading"],
            files=form.chosen_files,
            answer_due_at=said.get("answer_due_at"),
            is_answer=said.get("is_answer"),
            by=request.user,
            now=timezone.now(),
            expected=said["version"],
        )

    return editing.answer(
        request,
        form,
        act=act,
        said=_("The mail leaves in ten seconds."),
        undo=partial(undoing.offer, request.user, "letters.mail", letter=letter.pk),
        title=_("Send by mail"),
        sentence=_("It goes out as released, ten seconds after you send it; until then you can undo it."),
        verb=_("Send"),
        back=letter.get_absolute_url(),
        template="letters/mailing.html",
        letter=letter,
        sender=next(iter(form.people.values())),
        token=queries.token_of(letter.thread),
    )


@pages.page(Permission.LETTERS_WRITE, methods=("POST",))
def mail_cancel(request: pages.Request, pk: int) -> HttpResponse:
    """Take back a mail that has not left."""
    letter = _seen(request, pk)
    sending.cancel(letter=letter, by=request.user, now=timezone.now())
    pages.done(request, _("The mail does not leave."))
    return redirect(letter.get_absolute_url())


@pages.page(Permission.LETTERS_WRITE, methods=("POST",))
def mail_now(request: pages.Request, pk: int) -> HttpResponse:
    """Try again now."""
    letter = _seen(request, pk)
    sending.try_now(letter=letter, by=request.user, now=timezone.now())
    pages.done(request, _("It is tried again within a few seconds."))
    return redirect(letter.get_absolute_url())


@pages.page(Permission.LETTERS_WRITE, methods=("POST",))
def mail_decide(request: pages.Request, pk: int) -> HttpResponse:
    """Say of a mail that was perhaps sent that it arrived, or have it sent once more."""
    letter = _seen(request, pk)
    arrived = request.POST.get("arrived") == "1"
    sending.decide(letter=letter, arrived=arrived, by=request.user, now=timezone.now())
    pages.done(request, _("Recorded as sent.") if arrived else _("It is sent again within a few seconds."))
    return redirect(letter.get_absolute_url())
