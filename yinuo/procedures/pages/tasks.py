"""One task: its page, the fragment that other pages show, its draft, its submission."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yinuo.kit import pages, refusals
from yinuo.org import queries as org_queries
from yinuo.org.actions import signing as org_signing
from yinuo.procedures import models
from yinuo.procedures.actions import handing, signing, working
from yinuo.procedures.forms import moves as move_forms
from yinuo.procedures.forms import tasks as task_forms
from yinuo.procedures.queries import runs as run_queries
from yinuo.procedures.queries import task_page as task_pages
from yinuo.procedures.queries import tasks as task_queries


def look(request: pages.Request, task_id: int, now: datetime | None = None) -> task_pages.TaskPage:
    """What the person sees of a task; 404 when they may not see it."""
    found = task_pages.task_page(request.user, task_id, now or timezone.now())
    if found is None:
        raise Http404
    return found


def back_of(request: pages.Request, task: models.Task) -> str:
    """Where to go after a move: back where the person came from, else to the subject, else the task."""
    return pages.back_to(request, task.subject_url or task.get_absolute_url())


def gone(request: pages.Request, to: str) -> HttpResponse:
    """On to another page, for htmx too."""
    if getattr(request, "htmx", None):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = to
        return response
    return redirect(to)


def note_reading(request: pages.Request, run: models.Run) -> None:
    """Whoever a run was copied to has read it now."""
    copy = run_queries.unread_copy(run, request.user)
    if copy is not None:
        handing.read_copy(copy=copy, by=request.user, now=timezone.now())


def _context(request: pages.Request, shown: task_pages.TaskPage, form: task_forms.TaskForm | None) -> dict[str, Any]:
    return {
        "shown": shown,
        "task": shown.task,
        "run": shown.run,
        "now": shown.now,
        "form": form,
        "next": pages.back_to(request, ""),
        "subject": shown.task.subject,
        "steps": [(mark.key, mark.title.say(get_language() or "zh"), mark.mark) for mark in shown.strip],
    }


@pages.page("procedures.see")
def task(request: pages.Request, task_id: int) -> HttpResponse:
    """One task with its form, its moves and what happened before."""
    shown = look(request, task_id)
    if not shown.is_theirs:
        note_reading(request, shown.run)
    form = task_forms.form_for(shown) if shown.may_work else None
    return render(request, "procedures/task.html", _context(request, shown, form))


@pages.page("procedures.see")
def task_form(request: pages.Request, task_id: int) -> HttpResponse:
    """The task's form and moves alone, for the page of its subject."""
    shown = look(request, task_id)
    form = task_forms.form_for(shown) if shown.may_work else None
    return render(request, "procedures/task_form.html", _context(request, shown, form))


@pages.page("procedures.work", methods=("POST",))
def task_submit(request: pages.Request, task_id: int) -> HttpResponse:
    """Finish the task."""
    now = timezone.now()
    shown = look(request, task_id, now)
    if not shown.task.is_live:
        raise working.already_done(shown.task)
    form = task_forms.form_for(shown, request.POST, request.FILES)
    if not form.is_valid():
        return _again(request, shown, form)
    try:
        proof = prove(request, form.cleaned_data.get("secret", ""), now) if shown.signs else None
        working.submit(
            task=shown.task,
            by=request.user,
            now=now,
            expected=form.cleaned_data["version"],
            data=form.values,
            files=form.new_files,
            proof=proof,
            outcome=form.answer("outcome"),
            verdict=form.answer("verdict"),
            condition=form.answer("condition"),
        )
    except refusals.Refusal as refusal:
        if getattr(request, "htmx", None) and not refusal.field:
            raise
        form.add_error(_field(form, refusal), str(refusal))
        return _again(request, shown, form, status=422 if refusal.field else refusal.status)
    pages.done(request, _("Done: %(task)s") % {"task": shown.task})
    return gone(request, back_of(request, shown.task))


