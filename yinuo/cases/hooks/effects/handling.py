"""Verdicts, plan, alternatives, carrying out and verifying."""

from datetime import date, datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as say

from yinuo.cases import models
from yinuo.cases.actions import judging, planning, talking
from yinuo.cases.hooks.effects import reading
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import course as course_queries
from yinuo.kit import actors, plugs, subjects
from yinuo.letters import models as letters
from yinuo.org import models as org
from yinuo.procedures import models as procedures

Purpose = letters.Purpose


def keep_verdicts(
    *, subject: subjects.Ref, run_id: int, task_id: int | None, by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """What all departments said, item by item, becomes the verdict to each item."""
    case = case_queries.case_of(subject.id)
    last = reading.task(task_id)
    given = procedures.Task.objects.filter(
        run_id=run_id, step=last.step if last else "", state=procedures.Task.State.DONE, is_void=False
    )
    said = [
        judging.Said(
            item_id=line.get("item", 0),
            verdict=line.get("verdict") or "",
            condition=line.get("condition") or "",
            party=task.party_zh,
        )
        for task in given.order_by("pk")
        for line in reading.lines(task.data, "items")
    ]
    judging.keep_verdicts(case=case, said=said, by=by, now=now)


def issue_plan(
    *, subject: subjects.Ref, parameters: dict[str, Any], by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """The actions of the plan that was made at the step `from`, with persons and dates; and the day we promise."""
    case = case_queries.case_of(subject.id)
    answer = course_queries.latest_answer(case.pk, str(parameters.get("from", "plan")))
    lines = [
        planning.Planned(
            what=line["what"],
            person=org.Person.objects.get(pk=line["person"]),
            due_on=date.fromisoformat(line["due_on"]),
            item_id=line.get("item"),
            measure_id=line.get("measure"),
        )
        for line in reading.lines(answer, "actions")
    ]
    planning.keep_plan(case=case, lines=lines, by=by, now=now)
    talking.promise(case=case, promised_on=reading.day(answer.get("promised_on")), by=by, now=now)


def keep_alternative(
    *, subject: subjects.Ref, task_id: int | None, data: dict[str, Any], by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """Why an item cannot be met, and what we propose instead."""
    item = reading.item(case_queries.case_of(subject.id), task_id)
    judging.propose(
        item=item,
        reason=str(data.get("reason") or ""),
        alternative=str(data.get("alternative") or ""),
        asked_until_on=reading.day(data.get("valid_until")),
        asked_quantity=int(data.get("quantity") or 0) or None,
        by=by,
        now=now,
        expected=item.version,
    )


def release_alternative(
    *, subject: subjects.Ref, task_id: int | None, data: dict[str, Any], by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """The explanation is released by whoever may; a return for revision releases nothing."""
    if reading.outcome(task_id) != "release":
        return
    case = case_queries.case_of(subject.id)
    item = reading.item(case, task_id)
    way, sent_at = reading.sending(data, now)
    talking.say(
        case=case,
        purpose=Purpose.ALTERNATIVE,
        text=alternative_words(item),
        way=way,
        sent_at=sent_at,
        by=reading.by_person(by, case),
        now=now,
        item=item,
        must_release=True,
    )


def alternative_words(item: models.Item) -> str:
    """The explanation in the customer's language: the words asked, why not, what instead, until when it is asked."""
    with translation.override(talking.language_of(item.case)):
        parts = [
            say("Your requirement: %(text)s") % {"text": item.text},
            say("It cannot be met because: %(reason)s") % {"reason": item.condition},
            say("We propose instead: %(alternative)s") % {"alternative": item.alternative},
        ]
        if item.asked_until_on:
            parts.append(say("Asked for until: %(day)s") % {"day": item.asked_until_on.isoformat()})
        if item.asked_quantity:
            parts.append(say("Asked for a quantity of: %(n)s") % {"n": item.asked_quantity})
    return "\n".join(parts)


def send_alternative(
    *, subject: subjects.Ref, task_id: int | None, by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """The released explanation went out, as its release says when and how."""
    case = case_queries.case_of(subject.id)
    item = reading.item(case, task_id)
    said = course_queries.latest_answer(case.pk, "release_alternative", [str(item.pk)])
    way, sent_at = reading.sending(said, now)
    talking.note_sent(
        case=case, purpose=Purpose.ALTERNATIVE, way=way, sent_at=sent_at, by=reading.by_person(by, case), now=now,
        item=item,
    )  # fmt: skip


def keep_refusal(
    *, subject: subjects.Ref, task_id: int | None, data: dict[str, Any], by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """Whoever approves refuses the plan: the case ends with the reason."""
    if reading.outcome(task_id) == "refuse":
        reason = str(data.get("refusal") or "")
        talking.decline(case=case_queries.case_of(subject.id), reason=reason, field="refusal", by=by, now=now)


def keep_progress(
    *, subject: subjects.Ref, task_id: int | None, data: dict[str, Any], by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """An action of the plan was carried out."""
    measure = reading.measure(case_queries.case_of(subject.id), task_id)
    planning.finish_measure(measure=measure, remark=str(data.get("what") or ""), by=by, now=now)


def keep_verification(
    *, subject: subjects.Ref, task_id: int | None, data: dict[str, Any], by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """An action of the plan passed verification, or failed it."""
    measure = reading.measure(case_queries.case_of(subject.id), task_id)
    passed = reading.outcome(task_id) == "passed"
    planning.judge_measure(measure=measure, passed=passed, finding=str(data.get("finding") or ""), by=by, now=now)


for _name, _function, _zh, _en in (
    ("keep_verdicts", keep_verdicts, "汇总各部门逐项意见", "adds up the verdicts"),
    ("issue_plan", issue_plan, "下达方案中的措施", "issues the plan's actions"),
    ("keep_alternative", keep_alternative, "保存说明与替代方案", "keeps the alternative"),
    ("release_alternative", release_alternative, "放行说明", "releases the explanation"),
    ("send_alternative", send_alternative, "记录说明已发出", "notes that the explanation went out"),
    ("keep_refusal", keep_refusal, "保存不同意的原因", "keeps why the plan is refused"),
    ("keep_progress", keep_progress, "记录措施完成", "keeps what was done"),
    ("keep_verification", keep_verification, "记录验证结果", "keeps what verification found"),
):
    plugs.effects.plug(f"cases.{_name}", _function, zh=_zh, en=_en)
