"""The standards on record and their clauses, for programs."""

from typing import Any

from ninja import Schema

from yinuo.kit import api
from yinuo.sources.api import documents
from yinuo.sources.queries import standards as standard_queries

router = documents.router
SEE = documents.SEE


class Standard(Schema):
    """A standard, how many clauses its current edition has, and how many clauses of customers belong to them."""

    id: int
    number: str
    title: str
    current: documents.Edition
    clauses: int
    mapped: int
    next_edition: str


class Standards(Schema):
    """All standards on record."""

    standards: list[Standard]


class StandardClause(Schema):
    """One clause of a standard. `of`: whose it is (IATF 16949 has those of ISO 9001). `mapped`: customer → how many."""

    key: str
    number: str
    zh: str
    en: str
    of: str
    parent: str
    depth: int
    mapped: dict[str, int]


class StandardClauses(Schema):
    """The clauses of the current edition of a standard, in order."""

    edition: documents.Edition
    clauses: list[StandardClause]


@api.call(router, "GET", "/standards", SEE, Standards)
def standards(request: api.Request) -> Any:
    """The standards on record; `next_edition` is one that is being introduced."""
    return {
        "standards": [
            {
                "id": each.document.pk, "number": each.document.number, "title": each.document.title,
                "current": each.document.current, "clauses": each.clauses, "mapped": each.mapped,
                "next_edition": baseline.after.label if baseline else "",
            }
            for each, baseline in standard_queries.overview(request.user)
            if each.document.current
        ]
    }  # fmt: skip


@api.call(router, "GET", "/standards/{int:id}/clauses", SEE, StandardClauses)
def standard_clauses(request: api.Request, id: int) -> Any:  # noqa: A002 - as the address says
    """The clauses of a standard in both languages, and how many of which customers' clauses belong to each."""
    row = api.found(standard_queries.standards(request.user).filter(current__isnull=False), pk=id)
    return {
        "edition": row.current,
        "clauses": [
            {
                "key": str(line.text.pk), "number": line.text.number, "zh": line.zh, "en": line.en, "of": line.of,
                "parent": str(line.text.parent_id or ""), "depth": line.text.depth,
                "mapped": dict(line.customers),
            }
            for line in standard_queries.lines_of(row.current, request.user)  # type: ignore[arg-type]
        ],
    }  # fmt: skip
