"""What the demo company asks of its figures: what was asked before is found, and a report goes out every week."""

from datetime import datetime

from yinuo.kit import actors
from yinuo.org import models as org
from yinuo.reports.actions import repeating, saving, sending
from yinuo.reports.models import SavedReport


def keep(people: dict[str, org.Person], now: datetime) -> None:
    """Requests are compared at once; the quality manager's weekly figures are kept, shared and sent."""
    while repeating.find(by=actors.PROGRAM, now=now):
        pass
    owner = people["zhou"]
    report = saving.save_report(
        name="近四周受理与办结", page=SavedReport.Page.STATISTICS, query="span=weeks4&cut=customer", by=owner, now=now
    )
    sending.set_sending(
        report=report, rhythm="weekly", on_day=1, at_hour=8, people=[owner, people["gao"]], by=owner, now=now,
        expected=report.version,
    )  # fmt: skip
