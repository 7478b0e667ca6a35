"""Rows in the hands of the act that has just made or read them: rooms above and below need not read them again.

Whoever changes such a row in the database meanwhile changes it in hand too. Before something runs that may change
them in any way, they are let go.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from django.db.models import Model

M = TypeVar("M", bound=Model)

_held: ContextVar[dict[tuple[type[Model], int], Model] | None] = ContextVar("held", default=None)


@contextmanager
def holding(*rows: Model) -> Iterator[None]:
    """Within it the rows are in hand."""
    token = _held.set({(row._meta.model, row.pk): row for row in rows})  # not type(row): it may be a lazy wrapper
    try:
        yield
    finally:
        _held.reset(token)


def held(model: type[M], key: int) -> M | None:
    """The row of a model that is in hand, else None."""
    row = (_held.get() or {}).get((model, key))
    return row if isinstance(row, model) else None


def let_go() -> None:
    """From here on they are read anew."""
    rows = _held.get()
    if rows is not None:
        rows.clear()
