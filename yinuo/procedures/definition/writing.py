"""A `Definition` as plain data and as YAML, reading back to an equal definition."""

from __future__ import annotations

from typing import Any

from yinuo.procedures.definition.shapes import Definition


def plain(definition: Definition) -> dict[str, Any]:
    """JSON-ready data in the format that `reading.read_plain` reads."""
    raise NotImplementedError


def yaml_text(definition: Definition) -> str:
    """The same as YAML, Chinese readable, fields in their usual order."""
    raise NotImplementedError
