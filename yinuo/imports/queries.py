"""Reading imports: a person's own, their lines, how far they are."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, QuerySet

from yinuo.imports import access, models, rules
from yinuo.kit import importing
from yinuo.records import models as records_models
from yinuo.records import queries as records

LATEST = 20
BY_HAND = 50  # that many files of a kind with headings chosen by hand are known again
FAULTY = (models.Line.State.FAULT, models.Line.State.REFUSED)
WANTED = (models.Line.State.NEW, models.Line.State.CHANGE)


def imports_of(person: Any) -> list[models.Import]:
    """The latest imports of a person."""
    return list(models.Import.objects.filter(by_id=person.actor_id).order_by("-pk")[:LATEST])


def import_of(person: Any, key: int) -> models.Import:
    """The import, if the person may see it; else `Import.DoesNotExist`."""
    row = models.Import.objects.get(pk=key)
    if not access.may_see(person, row):
        raise models.Import.DoesNotExist
    return row


def whose(row: models.Import) -> Any:
    """Who brought the workbook, with the rights of today; None when they are gone."""
    found = get_user_model().objects.filter(pk=int(row.by_id), is_active=True).first() if row.by_id.isdigit() else None
    return found if found is not None and access.may_see(found, row) else None


def source_of(row: models.Import) -> records_models.Attachment:
    """The workbook as it came."""
    found: records_models.Attachment = records.attachments(row).get(kind="original")
    return found


def counts(row: models.Import) -> dict[str, int]:
    """How many lines are in which state."""
    found = row.lines.values_list("state").annotate(n=Count("pk")).order_by()
    return dict.fromkeys(models.Line.State.values, 0) | dict(found)


def lines(row: models.Import, *states: str) -> QuerySet[models.Line]:
    """Lines in the order of the file."""
    found = row.lines.order_by("number")
    return found.filter(state__in=states) if states else found


def faulty(row: models.Import) -> Iterator[models.Line]:
    """The lines that were not taken over, each with all rows that belong to it."""
    refused = set(row.lines.filter(state=models.Line.State.REFUSED).values_list("number", flat=True))
    for line in lines(row, *FAULTY, models.Line.State.PART).iterator(chunk_size=500):
        if line.state != models.Line.State.PART or line.values.get("part_of") in refused:
            yield line


def to_take(row: models.Import, most: int, *, with_changes: bool) -> list[models.Line]:
    """The next lines that are to be taken over."""
    states = WANTED if with_changes else WANTED[:1]
    return list(row.lines.filter(state__in=states).order_by("place", "number")[:most])


def remembered(kind: importing.Kind, headings: str) -> dict[str, int] | None:
    """Which field stood in which column the last time that headings looked like this."""
    found = models.Assignment.objects.filter(kind=kind.name, print=rules.print_of(headings)).first()
    return {key: int(column) for key, column in found.columns.items()} if found else None


def headed_by_hand(kind: importing.Kind) -> list[tuple[list[int], str]]:
    """In which rows somebody said that the headings stand, and what these look like; the latest first."""
    found = models.Assignment.objects.filter(kind=kind.name).exclude(heading_rows=[]).order_by("-at")
    return list(found.values_list("heading_rows", "print")[:BY_HAND])


# Whom spellings mean -------------------------------------------------------------------------------------------------


def meanings_of(person: Any) -> QuerySet[models.Meaning]:
    """What the person has said that spellings in their files mean, the latest first."""
    return models.Meaning.objects.filter(by_id=person.actor_id, undone_at=None).order_by("-pk")


def meanings(person: Any, of: Iterable[str]) -> dict[tuple[str, str], str]:
    """The same by kind of thing and spelling; empty: somebody of its own. Answers of others name whom they may see."""
    found = meanings_of(person).filter(of__in=set(of))
    return {(each.of, each.key): each.meant for each in found}


# What is kept beside the fields --------------------------------------------------------------------------------------


def headings_beside(type: str, rows: QuerySet[Any]) -> Iterator[tuple[int, list[list[Any]]]]:  # noqa: A002
    """Which columns are kept with these rows: each set of them once, with the import that brought it."""
    kept = models.Kept.objects.filter(subject_type=type, subject_id__in=rows.order_by().values("pk"))
    yield from kept.order_by().values_list("of_id", "headings").distinct()


def kept_beside(type: str, ids: Sequence[int]) -> Iterator[tuple[int, list[rules.Cell]]]:  # noqa: A002 - as above
    yield from models.Kept.objects.filter(subject_type=type, subject_id__in=ids).values_list("subject_id", "columns")
