"""One small edit of a definition being written: (plain data, edit) → plain data and what is selected after it.

The data is sound (`starting.is_sound`) and tidy, and stays so; whether it is lawful is for `reading` to say. An edit
that does not fit raises CannotEdit and changes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from yinuo.procedures.definition import editing_blocks, keys, paths, starting
from yinuo.procedures.definition.paths import CannotEdit, Path
from yinuo.procedures.definition.shapes import UNITS
from yinuo.procedures.definition.tables import LIST_OPERATORS, LONE_OPERATORS, OPERATORS

LONGEST = 20_000  # characters of one text
Data = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What is done (`do`, one of EDITS) at which place, with which value."""

    do: str
    path: Path
    value: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """The data after an edit; `at` is what is selected now, None when that stays as it was."""

    data: Data
    at: Path | None = None


def apply(data: Data, edit: Edit) -> Edited:
    """Make one edit. Raises CannotEdit, and nothing else, whatever the edit."""
    make = EDITS.get(edit.do)
    if make is None or not edit.path:
        raise paths.gone()
    try:
        edited = make(data, edit.path, edit.value)
    except (TypeError, KeyError, IndexError, AttributeError, ValueError) as error:
        raise paths.gone() from error  # the edit speaks of something of another shape
    if not starting.is_sound(edited.data):
        raise CannotEdit("这样修改会破坏程序的结构。", "This would break the structure of the procedure.")
    return edited


# ── values ──────────────────────────────────────────────────────────────────────────────────────────────────


def _set(data: Data, path: Path, value: Any) -> Edited:
    """Put a value; nothing, or an empty word, takes the field away."""
    if isinstance(value, str) and len(value) > LONGEST:
        raise CannotEdit("文字过长。", "This text is too long.")
    is_empty = value is None or value == "" or value is False or value == [] or value == {}
    if path[-1] in ("zh", "en") or paths.is_index(path[-1]):
        return Edited(data=paths.changed(data, path, lambda _was: "" if value is None else value))
    if is_empty and not _matters(path):
        return Edited(data=_without(data, path))
    return Edited(data=paths.changed(data, path, lambda _was: value))


def _matters(path: Path) -> bool:
    """Whether "no" says something here: these are yes unless said otherwise."""
    return path[-1] == "sign" or (len(path) > 1 and path[-2] == "may")


def _without(data: Data, path: Path) -> Data:
    try:
        paths.at(data, path)
    except CannotEdit:
        return data
    found: Data = paths.removed(data, path)
    return found


def _amount(data: Data, path: Path, value: Any) -> Edited:
    """How much, in the unit that stands there; nothing takes the span away."""
    was = _mapping(data, path)
    if value is None:
        return Edited(data=_without(data, path) if isinstance(path[-1], str) else data)
    unit = next((unit for unit in UNITS if unit in was), UNITS[0])
    return Edited(data=paths.changed(data, path, lambda _was: {**was, unit: value}))


def _unit(data: Data, path: Path, value: Any) -> Edited:
    """The same amount in another unit."""
    if value not in UNITS:
        raise paths.gone()
    was = _mapping(data, path)
    span = {value if key in UNITS else key: found for key, found in was.items()}
    return Edited(data=paths.changed(data, path, lambda _was: span if value in span else {value: 1, **span}))


def _mapping(data: Data, path: Path) -> Data:
    try:
        found = paths.at(data, path)
    except CannotEdit:
        return {}
    return dict(found) if isinstance(found, dict) else {}


def _who(data: Data, path: Path, value: Any) -> Edited:
    """Who is responsible; the fallback named before stays."""
    if not value:
        return Edited(data=_without(data, path))
    kept = {name: found for name, found in _mapping(data, path).items() if name == "fallback"}
    who = {**value, **kept} if isinstance(value, dict) else value
    return Edited(data=paths.changed(data, path, lambda _was: who))


def _then(data: Data, path: Path, value: Any) -> Edited:
    """Where an outcome leads: {} goes on, {"back": step}, {"end": true}."""
    outcome = {name: found for name, found in paths.at(data, path).items() if name not in ("back", "end")}
    return Edited(data=paths.changed(data, path, lambda _was: {**outcome, **value}))


def _operator(data: Data, path: Path, value: Any) -> Edited:
    """The operator of a condition; the value follows its kind."""
    if value not in OPERATORS:
        raise paths.gone()
    fact, _was, *rest = paths.at(data, path)
    operand = rest[0] if rest else ""
    if value in LONE_OPERATORS:
        condition = [fact, value]
    elif value in LIST_OPERATORS:
        condition = [fact, value, operand if isinstance(operand, list) else [operand] if operand != "" else []]
    else:
        single = operand[0] if isinstance(operand, list) and operand else "" if isinstance(operand, list) else operand
        condition = [fact, value, single]
    return Edited(data=paths.changed(data, path, lambda _was: condition))


