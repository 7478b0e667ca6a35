"""Saved reports as people find them, and what was sent."""

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode

from django.db.models import Prefetch, QuerySet

from yinuo.notify import models as notify
from yinuo.org import models as org
from yinuo.reports import access, models

KEPT = ("span", "since", "until", "cut", "site", "procedure")  # of an address: what says which figures are shown
LATEST = 50  # of what was sent


def normal(query: str) -> str:
    """A page's query as it is kept: what says which figures are shown, and nothing else."""
    kept = {key: value[:60] for key, value in parse_qsl(query[:2000]) if key in KEPT and value}
    return urlencode({key: kept[key] for key in KEPT if key in kept})


def reports_of(person: org.Person) -> QuerySet[models.SavedReport]:
    """The saved reports that somebody may open, their own first."""
    found = models.SavedReport.objects.filter(access.opened_to(person)).distinct()
    return found.select_related("owner").order_by("name", "pk")


def with_receivers(reports: QuerySet[models.SavedReport]) -> QuerySet[models.SavedReport]:
    """The reports with whom they are shared with and sent to."""
    receiving = models.Receiver.objects.select_related("person").order_by("person__name", "pk")
    return reports.prefetch_related("posts", "departments", Prefetch("receivers", receiving))


def sent(report: models.SavedReport) -> list[tuple[models.Sending, notify.Mail | None]]:
    """What was sent to whom, the latest first, each with its mail."""
    found = list(report.sendings.select_related("person").order_by("-due_at", "person__name", "pk")[:LATEST])
    mails = notify.Mail.objects.in_bulk([each.mail for each in found if each.mail])
    return [(each, mails.get(each.mail)) for each in found]


def receivers(report: models.SavedReport) -> Sequence[models.Receiver]:
    """Who gets it."""
    return list(
        models.Receiver.objects.filter(report=report, left_at=None).select_related("person__site").order_by("pk")
    )
