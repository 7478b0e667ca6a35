"""What people hold a clause to be: its kind, where in a standard it belongs, what it says in another language.

A `Judgement` and a `Mapping` hang on the `Clause`, so they go on through its editions; a `Translation` hangs on what a
clause says in one edition. The program proposes, a person decides.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.kit import rows
from yinuo.sources.models.documents import Clause, ClauseText, Language

PERSON = settings.AUTH_USER_MODEL
USUAL = "IATF 16949"  # the standard to which clauses of customers belong; another one is named with its clauses


class Nature(models.TextChoices):
    """What a clause is to us (IATF 16949 3.1: customer-specific requirements supplement clauses of the standard)."""

    SPECIFIC = "specific", _("customer-specific requirement")
    OTHER = "other", _("other customer requirement")
    INFORMATIVE = "informative", _("informative")
    COMMERCIAL = "commercial", _("commercial")


class Judgement(rows.Versioned):
    """What a clause is held to be. `text` is the wording it stands for, `was` the one that it was decided on before.

    `proposed`, `because` ([word, …] of the clause) and `certainty` (0 to 1) are the program's; `nature` and `reason`
    are a person's once `state` is no longer `PROPOSED`.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("judgement", "proposed")
        DECIDED = "decided", pgettext_lazy("judgement", "decided")
        CARRIED = "carried", _("carried over, to be confirmed")

    clause = models.OneToOneField(Clause, on_delete=models.PROTECT, related_name="judgement")
    text = models.ForeignKey(ClauseText, on_delete=models.PROTECT, related_name="+")
    was = models.ForeignKey(ClauseText, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    nature = models.CharField(max_length=12, choices=Nature)
    reason = models.TextField(blank=True)
    proposed = models.CharField(max_length=12, choices=Nature, blank=True)
    because = models.JSONField(default=list)
    certainty = models.FloatField(default=0.0)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "nature"], name="sources_judgement_state")]

    def __str__(self) -> str:
        return f"{self.clause} {self.nature}"

    @property
    def percent(self) -> int:
        """How sure the program is."""
        return round(self.certainty * 100)


class Mapping(rows.Versioned):
    """A clause belongs to a clause of a standard. `target_text` is the standard's edition in which that was decided;
    `because` are the words of the clause that led there, `score` (0 to 1) how much they weigh."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("mapping", "proposed")
        ACCEPTED = "accepted", pgettext_lazy("mapping", "accepted")
        REJECTED = "rejected", pgettext_lazy("mapping", "rejected")

    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="mappings")
    target = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="mapped")
    target_text = models.ForeignKey(ClauseText, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    score = models.FloatField(default=0.0)
    because = models.JSONField(default=list)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clause", "target"], name="sources_mapping_once")]
        indexes = [models.Index(fields=["target", "state"], name="sources_mapping_target")]

    def __str__(self) -> str:
        return f"{self.clause} → {self.target}"

    @property
    def words(self) -> str:
        """The clause of the standard as one speaks of it where it is clear which standard is meant."""
        text = self.target_text
        number = text.edition.document.number
        return text.number if number == USUAL else f"{number} {text.number}"

    @property
    def percent(self) -> int:
        """How sure the program is."""
        return round(self.score * 100)


class Translation(rows.Versioned):
    """What a clause says in another language, beside the original; which of them binds says the edition."""

    class Way(models.TextChoices):
        TYPED = "typed", _("typed in")
        IMPORTED = "imported", _("imported")
        CARRIED = "carried", _("carried over")

    text = models.ForeignKey(ClauseText, on_delete=models.PROTECT, related_name="translations")
    language = models.CharField(max_length=5, choices=Language)
    title = models.CharField(max_length=500, blank=True)
    body = models.TextField(blank=True)
    way = models.CharField(max_length=10, choices=Way, default=Way.TYPED)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")  # None: the program
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["text", "language"], name="sources_translation_once")]

    def __str__(self) -> str:
        return f"{self.text} ({self.language})"
