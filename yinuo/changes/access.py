"""Who may record changes and what follows from them, and who sets the term."""

from yinuo.changes import models
from yinuo.org import models as org
from yinuo.org.definition import Permission


def may_edit(person: org.Person, row: models.Change | None = None) -> bool:
    """Whether the person may work on this change (without one: may record new ones)."""
    if row is None:
        return person.may(Permission.CHANGES_EDIT)
    return person.may(Permission.CHANGES_EDIT, row.scope_id, row.site_id)


def may_steer(person: org.Person) -> bool:
    """Whether the person may set from when and within how many days changes are reviewed."""
    return person.may(Permission.CHANGES_STEER)
