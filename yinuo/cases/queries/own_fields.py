"""The company's own fields of cases and items, and what was entered in them."""

from collections.abc import Mapping
from typing import Any

from yinuo.cases.engine import own_fields
from yinuo.cases.queries import conventions as convention_queries
from yinuo.procedures.definition.shapes import Form
from yinuo.procedures.queries import answers


def form_of(of: str) -> Form:
    """The fields of a case, or of an item, as the company defined them."""
    return own_fields.form_of(convention_queries.convention().fields, of)


def forms() -> tuple[Form, Form]:
    """The fields of a case and of an item, asked for once."""
    plain = convention_queries.convention().fields
    return own_fields.form_of(plain, own_fields.CASE), own_fields.form_of(plain, own_fields.ITEM)


def answered(form: Form, values: Mapping[str, Any]) -> list[answers.Answer]:
    """What was entered, in words, in the order of the fields."""
    return answers.answered(form, values)


def words_in(values: Mapping[str, Any]) -> list[str]:
    """The words worth finding among the values."""
    return [value for value in values.values() if isinstance(value, str)]
