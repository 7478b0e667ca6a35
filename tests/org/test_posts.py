"""Who held which post when, who heads, who is superior: on any day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests import cast
from yinuo.kit import actors, refusals
from yinuo.org import models, queries
from yinuo.org.actions import posts

MARCH = date(2026, 3, 1)
TODAY = date(2026, 3, 2)


def test_who_was_quality_manager_on_a_day(at_work: cast.Company) -> None:
    post = at_work.post["quality_manager"]
    holding = models.Holding.objects.get(post=post)
    posts.end_holding(
        holding=holding, to_on=date(2026, 2, 28), expected=1, reason="调任", by=at_work.admin, now=cast.NOW
    )
    posts.appoint(
        post=post, person=at_work.sun, from_on=date(2026, 3, 1), is_acting=True, by=at_work.admin, now=cast.NOW
    )
    assert queries.holders("quality_manager", date(2026, 2, 28)) == [at_work.zhou]
    assert queries.holders("quality_manager", MARCH) == [at_work.sun]
    assert queries.holders("quality_manager", date(2019, 12, 31)) == []


def test_holders_come_before_those_acting_and_the_longest_serving_first(at_work: cast.Company) -> None:
    post = at_work.post["quality_engineer"]
    for person, since, acting in [(at_work.wang, 2019, True), (at_work.he, 2018, False)]:
        models.Holding.objects.create(post=post, person=person, from_on=date(since, 1, 1), is_acting=acting)
    assert queries.holders("quality_engineer", MARCH) == [at_work.he, at_work.sun, at_work.wang]


def test_somebody_who_left_is_still_who_held_the_post_then(at_work: cast.Company) -> None:
    models.Person.objects.filter(pk=at_work.zhou.pk).update(is_active=False, left_on=date(2026, 2, 27))
    assert queries.holders("quality_manager", date(2026, 2, 27)) == [at_work.zhou]
    assert queries.holders("quality_manager", MARCH) == []


def test_somebody_barred_meanwhile_still_held_the_post_then(at_work: cast.Company) -> None:
    models.Person.objects.filter(pk=at_work.zhou.pk).update(is_active=False)
    assert queries.holders("quality_manager", MARCH) == [at_work.zhou]
    assert queries.holders("quality_manager", TODAY) == []
    sun = models.Person.objects.select_related("superior").get(pk=at_work.sun.pk)
    assert queries.superior_of(sun, MARCH) == at_work.zhou
    assert queries.superior_of(sun, TODAY) == at_work.gao


def test_the_head_of_a_section_without_one_is_the_head_above(at_work: cast.Company) -> None:
    assert queries.heads("quality", MARCH) == [at_work.zhou]
    assert queries.heads("order_logistics", MARCH) == []  # logistics itself is vacant
    models.Holding.objects.create(post=at_work.post["logistics_manager"], person=at_work.wu, from_on=MARCH)
    assert queries.heads("order_logistics", MARCH) == [at_work.wu]
    assert queries.heads("no-such-department", MARCH) == []


def test_one_signs_in_ones_own_post_before_an_acting_one(at_work: cast.Company) -> None:
    assert queries.posts_on(at_work.wu, MARCH) == [
        at_work.post["production_manager"],
        at_work.post["purchasing_manager"],
    ]
    assert queries.post_on(at_work.wu, MARCH) == at_work.post["production_manager"]
    assert queries.post_on(at_work.admin, MARCH) is None


def test_the_superior_is_the_one_named_or_holds_the_next_post_above(at_work: cast.Company) -> None:
    assert queries.superior_of(at_work.lina, MARCH) == at_work.zhao
    models.Person.objects.update(superior=None)
    lina = models.Person.objects.get(pk=at_work.lina.pk)
    assert queries.superior_of(lina, MARCH) == at_work.zhao
    models.Holding.objects.filter(person=at_work.zhao).update(to_on=date(2026, 2, 28))
    assert queries.superior_of(lina, MARCH) == at_work.gao  # the sales manager's post is vacant: the next above
    assert queries.superior_of(models.Person.objects.get(pk=at_work.gao.pk), MARCH) is None


def test_a_superior_who_left_does_not_count(at_work: cast.Company) -> None:
    models.Person.objects.filter(pk=at_work.zhao.pk).update(is_active=False, left_on=date(2026, 2, 1))
    lina = models.Person.objects.select_related("superior").get(pk=at_work.lina.pk)
    assert queries.superior_of(lina, MARCH) == at_work.gao


def test_reports_are_named_or_one_post_below(at_work: cast.Company) -> None:
    assert set(queries.reports_of(at_work.chen, MARCH)) == {at_work.wang.pk, at_work.he.pk}
    models.Person.objects.filter(pk=at_work.wang.pk).update(superior=None)
    assert at_work.wang.pk in queries.reports_of(at_work.chen, MARCH)


def test_people_of_a_department_are_those_of_its_sections_too(at_work: cast.Company) -> None:
    section = models.Post.objects.create(
        code="shipper", name_zh="发运员", department=at_work.department["order_logistics"]
    )
    models.Holding.objects.create(post=section, person=at_work.he, from_on=MARCH)
    assert queries.people_of_department(at_work.department["logistics"].pk) == [at_work.he.pk]


# Actions --------------------------------------------------------------------------------------------------------------


def test_nobody_holds_a_post_twice_at_once(at_work: cast.Company) -> None:
    with pytest.raises(posts.CannotAppoint, match=r"already|已任"):
        posts.appoint(post=at_work.post["engineer"], person=at_work.wang, from_on=MARCH, by=at_work.admin, now=cast.NOW)


def test_a_holding_never_ends_before_it_began(at_work: cast.Company) -> None:
    holding = models.Holding.objects.get(person=at_work.lina)
    with pytest.raises(posts.CannotAppoint):
        posts.end_holding(
            holding=holding, to_on=date(2019, 1, 1), expected=holding.version, by=at_work.admin, now=cast.NOW
        )


def test_appointing_tells_the_post_and_the_person(at_work: cast.Company, words_of) -> None:
    posts.appoint(
        post=at_work.post["logistics_manager"],
        person=at_work.wu,
        from_on=MARCH,
        is_acting=True,
        by=at_work.admin,
        now=cast.NOW,
    )
    assert words_of("org.post") == ["org.holding.began"]
    assert words_of("org.person") == ["org.holding.began"]


def test_two_administrators_at_once_one_is_told(at_work: cast.Company) -> None:
    post = at_work.post["engineer"]
    posts.change_post(post=post, expected=1, name_zh="工艺员", by=at_work.admin, now=cast.NOW)
    with pytest.raises(refusals.Stale):
        posts.change_post(post=post, expected=1, name_zh="工程师", by=at_work.admin, now=cast.NOW)
    assert models.Post.objects.get(pk=post.pk).name_zh == "工艺员"


def test_a_post_somebody_holds_is_not_closed(at_work: cast.Company) -> None:
    post = at_work.post["engineer"]
    with pytest.raises(posts.CannotSetPost):
        posts.change_post(post=post, expected=1, is_active=False, by=at_work.admin, now=cast.NOW)
    vacant = at_work.post["logistics_manager"]
    assert not posts.change_post(post=vacant, expected=1, is_active=False, by=at_work.admin, now=cast.NOW).is_active


def test_a_post_is_held_through_its_last_day_by_the_sites_clock(at_work: cast.Company) -> None:
    post = at_work.post["quality_manager"]
    models.Holding.objects.filter(post=post).update(to_on=TODAY)
    late = datetime(2026, 3, 2, 15, 59, tzinfo=UTC)  # a minute to midnight in Ningbo
    with pytest.raises(posts.CannotSetPost):
        posts.change_post(post=post, expected=1, is_active=False, by=at_work.admin, now=late)
    midnight = late + timedelta(minutes=1)
    assert not posts.change_post(post=post, expected=1, is_active=False, by=at_work.admin, now=midnight).is_active


def test_neither_departments_nor_posts_stand_above_themselves(at_work: cast.Company) -> None:
    logistics = at_work.department["logistics"]
    with pytest.raises(posts.CannotSetDepartment):
        posts.change_department(
            department=logistics,
            expected=1,
            parent=at_work.department["order_logistics"],
            by=at_work.admin,
            now=cast.NOW,
        )
    with pytest.raises(posts.CannotSetPost):
        posts.change_post(
            post=at_work.post["sales_manager"],
            expected=1,
            superior=at_work.post["sales_engineer"],
            by=at_work.admin,
            now=cast.NOW,
        )


def test_a_department_in_use_below_is_not_closed(at_work: cast.Company) -> None:
    with pytest.raises(posts.CannotSetDepartment):
        posts.change_department(
            department=at_work.department["logistics"], expected=1, is_active=False, by=at_work.admin, now=cast.NOW
        )


def test_codes_are_taken_once(at_work: cast.Company) -> None:
    with pytest.raises(posts.CannotSetDepartment):
        posts.open_department(code="sales", name_zh="销售二部", by=actors.PROGRAM, now=cast.NOW)
    with pytest.raises(posts.CannotSetPost):
        posts.create_post(
            code="engineer",
            name_zh="工程师",
            department=at_work.department["quality"],
            by=actors.PROGRAM,
            now=cast.NOW,
        )


def test_an_administrator_of_one_site_manages_that_site_only(at_work: cast.Company) -> None:
    models.RoleGrant.objects.create(
        person=at_work.he, role="administrator", site=at_work.site["cc"], from_on=date(2020, 1, 1)
    )
    section = posts.open_department(
        code="cc_quality", name_zh="长春质量课", site=at_work.site["cc"], by=at_work.he, now=cast.NOW
    )
    post = posts.create_post(
        code="cc_inspector", name_zh="检验员", department=section, by=at_work.he, now=cast.NOW + timedelta(days=1)
    )
    assert post.department.site == at_work.site["cc"]
    with pytest.raises(refusals.NotAllowed):
        posts.open_department(code="nb_two", name_zh="宁波二部", site=at_work.site["nb"], by=at_work.he, now=cast.NOW)
    with pytest.raises(refusals.NotAllowed):
        posts.open_department(code="company", name_zh="全公司", by=at_work.he, now=cast.NOW)
    with pytest.raises(refusals.NotAllowed):
        posts.change_department(department=section, expected=1, site=at_work.site["nb"], by=at_work.he, now=cast.NOW)


def test_others_manage_nothing(at_work: cast.Company) -> None:
    for name in ("lina", "zhou", "auditor", "outsider"):
        with pytest.raises(refusals.NotAllowed):
            posts.appoint(
                post=at_work.post["logistics_manager"],
                person=at_work.people[name],
                from_on=MARCH,
                by=at_work.people[name],
                now=cast.NOW,
            )
