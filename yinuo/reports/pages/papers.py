"""Pages of figures on the company's paper: as they are shown, or as they were saved."""

from django.http import Http404, HttpResponse
from django.utils import timezone

from yinuo.kit import pages, plugs, printing
from yinuo.org.definition import Permission
from yinuo.reports import models
from yinuo.reports.pages import saved as saved_pages
from yinuo.reports.pages import told
from yinuo.reports.queries import saved


@pages.page(Permission.REPORTS_SEE)
def paper(request: pages.Request) -> HttpResponse:
    """What a page shows, as PDF."""
    page = request.GET.get("page", "")
    if page not in models.SavedReport.Page.values:
        raise Http404
    return _answer(request, page, saved.normal(request.GET.get("query", "")), "")


@pages.page(Permission.REPORTS_SEE)
def saved_paper(request: pages.Request, pk: int) -> HttpResponse:
    """A saved report as PDF."""
    report = saved_pages.look(request, pk)
    return _answer(request, report.page, report.query, report.name)


def _answer(request: pages.Request, page: str, query: str, name: str) -> HttpResponse:
    now = timezone.now()
    it = told.told(request.user, page, query, now)
    title, filters = name or it.title, f"{it.span}; {it.place}"
    rows = sum(len(grid.lines) for grid in it.grids)
    plugs.announce("kit.exported", title=title, url=request.path, rows=rows, filters=filters, by=request.user, now=now)
    made = told.paper_of(it, name, request.user, now)
    return printing.answer(made, f"{title}_{timezone.localdate(now):%Y-%m-%d}")
