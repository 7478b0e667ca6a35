"""Problem areas: where requests pile up, are late, refused or taken up again; from the tallies of the statistics."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import get_language

from yinuo.customers import models as customers
from yinuo.org import models as org
from yinuo.reports import rules
from yinuo.reports.definition import LATE, REGISTERED, REOPENED, Measure, Result, Standing
from yinuo.reports.queries import deadlines, spread, statistics
from yinuo.search.engine import glossary

TOPIC, PRODUCT = "topic", "product"
CUTS = {
    TOPIC: Measure.BY_TOPIC,
    statistics.KIND: Measure.BY_KIND,
    PRODUCT: Measure.BY_PRODUCT,
    statistics.CUSTOMER: Measure.BY_CUSTOMER,
    statistics.DEPARTMENT: Measure.BY_DEPARTMENT,
}
OF_FIGURE: dict[str, str] = {
    **{str(each): REGISTERED for each in Standing},
    LATE: LATE,
    Result.REFUSED: Result.REFUSED,
    REOPENED: REOPENED,
}
"""Which figure of the tallies counts for which of an area."""


@dataclass
class Area:
    """A topic, nature, product, customer or department with what happened there in the span, and in the one before."""

    key: str
    name: str = ""
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    before: int = 0

    @property
    def points(self) -> int:
        return rules.points(self.counts)


@dataclass(frozen=True)
class Areas:
    """All areas of a cut, the worst first, and the points of all of them together."""

    rows: list[Area]
    points: int


def areas(person: org.Person, cut: str, first: date, last: date, site_id: int | None = None) -> Areas:
    """What happened from a day to a day; a request of two topics counts for both."""
    found: dict[str, Area] = {}
    for figure, key, amount in _sums(person, cut, first, last, site_id):
        found.setdefault(key, Area(key)).counts[figure] += amount
    earlier = _sums(person, cut, *_before(first, last), site_id)
    for figure, key, amount in earlier:
        if figure == REGISTERED and key in found:
            found[key].before += amount
    names = _names(cut, found)
    for area in found.values():
        area.name = names.get(area.key, "")
    shown = [area for area in found.values() if area.points > 0]
    shown.sort(key=lambda area: (-area.points, -area.counts[REGISTERED], area.name, area.key))
    return Areas(shown, sum(area.points for area in shown))


def _before(first: date, last: date) -> tuple[date, date]:
    """The span before, just as long: in months, else in days."""
    if first.day == 1 and last == deadlines.end_of_month(last.replace(day=1)):
        return rules.months_back(first, len(rules.months_of(first, last.replace(day=1)))), first - timedelta(days=1)
    return first - (last - first) - timedelta(days=1), first - timedelta(days=1)


def _sums(person: org.Person, cut: str, first: date, last: date, site_id: int | None) -> Iterable[tuple[str, str, int]]:
    """Figure, whose, and how many in the span."""
    for _on, what, _bucket, more in spread.sums(person, CUTS[cut], first, last, site_id):
        told, _slash, key = what.partition("/")
        if told in OF_FIGURE:
            yield OF_FIGURE[told], key, more.amount


def _names(cut: str, found: Iterable[str]) -> dict[str, str]:
    if cut == TOPIC:
        return {key: glossary.name_of(key, get_language() or "") for key in found}
    if cut == PRODUCT:
        rows: Any = customers.Product.objects.filter(pk__in=[int(key) for key in found if key])
        return {str(row.pk): row.subject_label for row in rows}
    return statistics.names(cut, dict.fromkeys(found))
