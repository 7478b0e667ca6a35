"""What reports plug into the rooms below: listeners that keep the tallies, and the menu."""

from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.cases import models as cases
from yinuo.kit import actors, bulk, plugs, subjects
from yinuo.kit import forms as kit_forms
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.org.forms import fields as org_fields
from yinuo.procedures import models as procedures
from yinuo.procedures.actions import handing
from yinuo.reports import access, lists, models
from yinuo.reports.actions import accounting, counting, giving, repeating, saving, sending
from yinuo.reports.pages import mailing
from yinuo.reports.queries import counted, places, repeats


def rescoped(*, type: str, id: int, **more: Any) -> None:  # noqa: A002 - the event's words
    """Whoever rescopes a case says where it was: the tallies know sums, not cases."""
    if type == counted.SUBJECT:
        counting.note_rescoped(case_id=id, was=more["was"])
        accounting.rescoped(case_id=id)
        repeating.rescoped(case_id=id)


def ended_or_reopened(*, case_id: int, was: Any, then: Any) -> None:
    counting.note_ended_or_reopened(case_id=case_id, was=was, then=then)
    accounting.note(case_id=case_id, is_reopened=was[0] is not None and then[0] is None)


def tasks_moved(*, run: Any, opened: Any, closed: Any, **_more: Any) -> None:
    counting.note_tasks(run=run, opened=opened, closed=closed)


def reassign(
    *, row: procedures.Task, by: org.Person, now: datetime, expected: int, to: org.Person, reason: str
) -> None:
    """Hand a task over for good."""
    handing.reassign(task=row, to=to, reason=reason, by=by, now=now, expected=expected)


def remind(*, row: procedures.Task, by: org.Person, now: datetime, expected: int) -> None:
    """Urge whoever has the task."""
    bulk.require_seen(row, expected)
    handing.remind(task=row, by=by, now=now)


def _to_whom(person: org.Person) -> dict[str, forms.Field]:
    reason = kit_forms.Text(label=_("Reason"), max_length=300, widget=kit_forms.TextArea(2))
    return {"to": org_fields.PersonField(label=_("Reassign to")), "reason": reason}


def _tasks(person: org.Person) -> Any:
    open_tasks = procedures.Task.objects.filter(closed_at=None, kind__in=counted.KINDS)
    return places.here(open_tasks.select_related("run__procedure", "holder", "post"), person, None)


_TASKS: dict[str, Any] = {
    "rows": _tasks,
    "sheet": lambda _person: lists.tasks_at(timezone.now()),
    "permission": Permission.PROCEDURES_STEER,
    "label": lambda task: f"{task.title} · {task.subject_label}",
}
plugs.bulk.plug("tasks/reassign", reassign, zh="转办", en="Reassign", fields=_to_whom, icon="user-share", **_TASKS)
plugs.bulk.plug("tasks/urge", remind, zh="催办", en="Send reminder", icon="bell-ringing", **_TASKS)


def asked_before(subject: subjects.Ref, person: org.Person) -> str | None:
    """What of a request was asked before, on its page."""
    if not repeats.was_asked_before(person, subject.id):
        return None
    number = cases.Case.objects.values_list("number", flat=True).get(pk=subject.id)
    return reverse("reports:asked_before", args=[number])


plugs.panels.plug("cases.case/asked_before", asked_before, zh="以前问过", en="Asked before", icon="repeat")


def saved_back(*, by: org.Person, now: datetime, report: int, next_at: str | None) -> None:
    """Undo: a saved report that was deleted is there again, and is sent as before."""
    row = models.SavedReport.objects.get(pk=report)
    saving.restore_report(report=row, next_at=datetime.fromisoformat(next_at) if next_at else None, by=by, now=now)


def wanted_after_all(*, by: org.Person, now: datetime, report: int) -> None:
    """Undo: a report that one did not want any more is sent to one again."""
    sending.come_back(report=models.SavedReport.objects.get(pk=report), by=by, now=now)


def may_read_report(report_id: int, person: org.Person) -> bool:
    """Whether somebody may read the trail of a saved report: whoever may open it."""
    return access.may_open(person, report_id)


def person_left(*, person_id: int, by: actors.Actor, now: datetime, **_more: Any) -> None:
    giving.stop_of(person_id=person_id, by=by, now=now)


plugs.duties.plug(
    "reports.saved", giving.reports_in_hand, zh="定期发送的报表", en="Reports that are sent", give=giving.give_report,
    order=80, sees=Permission.REPORTS_SEE, needs=Permission.REPORTS_SEE,
    counted=("{n} 份定期发送的报表", "{n} report that is sent", "{n} reports that are sent"),
)  # fmt: skip
plugs.events.plug("org.person_left/reports", person_left)
plugs.undos.plug("reports.saved", saved_back, zh="移除已存报表", en="a saved report was deleted")
plugs.undos.plug("reports.left", wanted_after_all, zh="不再接收报表", en="a report was not wanted any more")
plugs.guards.plug("reports.savedreport", may_read_report, zh="已存报表的操作记录", en="A saved report's trail")
plugs.enclosures.plug("reports.sending", mailing.enclosed, zh="定期报表邮件", en="Mail of a saved report")
plugs.events.plug("cases.opened/reports", counting.note_opened)
plugs.events.plug("cases.ended_or_reopened/reports", ended_or_reopened)
plugs.events.plug("cases.taken_over/reports", counting.note_taken_over)
plugs.events.plug("procedures.tasks_moved/reports", tasks_moved)
plugs.events.plug("kit.rescoped/reports", rescoped)
plugs.menu.plug(
    "reports", lambda person: 0, zh="管理看板", en="Overview", permission=Permission.REPORTS_SEE, icon="chart-bar",
    url="reports:overview", order=15,
)  # fmt: skip
