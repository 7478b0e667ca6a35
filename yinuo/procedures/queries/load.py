"""How much lies on people's desks."""

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import Count, Q

from yinuo.org import queries as org_queries
from yinuo.procedures import models


def open_tasks(people: Collection[int], on: date, *, except_for: Q | None = None) -> Counter[int]:
    """How many live tasks each of the people has: held, or waiting at a post that is theirs alone on a day.

    Three queries. `except_for` leaves some tasks out.
    """
    live = models.Task.objects.filter(closed_at=None, kind__in=models.Task.PEOPLE_KINDS).order_by()
    if except_for is not None:
        live = live.exclude(except_for)
    held = live.filter(holder__in=people).values_list("holder_id").annotate(n=Count("pk"))
    found = Counter(dict(held))
    holders: dict[int, set[int]] = defaultdict(set)
    theirs = org_queries.holdings_on(on).filter(person__in=people).values("post_id")
    for post, person in org_queries.holdings_on(on).filter(post__in=theirs).values_list("post_id", "person_id"):
        holders[post].add(person)
    alone = {post: next(iter(whose)) for post, whose in holders.items() if len(whose) == 1}
    waiting = live.filter(holder=None, post__in=alone).values_list("post_id").annotate(n=Count("pk"))
    for post, count in waiting:
        found[alone[post]] += count
    return found
