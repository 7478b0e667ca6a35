"""What every room shares: jobs, one-time keys, and what stood in lists that left as workbooks."""

from django.db import models


class Job(models.Model):
    """Background work, written in the transaction that asked for it.

    The key makes it unique for good: asking twice with one key is asking once. The row says whether it is done; the
    queue behind it only delivers. `arguments` are JSON.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    key = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=100)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="kit_job_open", condition=models.Q(state__in=["waiting", "running"]))
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.key}"


class OneTimeKey(models.Model):
    """A key that a creating form carries; the second submit leads to what the first one made."""

    key = models.CharField(max_length=80, primary_key=True)
    person_id = models.BigIntegerField(null=True)
    result_url = models.CharField(max_length=300, blank=True)
    used_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class Exported(models.Model):
    """A list that left as a workbook and may come back changed. `token` stands in the file, under a seal.

    `columns` are (key, heading, kind) in their order; `language` and `zone` those in which the values were told.
    """

    token = models.CharField(max_length=40, unique=True)
    sheet = models.CharField(max_length=100)
    columns = models.JSONField(default=list)
    language = models.CharField(max_length=10)
    zone = models.CharField(max_length=60)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(db_index=True)
    rows = models.PositiveIntegerField(default=0)
    is_whole = models.BooleanField(default=False)  # a download that was broken off has no file that could come back

    def __str__(self) -> str:
        return f"{self.sheet} {self.token}"


class ExportedBlock(models.Model):
    """Some rows of an exported list, packed: key, version and the value of each column."""

    of = models.ForeignKey(Exported, on_delete=models.CASCADE, related_name="blocks")
    number = models.PositiveIntegerField()
    packed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "number"], name="kit_exportedblock_once")]

    def __str__(self) -> str:
        return f"{self.of} {self.number}"
