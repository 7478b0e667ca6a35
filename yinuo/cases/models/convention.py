"""What a company decides about its cases, and the running numbers."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yinuo.cases import definition
from yinuo.kit import rows


def _priorities() -> dict[str, Any]:
    return definition.PRIORITIES


def _procedures() -> dict[str, Any]:
    return {"rows": [], "otherwise": definition.USUAL_PROCEDURE}


def _due_days() -> dict[str, int]:
    return dict(definition.DUE_DAYS)


class Convention(rows.Versioned):
    """How this company numbers, ranks and times its cases: one row, changed by whoever steers cases.

    `skills`: requirement kind → code of the skill needed to analyse it; a kind without one: the kind's own name.
    `fields`: what the company asks of its cases and items beyond what everybody asks (`engine.own_fields`).
    `pools` and `assignment`: among whom cases are given out, and the table that chooses (`engine.pools`); both empty:
    the window to the customer owns what comes.
    """

    subject_type: ClassVar[str] = "cases.convention"

    number_pattern = models.CharField(_("pattern of case numbers"), max_length=60, default=definition.NUMBER_PATTERN)
    allows_gaps = models.BooleanField(_("numbers may have gaps"), default=False)
    priorities = models.JSONField(_("priority table"), default=_priorities)
    due_days = models.JSONField(_("working days by priority"), default=_due_days)
    oral_days = models.PositiveSmallIntegerField(
        _("working days for confirmation in writing"), default=definition.ORAL_DAYS
    )
    feedback_days = models.PositiveSmallIntegerField(_("days a feedback link holds"), default=definition.FEEDBACK_DAYS)
    skills = models.JSONField(_("skill needed by kind"), default=dict, blank=True)
    pools = models.JSONField(_("assignment pools"), default=list, blank=True)
    assignment = models.JSONField(_("assignment table"), default=dict, blank=True)
    procedures = models.JSONField(_("procedure table"), default=_procedures)
    fields = models.JSONField(_("the company's own fields"), default=list, blank=True)

    def __str__(self) -> str:
        return self.number_pattern

    @property
    def subject_label(self) -> str:
        return self.number_pattern

    def get_absolute_url(self) -> str:
        return reverse("cases:convention")


class Counter(models.Model):
    """The last running number of a period. Only ever counted up, so no number is given twice."""

    period = models.CharField(max_length=60, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.period}: {self.last}"
