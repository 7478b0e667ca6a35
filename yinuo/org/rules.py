"""Pure decisions of the organisation. Whether held roles allow something."""

from dataclasses import dataclass

from yinuo.org import definition


@dataclass(frozen=True)
class RoleHeld:
    """A role somebody holds, for one site and department or (None) for all."""

    role: str
    site_id: int | None = None
    department_id: int | None = None


@dataclass(frozen=True)
class Rights:
    """What somebody may do and which confidential scopes they are named in."""

    roles: tuple[RoleHeld, ...] = ()
    scope_ids: frozenset[int] = frozenset()

    def roles_with(self, permission: str) -> list[RoleHeld]:
        """The roles held that carry the permission."""
        return [
            held
            for held in self.roles
            if held.role in definition.ROLES and permission in definition.ROLES[held.role].permissions
        ]

    def sites_for(self, permission: str) -> set[int] | None:
        """The sites for which the permission is held; None when for all."""
        sites = {held.site_id for held in self.roles_with(permission)}
        return None if None in sites else {site for site in sites if site is not None}

    def allow(self, permission: str, *, scope_id: int | None = None, site_id: int | None = None) -> bool:
        """Whether the permission is held for a row of this scope and site (None: a row without one)."""
        if not self.roles_with(permission):
            return False
        if scope_id is not None and scope_id not in self.scope_ids:
            return False
        sites = self.sites_for(permission)
        return sites is None or site_id is None or site_id in sites
