"""What is asked again and again: each item of a request, and the group with which it asks the same."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from yinuo.cases import models as cases
from yinuo.kit import rows


class Repeat(models.Model):
    """A requirement that was asked more than once (重复要求), within one circle of those who may see it.

    It spans sites (`site_id` stays empty) and its figures are those of the whole company: somebody who sees some sites
    only is told what they see of its members. Fewer than two requests: it is kept, but shown no more.
    """

    subject_type: ClassVar[str] = "reports.repeat"

    title = models.CharField(max_length=300)
    topics = models.JSONField(default=list)
    percent = models.PositiveSmallIntegerField(default=0)
    times = models.PositiveIntegerField(default=0)
    customers = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    scope_id = models.BigIntegerField(null=True)
    site_id = models.BigIntegerField(null=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["times", "id"], name="reports_repeat_times", condition=Q(times__gt=1)),
            models.Index(fields=["last_at", "id"], name="reports_repeat_last", condition=Q(times__gt=1)),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reports:repeat", args=[self.pk])

    @property
    def subject_label(self) -> str:
        return self.title


class Asking(rows.Versioned):
    """One item of a request as it was looked at: what it is about, and the group with which it asks the same.

    `wording`: the wording that was looked at; 0: look again. `shares`: what it has in common with the member it
    resembles most. `is_settled`: somebody said where it belongs, and the program leaves it there.
    """

    item = models.OneToOneField(cases.Item, on_delete=models.PROTECT, primary_key=True, related_name="asking")
    case = models.ForeignKey(cases.Case, on_delete=models.PROTECT, related_name="askings")
    wording = models.PositiveSmallIntegerField(default=0)
    topics = models.JSONField(default=list)
    repeat = models.ForeignKey(
        Repeat, on_delete=models.PROTECT, null=True, blank=True, related_name="askings", db_index=False
    )
    percent = models.PositiveSmallIntegerField(default=0)
    shares: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    is_settled = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["repeat", "case"], name="reports_asking_repeat", condition=Q(repeat__isnull=False)),
            models.Index(fields=["item"], name="reports_asking_again", condition=Q(wording=0)),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} → {self.repeat_id or '–'}"


class Apart(models.Model):
    """Somebody said that an item does not ask what a group asks (不是同一要求): the program never puts it there again.

    `ended_at`: somebody said later that it does belong there.
    """

    asking = models.ForeignKey(Asking, on_delete=models.PROTECT, related_name="apart")
    repeat = models.ForeignKey(Repeat, on_delete=models.PROTECT, related_name="apart")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asking", "repeat"], condition=Q(ended_at=None), name="reports_apart_once")
        ]

    def __str__(self) -> str:
        return f"{self.asking_id} ≠ {self.repeat_id}"
