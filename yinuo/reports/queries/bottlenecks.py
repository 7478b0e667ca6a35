"""Time per step over a span, from the tallies of finished tasks."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum as SumOf

from yinuo.org import models as org
from yinuo.procedures.definition import shapes
from yinuo.reports import models, rules
from yinuo.reports.definition import Measure, Sum
from yinuo.reports.queries import figures, places


@dataclass(frozen=True)
class Step:
    """A step with how often it was passed in a span, how long half and nine in ten took, and all of it together.

    Times are working seconds. `is_ours` is false where the customer is waited for.
    """

    key: str
    title: str
    procedure_key: str
    procedure: str
    is_ours: bool
    count: int
    median: float
    ninety: float
    seconds: int


def steps(person: org.Person, first: date, last: date, site_id: int | None = None) -> list[Step]:
    """The steps passed in the weeks that begin between two days, the one that took most time first."""
    tallies = models.Tally.objects.filter(measure=Measure.WORKED, on__gte=first, on__lte=last)
    grouped = places.here(tallies, person, site_id).order_by().values_list("what", "bucket")
    sums: dict[str, dict[int, Sum]] = defaultdict(dict)
    for what, bucket, amount, seconds in grouped.annotate(n=SumOf("amount"), s=SumOf("seconds")):
        sums[what][bucket] = Sum(amount, seconds)
    found = []
    for key, (procedure, step) in figures.titles(set(sums)).items():
        amounts = {bucket: each.amount for bucket, each in sums[key].items()}
        if (count := sum(amounts.values())) <= 0:
            continue
        found.append(
            Step(
                key=key,
                title=figures.words(step.title) if step else key,
                procedure_key=key.partition("/")[0],
                procedure=procedure,
                is_ours=not isinstance(step.work if step else None, shapes.Wait),
                count=count,
                median=rules.quantile(amounts, 0.5),
                ninety=rules.quantile(amounts, 0.9),
                seconds=sum(each.seconds for each in sums[key].values()),
            )
        )
    return sorted(found, key=lambda each: (-each.seconds, each.key))
