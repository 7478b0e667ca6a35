"""What conditions of procedures may ask about a case, and the people relative to it."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from yinuo.cases import models
from yinuo.cases.queries import competence as competence_queries
from yinuo.kit import in_hand, plugs, subjects
from yinuo.org import queries as org_queries
from yinuo.procedures import models as procedures


def _value(subject: subjects.Ref, name: str) -> Any:
    case = in_hand.held(models.Case, subject.id)
    if case is not None:
        return getattr(case, name)
    return models.Case.objects.filter(pk=subject.id).values_list(name, flat=True).first()


def _of_case(name: str) -> Any:
    return lambda subject: _value(subject, name)


def priority(subject: subjects.Ref) -> str:
    """top, urgent, normal or low."""
    return models.Priority(_value(subject, "priority")).name.lower()


def oral_state(subject: subjects.Ref) -> str:
    """not_needed, waiting, confirmed or refused."""
    return str(_value(subject, "oral") or models.Confirmation.NOT_NEEDED)


def infeasible_items(subject: subjects.Ref) -> list[dict[str, Any]]:
    """Items that cannot be met: key, title, owner as a party word, and the customer's answer once there is one.

    A withdrawn item stays listed with the answer `withdrawn`, so that whoever waits for the answer goes on.
    """
    rows = models.Item.objects.filter(case=subject.id, verdict=models.Verdict.CANNOT).select_related("owner")
    return [
        {
            "key": str(item.pk),
            "title": f"{item.position} {item.text[:60]}",
            "owner": _party(item.owner),
            "answer": "withdrawn" if item.withdrawn_at else item.answer,
        }
        for item in rows.order_by("position")
    ]


def infeasible_count(subject: subjects.Ref) -> int:
    return models.Item.objects.filter(case=subject.id, verdict=models.Verdict.CANNOT, withdrawn_at=None).count()


def plan_actions(subject: subjects.Ref) -> list[dict[str, Any]]:
    """Actions of the plan that are still to be carried out or verified."""
    states = (models.Measure.State.OPEN, models.Measure.State.DONE)
    rows = models.Measure.objects.filter(case=subject.id, state__in=states).select_related("person")
    return [
        {
            "key": str(each.pk),
            "title": each.what[:80],
            "owner": _party(each.person),
            "due_on": each.due_on.isoformat(),
        }
        for each in rows.order_by("position", "pk")
    ]


def _party(person: Any) -> str:
    """A person as a party word: by employee number, which lasts, else by key."""
    if person is None:
        return ""
    return f"person:{person.employee_number or f'#{person.pk}'}"


def kinds(subject: subjects.Ref) -> list[str]:
    """The kinds of requirement that are asked."""
    return sorted(set(models.Item.objects.filter(case=subject.id, withdrawn_at=None).values_list("kind", flat=True)))


def is_worked_on(subject: subjects.Ref) -> bool:
    """Whether anybody has something to do in the case's procedure: an open task for people, waits left aside."""
    tasks = procedures.Task.objects.filter(subject_type=models.Case.subject_type, subject_id=subject.id)
    return tasks.filter(state__in=procedures.Task.LIVE, kind__in=procedures.Task.PEOPLE_KINDS).exists()


def _moment(name: str) -> Any:
    def fact(subject: subjects.Ref) -> str:
        value = _value(subject, name)
        if isinstance(value, datetime):
            value = value.astimezone(UTC)  # as it is read back
        return value.isoformat() if value else ""

    return fact


