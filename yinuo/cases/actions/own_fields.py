"""What is entered in the company's own fields: checked as the forms of steps are, told in words, changed on an item."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import get_language

from yinuo.cases import access, models
from yinuo.cases.engine import own_fields
from yinuo.cases.queries import own_fields as own_queries
from yinuo.kit import actors, refusals, rows
from yinuo.records import actions as records
from yinuo.search import actions as search


class WrongValue(refusals.Refusal):
    """A value does not fit the company's definition of its field."""


def check(of: str, values: Mapping[str, Any], field: str = "") -> None:
    """Refuse values that do not fit the definitions; `field`: where it is said, else at the field itself."""
    for key, words in own_fields.faults_in(own_queries.form_of(of), values):
        raise WrongValue(words.say(get_language() or "zh"), field=field or f"own_{key}")


def merged(of: str, before: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The new values, checked, beside those of fields that are asked no more: what was entered stays."""
    check(of, values)
    known = {field.key for field in own_queries.form_of(of).fields}
    return {**{key: value for key, value in before.items() if key not in known}, **values}


def in_words(of: str, changes: Iterable[rows.Change]) -> list[rows.Change]:
    """The changes with the values of own fields as people read them."""
    return [
        rows.Change("more", _said(of, change.old), _said(of, change.new)) if change.field == "more" else change
        for change in changes
    ]


def _said(of: str, values: Any) -> str:
    found = own_queries.answered(own_queries.form_of(of), values or {})
    return "；".join(f"{each.label.zh}：{each.value}" for each in found)


@transaction.atomic
def fill_in(
    *, item: models.Item, more: Mapping[str, Any], by: actors.Actor, now: datetime, expected: int
) -> models.Item:
    """Set the company's own fields of an item."""
    access.require_part(by, item.case)
    values = merged(own_fields.ITEM, item.more, more)
    changes = in_words(own_fields.ITEM, rows.change(item, expected=expected, more=values))
    if changes:
        note = {"item": item.position}
        records.write(by=by, now=now, word="cases.item.described", subject=item.case, changes=changes, note=note)
        search.refresh(item.case.subject_type, [item.case_id])
    return item
