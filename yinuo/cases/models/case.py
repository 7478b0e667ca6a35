"""The case itself."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yinuo.cases.models import words
from yinuo.customers import models as customers
from yinuo.kit import rows
from yinuo.letters import models as letters
from yinuo.org import models as org

PERSON = settings.AUTH_USER_MODEL


class Case(rows.Versioned):
    """What a customer asks, from intake to lessons.

    Dates apart: said or published, notified, registered; asked by the customer, promised, due inside. State, step,
    holder and due of the step are kept here by listeners, so that the list reads one table.
    """

    subject_type: ClassVar[str] = "cases.case"

    number = models.CharField(_("number"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what was asked"), blank=True)
    customer = models.ForeignKey(customers.Customer, on_delete=models.PROTECT, related_name="cases")
    contact = models.ForeignKey(
        customers.CustomerContact, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    said_by = models.CharField(_("who said it"), max_length=100, blank=True)
    products = models.ManyToManyField(customers.Product, blank=True, related_name="cases")
    project = models.ForeignKey(
        customers.Project, on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    site = models.ForeignKey(org.Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    scope = models.ForeignKey(org.Scope, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    channel = models.CharField(_("channel"), max_length=20, choices=words.Channel)
    kind = models.CharField(_("nature"), max_length=20, choices=words.Kind)
    is_safety = models.BooleanField(_("health or safety"), default=False)
    stops_line = models.BooleanField(_("a line or shipment may stop"), default=False)

    said_at = models.DateTimeField(_("said or published"), null=True, blank=True)
    notified_at = models.DateTimeField(_("notified"))
    registered_at = models.DateTimeField(_("registered"))
    registered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    wanted_on = models.DateField(_("asked by the customer"), null=True, blank=True)
    promised_on = models.DateField(_("promised"), null=True, blank=True)
    due_at = models.DateTimeField(_("due inside"), null=True, blank=True)
    is_provisional = models.BooleanField(default=False)
    oral = models.CharField(
        _("oral words"), max_length=12, choices=words.Confirmation, default=words.Confirmation.NOT_NEEDED, blank=True
    )
    oral_due_on = models.DateField(_("written confirmation due"), null=True, blank=True)
    no_original = models.CharField(_("why there is no original"), max_length=300, blank=True)

    priority = models.PositiveSmallIntegerField(_("priority"), choices=words.Priority, default=words.Priority.NORMAL)
    priority_zh = models.CharField(max_length=300, blank=True)
    priority_en = models.CharField(max_length=300, blank=True)
    priority_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    owner = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(_("state"), max_length=60, default=words.State.NEW)
    state_zh = models.CharField(max_length=100, blank=True)
    state_en = models.CharField(max_length=100, blank=True)
    stage = models.CharField(max_length=10, default="pending")
    step_zh = models.CharField(max_length=200, blank=True)
    step_en = models.CharField(max_length=200, blank=True)
    holder_zh = models.CharField(max_length=200, blank=True)
    holder_en = models.CharField(max_length=200, blank=True)
    step_due_at = models.DateTimeField(null=True, blank=True)
    run_id = models.BigIntegerField(null=True, blank=True)
    run_moves = models.PositiveIntegerField(default=0)
    held_at = models.DateTimeField(null=True, blank=True)
    held_seconds = models.PositiveBigIntegerField(default=0)
    held_working_seconds = models.PositiveBigIntegerField(default=0)
    hold_reason = models.CharField(max_length=500, blank=True)

    acknowledged_at = models.DateTimeField(_("receipt confirmed"), null=True, blank=True)
    acknowledged_way = models.CharField(_("way"), max_length=20, choices=letters.Way, blank=True)
    answered_at = models.DateTimeField(_("customer told"), null=True, blank=True)
    remark = models.TextField(_("completion remark"), blank=True)
    more = models.JSONField(_("the company's own fields"), default=dict, blank=True)
    is_satisfied = models.BooleanField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.TextField(blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", db_index=False
    )

    class Meta:
        indexes = [
            models.Index(fields=["step_due_at", "id"], name="cases_case_step_due"),
            models.Index(fields=["due_at", "id"], name="cases_case_due"),
            # What is not over yet is few among many, listed and counted all day long: read from the index alone.
            models.Index(
                fields=["step_due_at", "id", "scope", "site"], name="cases_case_open", condition=Q(ended_at=None)
            ),
            models.Index(
                fields=["owner", "step_due_at", "id", "scope", "site"],
                name="cases_case_open_owner",
                condition=Q(ended_at=None),
            ),
            # The calendar of deadlines counts what is open day by day, and the overview finds what ended when.
            models.Index(
                fields=["promised_on", "scope", "site"], name="cases_case_promised", condition=Q(ended_at=None)
            ),
            models.Index(fields=["wanted_on", "scope", "site"], name="cases_case_wanted", condition=Q(ended_at=None)),
            models.Index(fields=["due_at", "scope", "site"], name="cases_case_open_due", condition=Q(ended_at=None)),
            models.Index(fields=["ended_at"], name="cases_case_ended", condition=Q(ended_at__isnull=False)),
            models.Index(fields=["state", "step_due_at", "id"], name="cases_case_state"),
            models.Index(fields=["owner", "state", "step_due_at"], name="cases_case_owner"),
            models.Index(fields=["customer", "step_due_at"], name="cases_case_customer"),
            models.Index(fields=["priority", "id"], name="cases_case_priority"),
            models.Index(fields=["oral", "id"], name="cases_case_oral"),
            models.Index(fields=["registered_at"], name="cases_case_registered"),
            models.Index(fields=["scope"], name="cases_case_scope", condition=Q(scope__isnull=False)),
            models.Index(fields=["merged_into"], name="cases_case_merged", condition=Q(merged_into__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("cases:case", args=[self.number])

    @property
    def subject_label(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def state_words(self) -> str:
        """The state in the reader's language; a company's own status by its own words."""
        if self.state in words.STATE_GROUPS:
            return str(words.State(self.state).label)
        return (self.state_en or self.state_zh) if _is_english() else (self.state_zh or self.state_en)

    @property
    def badge(self) -> tuple[str, str]:
        """Group and word for the badge."""
        return words.STATE_GROUPS.get(self.state, self.stage), self.state_words

    @property
    def step(self) -> str:
        """What is to be done now."""
        return (self.step_en or self.step_zh) if _is_english() else (self.step_zh or self.step_en)

    @property
    def holder(self) -> str:
        """Who has to do it."""
        return (self.holder_en or self.holder_zh) if _is_english() else (self.holder_zh or self.holder_en)

    @property
    def priority_why(self) -> str:
        """Why it has this priority."""
        return (self.priority_en or self.priority_zh) if _is_english() else (self.priority_zh or self.priority_en)

    @property
    def speaker(self) -> str:
        """Who at the customer said it."""
        return self.contact.name if self.contact else self.said_by

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def is_merged(self) -> bool:
        return self.merged_into_id is not None


def _is_english() -> bool:
    return (get_language() or "").startswith("en")
