"""One clause: original and translation beside each other, what it is held to be, what it said in each edition; a file
in another language for all clauses of an edition."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.kit import editing, pages
from yinuo.org.definition import Permission
from yinuo.records import actions as records
from yinuo.sources import access, forms, models, queries
from yinuo.sources.actions import translating as actions
from yinuo.sources.definition import Unreadable
from yinuo.sources.intake import sentences
from yinuo.sources.pages import citing
from yinuo.sources.pages import comparing as words
from yinuo.sources.pages import judging as rows
from yinuo.sources.queries import judging as held
from yinuo.sources.readers import apart
from yinuo.sources.rules import comparing, translating


@pages.page(Permission.SOURCES_SEE)
def clause(request: pages.Request, pk: int) -> HttpResponse:
    """One clause in one edition, with all that is known of it."""
    text = _text(request, pk)
    edition = text.edition
    found = get_object_or_404(held.judged(edition), pk=pk)
    row = rows.rows_of(edition, [found], request.user)[0]
    line = held.lines(edition, [found]).get(text.pk)
    through = held.through_time(text)
    records.note_reading(subject=text, way="read", by=request.user, now=timezone.now())
    context = {
        "text": text,
        "edition": edition,
        "document": edition.document,
        "row": row,
        **_mapped(found.clause),
        "natures": rows.natures(),
        "may_judge": access.may_judge(request.user, text),
        "languages": [each for each in models.Language.choices if each[0] != edition.language],
        "translations": list(text.translations.select_related("by").order_by("language")),
        "through": [(each, _changed(each, before)) for each, before in zip(through, [*through[1:], None], strict=True)],
        "became": words.words_of(comparing.Kind(line.kind)) if line else "",
        "line": line,
        "is_linked": held.is_linked_by_hand(text),
        "newer": row.judgement.text if row.judgement and row.judgement.text_id != text.pk else None,
        **citing.of_clause(text),
        "picture": reverse("sources:page_picture", args=[edition.pk, text.file.place, text.page]) if text.page else "",
    }
    return render(request, "sources/clause.html", context)


def _mapped(clause: models.Clause) -> dict[str, Any]:
    """Where a clause belongs, then where it may belong, then where it does not; each the surest first."""
    order = (held.MAPPED.ACCEPTED, held.MAPPED.PROPOSED, held.MAPPED.REJECTED)
    mappings = sorted(clause.mappings.all(), key=lambda each: order.index(held.MAPPED(each.state)))
    proposed = (each.pk for each in mappings if each.state == held.MAPPED.PROPOSED)
    return {"mappings": mappings, "first_proposed": next(proposed, 0)}


def _changed(text: models.ClauseText, before: models.ClauseText | None) -> list[tuple[str, str]]:
    """The differences of a clause's words from the edition before; nothing where it says the same."""
    if before is None or before.fingerprint == text.fingerprint:
        return []
    old, new = (f"{each.title}\n{each.text}".strip() for each in (before, text))
    return comparing.differences(old, new) if old != new else []


@pages.page(Permission.SOURCES_EDIT, methods=editing.READ_WRITE)
def clause_translate(request: pages.Request, pk: int, language: str) -> HttpResponse:
    """Type in what a clause says in another language, the original beside it."""
    text = _text(request, pk)
    if language not in models.Language or language == text.edition.language:
        raise Http404
    row = text.translations.filter(language=language).first()
    initial = {"title": row.title, "body": row.body, "version": row.version} if row else {"version": 0}
    form = forms.TranslationForm(*editing.sent(request), initial=initial)

    def keep() -> None:
        said = form.cleaned_data
        actions.translate(
            text=text, language=language, title=said["title"], body=said["body"], by=request.user,
            now=timezone.now(), expected=said["version"],
        )  # fmt: skip

    return editing.answer(
        request, form, act=keep, said=_("Saved."), verb=_("Save"), back=reverse("sources:clause", args=[pk]),
        title=_("Translation: %(language)s") % {"language": models.Language(language).label},
        sentence=text.subject_label,
    )  # fmt: skip


@pages.page(Permission.SOURCES_EDIT, methods=editing.READ_WRITE)
def edition_translate(request: pages.Request, pk: int) -> HttpResponse:
    """Take the translation of a whole edition over from a file: the same document in another language, or a workbook
    with numbers and texts."""
    found = queries.editions(request.user).select_related("document")
    edition = get_object_or_404(found, pk=pk)
    if not access.may_edit(request.user, edition):
        return pages.forbidden(request)
    form = forms.TranslationFile(*editing.sent(request), edition=edition)
    context: dict[str, Any] = {"edition": edition, "document": edition.document, "form": form}
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid() and (said := _said_in(form)) is not None:
            data = form.cleaned_data
            try:
                context["taken"] = actions.take_over(
                    edition=edition, language=data["language"], said=said, with_typed=data["with_typed"],
                    by=request.user, now=timezone.now(),
                )  # fmt: skip
                context["language"], status = data["language"], 200
            except actions.CannotTranslate as refusal:
                editing.refuse(form, refusal)
    return render(request, "sources/edition_translate.html", context, status=status)


def _said_in(form: forms.TranslationFile) -> list[translating.Said] | None:
    """The clauses of the file; a fault stands at its field."""
    file = form.cleaned_data["file"]
    try:
        _reading, split = apart.read(file.read(), file.name)
    except Unreadable as fault:
        form.add_error("file", sentences.sentence(fault.remark.fault, fault.remark.about))
        return None
    return [translating.Said(each.number, each.title, each.text) for each in split.clauses]


def _text(request: pages.Request, pk: int) -> models.ClauseText:
    found = queries.texts(request.user).select_related("edition__document__customer", "clause", "file")
    return get_object_or_404(found, pk=pk)
