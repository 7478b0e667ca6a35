"""The words letters begin with, as the company wants them; and for whom reports of progress are drafted, how often."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.customers import models as customers
from yinuo.kit import rows, subjects

PERSON = settings.AUTH_USER_MODEL


class Template(rows.Versioned):
    """What a letter of one kind begins with in one language. Until somebody changes it, the words that came with the
    product hold (`wording.shipped`); every change is an edition."""

    subject_type: ClassVar[str] = "letters.template"

    class Kind(models.TextChoices):
        RECEIPT = "receipt", pgettext_lazy("template", "acknowledgement of receipt")
        QUESTION = "question", pgettext_lazy("template", "question")
        ALTERNATIVE = "alternative", pgettext_lazy("template", "cannot be met, with an alternative")
        PROGRESS = "progress", pgettext_lazy("template", "progress report")
        COMPLETION = "completion", pgettext_lazy("template", "completion, with a request for feedback")
        NEW_CONTACT = "new_contact", pgettext_lazy("template", "new contact on our side")

    kind = models.CharField(max_length=20, choices=Kind)
    language = models.CharField(max_length=12)
    heading = models.CharField(_("Subject line"), max_length=150)
    text = models.TextField(_("Words"))
    is_active = models.BooleanField(_("Is offered"), default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "language"], name="letters_template_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.language}"

    def get_absolute_url(self) -> str:
        return reverse("letters:template", args=[self.kind, self.language])

    @property
    def subject_label(self) -> str:
        return str(self)


class TemplateEdition(models.Model):
    """One edition of a template, with who wrote it; the last one holds."""

    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    heading = models.CharField(max_length=150)
    text = models.TextField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["template", "number"], name="letters_templateedition_once")]

    def __str__(self) -> str:
        return f"{self.template_id}/{self.number}"


class ProgressPlan(rows.Versioned, subjects.SubjectColumns):
    """How often a report of progress is drafted for a customer: on one subject (a case), or on all that is going on.

    A draft is all that comes of it: the customer's window changes, releases and sends it, or withdraws it.
    """

    class Every(models.TextChoices):
        WEEK = "week", _("every week")
        TWO_WEEKS = "two_weeks", _("every two weeks")
        MONTH = "month", _("every month")

    customer = models.ForeignKey(customers.Customer, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(
        customers.CustomerContact, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    every = models.CharField(pgettext_lazy("report", "How often"), max_length=10, choices=Every, default=Every.WEEK)
    language = models.CharField(_("Language"), max_length=12)
    next_on = models.DateField(_("Next on"))
    is_active = models.BooleanField(_("Is drafted"), default=True)
    keeper = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    last_at = models.DateTimeField(null=True, editable=False)
    trouble = models.CharField(max_length=500, blank=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["next_on"], name="letters_plan_next", condition=models.Q(is_active=True))]
        constraints = [
            models.UniqueConstraint(fields=["subject_type", "subject_id"], name="letters_plan_once"),
        ]

    def __str__(self) -> str:
        return self.subject_label

    def get_absolute_url(self) -> str:
        return self.subject_url
