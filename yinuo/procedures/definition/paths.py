"""Places in plain data: reading and changing one without touching the rest.

Plain data is what YAML and JSON hold. A path names a place in it: ("flow", 2, "title", "zh"). Nothing is changed in
place: every change gives new data that shares what stayed as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from yinuo.procedures.definition.texts import Text

Path: TypeAlias = tuple[str | int, ...]


class CannotEdit(Exception):
    """The edit does not fit the data; `words` say why, and nothing has changed."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.words = Text(zh, en)


def gone() -> CannotEdit:
    """What an edit speaks of is not there."""
    return CannotEdit("此处内容已不存在。", "What you changed is no longer there.")


def at(data: Any, path: Path) -> Any:
    """What stands at a path. Raises CannotEdit when there is nothing."""
    for part in path:
        if isinstance(data, dict) and isinstance(part, str) and part in data:
            data = data[part]
        elif isinstance(data, list) and is_index(part) and 0 <= int(part) < len(data):
            data = data[int(part)]
        else:
            raise gone()
    return data


def is_index(part: Any) -> bool:
    """Whether a part of a path counts in a list."""
    return isinstance(part, int) and not isinstance(part, bool)


def changed(data: Any, path: Path, change: Callable[[Any], Any]) -> Any:
    """The data with `change` made to what stands at the path. Mappings on the way that are missing come into being."""
    if not path:
        return change(data)
    part, rest = path[0], path[1:]
    if isinstance(part, str) and (data is None or isinstance(data, dict)):
        inner = changed((data or {}).get(part), rest, change)
        return {**(data or {}), part: inner}
    if isinstance(data, list) and is_index(part) and 0 <= int(part) < len(data):
        at_ = int(part)
        return [*data[:at_], changed(data[at_], rest, change), *data[at_ + 1 :]]
    raise gone()


def listed(data: Any, path: Path) -> list[Any]:
    """The list at a path; missing = empty."""
    try:
        found = at(data, path)
    except CannotEdit:
        at(data, path[:-1])
        found = []
    if found is None:
        return []
    if not isinstance(found, list):
        raise CannotEdit("此处不是列表。", "This is no list.")
    return found


def inserted(data: Any, path: Path, index: int, value: Any) -> Any:
    """The data with a new member in the list at the path."""
    found = listed(data, path)
    if not 0 <= index <= len(found):
        raise gone()
    return changed(data, path, lambda was: [*(was or [])[:index], value, *(was or [])[index:]])


def removed(data: Any, path: Path) -> Any:
    """The data without the member of a list, or the field of a mapping, at the path."""
    at(data, path)
    *above, last = path

    def without(was: Any) -> Any:
        if isinstance(was, list):
            return [*was[: int(last)], *was[int(last) + 1 :]]
        return {key: value for key, value in was.items() if key != last}

    return changed(data, tuple(above), without)


def followed(path: Path, where: Path, index: int, by: int) -> Path:
    """Where a path leads after members came (`by` 1) or went (-1) at `index` of the list at `where`."""
    depth = len(where)
    if path[:depth] != where or len(path) <= depth or not is_index(path[depth]):
        return path
    place = int(path[depth])
    if place < index or (by < 0 and place == index):
        return path
    return (*where, place + by, *path[depth + 1 :])
