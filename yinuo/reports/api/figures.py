"""Figures and saved reports: the statistics of a span, what is asked again and again, problem areas, reports kept."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from yinuo.kit import api, rows
from yinuo.org.definition import Permission
from yinuo.reports import forms, models
from yinuo.reports.actions import saving, sending
from yinuo.reports.engine import rhythms
from yinuo.reports.lists import repeats as repeat_lists
from yinuo.reports.queries import areas, repeats, saved, spans, statistics

router = Router(tags=["reports"])
SEE = Permission.REPORTS_SEE
SPAN = {"span", "since", "until", "site"}


class Figures(Schema):
    """What came in the span, as it stands now, and what ended in it. `half` and `ninety`: within how many working
    seconds so large a part ended; null where nothing did."""

    key: str
    name: str
    registered: int
    items: int
    ended: int
    counts: dict[str, int]
    half: float | None
    ninety: float | None
    on_time_share: float | None

    @staticmethod
    def resolve_half(row: Any) -> float | None:
        found: float | None = row.quantile(0.5)
        return found

    @staticmethod
    def resolve_ninety(row: Any) -> float | None:
        found: float | None = row.quantile(0.9)
        return found


class StatisticsOfSpan(Schema):
    """The figures of a span, line by line, and all of them together."""

    since: date
    until: date
    lines: list[Figures]
    total: Figures


class ProblemArea(Schema):
    """A topic, nature, product, customer or department, with its points; `before`: registered in the span before."""

    key: str
    name: str
    counts: dict[str, int]
    before: int
    points: int


class ProblemAreas(Schema):
    """The areas of a span, the heaviest first."""

    since: date
    until: date
    areas: list[ProblemArea]
    points: int


class RepeatLine(Schema):
    """A requirement that was asked more than once, as far as the person sees who asked it."""

    id: int
    title: str
    topics: list[str]
    times: int
    customers: int
    first_at: datetime
    last_at: datetime
    url: str

    @staticmethod
    def resolve_title(row: Any) -> str:
        return str(row.n_title)

    @staticmethod
    def resolve_topics(row: Any) -> list[str]:
        return list(row.n_topics or ())

    @staticmethod
    def resolve_times(row: Any) -> int:
        return int(row.n_times)

    @staticmethod
    def resolve_customers(row: Any) -> int:
        return int(row.n_customers)

    @staticmethod
    def resolve_first_at(row: Any) -> Any:
        return row.n_first

    @staticmethod
    def resolve_last_at(row: Any) -> Any:
        return row.n_last

    @staticmethod
    def resolve_url(row: Any) -> str:
        return str(row.get_absolute_url())


class SavedReport(Schema):
    """What a page of figures shows, under a name. `rhythm`: weekly, monthly or "" (not sent); `next_at` when it is sent
    next."""

    id: int
    name: str
    page: str
    query: str
    owner: api.Named
    rhythm: str
    on_day: int
    at_hour: int
    next_at: datetime | None
    version: int
    url: str

    @staticmethod
    def resolve_url(row: Any) -> str:
        return str(row.get_absolute_url())


class OneSavedReport(SavedReport):
    """A saved report with whom it is shared with and sent to."""

    posts: list[api.Named]
    departments: list[api.Named]
    receivers: list[api.Named]

    @staticmethod
    def resolve_posts(row: Any) -> list[Any]:
        return list(row.posts.order_by("pk"))

    @staticmethod
    def resolve_departments(row: Any) -> list[Any]:
        return list(row.departments.order_by("pk"))

    @staticmethod
    def resolve_receivers(row: Any) -> list[Any]:
        return [each.person for each in saved.receivers(row)]


class NewReport(api.Asked):
    """A page of figures (statistics, statistics_steps, overview) with its query, as it stands in its address."""

    name: str = Field(min_length=1, max_length=60)
    page: Literal["statistics", "statistics_steps", "overview"]
    query: str = Field("", max_length=1000)
    posts: list[int] = Field([], max_length=100)
    departments: list[int] = Field([], max_length=100)


class ChangedReport(api.Asked):
    """Its name, and whom it is shared with; what is left out stays."""

    name: str | None = Field(None, max_length=60)
    posts: list[int] | None = Field(None, max_length=100)
    departments: list[int] | None = Field(None, max_length=100)


class ReportSending(api.Asked):
    """In which rhythm it is sent to whom. `on_day`: of the week (1 Monday) or of the month (31: the last)."""

    rhythm: str = Field(max_length=10)
    on_day: int = 1
    at_hour: int = 8
    people: list[int] = Field([], max_length=sending.MOST)


def _span(request: api.Request, *more: str) -> tuple[spans.Span, int | None]:
    api.refuse_unknown(request, {*SPAN, *more})
    return spans.span_of(request.GET, timezone.localdate()), rows.key_in(request.GET.get("site", ""))


@api.call(router, "GET", "/statistics", SEE, StatisticsOfSpan)
def statistics_of(request: api.Request) -> Any:
    """What came and ended in a span, by `cut`: customer, department, kind or month; at one `site` or all.

    `span`: week, weeks4, month, last_month, quarter, year, or own with `since` and `until` as days or months; else the
    last twelve months.
    """
    span, site = _span(request, "cut")
    cut = request.GET.get("cut", "")
    cut = cut if cut in statistics.CUTS else statistics.CUSTOMER
    found = statistics.statistics(request.user, cut, span.since, span.until, site)
    return {"since": span.since, "until": span.until, "lines": found.lines, "total": found.total}


@api.call(router, "GET", "/problem-areas", SEE, ProblemAreas)
def problem_areas(request: api.Request) -> Any:
    """What weighs most in a span, by `by`: topic, kind, product, customer or department."""
    span, site = _span(request, "by")
    cut = request.GET.get("by", "")
    found = areas.areas(request.user, cut if cut in areas.CUTS else areas.TOPIC, span.since, span.until, site)
    return {"since": span.since, "until": span.until, "areas": found.rows, "points": found.points}


@api.call(router, "GET", "/repeats", SEE, api.Listed[RepeatLine])
def repeated(request: api.Request) -> dict[str, Any]:
    """What is asked again and again."""
    return api.listed(request, repeat_lists.sheet_for(request.user), repeats.repeats(request.user))


# Saved reports --------------------------------------------------------------------------------------------------------


def _look(request: api.Request, key: int) -> models.SavedReport:
    return api.found(saved.reports_of(request.user), pk=key)


def _told(request: api.Request, response: HttpResponse, key: int, *, is_new: bool = False) -> models.SavedReport:
    row = _look(request, key)
    api.tagged(response, row.version, f"/api/v1/saved-reports/{row.pk}" if is_new else "")
    return row


@api.call(router, "GET", "/saved-reports", SEE, list[SavedReport])
def saved_reports(request: api.Request) -> Any:
    """The saved reports that the person may open."""
    return list(saved.reports_of(request.user))


@api.call(router, "GET", "/saved-reports/{int:id}", SEE, OneSavedReport)
def saved_report(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """One saved report."""
    return _told(request, response, id)


@api.call(router, "POST", "/saved-reports", SEE, OneSavedReport, status=201, creates=True)
def report_save(request: api.Request, response: HttpResponse, said: NewReport) -> Any:
    """Keep what a page of figures shows under a name."""

    def create(key: str) -> str:
        cleaned = api.checked(forms.NewReport(api.as_form({**said.dict(exclude={"page", "query"}), "once": key})))
        shared = {name: cleaned[name] for name in ("name", "posts", "departments")}
        made = saving.save_report(page=said.page, query=said.query, by=request.user, now=timezone.now(), **shared)
        return str(made.pk)

    return Status(201, _told(request, response, int(api.create_once(request, create)), is_new=True))


@api.call(router, "PATCH", "/saved-reports/{int:id}", SEE, OneSavedReport, changes=True)
def report_change(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: ChangedReport,
) -> Any:
    """Give one's report another name, or share it."""
    row, version = _look(request, id), api.expected(request)
    as_is = {"name": row.name, "posts": [each.pk for each in row.posts.all()],
             "departments": [each.pk for each in row.departments.all()]}  # fmt: skip
    data = api.as_form({**as_is, **said.dict(exclude_unset=True), "version": version})
    cleaned = api.checked(forms.ChangedReport(data))
    shared = {name: cleaned[name] for name in ("name", "posts", "departments")}
    saving.change_report(report=row, by=request.user, now=timezone.now(), expected=version, **shared)
    return _told(request, response, id)


