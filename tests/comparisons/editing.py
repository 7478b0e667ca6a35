"""A workbook edited as a person edits it offline: read as it stands, changed, saved by another program."""

import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q
from django.test import Client
from python_calamine import CalamineWorkbook

from yinuo.comparisons import jobs, models
from yinuo.kit import exported, once
from yinuo.kit import models as kit_models
from yinuo.kit.sheets import marks

Rows = list[list[Any]]


class Edited:
    """The first sheet of an exported workbook, by headings and keys."""

    def __init__(self, content: bytes) -> None:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        self.heads, *self.rows = book.get_sheet_by_index(0).to_python()
        self.notes = book.get_sheet_by_index(1).to_python()
        self.properties = marks.properties(content)
        self.formats: dict[tuple[int, int], dict[str, Any]] = {}
        self.hidden: set[str] = set()

    def at(self, heading: str) -> int:
        return self.heads.index(heading)

    def row(self, key: int) -> list[Any]:
        return next(row for row in self.rows if row[self.at("#id")] == key)

    def put(self, key: int, heading: str, value: Any) -> None:
        self.row(key)[self.at(heading)] = value

    def add(self, **values: Any) -> None:
        self.rows.append([values.get(head, "") for head in self.heads])

    def add_column(self, heading: str, value: Callable[[int], Any]) -> None:
        self.heads.insert(1, heading)
        for number, row in enumerate(self.rows):
            row.insert(1, value(number))

    def rename(self, heading: str, to: str) -> None:
        self.heads[self.at(heading)] = to

    def move(self, order: list[int]) -> None:
        """The columns in another order."""
        self.heads = [self.heads[at] for at in order]
        self.rows = [[row[at] for at in order] for row in self.rows]

    def content(self) -> bytes:
        buffer = io.BytesIO()
        options = {
            "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        }  # fmt: skip
        with xlsxwriter.Workbook(buffer, options) as book:
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
            for name, value in self.properties.items():
                book.set_custom_property(name, value)
            sheet = book.add_worksheet("清单")
            for at, row in enumerate([self.heads, *self.rows]):
                for column, value in enumerate(row):
                    if isinstance(value, datetime):
                        sheet.write_datetime(at, column, value, moment)
                    elif isinstance(value, date):
                        sheet.write_datetime(at, column, datetime(value.year, value.month, value.day), day)
                    elif value not in (None, ""):
                        sheet.write(at, column, value)
            for heading in self.hidden:
                sheet.set_column(self.at(heading), self.at(heading), None, None, {"hidden": True})
            about = book.add_worksheet("说明")
            for at, (label, value) in enumerate(self.notes):
                about.write(at, 0, label)
                about.write(at, 1, value)
        return buffer.getvalue()


def taken_out(client: Client, url: str) -> bytes:
    return b"".join(client.get(url).streaming_content)


def bring(client: Client, content: bytes, name: str = "清单.xlsx") -> Any:
    return client.post("/comparisons/new/", {"once": once.new_key(), "file": SimpleUploadedFile(name, content)})


def work() -> None:
    """The worker does what waits."""
    for job in kit_models.Job.objects.filter(Q(name__startswith="comparisons."), state="waiting"):
        {"comparisons.compare": jobs.compare, "comparisons.write": jobs.write}[job.name](**job.arguments)
        kit_models.Job.objects.filter(pk=job.pk).update(state="done")


def compared(client: Client, content: bytes) -> models.Comparison:
    """Brought back and compared."""
    response = bring(client, content)
    assert response.status_code == 302, response.content.decode()
    work()
    row = models.Comparison.objects.latest("pk")
    assert row.state == "compared", row.notes
    return row


def written(client: Client, row: models.Comparison) -> models.Comparison:
    row.refresh_from_db()
    response = client.post(f"/comparisons/{row.pk}/confirm/", {"version": row.version})
    assert response.status_code == 302, response.content.decode()
    work()
    row.refresh_from_db()
    assert row.state == "done"
    return row


def told(row: models.Comparison) -> dict[str, list[str]]:
    """Which cells are in which state: state → label column."""
    found: dict[str, list[str]] = {}
    for each in row.rows.order_by("number"):
        for cell in each.cells:
            found.setdefault(cell["state"], []).append(f"{each.row or '+'}/{cell['key']}")
    return found


def states(row: models.Comparison) -> dict[str, int]:
    found: dict[str, int] = {}
    for state in row.rows.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


__all__ = ["Edited", "bring", "compared", "exported", "states", "taken_out", "told", "work", "written"]
