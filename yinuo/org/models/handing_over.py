"""Handing over what somebody had in hand, when they leave or take another post."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from yinuo.kit import subjects
from yinuo.org.models.company import Person


class HandOver(models.Model):
    """One handing over (工作移交) of what `person` had in hand, by somebody who may. `last_on` is the day with which
    posts and team roles end; it is over (`finished_at`) when every row was tried."""

    subject_type: ClassVar[str] = "org.hand_over"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="hand_overs")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    last_on = models.DateField()
    reason = models.CharField(max_length=300)
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.person} {self.at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("org:hand_over", args=[self.pk])

    @property
    def subject_label(self) -> str:
        return self.person.name


class HandedOver(subjects.SubjectColumns):
    """One thing of a handing over: which duty (the plug's name and the row's key, in the version seen), for whom, and
    what became of it. Who may see it follows from what it is about."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("hand-over", "waiting")
        DONE = "done", pgettext_lazy("hand-over", "handed over")
        LEFT = "left", pgettext_lazy("hand-over", "not handed over")

    hand_over = models.ForeignKey(HandOver, on_delete=models.PROTECT, related_name="rows")
    duty = models.CharField(max_length=60)
    key = models.BigIntegerField()
    expected = models.PositiveIntegerField()
    label = models.CharField(max_length=300)
    url = models.CharField(max_length=300, blank=True)
    to = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    why = models.CharField(max_length=500, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hand_over", "duty", "key"], name="org_handedover_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", tried_at=None) | (~Q(state="waiting") & Q(tried_at__isnull=False)),
                name="org_handedover_tried",
            ),
        ]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="org_handedover_subject")]

    def __str__(self) -> str:
        return f"{self.label} → {self.to}"
