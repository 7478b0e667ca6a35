"""Casting cases from a mould: every value of its rows becomes a pattern with slots, filled anew for each case.

On PostgreSQL a row is a line of COPY's text format, on SQLite a tuple. Slots, in this order: what is said and who takes
part, days, keys of the case's own rows, nonces and digests of the trail, words of the index.
"""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter
from typing import Any

from django.db import connection

from tests.bench import moulds
from yinuo.records import models as records_models
from yinuo.search import models as search_models
from yinuo.search import rules as search_rules

Values = list[Any]
Fill = Callable[[Values], str]
DAY = r"2031-\d\d-\d\d"
WORDS = "\ue010words\ue011"  # stands in a mould where the words of an index row go
NOT_JSON = re.compile(r'["\\\t\n]')


@dataclass(frozen=True)
class Wanted:
    """One case to be cast: who and what, its number, and by how many weeks it lies before the mould's days."""

    cast: moulds.Cast
    number: str
    weeks: int


def facts(cast: moulds.Cast, number: str) -> list[Any]:
    """What differs from case to case, texts first; in the same order for a mould and for a case."""
    said, customer = cast.said, cast.customer
    people = (cast.registrar, cast.window, cast.owner, cast.analyst)
    return [
        number,
        said.title,
        said.text,
        said.item,
        *said.letters,
        customer.name_zh,
        customer.name_en,
        *(person.name for person in people),
        *(person.sign_in for person in people),
        customer.pk,
        *(person.pk for person in people),
    ]


class Form:
    """A compiled mould: gives the rows of one case after the other."""

    def __init__(self, mould: moulds.Mould) -> None:
        self.state, self.first_day = mould.state, mould.at.date()
        self.slots: dict[str, int] = {}
        self.keys: list[tuple[str, int]] = []  # table and place within the case, in slot order
        self.counts: dict[str, int] = {}
        for value in facts(mould.cast, mould.number):
            self._slot(str(value))
        raw = {model._meta.db_table: _rows_of(model, mould.before) for model in moulds.tables()}
        raw = {table: found for table, found in raw.items() if found[1]}
        entries = list(records_models.Entry.objects.filter(pk__gt=mould.before["records_entry"]).order_by("pk"))
        bodies = list(
            search_models.Body.objects.filter(pk__gt=mould.before["search_body"])
            .order_by("pk")
            .values_list("pk", "label", "title", "text")
        )
        self.days = sorted({day for _columns, rows in raw.values() for day in re.findall(DAY, repr(rows))})
        for day in self.days:
            self._slot(day)
        self._take_keys(raw)
        for entry in entries:
            self._slot(entry.nonce)
        for entry in entries:
            self._slot(entry.digest)
        for place in range(len(bodies)):
            self._slot(f"{WORDS}{place}")
        self._parts = self._expression()
        self._digests = [self._pattern(_canonical(entry)) for entry in entries]
        self._bodies = [[self._pattern(text) for text in body[1:]] for body in bodies]
        self._add_words(raw, [body[0] for body in bodies])
        self.columns = {table: columns for table, (columns, _rows) in raw.items()}
        self._compile({table: rows for table, (_columns, rows) in raw.items()})

    # Compiling

    def _slot(self, text: str) -> None:
        assert text not in self.slots, text
        self.slots[text] = len(self.slots)

    def _take_keys(self, raw: dict[str, tuple[list[str], list[Any]]]) -> None:
        """A slot for the key of every row; a row that shares another's key has none of its own."""
        for model in filter(moulds.counted, moulds.tables()):
            table = model._meta.db_table
            columns, rows = raw.get(table, ([], []))
            for place, row in enumerate(_split(rows)):
                self._slot(str(row[columns.index(model._meta.pk.column)]))
                self.keys.append((table, place))
            if rows:
                self.counts[table] = len(rows)

    def _expression(self) -> re.Pattern[str]:
        """What is a slot in a text: names as they are and as JSON escapes them, keys and days as whole numbers."""
        for text, slot in list(self.slots.items()):
            self.slots.setdefault(json.dumps(text)[1:-1], slot)
        words = sorted(self.slots, key=len, reverse=True)
        numbers = [word for word in words if word.isdigit()]
        texts = [word for word in words if not word.isdigit()]
        whole = rf"(?<![0-9A-Za-z])(?:{'|'.join(numbers)})(?![0-9A-Za-z])"
        return re.compile(f"({'|'.join(map(re.escape, texts))}|{whole})")

    def _split_up(self, text: str) -> tuple[str, list[int]]:
        """A text as a %-pattern and the slots in it."""
        pieces = self._parts.split(text)
        pattern = "".join("%s" if place % 2 else piece.replace("%", "%%") for place, piece in enumerate(pieces))
        return pattern, [self.slots[piece] for piece in pieces[1::2]]

    def _pattern(self, text: str) -> Fill:
        pattern, slots = self._split_up(text)
        if not slots:
            return lambda values: text
        if len(slots) == 1:
            one = slots[0]
            return lambda values: pattern % values[one]
        get = itemgetter(*slots)
        return lambda values: pattern % get(values)

    def _add_words(self, raw: dict[str, tuple[list[str], list[Any]]], keys: list[int]) -> None:
        """The words of index rows: a column on PostgreSQL, a table of their own on SQLite."""
        marks = [f"{WORDS}{place}" for place in range(len(keys))]
        if connection.vendor == "sqlite":
            if keys:
                raw["search_words"] = (["rowid", "words"], list(zip(keys, marks, strict=True)))
            return
        columns, rows = raw["search_document"]
        raw["search_document"] = (
            [*columns, "words"],
            [f"{row}\t{mark}" for row, mark in zip(rows, marks, strict=True)],
        )

    def _compile(self, raw: dict[str, list[Any]]) -> None:
        if connection.vendor != "sqlite":
            self._lines = {table: self._pattern("".join(f"{row}\n" for row in rows)) for table, rows in raw.items()}
            return
        self._constants: Values = []
        self._composed: list[Fill] = []
        first = len({*self.slots.values()})
        cells = {table: [[self._cell(value) for value in row] for row in rows] for table, rows in raw.items()}
        # Slots, then constants, then composed texts: now that the constants are counted, places are known.
        places = {"slot": 0, "constant": first, "composed": first + len(self._constants)}
        self._tuples = {
            table: [itemgetter(*(places[kind] + place for kind, place in row)) for row in rows]
            for table, rows in cells.items()
        }

    def _cell(self, value: Any) -> tuple[str, int]:
        """Where a column's value comes from: a slot, a constant, or a text composed of slots."""
        pattern, slots = self._split_up(str(value)) if isinstance(value, str | int) else ("", [])
        if not slots:
            self._constants.append(value)
            return "constant", len(self._constants) - 1
        if pattern == "%s":
            return "slot", slots[0]
        self._composed.append(self._pattern(str(value)))
        return "composed", len(self._composed) - 1

    # Casting

    def values(self, wanted: Wanted, last: dict[str, int], key: bytes) -> Values:
        """The slots of one case; `last` holds the last key of each table and is counted on."""
        values = facts(wanted.cast, wanted.number)
        assert not NOT_JSON.search("".join(map(str, values)))
        values += [str(date.fromisoformat(day) - timedelta(weeks=wanted.weeks)) for day in self.days]
        values += [last[table] + 1 + place for table, place in self.keys]
        for table, count in self.counts.items():
            last[table] += count
        values += [secrets.token_hex(8) for _entry in self._digests]
        for fill in self._digests:
            values.append(hmac.digest(key, fill(values).encode(), hashlib.sha256).hex())
        for body in self._bodies:
            label, title, text = (fill(values) for fill in body)
            found = search_rules.document_tokens(label, title, text)
            values.append(
                " ".join(found) if connection.vendor == "sqlite" else _for_copy(search_rules.as_tsvector(found))
            )
        return values

    def lines(self, values: Values) -> Iterator[tuple[str, str]]:
        """Per table the lines for COPY."""
        for table, fill in self._lines.items():
            yield table, fill(values)

    def tuples(self, values: Values) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
        """Per table the rows for SQLite."""
        values = [*values, *self._constants]
        values += [fill(values) for fill in self._composed]
        for table, getters in self._tuples.items():
            yield table, [get(values) for get in getters]


