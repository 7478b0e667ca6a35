"""Who may say which pages are watched, and what a change means."""

from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.watches import models


def may_edit(person: org.Person, page: models.Page | None = None) -> bool:
    """Whether the person may change this page (without one: may add new ones)."""
    if page is None:
        return person.may(Permission.WATCHES_EDIT)
    return person.may(Permission.WATCHES_EDIT, page.scope_id, page.site_id)


def may_decide(person: org.Person, page: models.Page) -> bool:
    """Whoever is told of changes decides, and whoever may change the page."""
    is_told = person.pk in (page.keeper_id, page.deputy_id) or page.others.filter(pk=person.pk).exists()
    return may_edit(person, page) or (is_told and person.may(Permission.WATCHES_SEE, page.scope_id, page.site_id))
