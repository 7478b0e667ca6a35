"""Reports that people keep under a name (已存报表), to whom they are sent, and what was sent to whom."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yinuo.kit import rows
from yinuo.org import models as org


class SavedReport(rows.Versioned):
    """What a page of figures shows, under a name: for its owner, and for whom it is shared with.

    `query` is the page's own (span, cut, filters); a span like “last month” stays relative. Whoever opens it sees what
    they may see. `next_at`: when it is sent next, while it is sent at all.
    """

    subject_type: ClassVar[str] = "reports.savedreport"

    class Page(models.TextChoices):
        STATISTICS = "statistics", _("Figures")
        STEPS = "statistics_steps", _("Where the time goes")
        OVERVIEW = "overview", _("Overview")

    class Rhythm(models.TextChoices):
        NEVER = "", _("Not sent")
        WEEKLY = "weekly", _("Every week")
        MONTHLY = "monthly", _("Every month")

    owner = models.ForeignKey(org.Person, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    page = models.CharField(max_length=20, choices=Page)
    query = models.CharField(max_length=1000, blank=True)
    posts = models.ManyToManyField(org.Post, related_name="+")
    departments = models.ManyToManyField(org.Department, related_name="+")
    saved_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)
    rhythm = models.CharField(max_length=10, choices=Rhythm, blank=True)
    on_day = models.PositiveSmallIntegerField(default=1)
    at_hour = models.PositiveSmallIntegerField(default=8)
    next_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="reports_saved_once", condition=Q(voided_at=None))
        ]
        indexes = [
            models.Index(fields=["next_at"], name="reports_saved_next", condition=Q(next_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject_label(self) -> str:
        return self.name

    @property
    def site_id(self) -> int | None:
        return self.owner.site_id

    def get_absolute_url(self) -> str:
        return reverse("reports:saved_report", args=[self.pk])

    def page_url(self) -> str:
        """The live page with its figures."""
        url = reverse(f"reports:{self.page}")
        return f"{url}?{self.query}" if self.query else url


class Receiver(models.Model):
    """Somebody to whom a report is sent; `left_at`: they do not want it any more."""

    report = models.ForeignKey(SavedReport, on_delete=models.CASCADE, related_name="receivers")
    person = models.ForeignKey(org.Person, on_delete=models.CASCADE, related_name="+")
    added_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "person"], name="reports_receiver_once")]

    def __str__(self) -> str:
        return f"{self.report}: {self.person}"


class Sending(models.Model):
    """A report was due for somebody at a moment: told, or left out and why. Once for each, whatever happens.

    `mail` is the mail about it in the outbox, which knows whether it arrived; 0: the person wants no mails.
    """

    class State(models.TextChoices):
        TOLD = "told", _("Sent")
        GONE = "gone", _("Left out: no longer works here")
        MAY_NOT = "may_not", _("Left out: may not see the figures")

    report = models.ForeignKey(SavedReport, on_delete=models.PROTECT, related_name="sendings")
    person = models.ForeignKey(org.Person, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    is_asked = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State)
    mail = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "person", "due_at"], name="reports_sending_once")]

    def __str__(self) -> str:
        return f"{self.report}: {self.person} {self.due_at:%Y-%m-%d}"
