"""Lists as workbooks: what the screen shows, all of it, to whoever may see it, and it is told."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests import cast
from tests.customers import people
from yinuo.customers import models as customers
from yinuo.kit import exports
from yinuo.records import models as records

URL = "/customers/?excel=customers"


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def sheets(response: Any) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The rows by heading, and the notes."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content(response)))
    heads, *rows = book.get_sheet_by_index(0).to_python()
    notes = dict(book.get_sheet_by_index(1).to_python())
    return [dict(zip(heads, row, strict=True)) for row in rows], notes


@pytest.fixture
def tree(company: cast.Company) -> dict[str, customers.Customer]:
    return people.volkswagen(company)


def test_all_rows_in_the_order_of_the_list_with_their_keys(
    tree: dict[str, customers.Customer], signed_in: Callable[[str], Client]
) -> None:
    rows, notes = sheets(signed_in("lina").get(URL))
    assert [row["代码"] for row in rows] == ["VW", "FAW-VW", "SVW", "SVW-AT"]
    assert rows[0]["顾客"] == "大众集团（示例）", "without the blanks by which the screen shows the tree"
    assert rows[0]["别名"] == "大众"
    assert [(row["#id"], row["#version"]) for row in rows] == [
        (tree[key].pk, tree[key].version) for key in ("group", "faw", "svw", "plant")
    ]
    assert notes["行数"] == "4"
    assert notes["导出人"] == "李娜"
    assert notes["清单代号"] == "customers"


def test_filters_hold_and_are_said_in_words(
    tree: dict[str, customers.Customer], signed_in: Callable[[str], Client]
) -> None:
    rows, notes = sheets(signed_in("lina").get(f"{URL}&level=plant"))
    assert [row["代码"] for row in rows] == ["SVW-AT"]
    assert notes["筛选条件"] == "层级：工厂"


def test_the_file_is_called_by_list_and_day(
    tree: dict[str, customers.Customer], signed_in: Callable[[str], Client]
) -> None:
    response = signed_in("lina").get(URL)
    wanted = quote(f"顾客清单_{timezone.localdate():%Y-%m-%d}.xlsx")
    assert f"filename*=UTF-8''{wanted}" in response["Content-Disposition"]
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Cache-Control"], "confidential files are kept by nobody on the way"


def test_without_the_right_no_file(company: cast.Company, signed_in: Callable[[str], Client]) -> None:
    assert signed_in("outsider").get(URL).status_code == 403
    assert Client().get(URL).status_code == 302


def test_confidential_rows_leave_only_with_those_who_may_see_them_and_the_read_log_says_so(
    company: cast.Company, signed_in: Callable[[str], Client]
) -> None:
    scope = people.scope_of(company.lina)
    closed = people.customer(company, "SEC", "保密顾客", scope=scope)
    people.customer(company, "OPEN", "公开顾客")
    rows, _notes = sheets(signed_in("zhao").get(URL))
    assert [row["代码"] for row in rows] == ["OPEN"]
    assert not records.Reading.objects.exists()
    rows, _notes = sheets(signed_in("lina").get(URL))
    assert [row["代码"] for row in rows] == ["OPEN", "SEC"]
    reading = records.Reading.objects.get()
    assert (reading.subject_type, reading.subject_id) == ("customers.customer", closed.pk)
    assert (reading.way, reading.what, reading.actor_name) == ("export", "顾客清单", company.lina.actor_name)


def test_the_trail_tells_that_a_list_was_taken_out(
    tree: dict[str, customers.Customer], signed_in: Callable[[str], Client]
) -> None:
    content(signed_in("lina").get(f"{URL}&level=plant"))
    entry = records.Entry.objects.get(word="records.list.exported")
    assert entry.subject_label == "顾客清单"
    assert entry.note == {"rows": 1, "filters": "层级: 工厂"}
    assert "李娜" in entry.actor_name


def test_nothing_is_told_twice_or_left_out_across_blocks(
    company: cast.Company, signed_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "BLOCK", 3)
    for n in range(10):
        on = date(2026, 1, 1 + n // 3) if n % 2 else None  # several with one day, several with none
        customers.Product.objects.create(number=f"P{n}", name_zh=f"件{n}", starts_on=on, added_at=cast.NOW)
    for sort in ("number", "start", "newest"):
        rows, notes = sheets(signed_in("lina").get(f"/customers/products/?excel=products&sort={sort}"))
        assert sorted(row["本公司零件号"] for row in rows) == [f"P{n}" for n in range(10)], sort
        assert notes["行数"] == "10"
    starts = {row["本公司零件号"]: row["投产日期"] for row in rows}
    assert starts["P1"] == date(2026, 1, 1)


def test_the_number_of_queries_is_by_blocks_not_by_rows(
    company: cast.Company, signed_in: Callable[[str], Client]
) -> None:
    client = signed_in("lina")
    people.customer(company, "A0", "甲")
    content(client.get(URL))
    with CaptureQueriesContext(connection) as few:
        content(client.get(URL))
    for n in range(20):
        people.customer(company, f"B{n}", f"乙{n}", aliases=[f"又名{n}"])
    with CaptureQueriesContext(connection) as many:
        content(client.get(URL))
    assert len(many) == len(few)


@pytest.mark.usefixtures("kept_connection")
def test_whoever_breaks_off_gives_the_place_back(
    tree: dict[str, customers.Customer], signed_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "LARGE", 0)
    client = signed_in("lina")
    running = [client.get(URL) for _n in range(exports.AT_ONCE)]
    refused = client.get(URL)
    assert refused.status_code == 503
    assert "其他人正在导出" in refused.content.decode()
    next(iter(running[0].streaming_content))
    running[0].close()
    running[1].close()
    rows, _notes = sheets(client.get(URL))
    assert len(rows) == 4


def test_english_readers_get_english_headings(
    tree: dict[str, customers.Customer], company: cast.Company, signed_in: Callable[[str], Client]
) -> None:
    type(company.lina).objects.filter(pk=company.lina.pk).update(language="en")
    rows, notes = sheets(signed_in("lina").get(URL))
    assert "Customer" in rows[0]
    assert notes["List"] == "List of customers"


def test_another_lists_name_is_no_wish_for_a_file(
    tree: dict[str, customers.Customer], signed_in: Callable[[str], Client]
) -> None:
    response = signed_in("lina").get("/customers/?excel=products")
    assert not response.streaming
    assert "导出 Excel" in response.content.decode()
