"""Who has to do with a case."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q, QuerySet

from yinuo.cases import models
from yinuo.customers import queries as customers_queries
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures import models as procedures


def people_of(it: models.Case) -> list[tuple[org.Person, set[str]]]:
    """Who has to do with the case and as what: owner, window, reporter, item (owner), plan, worked."""
    parts: dict[int, set[str]] = defaultdict(set)

    def note(part: str, *ids: int | None) -> None:
        for pk in ids:
            if pk:
                parts[pk].add(part)

    note("owner", it.owner_id)
    note("window", *(person.pk for person in customers_queries.window(it.customer).people))
    note("reporter", it.registered_by_id)
    note("item", *models.Item.objects.filter(case=it).values_list("owner_id", flat=True))
    note("plan", *models.Measure.objects.filter(case=it).values_list("person_id", flat=True))
    tasks = procedures.Task.objects.filter(subject_type=it.subject_type, subject_id=it.pk)
    for holder, closed_by in tasks.values_list("holder_id", "closed_by_id").distinct():
        note("worked", holder, closed_by)
    people = org.Person.objects.in_bulk(list(parts))
    return [(people[pk], parts[pk]) for pk in parts if pk in people]


def people_words(ids: Sequence[int]) -> dict[int, str]:
    """People's names with their numbers."""
    if not ids:
        return {}
    return {person.pk: person.actor_name for person in org.Person.objects.filter(pk__in=ids)}


def people_like(text: str) -> QuerySet[org.Person]:
    """Colleagues whose name, Latin name or employee number contains the text; all with an empty one."""
    people = org_queries.people()
    if not text:
        return people
    return people.filter(Q(name__icontains=text) | Q(name_latin__icontains=text) | Q(employee_number__istartswith=text))
