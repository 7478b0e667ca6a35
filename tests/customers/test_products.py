"""Products and teams: the customer's own number finds a product; what was recorded wrongly is set right."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests import cast
from tests.customers import people
from yinuo.customers import hooks, models, queries
from yinuo.customers.actions import contacts, products, projects
from yinuo.kit import subjects
from yinuo.records import models as records

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(cast.NOW)


@pytest.fixture
def tree(company: cast.Company) -> dict[str, models.Customer]:
    return people.volkswagen(company)


@pytest.fixture
def by(company: cast.Company) -> dict[str, Any]:
    return {"by": people.fresh(company.lina), "now": cast.NOW}


@pytest.fixture
def product(tree: Any, by: dict[str, Any]) -> models.Product:
    product = products.add(number="QH-1001", name_zh="前保险杠支架", customer=tree["svw"], **by)
    products.add_part_number(product=product, customer=tree["svw"], number="3CN 807 183 A", **by)
    return product


# The customer's own number -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["3CN 807", "3cn807183a", "QH-10", "支架"])
def test_a_product_is_found_by_its_number_at_the_customer(
    typed: str, product: models.Product, signed_in: Callable[[str], Client]
) -> None:
    answer = json.loads(signed_in("wang").get("/customers/suggestions/products/", {"q": typed}).content)
    assert answer == [{"value": str(product.pk), "text": "QH-1001 前保险杠支架 · 3CN 807 183 A"}]
    assert "前保险杠支架" in signed_in("wang").get("/customers/products/", {"text": typed}).content.decode()


def test_a_secret_buyer_s_number_finds_nothing_for_others(
    product: models.Product, company: cast.Company, by: dict[str, Any], signed_in: Callable[[str], Client]
) -> None:
    secret = people.customer(company, "XEV", "保密车企", scope=people.scope_of(company.lina))
    products.add_part_number(product=product, customer=secret, number="XN-77", **{**by, "by": people.fresh(by["by"])})
    url = "/customers/suggestions/products/"
    assert json.loads(signed_in("wang").get(url, {"q": "XN-77"}).content) == []
    assert "XN-77" not in signed_in("wang").get(url, {"q": "QH"}).content.decode()
    assert "XN-77" in signed_in("lina").get(url, {"q": "XN-77"}).content.decode()
    assert "前保险杠支架" not in signed_in("wang").get("/customers/products/", {"text": "XN-77"}).content.decode()


# Drawings ------------------------------------------------------------------------------------------------------------


def test_a_drawing_recorded_wrongly_is_corrected_or_void(
    product: models.Product, by: dict[str, Any], signed_in: Callable[[str], Client]
) -> None:
    old = products.add_drawing(product=product, number="TB-1001", edition="B", dated_on=date(2025, 1, 5), **by)
    new = products.add_drawing(product=product, number="TB-1001", edition="D", dated_on=date(2026, 1, 5), **by)
    client, url = signed_in("lina"), f"/customers/products/{product.pk}/drawings"
    data = {"version": 1, "number": "TB-1001", "edition": "B", "dated_on": "2026-01-15", "note": "见变更单"}
    assert client.post(f"{url}/{new.pk}/correct/", data).status_code == 422  # edition B is there
    assert client.post(f"{url}/{new.pk}/correct/", {**data, "edition": "C"}).status_code == 302
    assert client.post(f"{url}/{old.pk}/void/", {"version": 1, "reason": " "}).status_code == 422
    assert client.post(f"{url}/{old.pk}/void/", {"version": 1, "reason": "误录为他件图纸"}).status_code == 302
    assert client.post(f"{url}/{old.pk}/correct/", {**data, "version": 2, "edition": "A"}).status_code == 422
    page = client.get(product.get_absolute_url())
    assert (page.context["drawing"].edition, page.context["drawing"].dated_on) == ("C", date(2026, 1, 15))
    assert "误录为他件图纸" in page.content.decode()
    again = products.add_drawing(product=product, number="TB-1001", edition="B", dated_on=date(2025, 1, 5), **by)
    assert again.voided_at is None
    entry = records.Entry.objects.get(word="customers.drawing.voided")
    assert (entry.subject_id, entry.note, entry.reason) == (product.pk, {"drawing": "TB-1001 B"}, "误录为他件图纸")
    assert signed_in("wang").get(f"{url}/{again.pk}/correct/").status_code == 403


def test_a_drawing_is_reached_through_its_own_product_only(
    product: models.Product, by: dict[str, Any], signed_in: Callable[[str], Client]
) -> None:
    other = products.add(number="QH-2", name_zh="横梁", **by)
    drawing = products.add_drawing(product=product, number="TB-1", edition="A", dated_on=TODAY, **by)
    assert signed_in("lina").get(f"/customers/products/{other.pk}/drawings/{drawing.pk}/void/").status_code == 404


# Teams ---------------------------------------------------------------------------------------------------------------


def test_a_last_day_entered_wrongly_is_set_right(
    tree: Any, company: cast.Company, by: dict[str, Any], signed_in: Callable[[str], Client]
) -> None:
    project = projects.add(number="P-1", name_zh="换代", customer=tree["svw"], **by)
    day = {"from_on": TODAY - timedelta(days=90)}
    first = projects.join(project=project, person=company.sun, role="quality", **day, **by)
    projects.leave(member=first, to_on=TODAY - timedelta(days=31), expected=1, **by)
    url = f"/customers/projects/{project.pk}/team/{first.pk}/leave/"
    assert url in signed_in("lina").get(project.get_absolute_url()).content.decode()
    assert signed_in("lina").post(url, {"version": 2, "to_on": ""}).status_code == 302
    assert queries.people_in_role(project, "quality", TODAY) == [company.sun]
    projects.leave(member=people.fresh(first), to_on=TODAY - timedelta(days=60), expected=3, **by)
    projects.join(project=project, person=company.sun, role="quality", from_on=TODAY - timedelta(days=30), **by)
    with pytest.raises(projects.CannotKeep):  # she is in the team again by then
        projects.leave(member=people.fresh(first), to_on=None, expected=4, **by)


def test_the_team_of_a_closed_project_belongs_to_its_circle(tree: Any, company: cast.Company) -> None:
    scope = people.scope_of(company.lina, company.sun, name="天狼项目组")
    by = {"by": people.fresh(company.lina), "now": cast.NOW}
    project = projects.add(number="P-1", name_zh="天狼", customer=tree["svw"], scope=scope, **by)
    with pytest.raises(projects.CannotKeep, match="天狼项目组") as refused:
        projects.join(project=project, person=company.wang, role="engineering", from_on=TODAY, **by)
    assert refused.value.field == "person"
    assert projects.join(project=project, person=company.sun, role="quality", from_on=TODAY, **by).pk


# Contacts ------------------------------------------------------------------------------------------------------------


def test_somebody_who_will_leave_is_there_until_the_last_day(
    tree: Any, company: cast.Company, by: dict[str, Any], signed_in: Callable[[str], Client]
) -> None:
    today = timezone.localdate()
    leaving = contacts.add(customer=tree["svw"], name="沈工", to_on=today, **by)
    gone = contacts.add(customer=tree["svw"], name="老顾", to_on=today - timedelta(days=1), **by)
    assert list(queries.contacts_around(company.lina, tree["svw"], today)) == [leaving]
    answer = signed_in("wang").get("/customers/suggestions/contacts/", {"q": ""}).content.decode()
    assert (leaving.name in json.loads(answer)[0]["text"], len(json.loads(answer))) == (True, 1)

    class Asked:
        required = False

    assert hooks.contact_field(Asked(), subjects.ref(tree["svw"])).clean(str(leaving.pk))
    page = signed_in("wang").get(tree["svw"].get_absolute_url()).content.decode()
    assert f"{today:%Y-%m-%d}离任" in page
    assert page.count("已离任") == 1
    assert list(queries.contacts(company.lina, tree["svw"])) == [leaving, gone]
