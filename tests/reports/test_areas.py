"""Problem areas: the points add up to what the rows behind them say, and the chart leads to them."""

import html
import random
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests import cast
from tests.cases import story as stories
from tests.cases.story import Story
from tests.reports import test_counting
from tests.reports.conftest import registered
from yinuo.cases.actions import steering
from yinuo.customers import models as customers
from yinuo.kit import actors
from yinuo.org import models as org
from yinuo.reports import models, rules
from yinuo.reports.actions import accounting
from yinuo.reports.definition import LATE, POINTS, REGISTERED, REOPENED, Result
from yinuo.reports.engine import drawing
from yinuo.reports.queries import areas

LINK = re.compile(r'<a href="([^"]+)"[^>]*>([\d,]+)</a>')


def counted(story: Story) -> None:
    while accounting.count_changed(by=actors.PROGRAM, now=story.now):
        pass


@pytest.fixture
def lived(working: cast.Company, svw: customers.Customer) -> Story:
    """Two requests about salt spray, one of them taken up again; one about something else."""
    story = Story(working, registered(working, svw, stories.NOW))
    steering.terminate(case=story.refreshed(), reason="撤回", by=story.person("zhou"), now=story.tick(days=1))
    test_counting.reopen(story, random.Random(1))
    registered(working, svw, story.now)
    other = stories.customer(working, "BYD", "比亚迪（示例）")
    stories.open_case(working, other, title="要求", items=stories.items("每月提交 PPM 数据。"), now=story.now)
    counted(story)
    return story


def of(person: org.Person, cut: str) -> dict[str, areas.Area]:
    month = stories.NOW.date().replace(day=1)
    return {each.key: each for each in areas.areas(stories.fresh(person), cut, month, month.replace(day=31)).rows}


def test_what_weighs_most_stands_first(lived: Story) -> None:
    found = of(lived.company.zhou, areas.TOPIC)
    spray, ppm = found["salt_spray"], found["ppm"]
    assert (spray.counts[REGISTERED], spray.counts[REOPENED]) == (2, 1)
    assert (spray.points, ppm.points) == (2 * POINTS[REGISTERED] + POINTS[REOPENED], 1)
    assert list(found)[-1] == "ppm"
    assert spray.name == "盐雾"
    assert [area.points for area in of(lived.company.zhou, "customer").values()] == [5, 1]


def test_points() -> None:
    assert rules.points({REGISTERED: 4, LATE: 2, Result.REFUSED: 1, REOPENED: 1, "took": 9}) == 4 + 4 + 2 + 3


@pytest.mark.parametrize("cut", list(areas.CUTS))
def test_every_number_equals_the_rows_it_leads_to(client: Client, lived: Story, cut: str) -> None:
    client.force_login(lived.company.zhou)
    with time_machine.travel(lived.now, tick=False):
        answer = client.get(reverse("reports:problem_areas"), {"by": cut, "span": "month"})
        links = LINK.findall(answer.content.decode())
        assert len(links) >= (0 if cut == areas.PRODUCT else 2)
        for url, number in links:
            assert client.get(html.unescape(url)).context["page"].total == int(number), url
        for row in answer.context["rows"]:
            assert row.points >= 1
        book = client.get(reverse("reports:problem_areas"), {"by": cut, "span": "month", "excel": "problem_areas"})
    assert book.content[:2] == b"PK"


def test_the_chart_leads_to_the_rows_and_says_how_it_comes_about(client: Client, lived: Story) -> None:
    client.force_login(lived.company.zhou)
    with time_machine.travel(lived.now, tick=False):
        page = client.get(reverse("reports:problem_areas"), {"span": "month"}).content.decode()
        [chart] = re.findall(r'<svg class="pareto".*?</svg>', page, re.S)
        urls = re.findall(r'<a href="([^"]+)"', chart)
        assert len(urls) >= 3
        for url in urls:
            assert client.get(html.unescape(url)).context["page"].total > 0
        empty = client.get(reverse("reports:problem_areas"), {"span": "last_month"}).content.decode()
    assert "加 3 分" in page
    assert "pareto" not in empty


def test_what_is_confidential_weighs_for_named_people_only(lived: Story) -> None:
    circle = org.Scope.objects.create(name_zh="某新势力项目组")
    circle.grants.create(person=lived.company.zhao, granted_at=stories.NOW)
    case = models.Account.objects.get(customer_id=customers.Customer.objects.get(code="BYD").pk).case
    type(case).objects.filter(pk=case.pk).update(scope=circle)
    accounting.rescoped(case_id=case.pk)
    assert "ppm" not in of(lived.company.zhou, areas.TOPIC)
    assert "ppm" in of(lived.company.zhao, areas.TOPIC)


def test_the_chart_takes_any_words() -> None:
    svg = drawing.pareto(
        [("<b>&", 3, '/x?a=1&b="2"'), ("很长的名称" * 20, 1, "/y")], 4, id="p", title="<", description="&"
    )
    assert "<b>" not in svg
    assert 'href="/x?a=1&amp;b=&quot;2&quot;"' in svg
    assert "…" in svg
