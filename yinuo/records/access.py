"""Who may redact the trail, and who may keep, hold and purge files."""

from typing import Protocol

from yinuo.kit import actors, refusals

REDACT = "records.redact"
KEEP = "records.keep"


class Placed(Protocol):
    """What belongs to a scope and a site, or to nobody's in particular."""

    @property
    def scope_id(self) -> int | None: ...

    @property
    def site_id(self) -> int | None: ...


def may(by: actors.Actor, permission: str, row: Placed) -> bool:
    """Whether somebody holds the permission for what belongs to the row's scope and site; the program always does."""
    if isinstance(by, actors.Program):
        return True
    asked = getattr(by, "may", None)  # people have it, outsiders with a link do not
    return bool(asked and asked(permission, row.scope_id, row.site_id))


def demand(by: actors.Actor, permission: str, row: Placed) -> None:
    """Refuse unless `may` holds."""
    if not may(by, permission, row):
        raise refusals.NotAllowed()
