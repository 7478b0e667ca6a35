"""A circle inside another has people of the outer one only, whoever is let in or taken out later."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import cast
from tests.customers import people
from yinuo.customers import models
from yinuo.customers.actions import nesting, products, projects
from yinuo.org import models as org
from yinuo.org.actions import scopes

pytestmark = pytest.mark.django_db


class Circles:
    """项目组 (李娜, 赵敏) around 报价组 (李娜), which closes a project, a product or a plant of the customer."""

    def __init__(self, company: cast.Company, kind: str) -> None:
        self.company = company
        self.outer = people.scope_of(company.lina, company.zhao, name="项目组")
        self.inner = people.scope_of(company.lina, name="报价组")
        customer = people.customer(company, "XEV", "新势力车企", scope=self.outer, window=company.lina)
        by: dict[str, Any] = {"by": people.fresh(company.lina), "now": cast.NOW, "customer": customer}
        if kind == "project":
            projects.add(number="P-1", name_zh="报价", scope=self.inner, **by)
        elif kind == "product":
            products.add(number="Q-1", name_zh="壳体", scope=self.inner, **by)
        else:
            people.customer(company, "XEV-1", "一厂", level="plant", parent=customer, scope=self.inner)

    def let_in(self, scope: org.Scope, who: str) -> org.ScopeGrant:
        person, admin = people.fresh(self.company.people[who]), people.fresh(self.company.admin)
        return scopes.let_in(scope=scope, person=person, reason="报价", by=admin, now=cast.NOW)

    def take_out(self, scope: org.Scope, who: str) -> None:
        grant = scope.grants.get(person=self.company.people[who], ended_at=None)
        scopes.take_out(grant=grant, reason="转岗", by=people.fresh(self.company.admin), now=cast.NOW)

    def named(self, scope: org.Scope) -> set[str]:
        return set(scope.grants.filter(ended_at=None).values_list("person__name", flat=True))


@pytest.fixture(params=["project", "product", "plant"])
def circles(company: cast.Company, request: pytest.FixtureRequest) -> Circles:
    return Circles(company, request.param)


def test_only_people_of_the_outer_circle_are_let_into_the_inner(circles: Circles) -> None:
    with pytest.raises(nesting.OutsideOuter, match="项目组") as refused:
        circles.let_in(circles.inner, "wang")
    assert refused.value.field == "person"
    assert circles.named(circles.inner) == {"李娜"}
    circles.let_in(circles.outer, "wang")
    circles.let_in(circles.inner, "wang")
    assert circles.named(circles.inner) == {"李娜", "王强"}


def test_whoever_belongs_to_the_inner_circle_stays_in_the_outer(circles: Circles) -> None:
    with pytest.raises(nesting.OutsideOuter, match="报价组"):
        circles.take_out(circles.outer, "lina")
    assert circles.named(circles.outer) == {"李娜", "赵敏"}
    circles.take_out(circles.outer, "zhao")
    circles.take_out(circles.inner, "lina")
    circles.take_out(circles.outer, "lina")
    assert circles.named(circles.outer) == set()


def test_the_page_says_what_to_do_first(circles: Circles, signed_in: Callable[[str], Client]) -> None:
    url = reverse("org:scope_let_in", args=[circles.inner.pk])
    said = {"once": "k" * 24, "person": circles.company.wang.pk, "reason": "报价"}
    answer = signed_in("admin").post(url, said)
    assert answer.status_code == 422
    assert "“报价组”在“项目组”之内，请先将王强加入“项目组”。" in answer.content.decode()


def test_circles_that_stand_apart_are_free(company: cast.Company) -> None:
    one = people.scope_of(company.lina, name="甲")
    people.customer(company, "A", "甲方", scope=one, window=company.lina)
    apart = Circles(company, "project")
    apart.let_in(one, "wang")
    assert not nesting.outer_of(one)
    assert not nesting.inner_of(one)
    assert models.Customer.objects.filter(own_scope=one).exists()
