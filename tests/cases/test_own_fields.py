"""Fields that a company adds to its cases and items: defined by rows, asked, checked, shown, corrected, found."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import cast
from tests.cases import story as stories
from tests.cases.test_dialogs import convention_said
from tests.cases.test_pages import intake
from yinuo.cases import models
from yinuo.cases.actions import convention, items, opening, own_fields, steering
from yinuo.cases.queries import conventions as convention_queries
from yinuo.customers import models as customers
from yinuo.records import models as records
from yinuo.search import queries as search

FIELDS: list[dict[str, Any]] = [
    {"of": "case", "key": "f1", "kind": "text", "label": {"zh": "合同号", "en": "Contract"}, "required": True},
    {
        "of": "case", "key": "f2", "kind": "choice", "label": {"zh": "市场", "en": "Market"},
        "options": [
            {"key": "o1", "label": {"zh": "国内", "en": "home"}},
            {"key": "o2", "label": {"zh": "出口", "en": "export"}},
        ],
    },
    {"of": "case", "key": "f3", "kind": "yesno", "label": {"zh": "须报关", "en": "Customs"}},
    {"of": "item", "key": "f4", "kind": "number", "label": {"zh": "批量", "en": "Lot"}},
    {"of": "item", "key": "f5", "kind": "date", "label": {"zh": "断点", "en": "Break point"}},
]  # fmt: skip


@pytest.fixture
def defined(working: cast.Company) -> cast.Company:
    convention.change_convention(by=stories.fresh(working.zhou), now=stories.NOW, expected=0, fields=FIELDS)
    return working


def test_they_are_defined_by_rows_and_keep_their_keys(
    working: cast.Company, signed_in: Callable[[str], Client]
) -> None:
    url, client = reverse("cases:convention"), signed_in("zhou")
    said = convention_said(client, url) | {
        "fields-n0-zh": "市场", "fields-n0-of": "case", "fields-n0-kind": "choice", "fields-n0-options": "国内、出口",
        "fields-n1-zh": "批量", "fields-n1-of": "item", "fields-n1-kind": "number", "fields-n1-required": "yes",
    }  # fmt: skip
    assert client.post(url, said).status_code == 302
    market, lot = convention_queries.convention().fields
    assert (market["key"], [each["key"] for each in market["options"]]) == ("f1", ["o1", "o2"])
    assert (lot["key"], lot["of"], lot["required"]) == ("f2", "item", True)
    said = convention_said(client, url) | {"fields-n0-zh": "销售市场", "fields-n0-options": "出口，国内，试制"}
    assert client.post(url, said).status_code == 302
    market = convention_queries.convention().fields[0]
    assert (market["key"], market["label"]["zh"]) == ("f1", "销售市场")
    assert [each["key"] for each in market["options"]] == ["o2", "o1", "o3"]
    skilled = convention_said(client, url) | {"skills-technical-skill": "technical"}
    assert client.post(url, skilled).status_code == 302
    assert client.get(url).status_code == 200
    said = convention_said(client, url) | {"fields-n0-options": ""}
    assert client.post(url, said).status_code == 422, "a choice needs options"


@pytest.mark.parametrize(
    "wrong",
    [
        [{**FIELDS[0], "kind": "file"}],
        [{**FIELDS[0], "of": "plan"}],
        [FIELDS[0], FIELDS[0]],
        [{"of": "case", "key": "f1", "kind": "text"}],
        "text",
    ],
)
def test_wrong_definitions_are_refused(working: cast.Company, wrong: Any) -> None:
    with pytest.raises(convention.CannotDecide) as refused:
        convention.change_convention(by=stories.fresh(working.zhou), now=stories.NOW, expected=0, fields=wrong)
    assert refused.value.field == "fields"


def test_they_are_asked_at_intake_and_shown_printed_and_found(
    defined: cast.Company, svw: customers.Customer, signed_in: Callable[[str], Client]
) -> None:
    client = signed_in("lina")
    page = client.get(reverse("cases:case_new")).content.decode()
    assert all(words in page for words in ("合同号", "市场", "须报关", "批量", "断点"))
    said = {"own_f2": "o2", "own_f3": "true", "items-n0-own_f4": "500", "items-n0-own_f5": "2026-04-01"}
    url = reverse("cases:case_new")
    refused = client.post(url, intake(svw, **said))
    assert refused.status_code == 422
    assert "own_f1" in refused.context["form"].errors, "the contract is required"
    assert client.post(url, intake(svw, **said, own_f1="HT-2026-88")).status_code == 302
    case = models.Case.objects.get()
    assert case.more == {"f1": "HT-2026-88", "f2": "o2", "f3": True}
    assert case.items.get(position=1).more == {"f4": 500.0, "f5": "2026-04-01"}
    for address in (case.get_absolute_url(), reverse("cases:case_print", args=[case.number])):
        shown = client.get(address).content.decode()
        assert all(words in shown for words in ("HT-2026-88", "出口", "2026-04-01", "断点")), address
    assert [hit.id for hit in search.find(stories.fresh(defined.zhao), "HT-2026-88")] == [case.pk]


def test_they_are_corrected_on_the_case_and_on_an_item(
    defined: cast.Company, svw: customers.Customer, signed_in: Callable[[str], Client]
) -> None:
    case = stories.open_case(defined, svw, more={"f1": "HT-1"})
    by = stories.fresh(defined.lina)
    steering.correct(case=case, by=by, now=stories.NOW, expected=case.version, more={"f1": "HT-2", "f2": "o1"})
    case.refresh_from_db()
    assert case.more == {"f1": "HT-2", "f2": "o1"}
    entry = records.Entry.objects.filter(word="cases.case.corrected").latest("pk")
    assert "合同号：HT-2" in str(entry.changes), "told in words"
    client = signed_in("lina")
    assert "HT-2" in client.get(reverse("cases:case_correct", args=[case.number])).content.decode()
    url = reverse("cases:item_more", args=[case.number, 1])
    version = case.items.get().version
    assert client.post(url, {"version": version, "own_f4": "viele"}).status_code == 422
    assert client.post(url, {"version": version, "own_f4": "300"}).status_code == 302
    assert case.items.get().more == {"f4": 300}
    assert client.post(url, {"version": version, "own_f4": "301"}).status_code == 422, "the version seen is old"
    assert signed_in("outsider").get(url).status_code == 403


@pytest.mark.parametrize("more", [{}, {"f1": 5}, {"f1": "x", "f2": "o9"}, {"f1": "x", "f4": 3}, {"f1": "x", "f9": "y"}])
def test_values_that_do_not_fit_are_refused(
    defined: cast.Company, svw: customers.Customer, more: dict[str, Any]
) -> None:
    with pytest.raises(own_fields.WrongValue):
        stories.open_case(defined, svw, more=more)
    assert not models.Case.objects.exists()


def test_what_was_entered_stays_when_a_field_is_left_out(defined: cast.Company, svw: customers.Customer) -> None:
    case = stories.open_case(defined, svw, more={"f1": "HT-1", "f3": True})
    version = convention_queries.convention().version
    by = stories.fresh(defined.zhou)
    convention.change_convention(by=by, now=stories.NOW, expected=version, fields=FIELDS[1:])
    steering.correct(case=case, by=by, now=stories.NOW, expected=case.version, more={"f3": False})
    case.refresh_from_db()
    assert case.more == {"f1": "HT-1", "f3": False}


def test_an_item_that_comes_later_is_asked_the_same_in_the_same_dialog(
    defined: cast.Company, svw: customers.Customer, signed_in: Callable[[str], Client]
) -> None:
    case, client = stories.open_case(defined, svw, more={"f1": "HT-1"}), signed_in("lina")
    url = reverse("cases:item_add", args=[case.number])
    page = client.get(url).content.decode()
    assert "批量" in page
    assert "断点" in page
    once = re.search(r'name="once" value="([^"]+)"', page)
    assert once
    said = {
        "once": once[1], "text": "包装标签须为双语。", "kind": "delivery", "applies": "customer", "channel": "mail",
        "said_by": "沈工", "said_at": "2026-03-02T09:00",
    }  # fmt: skip
    refused = client.post(url, {**said, "own_f4": "viele"})
    assert refused.status_code == 422
    assert "own_f4" in refused.context["form"].errors
    assert client.post(url, {**said, "own_f4": "800", "own_f5": "2026-04-01"}).status_code == 302
    assert case.items.get(position=2).more == {"f4": 800, "f5": "2026-04-01"}


def test_an_item_that_comes_later_with_a_value_that_does_not_fit_is_refused(
    defined: cast.Company, svw: customers.Customer
) -> None:
    case = stories.open_case(defined, svw, more={"f1": "HT-1"})
    wrong = opening.NewItem(text="标签", kind="delivery", channel="mail", said_by="沈工", more={"f4": "viele"})
    with pytest.raises(own_fields.WrongValue) as refused:
        items.add_item(case=case, new=wrong, reason="", by=stories.fresh(defined.lina), now=stories.NOW)
    assert refused.value.field == "own_f4"
    assert case.items.count() == 1
