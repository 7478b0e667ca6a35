"""Lists that may come back changed in a workbook (回传): a room plugs them in under the list's name.

`plugs.changeables` holds `f(*, row, values, names, by, now, expected)`: the ordinary action of a row, called for each
row that differs. Declared beside it are

    permission  held somewhere, else the list is not offered
    sheet       f(now) -> the list, by whose columns values are told
    rows        f(person) -> the rows that the person may see, as the list has them
    fields      f(person) -> list of sheets.mapping.Field: the columns that may be changed, by their keys
    names       f(rows, person) -> whom rows name, looked up once: `problems(values)` -> (column, sentence), and
                `told(key, value)` -> how the list tells what was named; none where a list names nobody
    require     f(person, row): refuses if the person may not change the row
    label       f(row) -> by what people know it
    adds        the kind of `plugs.importables` by which rows without a key are new; none where rows are not added so
    as_new      column -> field of that kind
    url         name of the address at which the list stands
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from yinuo.kit import lists, plugs, refusals
from yinuo.kit.sheets import mapping


class Unnamed:
    """For lists whose rows name nobody."""

    def problems(self, _values: Mapping[str, Any]) -> list[tuple[str, str]]:
        return []

    def told(self, _key: str, value: Any) -> str | None:
        return None


@dataclass(frozen=True)
class Changeable:
    """A list, as it was plugged in."""

    plug: plugs.Plug[Any]

    @property
    def name(self) -> str:
        return self.plug.name

    @property
    def url(self) -> str:
        return reverse(self.plug.about["url"])

    @property
    def adds(self) -> str:
        return str(self.plug.about.get("adds", ""))

    @property
    def as_new(self) -> Mapping[str, str]:
        return dict(self.plug.about.get("as_new", {}))

    def may(self, person: Any) -> bool:
        """Whether the person may change rows of the list somewhere; each row is asked for itself."""
        return bool(person.may(self.plug.about["permission"]))

    def sheet(self, now: datetime) -> lists.Sheet:
        found: lists.Sheet = self.plug.about["sheet"](now)
        return found

    def rows(self, person: Any) -> Any:
        return self.plug.about["rows"](person)

    def fields(self, person: Any) -> list[mapping.Field]:
        return list(self.plug.about["fields"](person))

    def names(self, rows: Sequence[Mapping[str, Any]], person: Any) -> Any:
        look: Callable[..., Any] | None = self.plug.about.get("names")
        return look(rows, person) if look else Unnamed()

    def label(self, row: Any) -> str:
        return str(self.plug.about.get("label", str)(row))

    def barred(self, person: Any, row: Any) -> str:
        """Why the person may not change the row; empty when they may."""
        try:
            self.plug.about["require"](person, row)
        except refusals.NotAllowed:
            return gettext("You may not change this row.")
        except refusals.Refusal as refusal:
            return str(refusal)
        return ""


def changeable_of(name: str) -> Changeable:
    """The list of a name; `plugs.UnknownPlug` if no room has plugged it in."""
    return Changeable(plugs.changeables.get(name))


def offered(name: str, person: Any) -> bool:
    """Whether the person may bring this list back changed."""
    return name in plugs.changeables and changeable_of(name).may(person)
