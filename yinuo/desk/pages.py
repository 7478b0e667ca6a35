"""My work: the page on which the day begins."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from yinuo.desk import lists, queries
from yinuo.kit import lists as kit_lists
from yinuo.kit import pages
from yinuo.procedures.queries import runs as run_queries
from yinuo.procedures.queries import tasks as task_queries

TABS = {
    "done": (task_queries.done_by, lists.DONE),
    "started": (run_queries.started_by, lists.STARTED),
    "copied": (run_queries.copied_to, lists.COPIED),
}


@pages.page(pages.SIGNED_IN)
def work(request: pages.Request) -> HttpResponse:
    """What waits for me, in one sentence and four groups; what I did, started and got to know behind tabs."""
    person = request.user
    now = timezone.now()
    tab = request.GET.get("tab", "")
    mine = queries.work_of(person, now)
    url = reverse("desk:work")
    context: dict[str, Any] = {
        "sentence": sentence_of(mine),
        "tabs": [
            ("todo", _("To do"), mine.count, url),
            ("done", pgettext("tab", "Done"), 0, f"{url}?tab=done"),
            ("started", _("Started by me"), 0, f"{url}?tab=started"),
            ("copied", _("Copied to me"), 0, f"{url}?tab=copied"),
        ],
        "current": tab if tab in TABS else "todo",
        "now": now,
    }
    if tab in TABS:
        rows, sheet = TABS[tab]
        context["page"] = kit_lists.page_of(sheet, rows(person), request.GET, person=person)
    else:
        words = {"overdue": _("Overdue"), "today": _("Today"), "week": _("This week"), "later": _("Later")}
        context["watched"] = mine
        context["groups"] = [(name, words[name], rows) for name, rows in mine.groups.items() if rows]
    return render(request, "desk/work.html", context)


def sentence_of(work: queries.Work) -> str:
    """「3 项今天到期，1 项已逾期 2 个工作日」 — what the page answers."""
    late, today = len(work.groups["overdue"]), len(work.groups["today"])
    parts = []
    if late:
        if work.overdue_days:
            parts.append(
                ngettext(
                    "%(n)s task is overdue, by up to %(days)s working days",
                    "%(n)s tasks are overdue, by up to %(days)s working days",
                    late,
                )
                % {"n": late, "days": work.overdue_days}
            )
        else:
            parts.append(ngettext("%(n)s task is overdue", "%(n)s tasks are overdue", late) % {"n": late})
    if today:
        parts.append(ngettext("%(n)s task is due today", "%(n)s tasks are due today", today) % {"n": today})
    if work.watched:
        said = ngettext(
            "%(n)s portal or page is to be looked at", "%(n)s portals or pages are to be looked at", work.watched
        )
        parts.append(said % {"n": work.watched})
    if parts:
        return _("%(what)s.") % {"what": _(", ").join(parts)}
    if work.count:
        return ngettext(
            "Nothing is due today; %(n)s task is open.", "Nothing is due today; %(n)s tasks are open.", work.count
        ) % {"n": work.count}
    return _("Nothing waits for you.")
