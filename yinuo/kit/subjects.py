"""References to rows of rooms above, without foreign keys: type, id, label, address, scope and site."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from django.db import models
from django.db.models import lookups


class Subject(Protocol):
    """A row that tasks, trail entries, files, messages and index rows can point at."""

    subject_type: ClassVar[str]
    pk: int

    @property
    def subject_label(self) -> str: ...

    def get_absolute_url(self) -> str: ...


@dataclass(frozen=True)
class Ref:
    """A pointer to a subject as lower rooms store it. `scope_id` and `site_id` decide who may see it."""

    type: str
    id: int
    label: str
    url: str = ""
    scope_id: int | None = None
    site_id: int | None = None


def ref(subject: "Subject | Ref") -> Ref:
    """The reference of a subject row (a `Ref` passes through)."""
    if isinstance(subject, Ref):
        return subject
    return Ref(
        type=subject.subject_type,
        id=subject.pk,
        label=subject.subject_label[:300],
        url=subject.get_absolute_url(),
        scope_id=getattr(subject, "scope_id", None),
        site_id=getattr(subject, "site_id", None),
    )


class Sieve(models.Func):
    """A column by which rows are sifted, never found.

    Most rows have no scope. SQLite would still look them up by an index over scopes and sort all of them; the plus sign
    keeps it on the way that the list's order asks for.
    """

    template = "%(expressions)s"

    def __init__(self, column: str, kind: models.Field | None = None) -> None:
        super().__init__(models.F(column), output_field=kind or models.BigIntegerField())

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(compiler, connection, template="+%(expressions)s", **extra)


def is_empty_or_in(column: str, wanted: "models.QuerySet[Any] | Collection[int]") -> models.Q:
    """Rows whose scope or site is nobody's in particular, or one of the wanted."""
    return models.Q(lookups.IsNull(Sieve(column), True)) | models.Q(lookups.In(Sieve(column), wanted))


class SubjectColumns(models.Model):
    """The columns with which a row of a lower room points at a subject of a room above."""

    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    subject_label = models.CharField(max_length=300, blank=True)
    subject_url = models.CharField(max_length=300, blank=True)
    scope_id = models.BigIntegerField(null=True, blank=True)
    site_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def subject(self) -> Ref:
        return Ref(
            self.subject_type, self.subject_id, self.subject_label, self.subject_url, self.scope_id, self.site_id
        )


def columns(subject: "Subject | Ref") -> dict[str, object]:
    """Values for `SubjectColumns` pointing at the subject."""
    it = ref(subject)
    return {
        "subject_type": it.type,
        "subject_id": it.id,
        "subject_label": it.label,
        "subject_url": it.url,
        "scope_id": it.scope_id,
        "site_id": it.site_id,
    }
