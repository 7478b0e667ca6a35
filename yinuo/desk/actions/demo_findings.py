"""What people of the demo company reported: some of it waits to be sorted, some was looked at."""

from datetime import datetime

from yinuo.cases.actions import sorting
from yinuo.desk import engine
from yinuo.desk.actions import demo_clock, demo_company
from yinuo.org import queries as org_queries


def report(company: demo_company.Company, *, now: datetime) -> None:
    """Report each finding of the data, and dismiss those that the data say were none."""
    clock = demo_clock.Clock(org_queries.calendar(company.sites["nb"].pk), now)
    rows = demo_company.read("findings")["findings"]
    for number, row in enumerate(rows):
        at = clock.at(row["days"], 0.2 + 0.15 * number)
        files = [("现场照片.png", engine.note())] if "photo" in row else []
        finding = sorting.report(
            text=row["text"],
            channel=row["channel"],
            customer=company.customers.get(row.get("customer", "")),
            said_by=row.get("said_by", ""),
            files=files,
            by=company.people[row["who"]],
            now=at,
        )
        if "dismissed" in row:
            sorting.dismiss(
                finding=finding,
                reason=row["dismissed"],
                by=company.people["lina"],
                now=clock.at(row["days"] - 1, 0.3),
                expected=finding.version,
            )