@api.call(router, "PATCH", "/saved-reports/{int:id}/sending", SEE, OneSavedReport, changes=True)
def report_send_in_rhythm(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: ReportSending,
) -> Any:
    """Say when one's report is sent, and to whom."""
    row, version = _look(request, id), api.expected(request)
    is_weekly = said.rhythm == rhythms.WEEKLY
    days = {"weekday": said.on_day if is_weekly else 1, "month_day": 1 if is_weekly else said.on_day}
    data = {"rhythm": said.rhythm, "at_hour": said.at_hour, "people": said.people, "version": version, **days}
    cleaned = api.checked(forms.SendingForm(api.as_form(data)))
    sending.set_sending(
        report=row, rhythm=cleaned["rhythm"], on_day=cleaned["weekday" if is_weekly else "month_day"] or 1,
        at_hour=cleaned["at_hour"], people=cleaned["people"], by=request.user, now=timezone.now(), expected=version,
    )  # fmt: skip
    return _told(request, response, id)


@api.call(router, "POST", "/saved-reports/{int:id}/send", SEE, OneSavedReport, creates=True)
def report_send(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """Send the report to oneself now."""
    row = _look(request, id)

    def act(_key: str) -> str:
        return str(sending.send_me_one(report=row, by=request.user, now=timezone.now()).pk)

    api.create_once(request, act)
    return _told(request, response, id)


@api.call(router, "POST", "/saved-reports/{int:id}/delete", SEE, OneSavedReport, changes=True)
def report_delete(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """Delete one's report; nobody is sent it any more. It is answered as it was."""
    row = _look(request, id)
    saving.delete_report(report=row, by=request.user, now=timezone.now(), expected=api.expected(request))
    api.tagged(response, row.version)
    return row
