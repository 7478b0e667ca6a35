"""The four figures with their trend, and time per step: from tallies and the indexes of what is open."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, Sum
from django.utils import timezone

from yinuo.cases import models as cases
from yinuo.kit import lists as kit_lists
from yinuo.org import models as org
from yinuo.procedures import models as procedures
from yinuo.procedures.definition import shapes, texts, walking
from yinuo.procedures.queries import definitions
from yinuo.reports import definition, models, rules
from yinuo.reports.definition import Measure
from yinuo.reports.queries import counted, places, pressing

WEEKS = 12  # of a trend
STEP_WEEKS = 13  # the weeks, the running one included, over which time per step is reckoned: some 90 days
MOST = kit_lists.COUNT_LIMIT


@dataclass(frozen=True)
class Figure:
    """How many now, and how many in or at the end of each of the weeks. `more`: counting stopped before the end."""

    now: int
    trend: list[int]
    more: bool = False

    @property
    def before(self) -> int:
        return self.trend[-2]

    @property
    def change(self) -> int:
        return self.now - self.before


@dataclass(frozen=True)
class Oldest:
    """The task that has been overdue the longest."""

    label: str
    url: str


@dataclass(frozen=True)
class Figures:
    """What the overview says in four numbers; `terminated` stands beside what was completed."""

    registered: Figure
    completed: Figure
    terminated: Figure
    open: Figure
    late: Figure
    oldest: Oldest | None
    stretches: list[tuple[date, date]]


def figures(person: org.Person, now: datetime, tasks: pressing.Pressing, site_id: int | None = None) -> Figures:
    """The four figures: two statements beside the open tasks, and one for the longest overdue if there is one."""
    stretches = rules.weeks(timezone.localtime(now).date(), WEEKS)
    by_day = _by_day(person, stretches[0][0], site_id)
    flows = {key: rules.flow(by_day[key], stretches) for key in (Measure.REGISTERED, *WAYS)}
    net = _less(by_day[Measure.REGISTERED], [by_day[way] for way in WAYS])
    ends = [last for _first, last in stretches]
    under_way = places.here(cases.Case.objects.filter(ended_at=None), person, site_id).order_by().values("pk")
    open_now = under_way[: MOST + 1].count()
    late = tasks.late(now)
    return Figures(
        registered=_of(flows[Measure.REGISTERED]),
        completed=_of(flows[definition.COMPLETED]),
        terminated=_of(flows[definition.TERMINATED]),
        open=Figure(min(open_now, MOST), rules.stock(open_now, net, ends), open_now > MOST),
        late=Figure(len(late), _late_trend(late, by_day[Measure.LATE], ends), tasks.has_more_late(now)),
        oldest=_oldest(late),
        stretches=stretches,
    )


WAYS = (definition.COMPLETED, definition.TERMINATED)


def _of(flow: list[int]) -> Figure:
    return Figure(flow[-1], flow)


def _by_day(person: org.Person, since: date, site_id: int | None) -> dict[str, dict[date, int]]:
    """The tallies since a day: registered, each way of ending, late; by day."""
    measures = (Measure.REGISTERED, Measure.ENDED, Measure.LATE)
    tallies = places.here(models.Tally.objects.filter(measure__in=measures, on__gte=since), person, site_id)
    found: dict[str, dict[date, int]] = defaultdict(dict)
    grouped = tallies.order_by().values_list("measure", "what", "on").annotate(n=Sum("amount"))
    for measure, what, on, amount in grouped:
        found[what or measure][on] = amount
    return found


def _less(more: dict[date, int], less: Iterable[dict[date, int]]) -> dict[date, int]:
    found = defaultdict(int, more)
    for part in less:
        for day, amount in part.items():
            found[day] -= amount
    return found


def _late_trend(late: list[pressing.Row], ended_late: dict[date, int], ends: list[date]) -> list[int]:
    """How many tasks were overdue at the end of each day: of those that still are, and of those that ended since."""
    still = [pressing.due_before(late, midnight_after(end)) for end in ends]
    since = [sum(n for day, n in ended_late.items() if day > end) for end in ends]
    return [max(n - m, 0) for n, m in zip(still, since, strict=True)]


def _oldest(late: list[pressing.Row]) -> Oldest | None:
    if not late:
        return None
    task = procedures.Task.objects.only("subject_label", "subject_url").get(pk=late[0].pk)
    return Oldest(task.subject_label, task.subject_url)


def midnight_after(day: date) -> datetime:
    """When a day ends, where the reader is."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time(0)))


