"""The tree of customers: inheritance, moving, windows, names that are one and names that are two."""

import pytest

from tests import cast
from tests.customers import people
from yinuo.customers import models, queries, rules
from yinuo.customers.actions import companies
from yinuo.kit import refusals
from yinuo.records import models as records

pytestmark = pytest.mark.django_db


def change(row: models.Customer, company: cast.Company, **facts: object) -> models.Customer:
    row = people.fresh(row)
    return companies.change(
        customer=row, by=people.fresh(company.lina), now=cast.NOW, expected=row.version, although_similar=True, **facts
    )


def test_what_holds_above_holds_below(company: cast.Company) -> None:
    tree = people.volkswagen(company)
    assert [each.code for each in queries.with_ancestors(tree["plant"])] == ["SVW-AT", "SVW", "VW"]
    assert {each.code for each in queries.subtree(tree["group"])} == {"VW", "SVW", "SVW-AT", "FAW-VW"}
    assert [each.code for each in queries.with_ancestors(tree["group"])] == ["VW"]


def test_a_window_is_taken_over_from_the_nearest_above(company: cast.Company) -> None:
    tree = people.volkswagen(company)
    found = queries.window(tree["plant"])
    assert (found.person, found.deputy, found.named_on) == (company.lina, company.zhao, tree["svw"])
    assert queries.window(tree["faw"]).people == [company.zhao]
    assert queries.is_window(company.zhao, tree["plant"])
    assert not queries.is_window(company.wang, tree["plant"])


def test_who_left_is_no_window(company: cast.Company) -> None:
    tree = people.volkswagen(company)
    type(company.lina).objects.filter(pk=company.lina.pk).update(is_active=False)
    assert queries.window(tree["plant"]).people == [company.zhao]


def test_moving_takes_along_what_hangs_below(company: cast.Company) -> None:
    tree = people.volkswagen(company)
    other = people.customer(company, "SAIC", "上汽集团（示例）", level="group")
    change(tree["svw"], company, parent=other)
    plant = people.fresh(tree["plant"])
    assert (plant.path, plant.depth) == ("SAIC/SVW/SVW-AT/", 2)
    assert [each.code for each in queries.with_ancestors(plant)] == ["SVW-AT", "SVW", "SAIC"]
    assert people.fresh(tree["faw"]).path == "VW/FAW-VW/"


def test_a_new_code_renames_the_whole_branch(company: cast.Company) -> None:
    tree = people.volkswagen(company)
    change(tree["group"], company, code="VWG")
    assert people.fresh(tree["plant"]).path == "VWG/SVW/SVW-AT/"
    assert queries.named(company.lina, "VW") is None


def test_nobody_stands_below_oneself(company: cast.Company) -> None:
    tree = people.volkswagen(company)
    above = people.customer(company, "X", "控股（示例）", level="group", parent=people.fresh(tree["group"]))
    with pytest.raises(companies.WrongPlace):
        change(tree["group"], company, parent=above)


def test_levels_fit(company: cast.Company) -> None:
    tree = people.volkswagen(company)
    with pytest.raises(companies.WrongPlace):
        people.customer(company, "P", "某工厂", level="plant")
    with pytest.raises(companies.WrongPlace):
        change(tree["svw"], company, level="plant")  # a plant hangs below it, but it would hang below a group


def test_an_alias_finds_its_company_only(company: cast.Company) -> None:
    tree = people.volkswagen(company)
    assert queries.named(company.lina, "上海大众") == tree["svw"]
    assert queries.named(company.lina, "ｓｖｗ") == tree["svw"]
    assert queries.named(company.lina, "一汽大众") == tree["faw"]
    assert queries.named(company.lina, "大众") == tree["group"]
    assert queries.named(company.lina, "大 众 汽车") is None
    assert {each.code for each in queries.matching(company.lina, "上海大众")} == {"SVW"}


def test_a_name_belongs_to_one_company(company: cast.Company) -> None:
    people.volkswagen(company)
    for taken in ("SVW", "上海大众", "上汽 大众（示例）"):
        with pytest.raises(companies.NameTaken):
            people.customer(company, "NEW", "新公司", aliases=[taken])
    assert not models.Customer.objects.filter(code="NEW").exists()


