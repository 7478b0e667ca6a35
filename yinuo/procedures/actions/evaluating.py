"""Having procedures evaluated once a year by those who work with them (S7 7)."""

from datetime import datetime, timedelta

from django.db import transaction

from yinuo.kit import actors
from yinuo.procedures import models
from yinuo.procedures.actions import running
from yinuo.procedures.queries import definitions

EVALUATION = "evaluate"  # the procedure by which a procedure is evaluated
YEAR = timedelta(days=365)


@transaction.atomic
def ask_for_evaluation(*, by: actors.Actor, now: datetime) -> list[models.Run]:
    """Ask whoever owns a procedure to have it evaluated: each a year after its first edition, then a year after it was
    asked last. Procedures by which others are evaluated or trained are left out. Idempotent."""
    if not models.Procedure.objects.filter(key=EVALUATION, current__isnull=False).exists():
        return []
    subject = models.Procedure.subject_type
    recent = models.Run.objects.filter(procedure__key=EVALUATION, subject_type=subject, started_at__gt=now - YEAR)
    asked = set(recent.values_list("subject_id", flat=True))
    still = models.Run.objects.filter(procedure__key=EVALUATION, subject_type=subject, ended_at=None)
    asked |= set(still.values_list("subject_id", flat=True))
    wanted = definitions.procedures().filter(current__isnull=False, editions__number=1)
    found = []
    for row in wanted.filter(editions__published_at__lte=now - YEAR).exclude(pk__in=asked).distinct():
        if row.current is not None and not _serves_others(row.current):
            found.append(running.start(procedure_key=EVALUATION, subject=row, by=by, now=now))
    return found


def _serves_others(edition: models.Edition) -> bool:
    return definitions.definition_of(edition).subject.startswith("procedures.")
