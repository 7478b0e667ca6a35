"""A case is closed to the innermost circle of what it is about, when registered and whenever one of these changes."""

import random
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import cast
from tests.cases import story as stories
from tests.customers import people
from yinuo.cases import models
from yinuo.cases.actions import steering
from yinuo.cases.engine import circles
from yinuo.cases.queries import circles as circle_queries
from yinuo.customers import models as customers
from yinuo.customers.actions import companies, products, projects
from yinuo.kit import actors
from yinuo.org import models as org

NOW = stories.NOW
ALL = st.dictionaries(st.integers(1, 6), st.frozensets(st.integers(1, 5)), max_size=5)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(ALL, st.none() | st.integers(1, 6))
def test_no_circle_lies_inside_the_one_that_holds(named: Mapping[int, frozenset[int]], stays: int | None) -> None:
    found = circles.innermost(named, stays)
    assert (found.circle is None) == (not named)
    if found.circle is None:
        return
    own = named[found.circle]
    assert not any(other < own for other in named.values())
    assert set(found.apart) == {circle for circle, each in named.items() if not own <= each}
    assert circles.innermost(named, found.circle).circle == found.circle, "asked again it stays"
    if smallest := [each for each in named.values() if all(each <= other for other in named.values())]:
        assert own == smallest[0]
        assert not found.apart


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(ALL, st.randoms(use_true_random=False))
def test_circles_inside_one_another_hold_in_whatever_order(
    named: Mapping[int, frozenset[int]], chance: random.Random
) -> None:
    chain, inside = {}, frozenset[int]()
    for circle in named:  # each around those before
        inside = inside | named[circle] | {100 + circle}
        chain[circle] = inside
    mixed = list(chain.items())
    chance.shuffle(mixed)
    assert circles.innermost(dict(mixed)).circle == next(iter(chain), None)


class About:
    """A customer with a project, a product of our own; circles of 李娜, of her and 赵敏, her and 王强, all three."""

    def __init__(self, company: cast.Company) -> None:
        self.company = company
        self.customer = stories.customer(company, "XEV", "新势力车企")
        by: dict[str, Any] = {"by": stories.fresh(company.lina), "now": NOW}
        self.project = projects.add(number="P-1", name_zh="报价", customer=self.customer, **by)
        self.product = products.add(number="Q-1", name_zh="壳体", **by)
        lina, zhao, wang = company.lina, company.zhao, company.wang
        self.scopes = [
            None,
            people.scope_of(lina, name="一人"),
            people.scope_of(lina, zhao, name="销售"),
            people.scope_of(lina, wang, name="工程"),
            people.scope_of(lina, zhao, wang, name="全体"),
        ]

    def close(self, project: int, product: int, customer: int) -> None:
        """Close each to a circle, as if somebody had."""
        for row, at in ((self.project, project), (self.product, product), (self.customer, customer)):
            type(row).objects.filter(pk=row.pk).update(scope=self.scopes[at])
            row.refresh_from_db()

    def opened(self) -> models.Case:
        return stories.open_case(
            self.company, self.customer, project=self.project, products=[self.product], owner=self.company.lina
        )


@pytest.fixture
def about(working: cast.Company) -> About:
    return About(working)


@pytest.mark.parametrize(
    ("closed", "holds"),
    [
        ((0, 0, 0), None),
        ((0, 1, 4), "一人"),  # a narrower product's beats the customer's
        ((4, 0, 1), "一人"),  # a narrower customer's beats the project's
        ((2, 1, 4), "一人"),
        ((2, 4, 4), "销售"),
        ((0, 4, 2), "销售"),
        ((2, 3, 4), "销售"),  # not inside one another: the project's
        ((0, 3, 2), "工程"),  # else the product's
    ],
)
def test_the_innermost_holds_at_registration_and_whenever_one_changes(
    about: About, closed: tuple[int, int, int], holds: str | None
) -> None:
    about.close(*closed)
    case = about.opened()
    assert (case.scope.name if case.scope else None) == holds
    steering.rescope(cases=[stories.fresh(case)], by=actors.PROGRAM, now=NOW)
    assert stories.fresh(case).scope_id == case.scope_id


def test_followed_through_many_changes_it_agrees_with_what_is_registered_then(about: About) -> None:
    chance = random.Random(6)
    case = about.opened()
    for _n in range(60):
        about.close(*(chance.randrange(5) for _each in range(3)))
        was = stories.fresh(case).scope_id
        steering.rescope(cases=[stories.fresh(case)], by=actors.PROGRAM, now=NOW)
        now = stories.fresh(case).scope_id
        anew = circle_queries.scope_of(about.customer, about.project, [about.product])
        if now != anew:
            assert now == was, "a circle that is still an innermost one keeps its case"
            assert not nested(now, anew)


def nested(one: int | None, other: int | None) -> bool:
    named = [set(org.ScopeGrant.objects.filter(scope=each).values_list("person", flat=True)) for each in (one, other)]
    return named[0] <= named[1] or named[1] <= named[0]


def test_a_product_closed_later_closes_its_cases(about: About) -> None:
    """By the customers' own actions, through what they announce."""
    by: dict[str, Any] = {"by": stories.fresh(about.company.lina), "now": NOW}
    companies.change(customer=about.customer, scope=about.scopes[4], expected=about.customer.version, **by)
    about.customer.refresh_from_db()
    about.project.refresh_from_db()
    case = about.opened()
    assert case.scope == about.scopes[4]
    product = stories.fresh(about.product)
    products.change(product=product, scope=about.scopes[1], expected=product.version, **by)
    assert stories.fresh(case).scope == about.scopes[1]
    assert customers.Product.objects.get().scope == about.scopes[1]


def test_the_page_says_which_circle_and_why(about: About, signed_in: Callable[[str], Client]) -> None:
    about.close(2, 3, 0)
    page = signed_in("lina").get(about.opened().get_absolute_url()).content.decode()
    assert "<dt>保密范围</dt><dd>销售" in page
    assert "P-1 报价；Q-1 壳体的保密范围与此互不包含，依次以项目、产品、顾客的为准" in page
    about.close(0, 0, 0)
    assert "<dt>保密范围</dt>" not in signed_in("lina").get(about.opened().get_absolute_url()).content.decode()
