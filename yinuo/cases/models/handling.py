"""The plan of a case, and originals that are objects."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.cases.models.case import Case
from yinuo.cases.models.items import Item
from yinuo.kit import rows, subjects

PERSON = settings.AUTH_USER_MODEL


class Measure(rows.Versioned):
    """One action of the handling plan (处理方案): what, who, until when, how it stands (S5 3(2))."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("measure", "open")
        DONE = "done", pgettext_lazy("measure", "done")
        VERIFIED = "verified", pgettext_lazy("measure", "verified")
        DROPPED = "dropped", pgettext_lazy("measure", "dropped")

    subject_type: ClassVar[str] = "cases.measure"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="measures")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, blank=True, related_name="measures")
    position = models.PositiveSmallIntegerField()
    what = models.TextField(_("what"))
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("until"))
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    done_at = models.DateTimeField(null=True, blank=True)
    remark = models.TextField(_("remark"), blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.what[:80]

    def get_absolute_url(self) -> str:
        return f"{self.case.get_absolute_url()}#plan"

    @property
    def subject_label(self) -> str:
        return f"{self.case.number} {self.what[:80]}"

    @property
    def badge(self) -> tuple[str, str]:
        group = {"open": "pending", "done": "active", "verified": "done", "dropped": "quiet"}[self.state]
        return group, str(self.get_state_display())


class Sample(rows.Versioned):
    """An original that is an object (C48): where it is, who keeps it, who sealed it, until when it holds."""

    class Kind(models.TextChoices):
        SAMPLE = "sample", pgettext_lazy("object", "sample part")
        SEALED = "sealed", pgettext_lazy("object", "sealed sample")
        COLOUR = "colour", pgettext_lazy("object", "colour master")
        GAUGE = "gauge", pgettext_lazy("object", "gauge")
        LIMIT = "limit", pgettext_lazy("object", "limit sample")

    subject_type: ClassVar[str] = "cases.sample"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="samples")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    number = models.CharField(_("number of the object"), max_length=60)
    name = models.CharField(_("description"), max_length=200, blank=True)
    place = models.CharField(_("place"), max_length=200)
    keeper = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    sealed_by = models.CharField(_("sealed by"), max_length=100, blank=True)
    sealed_on = models.DateField(_("sealed on"), null=True, blank=True)
    valid_until_on = models.DateField(_("valid until"), null=True, blank=True)
    told_on = models.DateField(null=True, blank=True, editable=False)
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number"], name="cases_sample_number")]
        indexes = [models.Index(fields=["valid_until_on"], name="cases_sample_valid", condition=Q(voided_at=None))]

    def __str__(self) -> str:
        return f"{self.number} {self.name}".strip()

    def get_absolute_url(self) -> str:
        return f"{self.case.get_absolute_url()}#originals"

    @property
    def subject_label(self) -> str:
        return str(self)

    @property
    def ref(self) -> subjects.Ref:
        """The object as a subject, for its photos."""
        return subjects.Ref(
            self.subject_type, self.pk, str(self), self.get_absolute_url(), self.case.scope_id, self.case.site_id
        )
