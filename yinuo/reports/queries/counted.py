"""What the rows of the rooms below count for, row by row."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models as db
from django.db.models import QuerySet

from yinuo.cases import models as cases
from yinuo.org import queries as org_queries
from yinuo.org import rules as org_rules
from yinuo.procedures import models as procedures
from yinuo.reports import models, rules
from yinuo.reports.definition import CUTS, CaseFacts, Key, Measure, Stretch, Sum, Sums, TaskFacts

SUBJECT = cases.Case.subject_type
KINDS = (*procedures.Task.PEOPLE_KINDS, procedures.Task.Kind.WAIT)
"""Tasks whose time is somebody's, ours or the customer's; what the program does by itself takes none."""

CASE_COLUMNS = ("registered_at", "ended_at", "end_reason", "site_id", "scope_id")
TASK_COLUMNS = (
    "run_id", "run__procedure__key", "step", "opened_at", "due_at", "closed_at", "state", "site_id", "scope_id",
)  # fmt: skip


class Calendars:
    """The calendars of sites, each asked for once."""

    def __init__(self) -> None:
        self._known: dict[int | None, org_rules.Calendar] = {}

    def __getitem__(self, site_id: int | None) -> org_rules.Calendar:
        if site_id not in self._known:
            self._known[site_id] = org_queries.calendar(site_id)
        return self._known[site_id]


def counts(task: procedures.Task) -> bool:
    """Whether a task is one of a request, and somebody's."""
    return task.subject_type == SUBJECT and task.kind in KINDS


def step_of(procedure_key: str, step: str) -> str:
    """How tallies name a step."""
    return f"{procedure_key}/{step}"


def case_facts(row: dict[str, Any]) -> CaseFacts:
    """From a case's `CASE_COLUMNS`. Ending a case before its end needs a reason, completing it leaves none."""
    return CaseFacts(row["registered_at"], row["ended_at"], bool(row["end_reason"]), row["site_id"], row["scope_id"])


def task_facts(row: dict[str, Any], held: tuple[Stretch, ...] = ()) -> TaskFacts:
    """From a task's `TASK_COLUMNS`."""
    return TaskFacts(
        step=step_of(row["run__procedure__key"], row["step"]),
        opened_at=row["opened_at"],
        due_at=row["due_at"],
        closed_at=row["closed_at"],
        is_cancelled=row["state"] == procedures.Task.State.CANCELLED,
        site_id=row["site_id"],
        scope_id=row["scope_id"],
        held=held,
    )


def holds(run_ids: Iterable[int] | None = None) -> dict[int, tuple[Stretch, ...]]:
    """When runs were on hold, by their log; a hold that has not ended has no end. None: all runs."""
    log = procedures.Move.objects.filter(move__move__in=["hold", "resume"])
    if run_ids is not None:
        log = log.filter(run__in=run_ids)
    found: dict[int, list[Stretch]] = defaultdict(list)
    for run, at, move in log.order_by("run", "number").values_list("run", "at", "move__move"):
        if move == "hold":
            found[run].append((at, None))
        elif found[run] and found[run][-1][1] is None:
            found[run][-1] = (found[run][-1][0], at)
    return {run: tuple(stretches) for run, stretches in found.items()}


def sums_of_case(case_id: int, calendars: Calendars) -> Sums:
    """What one case and all its tasks count for now."""
    row = cases.Case.objects.values(*CASE_COLUMNS).get(pk=case_id)
    tasks = procedures.Task.objects.filter(subject_type=SUBJECT, subject_id=case_id, kind__in=KINDS)
    parts = [rules.of_case(case_facts(row), calendars[row["site_id"]])]
    return rules.total([*parts, *_sums_of_tasks(tasks, calendars, None)])


def _sums_of_tasks(
    tasks: QuerySet[procedures.Task], calendars: Calendars, held: dict[int, tuple[Stretch, ...]] | None
) -> Iterator[Sums]:
    rows: Any = tasks.values(*TASK_COLUMNS)
    if held is None:
        rows = list(rows)
        held = holds({row["run_id"] for row in rows})
    else:
        rows = rows.iterator(chunk_size=5000)
    for row in rows:
        yield rules.of_task(task_facts(row, held.get(row["run_id"], ())), calendars[row["site_id"]])


def recount() -> Sums:
    """What all rows together count for, read one by one: slow, and the measure of what the tallies say."""
    calendars, found = Calendars(), Sums()
    for row in cases.Case.objects.values(*CASE_COLUMNS).iterator(chunk_size=5000):
        for key, each in rules.of_case(case_facts(row), calendars[row["site_id"]]).items():
            rules.add(found, key, each)
    tasks = procedures.Task.objects.filter(subject_type=SUBJECT, kind__in=KINDS)
    for part in _sums_of_tasks(tasks, calendars, holds()):
        for key, each in part.items():
            rules.add(found, key, each)
    return found


def told() -> Sums:
    """What the tallies of the overview say, all of them."""
    found = Sums()
    columns = ("measure", "on", "what", "bucket", "site_id", "scope_id")
    grouped = models.Tally.objects.exclude(measure__in=CUTS).order_by().values_list(*columns)
    for *key, amount, seconds in grouped.annotate(n=db.Sum("amount"), s=db.Sum("seconds")).iterator():
        rules.add(found, Key(Measure(key[0]), *key[1:]), Sum(amount, seconds))
    return found


def facts_of(task: procedures.Task, run: procedures.Run, held: tuple[Stretch, ...]) -> TaskFacts:
    """Those of a task of a run as it stands in memory."""
    row = {name: getattr(task, name, None) for name in TASK_COLUMNS}
    return task_facts({**row, "run__procedure__key": run.procedure.key}, held)
