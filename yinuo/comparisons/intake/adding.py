"""Rows of the file that have no key: new ones, which go the way of an import."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from yinuo.comparisons import models
from yinuo.comparisons.engine import merging
from yinuo.imports import rules
from yinuo.kit import importing
from yinuo.kit.sheets import heads, mapping

if TYPE_CHECKING:
    from yinuo.comparisons.intake.comparing import Comparing

State = models.Row.State
ADDED = "new"
STATES = {importing.NEW: State.NEW, importing.FAULT: State.ERROR}


def rows(found: "Comparing") -> list[models.Row]:
    """What each row without a key would add, or why not."""
    wanted = set(found.extra)
    if not wanted:
        return []
    lines = [line for line in heads.at_rows(found.grid, (found.heading_row,)).lines if line.number in wanted]
    if not found.it.adds:
        return [_only_said(line, "not_added", {}) for line in lines if any(line.values.values())]
    kind = importing.kind_of(found.it.adds)
    if not kind.may(found.person):
        return [_only_said(line, "not_added", {}) for line in lines]
    return _looked_at(found, kind, lines)


def _looked_at(found: "Comparing", kind: importing.Kind, lines: list[heads.Line]) -> list[models.Row]:
    fields = kind.fields(found.person)
    as_new = found.it.as_new
    columns = {as_new[each.key]: each.at for each in found.columns if each.key in as_new}
    table = heads.Table(found.grid, (found.heading_row,), found.headings, lines)
    values, problems = mapping.rows_of(table, fields, columns)
    by_row: dict[int, list[mapping.Problem]] = {}
    for each in problems:
        if not each.is_warning:
            by_row.setdefault(each.row, []).append(each)
    twins = rules.twins([(number, kind.identity(row)) for number, row in values])
    good = [(number, row) for number, row in values if number not in by_row and number not in twins]
    known = {kind.identity(row) for _number, row in good}
    looked = kind.look(rows=[row for _number, row in good], person=found.person, known=known)
    by_number = {number: finding for (number, _row), finding in zip(good, looked, strict=True)}
    made = []
    for number, row in values:
        it = by_number.get(number)
        said = [[each.code, dict(each.facts)] for each in by_row.get(number, ())]
        if number in twins:
            said.append(["doubled", {"first": twins[number]}])
        said += [["said", {"sentence": sentence}] for _key, sentence in (it.problems if it else ())]
        state = STATES.get(it.state, State.SAID) if it else State.ERROR
        if state == State.SAID:
            said.append(["there", {}])
        cells = _cells(found, number)
        label = it.label if it else cells[0].theirs if cells else ""
        made.append(
            models.Row(
                number=number, label=label[:300], state=state, said=said, values=resting(row),
                cells=[asdict(cell) for cell in cells],
            )
        )  # fmt: skip
    return made


def _cells(found: "Comparing", number: int) -> list[merging.Cell]:
    """What stands in a new row."""
    told = ((each, merging.heard(each, found.grid.at(number, each.at), "").text) for each in found.columns)
    return [merging.Cell(each.key, ADDED, "", text, "") for each, text in told if text]


def _only_said(line: heads.Line, code: str, facts: dict[str, Any]) -> models.Row:
    first = next((str(value) for value in line.values.values() if value not in (None, "")), "")
    return models.Row(number=line.number, label=first[:300], state=State.SAID, said=[[code, facts]])


def resting(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON keeps them; moments by the clock of the file."""
    return {key: _resting(value) for key, value in values.items()}


def _resting(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value if timezone.is_aware(value) else timezone.make_aware(value)).isoformat()
    return value.isoformat() if isinstance(value, date) else value
