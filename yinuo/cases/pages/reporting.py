"""Reporting what one got to know from a customer, what became of it, and its files."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from yinuo.cases import access, lists, models
from yinuo.cases.actions import sorting
from yinuo.cases.engine import sounds
from yinuo.cases.forms import findings as forms
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import findings as finding_queries
from yinuo.kit import downloads, editing, pages, rows
from yinuo.kit import lists as kit_lists
from yinuo.letters import queries as letters
from yinuo.org.definition import Permission
from yinuo.records import actions as records
from yinuo.records import models as records_models
from yinuo.records import queries as records_queries
from yinuo.records.engine import pictures

LATEST = 5


def look(request: pages.Request, pk: int) -> models.Finding:
    """The finding, if the person may see it; else 404."""
    try:
        return finding_queries.finding(request.user, pk)
    except models.Finding.DoesNotExist:
        raise Http404 from None


@pages.page(pages.SIGNED_IN, methods=editing.READ_WRITE)
def finding_report(request: pages.Request) -> HttpResponse:
    """Report it: one box, photo, voice, files. What is refused keeps everything: only the faults come back."""
    person, now = request.user, timezone.now()
    known = {"text": request.GET.get("text", "")[:2000], "customer": rows.key_in(request.GET.get("customer", ""))}
    if request.GET.get("channel") in models.Channel.values:
        known["channel"] = request.GET["channel"]
    form = forms.Report(*editing.sent(request), person=person, initial=known)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data

        def create() -> str:
            files = [(file.name, file) for file in said["all_files"]]
            names = ("text", "channel", "said_by", "said_at")
            facts = {name: said[name] for name in names} | {"customer": said.get("customer")}
            finding = sorting.report(by=person, now=now, files=files, **facts)
            return f"{reverse('cases:finding_report')}?sent={finding.pk}"

        try:
            return _go_to(request, editing.create_once(request, form, now, create))
        except sorting.CannotReport as refusal:
            editing.refuse(form, refusal)
    is_part = form.is_bound and bool(request.htmx)
    template = "cases/findings/faults.html" if is_part else "cases/findings/finding_report.html"
    sent = None if form.is_bound else _just_sent(request)
    context = {"form": form, "sent": sent, "latest": _latest(request) if not is_part else ()}
    return render(request, template, context, status=422 if form.is_bound else 200)


def _go_to(request: pages.Request, url: str) -> HttpResponse:
    """htmx takes the whole page with it, so that the box is empty for the next one."""
    if not request.htmx:
        return redirect(url)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = url
    return response


def _just_sent(request: pages.Request) -> models.Finding | None:
    key = rows.key_in(request.GET.get("sent", ""))
    mine = models.Finding.objects.filter(pk=key or 0, reported_by=request.user.pk)
    return mine.select_related("customer").first()


def _latest(request: pages.Request) -> list[models.Finding]:
    """What the person reported last, with what became of it."""
    mine = models.Finding.objects.filter(reported_by=request.user.pk)
    return list(mine.select_related("case").order_by("-pk")[:LATEST])


@pages.page(pages.SIGNED_IN)
def findings(request: pages.Request) -> HttpResponse:
    """All reports that the person may see: their own, and as they see cases."""
    person = request.user
    is_mine = request.GET.get("tab") == "mine" or not person.may(Permission.CASES_SEE)
    found = finding_queries.findings(person).select_related("customer", "reported_by", "case")
    page = kit_lists.page_of(
        lists.findings_for(person),
        found.filter(reported_by=person.pk) if is_mine else found,
        request.GET,
        person=person,
    )
    return render(request, "cases/findings/findings.html", {"page": page, "current": "mine" if is_mine else "all"})


@pages.page(pages.SIGNED_IN)
def finding(request: pages.Request, pk: int) -> HttpResponse:
    """One report: what was learned, its files, what became of it."""
    it, person, now = look(request, pk), request.user, timezone.now()
    records.note_reading(subject=it, way="read", by=person, now=now)
    may_sort = access.may_sort(person, it)
    context = {
        "finding": it,
        "files": files_of([it])[it.pk],
        "case": it.case if it.case and access.may_see(person, it.case) else None,
        "may_sort": may_sort and it.is_waiting,
        "may_put_back": not it.is_waiting and sorting.may_put_back(person, it, now),
        "mail": letters.mail_of(it) if it.source == models.Finding.Source.MAIL else None,
        "may_see_trail": person.may(Permission.CASES_SEE, it.scope_id, it.site_id),
    }
    return render(request, "cases/findings/finding.html", context)


@pages.page(Permission.CASES_SEE)
def case_findings(request: pages.Request, number: str) -> HttpResponse:
    """The reports from which a case came, on its page."""
    case = case_queries.cases(request.user).filter(number=number).first()
    if case is None:
        raise Http404
    found = list(finding_queries.findings_of(case))
    files = files_of(found)
    return render(request, "cases/findings/case_findings.html", {"found": [(each, files[each.pk]) for each in found]})


# Files ----------------------------------------------------------------------------------------------------------------


def files_of(found: list[models.Finding]) -> dict[int, dict[str, list[records_models.Attachment]]]:
    """The files of findings as they are shown: pictures, sounds that a browser plays, others; one query for all."""
    files: dict[int, dict[str, list[Any]]] = {each.pk: {"pictures": [], "sounds": [], "others": []} for each in found}
    attached = records_models.Attachment.objects.filter(
        subject_type=models.Finding.subject_type, subject_id__in=list(files), voided_at=None
    )
    for each in attached.select_related("blob").order_by("pk"):
        is_sound = each.blob.media_type in sounds.PLAYED
        kind = "pictures" if each.has_preview else ("sounds" if is_sound else "others")
        files[each.subject_id][kind].append(each)
    return files


@pages.page(pages.SIGNED_IN)
def finding_file(request: pages.Request, pk: int, token: str) -> HttpResponseBase:
    """One file of a report, for whoever sees the report: the original as a download; a picture drawn anew
    (`?show=small`, `large`) or a sound (`?show=sound`) for the page."""
    it, show = look(request, pk), request.GET.get("show", "")
    row = records_queries.attachments(it).filter(token=token).first()
    if row is None:
        raise Http404
    if show != "small":
        way = "view" if show else "download"
        records.note_reading(subject=it, way=way, by=request.user, now=timezone.now(), what=row.name)
    try:
        if show in pictures.SIZES:
            return downloads.guarded(_picture(row, show))
        if show == "sound":
            return downloads.guarded(_sound(request, row))
        content = row.blob.path.open("rb")
    except (FileNotFoundError, pictures.NoPreview):
        raise Http404 from None
    return downloads.guarded(
        FileResponse(content, as_attachment=True, filename=row.name, content_type="application/octet-stream")
    )


def _picture(row: records_models.Attachment, size: str) -> HttpResponseBase:
    if not row.has_preview:
        raise Http404
    target = row.blob.preview_path(size)
    pictures.preview(row.blob.path, target, size)
    return FileResponse(target.open("rb"), content_type=pictures.TYPE)


def _sound(request: pages.Request, row: records_models.Attachment) -> HttpResponseBase:
    """A sound under the type that its bytes say, whole or in the part that the player asks for (Safari asks always)."""
    kind = sounds.PLAYED.get(row.blob.media_type)
    if kind is None:
        raise Http404
    try:
        part = sounds.part_of(request.headers.get("Range", ""), row.blob.size)
    except ValueError:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{row.blob.size}"})
    content = row.blob.path.open("rb")
    response: HttpResponseBase
    if part is None:
        response = FileResponse(content, content_type=kind)
    else:
        with content:
            content.seek(part.first)
            response = HttpResponse(content.read(part.length), content_type=kind, status=206)
        response["Content-Range"] = f"bytes {part.first}-{part.first + part.length - 1}/{row.blob.size}"
    response["Accept-Ranges"] = "bytes"
    return response
