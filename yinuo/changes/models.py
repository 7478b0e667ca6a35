"""What a customer changed: one `Change` with its days and its clock, and all that follows from it.

A `Change` comes with an edition of a document, or without one (a drawing, a mail). Its clock keeps the rule under which
it began, so that a proof stays what it was when the company's rule changes later. `Application` is the change at one
product and site; `OwnDocument` one of our documents that follow; `Supplier` somebody who must know.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.customers import models as customers
from yinuo.kit import rows
from yinuo.org import models as org
from yinuo.sources import models as sources

PERSON = settings.AUTH_USER_MODEL


class Start(models.TextChoices):
    """From which day the clock is counted (`rules.Start`)."""

    EARLIEST = "earliest", _("the earlier of notified and received")
    NOTIFIED = "notified", _("the day we were notified")
    RECEIVED = "received", _("the day we received it")
    PUBLISHED = "published", _("the day it was published")


class Term(rows.Versioned):
    """Within how many working days changes are reviewed: of the company (no customer), shorter for single customers."""

    subject_type: ClassVar[str] = "changes.term"

    customer = models.OneToOneField(
        customers.Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    start = models.CharField(max_length=10, choices=Start, default=Start.EARLIEST)
    days = models.PositiveSmallIntegerField(default=10)
    note = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Coalesce("customer", 0, output_field=models.BigIntegerField()), name="changes_term_once"
            )
        ]

    def __str__(self) -> str:
        return self.subject_label

    @property
    def subject_label(self) -> str:
        return self.customer.subject_label if self.customer else str(_("Term for reviewing changes"))

    def get_absolute_url(self) -> str:
        return reverse("changes:terms")


class Counter(models.Model):
    """How many numbers of changes a year has given."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Result(models.TextChoices):
    """What reviewing a change came to."""

    TAKE_OVER = "take_over", _("to be implemented")
    CLARIFY = "clarify", _("to be clarified with the customer")
    REFUSE = "refuse", _("cannot be implemented as it stands")
    NOTHING = "nothing", _("nothing to do for us")


class Impact(models.TextChoices):
    """What a change means for the release of our parts (PPAP)."""

    NONE = "none", _("no effect on PPAP")
    NOTIFY = "notify", _("notify the customer")
    RESUBMIT = "resubmit", _("resubmit PPAP")


class Answer(models.TextChoices):
    """What the customer said to a notice or submission."""

    APPROVED = "approved", pgettext_lazy("ppap", "approved")
    INTERIM = "interim", pgettext_lazy("ppap", "interim approval")
    REJECTED = "rejected", pgettext_lazy("ppap", "rejected")


