"""The tallies behind every figure, and what each request was counted for."""

from django.db import models
from django.db.models import Q

from yinuo.cases import models as cases
from yinuo.reports.definition import Measure, Result, Standing


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


class Account(models.Model):
    """What a request was last counted for in the statistics (`definition.Account`), and which state of it that was.

    `version` 0: it ended, was reopened or belongs to another circle since, and is to be counted anew. The rows behind
    a figure of the statistics are found by these columns, so that figure and rows are one. `topics` and `products` are
    keys between blanks. `reopenings`, how often it was taken up again, is kept nowhere else; `reopened` is what of it
    was counted.
    """

    case = models.OneToOneField(cases.Case, on_delete=models.PROTECT, primary_key=True, related_name="account")
    version = models.PositiveIntegerField(default=0)
    run_moves = models.PositiveIntegerField(default=0)
    month = models.DateField(null=True)
    customer_id = models.BigIntegerField(null=True)
    department_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=20, blank=True)
    site_id = models.BigIntegerField(null=True)
    scope_id = models.BigIntegerField(null=True)
    items = models.PositiveSmallIntegerField(default=0)
    standing = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Standing], blank=True)
    ended_month = models.DateField(null=True)
    result = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Result], blank=True)
    seconds = models.BigIntegerField(default=0)
    held_seconds = models.BigIntegerField(default=0)
    timely = models.CharField(max_length=10, blank=True)
    topics = models.CharField(max_length=500, blank=True)
    products = models.CharField(max_length=500, blank=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    reopenings = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["month", "customer_id"], name="reports_account_month"),
            models.Index(fields=["ended_month", "customer_id"], name="reports_account_ended"),
            models.Index(fields=["case"], name="reports_account_again", condition=Q(version=0)),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.month or ''} {self.standing}"
