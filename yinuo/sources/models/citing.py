"""Which documents clauses name, whether we hold them, and what of it is withdrawn, renamed or replaced.

A `Reference` is a document in the edition that is said (or none), the same for all clauses of one circle that name it;
a `Citation` is one place of one clause. `Withdrawn` are the company's own entries beside those of the file
`library/withdrawn.yaml`; an `Obsolete` is a clause, or a customer's name, that an entry speaks of: it hangs on the
`Clause`, so what was settled goes on through the editions of the document.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.customers import models as customers
from yinuo.kit import rows
from yinuo.letters import models as letters
from yinuo.sources.models.documents import Clause, ClauseText, Document, Edition

PERSON = settings.AUTH_USER_MODEL


class CitedKind(models.TextChoices):
    """What a document is that a clause names (`rules.designations.Kind`)."""

    STANDARD = "standard", _("standard or handbook")
    CUSTOMER = "customer", _("document of a customer")
    TITLED = "titled", _("named by its title only")
    LAW = "law", _("law or regulation")
    ANNEX = "annex", _("annex of the document itself")


class DocumentKey(models.Model):
    """One name under which a document on record is found when clauses name it (`rules.citing.keys_of`)."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="keys")
    key = models.CharField(max_length=300, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "key"], name="sources_documentkey_once")]

    def __str__(self) -> str:
        return self.key


class Reference(rows.Versioned, customers.Guarded):
    """A document as clauses of one circle name it. `key` is of the designation, `edition` as said ("" where none is).

    `document` and `held` (its edition that is meant) follow what is on record, unless a person has linked them by hand.
    `NAMED` is what only its title names: nobody has said whose it is, so it is not said to be missing. `thread` is the
    talk in which a customer is asked for it.
    """

    subject_type: ClassVar[str] = "sources.reference"

    class State(models.TextChoices):
        HELD = "held", pgettext_lazy("cited document", "held in the edition that holds")
        UNDATED = "undated", pgettext_lazy("cited document", "no edition said: the current one holds")
        NEWER = "newer", pgettext_lazy("cited document", "there is a newer edition than the one cited")
        OLDER = "older", pgettext_lazy("cited document", "we hold an older edition")
        OTHER = "other", pgettext_lazy("cited document", "we hold another edition")
        MISSING = "missing", pgettext_lazy("cited document", "not on record")
        NAMED = "named", pgettext_lazy("cited document", "named, not held")
        KNOWN = "known", pgettext_lazy("cited document", "known, kept elsewhere")
        NOT_NEEDED = "not_needed", pgettext_lazy("cited document", "not needed")

    key = models.CharField(max_length=200)
    designation = models.CharField(max_length=200)
    edition = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=10, choices=CitedKind)
    state = models.CharField(max_length=12, choices=State, default=State.MISSING)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="cited_as")
    held = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, related_name="+")
    is_by_hand = models.BooleanField(default=False)
    clauses = models.PositiveIntegerField(default=0)  # in force that name it
    reason = models.TextField(blank=True)
    thread = models.ForeignKey(letters.Thread, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "edition", "scope"], condition=Q(scope__isnull=False), name="sources_reference_scoped"
            ),
            models.UniqueConstraint(
                fields=["key", "edition"], condition=Q(scope__isnull=True), name="sources_reference_open"
            ),
        ]
        indexes = [
            models.Index(fields=["designation", "id"], name="sources_reference_sorted"),
            models.Index(fields=["state", "kind"], name="sources_reference_state"),
        ]

    def __str__(self) -> str:
        return self.subject_label

    def get_absolute_url(self) -> str:
        return reverse("sources:reference", args=[self.pk])

    @property
    def subject_label(self) -> str:
        return f"{self.designation} {self.edition}".strip()


class Citation(customers.Guarded):
    """One place of a clause where a document is named: the words as printed, from `start` to `end` of its text (its
    title and text with a line feed between)."""

    text = models.ForeignKey(ClauseText, on_delete=models.PROTECT, related_name="citations")
    reference = models.ForeignKey(Reference, on_delete=models.PROTECT, related_name="citations")
    printed = models.CharField(max_length=300)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    class Meta:
        ordering = ["text_id", "start"]
        constraints = [models.UniqueConstraint(fields=["text", "start"], name="sources_citation_place")]

    def __str__(self) -> str:
        return self.printed


