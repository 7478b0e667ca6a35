"""Standards as lists of clauses: whose each clause is, lists that people bring, and re-baselining to a new edition.

A `Baseline` (换版) leads from one edition of a standard to the next. What customers' clauses belong to goes on by
itself where the clause of the standard goes on; a `BaselineRow` is what a person decides of the others. All of it
holds from the moment it is signed.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.customers import models as customers
from yinuo.kit import rows
from yinuo.records import models as records
from yinuo.sources.models.documents import ClauseText, Edition
from yinuo.sources.models.judging import Mapping

PERSON = settings.AUTH_USER_MODEL


class Origin(models.Model):
    """Whose a clause of a standard is: one of IATF 16949 may be ISO 9001's. `is_untitled`: it is printed without a
    title, and the words are ours."""

    text = models.OneToOneField(ClauseText, on_delete=models.PROTECT, related_name="origin")
    of = models.CharField(max_length=80, blank=True)
    is_untitled = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.text} ({self.of})"


class Loading(customers.Kept):
    """A list of a standard's clauses that somebody brought. `said` is what was read of it (`rules.standards.said`)."""

    subject_type: ClassVar[str] = "sources.loading"

    name = models.CharField(max_length=255)
    said = models.JSONField(default=dict)
    attachment = models.ForeignKey(records.Attachment, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.subject_label

    def get_absolute_url(self) -> str:
        return reverse("sources:loading", args=[self.pk])

    @property
    def subject_label(self) -> str:
        return self.name


class Baseline(customers.Kept):
    """From one edition of a standard to the next; `signed_at` is when the new one began to hold."""

    subject_type: ClassVar[str] = "sources.baseline"

    before = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    after = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="baseline")
    opened_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    signed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    signed_way = models.CharField(max_length=10, blank=True)
    signed_post = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["signed_at", "-id"], name="sources_baseline_open")]

    def __str__(self) -> str:
        return self.subject_label

    def get_absolute_url(self) -> str:
        return reverse("sources:baseline", args=[self.pk])

    @property
    def subject_label(self) -> str:
        return f"{self.before.document.number} {self.before.label} → {self.after.label}"


class BaselineRow(rows.Versioned):
    """What becomes of one mapping. `old` is the clause of the standard it points to before, `targets` behind."""

    class Act(models.TextChoices):
        WAITS = "waits", _("to be decided")
        FOLLOWS = "follows", _("follows by itself")
        CHOSEN = "chosen", pgettext_lazy("baseline", "assigned anew")
        KEPT = "kept", _("kept at the old clause")
        DROPPED = "dropped", pgettext_lazy("baseline", "dropped")

    baseline = models.ForeignKey(Baseline, on_delete=models.PROTECT, related_name="rows")
    mapping = models.ForeignKey(Mapping, on_delete=models.PROTECT, related_name="+")
    old = models.ForeignKey(ClauseText, on_delete=models.PROTECT, related_name="+")
    targets = models.ManyToManyField(ClauseText, related_name="+")
    act = models.CharField(max_length=10, choices=Act, default=Act.WAITS)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["baseline", "mapping"], name="sources_baselinerow_once")]

    def __str__(self) -> str:
        return f"{self.mapping} {self.act}"
