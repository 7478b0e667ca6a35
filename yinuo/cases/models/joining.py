"""Cases that have to do with each other: links in words, and the merging of two that ask the same."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yinuo.cases.models import words
from yinuo.cases.models.case import Case
from yinuo.kit import rows

PERSON = settings.AUTH_USER_MODEL


class Link(rows.Versioned):
    """`case` is to `other` what `relation` says (关联案件). Of a mutual relation the later case names the earlier one,
    so that a pair has it once."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links_to")
    other = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links_from")
    relation = models.CharField(_("relation"), max_length=10, choices=words.Relation)
    reason = models.CharField(max_length=500, blank=True)
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    void_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "other", "relation"], name="cases_link_once", condition=Q(voided_at=None)
            ),
            models.CheckConstraint(condition=~Q(case=F("other")), name="cases_link_two"),
        ]

    def __str__(self) -> str:
        return f"{self.case.number} {self.get_relation_display()} {self.other.number}"

    def end_of(self, case: Case) -> Case:
        """The case at the other end."""
        return self.other if self.case_id == case.pk else self.case

    def words_of(self, case: Case) -> str:
        """The relation as it is seen from this end."""
        relation = words.Relation(self.relation)
        return str(relation.label if self.case_id == case.pk else words.RELATION_BACK[relation])


class Merge(models.Model):
    """That a case was merged into another (合并), and, where it was, taken back out (拆回).

    `threads` are the talks that went over to the survivor: they go back with the case.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="merges")
    survivor = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="merges_into")
    reason = models.CharField(max_length=500)
    threads = models.JSONField(default=list)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    undo_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], name="cases_merge_once", condition=Q(undone_at=None)),
            models.CheckConstraint(condition=~Q(case=F("survivor")), name="cases_merge_two"),
        ]

    def __str__(self) -> str:
        return f"{self.case.number} → {self.survivor.number}"
