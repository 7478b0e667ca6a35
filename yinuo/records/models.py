"""The trail and its seals, stored files and attachments, and who read what is confidential."""

from datetime import UTC
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.kit import rows, subjects
from yinuo.records import rules


class Entry(subjects.SubjectColumns):
    """One line of the trail: who did what to which subject, when and why, field by field.

    No foreign keys: the trail outlives and never hinders what it tells of. Written once, in the action's own
    transaction; program logic never reads it. `digest` covers the payload and is keyed with the installation's secret,
    so a row slipped in beside the program does not match; the nonce makes it unique, so a copied row does not pass
    either. Redacting a payload leaves its digest. `scope_id` follows its subject, `first_scope_id` never changes: they
    differ only where a later entry says that the subject came to another scope.
    """

    REDACTED: ClassVar[str] = "records.entry.redacted"
    RESCOPED: ClassVar[str] = "records.subject.rescoped"

    at = models.DateTimeField()
    actor_id = models.CharField(max_length=40)
    actor_name = models.CharField(max_length=200)
    word = models.CharField(max_length=80)
    reason = models.TextField(blank=True)
    changes = models.JSONField(default=list)
    note = models.JSONField(default=dict)
    first_scope_id = models.BigIntegerField(null=True)
    nonce = models.CharField(max_length=16)
    is_redacted = models.BooleanField(default=False)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="records_entry_subject"),
            models.Index(fields=["actor_id", "id"], name="records_entry_actor"),
            models.Index(fields=["at"], name="records_entry_at"),
        ]

    def __str__(self) -> str:
        return f"{self.word} {self.subject_label}"

    def get_absolute_url(self) -> str:
        """Where its subject stands."""
        return self.subject_url or reverse("records:entries")

    @property
    def payload(self) -> dict[str, Any]:
        """What the digest covers: all that the entry tells, and for whom it was written."""
        return {
            "at": self.at.astimezone(UTC).isoformat(),
            "actor": [self.actor_id, self.actor_name],
            "word": self.word,
            "subject": [self.subject_type, self.subject_id, self.subject_label],
            "reason": self.reason,
            "changes": self.changes,
            "note": self.note,
            "where": [self.first_scope_id, self.site_id, self.subject_url],
            "nonce": self.nonce,
        }


class Word(models.Model):
    """A word that occurs in the trail, noted by the sealer; what auditors choose from."""

    word = models.CharField(max_length=80, primary_key=True)

    def __str__(self) -> str:
        return self.word


class Seal(models.Model):
    """The chain over committed entries in order: each seal covers its entry's digest and the seal before."""

    number = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    digest = models.CharField(max_length=64)
    chain = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"seal {self.number}"


class Head(models.Model):
    """Where the sealer stands: one row, locked while sealing, so that of two sealers one waits.

    All entries up to `settled_id` are dealt with. An entry's id is given before its transaction commits, so on
    PostgreSQL a smaller id may appear after a larger one: `watched_id` was the largest id when the transaction counter
    stood at `watched_transaction`; once no transaction older than that is running, ids up to it are settled.
    """

    settled_id = models.BigIntegerField(default=0)
    watched_id = models.BigIntegerField(default=0)
    watched_transaction = models.BigIntegerField(default=0)
    refused = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"settled {self.settled_id}"


class Verification(models.Model):
    """One check of the whole trail, asked for by a person; walked segment by segment by a job.

    `progress` is where the walk stands (`engine.chain.Walk`) and what it has found.
    """

    subject_type: ClassVar[str] = "records.verification"

    asked_by_id = models.CharField(max_length=40)
    asked_by_name = models.CharField(max_length=200)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    seals_to_check = models.BigIntegerField(default=0)
    progress = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{timezone.localtime(self.started_at):%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("records:entries")

    @property
    def subject_label(self) -> str:
        return str(self)


class Blob(models.Model):
    """Stored bytes, once per content. Rights sit on the attachments, never here. The row outlives purged bytes."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=120)
    stored_at = models.DateTimeField()
    purged_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def path(self) -> Path:
        """Where the bytes lie, outside the web root."""
        return Path(settings.FILES_DIR) / self.sha256[:2] / self.sha256[2:4] / self.sha256

    def preview_path(self, size: str) -> Path:
        """Where a picture of it lies that was drawn anew."""
        return Path(settings.FILES_DIR) / "previews" / self.sha256[:2] / f"{self.sha256}-{size}.webp"

    @property
    def pages_folder(self) -> Path:
        """Where pictures of its pages lie, if it has pages and somebody looked at them."""
        return Path(settings.FILES_DIR) / "previews" / self.sha256[:2] / self.sha256


class Attachment(subjects.SubjectColumns):
    """A stored file under a name, hung on a subject. Voided, never deleted; past its retention its bytes may be purged
    and the row stays as their tombstone."""

    class Retention(models.TextChoices):
        LASTING = "lasting", _("For good")
        RECORD = "record", _("Quality record")
        WORKING = "working", _("Working paper")

    blob = models.ForeignKey(Blob, on_delete=models.PROTECT)
    token = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=40, default="file")
    by_id = models.CharField(max_length=40)
    by_name = models.CharField(max_length=200)
    attached_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=300, blank=True)
    retention = models.CharField(max_length=10, choices=Retention, default=Retention.RECORD)
    purged_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="records_attachment_subject")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where it is downloaded."""
        return reverse("records:file", args=[self.token])

    @property
    def icon(self) -> str:
        return rules.icon_of(self.blob.media_type, self.name)

    @property
    def has_preview(self) -> bool:
        """Whether a re-encoded picture of it can be shown in the page."""
        return self.blob.media_type in rules.PICTURES and not self.purged_at


class Hold(rows.Versioned, subjects.SubjectColumns):
    """Nothing that hangs on a subject may be purged (a complaint, a recall, a lawsuit), until the hold is lifted."""

    reason = models.CharField(max_length=300)
    by_id = models.CharField(max_length=40)
    by_name = models.CharField(max_length=200)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="records_hold_subject")]

    def __str__(self) -> str:
        return self.reason


class Periods(rows.Versioned):
    """For how many years files are kept, one row for the company; None: for good."""

    subject_type: ClassVar[str] = "records.periods"

    record_years = models.PositiveSmallIntegerField(null=True)
    working_years = models.PositiveSmallIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.record_years} / {self.working_years}"

    @property
    def subject_label(self) -> str:
        return str(_("Retention periods"))

    def get_absolute_url(self) -> str:
        return reverse("records:periods")

    def years(self, retention: str) -> int | None:
        """The years of a retention class."""
        return {"record": self.record_years, "working": self.working_years}.get(retention)


class Reading(subjects.SubjectColumns):
    """Somebody read, printed or exported something confidential."""

    at = models.DateTimeField()
    actor_id = models.CharField(max_length=40)
    actor_name = models.CharField(max_length=200)
    way = models.CharField(max_length=20)
    what = models.CharField(max_length=255, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id", "at"], name="records_reading_subject")]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.way} {self.subject_label}"

    def get_absolute_url(self) -> str:
        """Where its subject stands."""
        return self.subject_url or reverse("records:readings")
