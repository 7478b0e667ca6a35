"""The demo company's watched pages. Nothing is fetched: what each visit brought is given, as if it had come."""

from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from yinuo.customers import models as customers
from yinuo.desk.actions import demo_clock
from yinuo.kit import actors, fetching
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.watches import models
from yinuo.watches.actions import pages, visiting

FILE = Path(__file__).parents[1] / "demo/watches.yaml"


def watch(people: dict[str, org.Person], now: datetime) -> None:
    """Every page of `demo/watches.yaml` with its visits."""
    clock = demo_clock.Clock(org_queries.calendar(people["lina"].site_id), now)
    for said in yaml.safe_load(FILE.read_text("utf-8"))["watches"]:
        _page(said, people, clock)


def _page(said: dict[str, Any], people: dict[str, org.Person], clock: demo_clock.Clock) -> None:
    keeper = people[said["keeper"]]
    page = pages.add(
        name=said["name"], address=said["address"], customer=customers.Customer.objects.get(code=said["customer"]),
        keeper=keeper, deputy=people.get(said.get("deputy", "")), every=said["every"], by=people["zhao"],
        now=clock.at(said["visits"][0]["days"], 0.1),
    )  # fmt: skip
    for visit in said["visits"]:
        came: dict[str, Any] = {"trouble": "away"}
        if visit["text"]:
            came = {
                "answer": fetching.Answer(200, visit["text"].encode(), said["address"], "text/plain; charset=utf-8")
            }
        visiting.keep(page=page, by=actors.PROGRAM, now=clock.at(visit["days"], 0.2), **came)
        _decide(page, said, keeper, clock.at(visit["days"], 0.5))


def _decide(page: models.Page, said: dict[str, Any], by: org.Person, at: datetime) -> None:
    page.refresh_from_db()
    if page.state == models.State.CHANGED and "decision" in said:
        visiting.decide(
            page=page, decision=said["decision"], remark=said["remark"], by=by, now=at, expected=page.version
        )
