"""条款判定: what each clause of an edition is to us and where in the standard it belongs; what was carried over from
the edition before is confirmed, or held to be something else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yinuo.kit import editing, pages, rows, undoing
from yinuo.org.definition import Permission
from yinuo.records import actions as records
from yinuo.sources import access, forms, lists, models, queries
from yinuo.sources.actions import carrying
from yinuo.sources.actions import judging as actions
from yinuo.sources.queries import judging as held
from yinuo.sources.rules import comparing

STATE = models.Judgement.State
MAPPED = models.Mapping.State
WEAK = 0.1  # below it a proposed clause of the standard is mostly noise: measured on clauses nobody had seen
SIZE = 50
CERTAIN = (0.9, 0.8, 0.7, 0.6)


@dataclass(frozen=True)
class Row:
    """One clause as the page of judging shows it."""

    text: models.ClauseText
    judgement: models.Judgement | None
    mappings: list[models.Mapping]
    marked: str  # the text with the words marked that led to the proposals
    badge: tuple[str, str]
    is_open: bool  # may be judged here and now
    line: held.Line | None = None
    pieces: list[tuple[str, str]] = field(default_factory=list)
    contradicts: bool = False


@pages.page(Permission.SOURCES_SEE)
def judging(request: pages.Request, pk: int) -> HttpResponse:
    """The clauses of an edition, fifty at a time, with what is to do about them."""
    row = _edition(request, pk)
    counts = held.counts(row)
    asked = request.GET
    show = asked.get("show", "")
    if show not in (*SHOWN, "gone"):
        show = "todo" if counts.todo else "all"
    nature = asked.get("nature", "") if asked.get("nature") in models.Nature else ""
    chapter = rows.key_in(asked.get("chapter", "")) or 0
    records.note_reading(subject=row, way="read", by=request.user, now=timezone.now())
    context = {
        **_head(row, request.user, counts),
        "show": show,
        "nature": nature,
        "chapter": chapter,
        "chapters": held.chapters(row),
        "tabs": _tabs(row, counts),
        "is_coming": held.is_being_proposed(row),
        "natures": natures(),
        "certain": [(each, f"{each:.0%}") for each in CERTAIN],
    }
    if show == "gone":
        context |= {"gone": held.gone(row), "arrived": held.arrived(row)}
    else:
        context |= _page(row, held.keys(row, show, nature, chapter), asked, request.user)
        context["further"] = urlencode({"show": show, "nature": nature, "chapter": chapter or ""})
    return render(request, "sources/judging.html", context)


SHOWN = ("todo", *STATE.values, "unmapped", "all")


def _head(edition: models.Edition, person: Any, counts: held.Counts) -> dict[str, Any]:
    """What stands above the clauses: how far one is."""
    return {
        "edition": edition,
        "document": edition.document,
        "counts": counts,
        "may_judge": access.may_edit(person, edition),
        "is_judged": edition.document.kind not in actions.UNJUDGED,
        "is_accepted": edition.clauses == models.Edition.Clauses.ACCEPTED,
    }


def natures() -> list[tuple[str, str, str, str]]:
    """What a clause may be: value, short words, whole words, key."""
    return [
        (each.value, str(lists.NATURES[each]), str(each.label), str(at)) for at, each in enumerate(models.Nature, 1)
    ]


def _tabs(edition: models.Edition, counts: held.Counts) -> list[tuple[str, str, int, str]]:
    url = reverse("sources:judging", args=[edition.pk])
    tabs = [
        ("todo", _("To do"), counts.todo),
        (STATE.CARRIED, _("Carried over"), counts.carried),
        (STATE.PROPOSED, STATE.PROPOSED.label, counts.proposed),
        (STATE.DECIDED, STATE.DECIDED.label, counts.decided),
        ("unmapped", _("Without a clause of the standard"), counts.unmapped),
        ("gone", _("Dropped clauses"), counts.gone),
        ("all", _("All clauses"), 0),
    ]
    return [(key, str(words), count, f"{url}?show={key}") for key, words, count in tabs]


def _page(edition: models.Edition, keys: Sequence[int], asked: Any, person: Any) -> dict[str, Any]:
    """Fifty of the clauses that were found, from the one asked for."""
    after = rows.key_in(asked.get("after", ""))
    at = keys.index(after) + 1 if after in keys else 0
    shown = keys[at : at + SIZE]
    texts = {each.pk: each for each in held.judged(edition).filter(pk__in=shown)}
    found = rows_of(edition, [texts[key] for key in shown], person)
    chapters = [(place, words) for _pk, place, words in held.chapters(edition)]
    return {
        "groups": _grouped(found, chapters),
        "found": len(keys),
        "begin": at + 1,
        "end": at + len(shown),
        "next": shown[-1] if at + SIZE < len(keys) else 0,
        "carried": [each for each in found if each.judgement and each.judgement.state == STATE.CARRIED],
    }


def _grouped(found: list[Row], chapters: list[tuple[int, str]]) -> list[tuple[str, list[Row]]]:
    """The rows under the chapters of their document, as they come."""
    groups: list[tuple[str, list[Row]]] = []
    for each in found:
        above = next((words for place, words in reversed(chapters) if place <= each.text.place), "")
        if not groups or groups[-1][0] != above:
            groups.append((above, []))
        groups[-1][1].append(each)
    return groups


def rows_of(edition: models.Edition, texts: Sequence[models.ClauseText], person: Any) -> list[Row]:
    """Clauses as the page shows them."""
    lines = held.lines(edition, texts)
    may = access.may_edit(person, edition)
    return [_row(each, lines.get(each.pk), may) for each in texts]


def _row(text: models.ClauseText, line: held.Line | None, may: bool) -> Row:
    judgement = getattr(text.clause, "judgement", None)
    mappings = [each for each in text.clause.mappings.all() if _is_shown(each)]
    because = [*(judgement.because if judgement else ()), *(word for each in mappings for word in each.because)]
    is_carried = judgement is not None and judgement.state == STATE.CARRIED
    pieces: list[tuple[str, str]] = []
    if is_carried and judgement is not None and judgement.was is not None:
        pieces = comparing.differences(_words(judgement.was), _words(text))
    return Row(
        text=text,
        judgement=judgement,
        mappings=[each for each in mappings if each.state == MAPPED.ACCEPTED or not _is_settled(judgement, mappings)],
        marked=marked(text.text, because),
        badge=lists.judgement_badge(judgement),
        is_open=may and judgement is not None and judgement.text_id == text.pk,
        line=line if is_carried else None,
        pieces=pieces,
        contradicts=bool(is_carried and line and line.contradicts(judgement)),
    )


def _is_shown(mapping: models.Mapping) -> bool:
    """What somebody placed, and what the program proposes with some ground; not what was rejected."""
    return mapping.state == MAPPED.ACCEPTED or (mapping.state == MAPPED.PROPOSED and mapping.score >= WEAK)


def _is_settled(judgement: models.Judgement | None, mappings: list[models.Mapping]) -> bool:
    """Once somebody has said where a clause belongs, or that it is no requirement, further proposals only stand on its
    own page."""
    is_none = judgement is not None and judgement.state == STATE.DECIDED and judgement.nature not in held.REQUIREMENTS
    return is_none or any(each.state == MAPPED.ACCEPTED for each in mappings)


def _words(text: models.ClauseText) -> str:
    return "\n".join(part for part in (text.title, text.text) if part)


def marked(text: str, words: Sequence[str]) -> str:
    """The text with each of these words between the signs that `kit` turns into marks; longer words first."""
    begin, end = "\ue000", "\ue001"
    for word in sorted({each for each in words if each}, key=len, reverse=True):
        parts = text.split(begin)
        text = begin.join(
            part.replace(word, f"{begin}{word}{end}") if at == 0 else _outside(part, word, begin, end)
            for at, part in enumerate(parts)
        )
    return text


def _outside(part: str, word: str, begin: str, end: str) -> str:
    """Marks a word only where nothing is marked already."""
    inside, _sign, rest = part.partition(end)
    return f"{inside}{end}{rest.replace(word, f'{begin}{word}{end}')}"


# Acts -----------------------------------------------------------------------------------------------------------------


@pages.page(Permission.SOURCES_EDIT, methods=("POST",))
def judging_act(request: pages.Request, pk: int, key: int, act: str) -> HttpResponse:
    """One decision on one clause; the answer is its row as it is now, and how far one is."""
    row = _edition(request, pk)
    text = get_object_or_404(held.judged(row), pk=key)
    if act not in ACTS:
        raise Http404
    said, undo = ACTS[act](request, text, timezone.now())
    return _answer(request, row, key, said, undo)


def _answer(request: pages.Request, row: models.Edition, key: int, said: str, undo: str) -> HttpResponse:
    if not request.htmx:
        pages.done(request, said, undo)
        return redirect(pages.back_to(request, reverse("sources:judging", args=[row.pk])))
    text, counts = get_object_or_404(held.judged(row), pk=key), held.counts(row)
    context = {
        **_head(row, request.user, counts),
        "tabs": _tabs(row, counts),
        "show": request.POST.get("show", ""),
        "row": rows_of(row, [text], request.user)[0],
        "natures": natures(),
        "said": said,
        "undo": undo,
    }
    return render(request, "sources/parts/judged.html", context)


def _judge(request: pages.Request, text: models.ClauseText, now: datetime) -> tuple[str, str]:
    """Nature as chosen; the proposed one; the one that was carried over."""
    row = text.clause.judgement
    was = actions.before(row)
    chosen = request.POST.get("nature", "")
    nature = {"accept": row.proposed, "confirm": row.nature}.get(chosen, chosen)
    done = actions.judge(
        text=text, nature=nature, by=request.user, now=now, expected=_version(request),
        reason=request.POST["reason"][:2000] if "reason" in request.POST else None,
    )  # fmt: skip
    undo = undoing.offer(request.user, "sources.judged", judgement=done.pk, version=done.version, was=was)
    words = {"clause": text.number or text.title[:20] or "–", "nature": done.get_nature_display()}
    return _("%(clause)s: %(nature)s") % words, undo


def _map(request: pages.Request, text: models.ClauseText, now: datetime) -> tuple[str, str]:
    """A proposal of the standard's clause accepted or rejected."""
    mapping = get_object_or_404(text.clause.mappings, pk=rows.key_in(request.POST.get("mapping", "")) or 0)
    was = mapping.state
    done = actions.place(
        mapping=mapping, state=request.POST.get("state", ""), by=request.user, now=now, expected=_version(request)
    )
    undo = undoing.offer(request.user, "sources.mapped", mapping=done.pk, version=done.version, state=was)
    words = {"clause": text.number or "–", "standard": held.target_words(done), "state": done.get_state_display()}
    return _("%(clause)s: %(standard)s %(state)s") % words, undo


