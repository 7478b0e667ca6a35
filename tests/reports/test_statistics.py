"""The statistics say what the rows say: each figure equals the rows that it leads to, whatever happened."""

import html
import io
import random
import re
from datetime import date, timedelta
from zipfile import ZipFile

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import cast
from tests.cases import story as stories
from tests.cases.story import Story
from tests.reports import test_counting
from tests.reports.conftest import registered
from yinuo.cases import models as cases
from yinuo.cases.actions import steering
from yinuo.customers import models as customers
from yinuo.kit import actors
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.reports import jobs, models, rules
from yinuo.reports.actions import accounting
from yinuo.reports.definition import BUCKET_HOURS, Account, Key, Measure, Result, Standing, Sum
from yinuo.reports.queries import accounted, bottlenecks, statistics

MARCH = date(2026, 3, 1)
LINK = re.compile(r'<a href="([^"]+)"[^>]*>([\d,]+)</a>')


def counted(story: Story) -> None:
    while accounting.count_changed(by=actors.PROGRAM, now=story.now):
        pass


def differences() -> dict[Key, Sum]:
    return rules.difference(accounted.recount(), accounted.told())


def of(who: org.Person, cut: str = "customer") -> statistics.Statistics:
    return statistics.statistics(stories.fresh(who), cut, MARCH, date(2026, 3, 31))


@pytest.fixture
def lived(working: cast.Company, svw: customers.Customer) -> Story:
    """Three requests of two customers: one terminated, one begun, one new."""
    other = stories.customer(working, "BYD", "比亚迪（示例）")
    ended = Story(working, registered(working, svw, stories.NOW))
    steering.terminate(case=ended.refreshed(), reason="撤回", by=ended.person("zhou"), now=ended.tick(days=1))
    begun = Story(working, registered(working, other, ended.now), now=ended.now)
    begun.accept()
    registered(working, svw, begun.now)
    counted(begun)
    return begun


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_the_tallies_say_what_a_recount_says(story: Story, seed: int) -> None:
    """Some acts, a visit of the clock, more acts: in the end both agree, and no part of a sum stays by itself."""
    at, done = random.Random(seed), 0
    for _turn in range(16):
        if at.random() < 0.3:
            jobs.roll_up()
            assert differences() == {}
        try:
            at.choice(test_counting.ACTS)(story, at)
            done += 1
        except test_counting.REFUSED:
            continue
    jobs.roll_up()
    assert differences() == {}
    assert done > 4
    assert not models.Tally.objects.filter(is_rolled=False).exists()


def test_what_came_and_what_ended(lived: Story) -> None:
    found = of(lived.company.zhou)
    assert [(line.name, line.registered, line.items) for line in found.lines] == [
        ("上汽大众（示例）", 2, 6),
        ("比亚迪（示例）", 1, 3),
    ]
    first, second = found.lines
    assert (first.counts[Standing.SOLVED], first.counts[Standing.PENDING], first.counts[Result.TERMINATED]) == (1, 1, 1)
    assert (second.counts[Standing.DOING], second.ended, second.quantile(0.5)) == (1, 0, None)
    assert (found.total.registered, found.total.ended) == (3, 1)
    [department] = of(lived.company.zhou, "department").lines
    assert department.name == org.Holding.objects.get(person=lived.company.wang).post.department.name
    assert [line.key for line in of(lived.company.zhou, "month").lines] == ["2026-03"]


@pytest.mark.parametrize("cut", list(statistics.CUTS))
def test_every_figure_equals_the_rows_it_leads_to(client: Client, lived: Story, cut: str) -> None:
    client.force_login(lived.company.zhou)
    with time_machine.travel(lived.now, tick=False):
        page = client.get(reverse("reports:statistics"), {"cut": cut, "span": "quarter"}).content.decode()
        links = LINK.findall(page)
        assert len(links) > 8
        for url, number in links:
            rows = client.get(html.unescape(url)).context["page"]
            assert rows.total == int(number.replace(",", "")), url
            assert all(rows.chosen[key] for key in ("since", "until")), url


@pytest.mark.parametrize("span", ["span=week", "span=weeks4", "span=own&since=2026-02-20&until=2026-03-03"])
@pytest.mark.parametrize("cut", list(statistics.CUTS))
def test_figures_of_some_days_equal_their_rows_too(client: Client, lived: Story, cut: str, span: str) -> None:
    client.force_login(lived.company.zhou)
    with time_machine.travel(lived.now, tick=False):
        page = client.get(f"{reverse('reports:statistics')}?cut={cut}&{span}").content.decode()
        links = LINK.findall(page)
        assert len(links) > 6
        for url, number in links:
            rows = client.get(html.unescape(url)).context["page"]
            assert rows.total == int(number.replace(",", "")), url


