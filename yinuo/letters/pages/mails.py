"""Mails as they came: the log of all, one alone, adding saved ones by hand, handing on what was only kept."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yinuo.kit import editing, pages
from yinuo.kit import lists as kit_lists
from yinuo.letters import access, forms, lists, models, queries
from yinuo.letters.actions import mails as acts
from yinuo.letters.intake import receiving, sentences
from yinuo.org.definition import Permission
from yinuo.records import actions as records


@pages.page(Permission.LETTERS_SEE)
def mails(request: pages.Request) -> HttpResponse:
    """All mails that came, with what became of each."""
    rows = queries.mails(request.user).select_related("customer")
    page = kit_lists.page_of(lists.MAILS, rows, request.GET, person=request.user)
    return render(request, "letters/mails.html", {"page": page})


@pages.page(Permission.LETTERS_SEE)
def mail(request: pages.Request, pk: int) -> HttpResponse:
    """One mail: whose, when, what it says, its original, what was made of it."""
    rows = queries.mails(request.user).select_related("customer", "brought_by", "mailbox", "letter__thread")
    it = get_object_or_404(rows, pk=pk)
    records.note_reading(subject=it, way="read", by=request.user, now=timezone.now())
    may_hand_on = it.outcome == models.Mail.Outcome.KEPT
    context = {
        "mail": it,
        "html": mark_safe(it.html),  # cleaned when the mail came: runs nothing, loads nothing
        "kind": lists.kind_badge(it),
        "outcome": lists.outcome_badge(it),
        "sentences": sentences.sentences(it.remarks),
        "originals": list(queries.originals_of(it)),
        "has_more": it.text.strip() != it.own_text.strip(),
        "may_hand_on": may_hand_on and access.may_write(request.user, it.scope_id, it.site_id),
    }
    return render(request, "letters/mail.html", context)


@pages.page(Permission.LETTERS_WRITE, methods=editing.READ_WRITE)
def mail_upload(request: pages.Request) -> HttpResponse:
    """Add mails that were saved as files, several at once. What is no mail is named; the others are taken in."""
    form = forms.MailFiles(*editing.sent(request))

    def act() -> str:
        return editing.create_once(request, form, timezone.now(), lambda: _take_in(request, form.cleaned_data["files"]))

    return editing.answer(
        request,
        form,
        act=act,
        said=_("The mails are on record. What asks for something waits to be sorted."),
        title=_("Add mails"),
        sentence=_("Mails saved from Outlook (.msg) or any other program (.eml), as they are, with all their files."),
        verb=_("Add mails"),
        back=reverse("letters:mails"),
    )


def _take_in(request: pages.Request, files: Sequence[UploadedFile]) -> str:
    taken, known, refused = [], 0, []
    for file in files:
        name = file.name or ""
        try:
            row, is_new = receiving.receive(file.read(), name=name, by=request.user, now=timezone.now())
        except acts.CannotTakeIn as refusal:
            refused.append(_("%(file)s: %(fault)s") % {"file": name, "fault": refusal})
            continue
        taken.append(row)
        known += not is_new
    if not taken:
        raise acts.CannotTakeIn(" ".join(refused), field="files")
    for sentence in refused:
        messages.warning(request, sentence)
    if known:
        said = ngettext("%(n)s mail was on record already.", "%(n)s mails were on record already.", known)
        messages.info(request, said % {"n": known})
    alone = taken[0] if len(taken) == 1 else None
    may_see = alone is not None and queries.mails(request.user).filter(pk=alone.pk).exists()
    return alone.get_absolute_url() if alone is not None and may_see else reverse("letters:mails")


@pages.page(Permission.LETTERS_WRITE, methods=("POST",))
def mail_hand_on(request: pages.Request, pk: int) -> HttpResponse:
    """A mail that was only kept asks for something after all: it goes to be sorted."""
    it = get_object_or_404(queries.mails(request.user), pk=pk)
    acts.hand_on(mail=it, by=request.user, now=timezone.now())
    pages.done(request, _("It waits to be sorted now."))
    return redirect(it.get_absolute_url())
