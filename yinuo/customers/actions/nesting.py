"""Circles inside one another: what lies below a closed customer is closed to some of its people, never to others.

`org` keeps the circles and does not know where they stand; whoever is let in or taken out is looked at here.
"""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from yinuo.customers import models
from yinuo.kit import refusals
from yinuo.org import models as org

# Where a row closed by itself stands: under its parent, or under its customer.
OUTER = ((models.Customer, "parent__scope"), (models.Product, "customer__scope"), (models.Project, "customer__scope"))


class OutsideOuter(refusals.Refusal):
    """Somebody is to belong to a circle and not to the one around it."""


def outer_of(scope: org.Scope) -> set[int]:
    """The circles around this one."""
    return _beside(scope, "own_scope", wanted="outer")


def inner_of(scope: org.Scope) -> set[int]:
    """The circles inside this one."""
    return _beside(scope, "outer", wanted="own_scope")


def _beside(scope: org.Scope, known: str, *, wanted: str) -> set[int]:
    found: set[int] = set()
    for model, outer in OUTER:
        closed = model._default_manager.annotate(outer=F(outer)).exclude(own_scope=None).exclude(outer=None)
        found |= set(closed.filter(**{known: scope.pk}).values_list(wanted, flat=True))
    return found - {scope.pk}


def require_outer(*, scope: org.Scope, person: org.Person) -> None:
    """Refuse somebody in a circle who does not belong to each circle around it."""
    missing = org.Scope.objects.filter(pk__in=outer_of(scope)).exclude(pk__in=_named(person)).order_by("pk").first()
    if missing is not None:
        sentence = _("“%(scope)s” lies inside “%(outer)s”. Let %(person)s into “%(outer)s” first.")
        words = {"scope": scope.name, "outer": missing.name, "person": person.name}
        raise OutsideOuter(sentence % words, field="person")


def require_not_inner(*, scope: org.Scope, person: org.Person) -> None:
    """Refuse to take somebody out of a circle who still belongs to one inside it."""
    left = org.Scope.objects.filter(pk__in=inner_of(scope)).filter(pk__in=_named(person)).order_by("pk").first()
    if left is not None:
        sentence = _("%(person)s belongs to “%(inner)s”, which lies inside “%(scope)s”. Take them out of it first.")
        raise OutsideOuter(sentence % {"scope": scope.name, "inner": left.name, "person": person.name})


def _named(person: org.Person) -> set[int]:
    """The circles in which somebody is named, as they stand in the database."""
    return set(org.ScopeGrant.objects.filter(person=person, ended_at=None).values_list("scope_id", flat=True))
