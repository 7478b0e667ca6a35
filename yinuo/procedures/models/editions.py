"""Procedures and their frozen editions."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse

from yinuo.kit import rows
from yinuo.org import models as org


class Procedure(rows.Versioned, rows.Named):
    """A management procedure (管理程序). What it says stands in its editions; `current` is the one new runs take.

    `owner_post` answers for the procedure: what nobody can be found for, and effects that fail, go there.
    """

    subject_type: ClassVar[str] = "procedures.procedure"

    key = models.CharField(max_length=60, unique=True)
    number = models.CharField(max_length=60)
    owner_post = models.ForeignKey(org.Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    current = models.ForeignKey("Edition", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    @property
    def subject_label(self) -> str:
        return f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("procedures:procedure", args=[self.key])


class Frozen(models.QuerySet["Edition"]):
    """Editions are made once and read ever after."""

    def update(self, **kwargs: Any) -> int:
        raise TypeError("an edition is frozen")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("an edition is frozen")


class Edition(models.Model):
    """One published edition of a procedure, frozen: the definition as data, the text it was read from, their
    fingerprint. `label` is the company's own (A/0, 1/A …), `number` counts publications."""

    subject_type: ClassVar[str] = "procedures.edition"

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=30)
    definition = models.JSONField()
    source = models.TextField()
    fingerprint = models.CharField(max_length=64)
    reason = models.CharField(max_length=500, blank=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(org.Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = Frozen.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="procedures_edition_number"),
            models.UniqueConstraint(fields=["procedure", "label"], name="procedures_edition_label"),
        ]

    def __str__(self) -> str:
        return f"{self.procedure.number} {self.label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("an edition is frozen")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("procedures:edition", args=[self.procedure.key, self.number])

    @property
    def subject_label(self) -> str:
        return str(self)