class Change(customers.Kept):
    """One change of a customer's engineering specification or document, with its days and its clock."""

    subject_type: ClassVar[str] = "changes.change"

    number = models.CharField(max_length=30, unique=True)
    title = models.CharField(max_length=300)
    customer = models.ForeignKey(customers.Customer, on_delete=models.PROTECT, related_name="changes")
    edition = models.OneToOneField(
        sources.Edition, on_delete=models.PROTECT, null=True, blank=True, related_name="change"
    )
    reference = models.CharField(max_length=200, blank=True)
    what = models.TextField(blank=True)
    clauses_changed = models.PositiveIntegerField(null=True)
    responsible = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(org.Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sites = models.ManyToManyField(org.Site, blank=True, related_name="+")
    own_scope = models.ForeignKey(org.Scope, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    added_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")

    published_on = models.DateField(null=True, blank=True)
    notified_on = models.DateField(null=True, blank=True)
    received_on = models.DateField()
    start = models.CharField(max_length=10, choices=Start)
    days = models.PositiveSmallIntegerField()
    started_on = models.DateField()
    due_on = models.DateField()
    is_provisional = models.BooleanField(default=False)
    start_reason = models.CharField(max_length=500, blank=True)

    reviewed_on = models.DateField(null=True)
    reviewed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    result = models.CharField(max_length=10, choices=Result, blank=True)
    said = models.TextField(blank=True)

    impact = models.CharField(max_length=10, choices=Impact, blank=True)
    level = models.PositiveSmallIntegerField(null=True)
    impact_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    impact_on = models.DateField(null=True)
    impact_note = models.TextField(blank=True)
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    answered_on = models.DateField(null=True)
    answer_reference = models.CharField(max_length=200, blank=True)

    implemented_on = models.DateField(null=True)
    verified_on = models.DateField(null=True)
    dropped_at = models.DateTimeField(null=True)
    dropped_why = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=F("started_on")), name="changes_change_order"),
            models.CheckConstraint(condition=Q(level=None) | Q(level__range=(1, 5)), name="changes_change_level"),
        ]
        indexes = [
            models.Index(fields=["-started_on", "-id"], name="changes_change_newest"),
            models.Index(fields=["due_on", "id"], name="changes_change_due"),
            models.Index(fields=["customer", "-started_on"], name="changes_change_customer"),
        ]

    def __str__(self) -> str:
        return self.subject_label

    def get_absolute_url(self) -> str:
        return reverse("changes:change", args=[self.number])

    @property
    def subject_label(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_open(self) -> bool:
        """Whether something about it is still to be done."""
        return self.dropped_at is None and self.verified_on is None and self.result != Result.NOTHING


class Nudge(models.Model):
    """That people were told of a due day, once for each occasion (`rules.Occasion`)."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="nudges")
    occasion = models.CharField(max_length=10)
    due_on = models.DateField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["change", "occasion", "due_on"], name="changes_nudge_once")]

    def __str__(self) -> str:
        return f"{self.change_id} {self.occasion} {self.due_on}"


class BreakPoint(models.TextChoices):
    """From where on parts are made as changed."""

    DAY = "day", pgettext_lazy("break point", "from a day on")
    BATCH = "batch", pgettext_lazy("break point", "first batch")
    SERIAL = "serial", pgettext_lazy("break point", "first serial number")


class Disposal(models.TextChoices):
    """What becomes of parts made before the break point."""

    NONE = "none", pgettext_lazy("stock", "there are none")
    USE_UP = "use_up", pgettext_lazy("stock", "use up")
    REWORK = "rework", pgettext_lazy("stock", "rework")
    SCRAP = "scrap", pgettext_lazy("stock", "scrap")
    RETURN = "return", pgettext_lazy("stock", "return")
    SEPARATE = "separate", pgettext_lazy("stock", "separate and hold")
    OTHER = "other", pgettext_lazy("stock", "other")


class Application(rows.Versioned):
    """A change at one product and site: implemented from a break point on and verified, or not affected at all."""

    class State(models.TextChoices):
        OPEN = "to_do", pgettext_lazy("application", "to be implemented")
        IMPLEMENTED = "implemented", pgettext_lazy("application", "implemented")
        VERIFIED = "verified", pgettext_lazy("application", "verified")
        UNAFFECTED = "unaffected", _("not affected")

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="applications")
    product = models.ForeignKey(customers.Product, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(org.Site, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    break_kind = models.CharField(max_length=10, choices=BreakPoint, blank=True)
    break_on = models.DateField(null=True)
    break_mark = models.CharField(max_length=100, blank=True)
    stock = models.CharField(max_length=10, choices=Disposal, blank=True)
    stock_note = models.CharField(max_length=300, blank=True)
    transit = models.CharField(max_length=10, choices=Disposal, blank=True)
    transit_note = models.CharField(max_length=300, blank=True)
    implemented_on = models.DateField(null=True)
    implemented_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    verified_on = models.DateField(null=True)
    verified_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    verified_how = models.TextField(blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["site__code", "product__number", "pk"]
        constraints = [models.UniqueConstraint(fields=["change", "product", "site"], name="changes_application_once")]

    def __str__(self) -> str:
        return f"{self.product.number} · {self.site.name}"


class DocumentKind(models.TextChoices):
    """Which of our documents follows a change."""

    FMEA = "fmea", _("FMEA")
    CONTROL_PLAN = "control_plan", _("control plan")
    FLOW_CHART = "flow_chart", _("process flow chart")
    INSTRUCTION = "instruction", _("work instruction")
    INSPECTION = "inspection", _("inspection instruction")
    DRAWING = "drawing", pgettext_lazy("own document", "drawing")
    PACKAGING = "packaging", _("packaging instruction")
    PPAP = "ppap", _("PPAP file")
    OTHER = "other", pgettext_lazy("own document", "other")


class OwnDocument(rows.Versioned):
    """One of our documents that must follow a change: who changes it, until when, and when it was done."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=14, choices=DocumentKind)
    number = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=200, blank=True)
    responsible = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    done_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    new_edition = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()


class Supplier(rows.Versioned):
    """A supplier that a change concerns: when it was told, and when it said that it knows."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="suppliers")
    name = models.CharField(max_length=200)
    told_on = models.DateField(null=True)
    acknowledged_on = models.DateField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["change", "name"], name="changes_supplier_once")]

    def __str__(self) -> str:
        return self.name
