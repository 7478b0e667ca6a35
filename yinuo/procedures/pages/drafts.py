"""Around the editor: beginning a draft, text in and out, trying it out, publishing, discarding; moving live runs."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from yinuo.kit import downloads, pages, rows
from yinuo.kit import editing as kit_editing
from yinuo.procedures import models
from yinuo.procedures.actions import drafting, moving, publishing
from yinuo.procedures.definition import starting
from yinuo.procedures.engine import questioning
from yinuo.procedures.forms import drafts as draft_forms
from yinuo.procedures.pages import editor
from yinuo.procedures.pages import tasks as task_pages
from yinuo.procedures.queries import definitions, drafts, trials
from yinuo.procedures.queries import moving as movings


def _answer(request: pages.Request, form: forms.Form, **how: Any) -> HttpResponse:
    """As every form page, but the way on is followed from a dialog too: what the draft was shown on may be over."""
    response = kit_editing.answer(request, form, **how)
    if isinstance(response, HttpResponseRedirect):
        return task_pages.gone(request, response.url)
    return response


@pages.page("procedures.publish", methods=("POST",))
def draft_start(request: pages.Request, key: str) -> HttpResponse:
    """Begin the next edition of a procedure, or go on with it."""
    procedure = definitions.procedures().filter(key=key, current__isnull=False).first()
    if procedure is None:
        raise Http404
    made = drafting.start(procedure=procedure, by=request.user, now=timezone.now())
    return task_pages.gone(request, made.get_absolute_url())


@pages.page("procedures.publish", methods=kit_editing.READ_WRITE)
def draft_new(request: pages.Request) -> HttpResponse:
    """Begin a new procedure: blank, or as a copy of another."""
    now = timezone.now()
    form = draft_forms.NewDraftForm(*kit_editing.sent(request))

    def create() -> str:
        values = form.cleaned_data
        key, copied = drafts.free_key(), values["copied"]
        if copied is not None and copied.current is not None:
            content = drafts.copy_of(copied.current, key, values["number"], values["title"])
        else:
            content = starting.blank(key, values["number"], values["title"])
        made = drafting.start(content=content, owner_post=values["owner_post"], by=request.user, now=now)
        return made.get_absolute_url()

    return _answer(
        request,
        form,
        act=lambda: kit_editing.create_once(request, form, now, create),
        said=_("Begun. Nothing holds before you publish it."),
        title=pgettext("editor", "New procedure"),
        verb=pgettext("editor", "Begin"),
        back=reverse("procedures:procedures"),
        template="procedures/editor/new.html",
    )


@pages.page("procedures.publish", methods=kit_editing.READ_WRITE)
def draft_from_text(request: pages.Request) -> HttpResponse:
    """Begin a draft from a text: of the procedure whose key it has, or of a new one."""
    now = timezone.now()
    form = draft_forms.TextForm(*kit_editing.sent(request))

    def act() -> str:
        content, faults = drafts.content_of(form.cleaned_data["source"])
        if content is None:
            raise publishing.CannotPublish(
                "\n".join(fault.say(get_language() or "zh") for fault in faults[:8]), field="source"
            )
        procedure = definitions.procedures().filter(key=content.get("key"), current__isnull=False).first()
        made = drafting.start(procedure=procedure, content=content, by=request.user, now=now)
        return made.get_absolute_url()

    return _answer(
        request,
        form,
        act=act,
        said=_("Read in. Nothing holds before you publish it."),
        title=_("Begin from a text"),
        verb=pgettext("editor", "Read in"),
        back=reverse("procedures:procedures"),
        sentence=_("A text whose key is that of a procedure begins its next edition."),
    )


@pages.page("procedures.publish")
def draft_text(request: pages.Request, draft_id: int) -> HttpResponse:
    """The draft as YAML."""
    found = editor.look(draft_id)
    response = HttpResponse(drafts.text_of(found), content_type="text/plain; charset=utf-8")
    name = str(found.content.get("key") or "procedure")
    response["Content-Disposition"] = f'attachment; filename="{"".join(filter(str.isalnum, name))}.yaml"'
    return downloads.guarded(response)


@pages.page("procedures.publish", methods=kit_editing.READ_WRITE)
def draft_read_in(request: pages.Request, draft_id: int) -> HttpResponse:
    """Take a text over into the draft."""
    found = editor.look(draft_id)
    form = draft_forms.ReadInForm(*kit_editing.sent(request), initial={"version": found.version})

    def act() -> None:
        values = form.cleaned_data
        drafting.read_in(
            draft=found, source=values["source"], by=request.user, now=timezone.now(), expected=values["version"]
        )

    return _answer(
        request,
        form,
        act=act,
        said=_("Read in. Nothing holds before you publish it."),
        title=_("Read a text in"),
        verb=pgettext("editor", "Read in"),
        back=found.get_absolute_url(),
        sentence=_("It takes the place of what the draft says now, and can be taken back."),
    )


@pages.page("procedures.publish", methods=kit_editing.READ_WRITE)
def draft_discard(request: pages.Request, draft_id: int) -> HttpResponse:
    """Give the draft up."""
    found = editor.look(draft_id)
    form = draft_forms.DiscardForm(*kit_editing.sent(request), initial={"version": found.version})

    def act() -> None:
        values = form.cleaned_data
        drafting.discard(
            draft=found, reason=values["reason"], by=request.user, now=timezone.now(), expected=values["version"]
        )

    return _answer(
        request,
        form,
        act=act,
        said=pgettext("editor", "Discarded."),
        title=_("Discard the draft"),
        verb=pgettext("editor", "Discard"),
        danger=True,
        back=reverse("procedures:procedures"),
        sentence=_("The edition in force stays as it is."),
    )


@pages.page("procedures.publish", methods=kit_editing.READ_WRITE)
def draft_publish(request: pages.Request, draft_id: int) -> HttpResponse:
    """Sign and publish the draft."""
    found = editor.look(draft_id)
    judged = drafts.judged(found)
    concerned = drafts.concerned(judged.definition) if judged.definition is not None else []
    initial = {
        "version": found.version,
        "owner_post": found.owner_post_id,
        "departments": [each.pk for each in concerned],
    }
    form = draft_forms.PublishDraftForm(*kit_editing.sent(request), initial=initial)

    def act() -> str:
        values, now = form.cleaned_data, timezone.now()
        proof = task_pages.prove(request, values["secret"], now)
        edition = drafting.publish(
            draft=found,
            reason=values["reason"],
            owner_post=values["owner_post"],
            proof=proof,
            by=request.user,
            now=now,
            departments=list(values["departments"]),
            expected=values["version"],
        )
        procedure = edition.procedure
        if movings.movable(procedure, request.user):
            return reverse("procedures:runs_move", args=[procedure.key])
        return procedure.get_absolute_url()

    return _answer(
        request,
        form,
        act=act,
        said=_("Published: %(edition)s") % {"edition": f"{found.number} {found.label}"},
        title=_("Sign and publish"),
        verb=_("Sign and publish"),
        back=found.get_absolute_url(),
        template="procedures/editor/publish.html",
        draft=found,
        judged=judged,
    )


# Trying out -----------------------------------------------------------------------------------------------------------


@pages.page("procedures.publish")
def draft_try(request: pages.Request, draft_id: int) -> HttpResponse:
    """Who would get what and when, with invented facts. Nothing is written."""
    found = editor.look(draft_id)
    judged = drafts.judged(found)
    definition = judged.definition
    questions = questioning.questions_of(definition) if definition is not None else ()
    form = draft_forms.TrialForm(request.GET, questions=questions, person=request.user)
    context = {"draft": found, "judged": judged, "form": form, "now": timezone.now()}
    if definition is not None and form.is_valid():
        begins = form.begins(timezone.now())
        shown, trial = trials.trial_of(
            definition,
            owner_post=found.owner_post,
            answers=form.answers(),
            start=begins,
            person=request.user,
            subject=trials.subject_of(form.cleaned_data["about"], request.user),
        )
        context |= {"rows": shown, "trial": trial, "begins": begins}
    template = "procedures/editor/trial.html" if request.htmx else "procedures/editor/try.html"
    return render(request, template, context)


# Moving live runs -----------------------------------------------------------------------------------------------------


@pages.page("procedures.steer", methods=kit_editing.READ_WRITE)
def runs_move(request: pages.Request, key: str) -> HttpResponse:
    """The live runs of a procedure on older editions: what would change for each, and moving chosen ones."""
    procedure = definitions.procedures().filter(key=key, current__isnull=False).first()
    if procedure is None or procedure.current is None:
        raise Http404
    found = movings.movable(procedure, request.user)
    form = draft_forms.MoveRunsForm(*kit_editing.sent(request)[:1])
    stayed: list[tuple[models.Run, str]] = []
    if form.is_bound and form.is_valid():
        by_key = {each.run.pk: each.run for each in found}
        chosen = []
        for each in request.POST.getlist("run"):
            run_id, _colon, version = each.partition(":")
            run, seen = by_key.get(rows.key_in(run_id) or 0), rows.key_in(version)
            if run is not None and seen is not None:
                chosen.append((run, seen))
        moved = moving.move_runs(
            runs=chosen,
            edition=procedure.current,
            reason=form.cleaned_data["reason"],
            by=request.user,
            now=timezone.now(),
        )
        if moved.moved:
            pages.done(request, _("Moved to the edition in force: %(n)s") % {"n": len(moved.moved)})
        if not moved.stayed:
            return task_pages.gone(request, request.path)
        stayed = moved.stayed
        found = movings.movable(procedure, request.user)
    context = {"procedure": procedure, "edition": procedure.current, "movable": found, "form": form, "stayed": stayed}
    return render(request, "procedures/editor/runs_move.html", context, status=422 if form.errors or stayed else 200)
