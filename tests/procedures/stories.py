"""Driving a run through its procedure by hand, for the stories in the tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from yinuo.procedures import definition
from yinuo.procedures.definition import reading, walking
from yinuo.procedures.definition.shapes import Definition
from yinuo.procedures.engine import changes, moves, running
from yinuo.procedures.engine.moves import Move
from yinuo.procedures.engine.state import Item

HERE = Path(__file__).parent / "definitions"
LIBRARY = Path(definition.__file__).parent.parent / "library"


def source_of(name: str) -> str:
    """A procedure of the library, or one that is still kept with the tests."""
    path = LIBRARY / f"{name}.yaml"
    return (path if path.exists() else HERE / path.name).read_text("utf-8")


def shipped(name: str) -> Definition:
    """One of the procedures shipped or kept with the tests."""
    return read(source_of(name), name)


def read(source: str, name: str = "test") -> Definition:
    """A procedure from YAML that must be free of mistakes."""
    found = reading.read_yaml(source, file=f"{name}.yaml")
    assert not found.faults, [fault.say("zh") for fault in found.faults]
    assert found.definition is not None
    return found.definition


class Story:
    """One run, moved by step keys instead of item ids."""

    def __init__(self, definition: Definition, facts: dict[str, Any] | None = None) -> None:
        self.definition = definition
        self.facts = facts or {}
        self.state = running.new(definition)
        self.changes: tuple[changes.Change, ...] = ()
        self.move(moves.Start())

    def move(self, move: Move) -> None:
        """Make a move and remember what it changed."""
        moved = running.apply(self.definition, self.state, self.facts, move)
        self.state, self.changes = moved.state, moved.changes

    def item(self, step: str, path: tuple[str, ...] = (), party: str | None = None) -> Item:
        """The one open item of a step."""
        found = [
            item
            for item in self.state.open_items()
            if item.step == step and item.path == path and (party is None or item.party == party)
        ]
        assert len(found) == 1, f"{step}: {[item.id for item in self.state.open_items()]}"
        return found[0]

    @property
    def open(self) -> set[str]:
        """The keys of the steps that are open, with their iteration."""
        return {"@".join((item.step, *item.path)) for item in self.state.open_items()}

    def submit(self, step: str, *path: str, outcome: str = "", **data: Any) -> None:
        """Finish a task or decision."""
        self.move(moves.Submit(item=self.item(step, path).id, outcome=outcome, data=data))

    def opine(self, step: str, party: str, verdict: str = "can", condition: str = "") -> None:
        """Give an opinion."""
        self.move(moves.Submit(item=self.item(step, party=party).id, verdict=verdict, condition=condition))

    def event(self, name: str, step: str = "", *path: str, **data: Any) -> None:
        """Let an event arrive, for one wait if a step is named."""
        item = self.item(step, path).id if step else ""
        self.move(moves.EventArrived(name=name, data=data, item=item))

    def effect(self, step: str, *path: str, **data: Any) -> None:
        """Say that an effect step has succeeded."""
        self.move(moves.EffectDone(item=self.item(step, path).id, data=data))

    def time(self, step: str, *path: str) -> None:
        """Let the moment of a timer or the due moment of a wait come."""
        self.move(moves.TimeReached(item=self.item(step, path).id))

    def back(self, step: str, to: str, *path: str) -> None:
        """Return by hand."""
        self.move(moves.Return(item=self.item(step, path).id, to=to, reason="not yet right"))

    def told(self, kind: type[Any]) -> list[Any]:
        """The changes of a kind that the last move made."""
        return [change for change in self.changes if isinstance(change, kind)]

    def title(self, step: str) -> str:
        """The Chinese title of a step."""
        return walking.step(self.definition, step).title.zh