ACTS: dict[str, Callable[[pages.Request, models.ClauseText, datetime], tuple[str, str]]] = {
    "nature": _judge,
    "mapping": _map,
}


@pages.page(Permission.SOURCES_EDIT, methods=editing.READ_WRITE)
def mapping_add(request: pages.Request, pk: int) -> HttpResponse:
    """Say to which clause of the standard a clause belongs; searched for by number or title in both languages."""
    text = get_object_or_404(queries.texts(request.user).select_related("edition__document"), pk=pk)
    form = forms.MappingForm(*editing.sent(request))

    def add() -> None:
        target = form.cleaned_data["target"]
        actions.add_mapping(text=text, target=target, by=request.user, now=timezone.now())

    back = pages.back_to(request, reverse("sources:clause", args=[pk]))
    return editing.answer(
        request, form, act=add, said=_("Saved."), title=_("Clause of the standard"), verb=_("Add"), back=back,
        sentence=text.subject_label,
    )  # fmt: skip


@pages.page(Permission.SOURCES_SEE)
def target_suggestions(request: pages.Request) -> HttpResponse:
    """Clauses of the standard whose number or title fits what is typed."""
    found = held.targets_like(request.GET.get("q", "")[:80])
    return JsonResponse([{"value": each.pk, "text": forms.target_label(each)} for each in found], safe=False)


