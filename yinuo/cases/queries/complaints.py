"""A customer complains about a case that is over: which one, and what is known of it already."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from yinuo.cases import models
from yinuo.cases.queries import cases as case_queries
from yinuo.customers import models as customers
from yinuo.org import models as org

QUOTED_MOST = 2000


def known_of(about: models.Case) -> dict[str, Any]:
    """What the intake form is filled in with, the earlier request quoted."""
    asked = "\n".join(f"> {item.position}. {item.text}" for item in case_queries.standing_items(about))
    words = _("The customer complains again. Asked before in %(number)s, %(title)s:")
    quoted = words % {"number": about.number, "title": about.title}
    return {
        "customer": about.customer_id,
        "project": about.project_id,
        "products": list(about.products.values_list("pk", flat=True)),
        "contact": about.contact_id,
        "said_by": "" if about.contact_id else about.said_by,
        "site": about.site_id,
        "channel": models.Channel.COMPLAINT,
        "title": (_("Complaint after archive: %(title)s") % {"title": about.title})[:200],
        "text": f"\n\n{quoted}\n{asked}"[:QUOTED_MOST],
        "is_safety": about.is_safety,
    }


def over_of_customer(person: org.Person, ids: Collection[int], customer_id: int | None) -> set[int]:
    """Which of these cases are over, and asked by this customer or one above or below it."""
    of = customers.Customer.objects.filter(pk=customer_id).first() if customer_id else None
    if of is None or not ids:
        return set()
    rows = case_queries.cases(person).filter(pk__in=list(ids), ended_at__isnull=False, merged_into=None)
    paths = rows.values_list("pk", "customer__path")
    return {pk for pk, path in paths if path.startswith(of.path) or of.path.startswith(path)}
