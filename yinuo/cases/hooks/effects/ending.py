"""Reply, feedback, completion, archive."""

from datetime import datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from yinuo.cases.actions import closing, talking
from yinuo.cases.hooks.effects import reading
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import course as course_queries
from yinuo.cases.queries import lessons as lesson_queries
from yinuo.kit import actors, plugs, subjects
from yinuo.letters import models as letters
from yinuo.notify import actions as notify
from yinuo.org import models as org


def release_reply(
    *, subject: subjects.Ref, task_id: int | None, data: dict[str, Any], by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """The reply is released by whoever may, with the words as they stand in its form and the files of its draft."""
    if reading.outcome(task_id) != "release":
        return
    case = case_queries.case_of(subject.id)
    drafted = course_queries.latest_answer(case.pk, "draft_reply")
    way, sent_at = reading.sending(data, now)
    letter = talking.say(
        case=case,
        purpose=letters.Purpose.REPLY,
        text=str(data.get("body") or drafted.get("body", "")),
        way=way,
        sent_at=sent_at,
        by=reading.by_person(by, case),
        now=now,
        must_release=True,
    )
    tokens = [file["token"] for file in drafted.get("attachments") or []]
    talking.enclose(letter=letter, case=case, tokens=tokens, by=by, now=now)


def send_reply(
    *, subject: subjects.Ref, parameters: dict[str, Any], by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """The released reply went out, as its release says when and how."""
    case = case_queries.case_of(subject.id)
    said = course_queries.latest_answer(case.pk, str(parameters.get("from", "release_reply")))
    way, sent_at = reading.sending(said, now)
    talking.note_sent(
        case=case, purpose=letters.Purpose.REPLY, way=way, sent_at=sent_at, by=reading.by_person(by, case), now=now
    )


def ask_feedback(*, subject: subjects.Ref, by: actors.Actor, now: datetime, **_more: Any) -> None:
    """A fresh feedback link for whoever asked, to be sent with the reply."""
    case = case_queries.case_of(subject.id)
    closing.make_link(case=case, name=case.said_by, by=reading.by_person(by, case), now=now)


def remind_customer(*, subject: subjects.Ref, now: datetime, **_more: Any) -> None:
    """The window is told that the customer's answer is overdue, so that they ask again."""
    case = case_queries.case_of(subject.id)
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
    case = case_queries.case_of(subject.id)
    closing.complete(case=case, remark=str(data.get("remark") or ""), by=by, now=now)
    lesson = str(data.get("lesson") or "").strip()
    if lesson:
        families = lesson_queries.families_of(list(case.products.all()))
        closing.write_lesson(
            case=case,
            title=case.title,
            text=lesson,
            by=reading.by_person(by, case),
            now=now,
            tags=str(data.get("tags") or "").replace("，", ",").replace("、", ",").split(","),
            kind=case.kind,
            family=families[0] if families else "",
        )


def archive(*, subject: subjects.Ref, by: actors.Actor, now: datetime, **_more: Any) -> None:
    """From now on the case is read-only."""
    closing.archive(case=case_queries.case_of(subject.id), by=by, now=now)


for _name, _function, _zh, _en in (
    ("release_reply", release_reply, "放行答复", "releases the reply"),
    ("send_reply", send_reply, "记录答复已发出", "notes that the reply went out"),
    ("ask_feedback", ask_feedback, "生成顾客反馈链接", "makes the feedback link"),
    ("remind_customer", remind_customer, "提醒窗口催问顾客", "has the customer reminded"),
    ("keep_lesson", keep_lesson, "保存完成备注与经验教训", "keeps remark and lesson"),
    ("archive", archive, "归档", "archives the case"),
):
    plugs.effects.plug(f"cases.{_name}", _function, zh=_zh, en=_en)
