"""Who may open a saved report, and to whom one may be sent."""

from django.db.models import Q
from django.utils import timezone

from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org.definition import Permission
from yinuo.reports import models


def places_of(person: org.Person) -> tuple[set[int], set[int]]:
    """The posts that somebody holds today, and their departments with all that those belong to."""
    held = list(org_queries.holdings_on(timezone.localdate()).filter(person=person))
    above = dict(org.Department.objects.values_list("pk", "parent_id"))
    departments: set[int] = set()
    for holding in held:
        at: int | None = holding.post.department_id
        while at is not None and at not in departments:
            departments.add(at)
            at = above.get(at)
    return {holding.post_id for holding in held}, departments


def opened_to(person: org.Person) -> Q:
    """The saved reports that somebody may open: their own, those shared with them, those that are sent to them."""
    posts, departments = places_of(person)
    return Q(voided_at=None) & (
        Q(owner=person)
        | Q(posts__in=posts)
        | Q(departments__in=departments)
        | Q(receivers__person=person, receivers__left_at=None)
    )


def may_open(person: org.Person, report_id: int) -> bool:
    """Whether somebody may open a saved report; what they see in it is what they may see."""
    if not person.may(Permission.REPORTS_SEE):
        return False
    return models.SavedReport.objects.filter(opened_to(person), pk=report_id).exists()
