"""Workbooks that were exported and came back, and their rows as far as they differ."""

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from yinuo.kit import models as kit
from yinuo.kit import rows


class Comparison(rows.Versioned):
    """An exported list that came back: what left, what the file says, what holds now, until it is written or dropped.

    `columns` says what each compared column is called, `counts` how many cells and rows differ in which way. Nothing
    is written to other rooms before somebody has confirmed.
    """

    subject_type: ClassVar[str] = "comparisons.comparison"

    class State(models.TextChoices):
        COMPARING = "comparing", pgettext_lazy("comparison", "being compared")
        COMPARED = "compared", pgettext_lazy("comparison", "to be confirmed")
        WRITING = "writing", pgettext_lazy("comparison", "being written")
        DONE = "done", pgettext_lazy("comparison", "written")
        DROPPED = "dropped", pgettext_lazy("comparison", "dropped")
        BROKEN = "broken", pgettext_lazy("comparison", "could not be compared")

    exported = models.ForeignKey(kit.Exported, on_delete=models.SET_NULL, null=True, related_name="+")
    sheet = models.CharField(max_length=100)
    name = models.CharField(max_length=255)
    state = models.CharField(max_length=10, choices=State, default=State.COMPARING)
    exported_at = models.DateTimeField()
    exported_by = models.CharField(max_length=200)
    columns = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    by_id = models.CharField(max_length=40)
    by_name = models.CharField(max_length=200)
    received_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["by_id", "-id"], name="comparisons_by")]

    def __str__(self) -> str:
        return self.name

    @property
    def subject_label(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("comparisons:comparison", args=[self.pk])


class Row(models.Model):
    """A row in which the file differs from what left or from what holds now.

    `cells` are those that differ (`engine.merging.Cell`), `values` what the file's say as the action takes it, `was`
    the choices before all were decided at once, `seen` the version with which the file was compared.
    """

    class State(models.TextChoices):
        CONFLICT = "conflict", pgettext_lazy("compared row", "changed on both sides")
        CHANGE = "theirs", pgettext_lazy("compared row", "changed in the file")
        NEW = "new", pgettext_lazy("compared row", "added in the file")
        ERROR = "error", pgettext_lazy("compared row", "with errors")
        BARRED = "barred", pgettext_lazy("compared row", "not to be changed by you")
        SAID = "said", pgettext_lazy("compared row", "nothing to write")
        MISSING = "missing", pgettext_lazy("compared row", "missing in the file")
        TAKEN = "taken", pgettext_lazy("compared row", "written")
        LEFT = "left", pgettext_lazy("compared row", "left as it is")
        REFUSED = "refused", pgettext_lazy("compared row", "refused")

    of = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # in the file; of one that is missing there, behind its last row
    row = models.BigIntegerField(null=True)
    label = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State)
    cells = models.JSONField(default=list)
    values = models.JSONField(default=dict)
    undecided = models.PositiveSmallIntegerField(default=0)
    was = models.JSONField(null=True)
    said = models.JSONField(default=list)
    seen = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "number"], name="comparisons_row_once")]
        indexes = [models.Index(fields=["of", "state", "number"], name="comparisons_row_state")]

    def __str__(self) -> str:
        return f"{self.number} {self.label}"