def prove(request: pages.Request, secret: str, now: datetime) -> org_signing.Proof:
    """The person's proof, asked for before the action's own transaction, so that a wrong try stays counted."""
    if not secret:
        raise signing.SignatureMissing(_("Please sign with your password or PIN."), field="secret")
    return org_signing.check_signature(secret=secret, by=request.user, now=now)


def _field(form: task_forms.TaskForm, refusal: refusals.Refusal) -> str | None:
    """The form's field that a refusal speaks of."""
    for name in (refusal.field or "", f"f-{refusal.field}"):
        if name in form.fields:
            return name
    return None


def _again(
    request: pages.Request, shown: task_pages.TaskPage, form: task_forms.TaskForm, status: int = 422
) -> HttpResponse:
    """The form with its faults and everything that was entered."""
    template = "procedures/task_form.html" if getattr(request, "htmx", None) else "procedures/task.html"
    return render(request, template, _context(request, shown, form), status=status)


@pages.page("procedures.work", methods=("POST",))
def task_draft(request: pages.Request, task_id: int) -> HttpResponse:
    """Keep what is entered so far. Answers as JSON: the new version, the fields shown, a word for the status line."""
    now = timezone.now()
    shown = look(request, task_id, now)
    form = task_forms.form_for(shown, request.POST)
    form.is_valid()
    version = form.cleaned_data.get("version") or 0
    try:
        working.save_draft(task=shown.task, data=form.unfinished(), by=request.user, now=now, expected=version)
    except refusals.Refusal as refusal:
        return JsonResponse({"refused": str(refusal)}, status=refusal.status)
    said = _("Draft kept at %(time)s") % {"time": timezone.localtime(now).strftime("%H:%M")}
    return JsonResponse({"version": shown.task.version, "shown": form.shown(), "said": said})


@pages.page("procedures.work", methods=("GET", "POST"))
def task_paper(request: pages.Request, task_id: int) -> HttpResponse:
    """Enter a decision that was signed on paper: the form, the signer, the scan."""
    now = timezone.now()
    shown = look(request, task_id, now)
    if not shown.task.is_live:
        raise working.already_done(shown.task)
    posted = request.POST if request.method == "POST" else None
    form = task_forms.form_for(shown, posted, request.FILES if posted is not None else None, signs=False)
    paper = move_forms.PaperForm(
        posted,
        request.FILES if posted is not None else None,
        owners=task_pages.owners_of(shown.task, now),
        opened_at=signing.earliest(shown.task),
    )
    if posted is not None and form.is_valid() and paper.is_valid():
        scan = paper.cleaned_data["scan"]
        working.submit(
            task=shown.task,
            by=request.user,
            now=now,
            expected=form.cleaned_data["version"],
            data=form.values,
            files=form.new_files,
            paper=signing.Paper(
                signer=paper.cleaned_data["signer"],
                signed_at=paper.cleaned_data["signed_at"],
                scan=scan,
                name=scan.name,
            ),
            outcome=form.answer("outcome"),
            verdict=form.answer("verdict"),
            condition=form.answer("condition"),
        )
        pages.done(request, _("Entered from paper: %(task)s") % {"task": shown.task})
        return gone(request, back_of(request, shown.task))
    context = {**_context(request, shown, form), "extra": paper, "title": _("Enter a signed paper")}
    return render(request, "procedures/task_entry.html", context, status=422 if posted is not None else 200)


@pages.page("procedures.see")
def person_tasks(request: pages.Request, person_id: int) -> HttpResponse:
    """The open tasks that a person holds, as far as the reader may see them (panel on the person's page)."""
    person = org_queries.people().filter(pk=person_id).first()
    if person is None:
        raise Http404
    held = models.Task.objects.filter(holder=person, state__in=models.Task.LIVE).order_by("due_at")
    now = timezone.now()
    shown = request.user.visible(held, "procedures.see")[:20]
    context = {"tasks": task_queries.with_overdue(shown, now), "now": now}
    return render(request, "procedures/person_tasks.html", context)
