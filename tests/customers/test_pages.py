"""Customers, products, projects and portals through the browser's eyes: forms, versions, one-time keys, refusals."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests import cast
from tests.customers import people
from yinuo.customers import hooks, models, queries
from yinuo.customers.actions import contacts, portals, products, projects
from yinuo.kit import plugs, refusals, subjects
from yinuo.records import queries as records

pytestmark = pytest.mark.django_db
KEY = "a-key-that-is-used-once-only"


@pytest.fixture
def tree(company: cast.Company) -> dict[str, models.Customer]:
    return people.volkswagen(company)


def form_of(row: models.Customer, **changes: Any) -> dict[str, Any]:
    """The change form of a customer as the page shows it."""
    return {
        "version": row.version,
        "code": row.code,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "registered_name": row.organisation.name_zh,
        "aliases": "\n".join(row.names.filter(is_alias=True).values_list("text", flat=True)),
        "level": row.level,
        "kind": row.kind,
        "parent": row.parent_id or "",
        "is_customer": "on",
        "window": row.window_id or "",
        "window_deputy": row.window_deputy_id or "",
        "language": row.language,
        "is_active": "on",
        **changes,
    }


def test_adding_a_customer_sent_twice_makes_one(tree: Any, signed_in: Callable[[str], Client]) -> None:
    data = {
        "once": KEY,
        "code": "GEELY",
        "name_zh": "吉利汽车（示例）",
        "aliases": "吉利\nGeely Auto\n吉利",
        "level": "company",
        "kind": "oem",
        "is_customer": "on",
        "language": "zh",
        "parent": tree["group"].pk,
    }
    first = signed_in("lina").post("/customers/add/", data)
    again = signed_in("lina").post("/customers/add/", data)
    row = models.Customer.objects.get(code="GEELY")
    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"] == row.get_absolute_url()
    assert row.parent == tree["group"]
    assert list(row.names.filter(is_alias=True).values_list("text", flat=True)) == ["吉利", "Geely Auto"]


def test_similar_names_are_asked_about_on_the_page(tree: Any, signed_in: Callable[[str], Client]) -> None:
    data = {"once": KEY, "code": "N", "name_zh": "上汽大众汽车（示例）", "level": "company", "kind": "oem",
            "is_customer": "on", "language": "zh"}  # fmt: skip
    asked = signed_in("lina").post("/customers/add/", data)
    assert asked.status_code == 422
    assert "SVW 上汽大众（示例）" in asked.content.decode()
    assert 'type="checkbox" name="although_similar"' in asked.content.decode()
    assert signed_in("lina").post("/customers/add/", {**data, "although_similar": "on"}).status_code == 302
    typed = signed_in("lina").get("/customers/similar/", {"name_zh": "上汽大众", "aliases": "上海大众"})
    assert "名称相同" in typed.content.decode()


def test_saving_what_somebody_else_changed_is_refused_and_keeps_the_input(
    tree: Any, signed_in: Callable[[str], Client]
) -> None:
    row = tree["svw"]
    url = f"/customers/{row.pk}/change/"
    data = form_of(row, note="甲")
    assert signed_in("lina").post(url, data).status_code == 302
    late = signed_in("zhou").post(url, {**data, "note": "乙"})
    assert late.status_code == 422
    assert "乙" in late.content.decode()
    assert people.fresh(row).note == "甲"


def test_a_form_that_changes_nothing_changes_nothing(tree: Any, signed_in: Callable[[str], Client]) -> None:
    row = people.fresh(tree["svw"])
    before = records.entries(row).count()
    assert signed_in("lina").post(f"/customers/{row.pk}/change/", form_of(row)).status_code == 302
    assert people.fresh(row).version == row.version
    assert records.entries(row).count() == before


def test_readers_see_no_way_to_change(tree: Any, signed_in: Callable[[str], Client]) -> None:
    url = tree["svw"].get_absolute_url()
    assert "/change/" not in signed_in("auditor").get(url).content.decode()
    assert "/change/" in signed_in("lina").get(url).content.decode()
    assert signed_in("auditor").get(f"{url}change/").status_code == 403
    assert signed_in("wang").post(f"{url}contacts/add/", {"once": KEY, "name": "某人"}).status_code == 403


def test_every_tab_of_a_customer_answers(tree: Any, company: cast.Company, signed_in: Callable[[str], Client]) -> None:
    by = {"by": people.fresh(company.lina), "now": cast.NOW}
    contacts.add(customer=tree["svw"], name="沈工", authority=["quality", "technical", "nonsense"], **by)
    products.add(number="QH-1", name_zh="前保险杠支架", customer=tree["plant"], **by)
    projects.add(number="P-1", name_zh="支架换代", customer=tree["svw"], **by)
    portals.add(customer=tree["svw"], name="供应商平台", url="https://p.example/", keeper=company.lina, **by)
    expected = {
        "contacts": "技术要求、质量要求",
        "products": "QH-1",
        "projects": "P-1",
        "portals": "供应商平台",
        "below": "SVW-AT",
    }
    for tab, words in expected.items():
        page = signed_in("wang").get(tree["svw"].get_absolute_url(), {"tab": tab}).content.decode()
        assert words in page, tab


def test_a_group_shows_what_hangs_below(tree: Any, company: cast.Company) -> None:
    by = {"by": people.fresh(company.lina), "now": cast.NOW}
    made = products.add(number="QH-1", name_zh="支架", customer=tree["plant"], **by)
    bought = products.add(number="QH-2", name_zh="衬套", **by)
    products.add_part_number(product=bought, customer=tree["faw"], number="5QD 1", **by)
    assert list(queries.products_of(company.lina, tree["group"])) == [made, bought]
    assert list(queries.products_of(company.lina, tree["svw"])) == [made]


def test_who_left_stays_on_record_and_speaks_no_more(tree: Any, company: cast.Company) -> None:
    by = {"by": people.fresh(company.lina), "now": cast.NOW}
    today = timezone.localdate(cast.NOW)
    above = contacts.add(customer=tree["group"], name="总部质量", authority=["quality"], **by)
    gone = contacts.add(customer=tree["svw"], name="老沈", authority=["quality"], **by)
    contacts.change(contact=gone, expected=1, to_on=today - timedelta(days=1), **by)
    assert queries.contacts_on(tree["plant"], today, "quality") == [above]
    assert gone in queries.contacts(company.lina, tree["svw"])
    assert gone not in queries.contacts_around(company.lina, tree["svw"], today)
    with pytest.raises(contacts.CannotLeave):
        contacts.change(contact=above, expected=1, from_on=today, to_on=today - timedelta(days=1), **by)


def test_a_product_its_numbers_and_drawings(
    tree: Any, company: cast.Company, signed_in: Callable[[str], Client]
) -> None:
    client = signed_in("lina")
    data = {"once": KEY, "number": "QH-1001", "name_zh": "前保险杠支架", "customer": tree["svw"].pk,
            "starts_on": "2026-06-01", "ends_on": "2026-05-01"}  # fmt: skip
    assert "停产日期早于投产日期" in client.post("/customers/products/add/", data).content.decode()
    assert client.post("/customers/products/add/", {**data, "ends_on": "2032-05-01"}).status_code == 302
    product = models.Product.objects.get(number="QH-1001")
    number = {"once": KEY + "2", "customer": tree["svw"].pk, "number": "3CN 807 183 A"}
    assert client.post(f"/customers/products/{product.pk}/numbers/add/", number).status_code == 302
    drawing = {"once": KEY + "3", "number": "TB-1001", "edition": "C", "dated_on": "2025-09-15"}
    assert client.post(f"/customers/products/{product.pk}/drawings/add/", drawing).status_code == 302
    repeated = client.post(f"/customers/products/{product.pk}/drawings/add/", {**drawing, "once": KEY + "4"})
    assert repeated.status_code == 422
    page = client.get(product.get_absolute_url()).content.decode()
    assert "3CN 807 183 A" in page
    assert "现行图纸 TB-1001，版本 C" in page
    part = product.part_numbers.get()
    assert client.post(f"/customers/products/{product.pk}/numbers/{part.pk}/remove/").status_code == 302
    assert not product.part_numbers.exists()


def test_a_part_number_of_another_product_cannot_be_removed_through_this_one(
    tree: Any, company: cast.Company, signed_in: Callable[[str], Client]
) -> None:
    by = {"by": people.fresh(company.lina), "now": cast.NOW}
    one = products.add(number="QH-1", name_zh="支架", customer=tree["svw"], **by)
    two = products.add(number="QH-2", name_zh="横梁", customer=tree["svw"], **by)
    part = products.add_part_number(product=two, customer=tree["svw"], number="X", **by)
    assert signed_in("lina").post(f"/customers/products/{one.pk}/numbers/{part.pk}/remove/").status_code == 404
    assert two.part_numbers.exists()


def test_the_team_on_a_day(tree: Any, company: cast.Company, signed_in: Callable[[str], Client]) -> None:
    by = {"by": people.fresh(company.lina), "now": cast.NOW}
    today = timezone.localdate(cast.NOW)
    project = projects.add(
        number="P-1", name_zh="支架换代", customer=tree["svw"], department=company.department["engineering"], **by
    )
    first = projects.join(project=project, person=company.sun, role="quality", from_on=today - timedelta(days=90), **by)
    projects.leave(member=first, to_on=today - timedelta(days=31), expected=1, **by)
    projects.join(project=project, person=company.zhou, role="quality", from_on=today - timedelta(days=30), **by)
    assert queries.people_in_role(project, "quality", today) == [company.zhou]
    assert queries.people_in_role(project, "quality", today - timedelta(days=60)) == [company.sun]
    assert queries.people_in_role(project, "quality", today - timedelta(days=91)) == []
    with pytest.raises(projects.CannotKeep):
        projects.join(project=project, person=company.zhou, role="quality", from_on=today, **by)
    with pytest.raises(refusals.Stale):
        projects.leave(member=first, to_on=today, expected=1, **by)
    day = (today - timedelta(days=60)).isoformat()
    page = signed_in("wang").get(project.get_absolute_url(), {"on": day}).content.decode()
    assert "孙丽" in page
    assert signed_in("wang").get(project.get_absolute_url(), {"on": "2026-99-99"}).status_code == 200


def test_editing_a_project_keeps_products_one_may_not_see(tree: Any, company: cast.Company) -> None:
    scope = people.scope_of(company.lina)
    lina, zhou = people.fresh(company.lina), people.fresh(company.zhou)
    hidden = products.add(number="QH-S", name_zh="保密件", scope=scope, by=lina, now=cast.NOW)
    shown = products.add(number="QH-O", name_zh="公开件", by=lina, now=cast.NOW)
    project = projects.add(
        number="P", name_zh="项目", customer=tree["svw"], products=[hidden, shown], by=lina, now=cast.NOW
    )
    projects.change(project=project, products=[], by=zhou, now=cast.NOW, expected=project.version)
    assert list(project.products.all()) == [hidden]


# Finders -------------------------------------------------------------------------------------------------------------


def test_finders_find_people_for_subjects_of_rooms_above(
    tree: Any, company: cast.Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = {"by": people.fresh(company.lina), "now": cast.NOW}
    today = timezone.localdate()
    project = projects.add(
        number="P-1", name_zh="支架换代", customer=tree["plant"], department=company.department["quality"], **by
    )
    projects.join(project=project, person=company.sun, role="quality", from_on=today, **by)
    portals.add(customer=tree["group"], name="平台", url="https://p.example/", keeper=company.wang, **by)
    monkeypatch.setattr(plugs.facts, "_plugs", dict(plugs.facts._plugs))
    plugs.facts.plug("subject.customer_id/upper.row", lambda subject: tree["plant"].pk)
    plugs.facts.plug("subject.project_id/upper.row", lambda subject: project.pk if subject.id == 1 else None)
    row, other, unknown = (subjects.Ref(t, n, "") for t, n in (("upper.row", 1), ("upper.row", 2), ("strange", 1)))
    find = {plug.name: plug.function for plug in plugs.finders}
    assert find["customers.window"](row, "") == [company.lina.pk, company.zhao.pk]
    assert find["customers.window_deputy"](row, "") == [company.zhao.pk]
    assert find["customers.portal_keeper"](row, "") == [company.wang.pk]
    assert find["projects.responsible_department"](row, "") == "department:quality"
    assert find["projects.role"](row, "quality") == [company.sun.pk]
    assert find["projects.role"](row, "leader") == []
    assert find["projects.responsible_department"](other, "") == ""
    for name in ("customers.window", "customers.window_deputy", "customers.portal_keeper", "projects.role"):
        assert list(find[name](unknown, "quality")) == []


def test_fields_of_a_procedures_form_offer_what_all_who_see_the_subject_may_know(
    tree: Any, company: cast.Company
) -> None:
    scope = people.scope_of(company.lina)
    closed = people.customer(company, "XEV", "保密车企", scope=scope)

    class Asked:
        required = True

    open_subject, closed_subject = subjects.Ref("a.b", 1, ""), subjects.Ref("a.b", 1, "", scope_id=scope.pk)
    assert hooks.customer_field(Asked(), closed_subject).clean(str(closed.pk)) == {
        "id": closed.pk,
        "label": "XEV 保密车企",
    }
    field = hooks.customer_field(Asked(), open_subject)
    for forged in (str(closed.pk), "9" * 30, "x", "-1"):
        with pytest.raises(Exception, match=r"有效|选择|Select"):
            field.clean(forged)
    assert json.dumps(field.clean(str(tree["svw"].pk)))


# Many rows -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["/customers/", "/customers/products/", "/customers/projects/", "/customers/portals/"])
def test_a_list_costs_the_same_with_one_row_and_with_many(
    url: str,
    tree: Any,
    company: cast.Company,
    signed_in: Callable[[str], Client],
    django_assert_max_num_queries: Any,
) -> None:
    by = {"by": people.fresh(company.lina), "now": cast.NOW}

    def fill(names: list[str]) -> None:
        for name in names:
            row = people.customer(company, name, f"顾客{name}", level="plant", parent=people.fresh(tree["svw"]))
            products.add(number=f"QH-{name}", name_zh="支架", customer=row, **by)
            projects.add(number=f"P-{name}", name_zh="项目", customer=row, department=company.department["sales"], **by)
            portals.add(customer=row, name=f"门户{name}", url="https://p.example/", keeper=company.wang, **by)

    client = signed_in("wang")
    fill(["a1"])
    client.get(url)
    with django_assert_max_num_queries(60) as few:
        client.get(url)
    fill([f"b{n}" for n in range(12)])
    with django_assert_max_num_queries(60) as many:
        client.get(url)
    assert len(many) == len(few)


NAUGHTY = [
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "\u202e反",
    "𝒩𝒶𝓊𝑔𝒽𝓉𝓎",
    "%s %(a)s {0}",
    "\x00\x07空",
    "👩‍🚒🧯",
    "ﷺ" * 40,
]


@pytest.mark.parametrize("text", NAUGHTY)
def test_naughty_strings_are_kept_as_text(text: str, tree: Any, signed_in: Callable[[str], Client]) -> None:
    client = signed_in("lina")
    data = {"once": KEY, "code": "N1", "name_zh": text, "aliases": text + "2", "note": text, "level": "company",
            "kind": "oem", "is_customer": "on", "language": "zh", "although_similar": "on"}  # fmt: skip
    made = client.post("/customers/add/", data)
    assert made.status_code == 302, made.content.decode()[:3000]
    page = client.get(made["Location"]).content.decode()
    assert "<script>alert(1)" not in page
    found = 404 if "\x00" in text else 200  # no address of ours holds a NUL
    for url in ("/customers/", "/customers/products/", "/customers/projects/", "/customers/portals/"):
        assert client.get(url, {"text": text, "customer": text, "window": text, "after": text}).status_code == found
    assert client.get("/customers/suggestions/customers/", {"q": text}).status_code == found


def test_what_a_customer_above_asks_is_shown_below(
    tree: Any, company: cast.Company, signed_in: Callable[[str], Client]
) -> None:
    page = signed_in("wang").get(tree["plant"].get_absolute_url())
    assert [above.code for above, _url in page.context["inherited"]] == ["SVW", "VW"]  # the nearest first
    for above, url in page.context["inherited"]:
        assert f"继承自{above.name}" in page.content.decode()
        assert signed_in("wang").get(url, headers={"HX-Request": "true"}).status_code == 200
    assert signed_in("wang").get(tree["group"].get_absolute_url()).context["inherited"] == []