def scalar(text: str) -> Any:
    """What somebody typed as the value of a condition: a number, yes or no, else the word itself."""
    word = text.strip()
    if word in ("true", "false"):
        return word == "true"
    try:
        number = float(word)
    except ValueError:
        return word
    if not math.isfinite(number) or "_" in word:
        return word
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


# ── members of lists and mappings ───────────────────────────────────────────────────────────────────────────


def _insert(data: Data, path: Path, value: Any) -> Edited:
    """A new member at the end of a list."""
    return Edited(data=paths.inserted(data, path, len(paths.listed(data, path)), value))


def _keyed(data: Data, path: Path, value: Any) -> Edited:
    """A new member with a key of its own: a form, status, phase, field, option or outcome."""
    members = paths.listed(data, path)
    base = {"forms": "form", "statuses": "status", "phases": "phase", "fields": "field"}.get(str(path[-1]), "option")
    key = keys.fresh({str(member.get("key")) for member in members}, base)
    edited = paths.inserted(data, path, len(members), {"key": key, **value})
    return Edited(data=edited, at=(*path, len(members)) if path == ("forms",) else None)


def _remove(data: Data, path: Path, value: Any) -> Edited:
    at = ("card",) if path[:1] == ("forms",) and len(path) == 2 else None
    return Edited(data=paths.removed(data, path), at=at)


def _shift(data: Data, path: Path, value: Any) -> Edited:
    """A member of a list one place up (-1) or down (1)."""
    *above, index = path
    where, to = tuple(above), int(index) + (1 if value == 1 else -1)
    member = paths.at(data, path)
    if not 0 <= to < len(paths.listed(data, where)):
        return Edited(data=data, at=path)
    moved = paths.inserted(paths.removed(data, path), where, to, member)
    is_shown = where == ("forms",) or starting.kind_of(member) != ""
    return Edited(data=moved, at=(*where, to) if is_shown else None)


def _rename(data: Data, path: Path, value: Any) -> Edited:
    """A new key for a step, a block, a branch, a for-each's word or a form's field, wherever it is spoken of."""
    key = keys.check(value)
    *above, last = path
    if last == "name":
        was = paths.at(data, path)
        whole = keys.renamed(data, {was: key})
        return Edited(data=paths.changed(whole, path, lambda _was: key))
    if len(path) > 2 and path[-2] == "branches":
        return Edited(data=editing_blocks.branch_renamed(data, tuple(above), str(last), key))
    if path[:1] == ("forms",) and len(path) == 5:
        return Edited(data=keys.renamed_field(data, int(path[1]), paths.at(data, path), key))
    was = paths.at(data, path)
    if key != was and key in keys.keys_in(data):
        raise CannotEdit(f"标识“{key}”已被使用。", f"The key “{key}” is taken.")
    return Edited(data=keys.renamed(data, {was: key}))


def _new_form(data: Data, path: Path, value: Any) -> Edited:
    """A new form for a step, named after it, with the number that follows."""
    forms = paths.listed(data, ("forms",))
    key = keys.fresh({str(form.get("key")) for form in forms}, "form")
    used = {str(form.get("number", "")) for form in forms}
    base = str(forms[-1].get("number", "")) if forms else f"{data['card'].get('number', '')}-00"
    number = _next_number(base)
    while number in used:
        number = _next_number(number)
    edition = str(data["card"].get("edition") or "A/0")
    form = {"key": key, "number": number, "edition": edition, "title": paths.at(data, path).get("title", {})}
    with_form = paths.inserted(data, ("forms",), len(forms), {**form, "fields": []})
    return Edited(data=paths.changed(with_form, (*path, "form"), lambda _was: key), at=("forms", len(forms)))


def _next_number(number: str) -> str:
    """QR-05-09 → QR-05-10."""
    digits = len(number) - len(number.rstrip("0123456789"))
    if not digits:
        return f"{number}-01"
    head, tail = number[:-digits], number[-digits:]
    return f"{head}{int(tail) + 1:0{digits}d}"


def _of_blocks(make: Callable[[Data, Path, Any], editing_blocks.Made]) -> Callable[[Data, Path, Any], Edited]:
    def made(data: Data, path: Path, value: Any) -> Edited:
        edited, at = make(data, path, value)
        return Edited(data=edited, at=at)

    return made


EDITS: dict[str, Callable[[Data, Path, Any], Edited]] = {
    "set": _set, "amount": _amount, "unit": _unit, "who": _who, "then": _then, "operator": _operator,
    "insert": _insert, "keyed": _keyed, "remove": _remove, "shift": _shift, "rename": _rename, "new_form": _new_form,
    **{name: _of_blocks(make) for name, make in editing_blocks.EDITS.items()},
}  # fmt: skip
