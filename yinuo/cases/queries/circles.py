"""The circle a case is closed to: the innermost of its project's, its products' and its customer's."""

from collections import defaultdict
from collections.abc import Sequence

from django.utils.translation import gettext as _

from yinuo.cases import models
from yinuo.cases.engine import circles
from yinuo.customers import models as customers
from yinuo.org import models as org

Row = customers.Customer | customers.Project | customers.Product


def scope_of(
    customer: customers.Customer, project: customers.Project | None, products: Sequence[customers.Product],
    stays: int | None = None,
) -> int | None:  # fmt: skip
    """The circle that may see a case about these. `stays`: the one it is closed to already."""
    return _innermost(_closed(customer, project, products), stays).circle


def _closed(
    customer: customers.Customer, project: customers.Project | None, products: Sequence[customers.Product]
) -> dict[int, Row]:
    """What is confidential of these, by circle; the most special first."""
    found: dict[int, Row] = {}
    for row in (project, *products, customer):
        if row is not None and row.scope_id is not None:
            found.setdefault(row.scope_id, row)
    return found


def _innermost(closed: dict[int, Row], stays: int | None) -> circles.Innermost:
    if len(closed) < 2:
        return circles.Innermost(next(iter(closed), None))
    people: dict[int, set[int]] = defaultdict(set)
    named = org.ScopeGrant.objects.filter(scope__in=closed, ended_at=None)
    for scope, person in named.values_list("scope_id", "person_id"):
        people[scope].add(person)
    return circles.innermost({scope: people[scope] for scope in closed}, stays)


def circle_in_words(case: models.Case) -> tuple[str, str] | None:
    """The circle a case is closed to, and why it is this one; None when everybody may see it. Other circles are not
    named: whoever reads this may not know them."""
    if case.scope_id is None or case.scope is None:
        return None
    closed = _closed(case.customer, case.project, list(case.products.order_by("pk")))
    chosen = _innermost(closed, case.scope_id)
    row = closed.get(case.scope_id)
    why = row.subject_label if row is not None else ""
    if chosen.circle == case.scope_id and chosen.apart:
        others = "、".join(closed[scope].subject_label for scope in chosen.apart)
        said = _("%(others)s: closed to other people. First counts the project, then the product, then the customer.")
        why = "；".join(filter(None, (why, said % {"others": others})))
    return case.scope.name, why
