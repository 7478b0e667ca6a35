"""The saved reports of a page as it offers them: those there are, the one it shows, and saving what it shows."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from yinuo.kit import pages
from yinuo.reports.queries import saved


def context(request: pages.Request, page: str) -> dict[str, Any]:
    """What `reports/parts/saved.html` needs."""
    query = saved.normal(request.META.get("QUERY_STRING", ""))
    reports = [each for each in saved.reports_of(request.user) if each.page == page]
    return {
        "reports": reports,
        "shown_report": next((each for each in reports if each.query == query), None),
        "save_url": f"{reverse('reports:saved_new')}?{urlencode({'page': page, 'query': query})}",
        "paper_url": f"{reverse('reports:paper')}?{urlencode({'page': page, 'query': query})}",
        "own_id": request.user.pk,
    }
