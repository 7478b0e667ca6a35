"""What comparisons plug into the cellar: taking back what was decided for all conflicts at once."""

from datetime import datetime
from typing import Any

from yinuo.comparisons import actions, models
from yinuo.kit import plugs


def undecide(*, by: Any, now: datetime, comparison: int, version: int) -> None:
    """Back to what was decided before."""
    row = models.Comparison.objects.get(pk=comparison)
    actions.undo_decisions(row=row, by=by, now=now, expected=version)


plugs.undos.plug("comparisons.decided", undecide, zh="撤销全部采用", en="All conflicts decided alike")
