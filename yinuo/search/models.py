"""The one index: a narrow row per document for finding and rights, a wide one for showing.

The words themselves stand in a full-text structure per database (see migration 0002): a contentless FTS5 table on
SQLite, a tsvector column with a GIN index on PostgreSQL; both hold the tokens of `rules.tokens`.
"""

from django.db import models


class Document(models.Model):
    """What decides whether somebody finds a document: its kind, scope and site. Its id orders hits, newest last."""

    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    kind = models.CharField(max_length=60)
    scope_id = models.BigIntegerField(null=True)
    site_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject_type", "subject_id"], name="search_document_once")]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}"


class Body(models.Model):
    """What a hit shows: label (number), title, text, address."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, primary_key=True, related_name="body")
    label = models.CharField(max_length=300, blank=True)
    title = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.label or self.title


class Frequency(models.Model):
    """How often a token occurs, estimated from a sample: share of documents. Tokens not listed are rare."""

    token = models.CharField(max_length=100, primary_key=True)
    share = models.FloatField()

    def __str__(self) -> str:
        return f"{self.token} {self.share:.4f}"


class Sample(models.Model):
    """When the frequencies were estimated, how many documents there were then, and whose tokens the index holds."""

    taken_at = models.DateTimeField()
    documents = models.BigIntegerField()
    tokenizer = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.documents} {self.taken_at:%Y-%m-%d}"