class Withdrawn(rows.Versioned):
    """An entry of the company's own: what is withdrawn, renamed, merged or replaced, and by what."""

    subject_type: ClassVar[str] = "sources.withdrawn"

    class What(models.TextChoices):
        WITHDRAWN = "withdrawn", pgettext_lazy("obsolescence", "withdrawn")
        REPLACED = "replaced", pgettext_lazy("obsolescence", "replaced")
        RENAMED = "renamed", pgettext_lazy("obsolescence", "renamed")
        MERGED = "merged", pgettext_lazy("obsolescence", "merged")
        SPLIT = "split", pgettext_lazy("obsolescence", "split up")

    name = models.CharField(max_length=200, unique=True)
    also = models.TextField(blank=True)
    before = models.CharField(max_length=40, blank=True)
    what = models.CharField(max_length=10, choices=What, default=What.REPLACED)
    since = models.CharField(max_length=10, blank=True)
    successor = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("sources:withdrawn_change", args=[self.pk])

    @property
    def subject_label(self) -> str:
        return self.name


class Obsolete(rows.Versioned, customers.Guarded):
    """A clause, a customer's name, or words of another room that name what an entry says is no longer so.

    `entry` is the entry's key. `of_…`: which subject of another room says it (`kit.texts`), where, in which words.
    """

    subject_type: ClassVar[str] = "sources.obsolete"

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("obsolescence", "open")
        TOLD = "told", pgettext_lazy("obsolescence", "told to the customer")
        DONE = "done", pgettext_lazy("obsolescence", "set right")
        ACCEPTED = "accepted", pgettext_lazy("obsolescence", "accepted as it stands")
        NOT_MEANT = "not_meant", pgettext_lazy("obsolescence", "not applicable")
        GONE = "gone", pgettext_lazy("obsolescence", "no longer said")

    entry = models.CharField(max_length=80)
    own = models.ForeignKey(Withdrawn, on_delete=models.PROTECT, null=True, related_name="found")
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, null=True, related_name="obsolete")
    text = models.ForeignKey(ClauseText, on_delete=models.PROTECT, null=True, related_name="obsolete")
    customer = models.ForeignKey(customers.Customer, on_delete=models.PROTECT, null=True, related_name="+")
    of_type = models.CharField(max_length=40, blank=True)
    of_id = models.BigIntegerField(null=True)
    of_label = models.CharField(max_length=200, blank=True)
    of_url = models.CharField(max_length=500, blank=True)
    of_words = models.TextField(blank=True)
    printed = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reason = models.TextField(blank=True)
    thread = models.ForeignKey(letters.Thread, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "clause"], condition=Q(clause__isnull=False), name="sources_obsolete_clause"
            ),
            models.UniqueConstraint(
                fields=["entry", "customer"],
                condition=Q(customer__isnull=False, of_type=""),
                name="sources_obsolete_customer",
            ),
            models.UniqueConstraint(
                fields=["entry", "of_type", "of_id"], condition=~Q(of_type=""), name="sources_obsolete_text"
            ),
        ]
        indexes = [models.Index(fields=["state", "entry", "id"], name="sources_obsolete_state")]

    def __str__(self) -> str:
        return self.subject_label

    def get_absolute_url(self) -> str:
        return reverse("sources:obsolete_one", args=[self.pk])

    @property
    def subject_label(self) -> str:
        return self.printed


class Looked(models.Model):
    """With which rules and entries an edition was looked through last: with later ones it is looked through anew."""

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="looked")
    rules = models.CharField(max_length=20)
    entries = models.CharField(max_length=20)

    def __str__(self) -> str:
        return f"{self.edition} {self.rules}"


class LookedText(models.Model):
    """In which version, and with which rules and entries, a subject of another room was looked through last."""

    type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    version = models.PositiveIntegerField()
    stamp = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["type", "subject_id"], name="sources_lookedtext_once")]

    def __str__(self) -> str:
        return f"{self.type} {self.subject_id} {self.version}"
