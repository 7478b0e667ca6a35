"""The items of a case with their wordings."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yinuo.cases.models import words
from yinuo.cases.models.case import Case
from yinuo.customers import models as customers
from yinuo.kit import rows, subjects
from yinuo.letters import models as letters
from yinuo.org import models as org

PERSON = settings.AUTH_USER_MODEL


class Item(rows.Versioned):
    """One requirement inside a case (要求项), judged and verified by itself. `text` repeats the wording in force.

    Where cases are merged or split, `moved_to` is the item of another case in which it goes on, `came_from` the one
    from which it was taken.
    """

    subject_type: ClassVar[str] = "cases.item"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    text = models.TextField(_("wording"))
    wording_number = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(_("nature"), max_length=20, choices=words.Kind)
    applies = models.CharField(_("applies to"), max_length=10, choices=words.Applies, default=words.Applies.CUSTOMER)
    product = models.ForeignKey(customers.Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    site = models.ForeignKey(org.Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(_("due"), null=True, blank=True)
    told_due_on = models.DateField(null=True, blank=True, editable=False)

    is_authentic = models.BooleanField(_("authentic"), null=True, blank=True)
    is_feasible = models.BooleanField(_("feasible"), null=True, blank=True)
    is_reasonable = models.BooleanField(_("reasonable"), null=True, blank=True)
    analysis = models.TextField(_("analysis"), blank=True)
    analysed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    analysed_at = models.DateTimeField(null=True, blank=True)
    analysed_as = models.CharField(_("competence on record"), max_length=200, blank=True)

    verdict = models.CharField(_("verdict"), max_length=20, choices=words.Verdict, blank=True)
    condition = models.TextField(_("condition or reason"), blank=True)
    judged_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    judged_at = models.DateTimeField(null=True, blank=True)

    alternative = models.TextField(_("alternative"), blank=True)
    asked_until_on = models.DateField(_("asked for until"), null=True, blank=True)
    asked_quantity = models.PositiveIntegerField(_("asked for pieces"), null=True, blank=True)
    answer = models.CharField(_("customer's decision"), max_length=10, choices=words.Answer, blank=True)
    answer_by = models.CharField(_("who at the customer"), max_length=100, blank=True)
    answer_on = models.DateField(_("decided on"), null=True, blank=True)
    waived_until_on = models.DateField(_("waived until"), null=True, blank=True)
    waived_quantity = models.PositiveIntegerField(_("waived for pieces"), null=True, blank=True)

    told_waiver_on = models.DateField(null=True, blank=True, editable=False)

    result = models.TextField(_("result"), blank=True)
    is_met = models.BooleanField(_("verified"), null=True, blank=True)
    verification = models.TextField(_("verification"), blank=True)
    verified_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    more = models.JSONField(_("the company's own fields"), default=dict, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)
    came_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    moved_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["case", "position"], name="cases_item_position"),
            models.CheckConstraint(
                condition=~Q(answer="waived") | Q(waived_until_on__isnull=False) | Q(waived_quantity__isnull=False),
                name="cases_item_waiver_ends",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "case"], name="cases_item_kind"),
            models.Index(
                fields=["due_on"],
                name="cases_item_due",
                condition=Q(due_on__isnull=False, told_due_on=None, is_met=None, withdrawn_at=None),
            ),
            models.Index(
                fields=["waived_until_on"], name="cases_item_waiver", condition=Q(waived_until_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    def get_absolute_url(self) -> str:
        return f"{self.case.get_absolute_url()}#item-{self.position}"

    @property
    def subject_label(self) -> str:
        return f"{self.case.number}-{self.position}"

    @property
    def ref(self) -> subjects.Ref:
        """The item as a subject: as confidential as its case."""
        return subjects.Ref(
            self.subject_type,
            self.pk,
            self.subject_label,
            self.get_absolute_url(),
            self.case.scope_id,
            self.case.site_id,
        )

    @property
    def verdict_badge(self) -> tuple[str, str] | None:
        return (
            (words.VERDICT_GROUPS[words.Verdict(self.verdict)], str(self.get_verdict_display()))
            if self.verdict
            else None
        )

    @property
    def answer_badge(self) -> tuple[str, str] | None:
        return (words.ANSWER_GROUPS[words.Answer(self.answer)], str(self.get_answer_display())) if self.answer else None


class Wording(models.Model):
    """One version of an item's words, frozen. An amendment by the customer is a new one beside the old (C45)."""

    class Source(models.TextChoices):
        REGISTERED = "registered", _("as registered")
        AMENDED = "amended", _("amended by the customer")
        AGREED = "agreed", _("agreed with the customer")

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="wordings")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("wording"))
    source = models.CharField(max_length=12, choices=Source, default=Source.REGISTERED)
    channel = models.CharField(max_length=20, choices=words.Channel, blank=True)
    said_by = models.CharField(_("who said it"), max_length=100, blank=True)
    said_at = models.DateTimeField(null=True, blank=True)
    thread = models.ForeignKey(letters.Thread, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reopened = models.JSONField(default=list)
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    confirmation = models.CharField(max_length=12, choices=words.Confirmation, default=words.Confirmation.NOT_NEEDED)
    confirm_due_on = models.DateField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_how = models.CharField(max_length=300, blank=True)
    told_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="cases_wording_number")]
        indexes = [
            models.Index(fields=["confirm_due_on"], name="cases_wording_oral", condition=Q(confirmation="waiting"))
        ]

    def __str__(self) -> str:
        return self.text[:80]
