"""The tallies behind every figure."""

from django.db import models
from django.db.models import Q

from yinuo.reports.definition import Measure


class Tally(models.Model):
    """A part of a sum: so many more or less of a measure, on a day, at a site, within a scope.

    Acts append small rows in their own transaction, so that nobody waits for anybody at a counter. A job puts the rows
    of one key together into one (`is_rolled`). The figure is the sum over whatever rows there are, before and after.
    """

    measure = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Measure])
    on = models.DateField(null=True)
    what = models.CharField(max_length=150, blank=True)
    bucket = models.PositiveSmallIntegerField(default=0)
    site_id = models.BigIntegerField(null=True)
    scope_id = models.BigIntegerField(null=True)
    amount = models.BigIntegerField()
    seconds = models.BigIntegerField(default=0)
    is_rolled = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["measure", "on"], name="reports_tally_day"),
            models.Index(fields=["id"], name="reports_tally_fresh", condition=Q(is_rolled=False)),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.on or ''} {self.what} {self.amount:+}"