for _name, _function, _zh, _en in (
    ("is_safety", _of_case("is_safety"), "涉及健康、安全", "health or safety is touched"),
    ("stops_line", _of_case("stops_line"), "停线或停运风险", "a line or shipment may stop"),
    ("channel", _of_case("channel"), "来源渠道", "channel"),
    ("kinds", kinds, "要求性质", "kinds asked"),
    ("priority", priority, "优先级", "priority"),
    ("oral_state", oral_state, "书面确认情况", "confirmation in writing"),
    ("infeasible_items", infeasible_items, "不能满足的要求项", "items that cannot be met"),
    ("infeasible_count", infeasible_count, "不能满足的要求项数", "number of items that cannot be met"),
    ("plan_actions", plan_actions, "方案中的措施", "actions of the plan"),
    ("notified_at", _moment("notified_at"), "收到时间", "moment of receipt"),
    ("due_at", _moment("due_at"), "截止日期", "deadline"),
    ("is_worked_on", is_worked_on, "仍有人在处理", "somebody still works on it"),
    ("wanted_on", _moment("wanted_on"), "顾客要求日期", "day asked by the customer"),
    ("promised_on", _moment("promised_on"), "承诺日期", "promised day"),
    ("is_satisfied", _of_case("is_satisfied"), "顾客满意", "the customer is satisfied"),
):
    plugs.facts.plug(f"cases.{_name}", _function, zh=_zh, en=_en)


def is_urgent(subject: subjects.Ref) -> bool:
    """Messages about product safety, health and a line that may stop go out at once."""
    return models.Case.objects.filter(Q(is_safety=True) | Q(stops_line=True), pk=subject.id).exists()


plugs.facts.plug("subject.is_urgent/cases.case", is_urgent, zh="须立即通知", en="to be told at once")


# Whose customer, whose project ----------------------------------------------------------------------------------------


def _item_value(name: str) -> Any:
    return lambda subject: models.Item.objects.filter(pk=subject.id).values_list(f"case__{name}", flat=True).first()


for _type, _reading in (("cases.case", _of_case), ("cases.item", _item_value)):
    plugs.facts.plug(f"subject.customer_id/{_type}", _reading("customer_id"), zh="所属顾客", en="customer")
    plugs.facts.plug(f"subject.project_id/{_type}", _reading("project_id"), zh="所属项目", en="project")
    _ended = _reading("ended_at")
    plugs.facts.plug(f"subject.is_over/{_type}", lambda it, at=_ended: at(it) is not None, zh="已结束", en="over")
plugs.facts.plug(
    "subject.is_answered/cases.case", lambda it: _of_case("answered_at")(it) is not None, zh="已答复顾客", en="answered"
)


# People ---------------------------------------------------------------------------------------------------------------


def _ids(*ids: int | None) -> list[int]:
    return [each for each in ids if each]


def owner(subject: subjects.Ref, argument: str = "") -> list[int]:
    return _ids(_value(subject, "owner_id"))


def reporter(subject: subjects.Ref, argument: str = "") -> list[int]:
    return _ids(_value(subject, "registered_by_id"))


def reporter_superior(subject: subjects.Ref, argument: str = "") -> list[int]:
    """The superior of whoever registered the case."""
    case = models.Case.objects.select_related("registered_by").filter(pk=subject.id).first()
    found = org_queries.superior_of(case.registered_by, timezone.localdate()) if case else None
    return _ids(found.pk if found else None)


def item_owners(subject: subjects.Ref, argument: str = "") -> list[int]:
    """Whoever answers for an item of the case."""
    rows = models.Item.objects.filter(case=subject.id, withdrawn_at=None, owner__isnull=False).order_by("position")
    return list(dict.fromkeys(rows.values_list("owner_id", flat=True)))


def analyst(subject: subjects.Ref, argument: str = "") -> list[int]:
    """Whoever is competent to analyse the case's items (S5 2(3))."""
    case = models.Case.objects.filter(pk=subject.id).first()
    return [person.pk for person in competence_queries.analysts(case, timezone.localdate())] if case else []


for _name, _finder, _zh, _en in (
    ("owner", owner, "案件负责人", "owner of the case"),
    ("reporter", reporter, "登记人", "whoever registered it"),
    ("reporter_superior", reporter_superior, "登记人的上级", "superior of whoever registered it"),
    ("item_owners", item_owners, "要求项负责人", "owners of the items"),
    ("analyst", analyst, "具备资质的分析人员", "people competent to analyse it"),
):
    plugs.finders.plug(f"cases.{_name}", _finder, zh=_zh, en=_en)
