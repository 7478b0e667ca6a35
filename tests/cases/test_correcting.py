"""Correcting what was registered: the same checks as at registration, and confidentiality follows."""

from datetime import timedelta

import pytest

from tests import cast
from tests.cases import story as stories
from tests.cases.story import Story
from yinuo.cases import access, models
from yinuo.cases.actions import opening, steering
from yinuo.cases.queries import cases as case_queries
from yinuo.customers import models as customers
from yinuo.customers.actions import products, projects
from yinuo.org import models as org
from yinuo.records import models as records


@pytest.fixture
def circle(working: cast.Company) -> org.Scope:
    """李娜, 赵敏 and 王强 may know."""
    scope = org.Scope.objects.create(name_zh="某平台项目组")
    for person in (working.lina, working.zhao, working.wang):
        scope.grants.create(person=person, granted_at=stories.NOW)
    return scope


def correct(story: Story, who: str = "lina", **values: object) -> models.Case:
    case = story.refreshed()
    return steering.correct(case=case, by=story.person(who), now=story.tick(), expected=case.version, **values)


def project_of(story: Story, of: customers.Customer, number: str, scope: org.Scope | None = None) -> customers.Project:
    by = story.person("zhao")
    return projects.add(number=number, name_zh=number, customer=of, scope=scope, by=by, now=stories.NOW)


def product(company: cast.Company, number: str) -> customers.Product:
    return products.add(number=number, name_zh=number, by=stories.fresh(company.zhao), now=stories.NOW)


def test_a_confidential_project_makes_the_case_confidential(story: Story, svw: customers.Customer, circle) -> None:
    assert case_queries.cases(story.person("sun")).exists()
    correct(story, project=project_of(story, svw, "P-1", circle))
    assert story.refreshed().scope_id == circle.pk
    assert not case_queries.cases(story.person("sun")).exists()
    assert records.Entry.objects.filter(word="cases.case.rescoped").exists()
    correct(story, project=None)
    assert story.refreshed().scope_id is None


def test_another_customers_project_and_moments_that_cannot_be_are_refused(story: Story, working) -> None:
    other = stories.customer(working, "FAW", "一汽（示例）")
    wrong = [
        ({"project": project_of(story, other, "P-2")}, "project"),
        ({"customer": other, "contact": None, "notified_at": story.now + timedelta(days=9)}, "notified_at"),
        ({"said_at": story.case.notified_at + timedelta(hours=3)}, "said_at"),
        ({"title": " "}, "title"),
        ({"channel": "pigeon"}, "channel"),
    ]
    for values, field in wrong:
        with pytest.raises(opening.CannotOpen) as refused:
            correct(story, **values)
        assert refused.value.field == field


def test_an_owner_outside_the_circle_is_named_before_the_case_closes_on_them(
    working: cast.Company, svw: customers.Customer, circle: org.Scope
) -> None:
    story = Story(working, stories.open_case(working, svw, owner=working.sun))
    with pytest.raises(access.OutsideCircle):
        correct(story, project=project_of(story, svw, "P-3", circle))


def test_safety_is_always_top_and_taken_away_with_a_reason(story: Story) -> None:
    low = {"priority": models.Priority.LOW, "reason": "不急", "by": story.person("zhao"), "now": story.tick()}
    steering.change_priority(case=story.case, expected=story.case.version, **low)
    correct(story, is_safety=True)
    assert (story.refreshed().priority, story.case.priority_by) == (models.Priority.TOP, None)
    with pytest.raises(steering.CannotChange) as refused:
        correct(story, "zhao", is_safety=False)
    assert refused.value.field == "reason"
    correct(story, "zhao", is_safety=False, reason="误勾选")
    assert story.refreshed().priority == models.Priority.NORMAL
    entry = records.Entry.objects.filter(word="cases.case.corrected").latest("pk")
    assert (entry.reason, entry.note) == ("误勾选", {"lowers_safety": True})


def test_whether_it_was_only_spoken_is_corrected(story: Story) -> None:
    correct(story, is_oral=True)
    assert (story.refreshed().oral, story.case.oral_due_on is not None) == ("waiting", True)
    assert story.item(1).wordings.get().confirmation == "waiting"
    correct(story, is_oral=False)
    assert (story.refreshed().oral, story.item(1).wordings.get().confirmation) == ("not_needed", "not_needed")


def test_people_outside_the_circle_are_not_named(working, svw, circle) -> None:
    closed = stories.customer(working, "SECRET", "某车企", scope=circle)
    with pytest.raises(access.OutsideCircle) as refused:
        stories.open_case(working, closed, owner=working.sun)
    assert refused.value.field == "owner"
    with pytest.raises(access.OutsideCircle) as refused:
        stories.open_case(working, closed, items=stories.items(stories.SALT, owner=working.sun))
    assert refused.value.field == "items"


def test_products_are_corrected_unless_an_item_needs_them(working, svw) -> None:
    a, b = (product(working, number) for number in ("QH-1", "QH-2"))
    items = stories.items(stories.SALT, applies="product", product=a)
    story = Story(working, stories.open_case(working, svw, items=items, products=[a, b]))
    with pytest.raises(steering.CannotChange) as refused:
        correct(story, products=[b])
    assert refused.value.field == "products"
    correct(story, products=[a])
    assert list(story.case.products.all()) == [a]


@pytest.mark.parametrize("applies", ["product", "site", "project"])
def test_how_far_an_item_reaches_is_pinned(working, svw, applies: str) -> None:
    with pytest.raises(opening.CannotOpen) as refused:
        stories.open_case(working, svw, items=stories.items(stories.SALT, applies=applies))
    assert refused.value.field == "items"


def test_the_only_product_is_the_product(working, svw) -> None:
    only = product(working, "QH-1")
    items = stories.items(stories.SALT, applies="product")
    case = stories.open_case(working, svw, items=items, products=[only])
    assert case.items.get().product == only
