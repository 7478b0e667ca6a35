"""Moving live runs to the edition in force, several with one reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.kit import refusals
from yinuo.org import models as org
from yinuo.procedures import models
from yinuo.procedures.actions import running


class NothingChosen(refusals.Refusal):
    """No run was chosen."""


@dataclass(frozen=True)
class Moved:
    """What became of the runs: those moved, and those that could not be, each with the sentence."""

    moved: list[models.Run]
    stayed: list[tuple[models.Run, str]]


def move_runs(
    *,
    runs: Sequence[tuple[models.Run, int]],
    edition: models.Edition,
    reason: str,
    by: org.Person,
    now: datetime,
) -> Moved:
    """Move each run, from the version that the person saw, to the edition; what refuses stays and says why.

    Each run is an act of its own: one that has gone on meanwhile does not keep the others back.
    """
    if not runs:
        raise NothingChosen(_("Please choose the runs to move."))
    if not reason.strip():
        raise running.ReasonMissing(_("Please give a reason."), field="reason")
    found = Moved([], [])
    for run, expected in runs:
        try:
            with transaction.atomic():
                running.move_to_edition(run=run, edition=edition, reason=reason, by=by, now=now, expected=expected)
        except refusals.NotAllowed:
            raise
        except refusals.Refusal as refusal:
            found.stayed.append((run, str(refusal)))
        else:
            found.moved.append(run)
    return found
