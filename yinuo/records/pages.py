"""The trail and the files of a subject as panels of its page, downloads, and the whole trail for auditors."""

from functools import partial
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.kit import lists as kit_lists
from yinuo.kit import once, pages, plugs, refusals, subjects
from yinuo.records import actions, forms, lists, models, queries, rules
from yinuo.records.engine import chain, pictures

PAGE = 20

# What hangs on a subject ---------------------------------------------------------------------------------------------


@pages.page(pages.SIGNED_IN)
def timeline(request: pages.Request, subject_type: str, subject_id: int) -> HttpResponse:
    """What happened to a subject, newest first; `before` gives the next older lines."""
    permission = queries.permission_of(subject_type)
    if not _may_read(request, subject_type, subject_id):
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
    }
    return render(request, "records/timeline.html", context)


@pages.page(pages.SIGNED_IN, methods=("GET", "POST"))
def files(request: pages.Request, subject_type: str, subject_id: int) -> HttpResponse:
    """The files of a subject; who may attach drops, pastes or chooses more."""
    target = _attachable(request, subject_type, subject_id)
    permission = queries.permission_of(subject_type)
    if not (target or _may_read(request, subject_type, subject_id)):
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
    context = {
        "attachments": request.user.visible(queries.attachments(it), permission),
        "form": form,
        "faults": faults,
        "may_attach": target is not None,
        "url": request.path,
    }
    return render(request, "records/files.html", context)


def _may_read(request: pages.Request, subject_type: str, subject_id: int) -> bool:
    """Whether the person may read what hangs on subjects of this type, and on this one where a room guards it."""
    if not request.user.may(queries.permission_of(subject_type)):
        return False
    if subject_type not in plugs.guards:
        return True
    return bool(plugs.guards.get(subject_type).function(subject_id, request.user))


def _attachable(request: pages.Request, subject_type: str, subject_id: int) -> subjects.Ref | None:
    """The subject if the person may hang files on it."""
    if subject_type not in plugs.attachables:
        return None
    found: subjects.Ref | None = plugs.attachables.get(subject_type).function(subject_id, request.user)
    return found


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
    if not _may_read(request, row.subject_type, row.subject_id):
        raise Http404
    return row


def _guarded(response: HttpResponseBase) -> HttpResponseBase:
    """Nothing in a foreign file may run, load or frame anything, whatever it is."""
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


@pages.page(pages.SIGNED_IN)
def file(request: pages.Request, token: str) -> HttpResponseBase:
    """The original, byte for byte, always as a download."""
    row = _attachment(request, token)
    actions.note_reading(subject=row.subject, way="download", by=request.user, now=timezone.now(), what=row.name)
    try:
        content = row.blob.path.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    harmless = row.blob.media_type in rules.PICTURES | {"application/pdf", "text/plain"}
    kind = row.blob.media_type if harmless else rules.UNKNOWN_TYPE
    return _guarded(FileResponse(content, as_attachment=True, filename=row.name, content_type=kind))


@pages.page(pages.SIGNED_IN)
def preview(request: pages.Request, token: str) -> HttpResponseBase:
    """A picture drawn anew for the page: small, or `?size=large`."""
    row = _attachment(request, token)
    size = "large" if request.GET.get("size") == "large" else "small"
    if not row.has_preview:
        raise Http404
    if size == "large":
        actions.note_reading(subject=row.subject, way="view", by=request.user, now=timezone.now(), what=row.name)
    target = Path(settings.FILES_DIR) / "previews" / row.blob.sha256[:2] / f"{row.blob.sha256}-{size}.webp"
    try:
        pictures.preview(row.blob.path, target, size)
    except pictures.NoPreview:
        raise Http404 from None
    return _guarded(FileResponse(target.open("rb"), content_type=pictures.TYPE))


@pages.page(pages.SIGNED_IN, methods=("GET", "POST"))
def file_void(request: pages.Request, token: str) -> HttpResponse:
    """Void a file, with the reason."""
    row = _attachment(request, token)
    if _attachable(request, row.subject_type, row.subject_id) is None:
        raise refusals.NotAllowed()
    form = forms.VoidForm(request.POST or None)
    back = row.subject_url or reverse("records:file", args=[token])
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        actions.void_attachment(attachment=row, reason=reason, by=request.user, now=timezone.now())
        pages.done(request, _("The file is void."))
        return redirect(back)
    context = {
        "question": _("Void the file “%(name)s”?") % {"name": row.name},
        "sentence": _("It stays, struck through with your reason, and can still be read."),
        "verb": _("Void"),
        "back": back,
        "form": form,
        "danger": True,
        "action": request.path,
    }
    return render(request, "kit/confirm.html", context)


# The whole trail -----------------------------------------------------------------------------------------------------


@pages.page("records.audit")
def entries(request: pages.Request) -> HttpResponse:
    """The whole trail, as far as the person may see what it tells of."""
    rows = request.user.visible(models.Entry.objects.all(), "records.audit")
    context = {
        "page": kit_lists.page_of(lists.ENTRIES, rows, request.GET, person=request.user),
        "tabs": _tabs(),
        **_verification(),
    }
    return render(request, "records/entries.html", context)


@pages.page("records.audit")
def readings(request: pages.Request) -> HttpResponse:
    """Who read, printed or exported what is confidential, as far as the person may see it."""
    rows = request.user.visible(models.Reading.objects.all(), "records.audit")
    page = kit_lists.page_of(lists.READINGS, rows, request.GET, person=request.user)
    return render(request, "records/readings.html", {"page": page, "tabs": _tabs()})


def _tabs() -> list[tuple[str, str, int, str]]:
    return [
        ("entries", _("Trail"), 0, reverse("records:entries")),
        ("readings", _("Read log"), 0, reverse("records:readings")),
    ]


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
