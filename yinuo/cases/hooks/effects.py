"""What procedure steps do with a case by themselves. Each is f(*, subject, run_id, task_id, parameters, data, by, now).

They only translate a step's form into the call of an action; the action asks and writes.
"""

from datetime import date, datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from yinuo.cases import models, queries
from yinuo.cases.actions import closing, items, judging, planning, talking
from yinuo.kit import actors, plugs, subjects
from yinuo.letters import models as letters
from yinuo.notify import actions as notify
from yinuo.org import models as org
from yinuo.procedures import models as procedures

Purpose = letters.Purpose


def _task(task_id: int | None) -> procedures.Task | None:
    return procedures.Task.objects.filter(pk=task_id).first() if task_id else None


def _path_key(task_id: int | None) -> int:
    """The element that a step inside a repetition is about."""
    task = _task(task_id)
    return int(task.path[-1]) if task is not None and task.path and str(task.path[-1]).isdigit() else 0


def _item(case: models.Case, task_id: int | None) -> models.Item:
    return models.Item.objects.select_related("case__customer", "case__contact").get(case=case, pk=_path_key(task_id))


def _measure(case: models.Case, task_id: int | None) -> models.Measure:
    rows = models.Measure.objects.select_related("case", "item__case")
    return rows.get(case=case, pk=_path_key(task_id))


def _outcome(task_id: int | None) -> str:
    task = _task(task_id)
    return task.outcome if task is not None else ""


def _lines(data: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [line for line in data.get(name) or [] if isinstance(line, dict)]


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) and text else None


def _moment(text: Any, now: datetime) -> datetime:
    found = parse_datetime(text) if isinstance(text, str) else None
    if found is None:
        return now
    return found if found.tzinfo else timezone.make_aware(found)


def _by_person(by: actors.Actor, case: models.Case) -> org.Person:
    """Whoever acts, or the owner where the program does."""
    return by if isinstance(by, org.Person) else case.owner or case.registered_by


# Registration, receipt, analysis --------------------------------------------------------------------------------------


