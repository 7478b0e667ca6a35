"""What of cases the index holds: all of it for those that have moved on, what is in hand for one just registered."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F

from yinuo.cases import models
from yinuo.cases.queries import files as file_queries
from yinuo.cases.queries import joining as joining_queries
from yinuo.cases.queries import own_fields as own_queries
from yinuo.customers import models as customers
from yinuo.search.rules import Document

CASE_COLUMNS = (
    "number", "title", "text", "said_by", "remark", "more", "scope_id", "site_id", "registered_at", "customer__name_zh",
    "customer__name_en", "project__number", "project__name_zh", "taken_over__number", "taken_over__rest",
)  # fmt: skip
ITEM_WORDS = ("text", "analysis", "condition", "alternative", "result", "verification")


def of_cases(ids: Iterable[int]) -> list[Document]:
    """Cases with what was asked in every wording, judged, planned, verified and said to it; customer and products; the
    numbers of those that were merged into them."""
    wanted = list(ids)
    rows = models.Case.objects.filter(pk__in=wanted).prefetch_related("products")
    rows = rows.select_related("customer", "project", "taken_over")
    words_in, merged = _words_in(wanted), joining_queries.numbers_merged_into(wanted)
    file_names = file_queries.names_in(wanted)
    return [
        _document(
            case, [*words_in[case.pk], *_of_ledger(case)], [*file_names[case.pk]], [*merged[case.pk]],
            case.products.all(),
        )
        for case in rows.only(*CASE_COLUMNS)
    ]  # fmt: skip


def _of_ledger(case: models.Case) -> list[str]:
    """The number under which a case stood in a ledger before, and what else stood there."""
    return _left_of(getattr(case, "taken_over", None))


def _left_of(old: models.TakenOver | None) -> list[str]:
    return [old.number, *(value for _heading, value in old.rest)] if old else []


def of_new(
    case: models.Case, items: Sequence[models.Item], products: Iterable[customers.Product],
    old: models.TakenOver | None = None,
) -> Document:  # fmt: skip
    """A case just registered, with its items (and what it was in a ledger): nothing else can have come to it yet."""
    words = []
    for item in items:
        words += [*(getattr(item, name) for name in ITEM_WORDS), *own_queries.words_in(item.more)]
    return _document(case, [*words, *_left_of(old)], [], [], products)


def _document(
    case: models.Case, words_in: list[str], file_names: list[str], merged: list[str],
    products: Iterable[customers.Product],
) -> Document:  # fmt: skip
    words: list[Any] = [case.text, case.customer.name_zh, case.customer.name_en, case.said_by, case.remark]
    words += [*words_in, *file_names, *own_queries.words_in(case.more), *merged]
    words += [f"{product.number} {product.name_zh}" for product in products]
    words.append(f"{case.project.number} {case.project.name_zh}" if case.project else "")
    return Document(
        type=case.subject_type,
        id=case.pk,
        title=case.title,
        label=case.number,
        text="\n".join(filter(None, words)),
        url=case.get_absolute_url(),
        scope_id=case.scope_id,
        site_id=case.site_id,
        at=case.registered_at,
    )


def _words_in(case_ids: list[int]) -> dict[int, list[str]]:
    """All words that stand in the items, earlier wordings, plan and feedback of cases."""
    found: dict[int, list[str]] = defaultdict(list)
    items = models.Item.objects.filter(case__in=case_ids)
    for case_id, more, *texts in items.values_list("case_id", "more", *ITEM_WORDS):
        found[case_id] += [*texts, *own_queries.words_in(more)]
    earlier = models.Wording.objects.filter(item__case__in=case_ids, number__lt=F("item__wording_number")).order_by()
    actions = models.Measure.objects.filter(case__in=case_ids).order_by()
    feedback = models.Feedback.objects.filter(case__in=case_ids).order_by()
    further = earlier.values_list("item__case_id", "text").union(
        actions.values_list("case_id", "what"),
        actions.values_list("case_id", "remark"),
        feedback.values_list("case_id", "words"),
        all=True,
    )
    for case_id, text in further:
        found[case_id].append(text)
    return found
