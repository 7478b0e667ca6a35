"""Cases in bulk: cast from moulds that the product's actions made (a test proves one equal, row for row).

    python -m tests.bench.run sqlite loading 100000
    python -m tests.bench.run postgres://user@host/name loading 100000

fills the database of that size (on PostgreSQL `name_100000`, which must exist and be empty; an SQLite file is made).
Memory stays flat: cases are written in batches.
"""

import random
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from tests.bench import casting, moulds, people, texts
from yinuo.cases import definition, rules
from yinuo.cases import models as cases
from yinuo.kit import actors
from yinuo.records import queries as records_queries
from yinuo.reports.actions import accounting, counting
from yinuo.search import jobs as search_jobs

BATCH = 1000
DAYS = 1300  # working days over which the cases came in: five years
STATES = ("new", "active", "held", "terminated")
# Of a hundred cases of the last quarter, and of those before, so many stand at each state.
LATELY, BEFORE = (25, 45, 10, 20), (0, 1, 1, 98)


@dataclass
class Loader:
    """Writes cases, one batch after the other."""

    forms: dict[tuple[str, int], casting.Form]
    key: bytes
    last: dict[str, int] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @classmethod
    def begin(cls, states: Iterable[str] = STATES, days: Iterable[int] = range(5)) -> "Loader":
        """A loader with a mould for each of the states and weekdays."""
        forms = {(state, day): moulds.make(state, day, casting.read) for state in states for day in days}
        loader = cls(forms, records_queries.seal_key())
        for form in forms.values():
            loader.columns.update(form.columns)
            for table in form.counts:
                loader.last.setdefault(table, 0)
        for model in moulds.tables():
            if model._meta.db_table in loader.last:
                loader.last[model._meta.db_table] = moulds.last_key(model)
        return loader

    def number_of(self, on: date) -> str:
        """The next case number of a day, counted as the product counts."""
        pattern = definition.NUMBER_PATTERN
        period = rules.period_of(pattern, on)
        self.counters[period] += 1
        return rules.number_of(pattern, self.counters[period], on)

    def write(self, wanted: Iterable[tuple[casting.Form, casting.Wanted]]) -> int:
        """Write some cases in one transaction."""
        rows: dict[str, list[Any]] = defaultdict(list)
        count = 0
        is_sqlite = connection.vendor == "sqlite"
        for form, case in wanted:
            values = form.values(case, self.last, self.key)
            count += 1
            if is_sqlite:
                for table, found in form.tuples(values):
                    rows[table] += found
            else:
                for table, lines in form.lines(values):
                    rows[table].append(lines)
        with transaction.atomic():
            (self._insert if is_sqlite else self._copy)(rows)
        return count

    def _insert(self, rows: dict[str, list[Any]]) -> None:
        with connection.cursor() as cursor:
            for table, found in rows.items():
                columns = self.columns[table]
                names, places = ", ".join(f'"{name}"' for name in columns), ", ".join(["?"] * len(columns))
                statement = f'INSERT INTO "{table}" ({names}) VALUES ({places})'  # noqa: S608 - names of our own tables
                cursor.cursor.connection.executemany(statement, found)

    def _copy(self, rows: dict[str, list[Any]]) -> None:
        with connection.cursor() as cursor:
            # Keys of other tables are right by construction; checking 40 of them for each case takes half the time.
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table, lines in rows.items():
                names = ", ".join(f'"{name}"' for name in self.columns[table])
                with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                    copy.write("".join(lines))

    def end(self) -> None:
        """Let keys and case numbers count on from here."""
        moulds.count_on()
        for period, last in self.counters.items():
            cases.Counter.objects.update_or_create(period=period, defaults={"last": last})


def plan(
    size: int, company: people.Company, loader: Loader, today: date
) -> Iterator[tuple[casting.Form, casting.Wanted]]:
    """Which cases: oldest first, the last ones last week; most of the old ones closed, everybody's turn by chance."""
    at = random.Random(size)
    monday = today - timedelta(days=today.weekday() + 7)
    for number in range(size):
        day = number * DAYS // size
        week, weekday = divmod(day, 5)
        weeks_ago = DAYS // 5 - 1 - week
        state = at.choices(STATES, LATELY if weeks_ago < 13 else BEFORE)[0]
        on = monday - timedelta(weeks=weeks_ago) + timedelta(days=weekday)
        form = loader.forms[state, weekday]
        registrar, window, owner, analyst = at.choices(company.people, k=4)
        yield (
            form,
            casting.Wanted(
                moulds.Cast(
                    customer=at.choice(company.customers),
                    registrar=registrar,
                    window=window,
                    owner=owner,
                    analyst=analyst,
                    said=texts.said_in(number, size),
                ),
                loader.number_of(on),
                (form.first_day - on).days // 7,
            ),
        )


# Indexes -------------------------------------------------------------------------------------------------------------


@contextmanager
def without_indexes(tables: Iterable[str]) -> Iterator[None]:
    """Take the plain indexes of tables away and build them again at the end: faster than keeping them in step."""
    wanted = list(tables)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        else:
            cursor.execute(
                "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND NOT EXISTS "
                "(SELECT FROM pg_constraint WHERE conindid = quote_ident(indexname)::regclass)"
            )
        found = [row for row in cursor.fetchall() if row[0] in wanted]
        for _table, name, _sql in found:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("SET maintenance_work_mem = '512MB'")
        for _table, _name, sql in found:
            cursor.execute(sql)


# In one go -----------------------------------------------------------------------------------------------------------


def load(size: int) -> None:
    """Fill an empty database; says what it does."""
    call_command("migrate", verbosity=0)
    now = timezone.now()
    company = people.prepare(size, now)
    loader = Loader.begin()
    began = time.monotonic()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode = OFF")
            cursor.execute("PRAGMA synchronous = OFF")
            cursor.execute("PRAGMA cache_size = -200000")
            cursor.execute("PRAGMA foreign_keys = OFF")
        else:
            cursor.execute("SET synchronous_commit = off")
    with without_indexes(loader.columns):
        written = 0
        for batch in _batches(plan(size, company, loader, timezone.localdate(now))):
            written += loader.write(batch)
            if written % 50_000 == 0:
                print(f"{written:,} cases, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    loader.end()
    _settle(now)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{size:,} cases in {time.monotonic() - began:.0f} s, {peak} MiB at most", file=sys.stderr)


def _batches(wanted: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := [each for _place, each in zip(range(BATCH), wanted, strict=False)]:
        yield batch


def _settle(now: Any) -> None:
    """What acts and the program's clock would have done since: the figures of the overview are counted and put
    together, the frequencies of words are known, statistics are fresh."""
    search_jobs.sample(now)
    counting.set_right(by=actors.PROGRAM, now=now)
    accounting.set_right(by=actors.PROGRAM, now=now)
    while counting.roll_up(by=actors.PROGRAM, now=now):
        pass
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode = WAL")
        else:
            cursor.execute("VACUUM ANALYZE")


def main(size: str) -> None:
    load(int(size))
