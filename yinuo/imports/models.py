"""Workbooks that came in, their rows, and which column held what."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from yinuo.kit import rows, subjects


class Import(rows.Versioned):
    """A workbook from which rows are taken over, from its receipt to the last row.

    `columns` says which field stands in which column; `headings` what the columns are called; `options` what was said
    once for all rows; `asked` the spellings of which nobody has said yet who is meant. Nothing is written to other
    rooms before somebody has confirmed what would happen.
    """

    subject_type: ClassVar[str] = "imports.import"

    class State(models.TextChoices):
        MAPPING = "mapping", pgettext_lazy("import", "columns to assign")
        CHECKING = "checking", pgettext_lazy("import", "being checked")
        CHECKED = "checked", pgettext_lazy("import", "to be confirmed")
        WRITING = "writing", pgettext_lazy("import", "being taken over")
        DONE = "done", pgettext_lazy("import", "taken over")
        DROPPED = "dropped", pgettext_lazy("import", "dropped")
        BROKEN = "broken", pgettext_lazy("import", "could not be read")

    kind = models.CharField(max_length=60)
    name = models.CharField(max_length=255)
    state = models.CharField(max_length=10, choices=State, default=State.MAPPING)
    sheet = models.CharField(max_length=100, blank=True)
    sheets = models.JSONField(default=list)
    heading_rows = models.JSONField(default=list)
    headings = models.JSONField(default=dict)
    columns = models.JSONField(default=dict)
    print = models.TextField(blank=True)
    notes = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    asked = models.JSONField(default=list)
    with_changes = models.BooleanField(default=False)
    by_id = models.CharField(max_length=40)
    by_name = models.CharField(max_length=200)
    received_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["by_id", "-id"], name="imports_import_by")]

    def __str__(self) -> str:
        return self.name

    @property
    def subject_label(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("imports:import_one", args=[self.pk])


class Line(models.Model):
    """One row of the workbook's table: its clean values, what it means, and what became of it."""

    class State(models.TextChoices):
        NEW = "new", pgettext_lazy("line", "new")
        CHANGE = "change", pgettext_lazy("line", "changes")
        SAME = "same", pgettext_lazy("line", "already there")
        FAULT = "fault", pgettext_lazy("line", "with errors")
        ASKED = "asked", pgettext_lazy("line", "waiting for an answer")
        PART = "part", pgettext_lazy("line", "belongs to a row above")
        TAKEN = "taken", pgettext_lazy("line", "taken over")
        LEFT = "left", pgettext_lazy("line", "left out")
        REFUSED = "refused", pgettext_lazy("line", "refused")

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    place = models.PositiveIntegerField()
    label = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State)
    values = models.JSONField(default=dict)
    said: "models.JSONField[Any, Any]" = models.JSONField(default=list)  # [cell, sentence, is only a doubt]
    seen = models.PositiveIntegerField(null=True)  # the version of the row that is there
    url = models.CharField(max_length=300, blank=True)
    beside: "models.JSONField[Any, Any]" = models.JSONField(default=list)  # what no field takes: `rules.beside`

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "number"], name="imports_line_once")]
        indexes = [models.Index(fields=["of", "state", "place"], name="imports_line_state")]

    def __str__(self) -> str:
        return f"{self.number} {self.label}"


class Kept(subjects.SubjectColumns):
    """What stood beside the fields of the rows that a subject was taken over from: columns of no field, comments,
    colours, struck text. `columns` are cells as `rules.beside` tells them; `headings` say which columns these are, so
    that an export knows its headings without reading all cells. `of`, `sheet`, `number`: where it came from last."""

    of = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="kept")
    sheet = models.CharField(max_length=100, blank=True)
    number = models.PositiveIntegerField()
    columns: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    headings: "models.JSONField[Any, Any]" = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject_type", "subject_id"], name="imports_kept_once")]

    def __str__(self) -> str:
        return f"{self.subject_label} {self.sheet} {self.number}".strip()


class Assignment(models.Model):
    """Which field stood in which column of a file with these headings, as somebody said it last.

    `heading_rows` is filled where somebody chose by hand in which rows the headings stand: the next file that has the
    same headings in the same rows is read alike.
    """

    kind = models.CharField(max_length=60)
    print = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    heading_rows = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "print"], name="imports_assignment_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.print[:8]}"


class Meaning(models.Model):
    """Whom somebody means by a spelling in their files: `meant` is the text by which the room knows it; empty: it is
    somebody of its own. `is_kept`: it was also kept with the thing itself, as another name."""

    of = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    text = models.CharField(max_length=200)
    meant = models.CharField(max_length=200, blank=True)
    label = models.CharField(max_length=300, blank=True)
    is_kept = models.BooleanField(default=False)
    by_id = models.CharField(max_length=40)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["by_id", "of", "key"], name="imports_meaning_once", condition=models.Q(undone_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.text} = {self.label or self.meant}"