@pages.page(Permission.SOURCES_EDIT, methods=("POST",))
def judging_begin(request: pages.Request, pk: int) -> HttpResponse:
    """Proposals for an edition that was accepted before there were any."""
    row = _edition(request, pk)
    count = actions.begin(edition=row, by=request.user, now=timezone.now())
    said = ngettext("%(n)s clause has a proposal now.", "%(n)s clauses have proposals now.", count)
    pages.done(request, said % {"n": count})
    return redirect("sources:judging", pk=row.pk)


@pages.page(Permission.SOURCES_EDIT, methods=("POST",))
def judging_accept(request: pages.Request, pk: int) -> HttpResponse:
    """Decide as proposed whatever the program is sure of."""
    row, now = _edition(request, pk), timezone.now()
    said = request.POST.get("certainty", "")
    certainty = next((each for each in CERTAIN if str(each) == said), CERTAIN[0])
    count = actions.accept_proposals(
        edition=row, certainty=certainty, with_mappings="mappings" in request.POST, by=request.user, now=now
    )
    words = ngettext("%(n)s clause is judged as proposed.", "%(n)s clauses are judged as proposed.", count)
    undo = undoing.offer(request.user, "sources.proposals", edition=row.pk, at=now.isoformat()) if count else ""
    pages.done(request, words % {"n": count}, undo)
    return redirect(pages.back_to(request, reverse("sources:judging", args=[row.pk])))


