"""The trail and the files of a subject as panels of its page, downloads, and the whole trail for auditors."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.kit import downloads, once, pages, refusals, subjects
from yinuo.kit import lists as kit_lists
from yinuo.records import access, actions, forms, lists, models, queries, rules
from yinuo.records.engine import chain, pictures

PAGE = 20

# What hangs on a subject ---------------------------------------------------------------------------------------------


@pages.page(pages.SIGNED_IN)
def timeline(request: pages.Request, subject_type: str, subject_id: int) -> HttpResponse:
    """What happened to a subject, newest first; `before` gives the next older lines."""
    permission = queries.permission_of(subject_type)
    if not queries.may_read(request.user, subject_type, subject_id):
        raise Http404
    rows = request.user.visible(queries.entries(subjects.Ref(subject_type, subject_id, "")), permission)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit():
        rows = rows.filter(pk__lt=int(before[:18]))
    found = list(rows[: PAGE + 1])
    context = {
        "entries": [lists.line_of(entry) for entry in found[:PAGE]],
        "older": f"{request.path}?before={found[PAGE - 1].pk}" if len(found) > PAGE else "",
        "is_first": not before,
        "may_redact": request.user.may(access.REDACT),
    }
    return render(request, "records/timeline.html", context)


@pages.page(access.REDACT, methods=("GET", "POST"))
def entry_redact(request: pages.Request, key: int) -> HttpResponse:
    """Take out what an entry tells, with the reason."""
    row = get_object_or_404(request.user.visible(models.Entry.objects.filter(is_redacted=False), access.REDACT), pk=key)
    back = row.get_absolute_url()

    def act(reason: str) -> None:
        actions.redact(entry=row, reason=reason, by=request.user, now=timezone.now())

    return _asked(
        request,
        act,
        question=_("Redact what “%(words)s” tells?") % {"words": lists.word_of(row.word)},
        sentence=_("What was changed, why and its subject's name are removed for good. Who did it, when, and that you "
                   "redacted it, stay."),
        verb=_("Redact"),
        said=_("The entry is redacted."),
        back=back,
    )  # fmt: skip


def _asked(
    request: pages.Request,
    act: Callable[[str], None],
    *,
    question: str,
    sentence: str,
    verb: str,
    said: str,
    back: str,
    danger: bool = True,
) -> HttpResponse:
    """The page before a step that needs a reason; on a valid POST the step is done."""
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act(form.cleaned_data["reason"])
        pages.done(request, said)
        return redirect(back)
    context = {"question": question, "sentence": sentence, "verb": verb, "back": back, "form": form, "danger": danger}
    return render(request, "kit/confirm.html", {**context, "action": request.path})


@pages.page(pages.SIGNED_IN, methods=("GET", "POST"))
def files(request: pages.Request, subject_type: str, subject_id: int) -> HttpResponse:
    """The files of a subject; who may attach drops, pastes or chooses more."""
    target = queries.attachable(request.user, subject_type, subject_id)
    permission = queries.permission_of(subject_type)
    if not (target or queries.may_read(request.user, subject_type, subject_id)):
        raise Http404
    form = forms.AttachForm(request.POST or None, request.FILES or None) if target else None
    faults: list[str] = []
    if request.method == "POST":
        if target is None:
            raise refusals.NotAllowed()
        if form and form.is_valid():
            faults = _attach(request, target, form)
            form = forms.AttachForm()
    it = target or subjects.Ref(subject_type, subject_id, "")
    found = list(request.user.visible(queries.attachments(it), permission))
    periods = queries.periods() if found else None
    context = {
        "attachments": [(file, periods and queries.kept_until(file, periods)) for file in found],
        "holds": list(request.user.visible(queries.holds(it), permission)),
        "may_keep": request.user.may(access.KEEP),
        "subject_type": subject_type,
        "subject_id": subject_id,
        "form": form,
        "faults": faults,
        "may_attach": target is not None,
        "url": request.path,
    }
    return render(request, "records/files.html", context)


def _attach(request: pages.Request, subject: subjects.Ref, form: forms.AttachForm) -> list[str]:
    """Attach each file; what one of them is refused for does not keep the others out."""
    faults: list[str] = []

    def each() -> str:
        for file in form.cleaned_data["uploads"]:
            try:
                actions.attach(subject=subject, content=file, name=file.name, by=request.user, now=timezone.now())
            except actions.CannotAttach as refusal:
                faults.append(f"{rules.clean_name(file.name)}: {refusal}")
        return request.path

    once.once(form.cleaned_data["once"], person_id=request.user.pk, now=timezone.now(), create=each)
    return faults


# One file ------------------------------------------------------------------------------------------------------------


def _attachment(request: pages.Request, token: str) -> models.Attachment:
    """The attachment, if the person may see what it hangs on."""
    row = get_object_or_404(models.Attachment.objects.select_related("blob"), token=token)
    visible = partial(request.user.visible, models.Attachment.objects.filter(pk=row.pk))
    if not visible(queries.permission_of(row.subject_type)).exists():
        raise Http404
    if not queries.may_read(request.user, row.subject_type, row.subject_id):
        raise Http404
    return row


@pages.page(pages.SIGNED_IN)
def file(request: pages.Request, token: str) -> HttpResponseBase:
    """The original, byte for byte, always as a download."""
    row = _attachment(request, token)
    if row.purged_at:
        raise Http404
    actions.note_reading(subject=row.subject, way="download", by=request.user, now=timezone.now(), what=row.name)
    try:
        content = row.blob.path.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    harmless = row.blob.media_type in rules.PICTURES | {"application/pdf", "text/plain"}
    kind = row.blob.media_type if harmless else rules.UNKNOWN_TYPE
    return downloads.guarded(FileResponse(content, as_attachment=True, filename=row.name, content_type=kind))


@pages.page(pages.SIGNED_IN)
def preview(request: pages.Request, token: str) -> HttpResponseBase:
    """A picture drawn anew for the page: small, or `?size=large`."""
    row = _attachment(request, token)
    size = "large" if request.GET.get("size") == "large" else "small"
    if not row.has_preview:
        raise Http404
    if size == "large":
        actions.note_reading(subject=row.subject, way="view", by=request.user, now=timezone.now(), what=row.name)
    target = row.blob.preview_path(size)
    try:
        pictures.preview(row.blob.path, target, size)
    except pictures.NoPreview:
        raise Http404 from None
    return downloads.guarded(FileResponse(target.open("rb"), content_type=pictures.TYPE))


@pages.page(pages.SIGNED_IN, methods=("GET", "POST"))
def file_void(request: pages.Request, token: str) -> HttpResponse:
    """Void a file, with the reason."""
    row = _attachment(request, token)
    if queries.attachable(request.user, row.subject_type, row.subject_id) is None:
        raise refusals.NotAllowed()

    def act(reason: str) -> None:
        actions.void_attachment(attachment=row, reason=reason, by=request.user, now=timezone.now())

    return _asked(
        request,
        act,
        question=_("Void the file “%(name)s”?") % {"name": row.name},
        sentence=_("It stays, struck through with your reason, and can still be read."),
        verb=_("Void"),
        said=_("The file is void."),
        back=row.subject_url or reverse("records:file", args=[token]),
    )


# Keeping and holding -------------------------------------------------------------------------------------------------


@pages.page(access.KEEP, methods=("GET", "POST"))
def file_keep(request: pages.Request, token: str) -> HttpResponse:
    """Put a file into another retention class."""
    row = _attachment(request, token)
    form = forms.RetentionForm(request.POST or None, initial={"retention": row.retention})
    back = row.subject_url or reverse("records:entries")
    if request.method == "POST" and form.is_valid():
        actions.classify(attachment=row, **form.cleaned_data, by=request.user, now=timezone.now())
        pages.done(request, _("Saved."))
        return redirect(back)
    context = {
        "question": _("How long is “%(name)s” kept?") % {"name": row.name},
        "sentence": _("After that its content may be removed; that it existed stays on record."),
        "verb": _("Save"),
    }
    return render(request, "kit/confirm.html", {**context, "back": back, "form": form, "action": request.path})


@pages.page(access.KEEP, methods=("GET", "POST"))
def hold_new(request: pages.Request, subject_type: str, subject_id: int) -> HttpResponse:
    """Hold everything that hangs on a subject."""
    it = _subject_with_files(request, subject_type, subject_id)

    def act(reason: str) -> None:
        actions.place_hold(subject=it, reason=reason, by=request.user, now=timezone.now())

    return _asked(
        request,
        act,
        question=_("Hold the files of “%(label)s”?") % {"label": it.label},
        sentence=_("Nothing of it may be removed until the hold is lifted, even when its retention is over."),
        verb=_("Hold the files"),
        said=_("The files are held."),
        back=it.url or reverse("records:entries"),
        danger=False,
    )


def _subject_with_files(request: pages.Request, subject_type: str, subject_id: int) -> subjects.Ref:
    """The subject as its files know it, if the person may see them."""
    rows = request.user.visible(queries.attachments(subjects.Ref(subject_type, subject_id, "")), access.KEEP)
    last = rows.last() if queries.may_read(request.user, subject_type, subject_id) else None
    if last is None:
        raise Http404
    it: subjects.Ref = last.subject
    return it


@pages.page(access.KEEP, methods=("GET", "POST"))
def hold_lift(request: pages.Request, key: int) -> HttpResponse:
    """Lift a hold."""
    row = get_object_or_404(request.user.visible(models.Hold.objects.filter(to_at=None), access.KEEP), pk=key)

    def act(reason: str) -> None:
        actions.lift_hold(hold=row, expected=row.version, reason=reason, by=request.user, now=timezone.now())

    return _asked(
        request,
        act,
        question=_("Lift the hold on “%(label)s”?") % {"label": row.subject_label},
        sentence=row.reason,
        verb=_("Lift the hold"),
        said=_("The hold is lifted."),
        back=row.subject_url or reverse("records:entries"),
    )


@pages.page(access.KEEP, methods=("GET", "POST"))
def periods(request: pages.Request) -> HttpResponse:
    """For how many years files are kept, and what is held."""
    row = queries.periods()
    initial = {"record_years": row.record_years, "working_years": row.working_years, "version": row.version}
    form = forms.PeriodsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = {key: value for key, value in form.cleaned_data.items() if key != "version"}
        expected = form.cleaned_data["version"]
        actions.set_periods(**values, expected=expected, by=request.user, now=timezone.now())
        pages.done(request, _("Saved."))
        return redirect("records:periods")
    held = request.user.visible(models.Hold.objects.filter(to_at=None), access.KEEP).order_by("-pk")[:200]
    return render(request, "records/periods.html", {"form": form, "holds": held, "tabs": _tabs(request.user)})


# The whole trail -----------------------------------------------------------------------------------------------------


@pages.page("records.audit")
def entries(request: pages.Request) -> HttpResponse:
    """The whole trail, as far as the person may see what it tells of."""
    rows = request.user.visible(models.Entry.objects.all(), "records.audit")
    context = {
        "page": kit_lists.page_of(lists.ENTRIES, rows, request.GET, person=request.user),
        "tabs": _tabs(request.user),
        **_verification(),
    }
    return render(request, "records/entries.html", context)


@pages.page("records.audit")
def readings(request: pages.Request) -> HttpResponse:
    """Who read, printed or exported what is confidential, as far as the person may see it."""
    rows = request.user.visible(models.Reading.objects.all(), "records.audit")
    page = kit_lists.page_of(lists.READINGS, rows, request.GET, person=request.user)
    return render(request, "records/readings.html", {"page": page, "tabs": _tabs(request.user)})


def _tabs(person: Any) -> list[tuple[str, str, int, str]]:
    tabs = [
        ("entries", _("Trail"), 0, reverse("records:entries")),
        ("readings", _("Read log"), 0, reverse("records:readings")),
    ]
    if person.may(access.KEEP):
        tabs.append(("periods", _("Retention periods"), 0, reverse("records:periods")))
    return tabs


@pages.page("records.audit", methods=("GET", "POST"))
def verification(request: pages.Request) -> HttpResponse:
    """Have the trail verified, and see how far it is."""
    if request.method == "POST":
        actions.start_verification(by=request.user, now=timezone.now())
        if not getattr(request, "htmx", None):
            return redirect("records:entries")
    return render(request, "records/verification.html", _verification())


def _verification() -> dict[str, object]:
    row = queries.last_verification()
    if row is None:
        return {"verification": None}
    walk = chain.Walk.of(row.progress)
    share = min(100, round(100 * walk.checked / row.seals_to_check)) if row.seals_to_check else 100
    return {
        "verification": row,
        "walk": walk,
        "share": 100 if row.finished_at else share,
        "findings": [lists.finding_words(*each) for each in walk.findings],
        "verdict": lists.verdict_words(walk) if row.finished_at else "",
        "waiting": lists.waiting_words(walk) if walk.waiting else "",
    }
