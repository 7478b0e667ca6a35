"""What is confidential is seen by named people only: in lists, search, counts, suggestions and messages."""

import json
from collections.abc import Callable

import pytest
from django.test import Client

from tests import cast
from tests.customers import people
from yinuo.customers import hooks, models, queries
from yinuo.customers.actions import companies, contacts, portals, products, projects, scoping
from yinuo.kit import plugs, refusals
from yinuo.org import models as org
from yinuo.records import models as records
from yinuo.search import queries as search

pytestmark = pytest.mark.django_db
SECRET = "新势力车企（保密）"


class Secret:
    """A confidential customer with everything that hangs on it; 李娜 and 赵敏 are in the circle."""

    def __init__(self, company: cast.Company) -> None:
        self.company = company
        self.scope = people.scope_of(company.lina, company.zhao)
        lina = people.fresh(company.lina)
        by = {"by": lina, "now": cast.NOW}
        self.customer = people.customer(company, "XEV", SECRET, scope=self.scope, aliases=["代号天狼"], window=lina)
        self.plant = people.customer(company, "XEV-1", "新势力一厂", level="plant", parent=self.customer)
        self.contact = contacts.add(customer=self.customer, name="秦工", **by)
        self.product = products.add(number="QH-X1", name_zh="电池壳体", customer=self.plant, **by)
        self.project = projects.add(number="P-X", name_zh="天狼项目", customer=self.customer, **by)
        self.portal = portals.add(customer=self.plant, name="天狼门户", url="https://x.example/", keeper=lina, **by)
        self.shared = products.add(number="QH-9", name_zh="通用支架", **by)
        self.part = products.add_part_number(product=self.shared, customer=self.customer, number="XN-77", **by)

    @property
    def rows(self) -> list[models.Guarded]:
        return [self.customer, self.plant, self.contact, self.product, self.project, self.portal, self.part]


@pytest.fixture
def secret(company: cast.Company) -> Secret:
    return Secret(company)


def test_everything_below_a_closed_customer_is_closed_to_the_same_circle(secret: Secret) -> None:
    assert {people.fresh(row).scope_id for row in secret.rows} == {secret.scope.pk}
    assert people.fresh(secret.shared).scope_id is None


def test_queries_give_named_people_everything_and_others_nothing(secret: Secret) -> None:
    for name, expected in (("zhao", True), ("wang", False), ("gao", False), ("admin", False), ("outsider", False)):
        person = people.fresh(secret.company.people[name])
        found = [
            queries.customers(person).filter(pk=secret.customer.pk),
            queries.customers(person).filter(pk=secret.plant.pk),
            queries.contacts(person).filter(pk=secret.contact.pk),
            queries.products(person).filter(pk=secret.product.pk),
            queries.projects(person).filter(pk=secret.project.pk),
            queries.portals(person).filter(pk=secret.portal.pk),
            queries.part_numbers(person, secret.shared),
        ]
        assert [rows.exists() for rows in found] == [expected] * len(found), name
        assert (queries.named(person, "代号天狼") is not None) is expected
        assert bool(queries.similar(person, ["新势力车企"])) is expected


LISTS = ["/customers/", "/customers/products/", "/customers/projects/", "/customers/portals/"]
WORDS = ["XEV", "新势力", "天狼", "QH-X1", "电池壳体", "P-X", "秦工", "XN-77"]


@pytest.mark.parametrize("url", LISTS)
def test_lists_filters_and_counts_tell_nothing(url: str, secret: Secret, signed_in: Callable[[str], Client]) -> None:
    for query in ("", "?text=xev", f"?customer={secret.customer.pk}", f"?window={secret.company.lina.pk}"):
        page = signed_in("wang").get(url + query).content.decode()
        assert [word for word in WORDS if word in page] == [], (url, query)
    seen = signed_in("zhao").get(url).content.decode()
    assert any(word in seen for word in WORDS)


SUGGESTIONS = ["customers", "products", "projects", "contacts"]


@pytest.mark.parametrize("kind", SUGGESTIONS)
def test_suggestions_respect_the_circle(kind: str, secret: Secret, signed_in: Callable[[str], Client]) -> None:
    url = f"/customers/suggestions/{kind}/"
    texts = {"customers": "天狼", "products": "电池", "projects": "天狼", "contacts": "秦"}
    assert len(json.loads(signed_in("zhao").get(url, {"q": texts[kind]}).content)) == 1
    for asked in ({"q": texts[kind]}, {"q": ""}, {"q": "", "customer": secret.customer.pk}):
        answer = signed_in("wang").get(url, asked).content.decode()
        assert [word for word in WORDS if word in answer] == []


