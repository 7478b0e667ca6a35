"""Workbooks → lines: which table, which columns, what each row means for what is there."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yinuo.imports import actions, lists, models, queries, rules
from yinuo.kit import actors, importing
from yinuo.kit.sheets import apart, heads, mapping
from yinuo.kit.sheets.definition import Book, Grid, Unreadable, address

BLOCK = 500


def first_look(kind: importing.Kind, content: bytes, name: str, person: Any) -> dict[str, Any]:
    """What an import begins with: the sheet, its headings, and which column probably holds what."""
    book = apart.read(content, name)
    fields = kind.fields(person)
    table = _likeliest(book, fields)
    if table is None:
        raise Unreadable("no_table")
    return {**_said_of(table, book), "columns": _proposed(kind, table, fields)}


def _likeliest(book: Book, fields: list[mapping.Field]) -> heads.Table | None:
    """The table with the most columns that are known; hidden sheets are not looked at."""
    known = mapping.is_known(fields)
    tables = [found for grid in book.grids if not grid.is_hidden and (found := heads.found_in(grid, known))]
    return max(tables, key=lambda table: len(mapping.propose(table.headings, fields)), default=None)


def _said_of(table: heads.Table, book: Book) -> dict[str, Any]:
    hidden = sum(grid.is_hidden for grid in book.grids)
    rows = sum(line.number in table.grid.hidden_rows for line in table.lines)
    columns = len(set(table.headings) & table.grid.hidden_columns)
    passed = sum(why != "empty" for _row, why in table.skipped)
    numbers = {"hidden_sheets": hidden, "hidden_rows": rows, "hidden_columns": columns, "skipped": passed}
    notes = [[code, facts] for code, facts in book.notes if code in lists.NOTES]
    return {
        "sheet": table.grid.name,
        "sheets": [grid.name for grid in book.grids if not grid.is_hidden],
        "heading_rows": list(table.heading_rows),
        "headings": {str(column): words for column, words in table.headings.items()},
        "print": table.print,
        "notes": [*notes, *([code, {"n": n}] for code, n in numbers.items() if n)],
    }


def _proposed(kind: importing.Kind, table: heads.Table, fields: list[mapping.Field]) -> dict[str, int]:
    """As somebody assigned such a file last, else the likeliest."""
    if (before := queries.remembered(kind, table.print)) is not None:
        return before
    return {each.field: each.column for each in mapping.propose(table.headings, fields)}


def _book(row: models.Import) -> Book:
    return apart.read(queries.source_of(row).blob.path.read_bytes(), row.name)


def _grid(book: Book, sheet: str) -> Grid:
    found = next((grid for grid in book.grids if grid.name == sheet), None)
    if found is None:
        raise Unreadable("no_table")
    return found


def samples(row: models.Import, most: int = 3) -> dict[str, list[str]]:
    """The first values of each column, so that people see what they assign."""
    table = heads.at_rows(_grid(_book(row), row.sheet), row.heading_rows)
    found: dict[str, list[str]] = defaultdict(list)
    for line in table.lines[:30]:
        for column, value in line.values.items():
            if value is not None and len(found[str(column)]) < most:
                found[str(column)].append(str(value)[:40])
    return found


def raw_rows(row: models.Import) -> dict[int, dict[int, Any]]:
    """The rows of the table as they stand in the workbook: row → column → value."""
    table = heads.at_rows(_grid(_book(row), row.sheet), row.heading_rows)
    return {line.number: line.values for line in table.lines}


def check(row: models.Import, now: datetime) -> None:
    """Check every row against fields, company and file, and keep what each would mean. Writes nothing else."""
    person = queries.whose(row)
    try:
        if person is None:
            raise Unreadable("nobody")
        lines = checked(row, person)
    except Unreadable as fault:
        actions.give_up(row=row, code=fault.code, facts=fault.facts, by=actors.PROGRAM, now=now)
    else:
        actions.keep_lines(row=row, lines=lines, by=person, now=now)


def checked(row: models.Import, person: Any) -> list[models.Line]:
    """Each row of the table as a line."""
    kind = importing.kind_of(row.kind)
    fields = kind.fields(person)
    columns = {key: int(column) for key, column in row.columns.items()}
    table = heads.at_rows(_grid(_book(row), row.sheet), row.heading_rows)
    found, problems = mapping.rows_of(table, fields, columns)
    wrong: dict[int, list[list[Any]]] = defaultdict(list)
    faulty: set[int] = set()
    for each in problems:
        wrong[each.row].append([each.address, lists.said(lists.WRONG, each.code, each.facts), each.is_warning])
        faulty |= set() if each.is_warning else {each.row}
    identities = [(number, kind.identity(values)) for number, values in found]
    twins = rules.twins(identities)
    for number, first in twins.items():
        wrong[number].append([str(number), lists.said(lists.WRONG, "twin", {"first": first}), False])
    known = {identity for _number, identity in identities if identity}
    good = [(number, values) for number, values in found if number not in faulty and number not in twins]
    findings = _looked_at(kind, good, person, known)
    return [_line(row, kind, number, values, findings.get(number), wrong[number], columns) for number, values in found]


def _looked_at(
    kind: importing.Kind, rows: list[tuple[int, dict[str, Any]]], person: Any, known: set[str]
) -> Mapping[int, importing.Finding]:
    found: dict[int, importing.Finding] = {}
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK]
        looked = kind.look(rows=[values for _number, values in block], person=person, known=known)
        found |= {number: finding for (number, _values), finding in zip(block, looked, strict=True)}
    return found


def _line(
    row: models.Import,
    kind: importing.Kind,
    number: int,
    values: dict[str, Any],
    finding: importing.Finding | None,
    wrong: list[list[Any]],
    columns: Mapping[str, int],
) -> models.Line:
    if finding is None:
        label, state = kind.identity(values), importing.FAULT
    else:
        label, state = finding.label, finding.state
        for pairs, is_doubt in ((finding.problems, False), (finding.doubts, True)):
            wrong += [[_cell(number, columns.get(key)), sentence, is_doubt] for key, sentence in pairs]
        if finding.state == importing.CHANGE:
            wrong += [["", f"{words}：{old or '—'} → {new}", True] for words, old, new in finding.changes]
    return models.Line(
        of=row,
        number=number,
        place=kind.order(values) if state != importing.FAULT else 0,
        label=label[:300],
        state=state,
        values=rules.resting(values),
        said=wrong,
        seen=finding.version if finding else None,
    )


def _cell(number: int, column: int | None) -> str:
    return address(number, column) if column else str(number)
