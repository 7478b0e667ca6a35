"""What requests count for in the statistics, read from the requests themselves."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Any

from django.db import models as db
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from yinuo.cases import models as cases
from yinuo.org import models as org
from yinuo.org import rules as org_rules
from yinuo.reports import models, rules
from yinuo.reports.definition import (
    ANSWERED,
    CUTS,
    LATE,
    ON_TIME,
    Account,
    Key,
    Measure,
    Standing,
    Sum,
    Sums,
)
from yinuo.reports.queries import counted
from yinuo.search.engine import meaning

BLOCK = 500
COLUMNS = (
    "pk", "version", "run_moves", "registered_at", "customer_id", "owner_id", "kind", "site_id", "scope_id", "state",
    "ended_at", "end_reason", "answered_at", "merged_into_id", "held_working_seconds", "promised_on", "wanted_on",
    "due_at", "title", "account__reopenings",
)  # fmt: skip
STANDING_ITEMS = Q(withdrawn_at=None, moved_to=None)
"""Items that count: neither withdrawn nor gone on with another request."""


def accounts(ids: Iterable[int], calendars: counted.Calendars) -> dict[int, tuple[Account, int, int]]:
    """What each request counts for now, with the version and the moves of its run that say so."""
    rows = list(cases.Case.objects.filter(pk__in=list(ids)).values(*COLUMNS))
    items: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    words: dict[int, list[str]] = defaultdict(list)
    columns = ("case_id", "verdict", "alternative", "answer", "text")
    of_them = cases.Item.objects.filter(STANDING_ITEMS, case__in=[row["pk"] for row in rows]).order_by("position")
    for case, *item, text in of_them.values_list(*columns):
        items[case].append(tuple(item))
        words[case].append(text)
    held = _held_posts({row["owner_id"] for row in rows})
    products = _products([row["pk"] for row in rows])
    return {
        row["pk"]: (
            replace(
                _account(row, items[row["pk"]], held.get(row["owner_id"], []), calendars[row["site_id"]]),
                topics=rules.keys(topics_of([row["title"], *words[row["pk"]]])),
                products=rules.keys(products[row["pk"]]),
                reopened=row["account__reopenings"] or 0,
            ),
            row["version"],
            row["run_moves"],
        )
        for row in rows
    }


def topics_of(texts: Iterable[str]) -> list[str]:
    """The terms of the field that some texts are about."""
    return sorted({topic for text in texts for topic in meaning.understand(text).topics})


def _products(ids: list[int]) -> dict[int, list[int]]:
    """The products of requests, in the order of their keys."""
    found: dict[int, list[int]] = defaultdict(list)
    links = cases.Case.products.through.objects.filter(case__in=ids).order_by("product")
    for case, product in links.values_list("case_id", "product_id"):
        found[case].append(product)
    return found


def _account(
    row: dict[str, Any], items: list[tuple[str, str, str]], held: list[Any], calendar: org_rules.Calendar
) -> Account:
    came_on = calendar.day_of(row["registered_at"])
    found: dict[str, Any] = {
        "month": came_on.replace(day=1),
        "customer_id": row["customer_id"],
        "department_id": _department(held, came_on),
        "kind": row["kind"],
        "site_id": row["site_id"],
        "scope_id": row["scope_id"],
        "items": len(items),
    }
    if row["ended_at"] is None:
        is_new = row["state"] == cases.State.NEW
        return Account(**found, standing=Standing.PENDING if is_new else Standing.DOING)
    ended_on = calendar.day_of(row["ended_at"])
    result = rules.result_of(
        is_merged=row["merged_into_id"] is not None, is_terminated=bool(row["end_reason"]), items=items
    )
    found |= {"standing": Standing.SOLVED, "ended_month": ended_on.replace(day=1), "result": result}
    if result in ANSWERED:
        whole = int(calendar.working_time_between(row["registered_at"], row["ended_at"]).total_seconds())
        waited = min(row["held_working_seconds"], whole)
        found |= {"seconds": whole - waited, "held_seconds": waited, "timely": _timely(row, calendar)}
    return Account(**found)


def _timely(row: dict[str, Any], calendar: org_rules.Calendar) -> str:
    """Whether the customer was told in time: by the day promised, else by the day asked for, else by the moment due
    inside."""
    told_at = row["answered_at"] or row["ended_at"]
    if day := row["promised_on"] or row["wanted_on"]:
        return ON_TIME if calendar.day_of(told_at) <= day else LATE
    if row["due_at"] is not None:
        return ON_TIME if told_at <= row["due_at"] else LATE
    return ""


Holding = tuple[int, date, date | None, int]  # person, from, to, department


def _held_posts(people: set[int | None]) -> dict[int, list[Holding]]:
    """The posts that people held and hold, their own before those they hold for others, the first ones first."""
    found: dict[int, list[Holding]] = defaultdict(list)
    rows = org.Holding.objects.filter(person__in=people - {None}).order_by("is_acting", "from_on", "pk")
    for row in rows.values_list("person_id", "from_on", "to_on", "post__department_id"):
        found[row[0]].append(row)
    return found


def _department(held: list[Holding], on: date) -> int | None:
    """The department of whoever owns the request, on the day it came; of somebody who joined later, their first one."""
    for _person, first, last, department in held:
        if first <= on and (last is None or last >= on):
            return department
    return held[0][3] if held else None


def changed(most: int) -> list[int]:
    """Requests to be counted anew: those that say so, and open ones that changed since they were counted."""
    again = list(models.Account.objects.filter(version=0).order_by("pk").values_list("pk", flat=True)[:most])
    standing = cases.Item.objects.filter(STANDING_ITEMS, case=OuterRef("pk")).order_by().values("case")
    number = Coalesce(Subquery(standing.annotate(n=Count("*")).values("n")), 0)
    differs = Q(account=None) | ~Q(account__version=F("version")) | ~Q(account__run_moves=F("run_moves"))
    differs |= ~Q(account__items=F("n_items"))
    rows: QuerySet[cases.Case] = cases.Case.objects.filter(ended_at=None).annotate(n_items=number).filter(differs)
    return [*again, *rows.exclude(pk__in=again).order_by().values_list("pk", flat=True)[: most - len(again)]]


def of_row(row: models.Account) -> Account | None:
    """What a row says that its request was counted for; None when it never was."""
    if row.month is None:
        return None
    return Account(**{name: getattr(row, name) for name in Account.__dataclass_fields__})


def blocks() -> Iterator[list[int]]:
    """The keys of all requests, block by block."""
    keys = cases.Case.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=5000)
    while block := list(islice(keys, BLOCK)):
        yield block


def recount() -> Sums:
    """What all requests together count for, read one by one."""
    calendars, found = counted.Calendars(), Sums()
    for block in blocks():
        for account, _version, _moves in accounts(block, calendars).values():
            for key, each in rules.of_account(account).items():
                rules.add(found, key, each)
    return found


def kept() -> Sums:
    """What the accounts of all requests together say."""
    found = Sums()
    for row in models.Account.objects.order_by("pk").iterator(chunk_size=5000):
        for key, each in rules.of_account(account).items() if (account := of_row(row)) else ():
            rules.add(found, key, each)
    return found


def told() -> Sums:
    """What the tallies of the statistics say, all of them."""
    found = Sums()
    columns = ("measure", "on", "what", "bucket", "site_id", "scope_id")
    grouped = models.Tally.objects.filter(measure__in=CUTS).order_by().values_list(*columns)
    for *key, amount, seconds in grouped.annotate(n=db.Sum("amount"), s=db.Sum("seconds")).iterator():
        rules.add(found, Key(Measure(key[0]), *key[1:]), Sum(amount, seconds))
    return found