def test_addresses_of_confidential_rows_lead_to_nothing(secret: Secret, signed_in: Callable[[str], Client]) -> None:
    urls = [row.get_absolute_url() for row in (secret.customer, secret.product, secret.project, secret.portal)]
    urls += [f"/customers/{secret.customer.pk}/change/", f"/customers/portals/{secret.portal.pk}/check/"]
    for url in urls:
        assert signed_in("zhou").get(url).status_code == 404, url  # keeps customers, but is not in the circle
        assert signed_in("lina").get(url).status_code == 200, url
    assert signed_in("zhou").post(f"/customers/portals/{secret.portal.pk}/check/", {}).status_code == 404


def test_who_read_what_is_confidential_is_noted(secret: Secret, signed_in: Callable[[str], Client]) -> None:
    signed_in("zhao").get(secret.product.get_absolute_url())
    signed_in("zhao").get(secret.shared.get_absolute_url())
    noted = records.Reading.objects.values_list("actor_id", "subject_type", "subject_id")
    assert list(noted) == [(str(secret.company.zhao.pk), "customers.product", secret.product.pk)]


def test_a_shared_product_does_not_name_the_confidential_buyer(
    secret: Secret, signed_in: Callable[[str], Client]
) -> None:
    url = secret.shared.get_absolute_url()
    page = signed_in("wang").get(url).content.decode()
    assert "通用支架" in page
    assert [word for word in WORDS if word in page] == []
    assert "XN-77" in signed_in("lina").get(url).content.decode()


def test_what_is_indexed_carries_the_circle_and_no_more(secret: Secret) -> None:
    documents = [
        *hooks.customer_documents([secret.customer.pk, secret.plant.pk]),
        *hooks.product_documents([secret.product.pk]),
        *hooks.project_documents([secret.project.pk]),
        *hooks.portal_documents([secret.portal.pk]),
    ]
    assert len(documents) == 5
    assert {document.scope_id for document in documents} == {secret.scope.pk}
    assert "代号天狼" in documents[0].text
    (shared,) = hooks.product_documents([secret.shared.pk])
    assert shared.scope_id is None
    assert "XN-77" not in shared.text


def test_the_search_finds_for_named_people_only(secret: Secret) -> None:
    for text in ("天狼", "XEV", "电池壳体", "秦工"):
        assert search.find(people.fresh(secret.company.zhao), text), text
        assert not search.find(people.fresh(secret.company.wang), text), text
    customer = people.fresh(secret.customer)
    by = {"by": people.fresh(secret.company.lina), "now": cast.NOW, "expected": customer.version}
    companies.change(customer=customer, scope=None, **by)
    assert {hit.type for hit in search.find(people.fresh(secret.company.wang), "天狼")} == {
        "customers.customer",
        "customers.project",
        "customers.portal",
    }
    assert search.find(people.fresh(secret.company.wang), "XN-77")  # the shared product's number may be known now


def test_forged_choices_are_refused(secret: Secret, signed_in: Callable[[str], Client]) -> None:
    """Somebody who keeps customers but is not in the circle cannot point at what they cannot see."""
    zhou = people.fresh(secret.company.zhou)
    by = {"by": zhou, "now": cast.NOW}
    with pytest.raises(refusals.NotAllowed):
        products.add(number="Q1", name_zh="支架", customer=secret.customer, **by)
    with pytest.raises(refusals.NotAllowed):
        projects.add(number="P1", name_zh="项目", customer=secret.customer, **by)
    with pytest.raises(refusals.NotAllowed):
        companies.add(code="C1", name_zh="子公司", parent=secret.customer, although_similar=True, **by)
    with pytest.raises(refusals.NotAllowed):
        products.add_part_number(product=secret.shared, customer=secret.customer, number="1", **by)
    with pytest.raises(companies.CannotClose):
        companies.add(code="C2", name_zh="某公司", scope=secret.scope, although_similar=True, **by)
    page = signed_in("zhou").post(
        "/customers/products/add/",
        {"once": "k" * 24, "number": "Q1", "name_zh": "支架", "customer": secret.customer.pk},
    )
    assert page.status_code == 422
    assert not models.Product.objects.filter(number="Q1").exists()


def test_a_name_taken_in_secret_is_refused_without_telling_whose(secret: Secret) -> None:
    with pytest.raises(companies.NameTaken) as refused:
        people.customer(secret.company, "NEW", "别的公司", aliases=["代号天狼"], by=secret.company.zhou)
    assert SECRET not in str(refused.value)
    assert "XEV" not in str(refused.value)


