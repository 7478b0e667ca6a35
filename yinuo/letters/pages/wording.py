"""The words letters begin with: all templates, changing one beside its preview, beginning a letter with one."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yinuo.customers import models as customers
from yinuo.kit import editing, pages, rows
from yinuo.letters import forms, models, queries
from yinuo.letters.actions import wording as acts
from yinuo.letters.engine import placeholders
from yinuo.letters.pages import talks
from yinuo.letters.queries import wording
from yinuo.org import models as org
from yinuo.org.definition import Permission

RECENT = 30  # talks among which one is chosen for the preview


@pages.page(Permission.LETTERS_SEE)
def templates(request: pages.Request) -> HttpResponse:
    """All templates, by what the letter is for."""
    found = wording.templates()
    groups = [
        (label, [each for each in found if each.kind == kind and (each.language in ("zh", "en") or each.row)])
        for kind, label in models.Template.Kind.choices
    ]
    return render(request, "letters/templates.html", {"groups": groups, "may_keep": _may_keep(request.user)})


def _may_keep(person: org.Person) -> bool:
    return person.may(Permission.LETTERS_TEMPLATES)


@pages.page(Permission.LETTERS_TEMPLATES, methods=editing.READ_WRITE)
def template_add(request: pages.Request) -> HttpResponse:
    """Choose a language in which there is no template yet; then it is written."""
    form = forms.LanguageForm(request.POST or None)

    def act() -> str:
        said = form.cleaned_data
        if not acts.LANGUAGE.match(said["language"]):
            raise acts.CannotKeep(_("Please give the language by its code, such as de, ja or pt-BR."), field="language")
        return reverse("letters:template", args=[said["kind"], said["language"]])

    return editing.answer(
        request, form, act=act, said=_("Write the words, then save."), title=_("Add a language"), verb=_("Go on"),
        back=reverse("letters:templates"),
    )  # fmt: skip


@pages.page(Permission.LETTERS_SEE, methods=editing.READ_WRITE)
def template(request: pages.Request, kind: str, language: str) -> HttpResponse:
    """One template: its words, what they become for a real talk, and its editions."""
    if kind not in models.Template.Kind.values or not acts.LANGUAGE.match(language):
        raise Http404
    it = wording.template(kind, language) or _new(kind, language)
    initial = {"heading": it.heading, "text": it.text, "is_active": it.is_offered, "version": it.version}
    form = forms.TemplateForm(*editing.sent(request), initial=initial)

    def act() -> None:
        said = form.cleaned_data
        acts.keep_template(
            kind=kind,
            language=language,
            heading=said["heading"],
            text=said["text"],
            is_active=said["is_active"],
            by=request.user,
            now=timezone.now(),
            expected=said["version"],
        )

    # The browser gives the words back as they are typed; nothing is kept before the form is sent.
    recent = _recent(request.user)
    shown = {name: form[name].value() or "" for name in ("heading", "text")}
    return editing.answer(
        request,
        form,
        act=act,
        said=_("Saved as a new edition."),
        title=f"{it.label} · {it.language_label}",
        verb=_("Save"),
        back=reverse("letters:template", args=[kind, language]),
        template="letters/template.html",
        it=it,
        may_keep=_may_keep(request.user),
        placeholders=_listed(),
        recent=recent,
        preview=_preview(recent[0] if recent else None, shown, language),
    )


def _new(kind: str, language: str) -> wording.Wording:
    """A template that nobody wrote yet starts from the English words."""
    english = wording.template(kind, "en")
    return wording.Wording(kind, language, english.heading if english else "", english.text if english else "")


def _listed() -> list[tuple[str, str]]:
    """The placeholders as the reader would write them, with what they stand for."""
    if (get_language() or "").startswith("en"):
        return [(f"{{{{ {each.name} }}}}", each.says_en) for each in placeholders.LIST]
    return [(f"{{{{ {each.zh} }}}}", each.says_zh) for each in placeholders.LIST]


def _recent(person: org.Person) -> list[models.Thread]:
    """The latest talks; those about something of their own before those about a customer as a whole."""
    found = list(queries.threads(person).select_related("customer").order_by("-last_at", "-pk")[:RECENT])
    return sorted(found, key=lambda each: each.subject_type == customers.Customer.subject_type)


def _preview(thread: models.Thread | None, said: dict[str, str], language: str) -> dict[str, Any]:
    """What the words become for one talk; placeholders that do not exist are named."""
    unknown = placeholders.unknown_in(f"{said['heading']}\n{said['text']}")
    shown: dict[str, Any] = {"unknown": unknown, "thread": thread, "language": language}
    if thread is None:
        return shown
    it = wording.Wording("", language, said["heading"], said["text"])
    heading, text = wording.drafted(
        it, about=thread.subject, customer=thread.customer, contact=wording.contact_in(thread), matter=thread.title,
        now=timezone.now(),
    )  # fmt: skip
    return {**shown, "heading": heading, "text": text}


@pages.page(Permission.LETTERS_SEE, methods=("POST",))
def template_preview(request: pages.Request, kind: str, language: str) -> HttpResponse:
    """The preview of words that are just being written."""
    key = rows.key_in(request.POST.get("talk", "")) or 0
    thread = queries.threads(request.user).select_related("customer").filter(pk=key).first()
    said = {name: request.POST.get(name, "")[:20_000] for name in ("heading", "text")}
    shown = _preview(thread, said, language if acts.LANGUAGE.match(language) else "en")
    return render(request, "letters/template_preview.html", {"preview": shown})


@pages.page(Permission.LETTERS_WRITE)
def draft_begin(request: pages.Request, pk: int) -> HttpResponse:
    """Choose the template with which the next letter of a talk begins."""
    thread = talks.seen(request, pk)
    offered = wording.offered(thread)
    if not offered:
        return redirect(thread.get_absolute_url())
    context = {"thread": thread, "offered": offered, "own": offered[0].language}
    return render(request, "letters/begin.html", context)
