"""Finding one's way in the nested blocks."""

from __future__ import annotations

from collections.abc import Iterator

from yinuo.procedures.definition.shapes import Definition, Step


def steps(definition: Definition) -> Iterator[Step]:
    """Every step in the order of the document."""
    raise NotImplementedError


def step(definition: Definition, key: str) -> Step:
    """The step of that key. KeyError when there is none."""
    raise NotImplementedError