@pages.page(Permission.SOURCES_EDIT, methods=("POST",))
def judging_confirm(request: pages.Request, pk: int) -> HttpResponse:
    """Confirm several that were carried over."""
    row, now = _edition(request, pk), timezone.now()
    picks = []
    for each in request.POST.getlist("pick")[:SIZE]:
        key, _dot, version = each.partition(".")
        if (found := rows.key_in(key)) is not None:
            picks.append((found, rows.key_in(version) or 0))
    was = held.carried_among(row, [key for key, _version in picks])
    done, left = actions.confirm_all(edition=row, picks=picks, by=request.user, now=now)
    said = ngettext("%(n)s clause is confirmed.", "%(n)s clauses are confirmed.", done) % {"n": done}
    if left:
        more = ngettext("%(n)s was changed meanwhile and stays.", "%(n)s were changed meanwhile and stay.", left)
        said = f"{said} {more % {'n': left}}"
    undo = undoing.offer(request.user, "sources.confirmed", edition=row.pk, at=now.isoformat(), was=was) if done else ""
    pages.done(request, said, undo)
    return redirect(pages.back_to(request, reverse("sources:judging", args=[row.pk])))


@pages.page(Permission.SOURCES_EDIT, methods=("POST",))
def judging_link(request: pages.Request, pk: int) -> HttpResponse:
    """A new clause is one that was held to be gone; or that is taken back."""
    row, now = _edition(request, pk), timezone.now()
    key, _dot, version = request.POST.get("new", "").partition(".")
    new = get_object_or_404(row.texts.select_related("clause"), pk=rows.key_in(key) or 0)
    if "undo" in request.POST:
        carrying.unlink(edition=row, text=new, by=request.user, now=now, expected=_version(request))
        pages.done(request, _("The two are separate clauses again."))
    else:
        old = get_object_or_404(queries.texts(request.user), pk=rows.key_in(request.POST.get("old", "")) or 0)
        seen = rows.key_in(version) or 0
        held_now = carrying.link(edition=row, old=old, new=new, by=request.user, now=now, expected=seen)
        undo = _offer_unlink(request, row, new, held_now)
        pages.done(request, _("%(new)s goes on from %(old)s.") % {"new": new, "old": old}, undo)
    return redirect(pages.back_to(request, reverse("sources:judging", args=[row.pk])))


def _offer_unlink(
    request: pages.Request, edition: models.Edition, new: models.ClauseText, row: models.Judgement | None
) -> str:
    """What takes a link back; nothing does where nothing was held of the old clause."""
    if row is None:
        return ""
    return undoing.offer(request.user, "sources.linked", edition=edition.pk, text=new.pk, version=row.version)


def _version(request: pages.Request) -> int:
    return rows.key_in(request.POST.get("version", "")) or 0


def _edition(request: pages.Request, pk: int) -> models.Edition:
    found = queries.editions(request.user).select_related("document__customer", "document__current")
    return get_object_or_404(found, pk=pk)
