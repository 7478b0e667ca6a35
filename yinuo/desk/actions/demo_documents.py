"""The demo company's documents of customers: a manual with accepted clauses, its next edition, a CSR in English."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.core.files.base import ContentFile
from django.utils import timezone

from yinuo.customers import models as customers
from yinuo.org import models as org
from yinuo.sources import jobs, models
from yinuo.sources.actions import correcting, documents

FOLDER = Path(__file__).parents[1] / "demo"


def record(people: dict[str, org.Person], now: datetime) -> None:
    """Record every document of `demo/documents.yaml`, read it, and accept the clauses where it says so."""
    for said in yaml.safe_load((FOLDER / "documents.yaml").read_text("utf-8"))["documents"]:
        by: dict[str, Any] = {"by": people[said["by"]], "now": now}
        customer = customers.Customer.objects.get(code=said["customer"])
        row = documents.add(
            title=said["title"], number=said.get("number", ""), kind=said["kind"], customer=customer, **by
        )
        for each in said["editions"]:
            record_edition(row, each, by)


def record_edition(row: models.Document, said: dict[str, Any], by: dict[str, Any]) -> models.Edition:
    """An edition with its file, received so many days before `now`, read, and accepted where it says so."""
    name = said["file"]
    file = ContentFile((FOLDER / "documents" / name).read_bytes(), name)
    made = documents.add_edition(
        document=row,
        files=[file],
        label=said["label"],
        received_on=timezone.localdate(by["now"]) - timedelta(days=said["days"]),
        way=said["way"],
        standing=said.get("standing", "in_force"),
        round=said.get("round"),
        language=said.get("language", "zh"),
        **by,
    )
    jobs.read(made.pk)
    made.refresh_from_db()
    if said.get("is_accepted"):
        correcting.accept(edition=made, expected=made.draft.version, **by)
    return made
