"""Opinions entered for others, and signatures."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yinuo.org import models as org
from yinuo.procedures.models.editions import Edition
from yinuo.procedures.models.stages import words
from yinuo.procedures.models.tasks import Task


class Opinion(models.Model):
    """An opinion given in a meeting or by phone and entered by a recorder: counts once its owner confirms it.

    It waits until it is confirmed or rejected, or withdrawn: by the recorder, or because the task has gone elsewhere.
    """

    class Way(models.TextChoices):
        MEETING = "meeting", _("In a meeting")
        PHONE = "phone", _("By phone")
        MESSAGE = "message", _("By message")

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="opinions")
    said_by = models.ForeignKey(org.Person, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    way = models.CharField(max_length=10, choices=Way)
    entered_by = models.ForeignKey(org.Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    outcome = models.CharField(max_length=60, blank=True)
    verdict = models.CharField(max_length=20, blank=True)
    condition = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    rejected_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    WAITING = Q(confirmed_at=None, rejected_at=None, withdrawn_at=None)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task"],
                condition=Q(confirmed_at=None, rejected_at=None, withdrawn_at=None),
                name="procedures_opinion_one_waiting",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, rejected_at=None)
                | Q(confirmed_at=None, withdrawn_at=None)
                | Q(rejected_at=None, withdrawn_at=None),
                name="procedures_opinion_one_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.said_by} ({self.entered_by})"


class Signature(models.Model):
    """A signature: who, when, holding which post, under which outcome, meaning what, over which content (`digest`).

    Electronic ones were given with the password or the personal PIN. A paper one is a scan (`attachment`) entered by
    a named person: its own kind, never shown as electronic.
    """

    class Way(models.TextChoices):
        PASSWORD = "password", _("Electronic, with password")
        PIN = "pin", _("Electronic, with PIN")
        PAPER = "paper", _("On paper, scanned")

    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, blank=True, related_name="signatures")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, blank=True, related_name="signatures")
    person = models.ForeignKey(org.Person, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(org.Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField()
    outcome_zh = models.CharField(max_length=200, blank=True)
    outcome_en = models.CharField(max_length=200, blank=True)
    meaning_zh = models.TextField()
    meaning_en = models.TextField(blank=True)
    post_zh = models.CharField(max_length=200, blank=True)
    post_en = models.CharField(max_length=200, blank=True)
    way = models.CharField(max_length=10, choices=Way)
    digest = models.CharField(max_length=64)
    entered_by = models.ForeignKey(org.Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    entered_at = models.DateTimeField(null=True, blank=True)
    attachment_token = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(task__isnull=False, edition=None) | Q(task=None, edition__isnull=False),
                name="procedures_signature_of_one",
            ),
            models.CheckConstraint(
                condition=(Q(way="paper", entered_by__isnull=False, entered_at__isnull=False) & ~Q(attachment_token=""))
                | (~Q(way="paper") & Q(entered_by=None, entered_at=None, attachment_token="")),
                name="procedures_signature_paper",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.meaning}"

    @property
    def outcome(self) -> str:
        """What was decided with it, in words of that day."""
        return words(self.outcome_zh, self.outcome_en)

    @property
    def meaning(self) -> str:
        return words(self.meaning_zh, self.meaning_en)

    @property
    def post(self) -> str:
        """The post held when signing, in words of that day."""
        return words(self.post_zh, self.post_en)

    @property
    def is_electronic(self) -> bool:
        return self.way != self.Way.PAPER
