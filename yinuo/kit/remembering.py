"""What the rules of one page call ask of the company's settings again and again is read once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

T = TypeVar("T")

_memory: ContextVar[dict[Any, Any] | None] = ContextVar("memory", default=None)


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
        if memory is None:
            return read()
        if read not in memory:
            memory[read] = read()
        found: T = memory[read]
        return found

    return remembered
