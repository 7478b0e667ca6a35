"""Who was given a case by the company's rules, and why."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yinuo.cases.models.case import Case

PERSON = settings.AUTH_USER_MODEL


class Assignment(models.Model):
    """One giving of a case: by the rules when it was registered (`by` empty), or by somebody who chose another.

    What the rules said then is kept as it was: pool and row in words, everybody ranked with the reason for each.
    Nobody `chosen`: no one of the pool could take it, and `why` says so.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assignments")
    pool = models.CharField(max_length=40, blank=True)
    pool_zh = models.CharField(max_length=200, blank=True)
    pool_en = models.CharField(max_length=200, blank=True)
    row = models.SmallIntegerField(default=-1)
    row_zh = models.CharField(max_length=500, blank=True)
    row_en = models.CharField(max_length=500, blank=True)
    why_zh = models.CharField(max_length=1000, blank=True)
    why_en = models.CharField(max_length=1000, blank=True)
    ranked = models.JSONField(default=list)
    chosen = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("assigned"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.case_id} → {self.chosen_id or '–'}"

    @property
    def pool_words(self) -> str:
        return _in_language(self.pool_zh, self.pool_en)

    @property
    def row_words(self) -> str:
        return _in_language(self.row_zh, self.row_en)

    @property
    def why(self) -> str:
        """Why this person, or why nobody."""
        return _in_language(self.why_zh, self.why_en)

    @property
    def others(self) -> list[dict[str, Any]]:
        """Everybody ranked, with the reason in the reader's language."""
        return [
            {**each, "why": _in_language(each["zh"], each["en"]), "is_chosen": each["person"] == self.chosen_id}
            for each in self.ranked
        ]


def _in_language(zh: str, en: str) -> str:
    return (en or zh) if (get_language() or "").startswith("en") else (zh or en)
