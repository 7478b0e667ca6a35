"""What stood beside the fields of a row in the workbook it was taken over from: columns of no field, comments, colours.

It is kept with what the row became (`plugs.beside`) and given back when the list is exported: columns of no field at
the right end under their own headings, the rest at the cells of the fields. It never goes to a customer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yinuo.kit import lists, plugs
from yinuo.kit.sheets import dressing, writing

SAID = _(
    "After the columns of the list stand those of the workbooks from which the rows were taken over, as they stood "
    "there. They never go to a customer."
)
WIDTH = 20


@dataclass(frozen=True)
class Column:
    """A column of which something is kept: its heading, and the field that took its values, if one did."""

    words: str
    field: str = ""
    is_hidden: bool = False


@dataclass(frozen=True)
class Cell:
    """What is kept of one cell."""

    column: Column
    value: Any
    look: dressing.Look = dressing.PLAIN
    comment: str = ""


class Giving:
    """What one export gives back: asked once for its columns, and once for each block of rows."""

    def __init__(self, type: str, found: Iterable[Column], columns: Sequence[lists.Column]) -> None:  # noqa: A002
        self.type = type
        self.fields = {each.key: at for at, each in enumerate(columns)}
        # A Chinese name comes in as such, and goes out as the name.
        self.fields |= {f"{key}_zh": at for key, at in self.fields.items()}
        self.columns: dict[str, bool] = {}  # heading → hidden wherever it stood
        for each in found:
            if each.field not in self.fields:
                self.columns[each.words] = each.is_hidden and self.columns.get(each.words, True)
        self.places = {words: at for at, words in enumerate(self.columns)}
        self._labels = {str(each.label) for each in columns}

    def heads(self) -> list[writing.Head]:
        """Their headings; one that the list has too says where it is from."""
        return [
            writing.Head(
                gettext("%(heading)s (from the workbook)") % {"heading": words} if words in self._labels else words,
                WIDTH,
                is_hidden=is_hidden,
            )
            for words, is_hidden in self.columns.items()
        ]

    def of(self, block: Sequence[Model]) -> dict[int, list[Cell]]:
        found: dict[int, list[Cell]] = {}
        for plug in plugs.beside:
            kept: Mapping[int, list[Cell]] = plug.function(self.type, [row.pk for row in block])
            for key, cells in kept.items():
                found.setdefault(key, []).extend(cells)
        return found

    def added(self, told: Sequence[Any], cells: Iterable[Cell]) -> list[Any]:
        """The values of a row, dressed as its cells were, and after them the columns of no field."""
        row, further = list(told), [None] * len(self.columns)
        for each in cells:
            if (at := self.fields.get(each.column.field)) is not None:
                row[at] = dressing.Dressed(row[at], each.look, each.comment)
            elif (place := self.places.get(each.column.words)) is not None:
                further[place] = dressing.Dressed(each.value, each.look, each.comment)  # type: ignore[call-overload]
        return [*row, *further]


def giving(rows: QuerySet[Any], columns: Sequence[lists.Column]) -> Giving | None:
    """What an export of these rows gives back; None where nothing is kept of them."""
    type_of = getattr(rows.model, "subject_type", "")
    if not isinstance(type_of, str) or not type_of:
        return None
    found = [column for plug in plugs.beside for column in plug.about["columns"](type_of, rows)]
    return Giving(type_of, found, columns) if found else None
