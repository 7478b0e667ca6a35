"""Under way."""

from django.http import HttpResponse
from django.shortcuts import render

from yinuo.kit import pages
from yinuo.org.definition import Permission


@pages.page(Permission.REPORTS_SEE)
def overview(request: pages.Request) -> HttpResponse:
    return render(request, "reports/rows.html", {})
