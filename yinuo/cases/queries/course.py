"""Where a case stands in its procedure, and what was said there."""

from collections.abc import Sequence
from typing import Any

from yinuo.cases import models
from yinuo.procedures import models as procedures
from yinuo.procedures.definition import shapes, walking
from yinuo.procedures.queries import runs as run_queries


def events_of(run: procedures.Run) -> dict[str, tuple[str, ...]]:
    """For which events each waiting step of the run's procedure waits."""
    steps = walking.steps(run_queries.definition_of(run))
    return {step.key: step.work.events for step in steps if isinstance(step.work, shapes.Wait)}


def latest_answer(case_id: int, step: str, path: Sequence[str] | None = None) -> dict[str, Any]:
    """The form's values last submitted at a step (in one iteration, with `path`); empty when there are none."""
    found = procedures.Task.objects.filter(
        subject_type=models.Case.subject_type, subject_id=case_id, step=step, state=procedures.Task.State.DONE
    ).order_by("-pk")
    for task in found.only("data", "path")[:50]:
        if path is None or list(path) == task.path:
            return dict(task.data)
    return {}
