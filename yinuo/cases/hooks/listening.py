"""What cases do when something happens in the rooms below."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from yinuo.cases import models
from yinuo.cases.actions import following, items, originals, steering, talking
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import files as file_queries
from yinuo.kit import actors, plugs, subjects
from yinuo.letters import models as letters
from yinuo.procedures import models as procedures
from yinuo.procedures.actions import running
from yinuo.search import actions as search


def run_moved(
    *, run: procedures.Run, subject: subjects.Ref, tasks: Any, by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """A run has moved: its case shows where it stands."""
    if subject.type == models.Case.subject_type:
        following.follow(run, tasks=tasks, by=by, now=now)


def talk_settled(
    *, subject: subjects.Ref, thread: letters.Thread, by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """A clarification has its outcome: a new wording of the item it was about; whoever waits for it goes on."""
    if thread.purpose != letters.Purpose.CLARIFICATION or subject.type not in ("cases.case", "cases.item"):
        return
    if subject.type == "cases.item":
        item = models.Item.objects.select_related("case").get(pk=subject.id)
        case, found = item.case, [item]
    else:
        case = case_queries.case_of(subject.id)
        found = list(models.Item.objects.select_related("case").filter(case=case, withdrawn_at=None))
    if len(found) == 1 and case.is_open:
        items.agree(item=found[0], text=thread.outcome, thread=thread, by=by, now=now, expected=found[0].version)
    if case.is_open:
        running.happened(subject=case, event="cases.clarified", by=by, now=now)


def letter_sent(
    *, subject: subjects.Ref, letter: letters.Letter, by: actors.Actor, now: datetime, **_more: Any
) -> None:
    """A letter went out, by mail or another way: if it answers the request, the customer is told since then."""
    if subject.type == models.Case.subject_type and letter.is_answer and letter.said_at is not None:
        talking.answer(case=case_queries.case_of(subject.id), at=letter.said_at, by=by, now=now)


def file_came(*, subject: subjects.Ref, by: actors.Actor, now: datetime, **_more: Any) -> None:
    """A file on a case whose original was missing: it is missing no longer. One on a part is found under the case."""
    if subject.type == models.Case.subject_type:
        case = models.Case.objects.exclude(no_original="").filter(pk=subject.id).first()
        if case is not None:
            originals.found(case=case, by=by, now=now)
    part_changed(subject=subject)


def part_changed(*, subject: subjects.Ref, **_more: Any) -> None:
    """A file on a part of a case came or is void: its name is found under the case, or no more."""
    case_id = file_queries.case_of_part(subject)
    if case_id is not None:
        search.refresh(models.Case.subject_type, [case_id])


def rescoped(*, type: str, id: int, scope_id: int | None, **_more: Any) -> None:  # noqa: A002
    """A customer, project or product became confidential or open: its cases follow."""
    which = {
        "customers.customer": Q(customer=id),
        "customers.project": Q(project=id),
        "customers.product": Q(products=id),
    }.get(type)
    if which is not None:
        found = models.Case.objects.filter(which).select_related("customer", "project").distinct()
        steering.rescope(cases=list(found), by=actors.PROGRAM, now=timezone.now())


plugs.happenings.plug("cases.clarified", lambda: (), zh="顾客已澄清", en="the customer has answered")
plugs.happenings.plug(
    "cases.feedback_received", lambda: ("satisfied",), zh="收到顾客反馈", en="the customer has given feedback"
)
plugs.events.plug("procedures.run_moved/cases", run_moved)
plugs.events.plug("letters.outcome/cases", talk_settled)
plugs.events.plug("letters.sent/cases", letter_sent)
plugs.events.plug("records.attached/cases", file_came)
plugs.events.plug("records.voided/cases", part_changed)
plugs.events.plug("kit.rescoped/cases", rescoped)
