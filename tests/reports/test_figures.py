"""The figures say what the rows say, to each person what they may see."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import cast
from tests.cases import story as stories
from tests.reports.conftest import registered
from yinuo.cases import models as cases
from yinuo.cases.actions import steering
from yinuo.customers import models as customers
from yinuo.kit import actors
from yinuo.org import models as org
from yinuo.org.actions import absences
from yinuo.procedures import models as procedures
from yinuo.reports.actions import counting
from yinuo.reports.queries import deadlines, figures, load, pressing

NOW = stories.NOW


def told(who: org.Person, now: object, site: int | None = None) -> figures.Figures:
    who = stories.fresh(who)
    return figures.figures(who, now, pressing.pressing(who, site), site)  # type: ignore[arg-type]


@pytest.fixture
def lived(working: cast.Company, svw: customers.Customer) -> stories.Story:
    """Three weeks: a request each Monday; the first is terminated, the second late, the third new."""
    first = stories.Story(working, registered(working, svw, NOW))
    first.accept()
    second = stories.Story(working, registered(working, svw, NOW + timedelta(days=7)), now=NOW + timedelta(days=7))
    steering.terminate(case=first.refreshed(), reason="撤回", by=first.person("zhou"), now=second.tick(days=1))
    second.now = NOW + timedelta(days=14)
    registered(working, svw, second.now)
    return second


def test_four_figures_with_their_trend(lived: stories.Story) -> None:
    """At the end of 2 March one is open, of 9 March two, of 16 March two: the first ended on the 10th."""
    found = told(lived.company.zhou, lived.now)
    assert (found.open.now, found.open.trend[-3:]) == (2, [1, 2, 2])
    assert (found.registered.now, found.registered.trend[-4:]) == (1, [0, 1, 1, 1])
    assert (found.completed.now, found.terminated.now, found.terminated.before) == (0, 1, 0)
    assert (found.late.now, found.late.trend[-3:]) == (1, [0, 2, 1])  # the first one's next step was late till it ended
    assert found.oldest is not None
    assert found.oldest.url == cases.Case.objects.order_by("pk")[1].get_absolute_url()


def test_what_was_overdue_stays_so_in_the_trend(lived: stories.Story) -> None:
    """Once the late task is done, last week's figure still says that it was overdue then."""
    before = told(lived.company.zhou, lived.now)
    first_due = lived.task("register").due_at
    lived.accept()
    after = told(lived.company.zhou, lived.now)
    assert first_due is not None
    assert before.late.trend[:-1] == after.late.trend[:-1]
    assert sum(before.late.trend) == 3


def test_rolling_up_changes_no_figure(lived: stories.Story) -> None:
    who = lived.company.zhou
    before = told(who, lived.now), figures.steps(stories.fresh(who), lived.now)
    counting.roll_up(by=actors.PROGRAM, now=lived.now)
    assert (told(who, lived.now), figures.steps(stories.fresh(who), lived.now)) == before


def test_what_is_confidential_counts_for_named_people_only(working: cast.Company, svw: customers.Customer) -> None:
    circle = org.Scope.objects.create(name_zh="某新势力项目组")
    for person in (working.zhao, working.lina, working.wang):
        circle.grants.create(person=person, granted_at=NOW)
    registered(working, svw, NOW)
    secret = stories.customer(working, "SECRET", "某新势力车企", scope=circle)
    registered(working, secret, NOW)
    assert told(working.zhao, NOW).registered.now == 2
    assert told(working.zhou, NOW).registered.now == 1
    assert sum(step.waiting for step in figures.steps(stories.fresh(working.zhou), NOW)) == 1
    days = deadlines.due_days(stories.fresh(working.zhou), date(2026, 3, 1), date(2026, 3, 31))
    assert sum(sum(kinds.values()) for kinds in days.values()) == 1


def test_one_site_at_a_time(working: cast.Company, svw: customers.Customer) -> None:
    nb, cc = working.site["nb"], working.site["cc"]
    stories.open_case(working, svw, site=nb, now=NOW)
    stories.open_case(working, svw, site=cc, now=NOW)
    assert told(working.zhou, NOW).open.now == 2
    assert told(working.zhou, NOW, nb.pk).open.now == 1
    assert told(working.zhou, NOW, cc.pk).registered.now == 1
    org.RoleGrant.objects.filter(person=working.zhou).update(site=cc)
    assert told(working.zhou, NOW).open.now == 1


def test_time_per_step(story: stories.Story) -> None:
    story.accept()
    story.acknowledge()
    found = {step.key: step for step in figures.steps(story.person("zhou"), story.now)}
    assert found["s5/register"].now is not None
    assert found["s5/register"].now.count == 1
    assert found["s5/register"].now.mean == 3600
    assert found["s5/register"].before is None
    assert found["s5/analyse"].waiting == 1
    assert found["s5/analyse"].now is None
    assert next(step.title for step in found.values()) == "登记核对"
    long_after = figures.steps(story.person("zhou"), story.now + timedelta(weeks=14))
    assert [step.key for step in long_after] == ["s5/analyse"]


