"""Clauses for programs: what each says, what it is held to be and why, where in the standard it belongs."""

from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router, Schema

from yinuo.kit import api
from yinuo.org.definition import Permission
from yinuo.records import actions as records
from yinuo.sources import lists, models, queries
from yinuo.sources.queries import citing, judging, trees

router = Router(tags=["clauses"])
SEE = Permission.SOURCES_SEE


class ClauseJudgement(Schema):
    """What a clause is held to be: specific, other, informative or commercial. `state`: proposed (by the program),
    decided, or carried (over from an earlier edition, to be confirmed; `decided_on` is the key of what it said there).
    `because` are the words that led to what is `proposed`. `stands_for` is the key under which it is judged: the
    newest edition's. `version` is what `If-Match` says of most acts; where there is no judgement, 0."""

    nature: str
    state: str
    reason: str
    by: str
    at: datetime | None
    proposed: str
    certainty: float
    because: list[str]
    decided_on: str
    stands_for: str
    version: int


class ClauseMapping(Schema):
    """A clause of a standard to which it belongs: proposed, accepted or rejected. `because` are the words that led
    there, `score` (0 to 1) how much they weigh."""

    id: int
    standard: str
    edition: str
    number: str
    title: str
    state: str
    score: float
    because: list[str]
    by: str
    at: datetime | None
    version: int


class ClauseTranslation(Schema):
    """What it says in another language: typed, imported or carried (over from the edition before)."""

    language: str
    title: str
    body: str
    way: str
    by: str
    at: datetime | None
    version: int


class Clause(Schema):
    """One clause. `number` is the document's own, as printed; `parent` is the key of the clause above, "" at the top.
    `page` counts from 1 (0: the file has no pages). `doubts` are codes of what is to be looked at. `effective_on`:
    where the clause itself says from when it holds, in `effective_words`. `iatf`: the numbers of IATF 16949 to which
    somebody said that it belongs. Of a draft nothing is held yet."""

    key: str
    number: str
    title: str
    text: str
    parent: str
    depth: int
    page: int
    confidence: float
    doubts: list[str]
    effective_on: date | None
    effective_words: str
    judgement: ClauseJudgement | None
    iatf: list[str]
    mappings: list[ClauseMapping]
    translations: list[ClauseTranslation]


class Left(Schema):
    """Words that belong to no clause, and why."""

    text: str
    reason: str


class Clauses(Schema):
    """All clauses of an edition in the order of the document; `assigned` of `characters` stand in clauses."""

    state: str
    is_accepted: bool
    assigned: int
    characters: int
    clauses: list[Clause]
    left_over: list[Left]


class ClauseOfList(Schema):
    """A clause as it stands in the list of clauses. `nature` and `state` are "" where nothing is proposed yet."""

    key: str
    number: str
    title: str
    text: str
    nature: str
    state: str
    iatf: list[str]
    effective_on: date | None
    page: int
    document: api.Named
    edition: api.Named
    customer: api.Named | None

    @staticmethod
    def resolve_key(row: Any) -> str:
        return str(row.pk)

    @staticmethod
    def resolve_nature(row: Any) -> str:
        return str(getattr(lists.judgement_of(row), "nature", ""))

    @staticmethod
    def resolve_state(row: Any) -> str:
        return str(getattr(lists.judgement_of(row), "state", ""))

    @staticmethod
    def resolve_iatf(row: Any) -> list[str]:
        return [each.target_text.number for each in row.clause.accepted]

    @staticmethod
    def resolve_document(row: Any) -> dict[str, Any]:
        return {"id": row.edition.document_id, "name": row.edition.document.title}

    @staticmethod
    def resolve_edition(row: Any) -> dict[str, Any]:
        return {"id": row.edition_id, "name": row.edition.label}

    @staticmethod
    def resolve_customer(row: Any) -> Any:
        return row.edition.document.customer


class SaidBefore(Schema):
    """A clause of the edition before that it goes on from."""

    key: str
    number: str
    edition: int


class CitedByClause(Schema):
    """A document that the clause names, and whether we hold it (see `/cited-documents`)."""

    id: int
    designation: str
    edition: str
    printed: str
    state: str


class ObsoleteInClause(Schema):
    """What of the clause is no longer so (see `/obsolete`)."""

    id: int
    printed: str
    state: str


class OneClause(Clause):
    """A clause with its document, what became of it and what it names. `became`: same, moved, renumbered, reworded,
    split, merged or new since the edition before ("": it was in the first one); `contradicts`: clauses that became
    one were held to be different. `is_linked`: somebody said that it goes on from one that seemed gone."""

    document: api.Named
    edition: api.Named
    customer: api.Named | None
    became: str
    before: list[SaidBefore]
    contradicts: bool
    is_linked: bool
    cites: list[CitedByClause]
    obsolete: list[ObsoleteInClause]
    url: str


