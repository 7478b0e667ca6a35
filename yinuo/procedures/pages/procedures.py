"""Procedures: the list, one with its card, chart and step table, an older edition, publishing a new one."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yinuo.kit import lists as kit_lists
from yinuo.kit import pages
from yinuo.procedures import lists, models
from yinuo.procedures.actions import publishing
from yinuo.procedures.engine import chart, outline
from yinuo.procedures.forms import moves as move_forms
from yinuo.procedures.pages import tasks as task_pages
from yinuo.procedures.queries import definitions, drafts, runs, tasks


@pages.page("procedures.see")
def procedures(request: pages.Request) -> HttpResponse:
    """All procedures of the company, and tasks for which nobody was found."""
    page = kit_lists.page_of(lists.PROCEDURES, definitions.listed(), request.GET, person=request.user)
    now = timezone.now()
    unattended = tasks.without_people(request.user)[:20] if request.user.may("procedures.steer") else []
    written = drafts.open_drafts()[:50] if request.user.may("procedures.publish") else []
    context = {"page": page, "unattended": tasks.with_overdue(unattended, now), "drafts": written, "now": now}
    return render(request, "procedures/procedures.html", context)


def _show(request: pages.Request, procedure: models.Procedure, edition: models.Edition) -> HttpResponse:
    language = get_language() or "zh"
    definition = definitions.definition_of(edition)
    context = {
        "procedure": procedure,
        "edition": edition,
        "is_current": edition.pk == procedure.current_id,
        "card": definition.card,
        "definition": definition,
        "chart": chart.draw(definition, lang=language[:2], selectable=True),
        "rows": outline.rows_of(definition),
        "editions": list(definitions.editions_of(procedure)[:50]),
        "signatures": edition.signatures.select_related("person"),
        "open_runs": runs.runs_with(procedure, request.user).count(),
        "forms": definition.forms,
        "has_draft": drafts.open_drafts().filter(procedure=procedure).exists(),
    }
    return render(request, "procedures/procedure.html", context)


@pages.page("procedures.see")
def procedure(request: pages.Request, key: str) -> HttpResponse:
    """The current edition of a procedure."""
    found = definitions.procedures().filter(key=key, current__isnull=False).first()
    if found is None or found.current is None:
        raise Http404
    return _show(request, found, found.current)


@pages.page("procedures.see")
def edition(request: pages.Request, key: str, number: int) -> HttpResponse:
    """One edition of a procedure, maybe an older one."""
    found = definitions.procedures().filter(key=key).first()
    wanted = definitions.editions_of(found).filter(number=number).first() if found else None
    if found is None or wanted is None:
        raise Http404
    return _show(request, found, wanted)


@pages.page("procedures.publish", methods=("GET", "POST"))
def publish(request: pages.Request) -> HttpResponse:
    """Publish a new edition from its text; `?of=key` starts from the current one."""
    now = timezone.now()
    if request.method == "POST":
        form = move_forms.PublishForm(request.POST, request.FILES)
        if form.is_valid():
            values = form.cleaned_data
            name = values["file"].name if values["file"] else f"{_('text')}.yaml"
            try:
                proof = task_pages.prove(request, values["secret"], now)
                made = publishing.publish(
                    source=values["source"], file=name, by=request.user, now=now, reason=values["reason"], proof=proof,
                    owner_post=values["owner_post"],
                )  # fmt: skip
            except publishing.CannotPublish as refusal:
                form.data = {**request.POST.dict(), "source": values["source"]}  # also what came as a file
                for line in str(refusal).splitlines():
                    form.add_error("source", line)
            else:
                pages.done(request, _("Published: %(edition)s") % {"edition": made})
                return task_pages.gone(request, made.procedure.get_absolute_url())
        return render(request, "procedures/publish.html", {"form": form}, status=422)
    of = definitions.procedures().filter(key=request.GET.get("of", "")).first()
    initial = {}
    if of is not None and of.current is not None:
        initial = {"source": of.current.source, "owner_post": of.owner_post_id}
    return render(request, "procedures/publish.html", {"form": move_forms.PublishForm(initial=initial), "of": of})


@pages.page("procedures.publish", methods=("POST",))
def publish_preview(request: pages.Request) -> HttpResponse:
    """What the text would publish: its mistakes, else chart, steps and difference (fragment)."""
    language = get_language() or "zh"
    found = definitions.preview(request.POST.get("source", "")[:400_000], file=_("Text"))
    context = {
        "faults": [fault.say(language) for fault in found.faults],
        "chart": chart.draw(found.definition, lang=language[:2]) if found.definition else "",
        "rows": outline.rows_of(found.definition) if found.definition else (),
        "difference": found.difference,
    }
    return render(request, "procedures/publish_preview.html", context)
