"""Counting requests for the statistics: what each counts for is kept beside it, and only the difference is appended.

Acts say no more than that a request ended or was taken up again; what else changes is found among the open requests,
which are few. So a registration costs the statistics nothing, and figures are a minute old at most.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import F

from yinuo.kit import actors
from yinuo.records import actions as records
from yinuo.reports import models, rules
from yinuo.reports.actions import counting
from yinuo.reports.definition import Account, Sums
from yinuo.reports.queries import accounted, counted

BATCH = accounted.BLOCK
FIELDS = ["version", "run_moves", *Account.__dataclass_fields__]


def note(*, case_id: int, is_reopened: bool = False) -> None:
    """A request is to be counted anew: it ended or was taken up again; how often that happened is kept here."""
    models.Account.objects.bulk_create(
        [models.Account(case_id=case_id, version=0)],
        update_conflicts=True,
        unique_fields=["case"],
        update_fields=["version"],
    )
    if is_reopened:
        models.Account.objects.filter(pk=case_id).update(reopenings=F("reopenings") + 1)


def count(*, ids: Iterable[int]) -> int:
    """Count some requests as they are now; returns for how many of them something else is told than before."""
    with transaction.atomic():
        return _count(sorted(ids))


def _count(ids: list[int]) -> int:
    # Their rows are locked before the requests are read: an act that ends one meanwhile waits and says so afterwards.
    models.Account.objects.bulk_create([models.Account(case_id=pk) for pk in ids], ignore_conflicts=True)
    rows = list(models.Account.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    now = accounted.accounts(ids, counted.Calendars())
    parts: list[Sums] = []
    changed = []
    for row in rows:
        account, version, moves = now[row.pk]
        was = accounted.of_row(row)
        if was != account:
            parts.append(rules.difference(rules.of_account(account), rules.of_account(was) if was else {}))
        if was != account or (row.version, row.run_moves) != (version, moves):
            row.version, row.run_moves = version, moves
            for name, value in asdict(account).items():
                setattr(row, name, value)
            changed.append(row)
    # One statement whose size does not grow with columns times rows, as an update of each by its key would.
    models.Account.objects.bulk_create(changed, update_conflicts=True, unique_fields=["case"], update_fields=FIELDS)
    counting.append(rules.total(parts))
    return len(parts)


def count_changed(*, by: actors.Actor, now: datetime) -> int:
    """Count some of the requests that changed; returns how many there were."""
    found = accounted.changed(BATCH)
    if found:
        count(ids=found)
    return len(found)


def rescoped(*, case_id: int) -> None:
    """A request belongs to another circle now: nobody outside it sees its figures from the same moment on."""
    if models.Account.objects.filter(pk=case_id).exists():
        count(ids=[case_id])


def set_right(*, by: actors.Actor, now: datetime) -> Sums:
    """Count every request, then append whatever the tallies differ from that by; returns what that was."""
    before = accounted.told()
    for block in accounted.blocks():
        count(ids=block)
    with transaction.atomic():
        counting.as_of_one_moment()
        counting.append(rules.difference(accounted.kept(), accounted.told()))
        wrong = rules.difference(accounted.told(), before)
        if wrong:
            records.write(
                by=by, now=now, word="reports.tally.set_right", subject=counting.WHOLE, note={"sums": len(wrong)}
            )
    return wrong
