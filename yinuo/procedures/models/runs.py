"""Runs, whom they were copied to, and the log of moves from which every run can be played again."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yinuo.kit import rows, subjects
from yinuo.org import models as org
from yinuo.procedures.models.editions import Edition, Procedure
from yinuo.procedures.models.stages import Stage, words


class Run(rows.Versioned, subjects.SubjectColumns):
    """One execution of an edition for a subject (办理过程). `state` is the engine's; the columns beside it tell lists
    what it says. `facts` are given by whoever started it, beside those that rooms plug in."""

    class Ending(models.TextChoices):
        COMPLETED = "completed", _("Completed")
        TERMINATED = "terminated", _("Terminated")

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="runs")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="runs", db_index=False)
    state = models.JSONField()
    facts = models.JSONField(default=dict, blank=True)
    moves = models.PositiveIntegerField(default=0)
    status_key = models.CharField(max_length=60, blank=True)
    status_zh = models.CharField(max_length=100, blank=True)
    status_en = models.CharField(max_length=100, blank=True)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.PENDING)
    phase = models.CharField(max_length=60, blank=True)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(
        org.Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    held_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=10, choices=Ending, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "procedure"],
                condition=Q(ended_at=None),
                name="procedures_run_one_open",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ending="") | (Q(ended_at__isnull=False) & ~Q(ending="")),
                name="procedures_run_ended",
            ),
            models.CheckConstraint(condition=Q(held_at=None) | Q(ended_at=None), name="procedures_run_held"),
        ]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="procedures_run_subject"),
            models.Index(fields=["started_by", "-started_at"], name="procedures_run_starter"),
            # Few runs are on hold: lists of open tasks leave out theirs without looking at every run.
            models.Index(fields=["held_at", "id"], name="procedures_run_on_hold", condition=Q(held_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.procedure} · {self.subject_label}"

    @property
    def status(self) -> str:
        """The company's own word for where the run stands."""
        return words(self.status_zh, self.status_en)

    @property
    def badge(self) -> tuple[str, str]:
        """Group and word for the badge."""
        return self.stage, self.status or str(self.get_stage_display())

    def get_absolute_url(self) -> str:
        return self.subject_url or reverse("procedures:run_chart", args=[self.pk])


class Move(models.Model):
    """One move of a run, in order, with the facts it saw: playing all of them again gives the run's state."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="log", db_index=False)
    number = models.PositiveIntegerField()
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    actor_id = models.CharField(max_length=40)
    actor_name = models.CharField(max_length=200)
    move = models.JSONField()
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="procedures_move_number")]

    def __str__(self) -> str:
        return f"{self.number} {self.move.get('move', '')}"
