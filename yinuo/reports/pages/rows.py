"""The rows behind the figures."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from yinuo.cases import lists as cases_lists
from yinuo.cases import models as cases
from yinuo.kit import lists as kit_lists
from yinuo.kit import pages
from yinuo.org.definition import Permission
from yinuo.reports import lists
from yinuo.reports.queries import places


@pages.page(Permission.REPORTS_SEE)
def requests(request: pages.Request) -> HttpResponse:
    """Requests by what happened, or is due, when."""
    what = request.GET.get("what", "")
    rows = cases_lists.case_rows(places.here(cases.Case.objects.all(), request.user, None))
    sheet = lists.requests_at(timezone.now(), what)
    page = kit_lists.page_of(sheet, rows, request.GET, person=request.user)
    return render(
        request,
        "reports/requests.html",
        {"page": page, "what": lists.WHAT[what][0] if page.chosen["what"] in lists.WHAT else ""},
    )


@pages.page(Permission.REPORTS_SEE)
def tasks(request: pages.Request) -> HttpResponse:
    """Open tasks by step, person, post."""
    rows = lists.live_tasks(request.user)
    page = kit_lists.page_of(lists.tasks_at(timezone.now()), rows, request.GET, person=request.user)
    return render(request, "reports/tasks.html", {"page": page})
