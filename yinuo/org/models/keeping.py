"""What people keep of lists: views under a name, and what became of rows that they acted on together.

It stands here and not beside the lists in the cellar: a view is somebody's, and who shares it is told to the others,
with an entry in the trail; the cellar knows neither people nor trail.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.kit import rows, views
from yinuo.org.models.company import Person


class SavedView(rows.Versioned):
    """A list's filters and order under a name (已存视图), for its owner, or for everybody who may open the list.

    `list` is the declared list's name, `path` and `beside` where it stands (a page, its tab), `query` what it shows.
    """

    subject_type: ClassVar[str] = "org.savedview"

    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="saved_views")
    list = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    path = models.CharField(max_length=200)
    beside = models.CharField(max_length=200, blank=True)
    query = models.CharField(max_length=views.LONGEST)
    is_shared = models.BooleanField(default=False)
    saved_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "list", "name"], condition=Q(voided_at=None), name="org_view_once")
        ]
        indexes = [models.Index(fields=["list"], name="org_view_list", condition=Q(voided_at=None))]

    def __str__(self) -> str:
        return self.name

    @property
    def subject_label(self) -> str:
        return self.name

    @property
    def site_id(self) -> int | None:
        return self.owner.site_id

    def get_absolute_url(self) -> str:
        beside = f"{self.beside}&" if self.beside else ""
        return f"{self.path}?{beside}{views.PARAMETER}={self.pk}"


class FirstView(models.Model):
    """The view with which a list opens for somebody."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    list = models.CharField(max_length=60)
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="first_for")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "list"], name="org_firstview_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.view}"


class Batch(models.Model):
    """Rows of a list with which somebody did the same at once (批量操作).

    `act` names what (`kit.bulk`), `asked` holds what was filled in, as it was sent. Each row tells its own trail.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    act = models.CharField(max_length=100)
    asked = models.JSONField(default=dict)
    back = models.CharField(max_length=1000)  # the list as it was
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.act


class BatchRow(models.Model):
    """One row of a batch: as it was seen, and what became of it. `kept` is what undoing needs."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        LEFT = "left"
        UNDONE = "undone"

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows")
    row = models.BigIntegerField()
    expected = models.PositiveIntegerField()
    label = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    said = models.TextField(blank=True)
    kept = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "row"], name="org_batchrow_once")]

    def __str__(self) -> str:
        return self.label or str(self.row)
