"""A list of cases for a customer: what the customer asked, and nothing that is ours or another customer's."""

import io
from collections.abc import Callable

from django.test import Client
from python_calamine import CalamineWorkbook

from tests import cast
from tests.cases import story as stories
from yinuo.customers import models as customers
from yinuo.kit import models as kit
from yinuo.records import models as records

URL = "/cases/?outward=cases"


def test_internal_columns_and_keys_stay_here(
    working: cast.Company, svw: customers.Customer, signed_in: Callable[[str], Client]
) -> None:
    case = stories.open_case(working, svw)
    response = signed_in("lina").get(URL)
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))
    assert "发给顾客" in signed_in("lina").get("/cases/").content.decode()
    assert len(book.sheet_names) == 1, "nothing about filters and people"
    heads, row = book.get_sheet_by_index(0).to_python()
    assert not {"#id", "#version", "负责人", "下一步", "优先级", "标记", "到期", "完成备注"} & set(heads)
    assert row[heads.index("编号")] == case.number
    assert not kit.Exported.objects.exists(), "it does not come back"
    assert records.Entry.objects.get(word="records.list.exported").note["filters"] == "发给顾客"


def test_requests_of_several_customers_do_not_go_to_one_of_them(
    working: cast.Company, svw: customers.Customer, signed_in: Callable[[str], Client]
) -> None:
    stories.open_case(working, svw)
    stories.open_case(working, stories.customer(working, "FAW", "一汽（示例）"))
    client = signed_in("lina")
    refused = client.get(URL)
    assert refused.status_code == 409
    assert "多家顾客" in refused.content.decode()
    assert not records.Entry.objects.filter(word="records.list.exported").exists()
    assert client.get(f"{URL}&customer=SVW").status_code == 200
