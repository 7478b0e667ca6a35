"""Who may record documents and check their clauses."""

from yinuo.customers import models as customers
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.sources import models


def may_edit(person: org.Person, row: customers.Guarded | None = None) -> bool:
    """Whether the person may change this document or edition (without one: may record new ones)."""
    if row is None:
        return person.may(Permission.SOURCES_EDIT)
    return person.may(Permission.SOURCES_EDIT, row.scope_id, row.site_id)


def may_check(person: org.Person, edition: models.Edition) -> bool:
    """Whether the person may correct and accept the clauses of an edition, and they are not accepted yet."""
    return may_edit(person, edition) and edition.clauses == models.Edition.Clauses.DRAFT


def may_judge(person: org.Person, text: models.ClauseText) -> bool:
    """Whether the person may say what a clause is, where it belongs and what it says in another language."""
    return person.may(Permission.SOURCES_EDIT, text.scope_id, text.site_id)


def may_load_standards(person: org.Person) -> bool:
    """Whether the person may take over lists of standards, and sign that a new edition of one holds."""
    return person.may(Permission.SOURCES_STANDARDS)
