"""Similar cases and lessons, as far as a person may see them."""

from collections.abc import Collection, Sequence

from django.db.models import Q, QuerySet

from yinuo.cases import models
from yinuo.customers import models as customers
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.search import queries as search
from yinuo.search import rules as search_rules


def similar_cases(person: org.Person, text: str, *, except_id: int = 0, limit: int = 5) -> list[search_rules.Similar]:
    """Past cases that resemble the text, as far as the person may see them, the most similar first."""
    if len(text.strip()) < 2:
        return []
    found = search.similar(text, models.Case.subject_type, person, limit + 1)
    return [each for each in found if each.id != except_id][:limit]


def lessons(person: org.Person) -> QuerySet[models.Lesson]:
    """Lessons the person may see, void ones too."""
    return person.visible(models.Lesson.objects.select_related("case", "written_by"), Permission.CASES_SEE)


def lessons_fitting(
    person: org.Person, text: str, *, kinds: Collection[str] = (), families: Collection[str] = (), limit: int = 5
) -> list[models.Lesson]:
    """Lessons to be proposed: those whose words resemble the text, then those of the same kind and product family."""
    like = [each.id for each in search.similar(text, models.Lesson.subject_type, person, limit)] if text.strip() else []
    rows = lessons(person).filter(voided_at=None)
    by_id = rows.in_bulk(like)
    found = [by_id[pk] for pk in like if pk in by_id]
    if len(found) < limit and kinds and families:
        fitting = rows.filter(Q(kind__in=kinds) | Q(kind=""), family__in=families).exclude(pk__in=like).order_by("-pk")
        found += list(fitting[: limit - len(found)])
    return found


def families_of(products: Sequence[customers.Product]) -> list[str]:
    """The product families of some products."""
    return sorted({product.family for product in products if product.family})
