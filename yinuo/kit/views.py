"""Saved views (已存视图): what a list shows, its filters, order and columns, under a name and at an address that stays.

Who keeps them is said by the room that plugs itself into `plugs.views`; this module knows what one means. An address
says `?view=<key>` and nothing else of the list: the view is shown. Filters or an order beside it count for
themselves, and the key only tells which view they came from. `?view=all` shows everything, whatever view the person
begins with otherwise.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from yinuo.kit import plugs, rows

ALL = "all"
ME = "me"  # as the value of a filter: whoever reads
PARAMETER = "view"
HIDE = "hide"  # columns left out: keys set apart by dots, or one parameter each as a form sends them
ALWAYS = "show"  # columns that stand there also where there is little room, as on a phone; told in the same way
LONGEST = 4000  # letters of a kept query
MOST_VALUES = 40


@dataclass(frozen=True)
class View:
    """A view as a list offers it. `by` names who shares it, and is empty for one's own."""

    id: int
    name: str
    query: str
    version: int
    by: str = ""
    is_shared: bool = False
    is_first: bool = False  # the list opens with it

    def shows(self, query: str) -> bool:
        """Whether the list shows just what the view says."""
        return sorted(parse_qsl(self.query)) == sorted(parse_qsl(query))


@dataclass(frozen=True)
class Opened:
    """What an address asks of a list, once views are taken into account."""

    parameters: Mapping[str, str]
    views: tuple[View, ...] = ()
    view: View | None = None
    takes_view: bool = False  # filters come from the view, not from the address
    is_missing: bool = False  # the address names a view that is not there for the person


def of(sheet: str, person: Any) -> tuple[View, ...]:
    """The views of a list that a person may choose from: their own first, then those shared with them."""
    if getattr(person, "pk", None) is None:
        return ()
    return tuple(view for plug in plugs.views for view in plug.function(sheet, person))


def opened(sheet: str, own: Collection[str], parameters: Mapping[str, str], person: Any) -> Opened:
    """What to show: the address's own filters (`own` names them), else the view it names, else the first view."""
    views = of(sheet, person)
    asked = parameters.get(PARAMETER, "")
    key = rows.key_in(asked)
    view = next((each for each in views if each.id == key), None)
    if any(each in parameters for each in own):
        return Opened(parameters, views, view)
    if not asked:
        view = next((each for each in views if each.is_first), None)
    if view is None:
        return Opened(parameters, views, is_missing=asked not in ("", ALL))
    return Opened(dict(parse_qsl(view.query)), views, view, takes_view=True)


def hidden(parameters: Mapping[str, str], columns: Sequence[str]) -> tuple[str, ...]:
    """Those of the columns that are left out; the first one, which names the row, always stays."""
    return tuple(key for key in columns[1:] if key in _named(parameters, HIDE))


def always(parameters: Mapping[str, str], columns: Sequence[str]) -> tuple[str, ...]:
    """Those of the columns, else left out where there is little room, that stand there all the same."""
    return tuple(key for key in columns if key in _named(parameters, ALWAYS))


def _named(parameters: Mapping[str, str], parameter: str) -> set[str]:
    several = parameters.getlist(parameter) if hasattr(parameters, "getlist") else [parameters.get(parameter, "")]
    return {key for each in several for key in each.split(".")}


def normal(query: str) -> str:
    """A query as it is kept: filters that are set, order and columns; not where one has turned to."""
    pairs = parse_qsl(query[:LONGEST])[:MOST_VALUES]
    kept = {key[:60]: value[:200] for key, value in pairs if key not in (PARAMETER, "after")}
    return urlencode(kept)