def test_a_month_is_the_sum_of_its_days(lived: Story) -> None:
    def told(first: date, last: date) -> tuple[int, ...]:
        line = statistics.statistics(stories.fresh(lived.company.zhou), "kind", first, last).total
        return line.registered, line.ended, line.items, line.counts[Standing.SOLVED]

    whole = told(MARCH, date(2026, 3, 31))
    days = [told(day, day) for day in (MARCH + timedelta(days=n) for n in range(31))]
    assert sum(any(day) for day in days) > 1
    assert tuple(map(sum, zip(*days, strict=True))) == whole
    assert told(date(2026, 2, 10), date(2026, 4, 5)) == whole
    assert told(date(2026, 2, 1), date(2026, 2, 28)) == (0, 0, 0, 0)


def test_every_step_equals_the_tasks_it_leads_to(client: Client, lived: Story) -> None:
    lived.acknowledge()
    lived.tick(days=7)
    lived.analyse()
    client.force_login(lived.company.zhou)
    with time_machine.travel(lived.now, tick=False):
        rows = client.get(reverse("reports:statistics_steps"), {"span": "month"}).context["rows"]
        assert [row.count for row in rows] == [1, 1, 1]
        for row in rows:
            assert client.get(row.url).context["page"].total == row.count
    found = bottlenecks.steps(stories.fresh(lived.company.zhou), date(2026, 3, 2), date(2026, 3, 30))
    assert found[0].key == "s5/analyse"
    assert sum(step.seconds for step in found) == sum(
        row.seconds for row in models.Tally.objects.filter(measure=Measure.WORKED)
    )


def test_how_a_request_ended() -> None:
    def said(*items: tuple[str, str, str], merged: bool = False, terminated: bool = False) -> str:
        return rules.result_of(is_merged=merged, is_terminated=terminated, items=items)

    assert said(("can", "", ""), ("not_concerned", "", "")) == Result.ASKED
    assert said(("can", "", ""), ("cannot", "600 h", "accepted")) == Result.ALTERNATIVE
    assert said(("conditional", "600 h", "")) == Result.ALTERNATIVE
    assert said(("can", "", ""), ("cannot", "600 h", "rejected")) == Result.REFUSED
    assert said(("cannot", "", ""), terminated=True) == Result.TERMINATED
    assert said(("can", "", ""), terminated=True, merged=True) == Result.MERGED


@pytest.mark.django_db
def test_on_time_goes_by_what_the_customer_was_told() -> None:
    """By the day promised, else asked for, else due inside; the day counts, not when the request was archived."""
    calendar = org_queries.calendar(None)
    told_at, day = stories.NOW, stories.NOW.date()
    none = {"promised_on": None, "wanted_on": None, "due_at": None}
    row = {"answered_at": told_at, "ended_at": told_at + timedelta(days=9), **none}
    late = day - timedelta(days=1)
    assert accounted._timely(row, calendar) == ""
    assert accounted._timely({**row, "due_at": told_at - timedelta(hours=1)}, calendar) == "late"
    assert accounted._timely({**row, "due_at": told_at, "wanted_on": late}, calendar) == "late"
    assert accounted._timely({**row, "wanted_on": late, "promised_on": day}, calendar) == "on_time"
    assert accounted._timely({**row, "answered_at": None, "promised_on": day}, calendar) == "late"


def test_times_are_of_what_was_answered() -> None:
    """What waited for the customer stands apart; a terminated one counts for neither."""
    answered = Account(
        month=MARCH, customer_id=1, department_id=None, kind="technical", site_id=1, scope_id=None, items=2,
        standing=Standing.SOLVED, ended_month=MARCH, result=Result.ASKED, seconds=5400, held_seconds=7200,
        timely="on_time",
    )  # fmt: skip
    sums = rules.of_account(answered)
    mine = {key.what: (key.bucket, each) for key, each in sums.items() if key.measure == Measure.BY_CUSTOMER}
    assert mine == {
        "solved/1": (0, Sum(1)),
        "items/1": (0, Sum(2)),
        "asked/1": (0, Sum(1)),
        "took/1": (BUCKET_HOURS.index(2), Sum(1, 5400)),
        "held/1": (0, Sum(1, 7200)),
        "on_time/1": (0, Sum(1)),
    }
    line = statistics.Line("1")
    for key, each in sums.items():
        if key.measure == Measure.BY_CUSTOMER:
            line.take(key.what.partition("/")[0], key.bucket, each)
    assert (line.ended, line.on_time_share) == (1, 1.0)
    assert line.quantile(0.9) == pytest.approx(3600 + 3600 * 0.9)
    terminated = Account(**{**answered.__dict__, "result": Result.TERMINATED})
    assert {key.what for key in rules.of_account(terminated)} >= {"terminated/1"}
    assert not [key for key in rules.of_account(terminated) if key.what.startswith(("took", "on_time", "held"))]


