"""What is read for judging clauses: what is to do, what the program proposes and why, what was held before."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet

from yinuo.kit import models as kit
from yinuo.sources import models
from yinuo.sources.rules import carrying, comparing

STATE = models.Judgement.State
MAPPED = models.Mapping.State
ONE_MORE = F("version") + 1
REQUIREMENTS = (models.Nature.SPECIFIC, models.Nature.OTHER)
STANDARD = models.USUAL  # to which clauses of customers are mapped
MAPPINGS = models.Mapping.objects.select_related("target_text__edition__document").order_by("-score", "pk")
ACCEPTED = MAPPINGS.filter(state=MAPPED.ACCEPTED, target_text__edition__document__number=STANDARD).order_by(
    "target_text__place", "pk"
)


# The standard ---------------------------------------------------------------------------------------------------------


def targets() -> QuerySet[models.ClauseText]:
    """The clauses of the edition of the standard that holds."""
    return models.ClauseText.objects.filter(
        edition__document__kind=models.DocumentKind.STANDARD,
        edition__document__number=STANDARD,
        edition=F("edition__document__current"),
    ).order_by("place")


def targets_by_number() -> dict[str, models.ClauseText]:
    return {each.number: each for each in targets()}


def targets_like(said: str, most: int = 30) -> list[models.ClauseText]:
    """Clauses of the standard by the beginning of their number or by words of their title, in either language."""
    number, title = Q(number__startswith=said.strip()), Q(title__icontains=said.strip())
    other = Q(pk__in=models.Translation.objects.filter(title__icontains=said.strip()).values("text"))
    return list(targets().filter(number | title | other)[:most])


def target_words(mapping: models.Mapping) -> str:
    """A clause of a standard as one speaks of it."""
    return f"{mapping.target_text.edition.document.number} {mapping.target_text.number}"


# One clause -----------------------------------------------------------------------------------------------------------


def text_of(clause: int) -> models.ClauseText:
    """The text for which a clause's judgement stands, else its newest."""
    held = models.Judgement.objects.filter(clause=clause).select_related("text").first()
    return held.text if held else models.ClauseText.objects.filter(clause=clause).latest("edition__received_on", "pk")


def headings(texts: Sequence[models.ClauseText]) -> dict[int, list[str]]:
    """The titles above each text, the outermost first. Texts stand in the order of their document."""
    above: dict[int, list[str]] = {}
    known = {each.pk: each for each in texts}
    for each in texts:
        over = known.get(each.parent_id or 0)
        above[each.pk] = [*above.get(over.pk, []), over.title] if over is not None and over.title else []
        if over is not None and not over.title:
            above[each.pk] = above.get(over.pk, [])
    return above


# One edition ----------------------------------------------------------------------------------------------------------


def unproposed(edition: models.Edition) -> QuerySet[models.ClauseText]:
    """Clauses for which the program has still to say something: new ones, and those that say something else now."""
    return edition.texts.filter(
        Q(clause__judgement=None) | Q(clause__judgement__proposed="", clause__judgement__text=F("pk"))
    )


def is_being_proposed(edition: models.Edition) -> bool:
    """Whether the worker is at it."""
    open_ = (kit.Job.State.WAITING, kit.Job.State.RUNNING)
    return kit.Job.objects.filter(key__startswith=f"sources.propose:{edition.pk}-", state__in=open_).exists()


@dataclass(frozen=True)
class Counts:
    """How far the judging of an edition is."""

    proposed: int
    decided: int
    carried: int
    unmapped: int
    gone: int
    coming: int  # proposals that are still to be made

    @property
    def all(self) -> int:
        return self.proposed + self.decided + self.carried

    @property
    def todo(self) -> int:
        return self.proposed + self.carried


def judged(edition: models.Edition) -> QuerySet[models.ClauseText]:
    """The texts of an edition with what their clauses are held to be."""
    return edition.texts.select_related("clause__judgement__by", "clause__judgement__was", "edition").prefetch_related(
        Prefetch("clause__mappings", MAPPINGS)
    )


def whole(texts: QuerySet[models.ClauseText]) -> QuerySet[models.ClauseText]:
    """Clauses with all that is held of them, as programs take them. As many queries for one as for all."""
    mappings = MAPPINGS.select_related("target_text__edition__document", "by")
    return texts.select_related("edition__document__customer", "clause__judgement__by").prefetch_related(
        Prefetch("clause__mappings", mappings), "translations__by"
    )


def counts(edition: models.Edition) -> Counts:
    mine = models.Judgement.objects.filter(clause__texts__edition=edition)
    by_state = Counter(mine.values_list("state", flat=True))
    return Counts(
        proposed=by_state[STATE.PROPOSED],
        decided=by_state[STATE.DECIDED],
        carried=by_state[STATE.CARRIED],
        unmapped=unmapped(edition).count(),
        gone=edition.lineage.filter(new=None).count(),
        coming=unproposed(edition).count(),
    )


