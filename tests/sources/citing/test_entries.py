"""The company's own entries of what is withdrawn go out as a workbook, and come in from one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests import cast
from tests.imports.test_imports import checked, confirm, states
from tests.kit import workbooks
from yinuo.records import models as records
from yinuo.sources import models
from yinuo.sources.actions import obsolete

pytestmark = pytest.mark.django_db
KIND = "sources.withdrawn"
HEADS = ["失效对象", "其他写法", "仅限早于此版本", "失效方式", "起始时间", "替代为", "依据来源"]
ROWS = [
    ["Q/QH 001", "Q/QH001", "2020", "被替代", "2021-03", "Q/QH 001-2020", "企业标准公告"],
    ["PV 1210", "", "", "废止", "2022", "", "顾客通知"],
    ["TL 226", "", "", "被替代", "去年", "TL 226-2023", "顾客通知"],
    ["GP-5", "", "", "被替代", "2020", "BIQS", ""],
    ["SOR-99", "", "", "消失了", "2020", "", "顾客通知"],
]


@pytest.fixture
def lina(signed_in: Callable[[str], Client]) -> Client:
    return signed_in("lina")


def workbook(rows: list[list[Any]], heads: list[str] = HEADS) -> bytes:
    return workbooks.xlsx(lambda book, sheet: workbooks.put(sheet, [heads, *rows]))


def test_good_rows_enter_and_the_others_say_in_which_cell_why(company: cast.Company, lina: Client) -> None:
    row = checked(lina, workbook(ROWS), KIND)
    assert list(states(row).values()) == ["new", "new", "fault", "fault", "fault"]
    shown = lina.get(row.get_absolute_url()).content.decode()
    assert "请填写年、年月或日期" in shown
    confirm(lina, row)
    made = models.Withdrawn.objects.get(name="Q/QH 001")
    assert (made.also, made.before, made.what, made.since) == ("Q/QH001", "2020", "replaced", "2021-03")
    assert models.Withdrawn.objects.count() == 2
    assert records.Entry.objects.filter(word="sources.withdrawn.added").count() == 2


def test_the_exported_list_comes_back(company: cast.Company, lina: Client) -> None:
    by: dict[str, Any] = {"by": company.lina, "now": cast.NOW}
    facts = {"what": "replaced", "since": "2021-03", "successor": "Q/QH 001-2020", "source": "企业标准公告"}
    made = obsolete.add_entry(name="Q/QH 001", also="Q/QH001\nQH-001", before="2020", **facts, **by)
    answer = lina.get("/sources/withdrawn/?excel=withdrawn")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    row = checked(lina, content, KIND)
    assert list(states(row).values()) == ["same"]
    changed = [["Q/QH 001", "", "2020", "被替代", "2021-03", "Q/QH 001-2024", "企业标准公告"]]
    row = checked(lina, workbook(changed), KIND)
    line = row.lines.get()
    assert line.state == "change"
    confirm(lina, row, with_changes="on")
    made.refresh_from_db()
    assert made.successor == "Q/QH 001-2024"
    assert made.also == "Q/QH001\nQH-001", "an empty cell takes nothing away"


def test_who_may_not_edit_takes_nothing_over(company: cast.Company, signed_in: Callable[[str], Client]) -> None:
    assert signed_in("auditor").get(f"/imports/new/{KIND}/").status_code == 404
