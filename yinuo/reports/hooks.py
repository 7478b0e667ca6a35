"""What reports plug into the rooms below: listeners that keep the tallies, and the menu."""

from typing import Any

from yinuo.kit import plugs
from yinuo.org.definition import Permission
from yinuo.reports.actions import counting
from yinuo.reports.queries import counted


def rescoped(*, type: str, id: int, **more: Any) -> None:  # noqa: A002 - the event's words
    """Whoever rescopes a case says where it was: the tallies know sums, not cases."""
    if type == counted.SUBJECT:
        counting.note_rescoped(case_id=id, was=more["was"])


def tasks_moved(*, run: Any, opened: Any, closed: Any, **_more: Any) -> None:
    counting.note_tasks(run=run, opened=opened, closed=closed)


plugs.events.plug("cases.opened/reports", counting.note_opened)
plugs.events.plug("cases.ended_or_reopened/reports", counting.note_ended_or_reopened)
plugs.events.plug("procedures.tasks_moved/reports", tasks_moved)
plugs.events.plug("kit.rescoped/reports", rescoped)
plugs.menu.plug(
    "reports", lambda person: 0, zh="管理看板", en="Overview", permission=Permission.REPORTS_SEE, icon="chart-bar",
    url="reports:overview", order=15,
)  # fmt: skip
