"""How findings are found, follow what becomes confidential, and stand in the menu and on their case."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from yinuo.cases import models
from yinuo.cases.actions import sorting
from yinuo.cases.queries import findings as finding_queries
from yinuo.kit import actors, plugs, subjects
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.search.rules import Document


def finding_documents(ids: Iterable[int]) -> list[Document]:
    """Findings by their words, who said them, the customer, and why they were dismissed."""
    rows = models.Finding.objects.filter(pk__in=list(ids)).select_related("customer", "case", "reported_by")
    return [
        Document(
            type=finding.subject_type,
            id=finding.pk,
            title=finding.title,
            label=finding.case.number if finding.case else "",
            text="\n".join(filter(None, [finding.text, finding.said_by, _customer(finding), finding.reason])),
            url=finding.get_absolute_url(),
            scope_id=finding.scope_id,
            site_id=finding.site_id,
            at=finding.reported_at,
        )
        for finding in rows
    ]


def _customer(finding: models.Finding) -> str:
    return f"{finding.customer.name_zh} {finding.customer.name_en}" if finding.customer else ""


def rescoped(*, type: str, id: int, **_more: Any) -> None:  # noqa: A002 - the event's words
    """A customer or case became confidential or open: its findings follow."""
    rows = models.Finding.objects.select_related("customer", "case")
    found = {
        "customers.customer": rows.filter(customer=id, case=None),
        "cases.case": rows.filter(case=id),
    }.get(type)
    if found is not None:
        sorting.follow_scope(findings=list(found), by=actors.PROGRAM, now=timezone.now())


def panel_of(subject: subjects.Ref, person: org.Person) -> str | None:
    """Where a case came from, on its page."""
    has_any = Q(findings__isnull=False) | Q(merged__findings__isnull=False)
    case = models.Case.objects.filter(has_any, pk=subject.id).first()
    return reverse("cases:case_findings", args=[case.number]) if case is not None else None


plugs.index_sources.plug("cases.finding", finding_documents, zh="上报信息", en="Reports")
plugs.events.plug("kit.rescoped/cases_findings", rescoped)
plugs.panels.plug("cases.case/findings", panel_of, zh="上报信息", en="Reports", icon="speakerphone")
plugs.menu.plug(
    "cases.sorting",
    finding_queries.waiting_to_sort,
    zh="待分拣",
    en="To be sorted",
    permission=Permission.CASES_OPEN,
    icon="arrows-split",
    url="cases:sorting",
    order=21,
)
