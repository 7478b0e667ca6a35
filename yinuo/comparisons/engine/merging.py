"""Three texts of a cell: as it left (base), in the file (theirs), as it stands now (ours); what each of them means.

The laws: what nobody touched is the same; what only the file changed is theirs; what only we changed is ours and stays;
what both changed alike is settled; what both changed differently is a conflict that a person decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from yinuo.kit.sheets import mapping, settling

SAME, THEIRS, OURS, BOTH, CONFLICT = "same", "theirs", "ours", "both", "conflict"
ERROR, LOCKED = "error", "locked"  # changed in the file: to something unlawful, or where nothing can be changed
GRAVE = {"became_day", "lost_digits"}  # doubts of an import, but no value to write over a good one
DEFAULT_KINDS = {"day": "day", "moment": "moment", "due": "moment"}


@dataclass(frozen=True)
class Column:
    """A column that is compared: where it stands in the file (from 1) and among the exported ones (from 0)."""

    at: int
    place: int
    key: str
    words: str
    kind: str
    field: mapping.Field | None  # None: nothing is changed there


@dataclass(frozen=True)
class Heard:
    """What the file says in a cell: as text, as the action takes it, or the code of what is wrong."""

    text: str
    value: Any = None
    code: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Cell:
    """A cell in which not all three say the same."""

    key: str
    state: str
    base: str
    theirs: str
    ours: str
    said: list[Any] = field(default_factory=list)  # code and facts of what is wrong
    choice: str = ""

    @property
    def is_written(self) -> bool:
        """Whether the file's value is to be written."""
        return self.choice == THEIRS if self.state == CONFLICT else self.state == THEIRS and self.choice != OURS


def heard(column: Column, raw: Any, base: str, shown: str = "") -> Heard:
    """What the file says in a cell; whatever a program merely spelled otherwise is what left."""
    text = settling.settled(raw, column.kind)
    if text == base or settling.is_same_number(raw, base):
        return Heard(base)
    wanted = column.field or mapping.Field(column.key, column.words, kind=DEFAULT_KINDS.get(column.kind, "long"))
    value, code, facts, is_warning = mapping.cleaned(wanted, raw, shown=shown)
    if column.field is None:
        return Heard(text if code else told(wanted, value))
    if settling.is_cut(base):
        code, is_warning = "cut", False
    if code and (not is_warning or code in GRAVE):
        return Heard(text, None, code, {"field": wanted.words, "value": text[:60], "read": str(value)[:60], **facts})
    return Heard(told(wanted, value), nothing(wanted) if value is None else value)


def nothing(wanted: mapping.Field) -> Any:
    """What an emptied cell says."""
    return {"day": None, "moment": None, "number": None, "flag": None, "list": []}.get(wanted.kind, "")


def told(wanted: mapping.Field, value: Any) -> str:
    """A clean value as the list tells it."""
    if value in (None, "", []):
        return ""
    if wanted.kind == "choice":
        return next((words for words, chosen in wanted.choices.items() if chosen == value), str(value))
    if isinstance(value, datetime):
        return settling.settled(value, "moment")
    if isinstance(value, date):
        return settling.settled(value, "day")
    if isinstance(value, list):
        return "、".join(map(str, value))
    return settling.settled(value)


def key_of(column: Column, text: str) -> Any:
    """By what two texts of a column say the same: in a list of things order says nothing."""
    if column.field is not None and column.field.kind == "list":
        return sorted(filter(None, (part.strip() for part in text.split("、"))))
    return text


def state_of(column: Column, base: str, theirs: str, ours: str) -> str:
    """What the three texts of a cell mean together."""
    was, is_there, is_here = (key_of(column, text) for text in (base, theirs, ours))
    if column.field is None:
        return SAME if is_there in (was, is_here) else LOCKED
    if is_there == was:
        return SAME if is_here == was else OURS
    if is_there == is_here:
        return BOTH
    return THEIRS if is_here == was else CONFLICT


def merged(columns: Sequence[Column], base: Sequence[str], theirs: Sequence[Heard], ours: Sequence[str]) -> list[Cell]:
    """The cells of a row in which the three differ. `base` and `ours` are by place, `theirs` by column."""
    found = []
    for column, said in zip(columns, theirs, strict=True):
        was, here = base[column.place], ours[column.place]
        state = ERROR if said.code else state_of(column, was, said.text, here)
        if state != SAME:
            found.append(Cell(column.key, state, was, said.text, here))
    return found


def state_of_row(cells: Sequence[Cell]) -> str:
    """The gravest of what stands in a row: an error keeps it out, a conflict asks, a change is written."""
    states = {cell.state for cell in cells}
    for state in (ERROR, CONFLICT, THEIRS):
        if state in states:
            return state
    return "said" if states else SAME