def unmapped(edition: models.Edition) -> QuerySet[models.ClauseText]:
    """Customer-specific requirements that belong to no clause of the standard yet. Of other requirements it does not
    speak; they may stay without."""
    mapped = ACCEPTED.order_by().values("clause")
    return edition.texts.filter(clause__judgement__nature=models.Nature.SPECIFIC).exclude(clause__in=mapped)


def keys(edition: models.Edition, show: str, nature: str, chapter: int) -> list[int]:
    """The texts that a filter finds, in order; of what was carried over, changed values come first."""
    found = unmapped(edition) if show == "unmapped" else edition.texts.all()
    states = {"todo": (STATE.PROPOSED, STATE.CARRIED), **{each: (each,) for each in STATE.values}}.get(show)
    if states:
        found = found.filter(clause__judgement__state__in=states)
    if nature:
        found = found.filter(clause__judgement__nature=nature)
    if chapter:
        begin, end = _span(edition, chapter)
        found = found.filter(place__gte=begin, **({"place__lt": end} if end is not None else {}))
    in_order = list(found.order_by("place").values_list("pk", flat=True))
    if show != STATE.CARRIED:
        return in_order
    valued = set(edition.lineage.exclude(values=[]).exclude(new=None).values_list("new_id", flat=True))
    return sorted(in_order, key=lambda key: key not in valued)


def chapters(edition: models.Edition) -> list[tuple[int, int, str]]:
    """The uppermost clauses of an edition: key, place, words."""
    top = edition.texts.filter(depth=0).order_by("place").values_list("pk", "place", "number", "title", "text")
    return [(pk, place, f"{number} {title or text[:24]}".strip()) for pk, place, number, title, text in top]


def _span(edition: models.Edition, chapter: int) -> tuple[int, int | None]:
    places = [(pk, place) for pk, place, _words in chapters(edition)]
    at = next((at for at, (pk, _place) in enumerate(places) if pk == chapter), None)
    if at is None:
        return 0, None
    return places[at][1], places[at + 1][1] if at + 1 < len(places) else None


@dataclass
class Line:
    """What became of a clause since the edition before, as the page of judging shows it."""

    kind: str
    olds: list[models.ClauseText] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    held: list[models.Judgement] = field(default_factory=list)  # what those that were merged into it were held to be

    def contradicts(self, own: models.Judgement | None) -> bool:
        """Whether clauses that became one were held to be different things."""
        every = [*self.held, *([own] if own else [])]
        return carrying.contradicts([carrying.Held(each.state, each.nature, each.text_id) for each in every])


def lines(edition: models.Edition, texts: Iterable[models.ClauseText]) -> dict[int, Line]:
    """What became of these texts since the edition before, by their keys."""
    found: dict[int, Line] = {}
    mine = {each.pk: each for each in texts}
    for row in edition.lineage.filter(new__in=mine, old__isnull=False).select_related("old"):
        line = found.setdefault(row.new_id or 0, Line(row.kind))
        if row.old is not None:
            line.olds.append(row.old)
        line.values = line.values or row.values
    merged = {
        old.clause_id: key for key, line in found.items() if line.kind == comparing.Kind.MERGED for old in line.olds
    }
    for held in models.Judgement.objects.filter(clause__in=merged).select_related("text"):
        if held.clause_id != mine[merged[held.clause_id]].clause_id:
            found[merged[held.clause_id]].held.append(held)
    return found


def carried_among(edition: models.Edition, texts: Iterable[int]) -> list[tuple[int, int | None, str | None]]:
    """Who decided what was carried over, and when, of these texts: what taking a confirmation back needs."""
    mine = models.Judgement.objects.filter(text__edition=edition, text__in=list(texts), state=STATE.CARRIED)
    return [(row.pk, row.by_id, row.at.isoformat() if row.at else None) for row in mine]


def gone(edition: models.Edition) -> list[models.Lineage]:
    """What the edition before had and this one has not, with what it was held to be."""
    rows = edition.lineage.filter(new=None).select_related("old__clause__judgement__by", "old__edition")
    return list(rows.prefetch_related(Prefetch("old__clause__mappings", MAPPINGS)))


def arrived(edition: models.Edition) -> list[models.ClauseText]:
    """What this edition has and the one before had not: one of them may be what seems gone."""
    mine = edition.texts.filter(pk__in=edition.lineage.filter(old=None).values("new"))
    return list(mine.select_related("clause__judgement").order_by("place"))


def through_time(text: models.ClauseText) -> list[models.ClauseText]:
    """What a clause said in each edition, the newest first."""
    mine = models.ClauseText.objects.filter(clause=text.clause_id).select_related("edition")
    return list(mine.order_by("-edition__received_on", "-edition_id"))


def is_linked_by_hand(text: models.ClauseText) -> bool:
    """Whether somebody said that this clause, new in its edition, is one that seemed gone."""
    return models.Judgement.objects.filter(text=text).exclude(clause=text.clause_id).exists()
