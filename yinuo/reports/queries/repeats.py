"""What is asked again and again: what to look at, what resembles an item, and what a person may see of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, JSONField, Max, Min, OuterRef, Q, QuerySet, Subquery

from yinuo.cases import models as cases
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.reports import models
from yinuo.reports.engine import grouping
from yinuo.search import queries as search
from yinuo.search.engine import meaning

STANDING = Q(withdrawn_at=None, moved_to=None)
LATEST = 40  # members of a group whose words say what it is about
TITLE = 300

# What to look at ------------------------------------------------------------------------------------------------------


def waiting(most: int) -> list[int]:
    """Items to look at: those told to, items of open requests that changed, then what was never looked at."""
    found = list(models.Asking.objects.filter(wording=0).order_by("pk").values_list("pk", flat=True)[:most])
    last = models.Asking.objects.aggregate(last=Max("pk"))["last"] or 0
    items = cases.Item.objects.order_by("pk")
    of_open = items.filter(case__ended_at=None, pk__lte=last)
    differs = Q(asking=None) | ~Q(asking__wording=F("wording_number"))
    is_gone = ~STANDING & Q(asking__repeat__isnull=False)
    for rows in (of_open.filter(differs | is_gone), items.filter(pk__gt=last)):
        if len(found) < most:
            found += rows.exclude(pk__in=found).values_list("pk", flat=True)[: most - len(found)]
    return found


def items(ids: Iterable[int]) -> list[cases.Item]:
    """The items with their requests and customers, in the order in which they came."""
    rows = cases.Item.objects.filter(pk__in=list(ids)).select_related("case__customer").order_by("pk")
    return list(rows)


def said(text: str, title: str, names: Iterable[str], position: int = 1) -> str:
    """What an item asks: its wording without the customer's names. The first one of a request takes the title along if
    it names no topic itself; the title may speak of that one alone."""
    for name in names:
        if len(name) > 1:
            text, title = text.replace(name, " "), title.replace(name, " ")
    return text if position > 1 or meaning.understand(text).topics else f"{title}\n{text}"


def said_by(item: cases.Item) -> str:
    """The same of a row."""
    customer = item.case.customer
    return said(item.text, item.case.title, (customer.name_zh, customer.name_en), item.position)


def near(item: cases.Item) -> list[grouping.Near]:
    """Items of other requests of the same circle that may ask the same, each with how much it resembles this one."""
    text, case = said_by(item), item.case
    found = search.resembling(text, case.subject_type, case.scope_id)
    rows = models.Asking.objects.filter(case__in=found, case__scope=case.scope_id, item__withdrawn_at=None)
    rows = rows.filter(item__moved_to=None).exclude(case=case.pk)
    columns = ("pk", "repeat_id", "item__text", "case__title", "item__position", "case__customer__name_zh")
    others = [
        (pk, repeat_id, meaning.understand(said(words, title, names, position)))
        for pk, repeat_id, words, title, position, *names in rows.values_list(*columns, "case__customer__name_en")
    ]
    mine = meaning.understand(text)
    weights = search.rarity({*mine.words}.union(*(other.words for _pk, _repeat, other in others)))
    return [
        grouping.Near(pk, repeat_id, meaning.compare(mine, other, lambda word: weights.get(word, 1.0)))
        for pk, repeat_id, other in others
    ]


# What a group is ------------------------------------------------------------------------------------------------------


def figures_of(repeat_id: int) -> dict[str, Any]:
    """What its members say of a group: how often, by how many, since when; what they are about."""
    members = models.Asking.objects.filter(repeat=repeat_id).order_by()
    found = members.aggregate(
        times=Count("case", distinct=True), customers=Count("case__customer", distinct=True),
        first_at=Min("case__registered_at"), last_at=Max("case__registered_at"),
    )  # fmt: skip
    latest = list(members.order_by("-pk").values_list("topics", "percent")[:LATEST])
    first = members.order_by("pk").values_list("item__text", flat=True).first()
    found["topics"] = grouping.shared([topics for topics, _percent in latest])
    found["percent"] = round(sum(percent for _topics, percent in latest) / len(latest)) if latest else 0
    return found | ({"title": " ".join(first.split())[:TITLE]} if first else {})


# What a person sees ---------------------------------------------------------------------------------------------------


def seen_cases(person: org.Person, permission: str) -> QuerySet[cases.Case]:
    """The requests that the person may see."""
    return person.visible(cases.Case.objects.order_by(), permission)


def repeats(person: org.Person) -> QuerySet[models.Repeat]:
    """Groups of two requests and more that the person may see, with what they may know of each: `n_times`,
    `n_customers`, `n_first`, `n_last`, `n_title`, `n_topics`. Whoever sees all sites reads what is kept with the group.
    """
    permission = Permission.REPORTS_SEE
    rows = person.visible(models.Repeat.objects.filter(times__gt=1), permission)
    if person.rights.sites_for(permission) is None:
        return rows.annotate(
            n_times=F("times"), n_customers=F("customers"), n_first=F("first_at"), n_last=F("last_at"),
            n_title=F("title"), n_topics=F("topics"),
        )  # fmt: skip
    theirs = models.Asking.objects.filter(repeat=OuterRef("pk"), case__in=seen_cases(person, permission)).order_by()

    def of_all(**figure: Any) -> Subquery:
        return Subquery(theirs.values("repeat").annotate(**figure).values(next(iter(figure))))

    first = theirs.order_by("pk")
    rows = rows.annotate(
        n_times=of_all(n=Count("case", distinct=True)),
        n_customers=of_all(n=Count("case__customer", distinct=True)),
        n_first=of_all(n=Min("case__registered_at")),
        n_last=of_all(n=Max("case__registered_at")),
        n_title=Subquery(first.values("item__text")[:1]),
        n_topics=Subquery(first.values("topics")[:1], output_field=JSONField()),
    )
    return rows.filter(n_times__gt=1)


def members(person: org.Person, repeat_id: int, permission: str = Permission.REPORTS_SEE) -> QuerySet[models.Asking]:
    """The members of a group that the person may see, the latest first."""
    rows = models.Asking.objects.filter(repeat=repeat_id, case__in=seen_cases(person, permission))
    return rows.select_related("item", "case__customer", "case__owner").order_by("-case__registered_at", "-pk")


@dataclass(frozen=True)
class Before:
    """An item that was asked before: its group and the requests that asked it, the latest first."""

    item: cases.Item
    repeat_id: int
    others: Sequence[models.Asking]
    times: int


SHOWN = 5


def asked_before(person: org.Person, case: cases.Case) -> list[Before]:
    """Which items of a request others asked too, as far as the person may see them."""
    mine = list(
        models.Asking.objects.filter(case=case.pk, repeat__isnull=False)
        .select_related("item")
        .order_by("item__position")
    )
    if not mine:
        return []
    seen = seen_cases(person, Permission.CASES_SEE)
    rows = models.Asking.objects.filter(repeat__in=[each.repeat_id for each in mine], case__in=seen)
    rows = rows.exclude(case=case.pk).select_related("item", "case__customer")
    by_group: dict[int, list[models.Asking]] = {}
    for row in rows.order_by("-case__registered_at", "-pk")[: 100 * SHOWN]:
        by_group.setdefault(row.repeat_id, []).append(row)  # type: ignore[arg-type]
    return [
        Before(each.item, each.repeat_id, by_group[each.repeat_id][:SHOWN], len(by_group[each.repeat_id]))
        for each in mine
        if each.repeat_id is not None and each.repeat_id in by_group
    ]


def was_asked_before(person: org.Person, case_id: int) -> bool:
    """Whether there is anything to show."""
    groups = models.Asking.objects.filter(case=case_id, repeat__isnull=False).values("repeat")
    seen = seen_cases(person, Permission.CASES_SEE)
    return models.Asking.objects.filter(repeat__in=groups, case__in=seen).exclude(case=case_id).exists()


def within(first: datetime | None, until: datetime | None) -> Q:
    """Members whose request was registered in a span."""
    found = Q(case__registered_at__gte=first) if first else Q()
    return found & (Q(case__registered_at__lt=until) if until else Q())


def most_alike(case: cases.Case, repeat: models.Repeat) -> models.Asking | None:
    """The item of a request that resembles a group most; None when none of its items counts."""
    standing = list(
        cases.Item.objects.filter(STANDING, case=case).select_related("case__customer").order_by("position")
    )
    if not standing:
        return None
    group = meaning.understand(repeat.title)
    best = max(standing, key=lambda item: meaning.compare(meaning.understand(said_by(item)), group).percent)
    return models.Asking.objects.select_related("case", "item").filter(pk=best.pk).first()
