"""Who sees findings, what becomes confidential, where they are shown, and what the inbox costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import cast
from tests.cases import story as stories
from tests.cases.reported import NOW, PNG, SignIn, made, reported, told
from yinuo.cases import models
from yinuo.cases.actions import opening, sorting, steering
from yinuo.cases.queries import findings as finding_queries
from yinuo.customers import models as customers
from yinuo.customers.actions import companies
from yinuo.kit import refusals
from yinuo.org import models as org
from yinuo.records import queries as records_queries
from yinuo.search import queries as search


def test_mine_come_first(working: cast.Company, svw: customers.Customer) -> None:
    ford = stories.customer(working, "FORD", "福特汽车（示例）", window=working.zhao)
    theirs, mine, nobodys = reported(working, customer=ford), reported(working, customer=svw), reported(working)
    waiting = list(finding_queries.findings_to_sort(stories.fresh(working.lina)))
    assert waiting == [theirs, mine, nobodys]
    assert finding_queries.mine_to_sort(stories.fresh(working.lina), waiting) == {mine.pk, nobodys.pk}
    assert finding_queries.waiting_to_sort(stories.fresh(working.zhao)) == 2
    assert finding_queries.waiting_to_sort(stories.fresh(working.sun)) == 0
    assert {pk: [each.name for each in people] for pk, people in finding_queries.sorters(waiting).items()} == {
        theirs.pk: ["赵敏"], mine.pk: ["李娜"], nobodys.pk: ["李娜", "赵敏"],
    }  # fmt: skip


@pytest.fixture
def circle(working: cast.Company) -> org.Scope:
    scope = org.Scope.objects.create(name_zh="某新势力项目组")
    for name in ("lina", "zhao", "wang", "zhou"):
        scope.grants.create(person=working.people[name], granted_at=NOW)
    return scope


def test_what_is_confidential_stays_in_its_circle(working: cast.Company, circle: org.Scope, signed_in: SignIn) -> None:
    closed = stories.customer(working, "SECRET", "某新势力车企", scope=circle)
    with pytest.raises(refusals.NotAllowed):
        reported(working, customer=closed)  # 吴军 is outside and cannot even name it
    it = reported(working, "wang", customer=closed, text="耐火试验 5 min", files=[("a.png", PNG)])
    assert it.scope == circle
    token = records_queries.attachments(it).get().token
    client = signed_in("sun")
    for url in (it.get_absolute_url(), reverse("cases:finding_file", args=[it.pk, token])):
        assert client.get(url).status_code == 404
    for url in (reverse("cases:findings"), reverse("cases:sorting")):
        assert "耐火试验" not in client.get(url).content.decode()
    assert search.find(stories.fresh(working.sun), "耐火试验") == []
    assert search.find(stories.fresh(working.wang), "耐火试验") != []
    open_case = stories.open_case(working, stories.customer(working))
    with pytest.raises(sorting.CannotSort):  # the words would reach everybody
        sorting.join(finding=it, case=open_case, by=stories.fresh(working.lina), now=NOW, expected=it.version)


def test_a_reporter_outside_the_circle_learns_that_it_was_taken_up_and_no_more(
    working: cast.Company, circle: org.Scope, signed_in: SignIn
) -> None:
    closed, it = stories.customer(working, "SECRET", "某新势力车企", scope=circle), reported(working)
    case = sorting.make_case(
        finding=it, by=stories.fresh(working.lina), now=NOW, expected=it.version, customer=closed, title="绝密标题",
        channel="wechat", items=[opening.NewItem(text="x", kind="technical")], said_by="沈工",
    )  # fmt: skip
    it.refresh_from_db()
    assert (case.scope, it.scope) == (circle, circle)
    assert told(working.wu, "finding_sorted") == ["您上报的要求已受理。"]
    client = signed_in("wu")
    for url in (it.get_absolute_url(), reverse("cases:findings"), reverse("cases:finding_report")):
        page = client.get(url)
        assert page.status_code == 200
        assert case.number not in page.content.decode()
        assert "绝密标题" not in page.content.decode()
    assert signed_in("sun").get(it.get_absolute_url()).status_code == 404


def test_findings_follow_what_becomes_confidential(
    working: cast.Company, circle: org.Scope, svw: customers.Customer
) -> None:
    loose, joined = reported(working, customer=svw), reported(working)
    case = stories.open_case(working, svw)
    sorting.join(finding=joined, case=case, by=stories.fresh(working.lina), now=NOW, expected=joined.version)
    companies.change(customer=svw, scope=circle, by=stories.fresh(working.zhao), now=NOW, expected=svw.version)
    scopes = set(models.Finding.objects.filter(pk__in=[loose.pk, joined.pk]).values_list("scope_id", flat=True))
    assert scopes == {circle.pk}


def test_the_case_shows_where_it_came_from(working: cast.Company, svw: customers.Customer, signed_in: SignIn) -> None:
    it = reported(working, customer=svw, text="整段原话")
    case, client = made(it, working.lina), signed_in("zhou")
    panel = reverse("cases:case_findings", args=[case.number])
    assert panel in client.get(case.get_absolute_url()).content.decode()
    assert "整段原话" in client.get(panel).content.decode()
    assert "已立案：</a>" not in client.get(it.get_absolute_url()).content.decode()
    assert case.get_absolute_url() in client.get(it.get_absolute_url()).content.decode()


def test_similar_open_cases_stand_beside_it(working: cast.Company, svw: customers.Customer, signed_in: SignIn) -> None:
    case = stories.open_case(working, svw)
    ended = stories.open_case(working, svw)
    steering.terminate(case=ended, reason="顾客撤回", by=stories.fresh(working.zhao), now=NOW)
    it = reported(working, text="盐雾试验要求提高到 720 h")
    page = signed_in("lina").get(reverse("cases:finding_similar", args=[it.pk])).content.decode()
    assert case.number in page
    assert ended.number not in page


def test_the_inbox_costs_the_same_with_one_and_with_twenty(
    working: cast.Company, svw: customers.Customer, signed_in: SignIn
) -> None:
    client, url = signed_in("lina"), reverse("cases:sorting")

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    reported(working, customer=svw, files=[("a.png", PNG)])
    reported(working)
    client.get(url)
    few = cost()
    for turn in range(10):
        reported(working, customer=svw, files=[("a.png", PNG)], text=f"要求 {turn}")
        reported(working, text=f"别的要求 {turn}")
    assert cost() == few
