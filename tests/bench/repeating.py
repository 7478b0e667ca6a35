"""What it costs to look whether an item was asked before, at the size of the loaded database.

    python -m tests.bench.run <sqlite | postgres://user@host/name> repeating <size> [how many]

All items count as looked at; then the latest ones are looked at again, as the clock's visits would.
"""

import statistics
import time
from itertools import islice

from django.utils import timezone

from yinuo.cases import models as cases
from yinuo.reports import models
from yinuo.reports.actions import repeating
from yinuo.reports.queries import repeats
from yinuo.search import jobs as search_jobs
from yinuo.search import queries as search
from yinuo.search.engine import meaning

BLOCK = 2_000


def main(size: str, number: str = "200") -> None:
    if search.is_sample_old():
        search_jobs.sample(timezone.now())
    _looked_at()
    again = list(cases.Item.objects.order_by("-pk").values_list("pk", flat=True)[: int(number)])
    models.Asking.objects.filter(pk__in=again).update(wording=0)
    seeking, whole = [], []
    for item in repeats.items(again):
        begun = time.perf_counter()
        repeats.near(item)
        found = time.perf_counter()
        repeating.look_at(item=item)
        seeking.append(found - begun)
        whole.append(time.perf_counter() - found)
    begun = time.perf_counter()
    repeats.waiting(repeating.BATCH)
    waiting = time.perf_counter() - begun
    for what, times in (("seeking and comparing", seeking), ("the whole look", whole)):
        middle, late = statistics.median(times) * 1000, statistics.quantiles(times, n=20)[-1] * 1000
        print(f"{size} cases, {what}: median {middle:.0f} ms, 95 % {late:.0f} ms of {len(times)} items")
    print(f"{size} cases, what waits: {waiting * 1000:.0f} ms; groups: {models.Repeat.objects.count()}")


def _looked_at() -> None:
    """Every item has its row, in no group yet."""
    rows = cases.Item.objects.filter(asking=None).order_by("pk").values_list("pk", "case_id", "text", "wording_number")
    found = rows.iterator(chunk_size=BLOCK)
    while block := list(islice(found, BLOCK)):
        models.Asking.objects.bulk_create(
            models.Asking(item_id=pk, case_id=case, wording=wording, topics=sorted(meaning.understand(text).topics))
            for pk, case, text, wording in block
        )
