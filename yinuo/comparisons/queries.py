"""Reading comparisons: a person's own, their rows by state, how many differ in which way."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, QuerySet, Sum

from yinuo.comparisons import access, models
from yinuo.records import models as records_models
from yinuo.records import queries as records

LATEST = 20
State = models.Row.State
WRITTEN = (State.CONFLICT, State.CHANGE, State.NEW)


def comparisons_of(person: Any) -> list[models.Comparison]:
    """The latest ones of a person."""
    return list(models.Comparison.objects.filter(by_id=person.actor_id).order_by("-pk")[:LATEST])


def comparison_of(person: Any, key: int) -> models.Comparison:
    """The comparison, if the person may see it; else `Comparison.DoesNotExist`."""
    row = models.Comparison.objects.get(pk=key)
    if not access.may_see(person, row):
        raise models.Comparison.DoesNotExist
    return row


def whose(row: models.Comparison) -> Any:
    """Who brought the file, with the rights of today; None when they are gone."""
    found = get_user_model().objects.filter(pk=int(row.by_id), is_active=True).first() if row.by_id.isdigit() else None
    return found if found is not None and access.may_see(found, row) else None


def source_of(row: models.Comparison) -> records_models.Attachment:
    """The workbook as it came."""
    found: records_models.Attachment = records.attachments(row).get(kind="original")
    return found


def counts(row: models.Comparison) -> dict[str, int]:
    """How many rows are in which state."""
    found = row.rows.values_list("state").annotate(n=Count("pk")).order_by()
    return dict.fromkeys(State.values, 0) | dict(found)


def undecided(row: models.Comparison) -> int:
    """Conflicts that nobody has decided yet."""
    return row.rows.aggregate(n=Sum("undecided"))["n"] or 0


def rows_after(row: models.Comparison, state: str, after: int, most: int) -> list[models.Row]:
    """The next rows of a state, in the order of the file."""
    return list(row.rows.filter(state=state, number__gt=after).order_by("number")[:most])


def conflicts(row: models.Comparison) -> QuerySet[models.Row]:
    return row.rows.filter(state=State.CONFLICT).order_by("number")


def to_write(row: models.Comparison, most: int) -> list[models.Row]:
    """The next rows that are to be written."""
    return list(row.rows.filter(state__in=WRITTEN).order_by("number")[:most])