class EditionJudging(Schema):
    """How far the judging of an edition is. `gone`: clauses of the edition before that this one has not; `arrived`:
    those that are new: one of them may be what seems gone. `coming`: proposals that are still to be made."""

    proposed: int
    decided: int
    carried: int
    unmapped: int
    coming: int
    is_accepted: bool
    gone: list[Clause]
    arrived: list[Clause]


@api.call(router, "GET", "/clauses", SEE, api.Listed[ClauseOfList], sheet=lists.CLAUSES)
def clauses(request: api.Request) -> dict[str, Any]:
    """All accepted clauses of editions that hold, with what they are held to be."""
    return api.listed(request, lists.CLAUSES, lists.clause_rows(queries.listed_texts(request.user)))


@api.call(router, "GET", "/clauses/{int:id}", SEE, OneClause)
def clause(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """One clause in one edition, with all that is held of it."""
    text = look(request, id)
    records.note_reading(subject=text, way="read", by=request.user, now=timezone.now())
    return told(request, response, id)


@api.call(router, "GET", "/editions/{int:id}/clauses", SEE, Clauses)
def edition_clauses(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """The clauses of an edition, as they were read and corrected; while it is being read there are none."""
    row = api.found(queries.editions(request.user), pk=id)
    records.note_reading(subject=row, way="read", by=request.user, now=timezone.now())
    api.tagged(response, row.version)
    return trees.told(row)


@api.call(router, "GET", "/editions/{int:id}/judging", SEE, EditionJudging)
def edition_judging(request: api.Request, id: int) -> Any:  # noqa: A002 - as the address says
    """How far the judging of an edition is; what it dropped and what is new."""
    row = api.found(queries.editions(request.user), pk=id)
    records.note_reading(subject=row, way="read", by=request.user, now=timezone.now())
    counts = judging.counts(row)
    lines = {"gone": row.lineage.filter(new=None).values("old"), "arrived": row.lineage.filter(old=None).values("new")}
    texts = queries.texts(request.user)
    found = {name: judging.whole(texts.filter(pk__in=keys).order_by("place")) for name, keys in lines.items()}
    names = ("proposed", "decided", "carried", "unmapped", "coming")
    return {
        **{name: getattr(counts, name) for name in names},
        **{name: [trees.clause(each) for each in rows] for name, rows in found.items()},
        "is_accepted": row.clauses == models.Edition.Clauses.ACCEPTED,
    }


def look(request: api.Request, key: int) -> models.ClauseText:
    """The clause in its edition, if the person may see it; else 404."""
    rows = queries.texts(request.user).select_related("edition__document", "clause__judgement__by")
    return api.found(rows, pk=key)


def told(request: api.Request, response: HttpResponse, key: int, *, is_new: bool = False) -> dict[str, Any]:
    """The clause as it is now. Its version is the one of what it is held to be."""
    row = api.found(judging.whole(queries.texts(request.user)), pk=key)
    said = trees.clause(row)
    version = said["judgement"]["version"] if said["judgement"] else 0
    api.tagged(response, version, f"/api/v1/clauses/{row.pk}" if is_new else "")
    edition, line = row.edition, judging.lines(row.edition, [row]).get(row.pk)
    own = lists.judgement_of(row)
    kind = edition.lineage.filter(new=row).values_list("kind", flat=True).first()
    return {
        **said,
        "document": {"id": edition.document_id, "name": edition.document.title},
        "edition": {"id": edition.pk, "name": edition.label},
        "customer": edition.document.customer,
        "became": kind or "",
        "before": [
            {"key": str(old.pk), "number": old.number, "edition": old.edition_id} for old in (line.olds if line else ())
        ],
        "contradicts": bool(line and own and own.state == judging.STATE.CARRIED and line.contradicts(own)),
        "is_linked": judging.is_linked_by_hand(row),
        "url": f"/sources/clauses/{row.pk}/",
        **_named_in(row),
    }


def _named_in(row: models.ClauseText) -> dict[str, Any]:
    """What a clause in force names; an earlier wording says nothing."""
    if row.edition.standing == models.Standing.SUPERSEDED:
        return {"cites": [], "obsolete": []}
    return {
        "cites": [
            {
                "id": each.reference_id, "printed": each.printed, "designation": each.reference.designation,
                "edition": each.reference.edition, "state": each.reference.state,
            }
            for each in citing.cited_in([row.pk])[row.pk]
        ],
        "obsolete": [
            {"id": each.pk, "printed": each.printed, "state": each.state}
            for each in citing.obsolete_in([row.pk])[row.pk]
        ],
    }  # fmt: skip
