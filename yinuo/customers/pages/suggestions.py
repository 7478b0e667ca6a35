"""What searchable selects ask while somebody types: JSON lists of (value, text), only what the person may see."""

from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.utils import timezone

from yinuo.customers import models, queries
from yinuo.kit import pages
from yinuo.org.definition import Permission

LIMIT = 20


def _answer(pairs: list[tuple[int, str]]) -> HttpResponse:
    return JsonResponse([{"value": str(pk), "text": text} for pk, text in pairs], safe=False)


def _asked(request: pages.Request) -> str:
    return request.GET.get("q", "").strip()[:100]


def _labelled(rows: "QuerySet[models.Customer] | QuerySet[models.Project]") -> HttpResponse:
    return _answer([(row.pk, row.subject_label) for row in rows[:LIMIT]])


@pages.page(Permission.CUSTOMERS_SEE)
def customer_suggestions(request: pages.Request) -> HttpResponse:
    """Customers one of whose names (aliases too) contains `q`."""
    rows = queries.matching(request.user, _asked(request)).filter(is_active=True)
    return _labelled(rows.order_by("path"))


@pages.page(Permission.CUSTOMERS_SEE)
def product_suggestions(request: pages.Request) -> HttpResponse:
    """Products whose number, name or vehicle, or whose number at a customer, contains `q`; with these numbers."""
    person = request.user
    rows = queries.matching_products(queries.products(person), _asked(request), person).filter(is_active=True)
    found = list(rows.order_by("number")[:LIMIT])
    numbers = queries.part_numbers_of(person, found)
    return _answer([(row.pk, " · ".join([row.subject_label, *numbers[row.pk]])) for row in found])


@pages.page(Permission.CUSTOMERS_SEE)
def project_suggestions(request: pages.Request) -> HttpResponse:
    """Projects not closed whose number or name contains `q`."""
    rows = queries.matching_projects(queries.projects(request.user), _asked(request))
    return _labelled(rows.exclude(phase=models.Phase.CLOSED).order_by("number"))


@pages.page(Permission.CUSTOMERS_SEE)
def contact_suggestions(request: pages.Request) -> HttpResponse:
    """Contacts who have not left and whose name contains `q`; of one `customer` and those around it when given."""
    today = timezone.localdate()
    rows = queries.contacts(request.user).filter(queries.not_left(today))
    wanted = request.GET.get("customer", "")
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
        customer = queries.customers(request.user).filter(pk=wanted).first()
        rows = queries.contacts_around(request.user, customer, today) if customer else rows.none()
    rows = rows.filter(name__icontains=_asked(request))
    return _answer([(row.pk, queries.contact_words(row)) for row in rows[:LIMIT]])
