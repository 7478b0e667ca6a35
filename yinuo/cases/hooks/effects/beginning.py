"""Registration, receipt, analysis, clarification."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from yinuo.cases import models, rules
from yinuo.cases.actions import items, judging, originals, talking
from yinuo.cases.hooks.effects import reading
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import competence as competence_queries
from yinuo.kit import actors, plugs, subjects
from yinuo.letters import models as letters
from yinuo.notify import actions as notify
from yinuo.org import models as org

Purpose = letters.Purpose


def keep_items(
    *, subject: subjects.Ref, task_id: int | None, data: dict[str, Any], by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """Nature, reach, owner and due day of the items, as checked at registration; where its original is; or why not."""
    case = case_queries.case_of(subject.id)
    if reading.outcome(task_id) == "decline":
        talking.decline(case=case, reason=str(data.get("decline_reason") or ""), by=by, now=now)
        return
    if data.get("original_kept") is not None:
        reason = "" if data["original_kept"] else str(data.get("no_original") or "")
        originals.settle(case=case, is_kept=data["original_kept"] is True, reason=reason, by=by, now=now)
    there = {item.pk: item for item in models.Item.objects.select_related("case").filter(case=case)}
    for line in reading.lines(data, "items"):
        item = there.get(line.get("item", 0))
        if item is not None:
            items.describe(
                item=item,
                by=by,
                now=now,
                expected=item.version,
                kind=line.get("kind") or item.kind,
                **_reach(line, item),
                owner=org.Person.objects.filter(pk=int(line.get("owner") or 0)).first(),
                due_on=reading.day(line.get("due_on")),
            )


def _reach(line: dict[str, Any], item: models.Item) -> dict[str, Any]:
    """How far the item reaches, where the line says it: which product or site of the case."""
    if not line.get("applies"):
        return {}
    applies, key = rules.reach(str(line["applies"]))
    is_site, is_product = applies == models.Applies.SITE, applies == models.Applies.PRODUCT
    return {
        "applies": applies,
        "product": item.case.products.filter(pk=key or item.product_id or 0).first() if is_product else None,
        "site": org.Site.objects.filter(pk=key or item.site_id or 0).first() if is_site else None,
    }


def ask_analysts(*, subject: subjects.Ref, task_id: int | None, by: actors.Actor, now: datetime, **_more: Any) -> None:
    """Those are told who must analyse what the holder of the step is not competent in, with the items concerned."""
    case, step = case_queries.case_of(subject.id), reading.task(task_id)
    holder = step.holder if step is not None else None
    waiting = [item for item in case_queries.standing_items(case) if item.analysed_at is None]
    competence = competence_queries.competence_for({item.kind for item in waiting}, timezone.localdate(now))
    wanted: dict[org.Person, list[str]] = defaultdict(list)
    for item in waiting:
        needed = competence[item.kind]
        if holder is None or not needed.covers(holder):
            for person in needed.people:
                wanted[person].append(str(item.position))
    for person, numbers in wanted.items():
        if person != holder:
            words = format_lazy(_("Please analyse item {n}: {case}"), n="、".join(numbers), case=case.subject_label)
            notify.tell(people=[person], subject=case, kind="analysis_wanted", words=words, now=now)


def record_acknowledgement(
    *, subject: subjects.Ref, data: dict[str, Any], by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """When, how and to whom receipt was confirmed."""
    talking.acknowledge(
        case=case_queries.case_of(subject.id),
        at=reading.moment(data.get("sent_at"), now),
        way=str(data.get("way") or ""),
        to_whom=str(data.get("to_whom") or ""),
        by=by,
        now=now,
    )


def keep_analysis(
    *, subject: subjects.Ref, data: dict[str, Any], by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """The analysis of each item, by somebody competent in it; what others analysed already stays theirs."""
    case = case_queries.case_of(subject.id)
    there = {item.pk: item for item in case_queries.standing_items(case)}
    found = []
    for line in reading.lines(data, "items"):
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
    """The question goes into a talk with the customer; whoever releases has sent it, as the form says when and how."""
    case = case_queries.case_of(subject.id)
    item = models.Item.objects.select_related("case").filter(case=case, pk=int(data.get("item") or 0)).first()
    person = reading.by_person(by, case)
    question = str(data.get("question") or "")
    way, sent_at = reading.sending(data, now)
    letter = talking.say(
        case=case, purpose=Purpose.CLARIFICATION, text=question, way=way, sent_at=sent_at, by=person, now=now, item=item
    )
    if letter.state == letters.LetterState.RELEASED:
        talking.note_sent(
            case=case, purpose=Purpose.CLARIFICATION, way=way, sent_at=sent_at, by=person, now=now, item=item
        )


def keep_agreed(*, subject: subjects.Ref, data: dict[str, Any], by: actors.Actor, now: datetime, **_more: Any) -> None:
    """The words agreed in a clarification become new wordings of their items."""
    case = case_queries.case_of(subject.id)
    there = {item.pk: item for item in models.Item.objects.select_related("case").filter(case=case)}
    thread = (
        letters.Thread.objects.filter(subject_type=case.subject_type, subject_id=case.pk, purpose=Purpose.CLARIFICATION)
        .order_by("pk")
        .last()
    )
    for line in reading.lines(data, "wording"):
        item = there.get(line.get("item", 0))
        if item is not None:
            items.agree(item=item, text=line.get("text") or "", thread=thread, by=by, now=now, expected=item.version)


for _name, _function, _zh, _en in (
    ("keep_items", keep_items, "保存登记核对的要求项", "keeps the items as checked"),
    ("record_acknowledgement", record_acknowledgement, "记录接收确认", "keeps the receipt"),
    ("ask_analysts", ask_analysts, "通知其他须参与分析的人员", "asks the other people competent to analyse"),
    ("keep_analysis", keep_analysis, "保存逐项分析", "keeps the analysis of each item"),
    ("send_question", send_question, "向顾客发出澄清问题", "sends the question"),
    ("keep_agreed", keep_agreed, "保存双方一致的措辞", "keeps the agreed wording"),
):
    plugs.effects.plug(f"cases.{_name}", _function, zh=_zh, en=_en)
