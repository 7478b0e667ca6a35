"""Procedures being written."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language

from yinuo.kit import rows
from yinuo.org import models as org
from yinuo.procedures.models.editions import Edition, Procedure


class Draft(rows.Versioned):
    """A procedure's next edition while it is written (草稿): of a procedure there is, or a new one. One at a time for a
    procedure, shared by all who may publish; whoever saves says which version they saw.

    `content` is plain data as `definition.reading` reads it, maybe with mistakes; `past` and `ahead` are edits that can
    be taken back and made again. It ends by being published or discarded.
    """

    subject_type: ClassVar[str] = "procedures.draft"

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, null=True, blank=True, related_name="drafts")
    based_on = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    owner_post = models.ForeignKey(org.Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    content = models.JSONField()
    past = models.JSONField(default=list, blank=True)
    ahead = models.JSONField(default=list, blank=True)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(org.Person, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(org.Person, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure"], condition=Q(ended_at=None), name="procedures_draft_one_open"),
            models.CheckConstraint(
                condition=Q(edition=None) | Q(ended_at__isnull=False), name="procedures_draft_published"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    @property
    def _card(self) -> dict[str, Any]:
        found = self.content.get("card")
        return found if isinstance(found, dict) else {}

    @property
    def number(self) -> str:
        return str(self._card.get("number", ""))

    @property
    def label(self) -> str:
        """The edition this is to become."""
        return str(self._card.get("edition", ""))

    @property
    def title(self) -> str:
        """The title in the reader's language, else in the other."""
        words = self._card.get("title")
        zh, en = (str(words.get(name) or "") for name in ("zh", "en")) if isinstance(words, dict) else ("", "")
        return (en or zh) if (get_language() or "").startswith("en") else (zh or en)

    @property
    def subject_label(self) -> str:
        return f"{self} {self.label}".strip()

    def get_absolute_url(self) -> str:
        return reverse("procedures:draft", args=[self.pk])
