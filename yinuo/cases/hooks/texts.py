"""What requests and their items say in words, for whoever looks for what is no longer so."""

from django.db.models import QuerySet

from yinuo.cases import models
from yinuo.cases.queries import cases as case_queries
from yinuo.kit import plugs, subjects
from yinuo.kit.texts import Text
from yinuo.org import models as org


def cases() -> QuerySet[models.Case]:
    """Requests that are going on."""
    return models.Case.objects.filter(ended_at=None)


def items() -> QuerySet[models.Item]:
    """Items that stand, of requests that are going on."""
    return models.Item.objects.filter(case__ended_at=None, withdrawn_at=None, moved_to=None)


def items_seen(person: org.Person) -> QuerySet[models.Item]:
    return models.Item.objects.filter(case__in=case_queries.cases(person).values("pk"))


def of_cases(ids: list[int]) -> list[Text]:
    """The matter of a request, and what was asked in all."""
    return [
        Text(
            id=row.pk, words=f"{row.title}\n{row.text}", label=f"{row.number} {row.title}", url=row.get_absolute_url(),
            about=subjects.ref(row), customer_id=row.customer_id,
        )
        for row in cases().filter(pk__in=ids)
    ]  # fmt: skip


def of_items(ids: list[int]) -> list[Text]:
    """The wording of an item in force; a talk on it is about its request."""
    return [
        Text(
            id=row.pk, words=row.text, label=f"{row.subject_label} {row.case.title}", url=row.get_absolute_url(),
            about=subjects.ref(row.case), customer_id=row.case.customer_id,
        )
        for row in items().filter(pk__in=ids).select_related("case")
    ]  # fmt: skip


plugs.texts.plug("cases.case", of_cases, zh="要求受理", en="Cases", rows=cases, seen=case_queries.cases)
plugs.texts.plug("cases.item", of_items, zh="要求项", en="Items of cases", rows=items, seen=items_seen)
