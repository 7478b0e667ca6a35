"""What the room plugs into the rooms below: search, the menu, what goes on from a find, what somebody has in hand."""

from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from yinuo.customers import models as customers
from yinuo.customers import queries as customers_queries
from yinuo.kit import actors, plugs, subjects
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.search.rules import Document
from yinuo.sources import models as sources
from yinuo.sources import queries as sources_queries
from yinuo.watches import models, queries
from yinuo.watches.actions import giving, pages

FOLLOWED = {customers.Customer.subject_type: "customer", sources.Document.subject_type: "document"}


def rescoped(*, type: str, id: int, **_more: object) -> None:  # noqa: A002 - names of the event
    """A page is as confidential as the document or customer to which it belongs."""
    if type not in FOLLOWED:
        return
    rows = models.Page.objects.filter(Q(**{FOLLOWED[type]: id})).select_related("customer", "document")
    for row in rows:
        pages.follow(page=row, by=actors.PROGRAM, now=timezone.now())


def page_documents(ids: list[int]) -> list[Document]:
    rows = models.Page.objects.filter(pk__in=ids).select_related("customer", "document")
    return [
        Document(
            type=row.subject_type,
            id=row.pk,
            title=row.name,
            label="",
            text="\n".join([row.address, row.note, row.customer.name_zh if row.customer else ""]),
            url=row.get_absolute_url(),
            scope_id=row.scope_id,
            site_id=row.site_id,
            at=row.added_at,
        )
        for row in rows
    ]


def _edition_of(customer: int | None, document: int | None, person: org.Person) -> str:
    """Where to record an edition: of the document, else of the only one of the customer, else of one to choose."""
    found = list(sources_queries.documents(person).filter(Q(pk=document) if document else Q(customer=customer))[:2])
    if len(found) == 1:
        return reverse("sources:edition_add", args=[found[0].pk])
    said = urlencode({"customer": customer or ""})
    return f"{reverse('sources:documents' if found else 'sources:document_add')}?{said}"


def edition_checked(subject: subjects.Ref, person: org.Person) -> str | None:
    """Where to record the edition that a check of a portal brought."""
    if not person.may(Permission.SOURCES_EDIT, subject.scope_id, subject.site_id):
        return None
    customer = customers.PortalCheck.objects.filter(pk=subject.id).values_list("portal__customer", flat=True).first()
    return _edition_of(customer, None, person)


def edition_visited(subject: subjects.Ref, person: org.Person) -> str | None:
    """Where to record the edition that a visit to a page found."""
    if not person.may(Permission.SOURCES_EDIT, subject.scope_id, subject.site_id):
        return None
    visit = models.Visit.objects.select_related("page").filter(pk=subject.id).defer("text").first()
    return _edition_of(visit.page.customer_id, visit.page.document_id, person) if visit else None


def waiting_for(person: org.Person) -> int:
    """Portals the person is to check, and pages that changed."""
    portals = customers_queries.portals_waiting_for(person, timezone.localdate()).count()
    return portals + queries.waiting_for(person).count()


plugs.events.plug("kit.rescoped/watches", rescoped)
plugs.facts.plug(
    "subject.customer_id/watches.page",
    lambda subject: models.Page.objects.filter(pk=subject.id).values_list("customer", flat=True).first(),
    zh="所属顾客", en="customer",
)  # fmt: skip
plugs.index_sources.plug(
    "watches.page", page_documents, zh="监测网页", en="Watched pages",
    every=lambda: models.Page.objects.order_by("pk").values_list("pk", flat=True),
)  # fmt: skip
plugs.panels.plug(
    "customers.portal_check/watches", edition_checked, zh="登记文件新版本", en="Record the edition", icon="file-plus"
)
plugs.panels.plug(
    "watches.visit/watches", edition_visited, zh="登记文件新版本", en="Record the edition", icon="file-plus"
)
plugs.duties.plug(
    "watches.page", giving.in_hand, zh="监测网页", en="Watched pages", give=giving.give, order=62,
    sees=Permission.WATCHES_SEE, needs=Permission.WATCHES_EDIT,
    counted=("{n} 个监测网页", "{n} watched page", "{n} watched pages"),
)  # fmt: skip
plugs.menu.plug(
    "watches", waiting_for, zh="更新跟踪", en="Update watch", permission=Permission.WATCHES_SEE, icon="eye-check",
    url="watches:overview", order=28,
)  # fmt: skip
