"""Decisions of procedures: tables read against facts, form values, which due moment counts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yinuo.procedures.definition.shapes import Definition, Due, Fact, Field, Form, Json
from yinuo.procedures.definition.tables import Table
from yinuo.procedures.definition.texts import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a table decided: `outcome`, `row` (0-based, -1 = otherwise), `why` in words."""

    outcome: str
    row: int
    why: Text


def decide(table: Table, facts: Mapping[str, Json], words: Mapping[str, Fact] | None = None) -> Verdict:
    """The first row that holds, and why, in words. Missing facts are empty: no comparison holds with them
    except `empty`, `is not` and `not in`. Never raises: values that cannot be compared do not match."""
    raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueFault:
    """One wrong value of a form: field key and words."""

    field: str
    words: Text


def shown_fields(form: Form, data: Mapping[str, Json], facts: Mapping[str, Json]) -> tuple[Field, ...]:
    """The fields of a form that are asked now, given what is entered so far (fields by their bare key) and facts."""
    raise NotImplementedError


def check_values(form: Form, data: Mapping[str, Json], facts: Mapping[str, Json]) -> tuple[ValueFault, ...]:
    """What is wrong with the values of a form: required and empty, wrong type, unknown option, unknown field.
    Kinds plugged in by upper rooms are only checked for being required."""
    raise NotImplementedError


def due_base(due: Due, facts: Mapping[str, Json], opened_at: str) -> str:
    """The ISO day or moment a due span counts from: the fact's when it is known, else the opening."""
    raise NotImplementedError


def fact_words(definition: Definition) -> dict[str, Fact]:
    """Words for facts of a definition: declared ones, and outcomes and verdicts of its own steps."""
    raise NotImplementedError
