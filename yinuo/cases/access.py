"""Who may register, handle and steer cases, and that what is over is only read."""

from django.utils.translation import gettext_lazy as _

from yinuo.cases import models
from yinuo.kit import actors, refusals
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.procedures import models as procedures


class CaseClosed(refusals.Refusal):
    """The case is over; it is only read."""


class CannotJoin(refusals.Refusal):
    """The cases cannot be linked, merged or split like this."""


class OutsideCircle(refusals.Refusal):
    """Somebody is named who may not see the case."""


def may_open(person: org.Person, scope_id: int | None, site_id: int | None) -> bool:
    """Whether the person may register a request of this scope and site."""
    return person.may(Permission.CASES_OPEN, scope_id, site_id)


def may_see(person: org.Person, case: models.Case) -> bool:
    return person.may(Permission.CASES_SEE, case.scope_id, case.site_id)


def may_handle(person: org.Person, case: models.Case) -> bool:
    """Whether the person may work on the case's items, plan and originals."""
    return person.may(Permission.CASES_HANDLE, case.scope_id, case.site_id)


def names_openly(case: models.Case, other: models.Case) -> bool:
    """Whether everybody who may see the case may see the other too, so that its trail may name it."""
    return other.scope_id in (None, case.scope_id) and other.site_id in (None, case.site_id)


def may_steer(person: org.Person, case: models.Case) -> bool:
    """Whether the person may change priority and owner, hold, terminate and reopen."""
    return person.may(Permission.CASES_STEER, case.scope_id, case.site_id)


def takes_part(by: actors.Actor, case: models.Case) -> bool:
    """Whether somebody handles cases, or has (or just finished) a task of this one; the program always does."""
    if not isinstance(by, org.Person):
        return True
    if may_handle(by, case):
        return True
    if not may_see(by, case):
        return False
    tasks = procedures.Task.objects.filter(subject_type=case.subject_type, subject_id=case.pk)
    return (tasks.filter(holder=by) | tasks.filter(closed_by=by)).exists()


def require_open(case: models.Case) -> None:
    """Refuse to change what is over: archived and terminated cases are read-only until they are reopened."""
    if case.is_merged:
        raise CaseClosed(
            _("This case was merged into another and can only be read. Go on there, or take it back out first.")
        )
    if not case.is_open:
        raise CaseClosed(
            _("This case is %(state)s and can only be read. Reopen it first.") % {"state": case.state_words}
        )


def require_part(by: actors.Actor, case: models.Case) -> None:
    """Refuse unless somebody takes part in the open case."""
    if not takes_part(by, case):
        raise refusals.NotAllowed()
    require_open(case)


def require_can_see(person: org.Person | None, case: models.Case, field: str) -> None:
    """Refuse to name somebody who may not see the case, as owner, keeper or in the plan; `field` is where it stands."""
    if person is not None and not may_see(person, case):
        raise OutsideCircle(_("%(name)s may not see this case.") % {"name": person.name}, field=field)


def require_handler(by: org.Person, case: models.Case) -> None:
    """Refuse unless the person handles the open case."""
    if not may_handle(by, case):
        raise refusals.NotAllowed()
    require_open(case)


def require_steerer(by: org.Person, case: models.Case) -> None:
    """Refuse unless the person steers the case."""
    if not may_steer(by, case):
        raise refusals.NotAllowed()


# Findings -------------------------------------------------------------------------------------------------------------


def may_see_finding(person: org.Person, finding: models.Finding) -> bool:
    """Whoever reported it always sees it, the others as they see cases."""
    is_own = finding.reported_by_id == person.pk and person.is_active
    return is_own or person.may(Permission.CASES_SEE, finding.scope_id, finding.site_id)


def may_sort(person: org.Person, finding: models.Finding) -> bool:
    """Whether the person may say what becomes of it: who may register a request there."""
    return may_open(person, finding.scope_id, finding.site_id)
