"""By which procedure a case runs: the company's table, another by hand, and the statuses that lists then know."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import cast
from tests.cases import story as stories
from yinuo.cases import lists, models
from yinuo.cases.actions import convention, opening
from yinuo.cases.queries import conventions as convention_queries
from yinuo.cases.queries import procedures as procedure_queries
from yinuo.customers import models as customers
from yinuo.procedures import models as procedures

TABLE: dict[str, Any] = {
    "rows": [
        {"when": [["cases.is_safety", "is", True]], "then": "s5"},
        {"when": [["cases.customer", "is", "SVW"], ["cases.channel", "in", ["complaint"]]], "then": "s7"},
        {"when": [["cases.kinds", "contains", "service"]], "then": "s7"},
        {"when": [["cases.site", "is", "cc"]], "then": "s5"},
    ],
    "otherwise": "s1",
}


def decide(company: cast.Company, table: dict[str, Any]) -> None:
    expected = convention_queries.convention().version if convention_queries.convention().pk else 0
    by = stories.fresh(company.zhou)
    convention.change_convention(by=by, now=stories.NOW, expected=expected, procedures=table)


def key_of(case: models.Case) -> str:
    run = procedures.Run.objects.select_related("procedure").get(subject_type="cases.case", subject_id=case.pk)
    return run.procedure.key


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ({}, "s1"),
        ({"channel": "complaint"}, "s7"),
        ({"channel": "complaint", "is_safety": True}, "s5"),
        ({"items": [opening.NewItem(text="现场换件", kind="service")]}, "s7"),
        ({"site": "cc"}, "s5"),
        ({"procedure": "s7"}, "s7"),
    ],
)
def test_the_table_decides_and_whoever_registers_may_say_otherwise(
    working: cast.Company, svw: customers.Customer, said: dict[str, Any], key: str
) -> None:
    decide(working, TABLE)
    if "site" in said:
        said = {"site": working.site[said["site"]]}
    assert key_of(stories.open_case(working, svw, **said)) == key


def test_as_shipped_everything_runs_by_the_usual_procedure(working: cast.Company, svw: customers.Customer) -> None:
    assert key_of(stories.open_case(working, svw, is_safety=True)) == "s5"


@pytest.mark.parametrize("key", ["adopt", "nothing"])
def test_what_is_not_for_cases_can_be_chosen_nowhere(working: cast.Company, svw: customers.Customer, key: str) -> None:
    assert {"s1", "s5", "s7"} <= {key for key, _name in procedure_queries.to_choose()}
    assert key not in {key for key, _name in procedure_queries.to_choose()}
    with pytest.raises(convention.CannotDecide):
        decide(working, {**TABLE, "otherwise": key})
    with pytest.raises(convention.CannotDecide):
        decide(working, {"rows": [{"when": [], "then": key}], "otherwise": "s5"})
    with pytest.raises(opening.CannotOpen) as refused:
        stories.open_case(working, svw, procedure=key)
    assert refused.value.field == "procedure"
    assert not models.Case.objects.exists()


def test_a_table_asks_only_what_is_known(working: cast.Company) -> None:
    row = {"when": [["cases.owner", "is", "王强"]], "then": "s7"}
    with pytest.raises(convention.CannotDecide, match=r"cases\.owner"):
        decide(working, {"rows": [row], "otherwise": "s5"})


def test_intake_offers_the_choice_and_says_what_the_table_says(
    working: cast.Company, svw: customers.Customer, signed_in: Callable[[str], Client]
) -> None:
    decide(working, TABLE)
    client = signed_in("lina")
    page = client.get(reverse("cases:case_new")).content.decode()
    assert "按公司约定" in page
    assert "QP-CSR-07" in page
    assert "QP-TR-01" not in page, "training on an edition is no procedure for cases"
    url = reverse("cases:case_procedure")
    asked = {"customer": svw.pk, "channel": "complaint", "items-n0-kind": "quality"}
    assert "QP-CSR-07" in client.post(url, asked).content.decode()
    assert "QP-CSR-05" in client.post(url, {**asked, "is_safety": "on"}).content.decode()
    assert "QP-CSR-01" in client.post(url, {"customer": "x", "site": "9" * 30}).content.decode()
    assert signed_in("outsider").post(url, asked).status_code == 403


def test_one_procedure_is_no_choice(working: cast.Company, signed_in: Callable[[str], Client]) -> None:
    procedures.Procedure.objects.exclude(key__in=("s5", "adopt")).update(current=None)
    assert 'name="procedure"' not in signed_in("lina").get(reverse("cases:case_new")).content.decode()


def test_the_list_knows_the_statuses_of_every_procedure(
    working: cast.Company, svw: customers.Customer, signed_in: Callable[[str], Client]
) -> None:
    one, other = (stories.open_case(working, svw, procedure=key) for key in ("s1", "s5"))
    choices = dict(next(each for each in lists.CASES.filters if each.key == "state").choices(working.zhao))
    assert {"pending", "asking", "coordinating", "solving", "learning", "done"} <= set(choices)
    assert str(choices["coordinating"]) == "待协调"
    page = signed_in("zhao").get(reverse("cases:cases"), {"state": "pending"}).content.decode()
    assert one.number in page
    assert other.number not in page
    assert "待处理" in page
    assert one.badge == ("pending", "待处理")


@pytest.mark.parametrize(("key", "is_shown"), [("s5", True), ("s1", False), ("s7", False)])
def test_a_case_shows_no_plan_where_its_procedure_makes_none(
    working: cast.Company, svw: customers.Customer, signed_in: Callable[[str], Client], key: str, is_shown: bool
) -> None:
    case = stories.open_case(working, svw, procedure=key)
    page = signed_in("zhao").get(case.get_absolute_url()).content.decode()
    assert ('id="plan"' in page) is is_shown
    assert ("待评审" in page) is is_shown
