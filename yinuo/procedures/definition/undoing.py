"""Taking edits back and making them again.

An edit is remembered as the one place below which everything differs, with what stood there and what stands there now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from yinuo.procedures.definition import paths
from yinuo.procedures.definition.paths import Path

KEPT = 100  # edits that can be taken back


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """What an edit changed: at `path` stood `was`, now stands `now`; `at` is what was being edited."""

    path: Path
    was: Any
    now: Any
    at: Path = ()

    def as_json(self) -> dict[str, Any]:
        return {"path": list(self.path), "was": self.was, "now": self.now, "at": list(self.at)}


def from_json(data: dict[str, Any]) -> Patch:
    """The patch that `as_json` wrote."""
    return Patch(path=tuple(data["path"]), was=data["was"], now=data["now"], at=tuple(data["at"]))


def between(before: Any, after: Any, at: Path = ()) -> Patch | None:
    """What changed from one state to the next; None when nothing did."""
    if _same(before, after):
        return None
    path: list[str | int] = []
    while True:
        step = _only_difference(before, after)
        if step is None:
            return Patch(path=tuple(path), was=before, now=after, at=at)
        path.append(step)
        before, after = before[step], after[step]


def _only_difference(before: Any, after: Any) -> str | int | None:
    """The one member in which two mappings or two lists of the same shape differ."""
    if isinstance(before, dict) and isinstance(after, dict) and list(before) == list(after):
        different: list[str | int] = [key for key in before if not _same(before[key], after[key])]
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        different = [index for index, (one, two) in enumerate(zip(before, after, strict=True)) if not _same(one, two)]
    else:
        return None
    return different[0] if len(different) == 1 else None


def _same(one: Any, two: Any) -> bool:
    """Equal, in the same order of fields; true is not 1."""
    if type(one) is not type(two):
        return False
    if isinstance(one, dict):
        return list(one) == list(two) and all(_same(value, two[key]) for key, value in one.items())
    if isinstance(one, list):
        return len(one) == len(two) and all(map(_same, one, two))
    return bool(one == two)


def taken_back(data: Any, patch: Patch) -> Any:
    """The data as it was before the edit."""
    return paths.changed(data, patch.path, lambda _now: patch.was)


def made_again(data: Any, patch: Patch) -> Any:
    """The data as it was after the edit."""
    return paths.changed(data, patch.path, lambda _was: patch.now)


def remembered(past: list[dict[str, Any]], patch: Patch) -> list[dict[str, Any]]:
    """The history with one more edit. Letters typed one after the other into the same field are one edit."""
    last = from_json(past[-1]) if past else None
    typed = isinstance(patch.was, str) and isinstance(patch.now, str)
    if last is not None and typed and last.path == patch.path and isinstance(last.was, str) and last.now == patch.was:
        merged = Patch(path=patch.path, was=last.was, now=patch.now, at=patch.at)
        return [*past[:-1], merged.as_json()] if merged.was != merged.now else past[:-1]
    return [*past, patch.as_json()][-KEPT:]
