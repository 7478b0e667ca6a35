"""Documents of customers and standards, their editions, the files and clauses of each.

A `Document` goes on through its editions. A `Clause` is one obligation of a document through all its editions; what it
says in one of them is a `ClauseText`, frozen once the edition's clauses are accepted. Until then there is a `Draft`:
what was read of the files, with what people corrected (`Correction`, each with what it needs to be undone).
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.customers import models as customers
from yinuo.kit import rows
from yinuo.org import models as org
from yinuo.records import models as records

PERSON = settings.AUTH_USER_MODEL


class DocumentKind(models.TextChoices):
    """What a document is (seeds S4, S6, S8; the sources of requirements)."""

    CSR = "csr", _("customer-specific requirements (CSR)")
    MANUAL = "manual", _("supplier quality manual")
    SOR = "sor", _("statement of requirements (SOR)")
    QUALITY = "quality", _("quality agreement")
    TECHNICAL = "technical", _("technical agreement")
    ENVIRONMENT = "environment", _("environmental agreement")
    CONTRACT = "contract", _("contract")
    ORDER = "order", _("purchase order")
    DRAWING = "drawing", _("drawing")
    SPECIFICATION = "specification", _("specification")
    PORTAL = "portal", _("portal notice")
    VISIT = "visit", _("visit note")
    MINUTES = "minutes", _("minutes")
    AUDIT = "audit", _("customer audit report")
    LAW = "law", _("law or regulation")
    STANDARD = "standard", _("standard")
    ENTERPRISE = "enterprise", _("enterprise standard")
    NONE = "none", _("statement that there are no special requirements")
    OTHER = "other", pgettext_lazy("kind of document", "other")


class Language(models.TextChoices):
    """The language of a text."""

    ZH = "zh", _("Chinese")
    EN = "en", _("English")
    DE = "de", _("German")
    FR = "fr", _("French")
    JA = "ja", _("Japanese")
    KO = "ko", _("Korean")
    OTHER = "other", pgettext_lazy("language", "other")


class Document(customers.Kept):
    """A document of a customer (none: a law or a standard) with all its editions. `current`: the one that holds."""

    subject_type: ClassVar[str] = "sources.document"

    number = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=20, choices=DocumentKind)
    customer = models.ForeignKey(
        customers.Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    sites = models.ManyToManyField(org.Site, blank=True, related_name="+")
    projects = models.ManyToManyField(customers.Project, blank=True, related_name="+")
    own_scope = models.ForeignKey(org.Scope, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    current = models.ForeignKey("Edition", on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    note = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(fields=["-added_at", "-id"], name="sources_document_added"),
            models.Index(fields=["customer", "kind"], name="sources_document_customer"),
        ]

    def __str__(self) -> str:
        return self.subject_label

    def get_absolute_url(self) -> str:
        return reverse("sources:document", args=[self.pk])

    @property
    def subject_label(self) -> str:
        return f"{self.number} {self.title}".strip()


class Way(models.TextChoices):
    """How an edition reached us."""

    PORTAL = "portal", _("downloaded from the portal")
    MAIL = "mail", _("by e-mail")
    POST = "post", _("by post or fax")
    VISIT = "visit", _("handed over at a visit")
    MEETING = "meeting", _("handed over at a meeting")
    PUBLIC = "public", _("published")
    OTHER = "other", pgettext_lazy("way of an edition", "other")


class Standing(models.TextChoices):
    """What an edition is worth."""

    DRAFT = "draft", pgettext_lazy("edition", "draft")
    ROUND = "round", _("being negotiated")
    SIGNED = "signed", pgettext_lazy("edition", "signed")
    IN_FORCE = "in_force", _("in force")
    SUPERSEDED = "superseded", _("superseded")


class Edition(customers.Kept):
    """One edition as the customer gave it out, with the days that its clocks are counted from.

    `clauses` says how far its clauses are: being read, to be corrected, accepted, or none to be had. `withdrawn_at`: an
    edition of a standard that was loaded by mistake; it is superseded, and no list has it.
    """

    subject_type: ClassVar[str] = "sources.edition"

    class Clauses(models.TextChoices):
        READING = "reading", _("being read")
        FAILED = "failed", _("could not be read")
        DRAFT = "draft", _("clauses to be checked")
        ACCEPTED = "accepted", _("clauses accepted")

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="editions")
    label = models.CharField(max_length=80)
    standing = models.CharField(max_length=12, choices=Standing, default=Standing.IN_FORCE)
    round = models.PositiveSmallIntegerField(null=True, blank=True)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by")
    dated_on = models.DateField(null=True, blank=True)
    effective_on = models.DateField(null=True, blank=True)
    published_on = models.DateField(null=True, blank=True)
    notified_on = models.DateField(null=True, blank=True)
    received_on = models.DateField()
    downloaded_on = models.DateField(null=True, blank=True)
    way = models.CharField(max_length=10, choices=Way, default=Way.MAIL)
    brought_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")  # None: the program
    language = models.CharField(max_length=5, choices=Language, default=Language.ZH)
    binding_language = models.CharField(max_length=5, choices=Language, blank=True)
    note = models.TextField(blank=True)
    clauses = models.CharField(max_length=10, choices=Clauses, default=Clauses.READING)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "label", "round"], name="sources_edition_label")]
        indexes = [models.Index(fields=["document", "-received_on", "-id"], name="sources_edition_newest")]

    def __str__(self) -> str:
        return self.subject_label

    def get_absolute_url(self) -> str:
        return reverse("sources:edition", args=[self.pk])

    @property
    def subject_label(self) -> str:
        return f"{self.document.subject_label} {self.label}"


class File(models.Model):
    """One file of an edition, and what its reader said of it. The original is the attachment, byte for byte."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits to be read")
        READ = "read", pgettext_lazy("file", "read")
        FAILED = "failed", _("could not be read")

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="files")
    place = models.PositiveSmallIntegerField()
    attachment = models.ForeignKey(records.Attachment, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    format = models.CharField(max_length=10, blank=True)
    remarks = models.JSONField(default=list)  # [[fault, what it is about], …]
    pages = models.JSONField(default=list)  # [[width, height], …] in points
    unread = models.JSONField(default=list)  # pages without text
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["edition", "place"], name="sources_file_place")]

    def __str__(self) -> str:
        return self.attachment.name


