"""What the organisation plugs into the rooms below."""

from yinuo.kit import plugs
from yinuo.org import access, models
from yinuo.org.definition import Permission


def may_read_trail(person_id: int, person: models.Person) -> bool:
    """Somebody's trail tells of their roles, PIN and absences: for themselves, administrators and auditors."""
    return person_id == person.pk or person.may(Permission.ORG_MANAGE) or person.may(Permission.RECORDS_AUDIT)


def may_know_scope(scope_id: int, person: models.Person) -> bool:
    """A scope's very name is confidential: for the people named in it, and whoever manages the company."""
    return access.scopes(person).filter(pk=scope_id).exists()


plugs.guards.plug("org.person", may_read_trail, zh="人员的操作记录", en="A person's trail")
plugs.guards.plug("org.scope", may_know_scope, zh="保密范围的操作记录", en="A scope's trail")

plugs.menu.plug(
    "org", lambda _person: 0, zh="组织机构", en="Organisation", permission=Permission.ORG_SEE, icon="sitemap",
    url="org:structure", order=90,
)  # fmt: skip
