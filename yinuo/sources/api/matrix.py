"""The matrix for programs: clauses of IATF 16949 down, customers across."""

from typing import Any, Literal

from ninja import Query, Router, Schema
from pydantic import Field

from yinuo.kit import api
from yinuo.org.definition import Permission
from yinuo.sources.api import documents
from yinuo.sources.queries import matrix as queries

router = Router(tags=["clauses"])


class AskedMatrix(Schema):
    """`customer` may stand several times; `chapter` is the first number of a clause; `content` leaves out rows that
    hold nothing."""

    customer: list[int] = []
    chapter: str = Field("", max_length=8)
    show: Literal["", "content"] = ""


class MatrixCustomer(Schema):
    """A customer, and how far its documents and those of the customers above it are judged. `waiting`: documents whose
    newest edition is not accepted; `unplaced`: requirements that belong to no clause of the standard. Only where
    `is_judged` can it be said of an empty cell that nothing special is asked."""

    customer: api.Named
    clauses: int
    decided: int
    waiting: int
    unplaced: int
    is_judged: bool


class MatrixPoint(Schema):
    """A clause of a customer. A sure one was judged, and accepted there, by a person; any other is proposed."""

    key: str
    number: str
    title: str
    is_sure: bool


class MatrixCell(Schema):
    """What of a customer belongs to a clause of the standard."""

    customer: int
    clauses: list[MatrixPoint]


class MatrixRow(Schema):
    """A clause of the standard, with the cells that hold something."""

    key: str
    number: str
    zh: str
    en: str
    parent: str
    depth: int
    cells: list[MatrixCell]


class Matrix(Schema):
    """The matrix. `edition`: of the standard; null while it is not on record. `left`: customers that found no place,
    as no more than twelve stand beside each other; ask for them by `customer`."""

    edition: documents.Edition | None
    customers: list[MatrixCustomer]
    left: list[api.Named]
    rows: list[MatrixRow]


@api.call(router, "GET", "/matrix", Permission.SOURCES_SEE, Matrix)
def matrix(request: api.Request, asked: Query[AskedMatrix]) -> Any:
    """Which clauses of IATF 16949 which customers supplement, and where they do not."""
    api.refuse_unknown(request, {"customer", "chapter", "show"})
    choices = queries.choices(request.user)
    chosen = [each for each in choices if each.pk in asked.customer] if asked.customer else choices
    columns = queries.columns(request.user, chosen[: queries.MOST])
    standard = queries.standard(request.user)
    edition = standard.current if standard else None
    found = queries.rows(edition, request.user, columns) if edition else []
    found = [row for row in found if not asked.chapter or _chapter(row) == asked.chapter]
    return {
        "edition": edition,
        "customers": columns,
        "left": chosen[queries.MOST :],
        "rows": [_row(each) for each in (queries.with_points(found) if asked.show else found)],
    }


def _chapter(row: queries.Row) -> str:
    return str(row.line.text.number.split(".")[0])


def _row(row: queries.Row) -> dict[str, Any]:
    text = row.line.text
    return {
        "key": str(text.pk), "number": text.number, "zh": row.line.zh, "en": row.line.en,
        "parent": str(text.parent_id or ""), "depth": text.depth,
        "cells": [
            {"customer": column.customer.pk, "clauses": [_point(each) for each in points]}
            for points, column in row.pairs
            if points
        ],
    }  # fmt: skip


def _point(point: queries.Point) -> dict[str, Any]:
    return {"key": str(point.pk), "number": point.words, "title": point.title, "is_sure": point.is_sure}
