"""Pure decisions of imports: what a line becomes, values that rest in JSON, marks for the headings of a file."""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from yinuo.kit.sheets import definition, heads
from yinuo.kit.sheets.mapping import Field

Cell = dict[str, Any]
OURS = ("#id", "#version")  # marks of our own exports, which nobody wrote


def print_of(headings: str) -> str:
    """A short mark of what the headings look like."""
    return hashlib.sha256(headings.encode()).hexdigest()


def text_key(text: Any) -> str:
    """What two writings of one word in a file have in common: width, case and blanks do not count."""
    return "".join(unicodedata.normalize("NFKC", str(text)).casefold().split())[:200]


def resting(values: dict[str, Any]) -> dict[str, Any]:
    """Values as JSON keeps them."""
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}


def woken(values: dict[str, Any], fields: Iterable[Field]) -> dict[str, Any]:
    """Values as they were before they rested in JSON."""
    days = {each.key for each in fields if each.kind == "day"}
    return {
        key: date.fromisoformat(value[:10]) if key in days and isinstance(value, str) else value
        for key, value in values.items()
    }


def twins(identities: Sequence[tuple[int, str]]) -> dict[int, int]:
    """Rows that are a row above once more: row → the first of them. A row without identity is nobody's twin."""
    first: dict[str, int] = {}
    found = {}
    for number, identity in identities:
        if identity and identity in first:
            found[number] = first[identity]
        elif identity:
            first[identity] = number
    return found


def missing(fields: Iterable[Field], columns: Iterable[str]) -> list[Field]:
    """Fields that every row needs and no column holds."""
    held = set(columns)
    return [each for each in fields if each.is_required and each.key not in held]


def taken_at_once(go_together: Sequence[bool], alone: int) -> int:
    """How many of the next rows are written in one transaction: as many as go together, or some that do not."""
    first = go_together[:1]
    same = next((at for at, each in enumerate(go_together) if [each] != first), len(go_together))
    return same if first == [True] else min(same, alone)


# What no field takes -------------------------------------------------------------------------------------------------


def names_of(headings: Mapping[int, str]) -> dict[int, str]:
    """Headings in one line; a second one of the same words bears its number."""
    found: dict[int, str] = {}
    times: dict[str, int] = {}
    for column, heading in sorted(headings.items()):
        words = " ".join(heading.split())
        if words in OURS:
            continue
        times[words] = times.get(words, 0) + 1
        found[column] = words if times[words] == 1 else f"{words} ({times[words]})"
    return found


def beside(line: heads.Line, grid: definition.Grid, names: Mapping[int, str], fields: Mapping[int, str]) -> list[Cell]:
    """The cells of a row of which no field takes all: what stands in columns of no field, and what is marked."""
    found = []
    for column, heading in names.items():
        mark = grid.marks.get((line.number, column), definition.Mark())
        value, key = line.values.get(column), fields.get(column, "")
        is_marked = mark.comment or mark.colour or mark.is_struck
        if not is_marked and (key or value in (None, "")):
            continue
        cell = {
            "at": column, "heading": heading, "field": key, "hidden": column in grid.hidden_columns,
            "value": [value.isoformat()] if isinstance(value, date) else value, "comment": mark.comment,
            "colour": mark.colour, "ground": mark.ground, "struck": mark.is_struck,
            "format": "" if key else mark.format,
        }  # fmt: skip
        said = {name: told for name, told in cell.items() if told not in (None, "") and told is not False}
        found.append(said | {"value": value} if value is False else said)
    return found


def value_of(cell: Cell) -> Any:
    """A kept value as it was; days and moments rest in a list of one, as nothing else does."""
    value = cell.get("value")
    if not isinstance(value, list):
        return value
    return datetime.fromisoformat(value[0]) if len(value[0]) > 10 else date.fromisoformat(value[0])


def joined(rows: Sequence[Sequence[Cell]]) -> list[Cell]:
    """The cells of several rows that are one thing: what differs stands line by line in one cell."""
    found: dict[str, Cell] = {}
    for cell in (cell for row in rows for cell in row):
        held = found.get(cell["heading"])
        if held is None:
            found[cell["heading"]] = cell
            continue
        if held.get("value") != cell.get("value") and "value" in cell:
            held = held | {"value": _lines(value_of(held), value_of(cell)) if "value" in held else cell["value"]}
        if cell.get("comment"):
            held = held | {"comment": _lines(held.get("comment"), cell["comment"])}
        found[cell["heading"]] = cell | held
    return list(found.values())


def _lines(*texts: Any) -> str:
    lines = [line for text in texts if text is not None for line in str(text).split("\n")]
    return "\n".join(dict.fromkeys(lines))


def merged(held: Sequence[Cell], later: Sequence[Cell]) -> list[Cell]:
    """What is kept after a later workbook: its columns count, columns that it does not have stay."""
    found = {cell["heading"]: cell for cell in held} | {cell["heading"]: cell for cell in later}
    return sorted(found.values(), key=lambda cell: int(cell["at"]))


def headed(cells: Sequence[Cell]) -> list[list[Any]]:
    """Which columns these cells stand in: number, heading, field, whether it was hidden."""
    return [[cell["at"], cell["heading"], cell.get("field", ""), cell.get("hidden", False)] for cell in cells]
