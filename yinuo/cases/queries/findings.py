"""What was reported by anybody, and who sorts it."""

from collections.abc import Sequence
from functools import cache

from django.db.models import Exists, OuterRef, Q, QuerySet

from yinuo.cases import access, models
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import lessons as lesson_queries
from yinuo.customers import models as customers
from yinuo.customers import queries as customers_queries
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org.definition import Permission

OPEN = Permission.CASES_OPEN
WAITING_COUNTED = 100
SIMILAR_SOUGHT = 20


def findings(person: org.Person) -> QuerySet[models.Finding]:
    """What was reported, as far as the person may see it; their own always."""
    own = models.Finding.objects.filter(reported_by=person.pk)
    return person.visible(models.Finding.objects.all(), Permission.CASES_SEE) | own


def finding(person: org.Person, pk: int) -> models.Finding:
    """The finding, if the person may see it; else `Finding.DoesNotExist`."""
    shown = ("customer", "reported_by", "decided_by", "case", "site", "scope")
    return findings(person).select_related(*shown).get(pk=pk)


def findings_to_sort(person: org.Person) -> QuerySet[models.Finding]:
    """What waits to be sorted and the person may sort, the oldest first."""
    waiting = models.Finding.objects.filter(state=models.Finding.State.WAITING)
    rows = person.visible(waiting, OPEN).select_related("customer", "reported_by")
    return rows.order_by("reported_at", "pk")


def mine_to_sort(person: org.Person, waiting: Sequence[models.Finding]) -> set[int]:
    """Those that wait for this very person: of customers whose window they are; without one, for every window."""
    if not waiting:
        return set()
    windows = customers_queries.windows({each.customer for each in waiting if each.customer})
    people = {each.pk: windows[each.customer_id].people if each.customer_id else [] for each in waiting}
    is_at_large = any(not of for of in people.values()) and any(each.pk == person.pk for each in _windows())
    return {pk for pk, of in people.items() if (person in of if of else is_at_large)}


def waiting_to_sort(person: org.Person) -> int:
    """How many findings wait for the person, for the menu."""
    return len(mine_to_sort(person, list(findings_to_sort(person)[:WAITING_COUNTED])))


def sorters(waiting: Sequence[models.Finding]) -> dict[int, list[org.Person]]:
    """Who sorts each finding: the window to its customer, else every window, else whoever steers cases."""
    windows = customers_queries.windows({each.customer for each in waiting if each.customer})
    all_windows, steerers = cache(_windows), cache(_steerers)  # asked for once at most, and only where needed
    found: dict[int, list[org.Person]] = {}
    for each in waiting:
        named = windows[each.customer_id].people if each.customer_id else []
        found[each.pk] = _able(named, each) or _able(all_windows(), each) or _able(steerers(), each)
    return found


def _able(people: Sequence[org.Person], finding: models.Finding) -> list[org.Person]:
    return [person for person in people if access.may_sort(person, finding)]


def _windows() -> list[org.Person]:
    """Everybody who is the window to a customer, or its deputy."""
    used = customers.Customer.objects.filter(Q(window=OuterRef("pk")) | Q(window_deputy=OuterRef("pk")), is_active=True)
    return list(org_queries.people().filter(Exists(used)))


def _steerers() -> list[org.Person]:
    return [person for person in org_queries.people() if person.may(Permission.CASES_STEER)]


def open_cases_like(person: org.Person, finding: models.Finding, limit: int = 3) -> list[tuple[models.Case, int]]:
    """Open cases that resemble a finding, with the likeness in per cent; those of its customer first."""
    alike = {
        each.id: each.percent
        for each in lesson_queries.similar_cases(person, finding.text[:5000], limit=SIMILAR_SOUGHT)
    }
    rows = case_queries.cases(person).filter(pk__in=alike, ended_at=None).select_related("customer")
    order = sorted(rows, key=lambda case: (case.customer_id != finding.customer_id, -alike[case.pk]))
    return [(case, alike[case.pk]) for case in order[:limit]]


def findings_of(it: models.Case) -> QuerySet[models.Finding]:
    """The findings that led to the case, or were joined to it or to one that was merged into it."""
    found = models.Finding.objects.filter(Q(case=it) | Q(case__merged_into=it, scope=it.scope_id))
    return found.select_related("reported_by", "customer").order_by("reported_at")
