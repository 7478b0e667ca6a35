"""What conditions may ask of a subject: plugged-in facts, asked once and only when wanted."""

from collections.abc import Iterator, Mapping
from typing import Any

from yinuo.kit import plugs, rows, subjects
from yinuo.procedures.definition import shapes
from yinuo.procedures.definition.tables import Table
from yinuo.procedures.engine import facts as engine_facts


class Asked(Mapping[str, Any]):
    """The facts of a subject: those given with the run, else those that rooms have plugged in.

    A plug is called at the first question and its answer kept; `seen` holds everything that was answered, which is
    what a move must remember to be played again.
    """

    def __init__(self, subject: subjects.Ref, given: Mapping[str, Any] | None = None) -> None:
        self.subject = subject
        self.given = dict(given or {})
        self.seen: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self.seen:
            if name in self.given:
                self.seen[name] = self.given[name]
            elif name in plugs.facts:
                self.seen[name] = rows.plain(plugs.facts.get(name).function(self.subject))
            else:
                raise KeyError(name)
        return self.seen[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self.given, **self.seen})

    def __len__(self) -> int:
        return len({**self.given, **self.seen})


def names_in(form: shapes.Form) -> set[str]:
    """The facts that the conditions of a form's fields ask for."""
    names: set[str] = set()
    for field in form.fields:
        if isinstance(field.shown_when, Table):
            for row in field.shown_when.rows:
                for condition in row.when:
                    names.add(condition.field)
                    names.update(value for value in _values(condition.value) if isinstance(value, str))
    return {name for name in names if "." in name}


def _values(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def for_form(form: shapes.Form, seen: engine_facts.RunFacts) -> dict[str, Any]:
    """The facts, as seen from a step, that a form's conditions ask for."""
    found = {name: seen.get(name) for name in names_in(form)}
    return {name: value for name, value in found.items() if value is not None}
