"""What the effects read from a step's form: its task, the element it is about, days, moments, who acts."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from yinuo.cases import models
from yinuo.kit import actors
from yinuo.org import models as org
from yinuo.procedures import models as procedures


def task(task_id: int | None) -> procedures.Task | None:
    return procedures.Task.objects.filter(pk=task_id).first() if task_id else None


def path_key(task_id: int | None) -> int:
    """The element that a step inside a repetition is about."""
    row = task(task_id)
    return int(row.path[-1]) if row is not None and row.path and str(row.path[-1]).isdigit() else 0


def item(case: models.Case, task_id: int | None) -> models.Item:
    return models.Item.objects.select_related("case__customer", "case__contact").get(case=case, pk=path_key(task_id))


def measure(case: models.Case, task_id: int | None) -> models.Measure:
    rows = models.Measure.objects.select_related("case", "item__case")
    return rows.get(case=case, pk=path_key(task_id))


def outcome(task_id: int | None) -> str:
    row = task(task_id)
    return row.outcome if row is not None else ""


def lines(data: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [line for line in data.get(name) or [] if isinstance(line, dict)]


def day(text: Any) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) and text else None


def moment(text: Any, now: datetime) -> datetime:
    found = parse_datetime(text) if isinstance(text, str) else None
    if found is None:
        return now
    return found if found.tzinfo else timezone.make_aware(found)


def sending(data: dict[str, Any], now: datetime) -> tuple[str, datetime]:
    """The way somebody sent a letter and when, as the form of its release says; left empty: just now."""
    return str(data.get("way") or ""), moment(data.get("sent_at"), now)


def by_person(by: actors.Actor, case: models.Case) -> org.Person:
    """Whoever acts, or the owner where the program does."""
    return by if isinstance(by, org.Person) else case.owner or case.registered_by
