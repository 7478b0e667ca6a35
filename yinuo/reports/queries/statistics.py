"""The statistics of a span of months: from tallies alone, a statement for a cut and one for its names."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from yinuo.cases import models as cases
from yinuo.customers import models as customers
from yinuo.org import models as org
from yinuo.reports import definition, rules
from yinuo.reports.definition import (
    HELD,
    ITEMS,
    LATE,
    ON_TIME,
    REGISTERED,
    REOPENED,
    TOOK,
    Measure,
    Result,
    Standing,
    Sum,
)
from yinuo.reports.queries import spread

CUSTOMER, DEPARTMENT, KIND, MONTH = "customer", "department", "kind", "month"
CUTS = {
    CUSTOMER: (Measure.BY_CUSTOMER, "customer_id"),
    DEPARTMENT: (Measure.BY_DEPARTMENT, "department_id"),
    KIND: (Measure.BY_KIND, "kind"),
    MONTH: (Measure.BY_KIND, ""),
}
ENDED, TIMELY = "ended", "timely"

NOTHING = Sum(0)


@dataclass
class Line:
    """One row of the statistics: what came in the span, and what ended in it."""

    key: str
    name: str = ""
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    buckets: dict[int, Sum] = field(default_factory=dict)
    held: Sum = NOTHING

    def take(self, figure: str, bucket: int, more: Sum) -> None:
        """Add a sum of the tallies."""
        if figure == TOOK:
            was = self.buckets.get(bucket, NOTHING)
            self.buckets[bucket] = Sum(was.amount + more.amount, was.seconds + more.seconds)
        elif figure == HELD:
            self.held = Sum(self.held.amount + more.amount, self.held.seconds + more.seconds)
        else:
            self.counts[figure] += more.amount

    @property
    def registered(self) -> int:
        return sum(self.counts[each] for each in Standing)

    @property
    def ended(self) -> int:
        return sum(self.counts[each] for each in Result)

    @property
    def items(self) -> int:
        return self.counts[ITEMS]

    @property
    def answered(self) -> int:
        return sum(self.counts[each] for each in definition.ANSWERED)

    def quantile(self, share: float) -> float | None:
        """The handling time that so large a share did not exceed, in working seconds."""
        amounts = {bucket: each.amount for bucket, each in self.buckets.items()}
        return rules.quantile(amounts, share) if any(amounts.values()) else None

    @property
    def on_time_share(self) -> float | None:
        whole = self.counts[ON_TIME] + self.counts[LATE]
        return self.counts[ON_TIME] / whole if whole else None


@dataclass(frozen=True)
class Statistics:
    """The lines of a cut, the one with most requests first (months in their order), and all of them together."""

    lines: list[Line]
    total: Line


def statistics(person: org.Person, cut: str, first: date, last: date, site_id: int | None = None) -> Statistics:
    """What came and ended from a day to a day, by one cut."""
    measure, _column = CUTS[cut]
    lines: dict[str, Line] = {}
    total = Line("")
    for on, what, bucket, more in spread.sums(person, measure, first, last, site_id, by_month=cut == MONTH):
        figure, _slash, member = what.partition("/")
        member = f"{on:%Y-%m}" if cut == MONTH else member
        line = lines.get(member) or lines.setdefault(member, Line(member))
        for each in (line, total):
            each.take(figure, bucket, more)
    return Statistics(_named(cut, lines, first, last), total)


def _named(cut: str, lines: dict[str, Line], first: date, last: date) -> list[Line]:
    if cut == MONTH:
        keys = [f"{month:%Y-%m}" for month in rules.months_of(first.replace(day=1), last.replace(day=1))]
        return [lines.get(key) or Line(key) for key in keys]
    named = names(cut, lines)
    for key, line in lines.items():
        line.name = named.get(key, "")
    shown = [line for line in lines.values() if line.registered or line.ended]
    return sorted(shown, key=lambda line: (-line.registered, -line.ended, line.name, line.key))


def names(cut: str, lines: Mapping[str, Any]) -> dict[str, str]:
    """What the members of a cut are called."""
    if cut == KIND:
        return {key: str(words) for key, words in cases.Kind.choices}
    rows: QuerySet[Any] = customers.Customer.objects if cut == CUSTOMER else org.Department.objects  # type: ignore[assignment]
    wanted = [int(key) for key in lines if key]
    return {str(row.pk): row.name for row in rows.filter(pk__in=wanted).only("name_zh", "name_en")}


# The rows behind ------------------------------------------------------------------------------------------------------

FIGURES: dict[str, tuple[str, Q]] = {  # which month counts, and which requests
    REGISTERED: ("month", Q()),
    **{each.value: ("month", Q(account__standing=each.value)) for each in Standing},
    ENDED: ("ended_month", Q()),
    **{each.value: ("ended_month", Q(account__result=each.value)) for each in Result},
    TOOK: ("ended_month", Q(account__result__in=definition.ANSWERED)),
    HELD: ("ended_month", Q(account__result__in=definition.ANSWERED, account__held_seconds__gt=0)),
    ON_TIME: ("ended_month", Q(account__timely=ON_TIME)),
    TIMELY: ("ended_month", ~Q(account__timely="")),
    LATE: ("ended_month", Q(account__timely=LATE)),
    REOPENED: ("month", Q(account__reopened__gt=0)),
}


def behind(figure: str) -> Q:
    """The requests that a figure counts."""
    column, found = FIGURES.get(figure, FIGURES[REGISTERED])
    return found & Q(**{f"account__{column}__isnull": False})


MOMENTS = {"month": "registered_at", "ended_month": "ended_at"}


def within(figure: str, first: date | None, last: date | None, prefix: str = "") -> Q:
    """Requests whose day lies in a span: the one on which they came, or ended, whichever the figure goes by."""
    column, _which = FIGURES.get(figure, FIGURES[REGISTERED])
    found = spread.since(column, MOMENTS[column], first, prefix) if first else Q()
    return found & (spread.until(column, MOMENTS[column], last, prefix) if last else Q())
