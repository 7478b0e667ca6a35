"""What comes after: the customer's feedback and what we learned."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yinuo.cases.models import words
from yinuo.cases.models.case import Case
from yinuo.kit import rows, subjects
from yinuo.org import models as org

PERSON = settings.AUTH_USER_MODEL


class FeedbackLink(models.Model):
    """A random, revocable address at which one person at the customer may answer once, without sign-in."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="feedback_links")
    token = models.CharField(max_length=60, unique=True)
    name = models.CharField(_("for whom"), max_length=100)
    language = models.CharField(max_length=5, default="zh")
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.case} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("cases:feedback", args=[self.token])


class Feedback(models.Model):
    """What the customer said when told: satisfied or not, score 1 to 5, words; by link or recorded by us."""

    subject_type: ClassVar[str] = "cases.feedback"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="feedbacks")
    link = models.OneToOneField(FeedbackLink, on_delete=models.PROTECT, null=True, blank=True, related_name="feedback")
    way = models.CharField(_("way"), max_length=10, choices=words.FeedbackWay)
    speaker = models.CharField(_("who at the customer"), max_length=100)
    said_at = models.DateTimeField(_("said"))
    is_satisfied = models.BooleanField(_("satisfied"))
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True)
    words = models.TextField(_("in words"), blank=True)
    no_proof = models.CharField(_("why there is no proof"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(score=None) | Q(score__range=(1, 5)), name="cases_feedback_score"),
            models.CheckConstraint(
                condition=Q(way="link", link__isnull=False, recorded_by=None)
                | (~Q(way="link") & Q(link=None, recorded_by__isnull=False)),
                name="cases_feedback_who",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.speaker}"

    @property
    def ref(self) -> subjects.Ref:
        """The feedback as a subject, for its proof."""
        case = self.case
        return subjects.Ref(self.subject_type, self.pk, str(self), case.get_absolute_url(), case.scope_id, case.site_id)


class Lesson(rows.Versioned):
    """What a case taught (经验教训, S5 4(3)): proposed again where its words, kind or product family fit."""

    subject_type: ClassVar[str] = "cases.lesson"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="lessons")
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what to do next time"))
    tags = models.JSONField(default=list, blank=True)
    kind = models.CharField(_("nature"), max_length=20, choices=words.Kind, blank=True)
    family = models.CharField(_("product family"), max_length=100, blank=True)
    fits = models.CharField(_("where it fits"), max_length=300, blank=True)
    scope = models.ForeignKey(org.Scope, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    site = models.ForeignKey(org.Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    written_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("cases:lesson", args=[self.pk])

    @property
    def subject_label(self) -> str:
        return self.title
