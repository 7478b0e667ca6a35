"""Where upper rooms plug into lower ones. A room never calls upstairs: it asks a board by name.

Each board has one kind of plug. An upper room's `hooks.py` plugs names in at start; asking for an unknown name is an
error that names the board, the name and what there is. All plugs run in the caller's transaction.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


class UnknownPlug(LookupError):
    """A name that no room has plugged in."""


@dataclass(frozen=True)
class Plug(Generic[F]):
    """One plugged-in function: its dotted name (room first), what it is for in both languages, and extras."""

    name: str
    function: F
    zh: str
    en: str
    about: dict[str, Any]


class Board(Generic[F]):
    """A named set of plugs of one kind."""

    def __init__(self, noun: str, meaning: str) -> None:
        self.noun = noun
        self.meaning = meaning
        self._plugs: dict[str, Plug[F]] = {}

    def plug(self, name: str, function: F, *, zh: str = "", en: str = "", **about: Any) -> None:
        """Plug `function` in under `name`; a name is taken once."""
        if name in self._plugs:
            raise ValueError(f"{self.noun} {name!r} is plugged in twice")
        self._plugs[name] = Plug(name, function, zh, en, about)

    def get(self, name: str) -> Plug[F]:
        try:
            return self._plugs[name]
        except KeyError:
            raise UnknownPlug(
                f"no {self.noun} named {name!r}; there are: {', '.join(self.names()) or 'none'}"
            ) from None

    def names(self) -> list[str]:
        return sorted(self._plugs)

    def __iter__(self) -> Iterator[Plug[F]]:
        """All plugs in the order in which the floors plugged them in, from the cellar up."""
        return iter(self._plugs.values())

    def __contains__(self, name: str) -> bool:
        return name in self._plugs


effects: Board[Callable[..., Any]] = Board(
    "effect", "what a procedure step does by itself: f(*, subject: Ref, run_id, parameters: dict, by, now)"
)
facts: Board[Callable[..., Any]] = Board("fact", "what conditions may ask: f(subject: Ref) -> JSON value")
finders: Board[Callable[..., Any]] = Board(
    "finder", "people relative to a subject: f(subject: Ref, argument: str) -> list of person ids (or a post's)"
)
field_kinds: Board[Callable[..., Any]] = Board(
    "field kind",
    "form fields of upper rooms: f(field, subject) -> django.forms.Field; `afresh`: a step done again does not start "
    "from what was entered before",
)
panels: Board[Callable[..., Any]] = Board(
    "panel", "a slot on a page of a lower room: f(subject: Ref, person) -> URL of an htmx fragment, or None"
)
index_sources: Board[Callable[..., Any]] = Board(
    "index source", "what of a subject type is searchable: f(ids: list[int]) -> list of search.rules.Document"
)
happenings: Board[Callable[[], tuple[str, ...]]] = Board(
    "happening", "what a step of a procedure may wait for: f() -> names of the data that come with it"
)
events: Board[Callable[..., Any]] = Board("event", "announced by an action: every listener is called, floor order")
jobs: Board[Callable[..., Any]] = Board("job", "background work by name: f(**arguments)")
attachables: Board[Callable[..., Any]] = Board(
    "attachable",
    "a subject type that takes files: f(subject_id, person) -> its Ref if the person may attach, else None",
)
guards: Board[Callable[..., Any]] = Board(
    "guard",
    "a subject type whose trail and files not everybody who sees its room may read: f(subject_id, person) -> bool",
)
parts: Board[Callable[..., Any]] = Board(
    "whole", "what of a subject has files of its own, held with it: f(subject_id) -> list of (subject type, subject id)"
)
duties: Board[Callable[..., Any]] = Board(
    "duty",
    "what somebody has in hand, when it is handed over: f(person, by, now) -> kit.duties.Held; `give`: one of them to "
    "somebody else, f(*, key, holder, to, last_on, reason, expected, by, now)",
)
undos: Board[Callable[..., Any]] = Board(
    "undo", "an act that takes back what the person has just done: f(*, by, now, values as they were offered)"
)
schedules: Board[Callable[..., Any]] = Board("schedule", "recurring work: a job's name with `every` in minutes")
views: Board[Callable[..., Any]] = Board(
    "view", "who keeps views of lists: f(sheet: str, person) -> list of kit.views.View"
)
bulk: Board[Callable[..., Any]] = Board(
    "bulk act",
    "what is done with several rows of a list at once, as `<sheet>/<act>`: f(*, row, by, now, expected, **values) -> "
    "what undoes it, or None",
)
importables: Board[Callable[..., Any]] = Board(
    "importable", "a kind of row that is taken over from workbooks: f(*, values, names, by, now, expected) -> subject"
)
texts: Board[Callable[..., Any]] = Board(
    "text",
    "what subjects of a type say in words, looked through for what is no longer so: f(ids) -> list of kit.texts.Text",
)
changeables: Board[Callable[..., Any]] = Board(
    "changeable",
    "a list that comes back changed in a workbook, by its name: changes one of its rows, f(*, row, values, names, by, "
    "now, expected)",
)
beside: Board[Callable[..., Any]] = Board(
    "kept beside",
    "what stood beside the fields of rows in the workbooks from which they were taken over: f(type, ids) -> "
    "{id: list of kit.beside.Cell}; `columns`: what there is of it, f(type, rows) -> list of kit.beside.Column",
)
enclosures: Board[Callable[..., Any]] = Board(
    "enclosure",
    "what a mail about a subject of this type says and encloses, composed when it leaves: f(subject_id, person) -> "
    "kit.enclosing.Enclosed, or None when the person may not get it",
)
letterheads: Board[Callable[..., Any]] = Board(
    "letterhead", "how the company stands on its paper: f() -> kit.paper.definition.Letterhead in the reader's language"
)
menu: Board[Callable[..., Any]] = Board("menu entry", "f(person) -> count that waits for the person, or 0")


def announce(event: str, **facts_of_it: Any) -> None:
    """Call every listener of an event, in floor order, in the caller's transaction.

    Listeners are plugged as `<event>/<room>`, e.g. `procedures.run_ended/cases`.
    """
    for listener in events:
        if listener.name.partition("/")[0] == event:
            listener.function(**facts_of_it)
