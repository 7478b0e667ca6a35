"""From YAML or plain data to a `Definition`, collecting mistakes instead of raising."""

from __future__ import annotations

from dataclasses import dataclass

from yinuo.procedures.definition.faults import Fault
from yinuo.procedures.definition.shapes import Definition


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read: `definition` is None when `faults` is not empty."""

    definition: Definition | None
    faults: tuple[Fault, ...]


def read_yaml(source: str | bytes, *, file: str = "", known: object = None) -> Reading:
    """Read and check one YAML text. Never raises on any input; every mistake is a Fault with its line."""
    raise NotImplementedError


def read_plain(data: object, *, file: str = "", known: object = None) -> Reading:
    """Read and check plain data (as `writing.plain` gives, as stored in a JSON column). Never raises."""
    raise NotImplementedError
