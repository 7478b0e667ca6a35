"""What somebody of the company got to know from a customer, before and after it was sorted."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.cases.models import case as cases
from yinuo.cases.models import words
from yinuo.customers import models as customers
from yinuo.kit import rows
from yinuo.org import models as org

PERSON = settings.AUTH_USER_MODEL
TITLE = 60


class Finding(rows.Versioned):
    """A portal notice, a WeChat message, a photo, words at a visit: reported by anybody, then sorted once.

    The words never change; files hang on it as they came. `reported_at` is when we were notified: a case made of it
    counts from then. It is as confidential as its customer, later as its case.
    """

    subject_type: ClassVar[str] = "cases.finding"

    class State(models.TextChoices):
        WAITING = "unsorted", pgettext_lazy("finding", "to be sorted")
        CASE = "case", pgettext_lazy("finding", "made a case")
        JOINED = "joined", pgettext_lazy("finding", "joined a case")
        DISMISSED = "dismissed", pgettext_lazy("finding", "dismissed")

    class Source(models.TextChoices):
        PERSON = "person", pgettext_lazy("finding", "a colleague")
        MAIL = "mail", pgettext_lazy("way", "e-mail")

    GROUPS: ClassVar[dict[str, str]] = {
        State.WAITING: "pending",
        State.CASE: "done",
        State.JOINED: "done",
        State.DISMISSED: "quiet",
    }

    text = models.TextField(_("what was learned"), blank=True)
    source = models.CharField(max_length=10, choices=Source, default=Source.PERSON)
    channel = models.CharField(_("channel"), max_length=20, choices=words.Channel, blank=True)
    customer = models.ForeignKey(
        customers.Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="findings"
    )
    said_by = models.CharField(_("who said it"), max_length=100, blank=True)
    said_at = models.DateTimeField(_("said or published"), null=True, blank=True)
    reported_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reported_at = models.DateTimeField(_("reported"))
    site = models.ForeignKey(org.Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    scope = models.ForeignKey(org.Scope, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    case = models.ForeignKey(cases.Case, on_delete=models.PROTECT, null=True, blank=True, related_name="findings")
    reminded_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["reported_at", "id"], name="cases_finding_waiting", condition=Q(state="unsorted")),
            models.Index(fields=["reported_by", "id"], name="cases_finding_reporter"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(source="mail") | Q(reported_by__isnull=False), name="cases_finding_has_reporter"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("cases:finding", args=[self.pk])

    @property
    def title(self) -> str:
        """Its first line; without words, whose report it is and when it came."""
        first = self.text.strip().partition("\n")[0].strip()
        if first:
            return first if len(first) <= TITLE else f"{first[: TITLE - 1]}…"
        at = f"{timezone.localtime(self.reported_at):%m-%d %H:%M}"
        return str(_("Report of %(at)s without words") % {"at": at})

    @property
    def rest(self) -> str:
        """Its words after the title; all of them where the title had to be cut."""
        first, _line, rest = self.text.strip().partition("\n")
        return rest.strip() if len(first.strip()) <= TITLE else self.text.strip()

    @property
    def subject_label(self) -> str:
        return self.title

    @property
    def badge(self) -> tuple[str, str]:
        """Group and word for the badge."""
        return self.GROUPS[self.state], str(self.State(self.state).label)

    @property
    def reporter(self) -> str:
        """Who reported it."""
        return self.reported_by.name if self.reported_by else str(self.Source(self.source).label)

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_enough(self) -> bool:
        """Whether a case can be made of it at once: customer and words are known."""
        return self.customer_id is not None and bool(self.text.strip())
