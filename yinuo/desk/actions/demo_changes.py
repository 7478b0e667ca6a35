"""What customers of the demo company changed lately: reviewed in time and too late, running, overdue, taken back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from yinuo.changes import models
from yinuo.changes.actions import applying, beside, deciding, recording, setting
from yinuo.desk.actions import demo_company
from yinuo.org import models as org
from yinuo.org import queries as org_queries

FILE = Path(__file__).parents[1] / "demo" / "changes.yaml"
PARTS = ("break_kind", "break_mark", "stock", "stock_note", "transit", "transit_note")


@dataclass
class Telling:
    """Days counted back from today in working days of the company, and who says what on them."""

    company: demo_company.Company
    now: datetime

    def day(self, days: int) -> date:
        calendar = org_queries.calendar(None)
        today = calendar.day_of(self.now)
        return calendar.working_day(today, -days) if days else today

    def at(self, days: int) -> datetime:
        """The moment at which something is said so many working days ago."""
        return self.now - timedelta(days=(self.day(0) - self.day(days)).days)

    def by(self, name: str, days: int, row: Any = None) -> dict[str, Any]:
        said: dict[str, Any] = {"by": self.person(name), "now": self.at(days)}
        return said | ({"expected": row.version} if row is not None else {})

    def person(self, name: str) -> org.Person:
        return self.company.people[name]


def tell(company: demo_company.Company, now: datetime) -> None:
    """Set the shorter terms, then record every change with what came of it."""
    said = yaml.safe_load(FILE.read_text("utf-8"))
    telling = Telling(company, now)
    for each in said["terms"]:
        setting.set_term(
            customer=company.customers[each["customer"]], start=each["start"], days=each["days"], note=each["note"],
            expected=0, by=company.people["zhou"], now=telling.at(60),
        )  # fmt: skip
    for each in said["changes"]:
        _live(telling, _recorded(telling, each), each)


def _recorded(telling: Telling, said: dict[str, Any]) -> models.Change:
    company, received = telling.company, said["received"]
    days: dict[str, Any] = {
        f"{key}_on": telling.day(said[key]) for key in ("published", "notified", "received") if key in said
    }
    department = company.departments.get(said.get("department", ""))
    sites = [company.sites[code] for code in said.get("sites", ())]
    recorded = said.get("recorded", received)
    return recording.add(
        title=said["title"], customer=company.customers[said["customer"]], reference=said["reference"],
        what=said.get("what", ""), responsible=telling.person(said["responsible"]), department=department, sites=sites,
        reason=said.get("reason", "次日由收件人转来登记" if "notified" in said else ""), **days,
        **telling.by(said["by"], recorded),
    )  # fmt: skip


def _live(telling: Telling, row: models.Change, said: dict[str, Any]) -> None:
    """Review, decision, answer, products, documents, suppliers, as far as the change has come."""
    if each := said.get("review"):
        deciding.review(
            change=row, on=telling.day(each["day"]), reviewer=telling.person(each["reviewer"]), result=each["result"],
            said=each["said"], reason=each.get("reason", ""), **telling.by(each["by"], each["day"], row),
        )  # fmt: skip
    if each := said.get("impact"):
        deciding.judge_impact(
            change=row, impact=each["impact"], level=each.get("level"), note=each.get("note", ""),
            decider=telling.person(each["decider"]), **telling.by(each["by"], said["review"]["day"], row),
        )  # fmt: skip
    if each := said.get("answer"):
        deciding.record_answer(
            change=row, answer=each["answer"], on=telling.day(each["day"]), reference=each["reference"],
            **telling.by(each["by"], each["day"], row),
        )  # fmt: skip
    _apply(telling, row, said)
    _follow(telling, row, said)
    if each := said.get("drop"):
        recording.drop(change=row, reason=each["reason"], **telling.by(each["by"], each["day"], row))


def _apply(telling: Telling, row: models.Change, said: dict[str, Any]) -> None:
    if "products" not in said:
        return
    company = telling.company
    applying.name(
        change=row, products=[company.products[code] for code in said["products"]],
        sites=[company.sites[code] for code in said["sites"]], **telling.by(said["by"], said["received"], row),
    )  # fmt: skip
    lines = {each.product.number: each for each in row.applications.select_related("product", "change")}
    for each in said.get("done", ()):
        line = lines[each["product"]]
        if why := each.get("left_out"):
            applying.leave_out(application=line, reason=why, **telling.by(each["by"], said["review"]["day"], line))
            continue
        parts: dict[str, Any] = {key: each[key] for key in PARTS if key in each}
        on = each["day"]
        applying.implement(application=line, on=telling.day(on), **parts, **telling.by(each["by"], on, line))
        if seen := each.get("verified"):
            applying.verify(
                application=line, on=telling.day(seen["day"]), how=seen["how"],
                **telling.by(seen["by"], seen["day"], line),
            )  # fmt: skip
    row.refresh_from_db()


def _follow(telling: Telling, row: models.Change, said: dict[str, Any]) -> None:
    for each in said.get("documents", ()):
        made = beside.add_document(
            change=row, kind=each["kind"], number=each["number"], title=each.get("title", ""),
            responsible=telling.person(each["responsible"]), due_on=telling.day(each["due"]),
            **telling.by(said["responsible"], said["review"]["day"]),
        )  # fmt: skip
        if "done" in each:
            beside.finish_document(
                document=made, on=telling.day(each["done"]), new_edition=each["new_edition"],
                **telling.by(each["responsible"], each["done"], made),
            )  # fmt: skip
    for each in said.get("suppliers", ()):
        days: dict[str, Any] = {"told_on": telling.day(each["told"])}
        if "acknowledged" in each:
            days["acknowledged_on"] = telling.day(each["acknowledged"])
        beside.add_supplier(change=row, name=each["name"], **days, **telling.by(said["by"], min(each["told"], 1)))
