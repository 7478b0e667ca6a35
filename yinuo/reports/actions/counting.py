"""Keeping the tallies: appended in the act's own transaction, put together later, set right against a recount."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from yinuo.cases import models as cases
from yinuo.kit import actors, subjects
from yinuo.procedures import models as procedures
from yinuo.records import actions as records
from yinuo.reports import models, rules
from yinuo.reports.definition import CaseFacts, Key, Measure, Sum, Sums
from yinuo.reports.queries import counted

BATCH = 2000  # rows put together in one transaction

# Parts of acts --------------------------------------------------------------------------------------------------------


def note_opened(*, case: cases.Case) -> None:
    """A case was registered."""
    facts = CaseFacts(case.registered_at, None, False, case.site_id, case.scope_id)
    append(rules.of_case(facts, counted.Calendars()[case.site_id]))


def note_taken_over(*, taken: Sequence[cases.Case]) -> None:
    """Cases were taken over that had ended before."""
    calendars = counted.Calendars()
    parts = []
    for case in taken:
        facts = CaseFacts(case.registered_at, case.ended_at, bool(case.end_reason), case.site_id, case.scope_id)
        parts.append(rules.of_case(facts, calendars[case.site_id]))
    append(rules.total(parts))


def note_ended_or_reopened(
    *, case_id: int, was: tuple[datetime | None, bool], then: tuple[datetime | None, bool]
) -> None:
    """A case ended or was taken up again: each as (when it ended, whether before its end)."""
    row = cases.Case.objects.values("registered_at", "site_id", "scope_id").get(pk=case_id)
    calendar = counted.Calendars()[row["site_id"]]
    before, after = (
        rules.of_case(CaseFacts(row["registered_at"], *ending, row["site_id"], row["scope_id"]), calendar)
        for ending in (was, then)
    )
    append(rules.difference(after, before))


def note_tasks(*, run: procedures.Run, opened: Sequence[procedures.Task], closed: Sequence[procedures.Task]) -> None:
    """Tasks of a run were opened, or ended."""
    opened, closed = list(filter(counted.counts, opened)), list(filter(counted.counts, closed))
    held = counted.holds([run.pk]).get(run.pk, ()) if closed else ()
    calendars = counted.Calendars()
    parts = [rules.of_open_task(counted.facts_of(task, run, ())) for task in opened]
    for facts in (counted.facts_of(task, run, held) for task in closed):
        parts.append(rules.difference(rules.of_task(facts, calendars[run.site_id]), rules.of_open_task(facts)))
    append(rules.total(parts))


def note_rescoped(*, case_id: int, was: int | None) -> None:
    """A case belongs to another circle now: what it and its tasks count for goes with it."""
    after = counted.sums_of_case(case_id, counted.Calendars())
    before = {key._replace(scope_id=was): each for key, each in after.items()}
    append(rules.difference(after, before))


def append(sums: Sums) -> None:
    """Add to what was counted."""
    if sums:
        models.Tally.objects.bulk_create(_row(key, each) for key, each in sums.items())


def _row(key: Key, each: Sum, *, is_rolled: bool = False) -> models.Tally:
    return models.Tally(**key._asdict(), amount=each.amount, seconds=each.seconds, is_rolled=is_rolled)


# Putting together -----------------------------------------------------------------------------------------------------


@transaction.atomic
def roll_up(*, by: actors.Actor, now: datetime) -> int:
    """Put some appended rows together with those of the same key; returns how many rows were taken away.

    Whoever reads meanwhile sees the rows before or after, never between: it is one transaction, and each figure is one
    statement. Two at once take different rows; should a key end in two rows, its sum is right and the next one joins.
    """
    # PostgreSQL lets two take different rows; SQLite has one writer at a time.
    rows = models.Tally.objects.select_for_update(skip_locked=True)
    fresh = list(rows.filter(is_rolled=False).order_by("pk")[:BATCH])
    keys = {_key(row) for row in fresh}
    before: list[models.Tally] = []
    for measure, days in _days(keys).items():
        same = rows.filter(days, measure=measure, is_rolled=True)
        before += [row for row in same if _key(row) in keys]
    sums = rules.total({_key(row): Sum(row.amount, row.seconds)} for row in (*fresh, *before))
    taken = [row.pk for row in (*fresh, *before)]
    for at in range(0, len(taken), 500):
        models.Tally.objects.filter(pk__in=taken[at : at + 500]).delete()
    models.Tally.objects.bulk_create(_row(key, each, is_rolled=True) for key, each in sums.items())
    return len(fresh)


def _key(row: models.Tally) -> Key:
    return Key(Measure(row.measure), row.on, row.what, row.bucket, row.site_id, row.scope_id)


def _days(keys: set[Key]) -> dict[Measure, Q]:
    """For each measure, on which days its keys lie."""
    found: dict[Measure, Q] = defaultdict(Q)
    for measure in {key.measure for key in keys}:
        on = {key.on for key in keys if key.measure is measure}
        found[measure] = Q(on__in=on - {None}) | (Q(on=None) if None in on else Q(pk__in=[]))
    return found


# Setting right --------------------------------------------------------------------------------------------------------

WHOLE = subjects.Ref("reports.tally", 0, gettext_noop("Figures of the overview"))


@transaction.atomic
def set_right(*, by: actors.Actor, now: datetime) -> Sums:
    """Append whatever the tallies differ from a recount by; returns what that was. For rows that no act has written."""
    as_of_one_moment()
    wrong = rules.difference(counted.recount(), counted.told())
    if wrong:
        append(wrong)
        records.write(by=by, now=now, word="reports.tally.set_right", subject=WHOLE, note={"sums": len(wrong)})
    return wrong


def as_of_one_moment() -> None:
    """From here the transaction reads rows and tallies as of one moment, while others go on."""
    if connection.vendor == "postgresql" and not connection.savepoint_ids:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
