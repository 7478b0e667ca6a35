"""Who may change customers, products, projects and portals, and who may look into a portal."""

from yinuo.customers import models
from yinuo.org import models as org
from yinuo.org.definition import Permission


def may_see(person: org.Person, row: models.Guarded) -> bool:
    """Whether the person may see this row. (Lists ask the database: `person.visible`.)"""
    return person.may(Permission.CUSTOMERS_SEE, row.scope_id, row.site_id)


def may_edit(person: org.Person, row: models.Guarded | None = None) -> bool:
    """Whether the person may change this row (without one: may make new ones)."""
    if row is None:
        return person.may(Permission.CUSTOMERS_EDIT)
    return person.may(Permission.CUSTOMERS_EDIT, row.scope_id, row.site_id)


def may_make_confidential(person: org.Person, scope: org.Scope | None) -> bool:
    """Nobody closes a row to a circle they are not in themselves: they could not open it again."""
    return scope is None or scope.grants.filter(person=person, ended_at=None).exists()


def is_within(inner: org.Scope, outer: org.Scope) -> bool:
    """Whether everybody of the inner circle belongs to the outer one."""
    inside = outer.grants.filter(ended_at=None).values("person")
    return not inner.grants.filter(ended_at=None).exclude(person__in=inside).exists()


def may_check(person: org.Person, portal: models.Portal) -> bool:
    """Whoever keeps the account (or stands in) records checks, and whoever may edit the list."""
    is_keeper = person.pk in (portal.keeper_id, portal.deputy_id)
    return may_edit(person, portal) or (is_keeper and may_see(person, portal))
