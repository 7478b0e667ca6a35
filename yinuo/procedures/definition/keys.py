"""Keys within a definition being written: fresh ones, and a key's new name wherever it is spoken of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yinuo.procedures.definition import starting
from yinuo.procedures.definition.boxes import KEY
from yinuo.procedures.definition.paths import CannotEdit, Path


def blocks_in(flow: Any, path: Path = ("flow",)) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every block with its path, in the order of the document."""
    for index, block in enumerate(flow):
        here = (*path, index)
        yield here, block
        for inner in flows_of(block, here):
            yield from blocks_in(inner[1], inner[0])


def flows_of(block: dict[str, Any], path: Path) -> list[tuple[Path, list[Any]]]:
    """The flows directly inside a block, each with its path."""
    kind = starting.kind_of(block)
    if kind in ("sequence", "for_each"):
        return [((*path, "flow"), block["flow"])]
    branches = block.get("branches", {})
    if kind == "side_by_side":
        return [((*path, "branches", at, "flow"), branch["flow"]) for at, branch in enumerate(branches)]
    if kind == "choice":
        return [((*path, "branches", name, "flow"), branch["flow"]) for name, branch in branches.items()]
    return []


def keys_in(data: dict[str, Any]) -> set[str]:
    """The keys of all blocks, and the words by which for-eachs speak of their elements."""
    found = [block for _path, block in blocks_in(data["flow"])]
    names = {str(block.get("name")) for block in found if "for_each" in block}
    return {str(block[starting.kind_of(block)]) for block in found} | names


def fresh(taken: set[str], base: str) -> str:
    """A key of this kind that nothing has yet: task_1, task_2 …"""
    number = 1
    while f"{base}_{number}" in taken:
        number += 1
    return f"{base}_{number}"


def check(key: Any) -> str:
    """The word as a key; refuses what can be none."""
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise CannotEdit(
            f"“{key}”不能作为标识：只用小写字母、数字和下划线，以字母开头。",
            f"“{key}” cannot be a key: use lower-case letters, digits and underscores, beginning with a letter.",
        )
    return key


def renamed(data: Any, names: dict[str, str], field: str = "") -> Any:
    """The data with blocks named anew: their own keys, ways back, results that tables ask for. `field` is the field
    in which `data` stands."""
    if isinstance(data, list):
        if len(data) in (2, 3) and field == "when" and isinstance(data[0], str):
            return [_fact(part, names) if isinstance(part, str) and at != 1 else part for at, part in enumerate(data)]
        return [renamed(member, names, field) for member in data]
    if isinstance(data, str):
        if field in (*starting.KINDS, "back", "return_to", "from", "amended", "unsatisfied"):
            return names.get(data, data)
        if field == "each":
            return ".".join([names.get(data.partition(".")[0], data.partition(".")[0]), *data.split(".")[1:]])
        return _fact(data, names) if field in ("after", "moment", "fact") else data
    if isinstance(data, dict):
        if field == "facts":
            return {_fact(name, names): value for name, value in data.items()}
        return {key: renamed(value, names, key) for key, value in data.items()}
    return data


def _fact(name: str, names: dict[str, str]) -> str:
    """The name of a fact with its first word named anew."""
    first, dot, rest = name.partition(".")
    return f"{names.get(first, first)}{dot}{rest}" if dot else name


def renamed_field(data: dict[str, Any], form: int, was: str, now: str) -> dict[str, Any]:
    """The data in which a form's field has a new key, also where tables ask for it."""
    key = data["forms"][form].get("key")
    found = [block for _path, block in blocks_in(data["flow"]) if block.get("form") == key]
    steps = {str(block[starting.kind_of(block)]) for block in found}
    facts = {f"{step}.{was}": f"{step}.{now}" for step in steps}
    whole: dict[str, Any] = _asking(data, facts)
    fields = [_asking(field, {was: now}) for field in whole["forms"][form].get("fields", [])]
    fields = [{**field, "key": now} if field.get("key") == was else field for field in fields]
    forms = [*whole["forms"][:form], {**whole["forms"][form], "fields": fields}, *whole["forms"][form + 1 :]]
    return {**whole, "forms": forms}


def _asking(data: Any, facts: dict[str, str], field: str = "") -> Any:
    """The data in which facts have other names."""
    if isinstance(data, list):
        if field == "when" and len(data) in (2, 3) and isinstance(data[0], str):
            return [
                facts.get(part, part) if isinstance(part, str) and at != 1 else part for at, part in enumerate(data)
            ]
        return [_asking(member, facts, field) for member in data]
    if isinstance(data, str):
        return facts.get(data, data) if field in ("after", "moment", "fact") else data
    if isinstance(data, dict):
        return {key: _asking(value, facts, str(key)) for key, value in data.items()}
    return data
