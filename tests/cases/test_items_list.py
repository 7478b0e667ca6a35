"""Every item across all cases: listed, filtered, taken out with key and version, brought back by its ordinary act."""

import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests import cast
from tests.cases import story as stories
from tests.comparisons import editing
from yinuo.cases import models
from yinuo.cases.actions import items, planning
from yinuo.customers import models as customers
from yinuo.org import models as org
from yinuo.records import models as records
from yinuo.search import models as search

URL = "/cases/items/"


@pytest.fixture
def case(working: cast.Company, svw: customers.Customer) -> models.Case:
    return stories.open_case(working, svw, items=stories.items(stories.SALT, stories.REPORT, owner=working.sun))


@pytest.fixture
def lina(signed_in: Callable[[str], Client], case: models.Case) -> Client:
    return signed_in("lina")


def shown(client: Client, query: str = "") -> str:
    return client.get(URL + query).content.decode()


def item(case: models.Case, position: int = 1) -> models.Item:
    return models.Item.objects.select_related("case").get(case=case, position=position)


def test_each_item_stands_there_with_its_case_and_whose_it_is(lina: Client, case: models.Case) -> None:
    page = shown(lina)
    assert f"{case.number}-1" in page
    assert f"{case.number}-2" in page
    assert stories.REPORT in page
    assert "孙丽" in page
    assert "未验证" in page


def test_filters_find_what_they_name(lina: Client, case: models.Case, working: cast.Company) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    models.Item.objects.filter(case=case, position=1).update(
        due_on=yesterday, verdict=models.Verdict.CAN, owner=working.wang
    )
    models.Item.objects.filter(case=case, position=2).update(is_met=True, due_on=yesterday)
    first, second = f"{case.number}-1", f"{case.number}-2"
    for query, found in {
        "?state=overdue": first, "?state=met": second, f"?owner={working.wang.pk}": first, "?q=季度": second,
        "?state=open": first,
    }.items():  # fmt: skip
        page = shown(lina, query)
        assert found in page, query
        assert ({first, second} - {found}).pop() not in page, query
    assert first in shown(lina, f"?to={yesterday}&sort=due")
    assert first not in shown(lina, f"?from={timezone.localdate()}")
    assert first in shown(lina, "?customer=大众&from=nonsense&state=nonsense")
    assert first not in shown(lina, "?customer=比亚迪")


def test_of_closed_cases_only_the_circle_sees_items(
    lina: Client, case: models.Case, signed_in: Callable[[str], Client]
) -> None:
    scope = org.Scope.objects.create(name_zh="玄鸟", name_en="secret")
    models.Case.objects.filter(pk=case.pk).update(scope=scope)
    assert case.number not in shown(lina)
    scope.grants.create(person=org.Person.objects.get(name="李娜"), granted_at=cast.NOW)
    assert case.number in shown(signed_in("lina"))
    lina = signed_in("lina")
    b"".join(lina.get(f"{URL}?excel=items").streaming_content)  # type: ignore[attr-defined]
    assert records.Reading.objects.filter(way="export").count() == 2, "the read log knows each of them"


def test_owner_due_day_nature_and_result_come_back(lina: Client, case: models.Case, working: cast.Company) -> None:
    one, other = item(case), item(case, 2)
    file = editing.Edited(editing.taken_out(lina, f"{URL}?excel=items"))
    file.put(one.pk, "要求项责任人", "王强")
    file.put(one.pk, "到期", date(2027, 3, 5))
    file.put(one.pk, "结果", "已在 QP-12 第 4 章落实")
    file.put(one.pk, "要求内容", "盐雾 1000 h")
    file.put(other.pk, "要求项责任人", "查无此人")
    row = editing.compared(lina, file.content())
    assert editing.told(row) == {
        "theirs": [f"{one.pk}/result", f"{one.pk}/owner", f"{one.pk}/due"],
        "locked": [f"{one.pk}/text"],
        "error": [f"{other.pk}/owner"],
    }
    editing.written(lina, row)
    one.refresh_from_db()
    assert (one.owner, one.due_on, one.result) == (working.wang, date(2027, 3, 5), "已在 QP-12 第 4 章落实")
    assert one.text == stories.SALT, "words are amended on the page, with a reason"
    entry = records.Entry.objects.get(word="cases.item.described", subject_id=case.pk)
    assert {each["field"] for each in entry.changes} == {"owner", "due_on", "result"}
    assert "QP-12" in search.Body.objects.get(document__subject_type="cases.case", document__subject_id=case.pk).text
    again = editing.told(editing.compared(lina, file.content()))
    assert "theirs" not in again, "the same file again changes nothing"


def test_two_who_changed_the_same_cell_are_asked_which_holds(
    lina: Client, case: models.Case, working: cast.Company
) -> None:
    one = item(case)
    file = editing.Edited(editing.taken_out(lina, f"{URL}?excel=items"))
    items.describe(item=one, due_on=date(2027, 1, 8), by=working.zhao, now=cast.NOW, expected=one.version)
    file.put(one.pk, "到期", date(2027, 2, 2))
    file.put(one.pk, "要求项责任人", "王强")
    row = editing.compared(lina, file.content())
    assert editing.told(row) == {"theirs": [f"{one.pk}/owner"], "conflict": [f"{one.pk}/due"]}


def test_a_verified_result_and_a_withdrawn_item_stay(lina: Client, case: models.Case, working: cast.Company) -> None:
    one, other = item(case), item(case, 2)
    file = editing.Edited(editing.taken_out(lina, f"{URL}?excel=items"))
    planning.verify_item(
        item=one, is_met=True, result="报告 7", finding="已查", by=working.lina, now=cast.NOW, expected=one.version
    )
    with pytest.raises(items.CannotAmend, match="重新验证"):
        items.describe(item=item(case), result="别的", by=working.lina, now=cast.NOW, expected=item(case).version)
    items.withdraw_item(item=other, reason="顾客取消", by=working.lina, now=cast.NOW, expected=other.version)
    file.put(other.pk, "到期", date(2027, 2, 2))
    it = editing.compared(lina, file.content()).rows.get(state="barred")
    assert "撤回" in it.said[0][1]["sentence"]


def test_a_file_for_a_customer_holds_nothing_inside(lina: Client, case: models.Case) -> None:
    found = lina.get(f"{URL}?outward=items")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(found.streaming_content)))  # type: ignore[attr-defined]
    text = str(book.get_sheet_by_index(0).to_python())
    assert stories.SALT in text
    assert "孙丽" not in text
