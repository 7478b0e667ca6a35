"""Workbooks → lines: which table, which columns, what each row means for what is there."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yinuo.imports import actions, lists, models, queries, rules
from yinuo.kit import actors, importing
from yinuo.kit.sheets import apart, heads, mapping, parts, remarks, secrets, writing
from yinuo.kit.sheets.definition import Book, Grid, Unreadable, address

BLOCK = 500


def first_look(kind: importing.Kind, content: bytes, name: str, person: Any) -> dict[str, Any]:
    """What an import begins with: the sheet, its headings, and which column probably holds what.

    Where nobody knows a heading, it begins without: somebody says in which rows they stand.
    """
    book = apart.read(content, name)
    if (found := secrets.column_of_passwords(book)) is not None:
        sheet, cell, heading = found
        raise Unreadable("passwords", place=f"{sheet}!{cell}" if sheet else cell, heading=heading)
    shown = [grid for grid in book.grids if not grid.is_hidden]
    if not shown:
        raise Unreadable("no_table")
    fields = kind.fields(person)
    table = _as_before(kind, shown) or _likeliest(shown, fields)
    if table is None:
        blank = heads.headed(max(shown, key=lambda grid: len(grid.rows)), ())
        return {**_said_of(blank, book), "columns": {}}
    return {**_said_of(table, book), "columns": _proposed(kind, table, fields)}


def _as_before(kind: importing.Kind, grids: list[Grid]) -> heads.Table | None:
    """The table whose headings stand in the rows in which somebody said that such headings stand."""
    for rows, mark in queries.headed_by_hand(kind):
        for grid in grids:
            if rows[-1] <= len(grid.rows) and rules.print_of(heads.headed(grid, rows).print) == mark:
                return heads.at_rows(grid, rows)
    return None


def _likeliest(grids: list[Grid], fields: list[mapping.Field]) -> heads.Table | None:
    """The table with the most columns that are known; hidden sheets are not looked at."""
    known = mapping.is_known(fields)
    tables = [found for grid in grids if (found := heads.found_in(grid, known))]
    return max(tables, key=lambda table: len(mapping.propose(table.headings, fields)), default=None)


def chosen(row: models.Import, sheet: str, rows: list[int], person: Any) -> dict[str, Any]:
    """The table whose headings somebody says stand in these rows of this sheet, as `first_look` tells it."""
    kind, book = importing.kind_of(row.kind), _book(row)
    table = heads.at_rows(_grid(book, sheet), rows)
    return {**_said_of(table, book), "columns": _proposed(kind, table, kind.fields(person))}


def grid_of(row: models.Import, sheet: str, most_rows: int = 30, most_columns: int = 30) -> list[list[str]]:
    """The first cells of a sheet, so that people see where its headings stand."""
    rows = _grid(_book(row), sheet or row.sheet).rows[:most_rows]
    width = min(most_columns, max((len(line) for line in rows), default=0))
    shown = [["" if value is None else str(value)[:60] for value in line[:width]] for line in rows]
    return [line + [""] * (width - len(line)) for line in shown]


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


# What was wrong ------------------------------------------------------------------------------------------------------


def marked(row: models.Import, person: Any) -> Iterator[bytes]:
    """The rows that were not taken over as a workbook: wrong cells on red ground with what is wrong as their comment,
    all of it in a sentence beside, and every other column of the row as it stood."""
    fields = [each for each in importing.kind_of(row.kind).fields(person) if each.key in row.columns]
    columns = [int(row.columns[each.key]) for each in fields]
    rest = {int(column): words for column, words in row.headings.items() if int(column) not in columns}
    columns += list(rest)
    shown = [*(each.words for each in fields), *(" ".join(words.split()) for words in rest.values())]
    said = [writing.Head(_("What is wrong"), 70, parts.FAULT), writing.Head(_("Row in the workbook"), 12, parts.NUMBER)]
    book, raw = remarks.Workbook(), raw_rows(row)
    told = _told_rows(book, queries.faulty(row), raw, columns)
    heads_of = [*(writing.Head(words, 20) for words in shown), *said]
    yield from book.table(_("With errors"), heads_of, told)
    yield from book.close()


def _told_rows(
    book: remarks.Workbook, lines: Iterator[models.Line], raw: Mapping[int, Mapping[int, Any]], columns: list[int]
) -> Iterator[list[Any]]:
    for at, line in enumerate(lines, 2):
        wrong: dict[str, list[str]] = defaultdict(list)
        for cell, sentence, is_doubt in line.said:
            if not is_doubt:
                wrong[cell].append(sentence)
        values: list[Any] = []
        for place, column in enumerate(columns, 1):
            value = raw.get(line.number, {}).get(column)
            if (sentences := wrong.get(address(line.number, column))) is not None:
                book.remarks[at, place] = "\n".join(sentences)
                value = parts.Marked(value)
            values.append(value)
        sentences = [f"{cell} {sentence}".strip() for cell, sentence, _is_doubt in line.said]
        yield [*values, "\n".join(sentences), line.number]


# The check -----------------------------------------------------------------------------------------------------------


@dataclass
class Thing:
    """What one line becomes: the rows of it (most have one), its values, and what is wrong with each row."""

    rows: list[int]
    values: dict[str, Any]
    wrong: dict[int, list[list[Any]]]
    beside: Sequence[rules.Cell] = ()
    is_faulty: bool = False
    is_asked: bool = False

    @property
    def head(self) -> int:
        return self.rows[0]


def check(row: models.Import, now: datetime) -> None:
    """Check every row against fields, company and file, and keep what each would mean. Writes nothing else."""
    person = queries.whose(row)
    try:
        if person is None:
            raise Unreadable("nobody")
        lines, asked = checked(row, person)
    except Unreadable as fault:
        actions.give_up(row=row, code=fault.code, facts=fault.facts, by=actors.PROGRAM, now=now)
    else:
        actions.keep_lines(row=row, lines=lines, asked=asked, by=person, now=now)


def checked(row: models.Import, person: Any) -> tuple[list[models.Line], list[dict[str, Any]]]:
    """Each row of the table as a line, and the spellings of which somebody has to say who is meant."""
    kind = importing.kind_of(row.kind)
    fields = kind.fields(person)
    columns = {key: int(column) for key, column in row.columns.items()}
    table = heads.at_rows(_grid(_book(row), row.sheet), row.heading_rows)
    found, problems = mapping.rows_of(table, fields, columns)
    if kind.keeps_rest:
        _keep_rest(table, found, set(columns.values()))
    answers = queries.meanings(person, kind.asked_of.values())
    _say_who_is_meant(kind, found, answers)
    things = _things(kind, found, problems, columns)
    if kind.keeps_beside:
        _keep_beside(table, things, columns)
    _mark_twins(kind, things)
    asked = _asked(kind, [thing for thing in things if not thing.is_faulty], answers, person)
    known = {identity for thing in things if (identity := kind.identity(thing.values))}
    good = [thing for thing in things if not thing.is_faulty and not thing.is_asked]
    findings = _looked_at(kind, good, row.options, person, known)
    return [line for thing in things for line in _lines(row, kind, thing, findings.get(thing.head), columns)], asked


def _keep_rest(table: heads.Table, found: list[tuple[int, dict[str, Any]]], taken: set[int]) -> None:
    """What stands in columns of no field goes with its row, under its heading."""
    rest = {column: " ".join(words.split()) for column, words in table.headings.items() if column not in taken}
    for line, (_number, values) in zip(table.lines, found, strict=True):
        said = {words: str(line.values[column]) for column, words in rest.items() if line.values.get(column)}
        if said:
            values["rest"] = said


def _keep_beside(table: heads.Table, things: list[Thing], columns: Mapping[str, int]) -> None:
    """What no field takes, columns and what is marked at cells, goes with what its rows become."""
    names, fields = rules.names_of(table.headings), {column: key for key, column in columns.items()}
    lines = {line.number: line for line in table.lines}
    for thing in things:
        thing.beside = rules.joined([rules.beside(lines[at], table.grid, names, fields) for at in thing.rows])


def _say_who_is_meant(
    kind: importing.Kind, found: list[tuple[int, dict[str, Any]]], answers: Mapping[tuple[str, str], str]
) -> None:
    """Spellings that somebody has explained are read as what they mean."""
    for field, of in kind.asked_of.items():
        for _number, values in found:
            if values.get(field) and (meant := answers.get((of, rules.text_key(values[field])))):
                values[field] = meant


def _things(
    kind: importing.Kind,
    found: list[tuple[int, dict[str, Any]]],
    problems: list[mapping.Problem],
    columns: Mapping[str, int],
) -> list[Thing]:
    """Rows put together to things, each with what is wrong with it. What a row lacks may stand in one above it."""
    by_row: dict[int, list[mapping.Problem]] = defaultdict(list)
    for each in problems:
        by_row[each.row].append(each)
    field_in = {column: key for key, column in columns.items()}
    things = []
    for places, values in kind.gather([values for _number, values in found]):
        thing = Thing([found[place][0] for place in places], values, defaultdict(list))
        for number in thing.rows:
            for each in by_row.get(number, ()):
                if each.code == "missing" and number != thing.head and values.get(field_in.get(each.column, "")):
                    continue
                sentence = lists.said(lists.WRONG, each.code, each.facts)
                thing.wrong[number].append([each.address, sentence, each.is_warning])
                thing.is_faulty |= not each.is_warning
        things.append(thing)
    return things


def _mark_twins(kind: importing.Kind, things: list[Thing]) -> None:
    twins = rules.twins([(thing.head, kind.identity(thing.values)) for thing in things])
    for thing in things:
        if thing.head in twins:
            sentence = lists.said(lists.WRONG, "twin", {"first": twins[thing.head]})
            thing.wrong[thing.head].append([str(thing.head), sentence, False])
            thing.is_faulty = True


def _asked(
    kind: importing.Kind, things: list[Thing], answers: Mapping[tuple[str, str], str], person: Any
) -> list[dict[str, Any]]:
    """What has to be asked, and marks the things that wait for it. Answered as somebody new, it is asked no more."""
    found = []
    for each in kind.asks(rows=[thing.values for thing in things], person=person):
        of, key = kind.asked_of[each.field], rules.text_key(each.text)
        if (of, key) in answers:
            continue
        waiting = [thing for thing in things if rules.text_key(thing.values.get(each.field) or "") == key]
        for thing in waiting:
            thing.is_asked = True
        choices = [[choice.meant, choice.label, choice.why] for choice in each.choices]
        told = {"field": each.field, "of": of, "key": key, "text": each.text, "rows": len(waiting), "choices": choices}
        found.append(told)
    return found


def _looked_at(
    kind: importing.Kind, things: list[Thing], options: Mapping[str, Any], person: Any, known: set[str]
) -> Mapping[int, importing.Finding]:
    found: dict[int, importing.Finding] = {}
    for start in range(0, len(things), BLOCK):
        block = things[start : start + BLOCK]
        rows = [thing.values | {"option": options} if options else thing.values for thing in block]
        looked = kind.look(rows=rows, person=person, known=known)
        found |= {thing.head: finding for thing, finding in zip(block, looked, strict=True)}
    return found


def _lines(
    row: models.Import,
    kind: importing.Kind,
    thing: Thing,
    finding: importing.Finding | None,
    columns: Mapping[str, int],
) -> Iterator[models.Line]:
    """The line of a thing, and one for each further row of it."""
    wrong, state, label = thing.wrong[thing.head], importing.FAULT, kind.called(thing.values)
    if thing.is_asked:
        state = models.Line.State.ASKED
    if finding is not None:
        label, state = finding.label, finding.state
        for pairs, is_doubt in ((finding.problems, False), (finding.doubts, True)):
            wrong += [[_cell(thing.head, columns.get(key)), sentence, is_doubt] for key, sentence in pairs]
        if finding.state == importing.CHANGE:
            wrong += [["", f"{words}：{old or '—'} → {new}", True] for words, old, new in finding.changes]
    faulty = [number for number in thing.rows[1:] if any(not is_doubt for *_said, is_doubt in thing.wrong[number])]
    if faulty:
        wrong.append([str(faulty[0]), lists.said(lists.WRONG, "part_faulty", {"n": faulty[0]}), False])
    is_faulty = state == importing.FAULT
    seen = finding.version if finding else None
    place = 0 if is_faulty else kind.order(thing.values)
    shared: dict[str, Any] = {"of": row, "place": place}
    yield models.Line(
        **shared, number=thing.head, label=label[:300], state=state, values=rules.resting(thing.values), said=wrong,
        seen=seen, beside=list(thing.beside),
    )  # fmt: skip
    belongs = ["", lists.said(lists.WRONG, "part", {"n": thing.head}), True]
    for number in thing.rows[1:]:
        yield models.Line(
            **shared, number=number, label=label[:300], values={"part_of": thing.head},
            state=importing.FAULT if is_faulty else models.Line.State.PART, said=[*thing.wrong[number], belongs],
        )  # fmt: skip


def _cell(number: int, column: int | None) -> str:
    return address(number, column) if column else str(number)
