"""What the rules of one page call ask of the company's settings again and again is read once; what seldom changes is
kept for later calls, under the state of its tables."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

T = TypeVar("T")

_memory: ContextVar[dict[Any, Any] | None] = ContextVar("memory", default=None)
_kept: dict[Callable[[], Any], tuple[tuple[str | None, ...], Any]] = {}  # of this process: what was read in which state
_watched: list[type[Model]] = []  # tables whose state a page call asks, all in one statement
_EACH_TIME = object()


@contextmanager
def page() -> Iterator[None]:
    """Within it every `once` reads once; outside (jobs, streams, tests of actions) each call reads."""
    token = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(token)


def once(read: Callable[[], T]) -> Callable[[], T]:
    """Let a reading function without arguments be asked once per page call. What it gives must not be changed."""

    @wraps(read)
    def remembered() -> T:
        memory = _memory.get()
        if memory is None or memory.get(read) is _EACH_TIME:
            return read()
        if read not in memory:
            memory[read] = read()
        found: T = memory[read]
        return found

    return remembered


def changed(remembered: Callable[[], Any]) -> None:
    """What the function reads is being changed: for the rest of this page call each call reads, also should the change
    be rolled back."""
    memory = _memory.get()
    if memory is not None:
        for read in (remembered, _states):
            memory[getattr(read, "__wrapped__", read)] = _EACH_TIME


def kept(*tables: type[Model]) -> Callable[[Callable[[], T]], Callable[[], T]]:
    """Let a function that reads nothing but these small tables be kept by each process while no row of them changes.

    The state of a table is its keys with their versions, asked at the first need of each page call, of all such tables
    in one statement; so a change counts in every process from its commit on. Rows are `kit.rows.Versioned`, changed as
    `rows.change` does. What is read inside a transaction may be rolled back and is kept by nobody.
    """
    _watched.extend(table for table in tables if table not in _watched)

    def declare(read: Callable[[], T]) -> Callable[[], T]:
        @once
        @wraps(read)
        def remembered() -> T:
            if _memory.get() is None:
                return read()
            state = tuple(_states()[table] for table in tables)
            if read in _kept and _kept[read][0] == state:
                found: T = _kept[read][1]
                return found
            found = read()
            if not connection.in_atomic_block:
                _kept[read] = (state, found)
            return found

        return remembered

    return declare


@once
def _states() -> dict[type[Model], str | None]:
    """The keys and versions in each watched table."""
    joined = "string_agg" if connection.vendor == "postgresql" else "group_concat"
    state = f"SELECT {joined}(id || ':' || version, ',') FROM (SELECT id, version FROM %s ORDER BY id) t"  # noqa: S608
    parts = [f"({state % table._meta.db_table})" for table in _watched]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}")
        return dict(zip(_watched, cursor.fetchone(), strict=True))


def forget() -> None:
    """Keep nothing of what was kept: the database is another one (tests)."""
    _kept.clear()
