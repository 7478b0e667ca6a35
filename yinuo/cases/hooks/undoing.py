"""What of a case can be taken back by one click for a short while."""

from datetime import datetime
from typing import Any

from yinuo.cases import models
from yinuo.cases.actions import steering, undoing
from yinuo.kit import plugs, refusals
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.procedures.definition.texts import Text


def _case(case_id: int, by: org.Person) -> models.Case:
    found = by.visible(models.Case.objects.all(), Permission.CASES_SEE).filter(pk=case_id).first()
    if found is None:
        raise refusals.NotAllowed()
    return found


def _person(person_id: int | None) -> org.Person | None:
    return org.Person.objects.filter(pk=person_id).first() if person_id else None


def priority(
    *, case: int, expected: int, priority: int, why: list[str], ranked_by: int | None, by: org.Person, now: datetime
) -> None:
    undoing.restore_priority(
        case=_case(case, by), priority=priority, why=Text(*why), ranked_by=_person(ranked_by), by=by, now=now,
        expected=expected,
    )  # fmt: skip


def owner(*, case: int, expected: int, owner: int, since: str, by: org.Person, now: datetime) -> None:
    before = org.Person.objects.get(pk=owner)
    undoing.restore_owner(
        case=_case(case, by), owner=before, by=by, now=now, expected=expected, since=datetime.fromisoformat(since)
    )


def held(*, case: int, by: org.Person, now: datetime, **_more: Any) -> None:
    steering.resume(case=_case(case, by), by=by, now=now)


def resumed(*, case: int, reason: str, by: org.Person, now: datetime) -> None:
    steering.hold(case=_case(case, by), reason=reason, by=by, now=now)


def link(*, case: int, link: int, by: org.Person, now: datetime) -> None:
    found = models.FeedbackLink.objects.select_related("case").get(pk=link, case=_case(case, by))
    undoing.restore_link(link=found, by=by, now=now)


plugs.undos.plug("cases.priority", priority, zh="更改优先级", en="the priority was changed")
plugs.undos.plug("cases.owner", owner, zh="更换负责人", en="the owner was changed")
plugs.undos.plug("cases.held", held, zh="暂停", en="the case was put on hold")
plugs.undos.plug("cases.resumed", resumed, zh="恢复办理", en="the case went on after a hold")
plugs.undos.plug("cases.link", link, zh="撤回反馈链接", en="a link for feedback was revoked")
