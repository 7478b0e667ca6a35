"""What the tests of changes start from: a customer, its document with two editions, calendars of two years."""

from datetime import UTC, date, datetime
from typing import Any

from django.core.files.base import ContentFile

from tests import cast
from tests.customers import people
from yinuo.changes import models
from yinuo.changes.actions import recording
from yinuo.customers import models as customers
from yinuo.kit import actors
from yinuo.org.actions import calendars
from yinuo.sources import jobs as sources_jobs
from yinuo.sources import models as sources
from yinuo.sources.actions import correcting, documents

OLD = "1 总则\n记录保存10年。\n2 变更\n不必通知。"
NEW = "1 总则\n记录保存15年。\n2 变更\n提前通知。\n3 追溯\n按批次追溯。"


def at(day: date, hour: int = 2) -> datetime:
    """A moment of a day, in working time in China (02:00 UTC is 10:00)."""
    return datetime(day.year, day.month, day.day, hour, 0, tzinfo=UTC)


def know_years() -> None:
    """The state's holidays and make-up days of two years."""
    calendars.load_state_years(years=(2025, 2026), by=actors.PROGRAM, now=cast.NOW)


def document(company: cast.Company, customer: customers.Customer, **facts: Any) -> sources.Document:
    by = facts.pop("by", company.lina)
    facts = {"title": "供应商质量手册", "number": "QM-01", "kind": "manual"} | facts
    return documents.add(customer=customer, by=people.fresh(by), now=cast.NOW, **facts)


def edition(row: sources.Document, by: Any, label: str, text: str, received: date, **facts: Any) -> sources.Edition:
    """An edition with its file, read but not accepted."""
    file = ContentFile(text.encode(), f"{label.replace('/', '-')}.txt")
    now = facts.pop("now", cast.NOW)
    made = documents.add_edition(
        document=row, files=[file], label=label, received_on=received, by=people.fresh(by), now=now, **facts
    )
    sources_jobs.read(made.pk)
    made.refresh_from_db()
    return made


def accept(made: sources.Edition, by: Any) -> None:
    made.refresh_from_db()
    correcting.accept(edition=made, expected=made.draft.version, by=people.fresh(by), now=cast.NOW)
    made.refresh_from_db()


def change(company: cast.Company, customer: customers.Customer, **facts: Any) -> models.Change:
    """A change by drawing, received today unless said otherwise; 王强 answers for it, 李娜 records it."""
    by, now = facts.pop("by", company.lina), facts.pop("now", cast.NOW)
    facts = {"title": "支架图纸换版 C→D", "received_on": now.date(), "responsible": company.wang} | facts
    return recording.add(customer=customer, by=people.fresh(by), now=now, **facts)