def test_what_is_taken_up_again_has_not_ended(lived: Story) -> None:
    """Between an act and the next visit of the clock the figures stay as they were, and the rows with them."""
    steering.terminate(case=lived.refreshed(), reason="撤回", by=lived.person("zhou"), now=lived.tick(days=1))
    assert of(lived.company.zhou).total.ended == 1
    counted(lived)
    assert of(lived.company.zhou).total.ended == 2
    test_counting.reopen(lived, random.Random(1))
    counted(lived)
    assert of(lived.company.zhou).total.ended == 1
    assert differences() == {}


def test_what_is_confidential_is_counted_for_named_people(lived: Story) -> None:
    circle = org.Scope.objects.create(name_zh="某新势力项目组")
    circle.grants.create(person=lived.company.zhao, granted_at=stories.NOW)
    cases.Case.objects.filter(pk=lived.case.pk).update(scope=circle)
    accounting.rescoped(case_id=lived.case.pk)
    assert of(lived.company.zhao).total.registered == 3
    assert of(lived.company.zhou).total.registered == 2
    assert "比亚迪（示例）" not in [line.name for line in of(lived.company.zhou).lines]
    assert differences() == {}


def test_a_recount_sets_the_statistics_right(lived: Story) -> None:
    call_command("recount", stdout=io.StringIO())
    cases.Case.objects.filter(ended_at=None).update(kind="delivery")
    assert differences() != {}
    call_command("recount", mend=True, stdout=io.StringIO())
    assert differences() == {}
    assert [line.key for line in of(lived.company.zhou, "kind").lines][:1] == ["delivery"]


def test_the_span_in_the_address(client: Client, lived: Story) -> None:
    client.force_login(lived.company.zhou)
    spans = {
        "": ("2025-04", "2026-03"),
        "month": ("2026-03", "2026-03"),
        "last_month": ("2026-02", "2026-02"),
        "quarter": ("2026-01", "2026-03"),
        "year": ("2026-01", "2026-03"),
        "own&since=2026-02&until=2025-11": ("2025-11", "2026-02"),
        "own&since=1999-01&until=x": ("2026-03", "2026-03"),
        "own&since=2010-01&until=2026-01": ("2021-02", "2026-01"),
        "own&since=2026-03-05&until=2026-02-10": ("2026-02", "2026-03"),
    }
    with time_machine.travel(lived.now, tick=False):
        for query, months in spans.items():
            span = client.get(f"{reverse('reports:statistics')}?span={query}").context["span"]
            assert (f"{span.first:%Y-%m}", f"{span.last:%Y-%m}") == months, query
        empty = client.get(reverse("reports:statistics"), {"span": "last_month"}).content.decode()
    assert "statistics-scroll" not in empty


def test_the_workbook_says_what_the_page_says(client: Client, lived: Story) -> None:
    client.force_login(lived.company.zhou)
    with time_machine.travel(lived.now, tick=False):
        answer = client.get(reverse("reports:statistics"), {"excel": "statistics"})
    book = ZipFile(io.BytesIO(answer.content))
    first = book.read("xl/worksheets/sheet1.xml").decode()
    assert "上汽大众（示例）" in first
    assert first.count("<row ") == 1 + 2 + 1
    assert "2025-04" in book.read("xl/worksheets/sheet2.xml").decode()


def test_a_page_costs_the_same_with_more_rows_and_nothing_by_registering(
    client: Client, working: cast.Company, svw: customers.Customer
) -> None:
    client.force_login(working.zhou)
    story = Story(working, registered(working, svw, stories.NOW))

    def queries() -> int:
        counted(story)
        client.get(reverse("reports:statistics"))
        with time_machine.travel(story.now, tick=False), CaptureQueriesContext(connection) as seen:
            client.get(reverse("reports:statistics"))
        assert not [each for each in seen if "cases_case" in each["sql"] and "COUNT" not in each["sql"]]
        return len(seen)

    before = queries()
    for at in range(4):
        other = stories.customer(working, f"C{at}", f"第{at}家")
        with CaptureQueriesContext(connection) as seen:
            registered(working, other, stories.NOW + timedelta(hours=at))
        assert not [each for each in seen if "reports_account" in each["sql"]]
    assert queries() == before