def keep_items(
    *, subject: subjects.Ref, task_id: int | None, data: dict[str, Any], by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """Nature, reach, owner and due day of the items, as checked at registration; why it was not accepted."""
    case = queries.case_of(subject.id)
    if _outcome(task_id) == "decline" and data.get("decline_reason"):
        talking.decline(case=case, reason=str(data["decline_reason"]), by=by, now=now)
    there = {item.pk: item for item in models.Item.objects.select_related("case").filter(case=case)}
    for line in _lines(data, "items"):
        item = there.get(line.get("item", 0))
        if item is not None:
            items.describe(
                item=item,
                by=by,
                now=now,
                expected=item.version,
                kind=line.get("kind") or item.kind,
                applies=line.get("applies") or item.applies,
                owner=org.Person.objects.filter(pk=int(line.get("owner") or 0)).first(),
                due_on=_day(line.get("due_on")),
            )


def record_acknowledgement(
    *, subject: subjects.Ref, data: dict[str, Any], by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """When, how and to whom receipt was confirmed."""
    talking.acknowledge(
        case=queries.case_of(subject.id),
        at=_moment(data.get("sent_at"), now),
        way=str(data.get("way") or ""),
        to_whom=str(data.get("to_whom") or ""),
        by=by,
        now=now,
    )


def keep_analysis(
    *, subject: subjects.Ref, data: dict[str, Any], by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """The analysis of each item, by somebody competent in it; what others analysed already stays theirs."""
    case = queries.case_of(subject.id)
    there = {item.pk: item for item in queries.standing_items(case)}
    found = []
    for line in _lines(data, "items"):
        item = there.get(line.get("item", 0))
        if item is None or _is_same(item, line):
            continue
        found.append(
            judging.Analysis(
                item=item,
                is_authentic=line.get("authentic") is True,
                is_feasible=line.get("feasible") is True,
                is_reasonable=line.get("reasonable") is True,
                words=line.get("words") or "",
            )
        )
    judging.analyse(case=case, analyses=found, by=by, now=now)
    judging.require_all_analysed(case, timezone.localdate(now))


def _is_same(item: models.Item, line: dict[str, Any]) -> bool:
    was = (item.is_authentic, item.is_feasible, item.is_reasonable, item.analysis)
    return item.analysed_at is not None and was == (
        line.get("authentic"),
        line.get("feasible"),
        line.get("reasonable"),
        line.get("words") or "",
    )


def send_question(
    *, subject: subjects.Ref, data: dict[str, Any], by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """The question goes into a talk with the customer; whoever releases lets it go out at once."""
    case = queries.case_of(subject.id)
    item = models.Item.objects.select_related("case").filter(case=case, pk=int(data.get("item") or 0)).first()
    person = _by_person(by, case)
    question = str(data.get("question") or "")
    letter = talking.say(case=case, purpose=Purpose.CLARIFICATION, text=question, by=person, now=now, item=item)
    if letter.state == letters.LetterState.RELEASED:
        talking.note_sent(
            case=case, purpose=Purpose.CLARIFICATION, way=letter.way, sent_at=now, by=person, now=now, item=item
        )


def keep_agreed(*, subject: subjects.Ref, data: dict[str, Any], by: actors.Actor, now: datetime, **_more: Any) -> None:
    """The words agreed in a clarification become new wordings of their items."""
    case = queries.case_of(subject.id)
    there = {item.pk: item for item in models.Item.objects.select_related("case").filter(case=case)}
    thread = (
        letters.Thread.objects.filter(subject_type=case.subject_type, subject_id=case.pk, purpose=Purpose.CLARIFICATION)
        .order_by("pk")
        .last()
    )
    for line in _lines(data, "wording"):
        item = there.get(line.get("item", 0))
        if item is not None:
            items.agree(item=item, text=line.get("text") or "", thread=thread, by=by, now=now, expected=item.version)


# Verdicts, plan, alternatives -----------------------------------------------------------------------------------------


def keep_verdicts(
    *, subject: subjects.Ref, run_id: int, task_id: int | None, by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """What all departments said, item by item, becomes the verdict to each item."""
    case = queries.case_of(subject.id)
    last = _task(task_id)
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
        for line in _lines(task.data, "items")
    ]
    judging.keep_verdicts(case=case, said=said, by=by, now=now)


def issue_plan(
    *, subject: subjects.Ref, parameters: dict[str, Any], by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """The actions of the plan that was made at the step `from`, with persons and dates; and the day we promise."""
    case = queries.case_of(subject.id)
    answer = queries.latest_answer(case.pk, str(parameters.get("from", "plan")))
    lines = [
        planning.Planned(
            what=line["what"],
            person=org.Person.objects.get(pk=line["person"]),
            due_on=date.fromisoformat(line["due_on"]),
            item_id=line.get("item"),
            measure_id=line.get("measure"),
        )
        for line in _lines(answer, "actions")
    ]
    planning.keep_plan(case=case, lines=lines, by=by, now=now)
    talking.promise(case=case, promised_on=_day(answer.get("promised_on")), by=by, now=now)


def keep_alternative(
    *, subject: subjects.Ref, task_id: int | None, data: dict[str, Any], by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """Why an item cannot be met, and what we propose instead."""
    item = _item(queries.case_of(subject.id), task_id)
    judging.propose(
        item=item,
        reason=str(data.get("reason") or ""),
        alternative=str(data.get("alternative") or ""),
        by=by,
        now=now,
        expected=item.version,
    )


def release_alternative(
    *, subject: subjects.Ref, task_id: int | None, by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """The explanation is released by the window; a return for revision releases nothing."""
    if _outcome(task_id) != "release":
        return
    case = queries.case_of(subject.id)
    item = _item(case, task_id)
    talking.say(
        case=case,
        purpose=Purpose.ALTERNATIVE,
        text=alternative_words(item),
        by=_by_person(by, case),
        now=now,
        item=item,
        must_release=True,
    )


def alternative_words(item: models.Item) -> str:
    """The explanation in the customer's language: the words asked, why not, what instead."""
    with translation.override("en" if item.case.customer.language == "en" else "zh-hans"):
        parts = [
            say("Your requirement: %(text)s") % {"text": item.text},
            say("It cannot be met because: %(reason)s") % {"reason": item.condition},
            say("We propose instead: %(alternative)s") % {"alternative": item.alternative},
        ]
    return "\n".join(parts)


def send_alternative(
    *, subject: subjects.Ref, task_id: int | None, by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """The released explanation went out."""
    case = queries.case_of(subject.id)
    talking.note_sent(
        case=case,
        purpose=Purpose.ALTERNATIVE,
        way=letters.Way.MAIL,
        sent_at=now,
        by=_by_person(by, case),
        now=now,
        item=_item(case, task_id),
    )


def keep_progress(
    *, subject: subjects.Ref, task_id: int | None, data: dict[str, Any], by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """An action of the plan was carried out."""
    measure = _measure(queries.case_of(subject.id), task_id)
    planning.finish_measure(measure=measure, remark=str(data.get("what") or ""), by=by, now=now)


def keep_verification(
    *, subject: subjects.Ref, task_id: int | None, data: dict[str, Any], by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """An action of the plan passed verification, or failed it."""
    measure = _measure(queries.case_of(subject.id), task_id)
    passed = _outcome(task_id) == "passed"
    planning.judge_measure(measure=measure, passed=passed, finding=str(data.get("finding") or ""), by=by, now=now)


# Reply, feedback, end -------------------------------------------------------------------------------------------------


def release_reply(
    *, subject: subjects.Ref, task_id: int | None, data: dict[str, Any], by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """The reply is released by the window, with the words as they stand in its form."""
    if _outcome(task_id) != "release":
        return
    case = queries.case_of(subject.id)
    drafted = queries.latest_answer(case.pk, "draft_reply").get("body", "")
    talking.say(
        case=case,
        purpose=Purpose.REPLY,
        text=str(data.get("body") or drafted),
        way=str(data.get("way") or letters.Way.MAIL),
        by=_by_person(by, case),
        now=now,
        must_release=True,
    )


def send_reply(
    *, subject: subjects.Ref, parameters: dict[str, Any], by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """The released reply went out, as its release says when and how."""
    case = queries.case_of(subject.id)
    said = queries.latest_answer(case.pk, str(parameters.get("from", "release_reply")))
    talking.note_sent(
        case=case,
        purpose=Purpose.REPLY,
        way=str(said.get("way") or letters.Way.MAIL),
        sent_at=min(_moment(said.get("sent_at"), now), now),
        by=_by_person(by, case),
        now=now,
    )


def ask_feedback(*, subject: subjects.Ref, by: actors.Actor, now: datetime, **_more: Any) -> None:
    """A fresh feedback link for whoever asked, to be sent with the reply."""
    case = queries.case_of(subject.id)
    closing.make_link(case=case, name=case.said_by, by=_by_person(by, case), now=now)


def remind_customer(*, subject: subjects.Ref, now: datetime, **_more: Any) -> None:
    """The window is told that the customer's answer is overdue, so that they ask again."""
    case = queries.case_of(subject.id)
    people = org.Person.objects.filter(pk__in=plugs.finders.get("customers.window").function(subject, ""))
    if people:
        words = _("The customer's answer is overdue; please remind them: {case}")
        notify.tell(
            people=list(people),
            subject=case,
            kind="customer_overdue",
            words=format_lazy(words, case=case.subject_label),
            now=now,
        )


def keep_lesson(*, subject: subjects.Ref, data: dict[str, Any], by: actors.Actor, now: datetime, **_more: Any) -> None:
    """The completion remark, and the lesson where there is one."""
    case = queries.case_of(subject.id)
    closing.complete(case=case, remark=str(data.get("remark") or ""), by=by, now=now)
    lesson = str(data.get("lesson") or "").strip()
    if lesson:
        families = queries.families_of(list(case.products.all()))
        closing.write_lesson(
            case=case,
            title=case.title,
            text=lesson,
            by=_by_person(by, case),
            now=now,
            tags=str(data.get("tags") or "").replace("，", ",").replace("、", ",").split(","),
            kind=case.kind,
            family=families[0] if families else "",
        )


def archive(*, subject: subjects.Ref, by: actors.Actor, now: datetime, **_more: Any) -> None:
    """From now on the case is read-only."""
    closing.archive(case=queries.case_of(subject.id), by=by, now=now)


for _name, _function, _zh, _en in (
    ("keep_items", keep_items, "保存登记核对的要求项", "keeps the items as checked"),
    ("record_acknowledgement", record_acknowledgement, "记录接收确认", "keeps the receipt"),
    ("keep_analysis", keep_analysis, "保存逐项分析", "keeps the analysis of each item"),
    ("send_question", send_question, "向顾客发出澄清问题", "sends the question"),
    ("keep_agreed", keep_agreed, "保存双方一致的措辞", "keeps the agreed wording"),
    ("keep_verdicts", keep_verdicts, "汇总各部门逐项意见", "adds up the verdicts"),
    ("issue_plan", issue_plan, "下达方案中的措施", "issues the plan's actions"),
    ("keep_alternative", keep_alternative, "保存说明与替代方案", "keeps the alternative"),
    ("release_alternative", release_alternative, "放行说明", "releases the explanation"),
    ("send_alternative", send_alternative, "记录说明已发出", "notes that the explanation went out"),
    ("keep_progress", keep_progress, "记录措施完成", "keeps what was done"),
    ("keep_verification", keep_verification, "记录验证结果", "keeps what verification found"),
    ("release_reply", release_reply, "放行答复", "releases the reply"),
    ("send_reply", send_reply, "记录答复已发出", "notes that the reply went out"),
    ("ask_feedback", ask_feedback, "生成顾客反馈链接", "makes the feedback link"),
    ("remind_customer", remind_customer, "提醒窗口催问顾客", "has the customer reminded"),
    ("keep_lesson", keep_lesson, "保存完成备注与经验教训", "keeps remark and lesson"),
    ("archive", archive, "归档", "archives the case"),
):
    plugs.effects.plug(f"cases.{_name}", _function, zh=_zh, en=_en)
