"""The live runs of a procedure that could take its edition in force, and what would change for each."""

from collections.abc import Iterator
from dataclasses import dataclass

from yinuo.org import models as org
from yinuo.procedures import access, models
from yinuo.procedures.definition import walking
from yinuo.procedures.definition.texts import Text
from yinuo.procedures.engine import changes, migrating
from yinuo.procedures.queries import definitions, runs
from yinuo.procedures.queries import facts as fact_queries

MOST = 200


@dataclass(frozen=True)
class Movable:
    """A run on an older edition: what would be said of it, which steps would open or close at once, or why it cannot
    be moved."""

    run: models.Run
    notes: tuple[Text, ...]
    opens: tuple[Text, ...]
    closes: tuple[Text, ...]
    refusals: tuple[Text, ...]


def movable(procedure: models.Procedure, person: org.Person) -> list[Movable]:
    """The runs that the person may move, those started first ahead."""
    if procedure.current is None:
        return []
    older = models.Run.objects.filter(procedure=procedure, ended_at=None).exclude(edition=procedure.current)
    older = person.visible(older.select_related("edition"), access.P.PROCEDURES_STEER)
    return [_movable(run, procedure.current) for run in older.order_by("started_at", "pk")[:MOST]]


def _movable(run: models.Run, edition: models.Edition) -> Movable:
    was, now = definitions.definition_of(run.edition), definitions.definition_of(edition)
    found = migrating.migrate(was, now, runs.state_of(run), fact_queries.Asked(run.subject, run.facts))
    titles = {step.key: step.title for step in (*walking.steps(was), *walking.steps(now))}
    return Movable(
        run=run,
        notes=found.notes,
        opens=tuple(titles[key] for key in dict.fromkeys(_opened(found.changes)) if key in titles),
        closes=tuple(titles[key] for key in dict.fromkeys(_closed(found.changes)) if key in titles),
        refusals=found.refusals,
    )


def _opened(found: tuple[changes.Change, ...]) -> Iterator[str]:
    for change in found:
        match change:
            case (
                changes.ItemOpened(item=item) | changes.WaitStarted(item=item) | changes.TimerStarted(item=item)
                | changes.EffectStarted(item=item)
            ):  # fmt: skip
                yield item.step


def _closed(found: tuple[changes.Change, ...]) -> Iterator[str]:
    return (change.item.step for change in found if isinstance(change, changes.ItemCancelled))
