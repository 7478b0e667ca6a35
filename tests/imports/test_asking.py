"""Names in workbooks that resemble known ones: asked about once for a file, remembered, undone; never guessed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests import cast
from tests.customers import people
from tests.imports import test_imports as importing
from yinuo.customers import models as customers
from yinuo.customers import rules
from yinuo.imports import models
from yinuo.records import models as records

HEADS = ["零件号", "品名", "客户"]


@pytest.fixture
def lina(signed_in: Callable[[str], Client], company: cast.Company) -> Client:
    people.customer(company, "SVW", "上汽大众（示例）", aliases=["上海大众"])
    people.customer(company, "FAW-VW", "一汽-大众（示例）")
    people.customer(company, "STLA", "Stellantis（示例）")
    return signed_in("lina")


def products(*names: str) -> bytes:
    return importing.workbook([[f"P-{at}", "支架", name] for at, name in enumerate(names)], HEADS)


def checked(client: Client, *names: str) -> models.Import:
    return importing.checked(client, products(*names), "customers.product")


def choices(row: models.Import, text: str) -> list[str]:
    return next([meant for meant, _label, _why in each["choices"]] for each in row.asked if each["text"] == text)


def answer(client: Client, row: models.Import, **given: str) -> None:
    """`given`: text → code that it means, or "new"."""
    sent: dict[str, Any] = {"version": row.version, "also_keep": given.pop("also_keep", "")}
    for at, each in enumerate(row.asked):
        if each["text"] in given:
            meant = [choice[0] for choice in each["choices"]]
            said = given[each["text"]]
            sent[f"answer-{at}"] = said if said == "new" else f"is-{meant.index(said)}"
    assert client.post(f"/imports/{row.pk}/answer/", sent).status_code == 302
    importing.work()
    row.refresh_from_db()


def test_each_spelling_is_asked_about_once_with_whom_it_may_mean(lina: Client) -> None:
    row = checked(lina, "大众", "SVW", "大众", "上汽大众汽车有限公司", "上汽大眾", "FCA", "毫不相干公司", "上海大众")
    assert [(each["text"], each["rows"]) for each in row.asked] == [
        ("大众", 2), ("上汽大众汽车有限公司", 1), ("上汽大眾", 1), ("FCA", 1)
    ]  # fmt: skip
    assert set(choices(row, "大众")) == {"SVW", "FAW-VW"}, "two different companies: somebody has to say"
    assert choices(row, "上汽大众汽车有限公司")[0] == "SVW"
    assert choices(row, "上汽大眾")[0] == "SVW"
    assert choices(row, "FCA") == ["STLA"]
    assert list(importing.states(row).values()) == ["asked", "new", "asked", "asked", "asked", "asked", "fault", "new"]
    page = lina.get(row.get_absolute_url()).content.decode()
    assert "指的是谁" in page
    assert page.count('value="new"') == 4


def test_rows_without_an_answer_are_left_out(lina: Client) -> None:
    row = checked(lina, "大众", "SVW")
    importing.confirm(lina, row)
    assert list(importing.states(row).values()) == ["asked", "taken"]
    assert customers.Product.objects.count() == 1


def test_an_answer_counts_for_all_rows_and_the_next_files_and_can_be_taken_back(
    lina: Client, company: cast.Company
) -> None:
    row = checked(lina, "大众", "大众", "FCA")
    answer(lina, row, 大众="FAW-VW", FCA="new")
    assert not row.asked
    assert list(importing.states(row).values()) == ["new", "new", "fault"]
    importing.confirm(lina, row)
    assert {each.customer.code for each in customers.Product.objects.all() if each.customer} == {"FAW-VW"}
    later = checked(lina, "大众", "SVW")
    assert not later.asked
    said = models.Meaning.objects.get(text="大众")
    assert lina.post(f"/imports/{later.pk}/answer/{said.pk}/back/", {"version": later.version}).status_code == 302
    importing.work()
    later.refresh_from_db()
    assert [each["text"] for each in later.asked] == ["大众"]
    told = records.Entry.objects.filter(subject_type="imports.import").values_list("word", flat=True)
    assert {"imports.import.answered", "imports.import.answer_taken_back"} <= set(told)


def test_an_answer_is_kept_as_another_name_where_one_may(
    lina: Client, signed_in: Callable[[str], Client], company: cast.Company
) -> None:
    row = checked(lina, "大众中国")
    answer(lina, row, 大众中国="SVW", also_keep="on")
    alias = customers.CustomerName.objects.get(key=rules.name_key("大众中国"))
    assert (alias.customer.code, alias.is_alias) == ("SVW", True)
    others = importing.checked(signed_in("zhao"), products("大众中国"), "customers.product")
    assert not others.asked, "a name of the customer is a name for everybody"
    said = models.Meaning.objects.get()
    assert said.is_kept
    lina.post(f"/imports/{row.pk}/answer/{said.pk}/back/", {"version": row.version})
    assert not customers.CustomerName.objects.filter(key=alias.key).exists()
    assert customers.CustomerName.objects.filter(text="上海大众").exists()


def test_what_somebody_said_is_theirs_alone(lina: Client, signed_in: Callable[[str], Client]) -> None:
    answer(lina, checked(lina, "大众"), 大众="SVW")
    others = importing.checked(signed_in("zhao"), products("大众"), "customers.product")
    assert [each["text"] for each in others.asked] == ["大众"]
    said = models.Meaning.objects.get()
    back = f"/imports/{others.pk}/answer/{said.pk}/back/"
    assert signed_in("zhao").post(back, {"version": others.version}).status_code == 404


def test_a_new_customer_that_resembles_one_is_asked_about_too(lina: Client) -> None:
    rows = [["SHVW", "上海大众汽车有限公司", "公司", "", "", ""], ["GWM", "长城汽车（示例）", "公司", "", "", ""]]
    row = importing.checked(lina, importing.workbook(rows))
    assert list(importing.states(row).values()) == ["asked", "new"]
    answer(lina, row, 上海大众汽车有限公司="new")
    assert list(importing.states(row).values()) == ["new", "new"]


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        ("上汽大众汽车有限公司", "上汽大众", True),
        ("上汽大眾", "上汽大众", True),
        ("一汽-大众", "上汽大众", False),
        ("Robert Bosch GmbH", "ROBERT BOSCH", True),
        ("长城汽车股份有限公司", "长城", True),
        ("公司", "集团", False),
    ],
)
def test_the_core_of_a_name(one: str, other: str, are_one: bool) -> None:
    assert (rules.core_key(one) == rules.core_key(other)) is are_one


def test_one_company_goes_under_many_names_and_the_group_is_not_its_member() -> None:
    assert "上汽大众" in rules.kin("SVW")
    assert "一汽大众" not in rules.kin("SVW")
    assert "stellantis" in rules.kin("FCA")
    assert rules.kin("毫不相干") == set()
