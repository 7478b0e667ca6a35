"""What can be taken over from a workbook (导入): a room plugs a kind of row in, one page leads every kind through.

A kind is plugged into `plugs.importables` under the type of the subjects it makes, as
`f(*, values, names, by, now, expected) -> subject`: it adds what is new (`expected` is None) and changes what is there,
if it is still in the version that was looked at. Declared beside it are

    permission  held somewhere, else the kind is not offered
    fields      f(person) -> list of sheets.mapping.Field
    identity    f(values) -> by what two rows are one, e.g. a code
    look        f(*, rows, person, known) -> list of Finding, one for each row; writes nothing. `known`: the
                identities of all rows of the file, for what refers to another row
    names       f(rows, person) -> whom the rows of a block name, looked up once; given to the act as `names`
    order       f(values) -> what must be taken over first comes first; as in the file unless given
    icon, url   beside the kind's words; name of the address at which its list stands

Where a kind needs it, also

    gather      f(rows) -> list of (places, values): which rows are one thing, by their place in `rows`, and its values
    options     f(person) -> form fields, answered once for a whole workbook; in each row's values as `option`
    take_all    f(*, rows, names, by, now) -> list of what each row became, or its `Refusal`: a block of new rows by one
                act, the cheaper the more there are; of those for which
    together    f(values) -> bool: the row may go with its neighbours so
    keeps_rest  columns of no field go with the row, as `rest`: heading → text
    keeps_beside  False: what stands beside the fields (`kit.beside`) is not kept, because it is nobody's business here
    asked_of    field → the kind of thing it names, e.g. {"customer": "customers.customer"}
    asks        f(*, rows, person) -> list of Question: who is named in a way that may be somebody else's
    means       f(*, text, meant, by, now) -> keep what was answered with the thing itself; whether it is kept there.
    means_not   f(*, text, meant, by, now) -> take that back
    hint        what people should know of taking over this kind, one sentence
    after       f(person) -> (address, words) of what is done next, or None
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise

from yinuo.kit import plugs
from yinuo.kit.sheets import mapping

NEW, CHANGE, SAME, FAULT = "new", "change", "same", "fault"


@dataclass(frozen=True)
class Finding:
    """What a row of a workbook means for what is there: new, a change of something, the same, or nothing lawful.

    `problems` are (field, sentence), `doubts` too: these do not keep the row out. `changes`: field → (old, new).
    """

    state: str
    label: str
    problems: tuple[tuple[str, str], ...] = ()
    doubts: tuple[tuple[str, str], ...] = ()
    changes: tuple[tuple[str, str, str], ...] = ()
    version: int | None = None  # of the row that is there


@dataclass(frozen=True)
class Choice:
    """One who may be meant: `meant` is the text by which the room surely knows it, e.g. a code; `why` it may be."""

    meant: str
    label: str
    why: str = ""


@dataclass(frozen=True)
class Question:
    """A spelling that may be one of several; asked once for a file, never guessed."""

    field: str
    text: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Kind:
    """A kind of row, as it was plugged in."""

    plug: plugs.Plug[Any]

    @property
    def name(self) -> str:
        return self.plug.name

    @property
    def icon(self) -> str:
        return str(self.plug.about["icon"])

    @property
    def url(self) -> str:
        return reverse(self.plug.about["url"])

    def may(self, person: Any) -> bool:
        return bool(person.may(self.plug.about["permission"]))

    def fields(self, person: Any) -> list[mapping.Field]:
        return list(self.plug.about["fields"](person))

    def identity(self, values: dict[str, Any]) -> str:
        return str(self.plug.about["identity"](values))

    def called(self, values: dict[str, Any]) -> str:
        """How people call what a row is about, before it is known whether it exists."""
        return str(self.plug.about.get("called", self.identity)(values))

    def order(self, values: dict[str, Any]) -> Any:
        order: Callable[[dict[str, Any]], Any] | None = self.plug.about.get("order")
        return order(values) if order else 0

    @property
    def gathers(self) -> bool:
        return "gather" in self.plug.about

    def gather(self, rows: Sequence[dict[str, Any]]) -> list[tuple[list[int], dict[str, Any]]]:
        """Which rows are one thing, and its values; each row by itself where the kind does not say."""
        if self.gathers:
            return list(self.plug.about["gather"](rows))
        return [([at], values) for at, values in enumerate(rows)]

    def options(self, person: Any) -> dict[str, Any]:
        options: Callable[[Any], dict[str, Any]] | None = self.plug.about.get("options")
        return options(person) if options else {}

    @property
    def takes_together(self) -> bool:
        return "take_all" in self.plug.about

    def goes_together(self, values: dict[str, Any]) -> bool:
        """Whether a new row may be taken over in one act with its neighbours."""
        together: Callable[[dict[str, Any]], bool] | None = self.plug.about.get("together")
        return together(values) if together else False

    def take_all(self, *, rows: Sequence[dict[str, Any]], names: Any, by: Any, now: Any) -> list[Any]:
        """What each row of a block became, or why it was refused."""
        return list(self.plug.about["take_all"](rows=rows, names=names, by=by, now=now))

    @property
    def keeps_rest(self) -> bool:
        return bool(self.plug.about.get("keeps_rest"))

    @property
    def keeps_beside(self) -> bool:
        return bool(self.plug.about.get("keeps_beside", True))

    @property
    def asked_of(self) -> dict[str, str]:
        return dict(self.plug.about.get("asked_of", {}))

    def asks(self, *, rows: Sequence[dict[str, Any]], person: Any) -> list[Question]:
        asks: Callable[..., list[Question]] | None = self.plug.about.get("asks")
        return asks(rows=rows, person=person) if asks else []

    def means(self, **answer: Any) -> bool:
        """Keep an answer with the thing itself; False where that cannot be, or the person may not."""
        means: Callable[..., bool] | None = self.plug.about.get("means")
        return means(**answer) if means else False

    def means_not(self, **answer: Any) -> None:
        if "means_not" in self.plug.about:
            self.plug.about["means_not"](**answer)

    @property
    def hint(self) -> str:
        return str(self.plug.about.get("hint", ""))

    def after(self, person: Any) -> tuple[str, str] | None:
        after: Callable[[Any], tuple[str, str] | None] | None = self.plug.about.get("after")
        return after(person) if after else None

    def names(self, rows: Sequence[dict[str, Any]], person: Any) -> Any:
        return self.plug.about["names"](rows, person)

    def look(self, *, rows: Sequence[dict[str, Any]], person: Any, known: Collection[str]) -> list[Finding]:
        return list(self.plug.about["look"](rows=rows, person=person, known=known))


def kinds_for(person: Any) -> list[Kind]:
    """What the person may take over, in floor order."""
    return [kind for plug in plugs.importables if (kind := Kind(plug)).may(person)]


def kind_of(name: str) -> Kind:
    """The kind of a name; `plugs.UnknownPlug` if no room has plugged it in."""
    return Kind(plugs.importables.get(name))


def compared(row: Any, values: dict[str, Any], words: dict[str, "str | Promise"]) -> tuple[tuple[str, str, str], ...]:
    """What would change in a row: (field, old, new) in words; what the file does not have stays."""
    found = []
    for key, new in values.items():
        old = getattr(row, key, None)
        if key in words and new not in (None, "") and old != new:
            found.append((str(words[key]), _told(old), _told(new)))
    return tuple(found)


def _told(value: Any) -> str:
    return "" if value is None else str(value)
