"""What is confidential is seen by named people only: in lists, pages, search, similar cases, suggestions, messages."""

from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests import cast
from tests.cases import story as stories
from yinuo.cases import models
from yinuo.cases.actions import closing
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import lessons as lesson_queries
from yinuo.customers import models as customers
from yinuo.customers.actions import companies
from yinuo.notify import models as notify
from yinuo.org import models as org
from yinuo.procedures import models as procedures
from yinuo.records import models as records
from yinuo.search import queries as search

SignIn = Callable[[str], Client]
WORDS = "电池模组支架耐火试验"


@pytest.fixture
def circle(working: cast.Company) -> org.Scope:
    """李娜, 赵敏, 王强 and 周华 may know."""
    scope = org.Scope.objects.create(name_zh="某新势力项目组")
    for person in (working.lina, working.zhao, working.wang, working.zhou):
        scope.grants.create(person=person, granted_at=stories.NOW)
    return scope


@pytest.fixture
def closed(working: cast.Company, circle: org.Scope) -> customers.Customer:
    return stories.customer(working, "SECRET", "某新势力车企", scope=circle)


@pytest.fixture
def case(working: cast.Company, closed: customers.Customer) -> models.Case:
    return stories.open_case(working, closed, title=WORDS, items=stories.items(WORDS), text=WORDS)


def test_nobody_else_finds_the_case_anywhere(case: models.Case, company: cast.Company, signed_in: SignIn) -> None:
    sun, client = stories.fresh(company.sun), signed_in("sun")
    assert not case_queries.cases(sun).exists()
    assert case.number not in client.get(reverse("cases:cases")).content.decode()
    assert search.find(sun, WORDS) == []
    assert lesson_queries.similar_cases(sun, WORDS) == []
    similar = client.post(reverse("cases:case_similar"), {"title": WORDS}).content.decode()
    assert case.number not in similar
    for name in ("case", "case_like", "case_people", "case_print", "item_add", "feedback_record", "case_correct"):
        assert client.get(reverse(f"cases:{name}", args=[case.number])).status_code == 404, name
    assert client.get(reverse("cases:item_amend", args=[case.number, 1])).status_code == 404
    about = client.get(reverse("cases:cases_about", args=["customers.customer", case.customer_id]))
    assert case.number not in about.content.decode()
    for panel in ("records:timeline", "records:files", "letters:threads"):
        answer = client.get(reverse(panel, args=["cases.case", case.pk]))
        assert answer.status_code == 404 or WORDS not in answer.content.decode(), panel


def test_named_people_find_it(case: models.Case, company: cast.Company, signed_in: SignIn) -> None:
    zhao = stories.fresh(company.zhao)
    assert case_queries.cases(zhao).get() == case
    assert [hit.id for hit in search.find(zhao, "耐火试验")] == [case.pk]
    assert signed_in("zhao").get(case.get_absolute_url()).status_code == 200


def test_reading_it_is_noted(case: models.Case, signed_in: SignIn) -> None:
    signed_in("zhao").get(case.get_absolute_url())
    assert records.Reading.objects.filter(subject_type="cases.case", subject_id=case.pk, way="read").exists()


def test_messages_about_it_reach_named_people_only(case: models.Case, company: cast.Company, circle: org.Scope) -> None:
    allowed = set(circle.grants.values_list("person_id", flat=True))
    told = set(notify.Message.objects.filter(subject_id=case.pk).values_list("person_id", flat=True))
    assert told <= allowed


def test_a_lesson_is_as_confidential_as_its_case(case: models.Case, company: cast.Company) -> None:
    closing.write_lesson(case=case, title=WORDS, text=WORDS, by=stories.fresh(company.wang), now=stories.NOW)
    assert lesson_queries.lessons_fitting(stories.fresh(company.sun), WORDS) == []
    assert [lesson.title for lesson in lesson_queries.lessons_fitting(stories.fresh(company.wang), WORDS)] == [WORDS]


def test_cases_follow_when_a_customer_is_closed(
    working: cast.Company, svw: customers.Customer, circle: org.Scope
) -> None:
    case = stories.open_case(working, svw, title=WORDS, items=stories.items(WORDS))
    lesson = closing.write_lesson(case=case, title=WORDS, text=WORDS, by=stories.fresh(working.wang), now=stories.NOW)
    assert case_queries.cases(stories.fresh(working.sun)).exists()
    customer = customers.Customer.objects.get(pk=svw.pk)
    companies.change(
        customer=customer,
        by=stories.fresh(working.zhao),
        now=stories.NOW,
        expected=customer.version,
        reason="保密协议",
        scope=circle,
    )
    case.refresh_from_db()
    lesson.refresh_from_db()
    assert (case.scope_id, lesson.scope_id) == (circle.pk, circle.pk)
    assert set(procedures.Task.objects.values_list("scope_id", flat=True)) == {circle.pk}
    assert set(records.Entry.objects.filter(subject_type="cases.case").values_list("scope_id", flat=True)) == {
        circle.pk
    }
    assert search.find(stories.fresh(working.sun), WORDS) == []
    assert not case_queries.cases(stories.fresh(working.sun)).exists()


def test_the_customers_page_tells_only_number_and_title(case: models.Case, company: cast.Company) -> None:
    link = closing.make_link(case=case, name="沈工", by=stories.fresh(company.lina), now=stories.NOW)
    with time_machine.travel(stories.NOW, tick=False):
        words = Client().get(link.get_absolute_url()).content.decode()
    assert case.title in words
    assert "某新势力项目组" not in words
    assert company.lina.name not in words
