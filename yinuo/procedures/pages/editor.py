"""The procedure editor: tree, sheet, chart, mistakes and differences, each made anew after every edit."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yinuo.kit import pages
from yinuo.procedures import models
from yinuo.procedures.actions import drafting
from yinuo.procedures.definition import editing
from yinuo.procedures.definition.paths import Path
from yinuo.procedures.engine import comparing, outline
from yinuo.procedures.forms import drafts as draft_forms
from yinuo.procedures.forms.sheets import controls, opening
from yinuo.procedures.queries import draft_tree, drafts


def look(draft_id: int) -> models.Draft:
    """A draft being written."""
    found = drafts.draft_of(draft_id)
    if found is None:
        raise Http404
    return found


def context_of(draft: models.Draft, at: Path) -> dict[str, Any]:
    """Everything that the editor shows of a draft while `at` is selected."""
    judged = drafts.judged(draft)
    sheet = opening.sheet_of(draft.content, at, is_new=draft.procedure is None)
    language = get_language() or "zh"
    return {
        "draft": draft,
        "at": controls.spoken(sheet.path),
        "sheet": sheet,
        "kind": opening.kind_words(sheet.kind) if sheet.path[:1] == ("flow",) and sheet.kind != "branch" else "",
        "lines": [(line, controls.spoken(line.path), controls.spoken(line.flow)) for line in _lines(draft, judged)],
        "form_lines": _forms(draft, judged),
        "is_card_faulty": ("card",) in judged.faulty,
        "is_words_faulty": ("words",) in judged.faulty,
        "faults": [
            (fault, controls.spoken(fault.at), controls.spoken(fault.path), fault.words.say(language))
            for fault in judged.faults
        ],
        "untranslated": [
            controls.spoken(drafts.selectable(draft.content, path)) for path in judged.untranslated
        ],
        "different": judged.different,
        "kind_words": comparing.KIND_WORDS,
        "chart": drafts.drawn(judged.as_far, language),
        "rows": outline.rows_of(judged.definition) if judged.definition is not None else (),
        "kinds": opening.kinds(),
        "is_overtaken": draft.procedure is not None and draft.procedure.current_id != draft.based_on_id,
    }  # fmt: skip


def _lines(draft: models.Draft, judged: drafts.Judged) -> list[draft_tree.Line]:
    return draft_tree.lines_of(draft.content, judged)


def _forms(draft: models.Draft, judged: drafts.Judged) -> list[tuple[str, dict[str, Any], bool]]:
    """The forms with their places, and whether something is wrong with them."""
    return [
        (controls.spoken(("forms", at)), form, ("forms", at) in judged.faulty)
        for at, form in enumerate(draft.content.get("forms", []))
    ]


@pages.page("procedures.publish")
def draft(request: pages.Request, draft_id: int) -> HttpResponse:
    """The editor."""
    found = look(draft_id)
    at = controls.read_path(request.GET.get("at", "")) or ("flow", 0)
    return render(request, "procedures/editor/draft.html", context_of(found, at))


@pages.page("procedures.publish")
def draft_sheet(request: pages.Request, draft_id: int) -> HttpResponse:
    """The sheet of what is selected (fragment)."""
    found = look(draft_id)
    sheet = opening.sheet_of(
        found.content, controls.read_path(request.GET.get("at", "")), is_new=found.procedure is None
    )
    kind = opening.kind_words(sheet.kind) if sheet.path[:1] == ("flow",) and sheet.kind != "branch" else ""
    context = {"draft": found, "sheet": sheet, "at": controls.spoken(sheet.path), "kind": kind, "fresh": True}
    return render(request, "procedures/editor/sheet_part.html", context)


@pages.page("procedures.publish", methods=("POST",))
def draft_edit(request: pages.Request, draft_id: int) -> HttpResponse:
    """One edit; everything that shows the draft comes back anew (fragments)."""
    found = look(draft_id)
    form = draft_forms.EditForm(request.POST)
    if not form.is_valid():
        raise drafting.CannotDraft(_("This edit could not be read."))
    values, now = form.cleaned_data, timezone.now()
    common = {"draft": found, "by": request.user, "now": now, "expected": values["version"]}
    at: Path | None
    if values["do"] in ("undo", "redo"):
        at = drafting.undo(**common) if values["do"] == "undo" else drafting.redo(**common)
        at = drafts.selectable(found.content, at)
    else:
        do = editing.Edit(do=values["do"], path=values["path"], value=values["value"])
        at = drafting.edit(do=do, **common)
    context = context_of(found, at or values["at"])
    context["fresh"] = request.POST.get("again") == "true" or at is not None
    return render(request, "procedures/editor/answer.html", context)