def read(mould: moulds.Mould) -> Form:
    """Read the mould's rows while they are there."""
    return Form(mould)


def _rows_of(model: Any, before: dict[str, int]) -> tuple[list[str], list[Any]]:
    """Columns and rows of the mould in one table, in key order: tuples on SQLite, COPY lines on PostgreSQL."""
    table, key = model._meta.db_table, model._meta.pk.column
    columns = [each.column for each in model._meta.concrete_fields]
    names = ", ".join(f'"{name}"' for name in columns)
    statement = f'SELECT {names} FROM "{table}" WHERE "{key}" > {int(before[table])} ORDER BY "{key}"'  # noqa: S608
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return columns, [tuple(map(_stored, row)) for row in cursor.fetchall()]
    with connection.cursor() as cursor, cursor.copy(f"COPY ({statement}) TO STDOUT") as copy:
        text = b"".join(bytes(piece) for piece in copy).decode()
    return columns, text.split("\n")[:-1]


def _stored(value: Any) -> Any:
    """A value as SQLite holds it, before Django's converters."""
    if isinstance(value, bool):
        return int(value)
    return str(value) if isinstance(value, date) else value


def _split(rows: Iterable[Any]) -> Iterator[list[Any]]:
    for row in rows:
        yield row.split("\t") if isinstance(row, str) else list(row)


def _canonical(entry: records_models.Entry) -> str:
    """What the digest of an entry covers, in the form in which `records.rules.digest` takes it."""
    return json.dumps(entry.payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _for_copy(text: str) -> str:
    return text.replace("\\", "\\\\")