def test_a_name_like_anothers_is_asked_about_never_merged(company: cast.Company) -> None:
    people.volkswagen(company)
    with pytest.raises(companies.SimilarNames) as asked:
        people.customer(company, "NEW", "上汽大众汽车（示例）", although_similar=False)
    assert "SVW" in {each.customer.code for each in asked.value.similar}
    added = people.customer(company, "NEW", "上汽大众汽车（示例）", although_similar=True)
    assert queries.named(company.lina, "上汽大众汽车（示例）") == added


@pytest.mark.parametrize(
    ("name", "asked"), [("福特汽车", True), ("Ford Motors", True), ("Fords", True), ("奇瑞汽车", False), ("FO", False)]
)
def test_which_names_are_worth_a_question(name: str, asked: bool, company: cast.Company) -> None:
    people.customer(company, "FRD", "福特汽车（中国）", name_en="Ford Motor")
    assert bool(queries.similar(company.lina, [name])) is asked


def test_an_alias_given_up_may_be_taken_by_another(company: cast.Company) -> None:
    tree = people.volkswagen(company)
    change(tree["svw"], company, aliases=[])
    assert queries.named(company.lina, "上海大众") is None
    change(tree["faw"], company, aliases=["一汽大众", "上海大众"])
    assert queries.named(company.lina, "上海大众") == tree["faw"]


def test_names_of_a_row_written_twice_count_once(company: cast.Company) -> None:
    row = people.customer(company, "GEELY", "吉利", name_en="Geely", aliases=["geely", "吉利汽车"])
    keys = list(row.names.values_list("key", flat=True))
    assert len(keys) == len(set(keys)) == 3


def test_every_customer_hangs_on_its_card_in_the_address_book(company: cast.Company) -> None:
    row = people.customer(company, "BYD", "比亚迪", registered_name="比亚迪汽车工业有限公司")
    assert row.organisation.name_zh == "比亚迪汽车工业有限公司"
    assert row.organisation.kinds == ["customer"]
    change(row, company, registered_name="比亚迪股份有限公司", is_final_oem=True)
    card = people.fresh(row.organisation)
    assert (card.name_zh, card.kinds) == ("比亚迪股份有限公司", ["customer", "final_oem"])
    assert queries.named(company.lina, "比亚迪股份有限公司") == row


def test_two_people_at_once_one_is_told(company: cast.Company) -> None:
    row = people.customer(company, "BYD", "比亚迪")
    seen = row.version
    for facts, stale in (
        ({"aliases": ["BYD Auto"]}, False),
        ({"aliases": ["比亚迪汽车"]}, True),
        ({"note": "x"}, True),
    ):
        act = {"customer": people.fresh(row), "by": company.lina, "now": cast.NOW, "expected": seen}
        if stale:
            with pytest.raises(refusals.Stale):
                companies.change(**act, although_similar=True, **facts)
        else:
            companies.change(**act, although_similar=True, **facts)
    assert list(row.names.filter(is_alias=True).values_list("text", flat=True)) == ["BYD Auto"]


def test_the_trail_tells_what_became_what(company: cast.Company) -> None:
    tree = people.volkswagen(company)
    change(tree["svw"], company, aliases=["上海大众", "大众上海"], note="年度评审", reason="合同更新")
    entry = records.Entry.objects.filter(word="customers.customer.changed").latest("pk")
    assert entry.reason == "合同更新"
    assert {each["field"]: (each["old"], each["new"]) for each in entry.changes} == {
        "note": ("", "年度评审"),
        "aliases": (["上海大众"], ["上海大众", "大众上海"]),
    }


def test_only_who_keeps_customers_may_write(company: cast.Company) -> None:
    tree = people.volkswagen(company)
    for name in ("wang", "auditor", "admin", "outsider"):
        with pytest.raises(refusals.NotAllowed):
            people.customer(company, "NEW", "新公司", by=company.people[name])
        with pytest.raises(refusals.NotAllowed):
            companies.change(
                customer=tree["svw"], by=company.people[name], now=cast.NOW, expected=tree["svw"].version, note="x"
            )


def test_a_tree_sorts_together_whatever_the_signs(company: cast.Company) -> None:
    for code in ("A", "A-Z", "AB", "A.C"):
        group = people.customer(company, code, f"集团{code}", level="group")
        people.customer(company, f"{code}1", f"公司{code}", parent=group)
    paths = list(models.Customer.objects.order_by("path").values_list("path", flat=True))
    for path in paths:
        inside = [at for at, each in enumerate(paths) if each.startswith(path)]
        assert inside == list(range(inside[0], inside[0] + len(inside)))
    assert all(rules.codes_of(path) for path in paths)