def test_load_names_those_with_most_overdue_first(lived: stories.Story) -> None:
    zhou, now = lived.person("zhou"), lived.now
    absences.enter_absence(
        person=lived.person("lina"), delegate=lived.person("zhao"), from_at=now, to_at=now + timedelta(days=3),
        reason="培训", by=lived.person("lina"), now=now,
    )  # fmt: skip
    found = load.loads(now + timedelta(hours=1), pressing.pressing(zhou))
    assert found.is_whole
    assert [(row.name, row.tasks, row.late) for row in found.rows] == [("李娜", 2, 1)]
    assert found.rows[0].away_until == now + timedelta(days=3)


def test_whoever_alone_holds_a_post_has_what_waits_there(lived: stories.Story) -> None:
    zhou, now = lived.person("zhou"), lived.now
    post = lived.company.post["quality_engineer"]
    procedures.Task.objects.filter(closed_at=None).update(holder=None, post=post)
    assert [row.name for row in load.loads(now, pressing.pressing(zhou)).rows] == ["孙丽"]
    org.Holding.objects.create(post=post, person=lived.company.wang, from_on=date(2020, 1, 1))
    assert [row.name for row in load.loads(now, pressing.pressing(zhou)).rows] == ["质量工程师"]


def test_a_large_company_is_looked_at_with_a_bound(lived: stories.Story, monkeypatch: pytest.MonkeyPatch) -> None:
    zhou, now = lived.person("zhou"), lived.now
    whole = load.loads(now, pressing.pressing(zhou))
    monkeypatch.setattr(pressing, "MOST", 1)
    looked_at = pressing.pressing(zhou)
    assert not looked_at.is_whole
    assert told(zhou, now).late.more
    bounded = load.loads(now, looked_at)
    assert bounded.rows == whole.rows  # those shown are counted in full


def test_deadlines_by_day(lived: stories.Story) -> None:
    case = cases.Case.objects.order_by("-pk")[0]
    cases.Case.objects.filter(pk=case.pk).update(promised_on=date(2026, 3, 20), wanted_on=date(2026, 3, 31))
    days = deadlines.due_days(lived.person("zhou"), date(2026, 3, 1), date(2026, 3, 31))
    assert days[date(2026, 3, 20)]["promised"] == 1
    assert days[date(2026, 3, 31)]["wanted"] == 1
    inner = [day for day, kinds in days.items() if "inner" in kinds]
    assert len(inner) == 2  # the terminated one is due no more


@pytest.fixture
def manager(lived: stories.Story, signed_in: Callable[[str], Client]) -> Client:
    return signed_in("zhou")


def test_every_figure_leads_to_its_rows(lived: stories.Story, manager: Client) -> None:
    """The list behind a figure has as many rows as the figure says."""
    with time_machine.travel(lived.now, tick=False):
        page = manager.get(reverse("reports:overview"))
        assert page.status_code == 200
        for card in page.context["cards"]:
            rows = manager.get(card.url).context["page"]
            assert str(rows.total) == card.number, card.key
        for row in page.context["loads"]["rows"]:
            assert manager.get(row.url).context["page"].total == row.tasks
        for row in page.context["steps"]:
            assert manager.get(row.url).context["page"].total == row.waiting
        text = page.content.decode()
        assert "较上周：新登记 1 项（持平）" in text
        assert "逾期任务 1 项（−1，其中 CSR-2026-0002 逾期最久）" in text


def test_every_day_leads_to_its_rows(lived: stories.Story, manager: Client) -> None:
    with time_machine.travel(lived.now, tick=False):
        page = manager.get(reverse("reports:deadlines"))
        due = [due for week in page.context["weeks"] for cell in week if cell for due in cell.due]
        assert due
        for each in due:
            assert manager.get(each.url).context["page"].total == each.count
        holiday = manager.get(reverse("reports:deadlines") + "?month=2026-02").content.decode()
        assert "本月没有在办要求到期" in holiday
        assert manager.get(reverse("reports:deadlines") + "?month=nonsense").status_code == 200


def test_nothing_registered_yet(working: cast.Company, signed_in: Callable[[str], Client]) -> None:
    text = signed_in("zhou").get(reverse("reports:overview")).content.decode()
    assert "尚未登记任何要求" in text


def test_an_employee_does_not_see_it(working: cast.Company, signed_in: Callable[[str], Client]) -> None:
    for name in ("overview", "deadlines", "requests", "tasks"):
        assert signed_in("lina").get(reverse(f"reports:{name}")).status_code == 403


def test_the_overview_costs_the_same_with_more_requests(lived: stories.Story, manager: Client) -> None:
    def queries(name: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert manager.get(reverse(f"reports:{name}")).status_code == 200
        return len(seen)

    with time_machine.travel(lived.now, tick=False):
        names = ("overview", "deadlines", "requests", "tasks")
        for name in names:
            queries(name)
        before = [queries(name) for name in names]
        for _more in range(5):
            registered(lived.company, customers.Customer.objects.get(), lived.now)
        assert [queries(name) for name in names] == before