def test_closing_and_opening_reach_everything_below_and_are_announced(
    company: cast.Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = people.volkswagen(company)
    lina = people.fresh(company.lina)
    by = {"by": lina, "now": cast.NOW}
    product = products.add(number="QH-1", name_zh="支架", customer=tree["plant"], **by)
    own = people.scope_of(company.lina, name="项目圈")
    project = projects.add(number="P-1", name_zh="项目", customer=tree["svw"], scope=own, **by)
    heard: set[tuple[str, int, int | None]] = set()

    def listen(*, type: str, id: int, scope_id: int | None) -> None:  # noqa: A002 - names of the event
        heard.add((type, id, scope_id))

    monkeypatch.setattr(plugs.events, "_plugs", dict(plugs.events._plugs))
    plugs.events.plug("kit.rescoped/test", listen)
    scope = people.scope_of(company.lina, company.zhao)

    def close(to: org.Scope | None) -> None:
        group = people.fresh(tree["group"])
        companies.change(customer=group, by=people.fresh(company.lina), now=cast.NOW, expected=group.version, scope=to)

    close(scope)
    for row in (*tree.values(), product):
        assert people.fresh(row).scope_id == scope.pk, row
        assert (row.subject_type, row.pk, scope.pk) in heard
    assert people.fresh(project).scope_id == own.pk  # fewer people than the customer's
    close(None)
    assert {people.fresh(row).scope_id for row in (*tree.values(), product)} == {None}
    assert people.fresh(project).scope_id == own.pk  # what was closed by itself stays closed


def test_a_circle_inside_another_narrows_and_never_widens(company: cast.Company) -> None:
    outer = people.scope_of(company.lina, company.zhao, name="项目组")
    inner, other = (
        people.scope_of(company.lina, name="报价组"),
        people.scope_of(company.lina, company.wang, name="开发组"),
    )
    customer = people.customer(company, "XEV", SECRET, scope=outer, window=company.lina)
    by = {"by": people.fresh(company.lina), "now": cast.NOW}
    project = projects.add(number="P-1", name_zh="报价", customer=customer, scope=inner, **by)
    product = products.add(number="Q-1", name_zh="壳体", customer=customer, scope=inner, **by)
    child = people.customer(company, "XEV-1", "一厂", level="plant", parent=customer, scope=inner)
    below = products.add(number="Q-2", name_zh="托架", customer=child, **by)
    for row in (project, product, child, below):
        assert people.fresh(row).scope == inner, row
        assert not people.fresh(company.zhao).may(queries.SEE, people.fresh(row).scope_id)
    for add in (
        lambda: projects.add(number="P-2", name_zh="项目", customer=customer, scope=other, **by),
        lambda: products.add(number="Q-3", name_zh="支架", customer=customer, scope=other, **by),
        lambda: people.customer(company, "XEV-2", "二厂", level="plant", parent=customer, scope=other),
        lambda: projects.change(project=people.fresh(project), scope=other, expected=1, **by),
    ):
        with pytest.raises(scoping.CannotNarrow, match="项目组") as refused:
            add()
        assert refused.value.field == "scope"


def test_a_customer_is_not_closed_around_people_who_would_be_missing(company: cast.Company) -> None:
    customer = people.customer(company, "XEV", SECRET, window=company.lina)
    by = {"by": people.fresh(company.lina), "now": cast.NOW}
    inner = people.scope_of(company.lina, company.wang, name="开发组")
    project = projects.add(number="P-1", name_zh="项目", customer=customer, scope=inner, **by)
    outer = people.scope_of(company.lina, name="项目组")
    by["by"] = people.fresh(company.lina)
    with pytest.raises(scoping.CannotNarrow) as refused:
        companies.change(customer=people.fresh(customer), scope=outer, expected=1, **by)
    assert "开发组" not in str(refused.value)  # whoever closes the customer may not know that circle
    outer.grants.create(person=company.wang, granted_at=cast.NOW)
    companies.change(customer=people.fresh(customer), scope=outer, expected=1, **by)
    assert people.fresh(project).scope == inner


def test_a_window_of_a_closed_customer_belongs_to_its_circle(company: cast.Company) -> None:
    scope = people.scope_of(company.lina)
    with pytest.raises(companies.CannotClose) as refused:
        people.customer(company, "XEV", "保密车企", scope=scope, window=company.chen)
    assert refused.value.field == "window"
    row = people.customer(company, "XEV", "保密车企", window=company.lina, window_deputy=company.zhao)
    with pytest.raises(companies.CannotClose):
        companies.change(customer=row, scope=scope, by=people.fresh(company.lina), now=cast.NOW, expected=row.version)
    assert people.fresh(row).scope_id is None


def test_a_site_sees_its_own_customers(company: cast.Company) -> None:
    here = people.customer(company, "NB", "宁波顾客", sites=[company.site["nb"]])
    both = people.customer(company, "BOTH", "两地顾客", sites=[company.site["nb"], company.site["cc"]])
    assert (here.site_id, both.site_id) == (company.site["nb"].pk, None)
    assert list(queries.customers(people.fresh(company.he))) == [both]


def test_a_grant_that_ended_shows_nothing(secret: Secret) -> None:
    secret.scope.grants.filter(person=secret.company.zhao).update(ended_at=cast.NOW)
    assert not queries.customers(people.fresh(secret.company.zhao)).filter(pk=secret.customer.pk).exists()