class Blocks(models.Model):
    """What stands in a file, block by block, packed: for the page on which clauses are checked against it."""

    file = models.OneToOneField(File, on_delete=models.CASCADE, related_name="blocks")
    packed = models.BinaryField()

    def __str__(self) -> str:
        return str(self.file)


class Draft(rows.Versioned):
    """The clauses of an edition until they are accepted, packed (see `rules.correcting`)."""

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="draft")
    packed = models.BinaryField()

    def __str__(self) -> str:
        return str(self.edition)


class Correction(models.Model):
    """One correction of a draft: which act, of which clauses, by whom; `before` undoes it."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="corrections")
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=20)
    about = models.CharField(max_length=300)
    before = models.BinaryField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["edition", "number"], name="sources_correction_number")]

    def __str__(self) -> str:
        return f"{self.number} {self.act}"


class Clause(models.Model):
    """One clause of a document through its editions: what upper rooms decide hangs here."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="lasting")
    since = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"#{self.pk}"


class ClauseText(models.Model):
    """What a clause says in one edition. `fingerprint` is of number, title and text without spaces (SHA-256).

    `number` is the document's own, as printed. `page` and `box` (points from the page's upper left corner) say where it
    stands in a PDF; `blocks` are the blocks of its file. `effective_on` and the words for it: where the clause says so
    itself.
    """

    subject_type: ClassVar[str] = "sources.clause"

    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="texts")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="texts")
    place = models.PositiveIntegerField()
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="below")
    depth = models.PositiveSmallIntegerField(default=0)
    number = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    blocks = models.JSONField(default=list)
    page = models.PositiveIntegerField(default=0)
    box = models.JSONField(null=True)
    confidence = models.FloatField(default=1.0)
    fingerprint = models.CharField(max_length=64)
    effective_on = models.DateField(null=True)
    effective_words = models.CharField(max_length=200, blank=True)
    scope = models.ForeignKey(org.Scope, on_delete=models.PROTECT, null=True, related_name="+")
    site = models.ForeignKey(org.Site, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "place"], name="sources_clausetext_place"),
            models.UniqueConstraint(fields=["edition", "clause"], name="sources_clausetext_once"),
        ]
        indexes = [models.Index(fields=["fingerprint"], name="sources_clausetext_print")]

    def __str__(self) -> str:
        return self.subject_label

    def get_absolute_url(self) -> str:
        return f"{self.edition.get_absolute_url()}#c{self.pk}"

    @property
    def subject_label(self) -> str:
        return f"{self.number} {self.title or self.text[:40]}".strip()


class Lineage(models.Model):
    """What became of a clause from one edition to the next (`rules.comparing.Kind`); one row for each old and new text
    that belong together. `old` is None for what is new, `new` for what is gone. `values` are the changed numbers."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="lineage")
    before = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    old = models.ForeignKey(ClauseText, on_delete=models.PROTECT, null=True, related_name="+")
    new = models.ForeignKey(ClauseText, on_delete=models.PROTECT, null=True, related_name="+")
    place = models.PositiveIntegerField()
    score = models.FloatField(default=0.0)
    values = models.JSONField(default=list)

    class Meta:
        ordering = ["place", "pk"]
        indexes = [models.Index(fields=["edition", "kind"], name="sources_lineage_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.old_id or ''} → {self.new_id or ''}"