# Time per step --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StepTime:
    """A step of a procedure: how long it took lately and as told a week ago, and how many wait at it now.

    `is_ours` is false where the customer is waited for.
    """

    key: str
    title: str
    procedure: str
    is_ours: bool
    now: rules.Taken | None
    before: rules.Taken | None
    waiting: int


def steps(person: org.Person, now: datetime, site_id: int | None = None) -> list[StepTime]:
    """Time per step in the order of the procedures, but for steps at which nothing was finished and nothing waits."""
    monday = rules.monday_of(timezone.localtime(now).date())
    first = monday - rules.WEEK * STEP_WEEKS  # a week earlier than what is told now begins
    recent, older = Q(on__gt=first), Q(on__lt=monday)
    tallies = models.Tally.objects.filter(Q(measure=Measure.WORKED, on__gte=first) | Q(measure=Measure.WAITING))
    grouped = places.here(tallies, person, site_id).order_by().values_list("measure", "what", "bucket")
    times: dict[str, tuple[dict[int, definition.Sum], dict[int, definition.Sum]]] = defaultdict(lambda: ({}, {}))
    waiting: dict[str, int] = {}
    for measure, what, bucket, n, s, n_older, s_older, whole in grouped.annotate(
        n=Sum("amount", filter=recent),
        s=Sum("seconds", filter=recent),
        n_older=Sum("amount", filter=older),
        s_older=Sum("seconds", filter=older),
        whole=Sum("amount"),
    ):
        if measure == Measure.WAITING:
            waiting[what] = whole
            continue
        times[what][0][bucket] = definition.Sum(n or 0, s or 0)
        times[what][1][bucket] = definition.Sum(n_older or 0, s_older or 0)
    found = []
    for key, (procedure, step) in titles({*times, *waiting}).items():
        lately, earlier = times.get(key, ({}, {}))
        row = StepTime(
            key=key,
            title=words(step.title) if step else key,
            procedure=procedure,
            is_ours=not isinstance(step.work if step else None, shapes.Wait),
            now=rules.taken(lately),
            before=rules.taken(earlier),
            waiting=max(waiting.get(key, 0), 0),
        )
        if row.now or row.waiting:
            found.append(row)
    return found


def titles(keys: set[str]) -> dict[str, tuple[str, shapes.Step | None]]:
    """Procedure and step of each key in the order of the procedures in force; steps that they no longer have, last."""
    found: dict[str, tuple[str, shapes.Step | None]] = {}
    wanted = {key.partition("/")[0] for key in keys}
    for procedure in definitions.procedures().filter(key__in=wanted):
        if procedure.current is None:
            continue
        for step in walking.steps(definitions.definition_of(procedure.current)):
            key = counted.step_of(procedure.key, step.key)
            if key in keys:
                found[key] = (procedure.name, step)
    return {**found, **dict.fromkeys(sorted(keys - set(found)), ("", None))}


def words(text: texts.Text) -> str:
    """A text of a procedure in the reader's language."""
    return procedures.words(text.zh, text.en)


def step_words() -> list[tuple[str, str]]:
    """Every step of the procedures in force, as tallies name it, with its title."""
    return [
        (counted.step_of(procedure.key, step.key), words(step.title))
        for procedure in definitions.procedures()
        if procedure.current is not None
        for step in walking.steps(definitions.definition_of(procedure.current))
    ]
