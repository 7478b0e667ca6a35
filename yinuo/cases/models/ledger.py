"""Where a case came from that stood in a department's ledger before."""

from typing import Any

from django.db import models

from yinuo.cases.models.case import Case


class TakenOver(models.Model):
    """What a case was in the ledger from which it was taken over: its old number, and whatever stood in its rows.

    `mark` is by what the same entry is known again, whatever file it comes in. `rest`: (heading, value) of the columns
    of which the program knows nothing. `is_history`: it was over already, so no procedure ran for it here.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="taken_over")
    number = models.CharField(max_length=80, blank=True)
    mark = models.CharField(max_length=120)
    rest: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    is_history = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mark"], name="cases_takenover_once")]
        indexes = [models.Index(fields=["number"], name="cases_takenover_number", condition=~models.Q(number=""))]

    def __str__(self) -> str:
        return self.number or self.mark
